"""bandit reads the code: all that it finds stands in explained.yaml, each with its reason."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from app.config import ROOT
from tests.attack.explained import Found, unexplained

RISKY = "import subprocess\nsubprocess.call(words, shell=True)\n"


def found_in(*places: str) -> list[Found]:
    """What bandit finds."""
    call = [sys.executable, "-m", "bandit", "--quiet", "-f", "json", "-r", *places]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, check=False)
    says = json.loads(done.stdout)
    assert says["errors"] == []
    assert says["metrics"]["_totals"]["skipped_tests"] == 0
    assert says["metrics"]["_totals"]["nosec"] == 0, "a reason stands in explained.yaml alone"
    return [
        Found(
            one["test_id"],
            one["filename"].removeprefix("./"),
            one["line_number"],
            one["issue_text"],
        )
        for one in says["results"]
    ]


def test_all_that_bandit_finds_is_explained() -> None:
    assert unexplained(found_in("app", "bootstrap.py"), stands="B") == []


def test_what_is_risky_and_new_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "risky.py").write_text(RISKY)
    assert "B602" in {one.rule for one in found_in(str(tmp_path))}
    new = Found("B602", "bootstrap.py", 1, "a shell")
    said = unexplained([new], stands="B")
    assert "bootstrap.py:1: B602: a shell" in said
    assert any("finds nothing" in one for one in said), "a reason that is not needed any more"
