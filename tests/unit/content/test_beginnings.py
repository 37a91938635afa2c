"""First drafts: right from the start, in the right place, and over nothing that is there."""

from __future__ import annotations

import re
from itertools import product

import pytest

from app.config import ROOT
from app.content.beginnings import Beginning, CannotBegin, Wanted, begin
from app.content.check import check
from app.content.reading import GATES
from app.content.registers import Registers, read_registers
from app.content.skins import APPS
from app.content.values import BANDS, Band, Letter
from tests.unit.content.conftest import Desk

LETTERS: tuple[Letter, ...] = ("S", "M", "A", "R", "T")


@pytest.fixture(scope="module")
def registers() -> Registers:
    return read_registers(ROOT)


def a_story(band: Band = "7-9", letter: Letter = "T", title: str = "The Lost Hat") -> Wanted:
    return Wanted("story", band, letter, title, skin="lobby")


def put(desk: Desk, made: Beginning) -> None:
    desk.write(made.path, made.text)


@pytest.mark.parametrize(("band", "letter", "skin"), [*product(BANDS, LETTERS, APPS)])
def test_every_story_passes_the_check(
    band: Band, letter: Letter, skin: str, registers: Registers
) -> None:
    made = begin(ROOT, Wanted("story", band, letter, "The Lost Hat", skin=skin), registers)
    assert made.problems == ()
    assert made.path == f"quizzes/{band}/the-lost-hat.yaml"
    assert made.id == f"{letter.lower()}-{band.replace('-', '')}-the-lost-hat"


@pytest.mark.parametrize(("band", "letter"), [*product(BANDS, LETTERS)])
def test_every_lesson_passes_the_check(band: Band, letter: Letter, registers: Registers) -> None:
    story = {"5-7": "t-57-snail-mail", "7-9": "t-79-block-it", "9-11": "m-911-gambit"}[band]
    made = begin(ROOT, Wanted("lesson", band, letter, "Hats off", story=story), registers)
    assert made.problems == ()
    assert made.path == f"lessons/{band}/hats-off.md"


def test_a_story_and_its_lesson_are_sound_side_by_side(desk: Desk) -> None:
    for name in ("curriculum.yaml", "objectives.yaml", "misconceptions.yaml"):
        desk.write(f"lessons/facts/{name}", (ROOT / "lessons/facts" / name).read_bytes())
    (desk.root / Desk.LESSON).unlink()
    (desk.root / Desk.STORY).unlink()
    put(desk, begin(desk.root, a_story(), read_registers(desk.root)))
    wanted = Wanted("lesson", "7-9", "T", "Hats off")
    put(desk, begin(desk.root, wanted, read_registers(desk.root)))
    assert check(desk.root) == []


def test_the_registers_decide_what_stands_in_it(registers: Registers) -> None:
    made = begin(ROOT, a_story(letter="S"), registers)
    named = set(re.findall(r"\bs-[a-z-]+(?=: “)", made.text))
    known = (registers.misconceptions or {}).values()
    assert named == {m.id for m in known if m.letter == "S" and "7-9" in m.bands}
    used = re.findall(r"^ +misconception: (\S+)$", made.text, re.MULTILINE)
    assert set(used) <= named


def test_a_lesson_takes_a_story_that_no_lesson_has(registers: Registers) -> None:
    made = begin(ROOT, Wanted("lesson", "7-9", "T", "Hats off"), registers)
    story = re.search(r"^story: (\S+)$", made.text, re.MULTILINE)
    assert story is not None
    taken = {
        re.search(r"^story: (\S+)$", f.read_text("utf-8"), re.MULTILINE)[1]
        for f in (ROOT / "lessons/7-9").glob("*.md")
    }  # type: ignore[index]
    assert story[1].startswith("t-79-")
    assert story[1] not in taken


def test_a_title_may_hold_any_sign(registers: Registers) -> None:
    made = begin(ROOT, a_story(title='Zoë\'s  "hat": #1 {x}'), registers)
    assert made.path == "quizzes/7-9/zoes-hat-1-x.yaml"
    assert 'title: "Zoë\'s \\"hat\\": #1 {x}"' in made.text
    faults = sorted(problem.what for problem in made.problems)
    assert faults == ["“1” is a number in figures", "“{x}” is not a slot"]


