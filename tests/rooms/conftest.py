"""Every test of this folder at ten on a school day; and a mail server beside a school."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.serve.postman import Postman
from tests.founded import Founded
from tests.mail_server import Post, mail_server
from tests.still import clock

__all__ = ["clock", "post", "postman"]


@pytest.fixture
def post() -> Iterator[Post]:
    """A mail server that keeps what comes."""
    with mail_server() as there:
        yield there


@pytest.fixture
def postman(school: Founded, post: Post) -> Postman:
    """Whoever carries the school's letters there."""
    return Postman(school.app, post.as_setting())
