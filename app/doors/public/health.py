"""Whether every part answers, for a machine to read."""

from __future__ import annotations

from flask import current_app, jsonify
from werkzeug.wrappers import Response

from app.base.database import Store, answers
from app.base.errors import StoreAway
from app.doors.public.door import door
from app.health.machine import room_to_tell
from app.people.queries import schools, sign_ins
from app.people.rights import May
from app.safeguarding.queries import keys
from app.web.parts import catalogue

PARTS = {"database": Store.LEARNING, "safeguarding": Store.SAFEGUARDING}


def _can_seal() -> bool:
    """Whether the school's public key is there, without which no Tell can be kept."""
    school_id = schools.lone_school()
    return school_id is None or keys.has_public_key(school_id)


def _can_sign_in() -> bool:
    """Whether what every request of somebody signed in asks is answered: of a sign-in of nobody."""
    try:
        return sign_ins.signed_in("") is None
    except StoreAway:
        return False


def _parts() -> dict[str, bool]:
    parts = {name: answers(store) for name, store in PARTS.items()}
    data = current_app.extensions["catkin"].folders.data
    parts["database"] = parts["database"] and _can_sign_in()
    if all(parts.values()):
        parts["safeguarding"] = _can_seal() and room_to_tell(data)
    return parts


@door.opens("/healthz", may=May.READ_ANYWHERE)
def healthz() -> tuple[Response, int]:
    """200 while a child can tell and a lesson can be saved; 503 names the part that fails."""
    found = _parts()
    parts = {name: "ok" if works else "failing" for name, works in found.items()}
    well = all(found.values())
    content = {"lessons": len(catalogue().lessons), "quizzes": len(catalogue().quizzes)}
    status = "ok" if well else "failing"
    return jsonify({"status": status, **parts, **content}), 200 if well else 503
