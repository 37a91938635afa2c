"""Heads of chains that lie in backups."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from app.base.backup import LAST, backups_folder, backups_in
from app.base.errors import KeyMissing
from app.base.folders import installation_id
from app.base.keys import KeyFolder
from app.base.manifest import Manifest
from app.safeguarding.chain import chain_key_name
from app.safeguarding.held import plain
from app.safeguarding.known_heads import Account, Known, known_head


def heads_of_backups(data: Path, keys: KeyFolder, *, elsewhere: bool) -> Iterator[Known]:
    """What backups of a data folder say of the newest links of their days.

    `elsewhere` also looks where the last backup was put, which may be a share that never answers.
    """
    folders, own = {backups_folder(data)}, installation_id(data)
    if elsewhere:
        with suppress(OSError, ValueError, KeyError, TypeError):
            folders.add(Path(json.loads((data / LAST).read_bytes())["place"]).parent)
    yield from heads_in_folders(folders, own, keys)


def heads_in_folders(
    folders: Iterable[Path], installation: str, keys: KeyFolder
) -> Iterator[Known]:
    """What the backups of one installation in these folders say."""
    for folder in sorted(folders):
        for place, manifest in backups_in(folder):
            if manifest.installation == installation:
                yield from heads_in_account(manifest, f"the backup {place.name}", keys)


def heads_in_account(manifest: Manifest, where: str, keys: KeyFolder) -> Iterator[Known]:
    """The heads that a backup's own account names."""
    for school_id, head in manifest.heads.items():
        known = known_head(head, where, plain(manifest.made), school_id)
        yield replace(known, account=_account(manifest, school_id, keys))


def signing(keys: KeyFolder) -> Callable[[Manifest], dict[str, str]]:
    """Signs an account for each school in it whose chain's key is here."""

    def sign(manifest: Manifest) -> dict[str, str]:
        signed = {school_id: _mac(manifest, school_id, keys) for school_id in manifest.heads}
        return {school_id: mac for school_id, mac in signed.items() if mac is not None}

    return sign


def signing_after(keys: KeyFolder) -> Callable[[Manifest, Manifest], dict[str, str]]:
    """Signs an account that Catkin changes; one that was not as it was signed stays to be named."""

    def sign(before: Manifest, after: Manifest) -> dict[str, str]:
        signed = {
            school_id: before.heads_mac.get(school_id)
            if _account(before, school_id, keys) is not Account.SIGNED
            else _mac(after, school_id, keys)
            for school_id in after.heads
        }
        return {school_id: mac for school_id, mac in signed.items() if mac is not None}

    return sign


def _mac(manifest: Manifest, school_id: str, keys: KeyFolder) -> str | None:
    try:
        key = keys.read(chain_key_name(school_id))
    except KeyMissing:
        return None
    says = json.dumps(school_id).encode() + manifest.unsigned()
    return hmac.digest(key, b"catkin-heads-1" + says, "sha256").hex()


def _account(manifest: Manifest, school_id: str, keys: KeyFolder) -> Account:
    right, there = _mac(manifest, school_id, keys), manifest.heads_mac.get(school_id)
    if right is None:
        return Account.NOBODY_KNOWS
    if there is None:
        return Account.UNSIGNED
    same = hmac.compare_digest(there.encode(), right.encode())
    return Account.SIGNED if same else Account.CHANGED
