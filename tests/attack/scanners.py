"""How wapiti and sqlmap are called, as somebody who is signed in; what each says, and finds."""

from __future__ import annotations

import json
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.attack.findings import Finding, crawled, from_sqlmap, from_wapiti, plain, was_tried
from tests.attack.target import Request, Served, Target

MODULES = (
    "cookieflags", "crlf", "csp", "csrf", "exec", "file", "htaccess", "http_headers",
    "information_disclosure", "inconsistent_redirection", "methods", "permanentxss",
    "redirect", "sql", "upload", "xss", "xxe",
)  # fmt: skip
"""Those that need no machine elsewhere, and ask nothing that only other languages have."""
OURS = ("csrf_token", "once", "step", "runs", "so_far")
"""Signed or drawn for each page: with anything else in them a form goes no further."""
AT_ONCE = 2
TRIES = 2
"""Wapiti now and then waits too long for its own database, and gives up."""
TAKEN_TO_START = 8


def wapiti(
    program: str, target: Target, served: Served, who: str, folder: Path, seconds: float
) -> tuple[str, list[Finding]]:
    """Crawl from every page and attack what is found."""
    report = folder / "report.json"
    address = served.running.address
    call = [program, "-u", f"{address}/", "--scope", "folder", "-C", target.cookies[who]]
    call += ["-A", target.agent, "-m", ",".join(MODULES), "-l", "1", "-d", "3", "-t", "10"]
    call += ["--max-scan-time", f"{seconds / 3:.0f}", "--max-parameters", "40"]
    call += ["--max-attack-time", f"{max(3, seconds * 2 / 3 / len(MODULES)):.1f}", "-v", "0"]
    call += ["--flush-session", "--no-bugreport", "--store-session", str(folder / "session")]
    call += ["--store-config", str(folder / "config"), "-f", "json", "-o", str(report)]
    call += [part for path in target.pages for part in ("-s", address + path)]
    call += [part for path in target.ends[who] for part in ("-x", address + path)]
    for name in OURS:
        call += ["--skip", name]
    for _ in range(TRIES):
        said = _call(call, seconds * 3)
        if report.exists():
            break
    else:
        return "no report", [Finding("wapiti", "failed", said[-200:], "", "")]
    read = json.loads(report.read_text("utf-8"))
    found = from_wapiti(read)
    return f"{crawled(read)} pages crawled, {len(found)} findings", found


def sqlmap(
    program: str, target: Target, served: Served, who: str, folder: Path, seconds: float
) -> tuple[str, list[Finding]]:
    """Every request of this attacker with something changed in each of its fields."""
    end = time.monotonic() + seconds
    mine = [one for one in target.requests if one.who == who]

    def tried(pair: tuple[int, Request]) -> tuple[bool, list[Finding]]:
        number, one = pair
        left = end - time.monotonic()
        if left < TAKEN_TO_START:
            return False, []
        return _one(program, target, served, one, folder / str(number), left)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        came = list(pool.map(tried, enumerate(mine)))
    found = [one for _, several in came for one in several]
    done = sum(was for was, _ in came)
    if done < len(mine):
        says = f"{len(mine) - done} requests of {who} in the time there was"
        found.append(Finding("sqlmap", "not tried", says, "", ""))
    return f"{done} of {len(mine)} requests tried out", found


def _one(
    program: str, target: Target, served: Served, one: Request, folder: Path, left: float
) -> tuple[bool, list[Finding]]:
    folder.mkdir()
    url = served.running.address + one.path
    call = [program, "-u", url if one.body or "?" in url else f"{url}*", "--batch", "--level", "2"]
    call += ["--risk", "1", "--technique", "BE", "--dbms", "sqlite", "--ignore-redirects"]
    call += ["--ignore-code", "*", "--drop-set-cookie", "--flush-session", "--disable-coloring"]
    # It would come as another browser, and Catkin ends a sign-in that does.
    call += ["--skip-waf"]
    call += ["--cookie", target.cookies[one.who], "--user-agent", target.agent, "--retries", "0"]
    call += ["--skip", "User-Agent,Referer,Cookie,csrf_token", "--timeout", "10"]
    call += ["--output-dir", str(folder), "--time-limit", f"{left:.0f}"]
    if one.body:
        call += ["--data", one.body]
        call += ["--randomize", "once"] if "once=" in one.body else []
    said = _call(call, left + 20)
    where = f"{one.name} {plain(one.path)}"
    logs = [path.read_text("utf-8") for path in folder.rglob("log")]
    return was_tried(said), [found for log in logs for found in from_sqlmap(log, where)]


def _call(call: list[str], seconds: float) -> str:
    try:
        done = subprocess.run(
            call, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            timeout=seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        return f"ended after {seconds:.0f} s: " + (late.stdout or b"").decode(errors="replace")
    return done.stdout.decode(errors="replace")
