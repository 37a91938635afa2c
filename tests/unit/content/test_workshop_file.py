"""The questions of a workshop: what ships is sound, each fault is named on its line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from app.config import ROOT
from app.content.age_rules import AgeFacts, AgeLaw, Span, planned_ages
from app.content.catalogue import Catalogue
from app.content.problems import Findings
from app.content.registers import Registers, read_registers
from app.content.workshop import CHECK_FIRST, CHOICES, QUESTIONS, WorkshopQuestion, asked_on
from app.content.workshop_file import FILE, read_workshop

DAY = date(2026, 11, 20)
ABOUT = WorkshopQuestion(
    "how-old", "R", "How old for {service}?", (), "tiktok", None, "{age}, since {checked}.", "Say."
)


@pytest.fixture(scope="module")
def registers() -> Registers:
    return read_registers(ROOT)


def six() -> list[dict[str, object]]:
    return [
        {
            "id": f"question-{n}",
            "letter": "S",
            "ask": "What do you say first?",
            "choices": ["Yes", "No", "Wait", "Ask me"],
            "answer": 4,
            "reveal": "Asking costs nothing.",
            "say": "Who does that?",
        }
        for n in range(1, QUESTIONS + 1)
    ]


def problems_of(questions: object, registers: Registers, root: Path) -> list[str]:
    (root / FILE).parent.mkdir(parents=True, exist_ok=True)
    with (root / FILE).open("w", encoding="utf-8") as file:
        YAML().dump({"questions": questions}, file)
    findings = Findings(FILE)
    read = read_workshop(root, registers, findings)
    assert bool(read) != bool(findings.problems)
    return [str(problem) for problem in findings.problems]


def test_what_ships_is_six_questions_and_all_is_well(read_once: Catalogue) -> None:
    assert len(read_once.workshop) == QUESTIONS
    for one in asked_on(read_once.workshop, read_once.age_facts, DAY):
        assert len(set(one.choices)) == CHOICES
        assert "{" not in one.ask + one.reveal + one.say


def test_six_good_questions_have_no_problem(registers: Registers, tmp_path: Path) -> None:
    assert problems_of(six(), registers, tmp_path) == []


FAULTS: dict[str, tuple[Callable[[list[dict[str, object]]], object], str]] = {
    "five": (lambda q: q.pop(), ":1: 5 questions, a workshop has 6"),
    "an id twice": (lambda q: q[1].update(id="question-1"), "question-1 is used twice"),
    "three choices": (lambda q: q[0].update(choices=["a", "b", "c"]), "choices"),
    "the same choice": (lambda q: q[0].update(choices=["a", "A", "c", "d"]), "are the same"),
    "no choice": (lambda q: q[0].pop("choices"), "no `choices`"),
    "both": (lambda q: q[0].update(service="tiktok"), "both `choices` and `service`"),
    "the fifth answer": (lambda q: q[0].update(answer=5), "answer"),
    "a brand": (lambda q: q[2].update(ask="Is TikTok good?"), "is a real brand"),
    "an age": (lambda q: q[2].update(say="You must be 13 or older."), "is a typed age"),
    "a number": (lambda q: q[2].update(say="Ring 0800 1111."), "is typed as a number"),
    "a slot": (lambda q: q[2].update(ask="How old for {service}?"), "nothing that is filled in"),
    "too long": (lambda q: q[2].update(say="and so " * 12 + "on."), "a sentence of 25 words"),
    "a long choice": (
        lambda q: q[3].update(choices=["One two three four five six seven", "b", "c", "d"]),
        "7 words in `choices`, the board holds 6",
    ),
    "an unknown service": (
        lambda q: (q[0].pop("choices"), q[0].update(service="tiktock")),
        "there is no service tiktock, did you mean tiktok?",
    ),
    "an answer of one's own": (
        lambda q: (q[0].pop("choices"), q[0].update(service="tiktok")),
        "an `answer` beside a service",
    ),
    "a key too many": (lambda q: q[0].update(winner=1), "winner"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_named_with_its_line(
    registers: Registers, tmp_path: Path, fault: str
) -> None:
    spoil, says = FAULTS[fault]
    questions = six()
    spoil(questions)
    found = problems_of(questions, registers, tmp_path)
    assert any(says in one for one in found), found
    assert all(one.startswith(f"{FILE}:") for one in found)


def test_an_age_comes_from_the_register_with_three_others(registers: Registers) -> None:
    facts = registers.age_facts
    assert facts is not None
    (asked,) = asked_on([ABOUT], facts, DAY)
    age = facts.rules["tiktok"].rows[0].min_age
    assert asked.answer is not None
    assert asked.choices[asked.answer - 1] == f"{age} years"
    assert len(set(asked.choices)) == CHOICES
    assert asked.ask == "How old for TikTok?"
    assert asked.reveal == f"{age} years, since November 2026."
    (undated,) = asked_on([replace(ABOUT, reveal="Because.")], facts, DAY)
    assert undated.reveal == "Because. Checked in November 2026."
    planned = {f"{one} years" for one in planned_ages(facts.rules["tiktok"], DAY)}
    assert planned
    assert not planned & set(asked.choices)


def test_a_law_in_force_makes_its_age_the_answer(registers: Registers) -> None:
    facts = registers.age_facts
    assert facts is not None
    rule = facts.rules["tiktok"]
    law = replace(rule.laws[0], span=Span(begins=DAY))
    assert isinstance(law, AgeLaw)
    raised = AgeFacts({"tiktok": replace(rule, laws=(law,))})
    (asked,) = asked_on([ABOUT], raised, DAY)
    assert asked.answer is not None
    assert asked.choices[asked.answer - 1] == f"{law.min_age} years"


def test_an_age_that_nobody_confirmed_is_no_answer(registers: Registers) -> None:
    facts = registers.age_facts
    assert facts is not None
    (late,) = asked_on([ABOUT], facts, date(2030, 1, 1))
    rule = facts.rules["tiktok"]
    unsure = replace(rule.rows[0], looked=replace(rule.rows[0].looked, verified=False))
    (unverified,) = asked_on([ABOUT], AgeFacts({"tiktok": replace(rule, rows=(unsure,))}), DAY)
    for asked in (late, unverified):
        assert (asked.answer, asked.reveal) == (None, CHECK_FIRST)
        assert len(set(asked.choices)) == CHOICES
