"""The headers of every answer: nothing from elsewhere, nothing kept behind."""

from __future__ import annotations

from flask import Flask, current_app, g, request
from werkzeug.wrappers import Response

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}


def dress(response: Response) -> Response:
    """Put the headers on; pages are never stored, so Back after signing out shows nothing."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    if request.endpoint != "static" or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    _token_was_checked(response)
    return response


def with_nothing_kept(answer: Response) -> Response:
    """After signing out the browser lets go of all it holds of Catkin but the cookies.

    Those know the class of this device, and nobody. Browsers obey where the address is secure.
    """
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _token_was_checked(response: Response) -> None:
    """A view that acts on a POST without checking its token is a fault of ours: fail in tests."""
    unchecked = request.method == "POST" and not g.get("token_checked")
    if current_app.testing and unchecked and request.endpoint and response.status_code < 400:
        raise RuntimeError(f"{request.endpoint} answered a POST without checking its token")


def prepare_headers(app: Flask) -> None:
    """Dress every answer."""
    app.after_request(dress)
