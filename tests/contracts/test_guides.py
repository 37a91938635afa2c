"""What the guides say is there: each command, link, picture, setting, and place in the code."""

from __future__ import annotations

import ast
import re
import shlex
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli import run_command
from app.config import ROOT
from tests.contracts.test_readme import settings, targets
from tests.look.guide_pictures import FOLDER, PICTURES
from tests.look.pages import Page
from tests.look.palette import with_palette

README, GUIDES = ROOT / "README.md", sorted((ROOT / "app/guides").glob("for-*.md"))
TECHNICIAN, DEVELOPER = (ROOT / f"app/guides/for-{who}.md" for who in ("technicians", "developers"))
AUTHORS = [ROOT / f"lessons/{place}README.md" for place in ("", "families/", "facts/")]
SHOWN = [README, *GUIDES, *AUTHORS]
"""Whose commands are tried."""
DECISIONS = sorted((ROOT / "app/decisions").glob("*.md"))
WRITTEN = [*SHOWN, *DECISIONS, ROOT / "CHANGES.md"]
OF_MAKE = {"MOCKUPS", "ONLY", "FAULTS"}
"""What only one target of the Makefile is told."""
NOT_OURS = {"docker", "git", "cd", "set"}
HEAVIEST, LONGEST = 120 * 1024, 140

SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"(!?)\[([^\]\n]*)\]\(([^)\s]+)\)")
COMMAND = re.compile(r"^(?:[A-Z_]+=\S+ )*(?:make|run\.cmd|python3 |\.venv/|python -m )")


