"""An adult's browser and machine in two words: enough to know one's own sign-ins, and no more."""

from __future__ import annotations

BROWSERS = (
    (("Edg/", "EdgA/", "EdgiOS/"), "Edge"),
    (("OPR/", "OPT/"), "Opera"),
    (("SamsungBrowser/",), "Samsung Internet"),
    (("Firefox/", "FxiOS/"), "Firefox"),
    (("Chrome/", "CriOS/"), "Chrome"),
    (("Safari/",), "Safari"),
)
"""What each says of itself, those that also name another first."""
MACHINES = (
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("CrOS", "Chromebook"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
"""An iPad that asks for pages as a Mac does is taken for one."""


def in_two_words(browser_says: str) -> str:
    """Such as "Chrome on Windows"; words of the closed list alone, whatever a browser says."""
    browser = next((name for marks, name in BROWSERS if _any(marks, browser_says)), "a browser")
    machine = next((name for mark, name in MACHINES if mark in browser_says), None)
    return f"{browser} on {machine}" if machine else browser


def _any(marks: tuple[str, ...], text: str) -> bool:
    return any(mark in text for mark in marks)
