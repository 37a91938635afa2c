"""What Catkin writes about itself: plain sentences, or one line of JSON for each event.

A line holds names of routes, kinds of faults and places in our code; never a message, for a
message may quote a child's words, and never an address, a name or who asked.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TextIO

log = logging.getLogger("catkin")

PLACES = 6
"""So many places on the way to a fault are named, the last ones."""


def trail(cause: BaseException) -> str:
    """The kind of a fault and where it happened, as file:line, without its message."""
    walked = traceback.walk_tb(cause.__traceback__)
    places = [f"{f.f_code.co_filename.rpartition('/')[2]}:{line}" for f, line in walked]
    return f"{type(cause).__name__} at {' > '.join(places[-PLACES:])}"


def note(event: str, says: str = "", *, level: int = logging.INFO, **facts: Any) -> None:
    """Write an event: its facts as JSON, or what it says as a sentence."""
    log.log(level, says or event, extra={"event": event, "facts": facts})


class JsonLines(logging.Formatter):
    """One line of JSON for each record; of other people's records only whence they came."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        moment = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
        }
        if hasattr(record, "event"):
            line |= {"event": record.event, **getattr(record, "facts", {})}
        else:
            line |= {"event": "other", "from": record.name, "at": _place(record)}
            if record.exc_info and record.exc_info[1]:
                line["fault"] = trail(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True)


def _place(record: logging.LogRecord) -> str:
    return f"{record.filename}:{record.lineno}"


class Lines(logging.StreamHandler[TextIO]):
    """Writes each line in one piece, and lets it go where nobody can take it: a full disk or a
    closed terminal must not keep a child from telling."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        with suppress(Exception):
            self.stream.write(self.format(record) + self.terminator)
            self.stream.flush()


def begin_json() -> None:
    """From now on, every record of this process and its workers is a line of JSON on stdout."""
    handler = Lines(sys.stdout)
    handler.setFormatter(JsonLines())
    everything = logging.getLogger()
    everything.handlers = [handler]
    everything.setLevel(logging.WARNING)
    log.setLevel(logging.INFO)
    logging.captureWarnings(capture=True)


def is_json() -> bool:
    """Whether lines of JSON are written."""
    return any(isinstance(one, Lines) for one in logging.getLogger().handlers)
