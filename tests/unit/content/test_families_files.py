"""Talk cards and the agreement: read in their order, and each fault named with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.config import ROOT
from app.content.catalogue import Catalogue, read_and_check
from app.content.families import PLACES
from app.content.families_files import FOLDER, read_families
from app.content.registers import Registers, read_registers

CARDS, AGREEMENT = f"{FOLDER}/talk-cards.yaml", f"{FOLDER}/agreement.yaml"
REAL = {name: (ROOT / name).read_text("utf-8") for name in (CARDS, AGREEMENT)}


@pytest.fixture(scope="module")
def registers() -> Registers:
    return read_registers(ROOT)


def faults(tmp_path: Path, registers: Registers, **mended: str) -> list[str]:
    """The problems of both files, with these in place of the real ones."""
    (tmp_path / FOLDER).mkdir(parents=True, exist_ok=True)
    texts = {CARDS: mended.get("cards"), AGREEMENT: mended.get("agreement")}
    for name, text in texts.items():
        (tmp_path / name).write_text(REAL[name] if text is None else text, "utf-8")
    return [str(one) for one in read_families(tmp_path, registers)[1]]


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_what_ships_is_whole_and_in_order(read_once: Catalogue) -> None:
    cards = read_once.for_families.cards
    assert tuple((card.letter, card.band) for card in cards) == PLACES
    agreement = read_once.for_families.agreement
    assert agreement is not None
    assert [clause.letter for clause in agreement.clauses] == list("SMART")


def test_a_library_without_them_is_good_and_has_none(tmp_path: Path, registers: Registers) -> None:
    found, problems = read_families(tmp_path, registers)
    assert (found.cards, found.agreement, problems) == ((), None, ())
    assert found.tonight(date(2026, 11, 16)) is None


WRONG = {
    "Pop Wren on YouTube": "is a real brand",
    "You must be nine to play": "is a typed age",
    "It costs 20 coins": "is a number in figures",
    "Call {childline}": "braces are not filled in for families",
    "Ring 0800 1111": "is typed as a number",
    "Tell us your favorite color": "is American spelling",
    "One two three four five six seven or so words and then more and more words that never "
    "seem to come to any end at all": "reads 20 at most",
}


@pytest.mark.parametrize("words", WRONG)
def test_a_word_that_no_family_should_read_is_named_with_its_line(
    tmp_path: Path, registers: Registers, words: str
) -> None:
    for name, key in (("cards", CARDS), ("agreement", AGREEMENT)):
        place = "    do:" if name == "cards" else "    child:"
        old = next(line for line in REAL[key].splitlines() if line.startswith(place))
        text = REAL[key].replace(old, f'{place} "{words}."', 1)
        found = faults(tmp_path, registers, **{name: text})
        place = f"{key}:{line_of(text, words)}: "
        assert any(one.startswith(place) and WRONG[words] in one for one in found), found


def test_a_card_too_many_or_too_few_is_named(tmp_path: Path, registers: Registers) -> None:
    text = REAL[CARDS].replace('letter: S\n    band: "5-7"', 'letter: S\n    band: "7-9"', 1)
    found = faults(tmp_path, registers, cards=text)
    assert any("no card for S at 5-7, write one" in one for one in found)
    assert any("a second card for S at 7-9, keep one of them" in one for one in found)
    clause = REAL[AGREEMENT].replace("letter: T", "letter: R", 1)
    found = faults(tmp_path, registers, agreement=clause)
    assert any("no clause for T" in one for one in found)
    assert any("a second clause for R" in one for one in found)


@pytest.mark.parametrize(
    ("objective", "says"),
    [
        ("safe.nowhere", "there is no objective safe.nowhere"),
        ("safe.footprint", "the objective safe.footprint is not for 5-7, it is for 9-11"),
        ("tell.helpers", "the objective tell.helpers is not one of S"),
    ],
)
def test_a_card_stands_for_an_objective_of_its_letter_and_band(
    tmp_path: Path, registers: Registers, objective: str, says: str
) -> None:
    old = next(line for line in REAL[CARDS].splitlines() if line.startswith("    objective:"))
    found = faults(
        tmp_path, registers, cards=REAL[CARDS].replace(old, f"    objective: {objective}", 1)
    )
    assert len(found) == 1
    assert says in found[0]


def test_a_file_that_does_not_fit_stops_the_check_and_says_where(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / CARDS).write_text("cards:\n  - letter: Q\n    band: '5-7'\n", "utf-8")
    (tmp_path / AGREEMENT).write_text("clauses: [\n", "utf-8")
    problems = [str(one) for one in read_and_check(tmp_path)[1]]
    assert any(one.startswith(f"{CARDS}:2: `letter` is “Q”") for one in problems)
    assert any(one.startswith(AGREEMENT) and "not YAML" in one for one in problems)
