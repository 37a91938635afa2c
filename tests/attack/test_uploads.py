"""Files and floods where nobody asked for any: no form takes them, none breaks, a Tell is sent.

Catkin takes no file anywhere. A drawing is numbers in a field of text; what is none is left out.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from app.base.database import Store
from app.people.rules import Role
from tests.contracts.forms_seen import TOKEN_FIELD, Form
from tests.contracts.two_schools import World

SCRIPT = b"<script>magpie()</script><?php magpie(); ?>"
ROOMY = ("pupil.tell", "pupil.notes_add")
NAMES = ("cat.png", "../../evil.html", "a\r\nX-Magpie: 1.svg", "x" * 5000, "\u202egnp.exe", "CON")


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(wide: int, high: int, *more: bytes) -> bytes:
    """A picture as large as it says, in a few letters."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 1, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes(100_000), 9))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + pixels + chunk(b"IEND", b"")


def packed() -> bytes:
    """A zip of 64 MB of nothing."""
    into = BytesIO()
    with ZipFile(into, "w", ZIP_DEFLATED) as zipped:
        zipped.writestr("a", bytes(64 * 1024 * 1024))
    return into.getvalue()


FILES = {
    "a large picture": png(50_000, 50_000),
    "a text bomb in a picture": png(1, 1, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(10**7)))),
    "a picture that is a page and a program": png(1, 1, chunk(b"tEXt", SCRIPT)) + SCRIPT,
    "a zip bomb": packed(),
    "an SVG": b'<svg xmlns="http://www.w3.org/2000/svg" onload="magpie()"><a href="//evil"/></svg>',
    "a page": b"<!doctype html>" + SCRIPT,
    "nothing": b"",
}


@pytest.fixture(params=FILES)
def file(request: pytest.FixtureRequest) -> bytes:
    return FILES[request.param]


def parts(form: Form, number: int) -> dict[str, Any]:
    """The form as it is, with files beside its fields: others for each form."""
    name, file = NAMES[number % len(NAMES)], list(FILES.values())[number % len(FILES)]
    more = ("file", "upload", "drawing[]", "avatar", "picture_file")
    return form.sent() | {one: (BytesIO(file), name, "image/png") for one in more}


def test_a_file_that_nobody_asked_for_is_looked_at_by_no_form(
    world: World, forms: list[Form]
) -> None:
    for number, form in enumerate(forms):
        plain = world.browser(form.who).post(form.action, data=form.sent())
        world.kept.put_back()
        answer = world.browser(form.who).post(form.action, data=parts(form, number))
        assert answer.status_code == plain.status_code, form.endpoint
        assert b"magpie()" not in answer.data, form.endpoint
        world.kept.put_back()


def test_a_file_in_the_place_of_a_drawing_keeps_nobody_from_telling(
    world: World, forms: list[Form], file: bytes
) -> None:
    for form in tell_forms(forms):
        for given in ((BytesIO(file), "cat.png", "image/png"), file.decode("latin-1")):
            data = form.sent(drawing=given, words="He said keep quiet")
            before = world.kept.ask(Store.SAFEGUARDING, "SELECT count(*) FROM concern")
            answer = world.browser(form.who).post(
                form.action, data=data, content_type="multipart/form-data"
            )
            assert answer.location == "/tell/sent"
            after = world.kept.ask(Store.SAFEGUARDING, "SELECT count(*) FROM concern")
            assert after[0][0] == before[0][0] + 1
            world.kept.put_back()


def tell_forms(forms: list[Form]) -> Iterator[Form]:
    """The step with the box for a drawing, about to be sent."""
    found = [f for f in forms if f.endpoint == "pupil.tell_feel" and "send" in f.sent()]
    assert found
    yield from found


def test_more_than_fits_is_refused_by_every_form_in_whatever_field(
    world: World, forms: list[Form]
) -> None:
    """Hidden fields and the token too: the page that says so must itself stand."""
    for form in forms:
        for name in {form.fields[0].name, form.fields[-1].name, TOKEN_FIELD}:
            for who in {form.who, Role.NOBODY, Role.PUPIL}:
                data = form.sent() | {name: "x" * 1_100_000}
                answer = world.browser(who).post(form.action, data=data)
                # A child may tell more; and to some the page comes before the body is read.
                roomy = who != form.who or form.endpoint.startswith(ROOMY)
                met = {303, 403, 413} | ({200, 404} if roomy else set())
                assert answer.status_code in met, f"{form.endpoint}, {name}, as {who}"
    assert world.kept.untouched() or world.kept.halves() == []


@pytest.mark.parametrize("many", [2_000, 20_000])
def test_thousands_of_parts_break_nothing(world: World, forms: list[Form], many: int) -> None:
    form = next(tell_forms(forms))
    said = {**form.sent(), **{f"part{number}": "" for number in range(many)}}
    parted = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in said.items()
    )
    bodies = {
        "application/x-www-form-urlencoded": urlencode(said),
        "multipart/form-data; boundary=b": f"{parted}--b--\r\n",
    }
    for kind, body in bodies.items():
        answer = world.browser(form.who).post(form.action, data=body.encode(), content_type=kind)
        assert answer.status_code in {303, 413}, kind
        world.kept.put_back()
