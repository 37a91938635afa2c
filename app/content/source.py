"""Opening a content file: what can be mended is mended, what cannot is one problem."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import Final

from app.content.problems import Findings

MOST_BYTES: Final = 256 * 1024
_HIDDEN: Final = re.compile(
    "[\x01-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u200b-\u200f\u2028-\u202e\u2060-\u2069\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\uffff"
    "\U000e0000-\U000e01ef]"
)


def read_text(path: Path, findings: Findings) -> str | None:
    """The file's text with BOM, tabs and line ends mended; None if it cannot be read.

    Files over 256 KB are refused before they are opened.
    """
    try:
        if not path.is_file():
            findings.add(1, "this is not a file", "put a text file here or take it away")
            return None
        if path.stat().st_size > MOST_BYTES:
            findings.add(1, "the file is over 256 KB", "make it shorter")
            return None
        raw = path.read_bytes()
    except OSError:
        findings.add(1, "the file cannot be opened", "check who may read it")
        return None
    return _decoded(raw, findings)


def edition_of(text: str) -> str:
    """The name of a text by what is in it: another when a single letter differs."""
    return sha256(text.encode()).hexdigest()[:16]


def _decoded(raw: bytes, findings: Findings) -> str | None:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        findings.add(1, "the text is saved as UTF-16", "save it as UTF-8")
        return None
    zero = raw.find(b"\0")
    if zero >= 0:
        findings.add(_line(raw, zero), "a NUL byte: this is not text", "save it as plain text")
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        findings.add(_line(raw, error.start), "the text is not UTF-8", "save it as UTF-8")
        return None
    return _without_hidden(_mended(text), findings)


def _mended(text: str) -> str:
    """Tabs become two spaces, Windows and old Mac line ends one line feed, hard spaces spaces."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n").replace("\xa0", " ")
    return text.expandtabs(2)


def _without_hidden(text: str, findings: Findings) -> str:
    for match in _HIDDEN.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        code = f"U+{ord(match[0]):04X}"
        findings.add(line, f"a hidden character ({code})", "delete it and type the words again")
    return _HIDDEN.sub("", text)


def _line(raw: bytes, offset: int) -> int:
    before = raw[:offset].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n") + 1
