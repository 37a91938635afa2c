"""The teacher door; each module beside this one adds its routes."""

from __future__ import annotations

from app.web.guards import Door

door = Door("teacher", __name__, over_plain_http=False)
