"""Whether every part answers, for a machine to read."""

from __future__ import annotations

from flask import jsonify
from werkzeug.wrappers import Response

from app.base.database import Store, answers
from app.doors.public.door import door
from app.web.guards import EVERYBODY
from app.web.parts import catalogue

PARTS = {"database": Store.LEARNING, "safeguarding": Store.SAFEGUARDING}


@door.opens("/healthz", admits=EVERYBODY)
def healthz() -> tuple[Response, int]:
    """200 while both stores can be read; 503 names the one that cannot."""
    parts = {name: "ok" if answers(store) else "failing" for name, store in PARTS.items()}
    well = set(parts.values()) == {"ok"}
    content = {"lessons": len(catalogue().lessons), "quizzes": len(catalogue().quizzes)}
    status = "ok" if well else "failing"
    return jsonify({"status": status, **parts, **content}), 200 if well else 503
