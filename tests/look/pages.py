"""Every page that is looked at: its name, its address, who looks, at which sizes."""

from __future__ import annotations

from dataclasses import dataclass

PUPIL = ((1366, 640), (1180, 820), (390, 844))
STAFF = ((1440, 900), (1280, 720), (390, 844))
BOARD = ((1920, 1080), (1366, 768), (1280, 720))


@dataclass(frozen=True)
class Page:
    """One page or state; braces in the address are filled from the seeded school."""

    name: str
    address: str
    who: str | None = None
    sizes: tuple[tuple[int, int], ...] = PUPIL


PAGES = (
    Page("01-class-code", "/sign-in"),
    Page("04-map", "/map", "pupil"),
    Page("06-lesson-front", "/lesson/t-79", "pupil"),
    Page("07-quiz-front", "/quiz/t-79-block-it", "pupil"),
    Page("07-scene", "/quiz/t-79-block-it/play", "player"),
    Page("09-tell-1", "/tell", "pupil"),
    Page("10-tell-2", "/tell/feel", "pupil"),
    Page("10-tell-3", "/tell/who", "pupil"),
    Page("10-tell-about", "/tell/about", "pupil"),
    Page("11-my-notes", "/notes", "amina"),
    Page("61-what-i-can-do", "/what-i-can-do", "pupil"),
    Page("text", "/text", "pupil"),
    Page("error-404-pupil", "/nowhere", "pupil"),
    Page("13-today", "/today", "teacher", STAFF),
    Page("14-concern", "/concerns/{reference}", "DSL", STAFF),
    Page("15-concerns", "/concerns", "DSL", STAFF),
    Page("52-people", "/people", "DSL", STAFF),
    Page("53-classes", "/classes", "DSL", STAFF),
    Page("54-class-list", "/classes/{class}", "DSL", STAFF),
    Page("55-staff-sign-in", "/staff/sign-in", None, STAFF),
    Page("56-class-grid", "/class/{class}/progress", "teacher", STAFF),
    Page("56-class", "/class/{class}", "teacher", STAFF),
    Page("58-board", "/lessons/t-79/board/1", "teacher", BOARD),
    Page("70-help", "/help"),
    Page("lessons", "/lessons", "teacher", STAFF),
    Page("77-ready", "/ready", "DSL", STAFF),
    Page("error-404-staff", "/nowhere", "teacher", STAFF),
)
