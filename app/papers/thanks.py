"""Whose work Catkin stands on: packages as installed, fonts, icons, and where facts come from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PASSWORDS_LICENCE = ROOT / "app/people/LICENCE-zxcvbn.txt"
"""Of the list of common passwords that stands beside it."""
_PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==", re.M)
_LICENCE_FILE = re.compile(r"licen[cs]e|copying|notice|authors", re.I)
_SITE = re.compile(r"\b(?:[a-z0-9][a-z0-9-]*\.)+(?!md\b|yaml\b|json\b|py\b)[a-z]{2,}\b")
_SOURCE = re.compile(r"^[ -]*source: (.+)$", re.M)
_CHECKED = re.compile(r"^\s+checked: ([\d-]+)$", re.M)


@dataclass(frozen=True, slots=True)
class Package:
    """An installed package; `ours` asks for it by name, the others come along."""

    name: str
    version: str
    licence: str
    ours: bool


@dataclass(frozen=True, slots=True)
class Font:
    """A family of letters, whom it belongs to, and its licence's file in static/."""

    name: str
    whose: str
    file: str


@dataclass(frozen=True, slots=True)
class Register:
    """A register of facts: what it holds, when it was checked, which sites its rows name."""

    file: str
    about: str
    checked: date | None
    rows: int
    sites: tuple[str, ...]


@cache
def packages() -> tuple[Package, ...]:
    """What runs here, those asked for by name first."""
    text = (ROOT / "requirements.txt").read_text("utf-8")
    found = [Package(one.name, one.version, _licence(one), ours) for one, ours in _installed(text)]
    return tuple(sorted(found, key=lambda one: (not one.ours, one.name.lower())))


def _installed(text: str) -> Iterator[tuple[Distribution, bool]]:
    pins = list(_PINNED.finditer(text))
    ends = [pin.start() for pin in pins[1:]] + [len(text)]
    for pin, end in zip(pins, ends, strict=True):
        try:
            one = distribution(pin[1])
        except PackageNotFoundError:
            continue  # For another kind of computer.
        yield one, "requirements.in" in text[pin.end() : end]


def _licence(package: Distribution) -> str:
    """As the package says it: a short name, or what it files itself under."""
    said = package.metadata
    filed = [
        line.rpartition(" :: ")[2]
        for line in said.get_all("Classifier") or ()
        if line.startswith("License ::")
    ]
    named = str(said["License-Expression"] or said["License"] or "").strip()
    return named if 0 < len(named) < 60 and "\n" not in named else " or ".join(filed) or "see text"


@cache
def licence_texts() -> str:
    """The licence of every package and of the list of passwords in full, one after the other."""
    text = (ROOT / "requirements.txt").read_text("utf-8")
    parts = []
    for one, _ours in sorted(_installed(text), key=lambda pair: pair[0].name.lower()):
        head = f"{one.name} {one.version}\n{'=' * (len(one.name) + len(one.version) + 1)}"
        parts += [head, f"Licence: {_licence(one)}", *_texts(one)]
    head = "zxcvbn's list of passwords"
    parts += [f"{head}\n{'=' * len(head)}", PASSWORDS_LICENCE.read_text("utf-8").strip()]
    return "\n\n".join(parts) + "\n"


def _texts(package: Distribution) -> Iterator[str]:
    for file in package.files or ():
        if ".dist-info" in file.parts[0] and _LICENCE_FILE.search(file.name):
            yield file.read_text(encoding="utf-8").strip()


@cache
def fonts() -> tuple[Font, ...]:
    """The families in static/fonts, from the licences beside them."""
    return tuple(_font(path) for path in sorted((ROOT / "static/fonts").glob("OFL-*.txt")))


def _font(path: Path) -> Font:
    whose = path.read_text("utf-8").splitlines()[0].split(" (")[0]
    name = re.sub(r"^Copyright [\d-]+ The (.+) Project Authors$", r"\1", whose)
    return Font(name, whose, f"fonts/{path.name}")


@cache
def registers(facts: Path) -> tuple[Register, ...]:
    """The registers in lessons/facts, each by its own first line."""
    return tuple(_register(path) for path in sorted(facts.glob("*.yaml")))


def _register(path: Path) -> Register:
    text = path.read_text("utf-8")
    sources, day = _SOURCE.findall(text), _CHECKED.search(text)
    about = re.split(r"[.:] |\.$", text.splitlines()[0].removeprefix("# "))[0]
    sites = sorted({site for source in sources for site in _SITE.findall(source)})
    return Register(
        path.name, about, date.fromisoformat(day[1]) if day else None, len(sources), tuple(sites)
    )
