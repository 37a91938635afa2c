"""Whom a concern must not reach: named in the words, marked by the team, and let see it again."""

from __future__ import annotations

import pytest
from flask import Flask

from app.base import clock, ids
from app.base.database import Store, writing
from app.base.errors import Refused
from app.people.tables import SignIn, Staff
from app.safeguarding import queries, spool
from app.safeguarding.actions import keep_from
from app.safeguarding.actions.add import add_words
from app.safeguarding.actions.drain import drain
from app.safeguarding.actions.handle import By
from app.safeguarding.actions.holds import let_go_where_too_few
from tests.at_desk import AtDesk, adult_browser, go_on, school_with_team, tell, viewer
from tests.at_school import press, signed_in_pupil, wording
from tests.doors.test_desk import open_notes
from tests.quick import locked

OKAFOR, LANE = "okafor@example.sch.uk", "lane.okafor@example.sch.uk"
HEAD, CHAIR = "marsh@example.sch.uk", "chair@example.sch.uk"
MARSH = "mrs marsh shouted at me"


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


def sees(app: Flask, desk: AtDesk, staff_id: str, reference: str) -> bool:
    who = viewer(app, desk, staff_id)
    with app.app_context():
        return queries.desk.concern(desk.id, who, reference) is not None


def told(app: Flask, desk: AtDesk, staff_id: str) -> int:
    """How many concerns are new to an adult."""
    who = viewer(app, desk, staff_id)
    with app.app_context():
        return sum(one.new_to_me for one in queries.desk.concerns(desk.id, who))


def letters(app: Flask, desk: AtDesk) -> set[str]:
    with app.app_context():
        return {one.staff_id for one in queries.mail.due(desk.id, clock.now())}


def test_whom_the_words_name_does_not_see_it_until_another_clears_that(
    app: Flask, desk: AtDesk
) -> None:
    reference = tell(app, desk, words=MARSH)
    head, lane = adult_browser(app, HEAD), adult_browser(app, LANE)
    assert reference not in wording(head.get("/concerns"))
    assert head.get(f"/concerns/{reference}").status_code == 404
    assert letters(app, desk) == {desk.school.lane, desk.chair}
    page = lane.get(f"/concerns/{reference}")
    assert "Ada Marsh: Held: the words seem to name them" in wording(page)
    after = go_on(lane, page, "Let them see it", with_id=desk.head, reason="She told her.")
    assert "Ada Marsh may see it. Reason: She told her." in wording(after)
    assert "Nobody is kept from it." in wording(after)
    assert letters(app, desk) == {desk.chair, desk.head}
    assert f"{reference}" in wording(head.get("/concerns"))
    assert "1New to you" in wording(head.get("/concerns"))
    assert head.get(f"/concerns/{reference}").status_code == 200


def test_a_child_of_the_class_is_no_misspelled_adult(app: Flask, desk: AtDesk) -> None:
    with app.app_context(), writing(Store.LEARNING) as session:
        row = session.get(Staff, desk.head)
        assert row is not None
        row.name, row.known_as = "Ada Aminah", "Mrs Aminah"
    assert sees(app, desk, desk.head, tell(app, desk, words="my friend amina hurt me"))
    assert not sees(app, desk, desk.head, tell(app, desk, words="ammina hurt me"))


def test_an_adult_whom_the_child_chose_and_names_is_not_on_the_receipt_until_cleared(
    app: Flask, desk: AtDesk
) -> None:
    okafor = desk.school.okafor
    reference = tell(app, desk, words="Mrs okafer hit me", to=(okafor,))
    with app.app_context():
        note = queries.notes.note(desk.id, reference, desk.school.amina)
    assert note is not None
    assert okafor not in (*note.sent_to, *note.told)
    assert not sees(app, desk, okafor, reference)
    lane = adult_browser(app, LANE)
    page = lane.get(f"/concerns/{reference}")
    go_on(lane, page, "Let them see it", with_id=okafor, reason="It was in a game.")
    assert sees(app, desk, okafor, reference)
    assert told(app, desk, okafor) == 1
    with app.app_context():
        note = queries.notes.note(desk.id, reference, desk.school.amina)
    assert note is not None
    assert note.sent_to == (okafor,)


def test_an_adult_who_was_only_named_gets_nothing_when_that_is_cleared(
    app: Flask, desk: AtDesk
) -> None:
    reference = tell(app, desk, words="Ngozi Okafor was there")
    lane = adult_browser(app, LANE)
    page = lane.get(f"/concerns/{reference}")
    go_on(lane, page, "Let them see it", with_id=desk.school.okafor, reason="No matter.")
    assert not sees(app, desk, desk.school.okafor, reference)
    assert desk.school.okafor not in letters(app, desk)


