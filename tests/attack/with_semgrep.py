"""Our own rules over the code: each finds what is planted for it, nothing else is unexplained.

python -m tests.attack.with_semgrep <where semgrep lies>
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from app.config import ROOT
from tests.attack.explained import Found, unexplained

RULES = Path(__file__).with_name("rules")
MARK = "FOUND"
READ = ("app", "templates", "bootstrap.py")
QUIET = ("--metrics=off", "--disable-version-check", "--no-git-ignore", "--quiet", "--json")


@dataclass(frozen=True)
class Rule:
    """A rule's name, and the example it must find."""

    id: str
    planted: str
    ending: str

    @property
    def file(self) -> str:
        """Where its example is planted."""
        return f"planted/{self.id}.{self.ending}"

    @property
    def lines(self) -> set[int]:
        """The lines of the example in which it must find something."""
        marked = enumerate(self.planted.splitlines(), 1)
        return {number for number, line in marked if line.endswith(MARK)}


def all_rules() -> list[Rule]:
    """Every rule that is written down."""
    found: list[Rule] = []
    for file in sorted(RULES.glob("*.yaml")):
        for rule in YAML(typ="safe", pure=True).load(file)["rules"]:
            more = rule["metadata"]
            found.append(Rule(rule["id"], more["planted"], more.get("ending", "py")))
    return found


def what_is_wrong(rules: list[Rule], findings: list[dict[str, Any]]) -> list[str]:
    """A sentence for each example not found, each neighbour blamed, each finding in Catkin."""
    said = []
    for rule in rules:
        seen = {one["start"]["line"] for one in findings if found_by(one, rule)}
        said += [f"{rule.id} does not find its line {line}" for line in sorted(rule.lines - seen)]
        said += [f"{rule.id} blames its line {line}" for line in sorted(seen - rule.lines)]
        if not rule.lines:
            said.append(f"{rule.id} has nothing planted for it")
    own = [one for one in findings if not one["path"].startswith("planted/")]
    return said + unexplained(as_found(one) for one in own)


def as_found(one: dict[str, Any]) -> Found:
    """A finding as explained.yaml knows it."""
    says, line = one["extra"]["message"], one["start"]["line"]
    return Found(name_of(one), one["path"], line, says)


def name_of(one: dict[str, Any]) -> str:
    """The rule's own name, without the folder it lies in."""
    return str(one["check_id"]).rpartition(".")[2]


def found_by(one: dict[str, Any], rule: Rule) -> bool:
    """Whether a finding is this rule's, in its own example."""
    return bool(one["path"] == rule.file and name_of(one) == rule.id)


def read_all(semgrep: str, rules: list[Rule]) -> list[dict[str, Any]]:
    """What semgrep finds in Catkin and in the examples, laid out in one folder; one run."""
    with tempfile.TemporaryDirectory() as folder:
        ground = Path(folder)
        for name in READ:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, ground / name)
        (ground / "planted").mkdir()
        for rule in rules:
            (ground / rule.file).write_text(rule.planted, "utf-8")
        # It writes its own settings at home, which may be away or somebody's own.
        given = {**os.environ, "HOME": folder, "SEMGREP_SEND_METRICS": "off"}
        # Its other programs lie beside it.
        given["PATH"] = f"{Path(semgrep).parent}{os.pathsep}{given.get('PATH', '')}"
        call = [semgrep, "scan", *QUIET, "--config", str(RULES), "."]
        done = subprocess.run(call, cwd=ground, env=given, capture_output=True, check=False)
    says = json.loads(done.stdout or b"{}")
    broken = [str(one.get("message", one)) for one in says.get("errors", ())]
    if broken or "results" not in says:
        raise SystemExit("\n".join(broken) or done.stderr.decode() or "semgrep said nothing")
    results: list[dict[str, Any]] = says["results"]
    return results


def main() -> int:
    """Read everything; 1 where something is wrong."""
    rules = all_rules()
    wrong = what_is_wrong(rules, read_all(os.path.abspath(sys.argv[1]), rules))
    planted = sum(len(rule.lines) for rule in rules)
    print(
        "\n".join(wrong)
        or f"{len(rules)} rules: {planted} planted lines found, 0 unexplained in Catkin"
    )
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
