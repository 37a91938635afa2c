"""How a pupil wants to read: size of the letters, space between lines, colour of the paper.

Kept on this browser session alone: nothing of it says anything about a pupil elsewhere.
"""

from __future__ import annotations

from flask import session

CHOICES: dict[str, dict[str, str]] = {
    "size": {"100": "Just right", "125": "Big", "150": "Very big"},
    "lines": {"usual": "Close", "wide": "Wide"},
    "paper": {"usual": "Like the page", "cream": "Cream", "white": "White", "dark": "Dark"},
}


def text_choice(about: str) -> str:
    """What was chosen about size, lines or paper; the first of each until somebody chooses."""
    chosen = session.get("text", {}).get(about)
    return chosen if chosen in CHOICES[about] else next(iter(CHOICES[about]))


def choose_text(**chosen: str) -> None:
    """Keep choices that are on offer; others are left as they were."""
    kept = {about: text_choice(about) for about in CHOICES}
    kept.update({a: c for a, c in chosen.items() if a in CHOICES and c in CHOICES[a]})
    session["text"] = kept