def test_it_is_said_before_what_marking_and_clearing_do_and_near_the_top_where_that_is(
    app: Flask, desk: AtDesk
) -> None:
    lane = adult_browser(app, LANE)
    page = lane.get(f"/concerns/{tell(app, desk)}")
    top, _, below = wording(page).partition("The child’s words")
    assert "Who must not see this: nobody so far" in top
    assert 'href="#kept-title"' in page.text
    assert 'id="kept-title"' in page.text
    assert "What they have open shows what it showed until they leave it." in below
    assert "Your reason is kept in the record; they read it" in below
    held = lane.get(f"/concerns/{tell(app, desk, words=MARSH)}")
    top, _, below = wording(held).partition("The child’s words")
    assert "Who must not see this: Ada Marsh" in top
    assert "all of this record, with the reason that you write" in below
    teacher = adult_browser(app, OKAFOR)
    sent = teacher.get(f"/concerns/{tell(app, desk, to=(desk.school.okafor,))}")
    assert "Who must not see this" not in wording(sent), "the team alone"


def test_what_the_team_marks_is_gone_at_once_for_that_adult(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk, to=(desk.school.okafor,))
    head, lane = adult_browser(app, HEAD), adult_browser(app, LANE)
    open_page = head.get(f"/concerns/{reference}")
    assert open_page.status_code == 200
    marked = go_on(
        lane,
        lane.get(f"/concerns/{reference}"),
        "Keep it from this adult",
        with_id=desk.head,
        reason="He meant her.",
    )
    assert "About Ada Marsh. Reason: He meant her." in wording(marked)
    assert "This concern is about: Ada Marsh." in wording(marked)
    assert press(head, open_page, "Save the note", note="x").status_code == 404
    assert reference not in wording(head.get("/concerns"))
    assert desk.head not in letters(app, desk)
    cannot = press(lane, marked, "Share", with_id=desk.head, reason="x")
    assert "Choose another" in wording(cannot) or "Not a valid choice" in wording(cannot)
    assert not sees(app, desk, desk.head, reference)


def test_who_marked_it_does_not_clear_it_and_another_does(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk)
    lane, chair = adult_browser(app, LANE), adult_browser(app, CHAIR)
    page = lane.get(f"/concerns/{reference}")
    marked = go_on(lane, page, "Keep it from this adult", with_id=desk.head, reason="Perhaps.")
    assert "Let an adult see it" not in wording(marked).partition("Who must not see this")[2]
    page = chair.get(f"/concerns/{reference}")
    go_on(chair, page, "Let them see it", with_id=desk.head, reason="It was another.")
    assert sees(app, desk, desk.head, reference)
    assert told(app, desk, desk.head) == 1


def test_nobody_marks_the_others_away_and_is_left_alone(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk)
    lane = adult_browser(app, LANE)
    page = lane.get(f"/concerns/{reference}")
    one = go_on(lane, page, "Keep it from this adult", with_id=desk.head, reason="So.")
    two = press(lane, one, "Keep it from this adult", with_id=desk.chair, reason="So too.")
    assert "Then fewer than two of the team could see this concern." in wording(two)
    assert "So too." in two.text
    assert sees(app, desk, desk.chair, reference)


def test_whom_the_words_name_marks_nobody_while_another_sees_it(app: Flask, desk: AtDesk) -> None:
    """Two who are named see it so that two do; they cannot shut out the one who is not."""
    reference = tell(app, desk, words="miss marsh and mr boateng hurt me")
    (seer,) = (one for one in (desk.head, desk.chair) if sees(app, desk, one, reference))
    lane, by = desk.school.lane, By(seer, "b")
    with app.app_context():
        concern = queries.desk.concern(desk.id, viewer(app, desk, seer), reference)
        assert concern is not None
        with pytest.raises(Refused, match="Another member of the team"):
            keep_from.mark(desk.id, concern, lane, "Him.", by=by)
        with pytest.raises(Refused, match="the only one of the team whom the words do not name"):
            keep_from.mark(desk.id, concern, lane, "Me.", by=By(desk.school.okafor, "c"))
    assert sees(app, desk, lane, reference)


def test_a_mark_lets_go_of_whom_only_the_words_name(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk, words=MARSH)
    lane = adult_browser(app, LANE)
    page = lane.get(f"/concerns/{reference}")
    after = go_on(lane, page, "Keep it from this adult", with_id=desk.chair, reason="Him.")
    assert "Ada Marsh: Named too, and sees it, so that two adults do" in wording(after)
    assert sees(app, desk, desk.head, reference)
    assert desk.head in letters(app, desk)
    assert not sees(app, desk, desk.chair, reference)


