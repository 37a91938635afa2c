"""Reads of the safeguarding room; what a viewer may not see is never selected."""

from app.safeguarding.queries import desk, drafts, keys, mail, notes, retention

__all__ = ["desk", "drafts", "keys", "mail", "notes", "retention"]
