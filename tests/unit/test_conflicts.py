"""From whom a concern is held, who sees it all the same, and whether two always do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.people.rules import GRANTABLE, SAFEGUARDING_TEAM, Adult, Role, in_order, team_state
from app.safeguarding.conflicts import (
    ENOUGH,
    Hold,
    Why,
    able,
    held_by_name,
    may_clear,
    needs_outside,
    too_few,
    too_few_read,
)
from app.safeguarding.rules import Told, can_be_told, readers, who_must_know

MOMENT = datetime(2026, 11, 16, 10, tzinfo=UTC)
ROLES = st.one_of(
    st.just((Role.CHAIR,)),
    st.sets(st.sampled_from([one for one in GRANTABLE if one is not Role.CHAIR]), min_size=1).map(
        tuple
    ),
)


@st.composite
def schools(draw: st.DrawFn) -> list[Adult]:
    """The adults who have not left, on any day, and whose link made whom come in."""
    many = draw(st.integers(0, 8))
    makers = [
        st.sampled_from([None, None, *(str(m) for m in range(many) if m != n)]) for n in range(many)
    ]
    return [
        Adult(
            str(n),
            f"Adult {n}",
            f"Mx {n}",
            "",
            draw(ROLES),
            draw(st.booleans()),
            draw(makers[n]),
            draw(st.booleans()),
        )
        for n in range(many)
    ]


SOME = st.frozensets(st.integers(0, 7).map(str))


def adult(name: str, *roles: Role) -> Adult:
    return Adult(name, name, name, "", roles, signed_in_once=True)


DSL, DEPUTY, HEAD, CHAIR = (adult(role.value, role) for role in SAFEGUARDING_TEAM)
TEAM = [DSL, DEPUTY, HEAD, CHAIR]


@given(schools(), SOME, SOME)
def test_names_in_the_words_never_leave_fewer_than_two_where_so_many_are(
    adults: list[Adult], named: frozenset[str], about: frozenset[str]
) -> None:
    by_name = held_by_name(named, adults, (), about)
    left = able(adults, about | set(by_name.held))
    assert len(left) >= min(ENOUGH, len(able(adults, about)))
    assert set(by_name.held) | set(by_name.let_go) == named - about
    assert not set(by_name.let_go) & (about | set(by_name.held))


@given(schools(), st.integers(0, 7).map(str), SOME)
def test_two_who_are_not_concerned_see_each_concern_or_set_up_is_red(
    adults: list[Adult], subject: str, named: frozenset[str]
) -> None:
    """For every set of staff on every day, whoever it is about and whomever the words name."""
    by_name = held_by_name(named, adults, (), {subject})
    kept = {subject, *by_name.held}
    safe = team_state(adults).safe
    assert not safe or len(readers(able(adults, {subject}), {subject})) >= ENOUGH
    assert not safe or len(able(adults, kept)) >= ENOUGH
    assert not too_few_read(adults, kept) or needs_outside(adults, {subject}, kept)


@given(schools(), SOME, SOME)
def test_somebody_sees_it_wherever_anybody_can(
    adults: list[Adult], named: frozenset[str], about: frozenset[str]
) -> None:
    near = [one for one in adults if Role.TEACHER in one.roles]
    told = who_must_know(Told(about=tuple(about)), adults, near, named=True)
    by_name = held_by_name(named, adults, near, about)
    hidden = about | set(by_name.held)
    assert bool(told) == any(one.adult.id not in hidden for one in told)


@given(schools(), SOME)
def test_where_all_of_the_team_are_behind_whom_it_is_about_the_adults_of_the_class_stand_in(
    adults: list[Adult], about: frozenset[str]
) -> None:
    near = [one for one in adults if Role.TEACHER in one.roles]
    told = [one.adult for one in who_must_know(Told(about=tuple(about)), adults, near, named=True)]
    of_them = {one.id for one in readers([*able(adults, about), *can_be_told(near, about)], about)}
    assert bool(of_them) == any(one.id in of_them for one in told)


@given(schools(), SOME)
def test_nobody_is_let_go_while_enough_are_not_named(
    adults: list[Adult], named: frozenset[str]
) -> None:
    by_name = held_by_name(named, adults, (), ())
    if len([one for one in able(adults, ()) if one.id not in named]) >= ENOUGH:
        assert by_name.let_go == ()


def test_if_all_are_named_the_chair_is_let_go_first_then_the_last_listed() -> None:
    everybody = [one.id for one in TEAM]
    assert held_by_name(everybody, TEAM, (), ()).let_go == (CHAIR.id, HEAD.id)
    assert held_by_name(everybody, TEAM, (), {CHAIR.id}).let_go == (HEAD.id, DEPUTY.id)
    assert held_by_name([DSL.id], TEAM, (), ()).let_go == ()


def test_where_the_team_is_away_the_adults_of_the_class_are_not_all_held_either() -> None:
    teachers = [adult("A", Role.TEACHER), adult("B", Role.TEACHER)]
    assert held_by_name(["A", "B"], teachers, teachers, ()).held == ()


def test_those_who_are_told_are_told_in_the_listed_order() -> None:
    told = who_must_know(Told(about=(HEAD.id,)), TEAM, (), named=True)
    assert [one.adult.id for one in told] == [DSL.id, DEPUTY.id, CHAIR.id]
    assert [one.id for one in in_order(TEAM)] == [one.id for one in TEAM]


def hold(staff_id: str, because: Why = Why.NAMED, by: str | None = None, **more: object) -> Hold:
    facts = {"cleared_by": None, "cleared_at": None, **more}
    return Hold(1, staff_id, because, by, MOMENT, **facts)  # type: ignore[arg-type]


def test_a_hold_is_cleared_by_another_whom_the_words_do_not_name() -> None:
    dsl, head = hold(DSL.id), hold(HEAD.id, cleared_at=MOMENT)
    holds = [dsl, head]
    assert not may_clear(DSL.id, dsl, holds, TEAM), "the one it is held from"
    assert not may_clear(HEAD.id, dsl, holds, TEAM), "named too, and sees it"
    assert may_clear(CHAIR.id, dsl, holds, TEAM)
    assert not may_clear(CHAIR.id, head, holds, TEAM), "is cleared"


def test_where_all_who_see_it_are_named_one_of_them_clears() -> None:
    dsl = hold(DSL.id)
    holds = [dsl, *(hold(one.id, cleared_at=MOMENT) for one in (HEAD, CHAIR))]
    assert may_clear(CHAIR.id, dsl, holds, [DSL, HEAD, CHAIR])


def test_a_mark_is_cleared_by_another_than_who_made_it() -> None:
    marked = hold(DSL.id, Why.MARKED, HEAD.id)
    assert not may_clear(HEAD.id, marked, [marked], TEAM)
    assert not may_clear(DSL.id, marked, [marked], TEAM)
    assert may_clear(CHAIR.id, marked, [marked], TEAM)


def test_outside_help_is_shown_for_those_who_lead_and_where_few_are_left() -> None:
    assert needs_outside(TEAM, {HEAD.id}, {HEAD.id})
    assert not needs_outside(TEAM, {DEPUTY.id}, {DEPUTY.id})
    assert not needs_outside(TEAM, (), {HEAD.id}), "only named"
    assert needs_outside([DSL, CHAIR], (), {DSL.id})


@given(schools(), SOME, SOME, st.dictionaries(st.integers(0, 7).map(str), st.integers(0, 7)))
def test_who_waits_for_word_lets_nobody_go_and_those_left_read_whom_to_call(
    adults: list[Adult], named: frozenset[str], about: frozenset[str], links: dict[str, int]
) -> None:
    """Else whoever it is about makes a link, so that too few seem to be left."""
    waiting = [
        replace(one, behind=str(links[one.id])) if one.id in links else one for one in adults
    ]
    assert held_by_name(named, waiting, (), about) == held_by_name(named, adults, (), about)
    assert too_few(waiting, about) == too_few(adults, about)
    read = [one for one in able(waiting, about) if one.behind not in about]
    assert too_few_read(waiting, about) == (len(read) < ENOUGH)
    assert needs_outside(waiting, (), about) == too_few_read(waiting, about)
