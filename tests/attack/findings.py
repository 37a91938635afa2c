"""What scanners find, in one form; which of it is explained, and the table of it all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

EXPLAINED = Path(__file__).with_name("scanned.yaml")
BLOCK = re.compile(r"^Parameter: (.+?) \((.+?)\)\n(.*?)(?=^(?:Parameter: |---)|\Z)", re.M | re.S)
TITLE = re.compile(r"^\s+Title: (.+)$", re.M)


@dataclass(frozen=True)
class Finding:
    """One thing that a scanner says: where, and what of."""

    scanner: str
    kind: str
    says: str
    where: str
    parameter: str


@dataclass(frozen=True)
class Why:
    """Findings that are none, by patterns, and the reason."""

    scanner: str
    kind: str
    says: str
    where: str
    why: str

    def explains(self, one: Finding) -> bool:
        """Whether this finding is one of them."""
        patterns = ((self.kind, one.kind), (self.says, one.says), (self.where, one.where))
        return self.scanner == one.scanner and all(re.search(p, t) for p, t in patterns)


def explanations(path: Path = EXPLAINED) -> list[Why]:
    """The list, checked: a reason is a sentence, and a pattern is never for everything."""
    found = [Why(**row) for row in YAML(typ="safe", pure=True).load(path)["explained"]]
    for one in found:
        if len(one.why) < 20 or not (one.kind and (one.says or one.where)):
            raise ValueError(f"{path.name}: say what this is about, and why it is nothing: {one}")
    return found


def from_wapiti(report: Mapping[str, Any]) -> list[Finding]:
    """The findings of a report of wapiti; ids and tokens in addresses are left out."""
    found = {
        Finding("wapiti", kind, one["info"], plain(one["path"]), one.get("parameter") or "")
        for part in ("vulnerabilities", "anomalies")
        for kind, several in report[part].items()
        for one in several
    }
    return sorted(found, key=str)


def crawled(report: Mapping[str, Any]) -> int:
    """How many pages wapiti says it saw."""
    pages = report["infos"]["crawled_pages_nbr"]
    return int(pages)


def from_sqlmap(log: str, where: str) -> list[Finding]:
    """The injection points of a log of sqlmap; it writes nothing where there are none."""
    return [
        Finding("sqlmap", f"injection by {place}", title, where, name)
        for name, place, rest in BLOCK.findall(log)
        for title in TITLE.findall(rest)
    ]


def was_tried(said: str) -> bool:
    """Whether sqlmap came to an end with a request, whatever it found."""
    return "do not appear to be injectable" in said or "injection point" in said


def plain(address: str) -> str:
    """An address without what is another in each school."""
    without = re.sub(r"^https?://[^/]+", "", address).partition("?")[0]
    return re.sub(
        r"(?<=/)(?:[0-9a-z]{16}|[0-9a-z]{26}|[\w.-]{40,}|[a-z]+-\d{4})(?=/|$)", "…", without
    )


def sorted_out(
    found: Iterable[Finding], known: list[Why]
) -> tuple[dict[Why, int], list[Finding], list[Why]]:
    """How many findings each reason explains; those that none does; reasons for nothing."""
    counted = dict.fromkeys(known, 0)
    left = []
    for one in sorted(set(found), key=str):
        reasons = [why for why in known if why.explains(one)]
        for why in reasons[:1]:
            counted[why] += 1
        left += [] if reasons else [one]
    return counted, left, [why for why, times in counted.items() if not times]


def table(counted: Mapping[Why, int], left: list[Finding]) -> str:
    """What stands at the end of a run."""
    lines = [f"{'scanner':9}{'how many':>9}  what"]
    for why, times in counted.items():
        if times:
            lines.append(f"{why.scanner:9}{times:>9}  {why.kind.strip('^$')}: explained: {why.why}")
    for one in left:
        where = f" at {one.where}" if one.where else ""
        of = f" in {one.parameter}" if one.parameter else ""
        lines.append(f"{one.scanner:9}{'':>9}  NOT EXPLAINED: {one.kind}: {one.says}{where}{of}")
    lines.append(f"{sum(counted.values())} explained, {len(left)} not explained")
    return "\n".join(lines)
