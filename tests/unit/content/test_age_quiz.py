"""Am I old enough? made for a day: what is asked, what is not, and the file of its words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import ROOT
from app.content.age_quiz import FEWEST, SERVICES, quiz_on, services_of_day
from app.content.age_rules import AgeFacts, AgeLaw, AgeRow, Looked, Span, in_words, sure_age
from app.content.catalogue import on_day, read_catalogue
from app.content.fact_checks import SOON, Due, age_facts
from app.content.values import Card, Lesson
from tests.quick import content

FILE = "lessons/facts/age-quiz.yaml"
TODAY, LATER = date(2026, 11, 20), date(2027, 6, 1)
SHIPPED = content()
WORDS = SHIPPED.age_quiz
assert WORDS is not None
FACTS = SHIPPED.age_facts
FRESH = date(2028, 1, 1)


def looked(*, sure: bool = True) -> Looked:
    return Looked("terms", TODAY, FRESH if sure else TODAY, verified=True)


def row(age: int, *, sure: bool = True) -> AgeRow:
    return AgeRow(age, "", None, Span(), looked(sure=sure))


def facts_where(sure: dict[str, bool], *, labels: bool = True) -> AgeFacts:
    """The shipped register, with only these services sure; the labels of games sure or not."""
    rules = {
        one: replace(rule, rows=(row(13, sure=sure.get(one, False)),), laws=())
        for one, rule in FACTS.rules.items()
    }
    assert FACTS.pegi is not None
    pegi = replace(FACTS.pegi, looked=looked(sure=labels))
    return AgeFacts(MappingProxyType(rules), (), pegi)


def with_law(*, fresh: date = FRESH) -> AgeFacts:
    """The shipped register, looked at again lately, with the law in force."""
    begins = Span(date(2027, 4, 1))
    rules, laws = {}, []
    for law in FACTS.laws:
        dated = begins if law.min_age is not None else law.span
        laws.append(replace(law, span=dated, looked=replace(law.looked, recheck=fresh)))
    for one, rule in FACTS.rules.items():
        rows = (replace(r, looked=replace(r.looked, recheck=fresh)) for r in rule.rows)
        named = tuple(law for law in laws if one in law.services)
        rules[one] = replace(rule, rows=tuple(rows), laws=named)
    return AgeFacts(MappingProxyType(rules), tuple(laws), FACTS.pegi)


def made(facts: AgeFacts, day: date = TODAY) -> Lesson:
    assert WORDS is not None
    return quiz_on(WORDS, facts, day)


def card_of(quiz: Lesson, heading: str) -> Card:
    return next(card for card in quiz.cards if card.heading == heading)


def good_ages(card: Card) -> list[str]:
    """The good answers without the one that always is."""
    assert WORDS is not None
    options = card.questions[0].options
    return [one.text for one in options if one.good and one.text != WORDS.ask]


sureness = st.dictionaries(st.sampled_from(WORDS.services), st.booleans())


@given(sureness, st.booleans())
def test_nothing_unsure_is_ever_asked(sure: dict[str, bool], labels: bool) -> None:
    facts = facts_where(sure, labels=labels)
    quiz = made(facts)
    assert WORDS is not None
    for found in services_of_day(WORDS, facts, TODAY):
        card = card_of(quiz, found.rule.service)
        assert bool(card.questions) == sure.get(found.rule.id, False)
        if not card.questions:
            assert WORDS.ask in card.html
            assert not any(sign.isdigit() for sign in card.html)
    assert labels or all(card.label is None for card in quiz.cards)


@given(sureness)
def test_labels_stand_in_where_too_few_services_can_be_asked_about(sure: dict[str, bool]) -> None:
    facts = facts_where(sure)
    quiz = made(facts)
    assert WORDS is not None
    asked = sum(sure.get(one.rule.id, False) for one in services_of_day(WORDS, facts, TODAY))
    labels = [card.label for card in quiz.cards if card.label is not None]
    assert len(labels) == 1 + max(0, FEWEST - asked)
    assert len(set(labels)) == len(labels)


@given(sureness, st.booleans())
def test_every_question_can_be_answered_well_and_asking_is_always_good(
    sure: dict[str, bool], labels: bool
) -> None:
    quiz = made(facts_where(sure, labels=labels))
    assert WORDS is not None
    assert [card.number for card in quiz.cards] == [*range(1, len(quiz.cards) + 1)]
    for card in quiz.cards:
        for asked in card.questions:
            assert [one.number for one in asked.options] == [*range(1, len(asked.options) + 1)]
            assert any(one.good for one in asked.options)
            assert any(not one.good for one in asked.options)
            assert len({one.text for one in asked.options}) == len(asked.options)
            assert asked.objective == "safe.age-rule"
            grown_up = [one for one in asked.options if "grown-up" in one.text]
            assert all(one.good for one in grown_up)
            if any(one.text.endswith("or older") for one in asked.options):
                assert asked.options[-1].text == WORDS.ask
    said = str([(card.heading, card.html, card.questions) for card in quiz.cards])
    assert "{" not in said.replace("{trusted_adults}", "")


def test_the_quiz_that_ships_asks_about_four_services_with_the_month_of_the_check() -> None:
    quiz = made(FACTS)
    assert WORDS is not None
    found = services_of_day(WORDS, FACTS, TODAY)
    assert len(found) == SERVICES
    for one in found:
        card = card_of(quiz, one.rule.service)
        (asked,) = card.questions
        assert good_ages(card) == [in_words(sure_age(one.rule, TODAY) or 0)]
        assert len(asked.options) == 4
        assert all("Checked in November 2026." in option.feedback for option in asked.options)
        assert all(
            "for the company, and for all" in o.feedback for o in asked.options[:1] if o.good
        )


def test_nobody_slips_by_naming_a_planned_age() -> None:
    texts = [one.text for one in card_of(made(FACTS), "TikTok").questions[0].options]
    assert in_words(16) not in texts
    assert in_words(13) in texts


def test_the_answer_changes_on_the_day_on_which_a_law_begins() -> None:
    facts = with_law()
    before, after = made(facts, date(2027, 3, 31)), made(facts, date(2027, 4, 1))
    assert good_ages(card_of(before, "TikTok")) == ["13 or older"]
    assert good_ages(card_of(after, "TikTok")) == ["16 or older"]
    assert good_ages(card_of(after, "WhatsApp")) == ["13 or older"]
    law = card_of(after, "TikTok").questions[0].options
    assert all("law now says 16 or older" in one.feedback for one in law)
    assert all("law" not in o.feedback for o in card_of(after, "WhatsApp").questions[0].options)
    assert before.version != after.version
    assert before.edition != after.edition


def test_with_stale_dates_the_law_is_not_asked_about() -> None:
    quiz = made(with_law(fresh=date(2027, 5, 1)), LATER)
    card = card_of(quiz, "TikTok")
    assert card.questions == ()
    assert "Ask a grown-up to check" in card.html
    assert "16" not in card.html


def test_a_law_that_nobody_confirmed_is_neither_said_nor_scored() -> None:
    facts = with_law()
    rule = facts.rules["tiktok"]
    weak = tuple(replace(law, looked=replace(law.looked, verified=False)) for law in rule.laws)
    rules = MappingProxyType({**facts.rules, "tiktok": replace(rule, laws=weak)})
    card = card_of(made(replace(facts, rules=rules), LATER), "TikTok")
    assert card.questions == ()
    assert "law" not in card.html


def test_a_check_that_finds_the_same_ages_keeps_the_version_and_changes_the_text() -> None:
    later = with_law()
    laws = {one: replace(rule, laws=()) for one, rule in later.rules.items()}
    again = {
        one: replace(
            rule,
            rows=tuple(
                replace(r, looked=replace(r.looked, checked=date(2027, 1, 5))) for r in rule.rows
            ),
        )
        for one, rule in laws.items()
    }
    first = made(AgeFacts(MappingProxyType(laws), (), FACTS.pegi))
    second = made(AgeFacts(MappingProxyType(again), (), FACTS.pegi))
    assert first.version == second.version
    assert first.edition != second.edition
    assert "Checked in January 2027." in str(second.cards)


def test_another_answer_is_another_version() -> None:
    versions = set()
    for age in range(22):
        facts = facts_where(dict.fromkeys(FACTS.rules, True))
        other = replace(facts.rules["tiktok"], rows=(row(age),))
        versions.add(made(replace(facts, rules={**facts.rules, "tiktok": other})).version)
    assert len(versions) == 22


def test_the_version_is_the_same_in_every_process() -> None:
    assert made(FACTS).version == made(read_catalogue(ROOT).age_facts).version
    assert 0 < made(FACTS).version < 2**31


def test_a_day_adds_the_quiz_to_the_lessons_of_its_band() -> None:
    today = on_day(SHIPPED, TODAY)
    quiz = today.lessons["s-79-age-quiz"]
    assert quiz in today.lessons_for("7-9")
    assert quiz.quiz
    assert "s-79-age-quiz" not in SHIPPED.lessons
    assert on_day(replace(SHIPPED, age_quiz=None), TODAY).lessons == SHIPPED.lessons


@pytest.mark.parametrize(
    ("old", "new", "what", "of"),
    [
        ("services: [youtube", "services: [yutube", "there is no service yutube", "services:"),
        ("netflix,", "netflix, minecraft,", "minecraft is of the kind game", "services:"),
        ("[youtube, netflix", "[youtube, youtube", "youtube stands here twice", "services:"),
        ("  question: Who is this", "  question: At 12, who is this", "is a typed age", "At 12"),
        ("The label says {age}.", "The label says twelve or older.", "a typed age", "says twelve"),
        ("A grown-up can look", "Google can look", "is a real brand", "Google"),
        ("  right: The rule today is {age}.", "  right: Yes.", "does not say {age}", "right: Yes."),
        ("on {service}?", "on {app}?", "“{app}” is not a slot", "{app}"),
        ("You can ask {trusted_adults}.", "Ask.", "names no trusted adults", "last:"),
        ("misconception: s-fake-year\n", "good: true\n", "no slip to learn from", "SKILL"),
        ("misconception: s-age-sibling", "misconception: s-small-fact", "not among", "ANSWER"),
        (
            "objective: safe.age-rule",
            "objective: safe.age-rul",
            "there is no objective",
            "objective",
        ),
        ("friend: sloe", "friend: moss", "is not the friend of S", "friend"),
        ("minutes: 8", "minutes: 80", "is too big", "minutes"),
        (
            "- It is not about how clever you are.",
            "- It is not about how very clever you are, at home or in school or with your friends.",
            "a sentence of",
            "how very clever",
        ),
    ],
)
def test_a_fault_in_the_words_is_named_with_its_line(
    shipped: Any, old: str, new: str, what: str, of: str
) -> None:
    at = {"SKILL": "    answers:\n      - says: Stop", "ANSWER": "      - says: Use it. His"}
    shipped.plant(FILE, old, new)
    text = (shipped.root / FILE).read_text()
    line = text[: text.index(at.get(of, of))].count("\n") + 1
    found = [(p.line, p.what) for p in shipped.problems() if p.file == FILE]
    assert any(n == line and what in words for n, words in found), (line, found)


def test_without_its_file_there_is_no_quiz(desk: Any) -> None:
    catalogue = read_catalogue(desk.root)
    assert catalogue.age_quiz is None
    assert on_day(catalogue, TODAY) is catalogue


@pytest.fixture
def shipped(desk: Any) -> Any:
    """The registers that ship, beside the small lesson and story."""
    for name in ("age-limits", "age-quiz", "misconceptions", "objectives"):
        path = f"lessons/facts/{name}.yaml"
        desk.write(path, (ROOT / path).read_bytes())
    return desk


def test_the_words_that_ship_have_no_fault(shipped: Any) -> None:
    assert [p for p in shipped.problems() if p.file == FILE] == []


def test_the_office_hears_of_a_date_sixty_days_before_it_and_from_it_on() -> None:
    due = {d: {f.id: f.due for f in age_facts(FACTS, d)} for d in days_around()}
    early, soon, late, past = due.values()
    assert early["tiktok"] is Due.FINE
    assert soon["tiktok"] is late["tiktok"] is Due.SOON
    assert past["tiktok"] is Due.PAST
    assert {found["messenger"] for found in due.values()} == {Due.UNCONFIRMED}


def days_around() -> tuple[date, ...]:
    recheck = FACTS.rules["tiktok"].rows[0].looked.recheck
    day = date.resolution
    return recheck - SOON - day, recheck - SOON, recheck - day, recheck


def test_the_list_holds_every_service_the_law_that_sets_an_age_and_the_labels() -> None:
    found = {one.id: one for one in age_facts(with_law(), LATER)}
    assert {*FACTS.rules, "uk-under-16", "pegi"} == set(found)
    assert found["tiktok"].rule == "16 or older, by law"
    assert found["whatsapp"].rule == "13 or older"
    assert found["uk-under-16"].rule == "16 or older. In force since 1 April 2027"
    assert {f.id: f for f in age_facts(FACTS, TODAY)}["uk-under-16"].rule.endswith("not in force")
    order = [one.due for one in age_facts(FACTS, LATER)]
    assert order == sorted(order, key=list(Due).index)


def test_a_law_is_no_law_of_ours_without_its_first_day() -> None:
    law = AgeLaw("a-law", "A law", 16, ("tiktok",), Span(), looked())
    assert not law.in_force(LATER)
