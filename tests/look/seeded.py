"""Oak Lane in November: a class of twenty-five who have learnt, played and told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import time_machine
from flask import Flask

from app import create_app
from app.base import clock, ids
from app.base.database import Store, engine_of, writing
from app.config import Settings
from app.people.actions import let_in, own_sign_ins, sign_ins
from app.people.actions.family_codes import new_family_code
from app.people.actions.second_step import new_codes
from app.people.actions.sign_ins import begin_for_pupil, begin_for_staff
from app.people.actions.slips_and_cards import make_cards
from app.people.actions.staff import Details, add_adult
from app.people.pictures import kept_form
from app.people.queries.staff import team_notices
from app.people.rules import Role
from app.people.tables import ClassStaff
from app.prepare import prepare
from app.safeguarding import queries
from app.safeguarding.actions import retention, team
from app.safeguarding.actions.canary import fly
from app.safeguarding.actions.file import Telling, file_concern
from app.safeguarding.actions.handle import By, close, open_concern, record
from app.safeguarding.retention import Ground
from app.safeguarding.rules import Closing, Kind, Told
from tests.at_desk import AtDesk, have_been_in_the_team, school_with_team, tell, viewer
from tests.at_school import OTHER
from tests.look.learners import LEARNERS, NAMES, add_class, add_pupils, draw_pictures, play, seat
from tests.quick import started_before

ANSWER = "Thank you, Amina. You did the right thing. I will find you at break."


@dataclass
class Seeded:
    """A school to look at: a cookie for each kind of person, ids for addresses."""

    app: Flask
    school: str
    people: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By who they are: pupil or staff, and the id."""
    ids: dict[str, str] = field(default_factory=dict)

    def token(self, who: str, *, since: datetime | None = None) -> str:
        """A fresh sign-in of somebody, or one with which nothing was done `since` then."""
        kind, whose = self.people[who]
        with self.app.app_context():
            if kind == "pupil":
                return begin_for_pupil(self.school, whose, since or clock.now())
            return begin_for_staff(self.school, whose, since or clock.now(), second_step=True)

    def cookie_of(self, who: str) -> str:
        """The cookie of a browser with a fresh sign-in of somebody."""
        return self.sealed({"_user_id": self.token(who), "_fresh": True})

    def sealed(self, holds: dict[str, object]) -> str:
        """The cookie of a browser session that holds this."""
        interface = self.app.session_interface
        signer = interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return str(signer.dumps(holds))

    def close(self) -> None:
        """Let go of its two databases."""
        with self.app.app_context():
            for store in Store:
                engine_of(store).dispose()


def new_app(data: Path, keys: Path) -> Flask:
    """Catkin in these folders; without a school if they are new."""
    if not data.exists():
        started_before(data, keys)
    return create_app(prepare(Settings(data_dir=data, keys_dir=keys)), testing=True)


def seeded_school(data: Path, keys: Path) -> Seeded:
    """Make the school in these folders."""
    app = new_app(data, keys)
    desk = school_with_team(app)
    with app.app_context():
        new_codes(desk.id, desk.school.lane, clock.now())
    here = Seeded(app, desk.id)
    with app.app_context():
        hazel = add_pupils(desk.id, desk.school.hazel, NAMES)
        for class_id in (desk.school.hazel, *_more_classes(here, desk)):
            sign_ins.open_class(desk.id, class_id)
        sign_ins.all_out(desk.id, desk.school.fern)
        play(app, desk.id, hazel)
        _at_the_door(here, desk, hazel)
        _adults(here, desk)
        code = new_family_code(desk.id)
    here.ids["family_code"] = f"{code.word}-{code.number}"
    here.people["pupil"] = ("pupil", hazel["Ava"])
    here.people["player"] = ("pupil", hazel["Aarav"])
    here.people["amina"] = ("pupil", desk.school.amina)
    here.ids |= {"class": desk.school.hazel, "fern": desk.school.fern, "pupil": hazel["Bea"]}
    _long_ago(here, desk)
    _tells(here, desk)
    with app.app_context():
        fly(desk.id)
    return here


