"""Writes of the safeguarding room, one verb for each thing a person does."""

from app.safeguarding.actions.keep_keys import make_school_key

__all__ = ["make_school_key"]
