"""The keys folder: a key is whole or missing, made once, on any kind of disk."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from app.base import once
from app.base.errors import KeyMissing
from app.base.keys import KeyFolder

KEY = bytes(range(32))


@pytest.fixture
def keys(tmp_path: Path) -> KeyFolder:
    """An empty keys folder."""
    return KeyFolder(tmp_path)


def no_links(draft: object, path: object) -> None:
    """What a memory stick or a share says when it is asked for a link."""
    raise PermissionError(errno.EPERM, "no links here")


def test_a_key_comes_back_as_it_was_made_and_is_its_owners_only(keys: KeyFolder) -> None:
    keys.make_once("cookies", KEY)
    assert keys.read("cookies") == KEY
    assert stat.S_IMODE(keys.file("cookies").stat().st_mode) == 0o600
    assert os.listdir(keys.path) == ["cookies.key"]


@pytest.mark.parametrize(
    "text", ["", "61", "00" * 31, "00" * 33, "zz" * 32, "0" * 63, "é" * 64, "\n"]
)
def test_a_key_file_that_is_not_whole_is_no_key(keys: KeyFolder, text: str) -> None:
    keys.file("cookies").write_text(text, encoding="utf-8")
    with pytest.raises(KeyMissing, match="damaged"):
        keys.read("cookies")
    with pytest.raises(KeyMissing, match="damaged"):
        keys.read_or_make("cookies")
    assert keys.file("cookies").read_text(encoding="utf-8") == text


def test_a_key_that_is_put_back_works_without_a_restart(keys: KeyFolder) -> None:
    keys.make_once("cookies", KEY)
    assert keys.read("cookies") == KEY
    away = keys.file("cookies").rename(keys.path / "away")
    with pytest.raises(KeyMissing, match="not in the keys folder"):
        keys.read("cookies")
    away.rename(keys.file("cookies"))
    assert keys.read("cookies") == KEY


@pytest.mark.parametrize("links", [True, False])
def test_a_key_is_never_written_over(
    keys: KeyFolder, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    keys.make_once("cookies", KEY)
    with pytest.raises(FileExistsError):
        keys.make_once("cookies", bytes(32))
    assert keys.read_or_make("cookies") == KEY
    assert os.listdir(keys.path) == ["cookies.key"]


def test_a_disk_without_links_keeps_keys_for_their_owner_only(
    keys: KeyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", no_links)
    keys.make_once("cookies", KEY)
    assert keys.read("cookies") == KEY
    assert stat.S_IMODE(keys.file("cookies").stat().st_mode) == 0o600


def test_a_disk_that_fills_up_half_way_through_a_key_leaves_no_half_key(
    keys: KeyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", no_links)
    asked: list[bytes] = []

    def full(file: int, content: bytes) -> None:
        asked.append(content)
        os.write(file, content[:9])
        assert not keys.file("cookies").exists(), "half a key has no name"
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(once, "put_down", full)
    with pytest.raises(OSError, match="no space"):
        keys.make_once("cookies", KEY)
    assert len(asked) == 1
    assert os.listdir(keys.path) == []


def test_what_a_killed_start_left_behind_stands_in_nobodys_way(keys: KeyFolder) -> None:
    (keys.path / f".cookies.{os.getpid()}").write_text("half")
    (keys.path / f".cookies.key.{os.getpid()}").write_text("half")
    assert keys.read_or_make("cookies") == keys.read("cookies")


def test_a_write_that_the_disk_takes_in_parts_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, content: write(file, content[:7]))
    once.write_once(tmp_path / "whole", b"all of these words")
    assert (tmp_path / "whole").read_bytes() == b"all of these words"