def _more_classes(here: Seeded, desk: AtDesk) -> list[str]:
    """Elder has somebody at each place of the lesson and its story; two classes of other bands."""
    elder, ivy, ash, empty = (
        add_class(desk.id, name, years)
        for name, years in (("Elder", "4"), ("Ivy", "1"), ("Ash", "6"), ("Willow", "3"))
    )
    learners = add_pupils(desk.id, elder, NAMES[: len(LEARNERS)]).values()
    for (who, where), learner in zip(LEARNERS.items(), learners, strict=True):
        here.people[who] = ("pupil", learner)
        seat(here.app, desk.id, learner, where)
    for who, class_id, name in (("little one", ivy, "Theo"), ("big one", ash, "Hana")):
        here.people[who] = ("pupil", add_pupils(desk.id, class_id, [name, "Ben", "Cara"])[name])
    here.ids |= {"ash": ash, "elder": elder, "ivy": ivy, "empty": empty}
    return [elder, ivy, ash, empty]


def _at_the_door(here: Seeded, desk: AtDesk, hazel: dict[str, str]) -> None:
    """Somebody who mistypes, two whose pictures rest, somebody who waits, somebody with a card."""
    key, by = here.app.extensions["catkin"].keys.read("pictures"), desk.school.okafor
    now = clock.now()
    draw_pictures(here.app, desk.id, [hazel[one] for one in ("Grace", "Isaac", "Keira")], by=by)
    for name, misses in (("Isaac", 10), ("Keira", 15)):
        tried = kept_form(key, desk.id, hazel[name], OTHER)
        for number in range(misses):
            # Far enough apart for each rest to be over; the last one lasts for all the looks.
            at = now + (number + 4 - misses) * timedelta(minutes=10)
            sign_ins.pictures_fit(desk.id, hazel[name], tried, at)
    let_in.ask(desk.id, hazel["Leo"], "door", now)
    here.people["note-less"] = ("pupil", hazel["Grace"])
    here.ids["card"] = make_cards(desk.id, [hazel["Maya"]], now, by=by)[hazel["Maya"]]
    fern = make_cards(desk.id, [desk.school.zara], now, by=by)
    here.ids["closed_card"] = fern[desk.school.zara]


def _adults(here: Seeded, desk: AtDesk) -> None:
    """Those who sign in, and one who was invited and has not come yet."""
    lane = desk.school.lane
    for who, name, role in (
        ("office", "Kay Bell", Role.OFFICE),
        ("classless", "Tom Reed", Role.TEACHER),
        ("two classes", "Iris Webb", Role.TEACHER),
        ("invited", "Rosa Diaz", Role.TEACHER),
        ("linked", "Lena Fox", Role.TEACHER),
        ("with a phone", "Mina Shah", Role.TEACHER),
    ):
        given, family = name.split()
        details = Details(name, f"Ms {family}", f"{given.lower()}@example.sch.uk")
        link = add_adult(desk.id, lane, details, roles=(role,))
        here.people[who], here.ids[who] = ("staff", link.staff_id), link.staff_id
        if who == "invited":
            here.ids["join"] = link.token
    with writing(Store.LEARNING) as session:
        for class_id in (here.ids["ivy"], here.ids["ash"]):
            staff_id = here.ids["two classes"]
            session.add(ClassStaff(class_id=class_id, staff_id=staff_id, school_id=desk.id))
    here.people |= {
        "teacher": ("staff", desk.school.okafor),
        "DSL": ("staff", lane),
        "head": ("staff", desk.head),
        "chair": ("staff", desk.chair),
    }
    here.ids["chair"] = desk.chair
    _red_words(here, desk)


