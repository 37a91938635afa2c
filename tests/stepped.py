"""Adults with a second step: set up without a page, and the code that their app shows now."""

from __future__ import annotations

import re

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update
from werkzeug.test import TestResponse

from app.base import clock
from app.base.database import Store, writing
from app.people import second_step
from app.people.tables import SecondStep, SignIn

SECRET = b"a secret of 20 bytes"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def set_up(app: Flask, school_id: str, *adults: str, secret: bytes = SECRET) -> None:
    """Give these adults an app that shares a secret with Catkin."""
    key, moment = app.extensions["catkin"].keys.read(second_step.KEY), clock.now()
    with app.app_context():
        rows = [
            SecondStep(
                staff_id=adult,
                school_id=school_id,
                sealed=second_step.seal(key, secret, school_id, adult),
                made_at=moment,
                confirmed_at=moment,
            )
            for adult in adults
        ]
        with writing(Store.LEARNING) as session:
            old = delete(SecondStep).where(SecondStep.school_id == school_id)
            session.execute(old.where(SecondStep.staff_id.in_(adults)))
            session.add_all(rows)


def counts_as_given(app: Flask, school_id: str, sign_in: str) -> None:
    """Let a sign-in (its fingerprint) of an adult without an app carry the second step."""
    with app.app_context(), writing(Store.LEARNING) as session:
        session.execute(
            update(SignIn)
            .where(SignIn.school_id == school_id, SignIn.fingerprint == sign_in)
            .values(second_step_at=clock.now())
        )


def set_up_by_page(client: FlaskClient, answer: TestResponse) -> TestResponse:
    """Where a first sign-in led to setting up an app, set it up; the page of recovery codes."""
    assert (answer.location or "").startswith("/staff/second-step"), answer.location
    page = client.get(answer.location).text
    shown, token = re.search(r'class="secret".*?</p>', page, re.DOTALL), TOKEN.search(page)
    assert shown is not None
    assert token is not None
    totp = pyotp.TOTP("".join(re.findall(r"<span>(\w{4})</span>", shown[0])))
    sent = {"csrf_token": token[1], "code": totp.at(clock.now())}
    done = client.post(answer.location, data=sent)
    assert "Recovery codes for Catkin" in done.text
    return done


def code_now(secret: bytes = SECRET, *, ahead: int = 0) -> str:
    """What the app shows, or will show so many half minutes ahead."""
    step = second_step.step_at(clock.now()) + ahead
    return str(pyotp.TOTP(second_step.as_text(secret)).generate_otp(step))


def give_code(client: FlaskClient, answer: TestResponse) -> TestResponse:
    """Where a password led to the code, type it; no code counts as used, for the clock stands."""
    if not (answer.location or "").startswith("/staff/code"):
        return answer
    with client.application.app_context(), writing(Store.LEARNING) as session:
        session.execute(
            update(SecondStep)
            .values(last_used=None)
            .execution_options(every_school="a test sets all back")
        )
    token = TOKEN.search(client.get(answer.location).text)
    assert token is not None
    return client.post(answer.location, data={"csrf_token": token[1], "code": code_now()})
