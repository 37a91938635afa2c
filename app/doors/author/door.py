"""The authors' door; no Catkin of a school has it."""

from __future__ import annotations

from app.web.guards import Door

door = Door("author", __name__, url_prefix="/preview", over_plain_http=False)