def _red_words(here: Seeded, desk: AtDesk) -> None:
    """The chair is signed in on an iPad too, was on a third device, and has a grant to see."""
    with here.app.app_context():
        for device in ("Safari on iPad", "Edge on Windows"):
            mark = ids.fingerprint(begin_for_staff(desk.id, desk.chair, clock.now()))
            own_sign_ins.bind(desk.id, mark, "elsewhere", device=device)
        own_sign_ins.end_used_elsewhere(desk.id, mark, clock.now())
        for roles in ([Role.HEAD, Role.DEPUTY], [Role.HEAD]):
            team.change_roles(desk.id, desk.school.lane, desk.head, roles)
        for adult in (desk.school.lane, desk.head):
            for one in team_notices(desk.id, adult):
                team.see_notice(desk.id, adult, one.id)


def _tells(here: Seeded, desk: AtDesk) -> None:
    """One that is answered, one that is closed, some that wait, one without a name."""
    app, okafor = here.app, desk.school.okafor
    first = tell(app, desk, to=(okafor,), happened=("stranger", "secret"))
    tell(app, desk, happened=("unkind",), feelings=("sad",), words="They call me names.")
    tell(app, desk, words="", happened=("friend",))
    answered = tell(app, desk, to=(okafor,), happened=("asked",), feelings=("worried", "scared"))
    closed = tell(app, desk, happened=("unkind",), words="It stopped.")
    adults = {one: viewer(app, desk, one) for one in (okafor, desk.school.lane)}
    with app.app_context():
        facts = queries.desk.concern(desk.id, adults[okafor], answered)
        assert facts is not None
        open_concern(desk.id, facts, okafor)
        record(desk.id, facts, Kind.ANSWER, ANSWER, by=By(okafor, "answered"))
        facts = queries.desk.concern(desk.id, adults[desk.school.lane], closed)
        assert facts is not None
        done = Closing("Talked with both.", "No more to do.", "They made up.", "Friends.", True)
        close(desk.id, facts, done, by=By(desk.school.lane, "closed"))
        words = Told(words="A big boy")
        nameless = Telling(once="nameless", told=words, class_id=desk.school.hazel)
        here.ids["nameless"] = file_concern(desk.id, nameless)
        kept = Told(words="mrs okafer knows", about=(desk.head,))
        told = Telling("kept", kept, desk.school.amina, desk.school.hazel)
        here.ids["kept"] = file_concern(desk.id, told)
    here.ids |= {"reference": first, "answered": answered, "closed": closed}


def _long_ago(here: Seeded, desk: AtDesk) -> None:
    """Four that are due for a look: one of them asked to be erased, one on hold, one erased."""
    app, lane, then = here.app, desk.school.lane, clock.now() - timedelta(days=800)
    with time_machine.travel(then, tick=False):
        due, asked, held, erased = (tell(app, desk, words="Long ago.") for _ in range(4))
        people = {one: viewer(app, desk, one) for one in (lane, desk.head)}
        with app.app_context():
            facts = {
                one: queries.desk.concern(desk.id, people[lane], one)
                for one in (due, asked, held, erased)
            }
            done = Closing("Talked.", "No more to do.", "It stopped.", "Well.", True)
            for one, known in facts.items():
                assert known is not None
                close(desk.id, known, done, by=By(lane, f"closed {one}"))
    with app.app_context():
        retention.set_years(desk.id, 2, by=lane)
        have_been_in_the_team(lane, desk.head, desk.chair)
        for one in (asked, erased):
            known = queries.desk.concern(desk.id, people[desk.head], one)
            assert known is not None
            by_head = By(desk.head, f"asked {one}")
            why = "He left in 2024, and his file went to Hill School."
            retention.ask_to_erase(desk.id, known, Ground.SCHEDULE, why, by=by_head)
        known = queries.desk.concern(desk.id, people[lane], erased)
        assert known is not None
        retention.agree_to_erase(desk.id, known, Ground.SCHEDULE, by=By(lane, "agreed"))
        known = queries.desk.concern(desk.id, people[lane], held)
        assert known is not None
        retention.hold(desk.id, known, "The police asked for it.", by=By(lane, "held"))
    here.ids |= {"due": due, "asked": asked, "held": held, "erased": erased}
