"""Adults with passkeys, for the tests at the door: a Catkin at a name over TLS, and the presses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from app import create_app
from app.base.database import Store, engine_of
from app.people.queries.passkeys import passkeys
from app.people.queries.staff import team_notices
from app.prepare import Prepared
from tests.at_desk import AtDesk, school_with_team
from tests.at_school import PASSWORD, press, signed_in_adult, wording
from tests.conftest import ContractClient
from tests.parsed import tree_of
from tests.soft_key import SoftKey

HOME = "https://catkin.oak.school:8000"
LANE, HEAD = "lane.okafor@example.sch.uk", "marsh@example.sch.uk"
NO = "That passkey did not work."


class Secure(ContractClient):
    """A browser at the school's own name, over TLS; or at another `home`."""

    home = HOME

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return super().open(*args, **{"base_url": self.home, **kwargs})


@pytest.fixture
def made(prepared: Prepared) -> Iterator[Callable[..., Flask]]:
    """Makes a Catkin with this PUBLIC_URL."""
    apps: list[Flask] = []

    def make(public_url: str | None = HOME) -> Flask:
        settings = replace(prepared.settings, public_url=public_url)
        app = create_app(replace(prepared, settings=settings), testing=True)
        app.test_client_class = Secure
        apps.append(app)
        return app

    yield make
    for app in apps:
        with app.app_context():
            for store in Store:
                engine_of(store).dispose()


@pytest.fixture
def secure(made: Callable[..., Flask], clock: time_machine.Traveller) -> Flask:
    return made()


@pytest.fixture
def desk(secure: Flask) -> AtDesk:
    return school_with_team(secure)


def asked(page: TestResponse) -> str | None:
    """What a page's script would ask the browser for."""
    found = [form.get("data-passkey") for form in tree_of(page.text).iter("form")]
    return next(filter(None, found), None)


def comes_in(app: Flask, email: str = LANE) -> Secure:
    client = app.test_client()
    signed_in_adult(client, email)
    assert isinstance(client, Secure)
    return client


def my_passkeys(client: Secure, **typed: str) -> TestResponse:
    """Say who it is, and come to the page."""
    page = client.get("/staff/account/passkeys")
    answer = press(client, page, "Go on to my passkeys", password=PASSWORD, **typed)
    return client.get(answer.location)


def adds(client: Secure, device: SoftKey, name: str = "My iPad", **claims: Any) -> TestResponse:
    page = my_passkeys(client)
    told = asked(page)
    assert told is not None, wording(page)
    answer = device.made(told, HOME, **claims)
    return press(client, page, "Add a passkey", name=name, answer=answer)


def half(app: Flask, email: str = LANE) -> tuple[Secure, TestResponse]:
    """A browser in which the password was given, and the page of the code."""
    client = app.test_client()
    page = client.get("/staff/sign-in")
    answer = press(client, page, "Sign in", email=email, password=PASSWORD)
    assert isinstance(client, Secure)
    return client, client.get(answer.location)


def told(page: TestResponse) -> str:
    found = asked(page)
    assert found is not None, wording(page)
    return found


def uses(client: Secure, page: TestResponse, device: SoftKey, **claims: Any) -> TestResponse:
    return press(client, page, "Use a passkey", answer=device.used(told(page), HOME, **claims))


def kept(app: Flask, desk: AtDesk, staff_id: str) -> list[str]:
    with app.app_context():
        return [one.name for one in passkeys(desk.id, staff_id)]


def heard(app: Flask, desk: AtDesk, staff_id: str) -> list[tuple[str, bool]]:
    with app.app_context():
        return [(one.says, one.red) for one in team_notices(desk.id, staff_id)]


def token_of(page: TestResponse) -> str:
    fields = tree_of(page.text).iter("input")
    return next(one.get("value", "") for one in fields if one.get("name") == "csrf_token")
