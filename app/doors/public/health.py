"""Whether every part answers, for a machine to read."""

from __future__ import annotations

from flask import jsonify
from werkzeug.wrappers import Response

from app.base.database import Store, answers
from app.doors.public.door import door
from app.people.queries import schools
from app.safeguarding.queries import keys
from app.web.guards import EVERYBODY
from app.web.parts import catalogue

PARTS = {"database": Store.LEARNING, "safeguarding": Store.SAFEGUARDING}


def _can_seal() -> bool:
    """Whether the school's public key is there, without which no Tell can be kept."""
    school_id = schools.lone_school()
    return school_id is None or keys.has_public_key(school_id)


@door.opens("/healthz", admits=EVERYBODY)
def healthz() -> tuple[Response, int]:
    """200 while a child can tell and a lesson can be saved; 503 names the part that fails."""
    parts = {name: "ok" if answers(store) else "failing" for name, store in PARTS.items()}
    if set(parts.values()) == {"ok"} and not _can_seal():
        parts["safeguarding"] = "failing"
    well = set(parts.values()) == {"ok"}
    content = {"lessons": len(catalogue().lessons), "quizzes": len(catalogue().quizzes)}
    status = "ok" if well else "failing"
    return jsonify({"status": status, **parts, **content}), 200 if well else 503