def refusal(desk: Desk, wanted: Wanted) -> str:
    with pytest.raises(CannotBegin) as refused:
        begin(desk.root, wanted, read_registers(desk.root))
    return str(refused.value)


def test_what_is_there_is_never_written_over(desk: Desk) -> None:
    desk.write("quizzes/7-9/the-lost-hat.yaml", "mine")
    assert "There is a file" in refusal(desk, a_story())


def test_an_id_is_never_used_twice(desk: Desk) -> None:
    desk.plant(Desk.STORY, "id: t-79-small", "id: t-79-the-lost-hat")
    assert "is in use already" in refusal(desk, a_story())


@pytest.mark.parametrize("title", ["", "   ", "!!!", "x" * 61])
def test_a_title_names_the_file(desk: Desk, title: str) -> None:
    assert refusal(desk, a_story(title=title)).startswith("Give a title")


def test_a_story_needs_a_skin_that_is_drawn(desk: Desk) -> None:
    assert refusal(desk, Wanted("story", "7-9", "T", "Hat", skin="sea")).startswith("Give a skin")


def test_a_lesson_needs_a_story(desk: Desk) -> None:
    (desk.root / Desk.STORY).unlink()
    for name in ("curriculum.yaml", "objectives.yaml", "misconceptions.yaml"):
        desk.write(f"lessons/facts/{name}", (ROOT / "lessons/facts" / name).read_bytes())
    assert "There is no story for the letter T" in refusal(
        desk, Wanted("lesson", "7-9", "T", "Hat")
    )
    other = Wanted("lesson", "7-9", "T", "Hat", story="t-79-smal")
    assert refusal(desk, other) == "There is no story t-79-smal for 7-9."


def test_faulty_registers_are_mended_first(desk: Desk) -> None:
    desk.write("lessons/facts/objectives.yaml", "- id: [\n")
    assert "are to be mended first" in refusal(desk, a_story())


def test_the_page_on_writing_gives_the_ceilings_that_are_checked() -> None:
    page = (ROOT / "lessons/README.md").read_text("utf-8")
    rows = {
        row[0]: row[1:]
        for row in re.findall(r"^\| ([^|]+?) \| (\d+) \| (\d+) \| (\d+) \|$", page, re.MULTILINE)
    }
    gates = [GATES[band] for band in BANDS]
    assert rows == {
        "Longest sentence, in words": tuple(str(gate.longest) for gate in gates),
        "Words in a sentence, on average": tuple(f"{gate.mean:g}" for gate in gates),
        "Words on one screen": tuple(str(gate.screen) for gate in gates),
        "Sentences of feedback for one answer": tuple(str(gate.feedback) for gate in gates),
        "New words in a lesson": tuple(str(gate.new_words) for gate in gates),
    }


@pytest.mark.parametrize("what", ["story", "lesson"])
def test_no_pupil_reads_what_the_first_draft_says_in_the_place_of_words(
    what: str, desk: Desk
) -> None:
    for name in ("curriculum.yaml", "objectives.yaml", "misconceptions.yaml"):
        desk.write(f"lessons/facts/{name}", (ROOT / "lessons/facts" / name).read_bytes())
    (desk.root / Desk.LESSON).unlink()
    (desk.root / Desk.STORY).unlink()
    story = begin(desk.root, a_story(), read_registers(desk.root))
    put(desk, story)
    lesson = begin(desk.root, Wanted("lesson", "7-9", "T", "Hats off"), read_registers(desk.root))
    made = story if what == "story" else lesson
    desk.write(made.path, re.sub(r"(?m)^draft: true.*\n", "", made.text))
    said = {p.line: p.what for p in check(desk.root) if "is what the first draft says" in p.what}
    lines = re.sub(r"(?m)^draft: true.*\n", "", made.text).splitlines()
    wanted = {n for n, line in enumerate(lines, 1) if re.search(r"(Say|Ask|Write) here", line)}
    assert len(wanted) > 2
    assert wanted <= set(said)
