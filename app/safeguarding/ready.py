"""A telling with its words sealed: all that is written of it, now or later."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.safeguarding.actions.anew import must_open
from app.safeguarding.rules import Told
from app.safeguarding.tables import ConcernKey, Words


@dataclass(frozen=True, slots=True)
class SealedWords:
    """Words and the key they came with; made before the gate is taken, since it takes time."""

    reference: str
    key_id: str
    version: int
    wrapped: bytes
    field: str
    words: bytes

    def keep(self, session: Session, school_id: str, concern_id: int, moment: datetime) -> None:
        """Put the key and the words into the database. Inside a write; KeyEnded to seal anew."""
        must_open(session, school_id, self.version)
        same = {"school_id": school_id, "concern_id": concern_id}
        session.add(
            ConcernKey(
                **same, id=self.key_id, version=self.version, wrapped=self.wrapped, made_at=moment
            )
        )
        session.add(
            Words(**same, key_id=self.key_id, field=self.field, sealed=self.words, said_at=moment)
        )

    def as_content(self) -> dict[str, Any]:
        """The form in which it lies in the spool."""
        wrapped, words = (b64encode(part).decode() for part in (self.wrapped, self.words))
        return {**asdict(self), "wrapped": wrapped, "words": words}

    @classmethod
    def from_content(cls, content: dict[str, Any]) -> SealedWords:
        """The same again."""
        wrapped, words = (b64decode(content[name]) for name in ("wrapped", "words"))
        return cls(**{**content, "wrapped": wrapped, "words": words})


@dataclass(frozen=True, slots=True)
class Ready:
    """A telling with its words sealed: all that is written, now or later from the spool."""

    key: str
    """The idempotency key, as it lies in the database."""
    sealed: SealedWords
    whom: Told
    """Whom it is for and about; nothing else of what was told."""
    urgency: str
    told_at: datetime
    pupil_id: str | None = None
    class_id: str | None = None
    draft: str | None = None
    canary: bool = False
    named: tuple[str, ...] | None = None
    """The adults whom the words name; None where nobody could look for names yet."""

    def as_content(self) -> dict[str, Any]:
        """What is sealed into the spool."""
        to, about = list(self.whom.to), list(self.whom.about)
        return {
            "sealed": self.sealed.as_content(),
            "whom": {"to": to, "about": about, "anyone": self.whom.anyone},
            "urgency": self.urgency,
            "told_at": self.told_at.isoformat(),
            "pupil_id": self.pupil_id,
            "class_id": self.class_id,
            "draft": self.draft,
            "canary": self.canary,
            "named": self.named,
        }

    @classmethod
    def from_content(cls, content: dict[str, Any]) -> Ready:
        """The same again."""
        whom = content["whom"]
        return cls(
            key=content["key"],
            sealed=SealedWords.from_content(content["sealed"]),
            whom=Told(to=tuple(whom["to"]), about=tuple(whom["about"]), anyone=whom["anyone"]),
            urgency=content["urgency"],
            told_at=datetime.fromisoformat(content["told_at"]),
            pupil_id=content["pupil_id"],
            class_id=content["class_id"],
            draft=content["draft"],
            canary=content["canary"],
            named=names_in(content),
        )


def names_in(content: dict[str, Any]) -> tuple[str, ...] | None:
    """The adults whom the words name, as it lies in the spool; an older Catkin did not look."""
    named = content.get("named")
    return None if named is None else tuple(named)
