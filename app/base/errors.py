"""The errors that people read: each carries one plain sentence in its reader's words."""


class CannotStart(Exception):
    """Catkin must not start; the sentence says why and what to do."""


class Refused(Exception):
    """An action was refused by a rule; the sentence is for the person who asked."""


class StoreAway(Exception):
    """A database could not be asked or written just now: locked, full, read-only or gone."""


class NotRecorded(StoreAway):
    """That somebody opens a concern could not be written down, so it is not shown."""


class KeyMissing(Exception):
    """A key that reading needs is not in the keys folder, or is not the right one."""
