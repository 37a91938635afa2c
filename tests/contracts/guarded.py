"""What holds for every answer, page or not: the headers that guard it."""

from __future__ import annotations

from werkzeug.test import TestResponse

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NOTHING_FROM_ELSEWHERE = (
    "default-src 'none'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)


def undressed(answer: TestResponse) -> list[str]:
    """Each header that an answer lacks, or has too much."""
    policy = answer.headers.get("Content-Security-Policy", "")
    found = [name for name, value in ALWAYS.items() if answer.headers.get(name) != value]
    found += [part for part in NOTHING_FROM_ELSEWHERE if part not in policy.split("; ")]
    found += [loose for loose in ("unsafe", "*", "http:", "data:") if loose in policy]
    found += [name for name in ("Server", "X-Powered-By") if name in answer.headers]
    if "geolocation=()" not in answer.headers.get("Permissions-Policy", ""):
        found.append("Permissions-Policy")
    return found


def kept_behind(answer: TestResponse) -> bool:
    """Whether a browser may keep it."""
    return answer.headers.get("Cache-Control") != "no-store"
