"""Serving: everything is made ready in one process, and only then do workers start."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import partial

from flask import Flask

from app import create_app
from app.base.ballast import lay
from app.base.database import Store, engine_of
from app.base.errors import StoreAway
from app.base.folders import prepare_folders
from app.base.log_lines import begin_json, is_json, note
from app.base.network import own_addresses
from app.base.post import MailServer
from app.base.running import hold_folder
from app.config import Settings
from app.people.queries import schools
from app.prepare import Prepared, prepare
from app.safeguarding.queries.keys import remember_public_key
from app.serve.keeper import CHORES, Keeper
from app.serve.port import hold_port, shown_address

ANYWHERE = ("0.0.0.0", "::")
PLAIN = (
    "There is no TLS: adults’ pages open on this computer alone, and what children type could be"
    " read on the school’s network."
)
HOW_TO = "To switch it on: .venv/bin/python -m app tls"
ON_WINDOWS = (
    "On Windows Catkin speaks no TLS itself: put a proxy that does (Caddy, IIS) before it, and name"
    " it with TRUSTED_PROXY and PUBLIC_URL."
)


def serve(settings: Settings) -> None:
    """Serve until told to stop; CannotStart when the port or the data folder is not ours."""
    address = shown_address(settings.host, settings.port, tls=settings.tls is not None)
    if settings.json_log:
        begin_json()
    listener = hold_port(settings.host, settings.port)
    # Only who holds the port and the folder may touch the databases.
    folders = prepare_folders(settings.data_dir, settings.keys_dir, demo=settings.demo)
    hold_folder(folders.data, address)
    lay(folders.data)
    prepared, app = _made(settings)
    _know_keys(app)  # A worker that starts later, while a store is away, knows them from here.
    announce = partial(_announce, prepared, address)
    by_itself = partial(_by_itself, app, settings.mail)
    parent = os.getpid()
    try:
        if sys.platform == "win32":
            from app.serve.alone import serve_alone

            by_itself()
            serve_alone(app, listener, announce)
        else:
            from app.serve.workers import serve_with_workers

            serve_with_workers(app, listener, announce, by_itself, settings.tls)
    finally:
        if os.getpid() == parent:
            note("stopped")


def _announce(prepared: Prepared, address: str) -> None:
    """Say that Catkin answers: to a person, or as lines for a machine."""
    if not is_json():
        print(*greeting(prepared, address), sep="\n", flush=True)
        return
    settings = prepared.settings
    for remark in prepared.remarks:
        note("remark", says=settings.whole(remark))
    note("started", address=address)
    if prepared.setup_code is not None:
        says = to_set_up(settings, address, prepared.setup_code)
        note("not set up", code=prepared.setup_code, says=says)


def _know_keys(app: Flask) -> None:
    """Know the schools' public keys before a child tells; no connection stays open for it."""
    with app.app_context(), suppress(StoreAway):
        for school_id in schools.all_schools():
            remember_public_key(school_id, anew=True)
        for store in Store:
            engine_of(store).dispose()


def _by_itself(app: Flask, server: MailServer | None) -> None:
    """Have done in this process what nobody presses a button for."""
    _know_keys(app)
    Keeper(app, CHORES).begin()
    if server is not None:
        from app.serve.postman import Postman

        Postman(app, server).begin()


def _made(settings: Settings) -> tuple[Prepared, Flask]:
    """The app of a school, or of the demo with all its classes open."""
    if not settings.demo:
        prepared = prepare(settings)
        return prepared, create_app(prepared)
    from app.demo.app import demo_app, open_up
    from app.demo.kept import read_demo

    if read_demo(settings.data_dir) is None:
        from app.demo.seed import seed_demo  # What makes a school is not needed to serve it.

        seed_demo(settings)
    prepared = prepare(settings)
    app = demo_app(prepared)
    open_up(app)
    return prepared, app


def on_network(settings: Settings) -> list[str]:
    """How other computers come in, and what is not open to them."""
    lines = []
    if settings.public_url and not settings.tls:
        lines.append(f"On other computers: {settings.public_url}")
    elif settings.host in ANYWHERE and not settings.public_url:
        found = [
            shown_address(one, settings.port, tls=bool(settings.tls)) for one in own_addresses()
        ]
        lines.append(
            "On other computers, put this computer’s name or number in its place"
            + (f": {', '.join(found)}." if found else ".")
        )
    if settings.is_open_to_listeners:
        lines.append(PLAIN)
        lines.append(ON_WINDOWS if sys.platform == "win32" else settings.whole(HOW_TO))
    return lines


def to_set_up(settings: Settings, address: str, code: str) -> str:
    """Where the school can be set up: as every page of adults, where nobody can listen."""
    if not settings.is_open_to_listeners:
        here = f"Set up your school on this computer, at {address}."
        return f"{here} Where it asks for a code, as on other computers, use this code: {code}"
    if settings.host in ANYWHERE:
        return f"Set up your school on this computer, at {address}. On others only once TLS is on."
    return (
        f"Nobody can set up the school yet: {settings.host} is open to the network, without TLS."
        " Switch it on, or start with HOST=0.0.0.0 and set up on this computer."
    )


def greeting(prepared: Prepared, address: str) -> list[str]:
    """What the terminal says once Catkin answers."""
    settings = prepared.settings
    if settings.tls and settings.public_url:
        address = settings.public_url  # The certificate need not know this computer as 127.0.0.1.
    remarks = (settings.whole(remark) for remark in prepared.remarks)
    lines = [*remarks, f"Catkin is ready at {address}"]
    if settings.demo:
        lines.append(f"This is the demo, a pretend school. Every sign-in is at {address}/demo")
    lines += on_network(settings)
    if prepared.setup_code is not None:
        lines.append(to_set_up(settings, address, prepared.setup_code))
    return lines
