"""Catkin: e-safety for primary schools. `create_app` is the only place that knows all parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from app.prepare import Prepared


def create_app(prepared: Prepared, *, testing: bool = False) -> Flask:
    """The app, from what was prepared."""
    from flask_compress import Compress

    from app.base.database import connect_stores
    from app.config import ROOT
    from app.doors import desk, family, office, public, pupil, teacher, workshop
    from app.web import drafts, errors, guards, headers, log_requests, network, pages, viewer

    app = Flask(
        "catkin",
        root_path=str(ROOT),
        template_folder="templates",
        static_folder="static",
        # A new name for the folder whenever a file in it changes: browsers may keep it for good.
        static_url_path=f"/static/{prepared.static_version}",
    )
    app.config.update(
        SECRET_KEY=prepared.keys.read("cookies"),
        TESTING=testing,
        SESSION_COOKIE_NAME="catkin",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        SEND_FILE_MAX_AGE_DEFAULT=365 * 24 * 3600,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_MIN_SIZE=500,
        COMPRESS_MIMETYPES=["text/html", "text/css", "text/javascript", "image/svg+xml"],
        PROPAGATE_EXCEPTIONS=False,
        DRAWS_ONCE=True,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["catkin"] = prepared
    log_requests.prepare_request_log(app)
    Compress(app)
    connect_stores(app, prepared.folders.data)
    network.prepare_network(app)
    for part in (viewer.prepare_viewers, pages.prepare_pages, guards.prepare_guards):
        part(app)
    drafts.prepare_drafts(app)
    headers.prepare_headers(app)
    errors.prepare_errors(app)
    for side in (public, pupil, teacher, desk, office, family, workshop):
        app.register_blueprint(side.door)
    return app