def test_what_was_being_written_about_it_is_gone_for_that_adult(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk)
    head, lane = adult_browser(app, HEAD), adult_browser(app, LANE)
    page = head.get(f"/concerns/{reference}")
    with app.app_context(), writing(Store.LEARNING) as session:
        for row in session.query(SignIn).filter_by(staff_id=desk.head):
            row.stepped_up_at = None
    assert press(head, page, "Save the note", note="Half a note.").status_code == 303
    assert "What you were writing" in wording(head.get("/today"))
    assert head.get("/kept").location == f"/concerns/{reference}", "it asks for the password"
    page = lane.get(f"/concerns/{reference}")
    go_on(lane, page, "Keep it from this adult", with_id=desk.head, reason="So.")
    assert "What you were writing" not in wording(head.get("/today"))
    assert head.get("/kept").location == "/today"


def test_a_name_in_what_is_added_holds_it_too(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk)
    assert sees(app, desk, desk.head, reference)
    with app.app_context():
        note = queries.notes.note(desk.id, reference, desk.school.amina)
        assert note is not None
        add_words(desk.id, note, MARSH, ids.new_token(), pupil_id=desk.school.amina)
    assert not sees(app, desk, desk.head, reference)
    assert sees(app, desk, desk.chair, reference)


def test_my_notes_hides_what_names_who_drew_the_pictures(app: Flask, desk: AtDesk) -> None:
    tell(app, desk, words="my teacher hit me")
    tell(app, desk, words="a boy hit me")
    amina = app.test_client()
    signed_in_pupil(amina, desk.school.amina)
    seen = open_notes(amina, desk.school.amina)
    assert "a boy hit me" in seen
    assert "my teacher hit me" not in seen


def test_what_waits_in_the_spool_is_held_when_it_is_filed(app: Flask, desk: AtDesk) -> None:
    with locked(app, Store.SAFEGUARDING):
        reference = tell(app, desk, words=MARSH)
    with app.app_context():
        (one,) = spool.waiting(desk.id)
        assert spool.opened(one)["named"] == [desk.head]
        assert MARSH not in str(spool.opened(one))
        drain(desk.id)
    assert not sees(app, desk, desk.head, reference)
    assert sees(app, desk, desk.chair, reference)


def test_where_nobody_could_look_for_names_the_spool_looks_when_it_is_filed(
    app: Flask, desk: AtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("app.safeguarding.actions.file.named_by", lambda *given: None)
        reference = tell(app, desk, words=MARSH)
    assert not sees(app, desk, desk.school.lane, reference), "not filed yet"
    with app.app_context():
        drain(desk.id)
    assert sees(app, desk, desk.school.lane, reference)
    assert not sees(app, desk, desk.head, reference)


def test_when_adults_leave_the_held_are_let_go_so_that_two_see_it(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk, words=MARSH)
    with app.app_context():
        let_go_where_too_few(desk.id)
    assert not sees(app, desk, desk.head, reference)
    with app.app_context(), writing(Store.LEARNING) as session:
        gone = session.get(Staff, desk.chair)
        assert gone is not None
        gone.left_at = clock.now()
    with app.app_context():
        let_go_where_too_few(desk.id)
        let_go_where_too_few(desk.id)
    assert sees(app, desk, desk.head, reference)
    assert told(app, desk, desk.head) == 1


def test_those_who_are_left_with_one_about_the_head_read_whom_to_call(
    app: Flask, desk: AtDesk
) -> None:
    calm, about = tell(app, desk), tell(app, desk, about=(desk.head,))
    lane = adult_browser(app, LANE)
    assert "Call somebody outside" not in wording(lane.get(f"/concerns/{calm}"))
    page = wording(lane.get(f"/concerns/{about}"))
    assert "Local authority designated officer (LADO)" in page
    assert "Nobody has written down whom to call here." in page
    assert "It is about somebody who leads." in page
    people = lane.get("/people")
    press(lane, people, "Save", referral="Kim Adair, 01632 960001")
    page = wording(lane.get(f"/concerns/{about}"))
    assert "Kim Adair, 01632 960001" in page
    assert "Peter Lane changed whom you call" in wording(adult_browser(app, CHAIR).get("/today"))


def test_too_few_are_told_so(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk, about=(desk.head, desk.chair))
    page = wording(adult_browser(app, LANE).get(f"/concerns/{reference}"))
    assert "Fewer than two of the team can see this concern." in page


def test_a_teacher_is_shown_nothing_of_whom_it_is_kept_from(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk, words=MARSH, to=(desk.school.okafor,))
    page = wording(adult_browser(app, OKAFOR).get(f"/concerns/{reference}"))
    assert "Who must not see this" not in page
    assert "Call somebody outside" not in page
    okafor = adult_browser(app, OKAFOR)
    for act in ("about", "let-see"):
        assert okafor.post(f"/concerns/{reference}/{act}").status_code == 403
