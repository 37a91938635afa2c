"""For whoever a concern is about, every page is as if nobody had told."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import false, func, select

from app import create_app
from app.base.database import Store, db, engine_of
from app.config import Settings
from app.content.catalogue import Catalogue
from app.people.rules import GRANTABLE, SAFEGUARDING_TEAM, Role
from app.people.viewers import StaffHere
from app.prepare import prepare
from app.safeguarding.tables import Concern
from tests.at_school import TEN
from tests.contracts.accused import Place, differing
from tests.contracts.accused_ground import (
    CHOSEN,
    HERE,
    LEFT,
    MARKED,
    NAMED,
    NAMES,
    NEVER_CAME,
    Case,
    Grown,
    Other,
)

EXAMPLES = int(os.environ.get("CATKIN_WORLDS", "40"))
"""How many schools are drawn; `CATKIN_WORLDS=500` for a night."""
MOST = len(NAMES)
TEAM_OR_NOT = ("of the team", "of nobody’s team")

ROLES = st.one_of(
    st.sampled_from([(role,) for role in GRANTABLE]),
    st.sets(
        st.sampled_from([r for r in GRANTABLE if r is not Role.CHAIR]), min_size=1, max_size=3
    ).map(lambda held: tuple(sorted(held))),
)
STATES = st.sampled_from((HERE, HERE, HERE, HERE, NEVER_CAME, LEFT))
SOME = st.frozensets(st.integers(0, MOST - 1), max_size=3)
ADULTS = st.tuples(
    *(
        st.builds(Grown, ROLES, STATES, st.sampled_from(((), (0,), (1,), (0, 1))))
        for _ in range(MOST)
    )
)
OTHERS = st.lists(
    st.builds(
        Other,
        SOME,
        SOME,
        st.sampled_from(((), ("secret",), ("unkind",))),
        st.booleans(),
        st.booleans(),
    ),
    max_size=3,
).map(tuple)
CASES = st.builds(
    Case,
    adults=ADULTS,
    subject=st.integers(0, MOST - 1),
    way=st.sampled_from((CHOSEN, NAMED, MARKED)),
    to=SOME,
    named_child=st.booleans(),
    anyone=st.booleans(),
    also_adds=st.booleans(),
    read_before=st.booleans(),
    others=OTHERS,
    newcomer=st.integers(0, MOST - 1),
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, read_once: Catalogue) -> Iterator[Place]:
    """One app for all worlds."""
    folder = tmp_path_factory.mktemp("accused")
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(TEN, tick=False):
        patch.setattr("app.prepare.read_content", lambda *given: read_once)
        prepared = prepare(Settings(data_dir=folder / "data", keys_dir=folder / "keys"))
        app = create_app(prepared, testing=True)
        made = Place(app, prepared.folders.data)
    yield made
    with app.app_context():
        for store in Store:
            engine_of(store).dispose()


def worlds(place: Place, case: Case) -> list[str] | None:
    """Where the two worlds of a case differ for the subject; None where they see it lawfully."""
    if case.adults[case.subject].state != HERE:
        return None
    place.grow(case)
    # The subject, and who may be the subject under another account.
    who = [case.subject] if case.waits is None else [case.subject, case.waits]
    tokens, without = {one: place.sign_in(one) for one in who}, place.keep_copy()
    try:
        reference = place.tell(case)
        if reference is None or not place.is_kept(case, reference):
            return None
        with_it = place.keep_copy()
        found = []
        for one, token in tokens.items():
            without.put_back()
            before = place.look(case, one, token, reference)
            with_it.put_back()
            found += differing(before, place.look(case, one, token, reference, again=before))
        with_it.let_go()
        return found
    finally:
        without.let_go()


def test_the_subject_sees_what_they_would_see_if_nobody_had_told(place: Place) -> None:
    found: Counter[tuple[str, str]] = Counter()
    behind: Counter[str] = Counter()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        phases=(Phase.explicit, Phase.generate) if EXAMPLES < 500 else tuple(Phase),
        suppress_health_check=[*HealthCheck],
        derandomize=EXAMPLES < 500,
    )
    @given(case=CASES)
    def each(case: Case) -> None:
        differ = worlds(place, case)
        assume(differ is not None)
        assert differ == []
        leads = any(role in SAFEGUARDING_TEAM for role in case.adults[case.subject].roles)
        found[case.way, "of the team" if leads else "of nobody’s team"] += 1
        behind[case.way] += case.waits is not None

    each()
    print(dict(found), dict(behind))
    ways = {(way, who) for way in (CHOSEN, NAMED, MARKED) for who in TEAM_OR_NOT}
    assert EXAMPLES < 500 or set(found) == ways, "each way for each kind of subject was drawn"
    assert {way for way, _ in found} == {CHOSEN, NAMED, MARKED}
    assert {who for _, who in found} == set(TEAM_OR_NOT)
    assert behind.total(), "with somebody who waits, too"
    assert EXAMPLES < 500 or all(behind[way] for way in (CHOSEN, NAMED, MARKED))


def plain_case(way: str) -> Case:
    """A whole team, and the DSL is the subject; the child had chosen the DSL too."""
    roles = (Role.DSL, Role.DEPUTY, Role.HEAD, Role.CHAIR, *(Role.TEACHER,) * (MOST - 4))
    adults = tuple(Grown((role,), HERE, (0,)) for role in roles)
    none: frozenset[int] = frozenset()
    other = Other(none, none, ("unkind",), closed=False, opened=True)
    return Case(adults, 0, way, frozenset({0}), True, False, True, True, (other,))


def exposed(*_given: Any) -> Any:
    """The condition that keeps a concern from its subject, forgotten."""
    return false()


@pytest.mark.parametrize("way", [CHOSEN, NAMED, MARKED])
def test_a_desk_that_forgets_the_condition_is_noticed(
    place: Place, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr("app.safeguarding.queries.desk.kept_from", exposed)
    differ = worlds(place, plain_case(way))
    assert {"/today", "/concerns", "POST /note", "POST /open"} <= set(differ or ())


@pytest.mark.parametrize("way", [CHOSEN, NAMED, MARKED])
def test_who_came_in_by_a_link_of_the_subject_sees_as_little(place: Place, way: str) -> None:
    assert worlds(place, replace(plain_case(way), newcomer=2)) == []


def test_a_desk_that_forgets_whose_eyes_these_could_be_is_noticed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StaffHere, "eyes", property(lambda here: {here.id}))
    differ = worlds(place, replace(plain_case(MARKED), newcomer=2))
    assert {"/today", "/concerns"} <= set(differ or ())


def test_a_postman_who_forgets_that_is_noticed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.people.queries.staff.behind", lambda _school_id: {})
    assert "letters" in (worlds(place, replace(plain_case(MARKED), newcomer=2)) or ())


def test_a_postman_who_forgets_it_is_noticed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.safeguarding.queries.mail.kept_from", exposed)
    assert worlds(place, replace(plain_case(MARKED), read_before=False)) == ["letters"]


def test_one_count_without_the_scope_is_noticed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def counted(*_given: Any) -> int:
        return db.session.scalar(select(func.count(Concern.id))) or 0

    monkeypatch.setattr("app.doors.desk.concerns.new_to_me", counted)
    assert worlds(place, plain_case(CHOSEN)) == ["/concerns"]
