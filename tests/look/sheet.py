"""The contact sheet: every picture by its section, beside the mock-ups of its number if given."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.look.pages import SECTIONS

LOOK = """
body { margin: 24px; font: 16px/1.4 sans-serif; color: #222; background: #e9e9e4; }
nav a { margin-right: 16px; }
h3 { margin: 32px 0 8px; }
.row { display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-start; }
figure { margin: 0; }
img { height: 280px; border: 1px solid #999; background: #fff; }
.drawn img { border: 3px solid #b23a12; }
figcaption { font-size: 13px; }
"""


def sheet(files: Mapping[str, list[Path]], into: Path, mockups: Path | None) -> str:
    """The page that shows them all, as it is written into a folder."""
    links = "".join(f'<a href="#{_mark(title)}">{html.escape(title)}</a>' for title in SECTIONS)
    parts = [f"<h1>Every page</h1><nav>{links}</nav>"]
    for title, pages in SECTIONS.items():
        parts.append(f'<h2 id="{_mark(title)}">{html.escape(title)}</h2>')
        for page in pages:
            drawn = mockups_of(page.name, sorted(mockups.glob("*.png"))) if mockups else []
            shown = [*_figures(files[page.name], into), *_figures(drawn, into, "drawn")]
            parts.append(f"<h3>{html.escape(page.name)}</h3><div class=row>{''.join(shown)}</div>")
    head = f"<meta charset=utf-8><title>Every page</title><style>{LOOK}</style>"
    body = "".join(parts)
    return f"<!doctype html><html lang=en-GB><head>{head}</head><body>{body}</body></html>"


def mockups_of(name: str, mockups: Iterable[Path]) -> list[Path]:
    """The mock-ups of a page: its very name where there is one, or all of its number."""
    number = re.match(r"\d+(?=-)", name)
    if number is None:
        return []
    same = [one for one in mockups if one.stem.startswith(f"{number[0]}-")]
    return [one for one in same if one.stem == name] or same


def _mark(title: str) -> str:
    return re.sub(r"\W+", "-", title.lower())


def _figures(files: Iterable[Path], into: Path, kind: str = "ours") -> list[str]:
    found = []
    for file in files:
        where = html.escape(Path(os.path.relpath(file, into)).as_posix())
        picture = f'<a href="{where}"><img src="{where}" alt="" loading=lazy></a>'
        says = html.escape(file.stem if kind == "ours" else f"mock-up {file.stem}")
        found.append(f"<figure class={kind}>{picture}<figcaption>{says}</figcaption></figure>")
    return found
