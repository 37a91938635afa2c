"""A card that is drawn once for a class is, for each pupil, the card as it is drawn for them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import time_machine

from app.web import drawn_once
from tests.at_school import TEN
from tests.look.learners import LEARNERS
from tests.look.seeded import Seeded, seeded_school

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
ON_CARDS = [who for who, seat in LEARNERS.items() if seat.card and not seat.finished]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    folder = tmp_path_factory.mktemp("drawn-once")
    with time_machine.travel(TEN, tick=False):
        seeded = seeded_school(folder / "data", folder / "keys")
        yield seeded
    seeded.close()


def page_of(here: Seeded, who: str, path: str, *, once: bool) -> str:
    """A page as somebody gets it, with a word in place of its token."""
    here.app.config["DRAWS_ONCE"] = once
    client = here.app.test_client()
    client.set_cookie("catkin", here.cookie_of(who))
    answer = client.get(path, follow_redirects=True)
    assert answer.status_code == 200
    return TOKEN.sub('name="csrf_token" value="token"', answer.text)


@pytest.mark.parametrize("who", ON_CARDS)
def test_a_card_from_the_store_is_the_card_as_drawn(here: Seeded, who: str) -> None:
    seat = LEARNERS[who]
    for path in (f"/lesson/{seat.lesson}/{seat.card}", f"/lesson/{seat.lesson}/1"):
        drawn = page_of(here, who, path, once=False)
        assert page_of(here, who, path, once=True) == drawn
        assert page_of(here, who, path, once=True) == drawn


def test_two_pupils_at_one_card_share_a_drawing_and_not_a_name(here: Seeded) -> None:
    pages = {who: page_of(here, who, "/lesson/t-79/1", once=True) for who in ("last", "checker")}
    again = {who: page_of(here, who, "/lesson/t-79/1", once=False) for who in pages}
    assert pages == again
    assert pages["last"] != pages["checker"]


def test_each_page_has_its_own_token(here: Seeded) -> None:
    here.app.config["DRAWS_ONCE"] = True
    tokens = set()
    for who in ("beginner", "slipper"):
        client = here.app.test_client()
        client.set_cookie("catkin", here.cookie_of(who))
        tokens |= set(TOKEN.findall(client.get("/lesson/t-79/1").text))
    assert len(tokens) == 2
    assert drawn_once.TOKEN not in tokens


def test_who_asks_in_an_odd_way_changes_nobody_elses_page(here: Seeded) -> None:
    here.app.config["DRAWS_ONCE"] = True
    here.app.extensions.setdefault("catkin_drawn", {}).clear()
    path = "/lesson/t-79/1"
    odd = here.app.test_client()
    odd.set_cookie("catkin", here.cookie_of("beginner"))
    odd.head(path)
    assert 'href="/x/tell"' in odd.get(path, environ_overrides={"SCRIPT_NAME": "/x"}).text
    drawn = page_of(here, "beginner", path, once=False)
    assert page_of(here, "beginner", path, once=True) == drawn
    assert f'href="/text?after={path}"' in drawn


def test_nothing_of_a_pupil_is_in_what_is_kept(here: Seeded) -> None:
    known = here.app.extensions.setdefault("catkin_drawn", {})
    known.clear()
    page = page_of(here, "reader", "/lesson/t-79/4", once=True)
    name = re.search(r'<span class="name">([^<]+)</span>', page)
    assert name is not None
    kept = "".join(part for drawn in known.values() for part in drawn.parts)
    assert kept
    assert name[1] not in kept
    assert here.people["reader"][1] not in kept


def test_the_store_begins_anew_when_it_is_full(
    here: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawn_once, "MOST", 2)
    for number in (1, 2, 3, 4):
        page_of(here, "last", f"/lesson/t-79/{number}", once=True)
    assert len(here.app.extensions["catkin_drawn"]) <= 2
