"""Only a press on a page of one's own changes anything; looking changes nothing."""

from __future__ import annotations

import pytest

from app.people.rules import Role
from tests.contracts.forms_seen import TOKEN_FIELD, Form, endpoints, press
from tests.contracts.kept import OPENING, changed
from tests.contracts.looked_at import Pages
from tests.contracts.test_routes import methods_of
from tests.contracts.two_schools import EVERYBODY_HERE, World

ONLY_BEFORE_A_SCHOOL = {"office.set_up", "office.set_up_code"}
"""Gone in this world; their own tests look at them."""
ONLY_OVER_TLS = {"teacher.passkeys", "teacher.remove_passkey", "teacher.use_passkey"}
"""Pressed in tests/doors/test_passkeys.py and test_my_passkeys.py."""
ONLY_THE_BROWSER = {
    "family.agreement",  # what a family writes stays on its page
    "family.agreement_sheet",
    "family.join",  # the code lies in the cookie
    "family.leave",
    "office.confirm_adult",  # the password comes first, and this is another one
    "office.confirm_recovery_key",  # this password is another one
    "office.know_adults",  # and this
    "office.look_at_names",  # a preview
    "office.make_recovery_key",  # shown, and kept nowhere
    "office.recovery_key_printed",  # this word is another one
    "teacher.own_address",  # and this
    "pupil.ask",  # this device has asked already
    "pupil.class_code",  # the pass lies in the cookie
    "pupil.notes_pictures",  # one picture of three
    "pupil.other_class",
    "pupil.pictures",  # one picture of three
    "pupil.text_settings",
    "desk.agree_to_erase",  # this password is another one
    "desk.ask_to_erase",  # and this
    "desk.set_years",  # no number
    "desk.step_up",  # this password is another one
    "teacher.change_password",  # this password is another one
    "teacher.another_phone",  # this password is another one
    "teacher.before_passkeys",  # and this
    "teacher.code",  # this code is another one
    "teacher.new_codes",  # this password is another one
    "teacher.recovery_code",  # this code is another one
    "teacher.second_step",  # and this
    "teacher.show_names",
    "teacher.sign_in",  # this adult is unknown
    "workshop.join",  # this code is another one
    "workshop.leave",  # the phone forgets; its answer counts on
}
"""Pressed as they stand, these change nothing that is kept."""
LOOKED_AT = {"desk.concern", "desk.keeping"}
"""Pages whose opening is recorded."""
FAULTY = ("", "stale", "f" * 100, "no field at all", "of another browser")


def allowed(form: Form) -> set[str]:
    """What may be noted even when nothing was done."""
    return OPENING if form.endpoint.startswith("desk.") else set()


def press_with(world: World, form: Form, token: str) -> int:
    """Press with a faulty token; the status."""
    sent = form.sent() | {TOKEN_FIELD: token}
    if token == "no field at all":
        del sent[TOKEN_FIELD]
    elif token == "of another browser":
        stranger = Role.HEAD if form.who != Role.HEAD else Role.DSL
        sent[TOKEN_FIELD] = world.here.form_tokens[stranger]
    return world.browser(form.who).post(form.action, data=sent).status_code


def test_every_button_there_is_is_pressed_in_these_tests(world: World, forms: list[Form]) -> None:
    posts = {rule.endpoint for rule in world.rules() if "POST" in methods_of(rule)}
    assert posts - endpoints(forms) == ONLY_BEFORE_A_SCHOOL | ONLY_OVER_TLS


def test_each_button_does_something_when_pressed(world: World, forms: list[Form]) -> None:
    """Without this, the next test could pass because nothing ever works."""
    idle, before = set(), world.kept.rows()
    for form in forms:
        press(world, form)
        now = set() if world.kept.untouched() else set(changed(before, world.kept.rows()))
        recorded = "entry" in now and "view" not in now  # A page drawn again is a view as well.
        if not now - allowed(form) and not recorded:
            idle.add(form.endpoint)
        world.kept.put_back()
    hides = {form.endpoint for form in forms if "hide" in form.sent()}
    assert idle - hides == ONLY_THE_BROWSER


@pytest.mark.parametrize("token", FAULTY)
def test_a_press_without_a_good_token_changes_nothing(
    world: World, forms: list[Form], token: str
) -> None:
    before = world.kept.rows()
    for form in forms:
        status = press_with(world, form, token)
        place = f"{form.endpoint} from {form.page} as {form.who}"
        assert status < 500, place
        if not world.kept.untouched():
            assert set(changed(before, world.kept.rows())) <= allowed(form), place
            world.kept.put_back()


def test_an_old_page_keeps_what_was_typed(world: World, forms: list[Form]) -> None:
    for form in forms:
        typed = [field for field in form.fields if field.is_typed]
        if not typed or "hide" in form.sent():
            continue
        sent = form.sent(**{TOKEN_FIELD: "stale"})
        page = world.browser(form.who).post(form.action, data=sent)
        for field in typed:
            assert field.value in page.text, f"{form.endpoint} lost “{field.name}”"


@pytest.mark.parametrize("who", EVERYBODY_HERE)
def test_looking_at_a_page_changes_nothing(world: World, pages: Pages, who: str) -> None:
    for page in pages.of(who):
        assert page.changed <= (OPENING if page.rule.endpoint in LOOKED_AT else set()), page


def test_looking_at_a_concern_is_recorded(world: World) -> None:
    before = world.kept.rows()
    world.browser(Role.HEAD).get(f"/concerns/{world.here.named['reference']}")
    assert set(changed(before, world.kept.rows())) == OPENING


@pytest.mark.parametrize("who", EVERYBODY_HERE)
def test_a_probe_of_a_page_changes_nothing_either(world: World, who: str) -> None:
    before = world.kept.rows()
    for rule in world.rules():
        # The last two are asked of one: what a page has no way for, it has for nobody.
        for method in ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH")[: 5 if who == Role.DSL else 3]:
            if method in {"HEAD"} and rule.endpoint in LOOKED_AT:
                continue
            answer = world.browser(who).open(world.address(rule, world.here), method=method)
            assert answer.status_code < 500
    assert changed(before, world.kept.rows()) == []
