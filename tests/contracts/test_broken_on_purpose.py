"""Each rule broken on purpose in a copy: what watches over it must see it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from app import create_app
from app.config import ROOT
from app.content.catalogue import Memo, read_and_check
from app.content.check import check
from app.content.reading import too_hard
from app.prepare import Prepared
from tests.contracts.words_of import pieces_of

TELL, BLOCK_IT = "lessons/7-9/tell.md", "quizzes/7-9/block-it.yaml"
PLANTS = {
    "Imports point down: doors, web, rooms, base": ("base/planted.py", "import app.people.rules"),
    "Safeguarding knows people, and no lessons": (
        "safeguarding/planted.py",
        "import app.content.values",
    ),
    "Doors never lead into each other": (
        "doors/pupil/planted.py",
        "import app.doors.teacher.today",
    ),
    "Doors and the hall ask rooms, never tables": (
        "doors/desk/planted.py",
        "from app.safeguarding.tables import Words",
    ),
    "Rules are plain: no database, no HTTP, nothing of a room but rules and content": (
        "people/rules.py",
        "import sqlalchemy",
    ),
    "Content is files: no database, no HTTP": ("content/planted.py", "import flask"),
    "Rooms and base know no HTTP forms and no sign-in library": (
        "learning/planted.py",
        "import wtforms",
    ),
    "Nothing takes names from the package root but what starts it": (
        "web/planted.py",
        "from app import create_app",
    ),
    "Only the demo lives in the past, and only it makes a history": (
        "safeguarding/actions/file.py",
        "from app.base.past import living_at",
    ),
}
LINT = "from importlinter.cli import lint_imports_command as check; check()"


def lint(folder: Path) -> str:
    """What the import contracts say of a copy."""
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return f"{done.returncode}\n{done.stdout}{done.stderr}"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the code."""
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def broken(said: str) -> set[str]:
    return set(re.findall(r"^(.+) BROKEN$", said, re.MULTILINE))


def test_every_rule_of_imports_sees_the_import_that_breaks_it(copy: Path) -> None:
    for place, code in PLANTS.values():
        with (copy / "app" / place).open("a", encoding="utf-8") as file:
            file.write(f"\n{code}\n")
    said = lint(copy)
    assert said.startswith("1\n"), said
    assert broken(said) == set(PLANTS), said


def test_every_rule_of_imports_is_broken_in_these_tests() -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    assert {rule["name"] for rule in rules["contracts"]} == set(PLANTS)


def test_a_view_that_reads_a_table_is_seen_and_nothing_else_is_blamed(copy: Path) -> None:
    place = copy / "app/doors/pupil/map.py"
    code = place.read_text("utf-8")
    place.write_text(code + "\nfrom app.people.tables import Pupil\n", "utf-8")
    said = lint(copy)
    assert broken(said) == {"Doors and the hall ask rooms, never tables"}
    assert "app.doors.pupil.map -> app.people.tables" in said


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of what pupils learn and play."""
    for folder in ("lessons", "quizzes"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def plant(content: Path, path: str, old: str, new: str) -> list[str]:
    """Put something in another's place, and what the check then says."""
    file = content / path
    text = file.read_text("utf-8")
    assert text.count(old) >= 1, f"{path} has no {old!r}"
    file.write_text(text.replace(old, new, 1), "utf-8")
    return checked(content)


KNOWN = Memo()
"""What was read of the files that no test changes."""


def checked(content: Path) -> list[str]:
    """What the check says; it reads again what is other than before."""
    return [str(problem) for problem in read_and_check(content, KNOWN)[1]]


def test_what_ships_has_nothing_to_mend(content: Path) -> None:
    assert check(content) == []


def first_sentence(path: str) -> str:
    """A whole line of running text of a lesson."""
    body = (ROOT / path).read_text("utf-8").split("---", 2)[2]
    lines = (line for line in body.splitlines() if re.fullmatch(r"[A-Z][\w ,’']{20,}\.", line))
    return next(lines)


def test_a_sentence_too_hard_for_its_readers_is_seen_at_its_line(content: Path) -> None:
    hard = (
        "When you are playing on a tablet with people you have never met before, it is good to go."
    )
    said = plant(content, TELL, first_sentence(TELL), hard)
    line = (content / TELL).read_text("utf-8").splitlines().index(hard) + 1
    assert any(one.startswith(f"{TELL}:{line}:") and "words" in one for one in said), said


def test_a_word_too_hard_for_its_readers_is_seen(content: Path) -> None:
    said = plant(content, TELL, first_sentence(TELL), "Be responsible in all communication.")
    assert any("responsible" in one or "communication" in one for one in said), said


def test_a_scene_that_leads_nowhere_is_seen(content: Path) -> None:
    story = (content / BLOCK_IT).read_text("utf-8")
    target = re.search(r"to: ([\w-]+)", story)
    assert target is not None
    said = plant(content, BLOCK_IT, f"to: {target[1]}", "to: nowhere-at-all")
    assert any("nowhere-at-all" in one and one.startswith(BLOCK_IT) for one in said), said


def test_a_scene_without_a_way_out_is_seen(content: Path) -> None:
    """Every move of the first scene leads back to it: nobody could come to an end."""
    file = content / BLOCK_IT
    text = file.read_text("utf-8")
    start = re.search(r"^start: ([\w-]+)", text, re.MULTILINE)
    assert start is not None
    file.write_text(re.sub(r"to: [\w-]+", f"to: {start[1]}", text), "utf-8")
    said = checked(content)
    assert any(one.startswith(BLOCK_IT) for one in said), said


def test_a_scene_whose_risky_move_says_nothing_is_seen(content: Path) -> None:
    said = plant(content, BLOCK_IT, "feedback:", "feedbock:")
    assert any(one.startswith(BLOCK_IT) for one in said), said


def test_a_hard_sentence_on_a_page_for_pupils_is_seen(tmp_path: Path, prepared: Prepared) -> None:
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    page = tmp_path / "templates/pupil/sign-in/code.html"
    hard = "Please be patient while your teacher finds the card of your class for you."
    page.write_text(
        page.read_text("utf-8").replace("It is on your slip or on the board.", hard), "utf-8"
    )
    app = create_app(prepared, testing=True)
    app.template_folder = str(tmp_path / "templates")
    pieces = pieces_of(app.test_client().get("/sign-in").text)
    faults = [fault for piece in pieces for fault in too_hard(piece, "tell")]
    assert any(hard in fault for fault in faults), pieces
