"""What the README promises is there, and what is there it names."""

from __future__ import annotations

import re
import shlex

import pytest
from flask.testing import FlaskClient

from app.base.errors import CannotStart
from app.cli import _parser, run_command
from app.config import ROOT, Settings, read_settings

README = (ROOT / "README.md").read_text("utf-8")
A_SETTING = re.compile(r"^\| `([A-Z_]+)` \|.*\| (.+) \|$", re.MULTILINE)
READ = re.compile(r"""(?:given|environ)(?:\.get\(|\[)["']([A-Z_]+)["']""")
APP = ".venv/bin/python -m app "
FOLDERS = {"__pycache__", "data"}


def chapter(title: str) -> str:
    """The text under a heading, as far as the next."""
    found = re.search(
        rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL
    )
    assert found is not None, f"the README has no chapter “{title}”"
    return found[1]


def block(title: str) -> list[str]:
    """The lines that a chapter shows as code."""
    return [line.strip() for line in chapter(title).splitlines() if line.startswith("    ")]


def left_column(title: str) -> list[str]:
    """What stands on the left of a block; what is said of it begins where it does in line one."""
    lines = block(title)
    said = re.search(r"\s{2,}", lines[0])
    return [line[: said.end()].strip() if said else line for line in lines]


def commands() -> list[str]:
    """Every command that the README shows, without what is said of it."""
    chapters = ("Try the demo", "Start it", "Add a lesson or a quiz", "Commands")
    shown = [line for title in chapters for line in left_column(title)]
    return sorted({*shown, *re.findall(r"`(make [a-z]+[^`]*)`", README)})


def settings() -> dict[str, str]:
    return dict(A_SETTING.findall(README))


def test_the_readme_names_every_setting_and_no_other() -> None:
    assert set(settings()) == set(READ.findall((ROOT / "app/config.py").read_text("utf-8")))
    assert len(settings()) == 17


def test_no_other_part_reads_settings_of_its_own() -> None:
    reading = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "app").rglob("*.py")
        if set(READ.findall(path.read_text("utf-8"))) & set(settings())
    ]
    assert reading == ["app/config.py"]


@pytest.mark.parametrize(
    ("name", "given", "field"),
    [
        ("HOST", "0.0.0.0", "host"),
        ("PORT", "9000", "port"),
        ("DATA_DIR", "/srv/a", "data_dir"),
        ("KEYS_DIR", "/srv/k", "keys_dir"),
        ("DEMO", "1", "demo"),
    ],
)
def test_a_setting_of_the_readme_is_honoured(name: str, given: str, field: str) -> None:
    assert str(getattr(read_settings({name: given}), field)) == {"DEMO": "True"}.get(name, given)
    assert getattr(read_settings({}), field) == getattr(Settings(), field)


def test_what_holds_without_a_setting_is_as_the_readme_says() -> None:
    plain = read_settings({})
    assert settings()["HOST"] == f"`{plain.host}`"
    assert settings()["PORT"] == f"`{plain.port}`"
    assert plain.data_dir == ROOT / "data"
    assert "`data` beside this file" in settings()["DATA_DIR"]
    assert f"http://{plain.host}:{plain.port}" in README


def test_a_setting_that_cannot_be_is_refused() -> None:
    with pytest.raises(CannotStart, match="PORT"):
        read_settings({"PORT": "eight"})


def targets() -> set[str]:
    """What `make` can make."""
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def test_every_make_command_of_the_readme_is_there_and_the_reverse() -> None:
    named = {line.split()[1] for line in commands() if line.startswith("make ")}
    assert named == targets()


def test_every_command_of_the_readme_is_known_to_the_app(
    capsys: pytest.CaptureFixture[str],
) -> None:
    named = [line.removeprefix(APP) for line in commands() if line.startswith(APP)]
    assert len(named) >= 3
    for line in named:
        with pytest.raises(SystemExit) as ended:
            run_command([*shlex.split(line), "--help"])
        assert ended.value.code == 0, capsys.readouterr().err


def test_every_command_of_the_readme_has_what_does_it() -> None:
    lines = [line.removeprefix(APP) for line in commands() if line.startswith(APP)]
    typed = [shlex.split(line) for line in lines if "--help" not in line]
    assert len(typed) > 8
    for words in typed:
        assert callable(_parser().parse_args(words).do), words


def test_a_command_that_is_not_there_is_refused() -> None:
    with pytest.raises(SystemExit) as ended:
        run_command(["data", "polish"])
    assert ended.value.code == 2


def test_the_readme_names_every_command_of_the_app(capsys: pytest.CaptureFixture[str]) -> None:
    named = [shlex.split(line.removeprefix(APP)) for line in commands() if line.startswith(APP)]
    assert "data" in choices([], capsys)
    for subject in choices([], capsys):
        assert any(words[:1] == [subject] for words in named), subject
        for verb in choices([subject], capsys):
            assert any(words[:2] == [subject, verb] for words in named), f"{subject} {verb}"


def choices(words: list[str], capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The words that can follow, from the app's own help; none where a command is one word."""
    capsys.readouterr()
    with pytest.raises(SystemExit):
        run_command([*words, "--help"])
    found = re.search(r"\{([a-z,-]+)\}", capsys.readouterr().out)
    return found[1].split(",") if found else []


def named_paths() -> list[str]:
    """The paths of the tree, from the root."""
    return [path for line in left_column("The tree") for path in line.split()]


def test_every_path_of_the_tree_is_there() -> None:
    assert named_paths()
    assert [path for path in named_paths() if not (ROOT / path).is_dir()] == []


def test_the_tree_names_every_folder_of_the_app() -> None:
    there = {
        f"app/{path.name}"
        for path in (ROOT / "app").iterdir()
        if path.is_dir() and path.name not in FOLDERS
    }
    assert there - set(named_paths()) == set()


def test_every_file_that_the_readme_points_to_is_there() -> None:
    pointed = re.findall(r"`([\w./-]+\.(?:md|yaml|cmd|json))`", README)
    made_at_start = {"installation.json"}
    assert pointed
    assert [
        path for path in pointed if path not in made_at_start and not (ROOT / path).exists()
    ] == []


def test_the_readme_shows_what_healthz_answers(client: FlaskClient) -> None:
    assert '{"status":"ok","database":"ok","safeguarding":"ok","lessons":1,"quizzes":1}' in README
    answer = client.get("/healthz")
    assert list(answer.get_json()) == ["status", "database", "safeguarding", "lessons", "quizzes"]
