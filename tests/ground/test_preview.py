"""`python -m app content preview` as an author starts and stops it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from app.config import ROOT

pytestmark = pytest.mark.process


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
@pytest.mark.parametrize("stop", ["SIGINT", "SIGTERM"])
def test_it_serves_until_it_is_stopped_and_leaves_nothing(tmp_path: Path, stop: str) -> None:
    data, folder = tmp_path / "data", tmp_path / "tmp"
    folder.mkdir()
    given = {"DATA_DIR": str(data), "TMPDIR": str(folder), "HOST": "0.0.0.0", "HOME": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-m", "app", "content", "preview"],
        cwd=ROOT,
        env={**os.environ, **given},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+/preview", process.stdout.readline())
        assert address is not None
        with urllib.request.urlopen(address[0], timeout=30) as page:
            assert b"Nothing is kept." in page.read()
        assert list(folder.iterdir())
        process.send_signal(getattr(signal, stop))
        try:
            said, _ = process.communicate(timeout=60)
        finally:
            process.kill()
        assert process.returncode == 0
    assert said.endswith("The preview has ended. Nothing of it was kept.\n")
    assert "Traceback" not in said
    assert list(folder.iterdir()) == []
    assert not data.exists()
    assert {path.name for path in tmp_path.iterdir()} == {"tmp"}
