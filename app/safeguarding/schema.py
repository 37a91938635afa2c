"""The tables of this store as migrations made them: one built anew may hold a row twice."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator

from app.safeguarding.faults import Fault, What

OBJECTS = "SELECT type, name, sql FROM sqlite_master WHERE type <> 'trigger' AND sql IS NOT NULL"
OWN = re.compile(r"sqlite_(?:stat\d|sequence)")
"""What SQLite makes for itself."""


def shapes_in(file: sqlite3.Connection) -> dict[str, str]:
    """Each table, index and view of a file with a digest of how it was declared."""
    return {
        f"{kind} {name}": _digest(str(sql))
        for kind, name, sql in file.execute(OBJECTS)
        if not OWN.fullmatch(str(name))
    }


def _digest(sql: str) -> str:
    plain = re.sub(r"\s*([(),])\s*", r"\1", " ".join(sql.split()))
    return hashlib.sha256(plain.encode(errors="surrogateescape")).hexdigest()[:32]


def shape_faults(file: sqlite3.Connection) -> Iterator[Fault]:
    """The tables and indexes that are not as Catkin made them, and those that are not its own."""
    there = shapes_in(file)
    for name, digest in SHAPES.items():
        if there.get(name) != digest:
            how = "built anew past Catkin" if name in there else "missing"
            yield Fault(What.SHAPE, f"The {name} is not as Catkin made it: it is {how}.")
    for name in sorted(there.keys() - SHAPES):
        yield Fault(What.SHAPE, f"There is a strange {name} that is none of Catkin’s.")


SHAPES = {
    "index ix_audit_school_id": "43f0c5be5ced9f552cec7695938836ba",
    "index ix_concern_about_staff": "888089bbeb6049d7e330d0836cbaf76a",
    "index ix_concern_held_concern_id": "0fa5ae3aa24d63c45cb9d260afa2818b",
    "index ix_concern_held_staff": "7b49a607135723b3640a96782ce05761",
    "index ix_concern_key_concern_id": "d4b1b832c7122d9e2bf40914a135ffba",
    "index ix_concern_person_staff": "75be2cb01e6512f362347d7fa009bdff",
    "index ix_concern_pupil_id": "e644edd0e4d06a7cbaf7d1735c5e25e8",
    "index ix_concern_school_id": "e4c49508441cfce34b2e446eb4659a4c",
    "index ix_concern_told_at": "648479bea5296eb47c272ff20767abf2",
    "index ix_draft_ends_at": "fc2a00ff78ad68a234950adf4e540d7a",
    "index ix_draft_school_id": "d010347dea38e43709f7325b6f58929c",
    "index ix_drill_school_id": "8d737629ab5d80f1ff09f1dc178a6526",
    "index ix_entry_concern_id": "2cfffa8e6ff41c87c22af292251e64fb",
    "index ix_mail_staff": "5fb39e83fcb14bc3c7464db896ea7a70",
    "index ix_notice_concern_id": "c1d5ffae2c620eb4e34d73578c552a0a",
    "index ix_notice_staff_id": "7b780fdd04307c00641c40dd899b3f8e",
    "index ix_view_concern_id": "bef9a70972d6a88c2bde677e6087c200",
    "index ix_words_concern_id": "5254ad3347d2f34665377dfc5fe9de9d",
    "table alembic_version": "acb8e241d35a0f4a75cf231e657226be",
    "table audit": "3ba2f5dea0d9eb76d4f7b2d3bac4befb",
    "table canary_look": "d9db0c267823b0febba260569b899a99",
    "table concern": "4391dded32c9c0517b6613ded96dcf8c",
    "table concern_about": "817295c8597d5de072e6397fac6e9aad",
    "table concern_held": "690299b6da12aa96731a3efc7b3fb0e5",
    "table concern_key": "2b87afb0c90318b58a61052f4bb6edd1",
    "table concern_person": "29cba1ce61a0a7ca2a2d29ddf6c03adc",
    "table draft": "ae57764dbefdd0e38c36e8dea93c58fc",
    "table drill": "414725da7adb92ba2c3ced5568b4420d",
    "table entry": "81d9fc07a7b23324d1f050c4e31f4877",
    "table link": "1678314584cacab21da35808de6c27e9",
    "table mail": "d789448642a28d183ea805554c6437cb",
    "table mail_check": "292627150da899030465919414aae951",
    "table notice": "d5163fdbc2aa7c4d1bf1e312724c0005",
    "table recovery_key": "6932a89b6d4cf767c3f4c7f79e4f1705",
    "table recovery_wrap": "72e21c97c0e9e15f8b8ee00dcac4c726",
    "table schedule": "aacf86cd961823eec01f9219e7889286",
    "table school_key": "300be5aa052ca7608e8156a438da7364",
    "table view": "95ea1692c4da161a476dae9ad395a66c",
    "table words": "51adf43c66a807ab2fcf19238b425caf",
}
"""How each was declared; after a migration a test of the migrations tells what is due here."""