def by_name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def prose(path: Path) -> str:
    """A page without its blocks of code."""
    lines = path.read_text("utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("    "))


def blocks(path: Path) -> list[list[str]]:
    """Each indented block, line by line, without what is said of a line behind some spaces."""
    text = re.sub(r"^```.*?^```$", "", path.read_text("utf-8") + "\n", flags=re.M | re.S)
    found = re.findall(r"(?:^    \S.*\n)+", text, re.MULTILINE)
    return [[re.split(r"\s{2,}", row.strip())[0] for row in one.splitlines()] for one in found]


def commands(path: Path) -> Iterator[str]:
    """Every command that a page shows: a block of which one line is a command holds no other."""
    for block in blocks(path):
        if any(COMMAND.match(line) for line in block):
            yield from block
    yield from (span for span in SPAN.findall(prose(path)) if COMMAND.match(span))


def parts(line: str) -> tuple[dict[str, str], list[str]]:
    """The settings of a command, before and after it, and its words."""
    words = shlex.split(re.sub(r"<[^>]*>", "SOMEWHERE", line))
    given = [word.partition("=") for word in words if re.match(r"[A-Z_]+=", word)]
    return (
        {name: value for name, _, value in given},
        [word for word in words if not re.match(r"[A-Z_]+=", word)],
    )


def is_known_to_the_app(words: list[str]) -> bool:
    with pytest.raises(SystemExit) as ended:
        run_command([*words, "--help"])
    return ended.value.code == 0


def is_known(words: list[str]) -> bool:
    """Whether somebody who types this is understood."""
    match words:
        case ["make", target]:
            return target in targets()
        case ["run.cmd"] | ["run.cmd", "test"]:
            return (ROOT / "run.cmd").exists()
        case ["run.cmd", *rest] | ["python3", "bootstrap.py", *rest]:
            return is_known_to_the_app(rest)
        case [".venv/bin/python" | "python", "-m", "app", *rest]:
            return not rest or is_known_to_the_app(rest)
        case [".venv/bin/python", "-m", "pytest", place, *rest]:
            return (ROOT / place).exists() and (not rest or is_tested(place, rest))
        case [".venv/bin/ruff" | ".venv/bin/mypy" | ".venv/bin/lint-imports", *_]:
            return words[0].removeprefix(".venv/bin/") in (ROOT / "bootstrap.py").read_text("utf-8")
    return words[0] in NOT_OURS


def is_tested(place: str, rest: list[str]) -> bool:
    """Whether `-k` a word picks something."""
    option, word = rest
    found = (ROOT / place).rglob("test_*.py")
    return option == "-k" and any(
        re.search(rf"def test_\w*{word}", path.read_text("utf-8")) for path in found
    )


@pytest.mark.parametrize("path", SHOWN, ids=by_name)
def test_every_command_is_understood_and_every_setting_in_it_exists(path: Path) -> None:
    shown = {line: parts(line) for line in commands(path)}
    assert shown or path.parent.name == "facts"
    assert [line for line, (_, words) in shown.items() if words and not is_known(words)] == []
    known = set(settings()) | OF_MAKE
    assert [line for line, (given, _) in shown.items() if set(given) - known] == []


def test_a_command_or_setting_that_is_not_there_is_seen() -> None:
    for line in ("make coffee", ".venv/bin/python -m app data polish", "run.cmd doktor"):
        assert not is_known(parts(line)[1]), line
    assert not is_known([".venv/bin/python", "-m", "pytest", "tests/nowhere"])
    assert not is_known(shlex.split(".venv/bin/python -m pytest tests/doors -k zebra_crossing"))
    assert parts("HAST=1 make run COLOUR=2")[0] == {"HAST": "1", "COLOUR": "2"}


@pytest.mark.parametrize("path", SHOWN, ids=by_name)
def test_every_setting_that_is_named_exists(path: Path) -> None:
    spans = [span for span in SPAN.findall(prose(path)) if re.fullmatch(r"[A-Z]+_[A-Z]+", span)]
    assert set(spans) <= set(settings())


def mark(heading: str) -> str:
    """What a heading is called in an address."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def leads_nowhere(path: Path, target: str) -> bool:
    """Whether a link of a page leads to no file, or to no heading in it."""
    place, _, heading = target.partition("#")
    file = (path.parent / place).resolve() if place else path
    if not file.is_relative_to(ROOT) or not file.exists():
        return True
    heads = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.M) if heading else []
    return bool(heading) and heading not in map(mark, heads)


@pytest.mark.parametrize("path", WRITTEN, ids=by_name)
def test_every_link_and_picture_resolves_and_every_picture_says_what_it_shows(path: Path) -> None:
    for picture, says, target in LINK.findall(prose(path)):
        assert "://" not in target, f"{target}: nothing of the web is needed to read this"
        assert not leads_nowhere(path, target), target
        assert not picture or len(says) > 15, target


def test_a_link_that_leads_nowhere_is_seen() -> None:
    for target in ("nowhere.md", "#no-such-chapter", "../../../etc/hostname"):
        assert leads_nowhere(README, target), target
    assert not leads_nowhere(TECHNICIAN, "../../README.md#settings")


def test_the_readme_leads_to_every_guide() -> None:
    linked = {(ROOT / target).resolve() for _, _, target in LINK.findall(prose(README))}
    assert {*GUIDES, *AUTHORS} <= linked


def test_the_guides_show_every_picture_of_the_list_and_no_other() -> None:
    listed = {FOLDER / f"{one.name}.png" for one in PICTURES}
    shown = {
        (path.parent / target).resolve()
        for path in WRITTEN
        for picture, _, target in LINK.findall(prose(path))
        if picture
    }
    assert shown == listed == set(FOLDER.iterdir())


@pytest.mark.parametrize("page", PICTURES, ids=lambda page: page.name)
def test_a_picture_has_its_size_and_is_light(page: Page) -> None:
    seen = (FOLDER / f"{page.name}.png").read_bytes()
    assert seen.startswith(b"\x89PNG")
    assert struct.unpack(">II", seen[16:24]) == page.sizes[0]
    assert len(seen) <= HEAVIEST


@pytest.mark.parametrize("path", GUIDES, ids=by_name)
def test_a_guide_is_read_in_one_go_and_has_pictures(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= LONGEST
    assert "](pictures/" in text


@pytest.mark.parametrize("path", [README, TECHNICIAN], ids=by_name)
def test_a_clone_is_made_entered_and_started_in_this_order(path: Path) -> None:
    (block,) = [one for one in blocks(path) if one[0].startswith("git clone")]
    (clone, folder), enter, start = (part.rsplit(" ", 1) for part in block)
    assert clone.startswith("git clone")
    assert enter == ["cd", folder]
    assert " ".join(start).startswith("make run")


def test_every_place_in_the_code_that_a_guide_names_is_there() -> None:
    for path in GUIDES:
        named = [
            one for one in SPAN.findall(prose(path)) if re.match(r"(app|tests|templates)/", one)
        ]
        gone = [one for one in named if "<" not in one and not (ROOT / one).exists()]
        assert gone == [], path.name


def test_every_function_on_the_walks_is_where_the_guide_says() -> None:
    named = re.findall(r"`(\w+)` in `(app/[\w/]+\.py)`", DEVELOPER.read_text("utf-8"))
    assert len(named) >= 6
    for function, place in named:
        tree = ast.parse((ROOT / place).read_text("utf-8"))
        there = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert function in there, f"{place} has no {function}"


def test_what_a_technician_may_read_is_what_catkin_says() -> None:
    rows = re.findall(
        r"^\| (.+?) \| .+ \|$", TECHNICIAN.read_text("utf-8").split("something is wrong")[1], re.M
    )
    files = [*(ROOT / "app").rglob("*.py"), *(ROOT / "templates").rglob("*.html")]
    said = " ".join(path.read_text("utf-8") for path in files)
    for row in rows[2:-1]:
        for part in re.split(r"…|\d+|\(.*\)", row):
            assert part.strip(" ,") in said, row


def test_decisions_are_numbered_one_after_another() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    for path in DECISIONS:
        assert path.read_text("utf-8").startswith(f"# {int(path.name[:4])}. "), path.name


@pytest.mark.parametrize("path", WRITTEN, ids=by_name)
def test_nothing_is_of_one_machine_alone(path: Path) -> None:
    assert not re.search(r"(?<![\w.~])/(?:home|root|Users)/", path.read_text("utf-8"))


def test_a_picture_in_few_colours_keeps_the_common_ones_as_they_are() -> None:
    flat = bytes((250, 250, 245, 255)) * 3000
    many = bytes(part for n in range(1000) for part in (n % 256, n // 4, 40, 255))
    drawn = with_palette(40, 100, flat + many)
    assert struct.unpack(">II", drawn[16:24]) == (40, 100)
    length = struct.unpack(">I", drawn[33:37])[0]
    palette = drawn[41 : 41 + length]
    assert 3 * 161 < length <= 3 * 256
    assert palette[:3] == flat[:3]
    rows = zlib.decompress(drawn[drawn.index(b"IDAT") + 4 : -16])
    assert rows[:41] == b"\0" * 41
    assert len(set(rows)) > 161
