"""What is said of an age to a family: on each side of it, by label, by law, and when unsure."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.content.age_rules import AgeLaw, AgeRow, AgeRule, Looked, Span
from app.content.age_search import find
from app.content.age_verdicts import Standing, Verdict, law_notices, source_names, verdict_on

DAY = date(2026, 11, 25)
SURE = Looked("a page", date(2026, 11, 20), DAY + timedelta(days=60), True)
UNSURE = Looked("recalled", date(2026, 11, 20), DAY + timedelta(days=60), False)
STALE = Looked("a page", date(2025, 11, 20), DAY, True)


def pond(
    age: int | None,
    consent: str = "none",
    kind: str = "social",
    looked: Looked = SURE,
    laws: tuple[AgeLaw, ...] = (),
) -> AgeRule:
    row = AgeRow(age, "A note", None, Span(), looked, consent)
    return AgeRule("pond", "Pond", kind, (row,), laws)


def law(begins: date | None) -> AgeLaw:
    return AgeLaw("a-law", "A law", 16, ("pond",), Span(begins), SURE, expected="2027-spring")


CASES = {
    "too young by its rules": (pond(13), 12, Verdict.NOT_YET),
    "old enough": (pond(13), 13, Verdict.YES),
    "a parent may set it up": (pond(13, "under_13_account"), 9, Verdict.WITH_YOU),
    "only a parent can have it": (pond(18, "required_for_child"), 9, Verdict.WITH_YOU),
    "a parent's yes does not lower it": (pond(13, "under_18"), 9, Verdict.NOT_YET),
    "a parent agrees until they are grown": (pond(9, "under_18"), 9, Verdict.WITH_YOU),
    "a label is not moved by who makes the account": (
        pond(7, "under_13_account", "game"), 6, Verdict.NOT_YET,
    ),
    "it fits, and a parent agrees": (pond(7, "under_13_account", "game"), 7, Verdict.WITH_YOU),
    "the label fits": (pond(3, "n/a", "game"), 5, Verdict.YES),
    "no single age": (pond(None, "required_for_child"), 9, Verdict.WITH_YOU),
    "nobody confirmed it": (pond(13, looked=UNSURE), 9, Verdict.ASK),
    "not even for a child who is old enough": (pond(6, looked=UNSURE), 9, Verdict.ASK),
    "past its date": (pond(13, looked=STALE), 9, Verdict.ASK),
    "a law in force is stricter than a parent": (
        pond(13, "under_13_account", laws=(law(DAY),)), 9, Verdict.NOT_YET,
    ),
    "a law of tomorrow is not": (
        pond(13, "under_13_account", laws=(law(DAY + timedelta(days=1)),)), 9, Verdict.WITH_YOU,
    ),
    "nor one that is only announced": (
        pond(13, "under_13_account", laws=(law(None),)), 9, Verdict.WITH_YOU,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_verdict(case: str) -> None:
    rule, child, verdict = CASES[case]
    said = verdict_on(rule, child, DAY)
    assert said.verdict is verdict
    assert said.reason.endswith(".")
    assert (said.verdict is Verdict.ASK) == (not said.sources) == (not said.note)


def test_of_what_is_not_sure_no_number_is_said() -> None:
    for looked in (UNSURE, STALE):
        said = verdict_on(pond(13, looked=looked), 9, DAY)
        assert not any(sign.isdigit() for sign in said.rule_says + said.reason)


@given(st.integers(0, 20), st.sampled_from(["none", "under_18", "under_13_account"]))
def test_who_grows_older_never_hears_a_stricter_word(age: int, consent: str) -> None:
    order = [Verdict.NOT_YET, Verdict.WITH_YOU, Verdict.YES]
    heard = [verdict_on(pond(age, consent), child, DAY).verdict for child in range(4, 21)]
    assert heard == sorted(heard, key=order.index)


def test_a_service_without_a_row_for_the_day_is_asked_about() -> None:
    gone = AgeRow(13, "", None, Span(None, DAY), SURE)
    said = verdict_on(AgeRule("pond", "Pond", "social", (gone,)), 9, DAY)
    assert (said.verdict, said.rule_says) == (Verdict.ASK, "Not confirmed")


def test_a_law_is_planned_then_dated_then_in_force_then_gone() -> None:
    names = {"pond": "Pond"}
    begins, ends = DAY, DAY + timedelta(days=10)
    dated = AgeLaw("a-law", "A law", 16, ("pond",), Span(begins, ends), SURE)
    standing = [
        [one.standing for one in law_notices((dated,), names, day)]
        for day in (begins - timedelta(days=1), begins, ends)
    ]
    assert standing == [[Standing.DATED], [Standing.IN_FORCE], []]
    (planned,) = law_notices((law(None),), names, DAY)
    assert (planned.standing, planned.expected) == (Standing.PLANNED, "spring 2027")
    assert planned.services == ("Pond",)
    about_something_else = AgeLaw("other", "Other", None, (), Span(), SURE)
    assert law_notices((about_something_else,), names, DAY) == []


def test_a_source_is_a_name_and_no_remark_of_the_one_who_looked() -> None:
    source = "contrib-versions Pond/Terms of Service.md 2026-07-15; pga-versions copy says 16; "
    source += "a-page.uk (old); section number recalled"
    assert source_names(source) == ("Pond: terms of service", "a-page.uk")


NAMED = [
    AgeRule("x", "X", "social", (), (), ("Twitter",)),
    AgeRule("youtube", "YouTube", "video", ()),
    AgeRule("youtube-kids", "YouTube Kids", "video", ()),
    AgeRule("tiktok", "TikTok", "social", ()),
    AgeRule("kick", "Kick", "video", ()),
    AgeRule("roblox", "Roblox (account)", "game_platform", ()),
    AgeRule("fortnite", "Fortnite Battle Royale", "game", ()),
    AgeRule("xbox", "Microsoft and Xbox account", "account", ()),
]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", [rule.id for rule in NAMED]),
        ("x", ["x"]),
        ("twitter", ["x"]),
        ("you tube", ["youtube", "youtube-kids"]),
        ("YOUTUBE KIDS!", ["youtube-kids", "youtube"]),
        ("tick tock", ["tiktok"]),
        ("Tïktök", ["tiktok"]),
        ("roblux", ["roblox"]),
        ("fortnight", ["fortnite"]),
        ("xbox", ["xbox"]),
        ("kik", []),
        ("pond hoppers", []),
        ("?!", []),
    ],
)
def test_a_service_is_found_and_no_other_is_made_up(typed: str, meant: list[str]) -> None:
    assert [rule.id for rule in find(NAMED, typed)] == meant


@given(st.text(max_size=80))
def test_whatever_is_typed_only_services_of_the_register_are_found(typed: str) -> None:
    found = find(NAMED, typed)
    assert len({rule.id for rule in found}) == len(found) <= len(NAMED)
