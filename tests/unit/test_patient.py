"""When a request is whole: a thread of the server is handed nothing less."""

from __future__ import annotations

import pytest

from app.serve.patient import LONGEST_BODY, LONGEST_HEAD, is_whole

HEAD = b"POST /tell HTTP/1.1\r\nHost: localhost\r\n"


@pytest.mark.parametrize(
    ("heard", "whole"),
    [
        (b"", False),
        (b"GET / HTTP/1.1", False),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HT", True),
        (HEAD + b"Content-Length: 3\r\n\r\nab", False),
        (HEAD + b"Content-Length: 3\r\n\r\nabc", True),
        (HEAD + b"content-LENGTH:3 \r\n\r\nab", False),
        (HEAD + b"X-Content-Length: 3\r\n\r\n", True),
        (HEAD + b"Content-Length: magpie\r\n\r\n", True),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", False),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", True),
        (HEAD + b"Content-Length: %d\r\n\r\n" % (LONGEST_BODY + 1), True),
        (HEAD + b"Content-Length: %d\r\n\r\n" % LONGEST_BODY, False),
        (b"a" * LONGEST_HEAD, False),
        (b"a" * (LONGEST_HEAD + 1), True),
    ],
)
def test_a_request_is_handed_on_when_it_is_whole_or_will_be_refused(
    heard: bytes, whole: bool
) -> None:
    assert is_whole(heard) is whole
