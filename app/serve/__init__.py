"""Serving: everything is made ready in one process, and only then do workers start."""

from __future__ import annotations

import sys
from functools import partial

from app import create_app
from app.base.folders import prepare_folders
from app.base.running import hold_folder
from app.config import Settings
from app.prepare import Prepared, prepare
from app.serve.port import hold_port, shown_address

ANYWHERE = ("0.0.0.0", "::")


def serve(settings: Settings) -> None:
    """Serve until told to stop; CannotStart when the port or the data folder is not ours."""
    address = shown_address(settings.host, settings.port)
    listener = hold_port(settings.host, settings.port)
    # Only who holds the port and the folder may touch the databases.
    hold_folder(prepare_folders(settings.data_dir, settings.keys_dir).data, address)
    prepared = prepare(settings)
    app = create_app(prepared)
    announce = partial(print, *greeting(prepared, address), sep="\n", flush=True)
    if sys.platform == "win32":
        from app.serve.alone import serve_alone

        serve_alone(app, listener, announce)
    else:
        from app.serve.workers import serve_with_workers

        serve_with_workers(app, listener, announce)


def greeting(prepared: Prepared, address: str) -> list[str]:
    """What the terminal says once Catkin answers."""
    lines = [*prepared.remarks, f"Catkin is ready at {address}"]
    if prepared.settings.host in ANYWHERE:
        lines.append("On other computers, put this computer’s name or number in its place.")
    if prepared.setup_code is not None:
        lines.append(
            f"To set up your school from another computer, use this code: {prepared.setup_code}"
        )
    return lines
