"""Checked content that is kept: used only while not a letter has changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from app.content import kept
from app.content.catalogue import Catalogue, read_catalogue
from app.content.kept import read_kept, stamp_of
from tests.unit.content.conftest import Desk

KEY = b"k" * 32


class Reading:
    """Reads a content folder through its cache, and counts how often it was really read."""

    def __init__(self, root: Path, file: Path) -> None:
        self.root, self.file, self.times = root, file, 0

    def read(self) -> Catalogue:
        self.times += 1
        return read_catalogue(self.root)

    def __call__(self, key: bytes = KEY) -> Catalogue:
        return read_kept(self.file, key, self.root, self.read)


@pytest.fixture
def reading(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Reading:
    return Reading(desk.root, tmp_path_factory.mktemp("data") / "content.cache")


def test_what_is_brought_back_is_what_was_read(reading: Reading) -> None:
    first, second = reading(), reading()
    assert reading.times == 1
    assert second == first
    lesson, story = second.lessons["t-79"], second.quizzes["t-79-small"]
    assert lesson.edition == first.lessons["t-79"].edition != ""
    assert isinstance(lesson.cards[1].html, Markup)
    with pytest.raises(TypeError):
        second.lessons["other"] = lesson  # type: ignore[index]
    with pytest.raises(AttributeError):
        story.title = "Another"  # type: ignore[misc]


def test_each_change_is_read(reading: Reading, desk: Desk) -> None:
    reading()
    for n, name in enumerate((Desk.STORY, Desk.LESSON, "lessons/facts/tell-words.yaml"), 2):
        path = desk.root / name
        path.write_text(path.read_text("utf-8") + "\n", "utf-8")
        reading()
        assert reading.times == n


def test_a_file_that_comes_or_goes_or_moves_is_seen(reading: Reading, desk: Desk) -> None:
    stamps = {stamp_of(desk.root)}
    copy = desk.root / "quizzes/7-9/copy.yaml"
    copy.write_text("id: copy\n", "utf-8")
    stamps.add(stamp_of(desk.root))
    copy.rename(copy.with_name("moved.yaml"))
    stamps.add(stamp_of(desk.root))
    (desk.root / "quizzes/12-14").mkdir()
    stamps.add(stamp_of(desk.root))
    assert len(stamps) == 4


def test_the_code_that_checks_counts_as_well(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    code = desk.root / "code"
    code.mkdir()
    (code / "rules.py").write_text("LONGEST = 10\n", "utf-8")
    monkeypatch.setattr(kept, "_CODE", code)
    before = stamp_of(desk.root)
    (code / "rules.py").write_text("LONGEST = 11\n", "utf-8")
    changed = stamp_of(desk.root)
    monkeypatch.setattr(kept, "version", lambda name: "another")
    assert len({before, changed, stamp_of(desk.root)}) == 3


def test_letters_cannot_pass_from_one_file_to_the_next(desk: Desk) -> None:
    for name, words in (("a.yaml", "xy"), ("b.yaml", "z")):
        desk.write(f"quizzes/5-7/{name}", words)
    before = stamp_of(desk.root)
    for name, words in (("a.yaml", "x"), ("b.yaml", "yz")):
        desk.write(f"quizzes/5-7/{name}", words)
    assert stamp_of(desk.root) != before


@pytest.mark.parametrize("at", [0, 40, 70, -1])
def test_a_single_changed_byte_makes_it_read_anew(reading: Reading, at: int) -> None:
    whole = reading()
    found = bytearray(reading.file.read_bytes())
    found[at] ^= 1
    reading.file.write_bytes(found)
    assert reading() == whole
    assert reading.times == 2
    reading()
    assert reading.times == 2


@pytest.mark.parametrize("length", [0, 10, 64, 5000])
def test_half_a_file_is_not_used(reading: Reading, length: int) -> None:
    reading()
    reading.file.write_bytes(reading.file.read_bytes()[:length])
    reading()
    assert reading.times == 2


class Harm:
    """Does something as soon as it is brought back."""

    done = False

    def __reduce__(self) -> tuple[Any, ...]:
        return _harm, ()


def _harm() -> None:
    Harm.done = True


def test_nothing_of_another_making_is_opened(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = stamp_of(reading.root)
    for key in (b"o" * 32, KEY):  # Sealed by somebody else; and even by ourselves.
        kept._put_away(reading.file, key, stamp, Harm())  # type: ignore[arg-type]
        assert isinstance(reading(), Catalogue)
        assert not Harm.done
    assert reading.times == 2


def test_where_nothing_can_be_kept_it_is_read_each_time(reading: Reading) -> None:
    reading.file = reading.file.parent / "gone" / "content.cache"
    assert reading() == reading()
    assert reading.times == 2


def test_nothing_half_written_is_left_behind(reading: Reading) -> None:
    reading()
    assert [path.name for path in reading.file.parent.iterdir()] == ["content.cache"]


def test_content_that_changes_while_it_is_read_is_not_kept(reading: Reading, desk: Desk) -> None:
    def read() -> Catalogue:
        found = reading.read()
        desk.plant(Desk.STORY, "Iona plays", "Iona still plays")
        return found

    read_kept(reading.file, KEY, reading.root, read)
    assert not reading.file.exists()
