"""Whose concern it was on the day is sealed with the words, and said where the name changed."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from flask import Flask

from app.base.database import Store, file_of, writing
from app.people.actions import pupils
from app.people.names import FullName
from app.people.tables import SchoolClass
from app.prepare import Prepared
from app.safeguarding.words import Spoken, read_spoken
from tests.at_desk import adult_browser, school_with_team, tell
from tests.at_school import wording

LANE = "lane.okafor@example.sch.uk"


@pytest.mark.usefixtures("clock")
def test_a_pupil_who_is_renamed_is_still_said_to_have_told(app: Flask, prepared: Prepared) -> None:
    desk = school_with_team(app)
    reference = tell(app, desk)
    page = f"/concerns/{reference}"
    before = wording(adult_browser(app, LANE).get(page))
    assert "Told as" not in before
    assert "The class was" not in before
    with app.app_context():
        pupils.rename_pupil(desk.id, desk.school.amina, FullName("Zoltan", "Brown"))
        with writing(Store.LEARNING) as session:
            room = session.get(SchoolClass, desk.school.hazel)
            assert room is not None
            old, room.name = room.name, "Willow"
    after = wording(adult_browser(app, LANE).get(page))
    assert "Zoltan Brown" in after
    assert "Told as Amina Khan. The name was changed since then." in after
    assert f"The class was {old} on that day." in after
    kept = file_of(prepared.folders.data, Store.SAFEGUARDING)
    for file in kept.parent.glob(f"{kept.name}*"):
        assert b"Amina" not in file.read_bytes(), file.name


def test_words_of_before_name_nobody() -> None:
    spoken = Spoken((), (), "old", told_as="x", of_class="y")
    assert read_spoken(spoken.as_json()) == spoken
    old = {k: v for k, v in asdict(spoken).items() if k not in {"told_as", "of_class"}}
    assert read_spoken(json.dumps(old)).told_as == ""
