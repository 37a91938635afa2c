"""The preview: every piece as a pupil sees it, edits at once, problems as a page."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.base.database import Store, engine_of
from app.cli.preview import preview_app
from app.config import ROOT
from app.content.values import BANDS
from app.doors.author.ways import looks_of
from app.people.rights import May, who
from app.web.guards import roles_of
from tests.conftest import ContractClient
from tests.playing import hidden
from tests.quick import content

STORY = "quizzes/7-9/block-it.yaml"
LESSON = "lessons/7-9/tell.md"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    root = tmp_path / "library"
    for name in ("lessons/facts", *(f"quizzes/{band}" for band in BANDS), "lessons/7-9"):
        (root / name).mkdir(parents=True, exist_ok=True)
    for path in (ROOT / "lessons/facts").glob("*.yaml"):
        shutil.copy(path, root / "lessons/facts")
    for name in (STORY, "quizzes/7-9/golden-welly.yaml", "lessons/7-9/meeting.md"):
        shutil.copy(ROOT / name, root / name)
    return root


@pytest.fixture
def author(library: Path, tmp_path: Path) -> Iterator[FlaskClient]:
    """An author's browser at a preview."""
    app = preview_app(library, tmp_path)
    app.test_client_class = ContractClient
    client = app.test_client()
    client.environ_base["HTTP_HOST"] = "127.0.0.1:9"
    yield client
    with app.app_context():
        for store in Store:
            engine_of(store).dispose()


def edit(library: Path, name: str, old: str, new: str) -> None:
    path = library / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    later = path.stat().st_mtime_ns + 10_000_000
    os.utime(path, ns=(later, later))


def get(author: FlaskClient, address: str) -> TestResponse:
    return author.get(address, follow_redirects=True)


def test_every_page_says_that_nothing_is_kept(author: FlaskClient) -> None:
    for address in ("/", "/preview", "/preview/t-79-block-it", "/map", "/tell", "/nowhere"):
        page = get(author, address)
        assert "<b>Preview.</b> Nothing is kept." in page.text, address
    assert get(author, "/").request.path == "/preview"


def test_no_other_catkin_has_the_door_or_the_strip(client: FlaskClient) -> None:
    assert client.get("/preview").status_code == 404
    assert "Preview" not in client.get("/").text
    assert not any(
        rule.rule.startswith("/preview") for rule in client.application.url_map.iter_rules()
    )


def test_every_piece_is_listed_and_every_card_opens(author: FlaskClient) -> None:
    page = get(author, "/preview")
    listed = set(re.findall(r"/preview/([\w-]+)", page.text))
    # The quiz about ages is made from the registers.
    assert {one for one in listed if not one.endswith("age-quiz")} == {
        "t-79-block-it",
        "m-79-golden-welly",
        "m-79",
    }
    for number in range(1, 9):
        card = get(author, f"/preview/m-79/{number}/0")
        assert card.request.path == f"/lesson/m-79/{number}"
        assert f"Card {number} of 8" in card.text


def test_every_scene_opens_in_every_look(author: FlaskClient) -> None:
    story = content().quizzes["m-79-golden-welly"]
    page = get(author, f"/preview/{story.id}")
    links = re.findall(rf"/preview/{story.id}/\w+/\d+", page.text)
    looks = looks_of(story)
    assert set(looks) == set(story.scenes)
    assert len(links) == sum(map(len, looks.values())) > len(story.scenes)
    for scene, found in looks.items():
        for n in range(len(found)):
            shown = get(author, f"/preview/{story.id}/{scene}/{n}")
            assert shown.request.path == f"/quiz/{story.id}/play"
            ends = story.scenes[scene].ends
            assert ("What do you do?" in shown.text) != ends


def test_it_is_played_on_as_by_a_pupil(author: FlaskClient) -> None:
    page = get(author, "/preview/t-79-block-it/fly/0")
    choice = re.search(r'name="choice" value="(\d+)"', page.text)
    assert choice is not None
    data = {**hidden(page), "choice": choice[1]}
    after = author.post("/quiz/t-79-block-it/play", data=data, follow_redirects=True)
    assert after.request.path == "/quiz/t-79-block-it/after"


def test_an_edit_shows_on_the_next_load_even_in_an_open_run(
    author: FlaskClient, library: Path
) -> None:
    assert "Gerald the frog has a hat" in get(author, "/preview/t-79-block-it/fly/0").text
    edit(library, STORY, "Gerald the frog has a hat", "Gerald the frog has a wig")
    assert "Gerald the frog has a wig" in get(author, "/quiz/t-79-block-it/play").text


def test_a_new_file_is_there_on_the_next_load(author: FlaskClient, library: Path) -> None:
    assert get(author, "/preview/t-79-report-it").status_code == 404
    shutil.copy(ROOT / "quizzes/7-9/report-it.yaml", library / "quizzes/7-9")
    assert get(author, "/preview/t-79-report-it").status_code == 200


def test_a_problem_is_a_page_with_its_place_and_how_to_mend_it(
    author: FlaskClient, library: Path
) -> None:
    get(author, "/preview/t-79-block-it/fly/0")
    edit(library, STORY, "start: fly", "start: fyl")
    page = get(author, "/quiz/t-79-block-it/play")
    assert "This is to be mended first" in page.text
    assert re.search(rf"{STORY}:\d+:</b> there is no scene fyl to start with", page.text)
    assert "To mend it: name a scene." in page.text
    assert "there is no scene fyl" in get(author, "/preview").text
    assert "Card 1 of 8" in get(author, "/preview/m-79/1/0").text
    edit(library, STORY, "start: fyl", "start: fly")
    assert "What do you do?" in get(author, "/quiz/t-79-block-it/play").text


def test_a_faulty_register_is_shown_on_every_page(author: FlaskClient, library: Path) -> None:
    edit(library, "lessons/facts/helplines.yaml", "services:", "servces:")
    for address in ("/map", "/preview", "/tell", "/preview/m-79/1/0"):
        page = get(author, address)
        assert "lessons/facts/helplines.yaml:" in page.text, address


def test_it_may_begin_with_problems(library: Path, tmp_path: Path) -> None:
    edit(library, STORY, "start: fly", "start: fyl")
    app = preview_app(library, tmp_path)
    page = app.test_client().get("/preview", base_url="http://127.0.0.1")
    assert "there is no scene fyl" in page.text
    with app.app_context():
        for store in Store:
            engine_of(store).dispose()


def test_only_this_computer_is_answered(author: FlaskClient) -> None:
    for address in ("/preview", "/static/x/css/base.css", "/quiz/t-79-block-it"):
        answer = author.get(address, headers={"Host": "elsewhere.example"})
        assert answer.status_code == 400
        assert "Catkin" not in answer.text


def test_nobody_of_a_school_is_signed_out_by_it(author: FlaskClient) -> None:
    page = author.get("/preview/t-79-block-it/fly/0")
    assert page.headers["Set-Cookie"].startswith("catkin-preview=")


def test_its_pages_name_whom_they_admit(author: FlaskClient) -> None:
    app = author.application
    own = [rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("author")]
    assert len(own) == 3
    assert all(roles_of(app, endpoint) >= who(May.WORK_HERE) for endpoint in own)
