"""The data folder and the keys folder."""

from __future__ import annotations

import errno
import json
import os
import stat
import tempfile
from pathlib import Path

import pytest

from app.base.errors import CannotStart
from app.base.folders import default_keys_folder, installation_id, prepare_folders


def refusal(data: Path, keys: Path | None) -> str:
    """The sentence with which the folders are refused; it must be one line."""
    with pytest.raises(CannotStart) as caught:
        prepare_folders(data, keys)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def test_both_folders_are_made_for_their_owner_only(tmp_path: Path) -> None:
    folders = prepare_folders(tmp_path / "some where" / "data", tmp_path / "keys")
    for folder in (folders.data, folders.keys):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_was_there_before_keeps_its_permissions(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o755)
    prepare_folders(shared, tmp_path / "keys")
    assert stat.S_IMODE(shared.stat().st_mode) == 0o755


def test_the_trial_leaves_nothing_behind(tmp_path: Path) -> None:
    folders = prepare_folders(tmp_path / "data", tmp_path / "keys")
    assert os.listdir(folders.keys) == []
    assert os.listdir(folders.data) == ["installation.json"]


def test_an_installation_keeps_its_name_for_good(tmp_path: Path) -> None:
    first = prepare_folders(tmp_path / "data", tmp_path / "keys").installation_id
    assert prepare_folders(tmp_path / "data", tmp_path / "keys").installation_id == first
    assert prepare_folders(tmp_path / "other", tmp_path / "keys").installation_id != first


def test_the_installation_file_says_when_it_was_made(tmp_path: Path) -> None:
    name = prepare_folders(tmp_path / "data", tmp_path / "keys").installation_id
    written = json.loads((tmp_path / "data" / "installation.json").read_text())
    assert written["id"] == name
    assert written["made"][4] == "-"


def test_a_start_that_comes_second_takes_the_name_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link

    def late(draft: Path, path: Path) -> None:
        Path(path).write_text('{"id": "first"}')
        link(draft, path)

    monkeypatch.setattr(os, "link", late)
    assert prepare_folders(tmp_path / "data", tmp_path / "keys").installation_id == "first"
    assert os.listdir(tmp_path / "data") == ["installation.json"]


def test_a_disk_without_links_still_gets_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(draft: Path, path: Path) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    made = prepare_folders(tmp_path / "data", tmp_path / "keys")
    assert installation_id(made.data) == made.installation_id


@pytest.mark.parametrize("text", ["", "{", "[]", '{"id": "../away"}', '{"made": "2026"}', "null"])
def test_a_damaged_installation_file_is_never_replaced(tmp_path: Path, text: str) -> None:
    (tmp_path / "installation.json").write_text(text)
    assert "damaged" in refusal(tmp_path, tmp_path.parent / "keys")
    assert (tmp_path / "installation.json").read_text() == text


def test_a_data_folder_that_lost_its_name_gets_no_new_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    data = tmp_path / "data"
    prepare_folders(data, None)
    (data / "learning.db").touch()
    (data / "installation.json").unlink()
    assert "is gone" in refusal(data, None)


def test_keys_lie_by_default_in_the_users_configuration_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", "not/absolute")
    assert default_keys_folder("abc") == tmp_path / ".config" / "catkin" / "keys" / "abc"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "mine"))
    assert default_keys_folder("abc") == tmp_path / "mine" / "catkin" / "keys" / "abc"
    monkeypatch.setattr("sys.platform", "darwin")
    support = tmp_path / "Library" / "Application Support"
    assert default_keys_folder("abc") == support / "Catkin" / "keys" / "abc"
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("APPDATA", str(tmp_path / "Roaming"))
    assert default_keys_folder("abc") == tmp_path / "Roaming" / "Catkin" / "keys" / "abc"


def test_a_user_without_a_home_is_told_to_name_a_keys_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def homeless() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    assert "KEYS_DIR" in refusal(tmp_path / "data", None)


def test_keys_never_lie_in_the_data_folder(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert "inside the data folder" in refusal(data, data / "keys")
    assert "inside the data folder" in refusal(data, data)
    assert not data.exists()


def test_keys_never_lie_in_the_data_folder_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "elsewhere").symlink_to(tmp_path / "data")
    assert "inside the data folder" in refusal(tmp_path / "data", tmp_path / "elsewhere" / "keys")
    assert "inside the data folder" in refusal(tmp_path / "elsewhere", tmp_path / "data" / "keys")


def test_the_data_folder_never_lies_in_the_keys_folder(tmp_path: Path) -> None:
    assert "inside the keys folder" in refusal(tmp_path / "keys" / "data", tmp_path / "keys")


def test_the_default_keys_folder_is_kept_apart_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert "inside the data folder" in refusal(tmp_path / "config", None)


def test_folders_with_the_same_beginning_are_not_one_in_the_other(tmp_path: Path) -> None:
    assert prepare_folders(tmp_path / "data", tmp_path / "data-keys").keys.is_dir()


def test_a_file_in_the_folders_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    assert "is a file, not a folder" in refusal(tmp_path / "data", tmp_path / "keys")
    assert "under a file" in refusal(tmp_path / "data" / "deeper", tmp_path / "keys")
    assert "DATA_DIR" in refusal(tmp_path / "data", tmp_path / "keys")


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "round").symlink_to(tmp_path / "round")
    assert "keys folder" in refusal(tmp_path / "data", tmp_path / "round" / "keys")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (errno.EROFS, "read-only"),
        (errno.ENOSPC, "no space left"),
        (errno.EACCES, "by this user"),
        (errno.EIO, "cannot be used"),
    ],
)
def test_what_the_disk_says_becomes_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, reason: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    assert reason in refusal(tmp_path / "data", tmp_path / "keys")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="binds all but root")
def test_a_folder_without_leave_to_write_is_refused(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    assert "by this user" in refusal(closed, tmp_path / "keys")
    assert "by this user" in refusal(closed / "deeper", tmp_path / "keys")
