"""The table of rights: how far each role's reach goes, tried out; and no cell changes unseen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from app.base import ids
from app.base.database import Store, writing
from app.doors.office.classes import can_work_with_a_class
from app.people.actions import classes
from app.people.actions.classes import ClassDetails
from app.people.rights import TABLE, May, Reach, may_change, may_grant, reach, who
from app.people.rules import GRANTABLE, SAFEGUARDING_TEAM, Adult, Role
from app.people.tables import ClassStaff
from app.safeguarding.actions.file import Telling, file_concern
from app.safeguarding.rules import Told
from tests.contracts.test_routes import written
from tests.contracts.two_schools import World

NO, OWN, ALL = "none", "own", "all"
TRIED = (
    May.READ_CONCERNS,
    May.TEACH,
    May.SEE_CLASS,
    May.OPEN_CLASS,
    May.PRINT_SLIPS,
    May.KEEP_PUPILS,
)
FOUND = {
    #                         concerns  taught  seen  opened  slips  lists
    Role.TEACHER:            (OWN,      OWN,    OWN,  OWN,     OWN,   OWN),
    Role.TEACHING_ASSISTANT: (OWN,      OWN,    OWN,  OWN,     OWN,   NO),
    Role.COVER:              (OWN,      OWN,    OWN,  OWN,     OWN,   NO),
    Role.DSL:                (ALL,      OWN,    ALL,  ALL,     ALL,   ALL),
    Role.DEPUTY:             (ALL,      OWN,    ALL,  ALL,     ALL,   ALL),
    Role.HEAD:               (ALL,      OWN,    ALL,  ALL,     ALL,   ALL),
    Role.CHAIR:              (ALL,      OWN,    ALL,  ALL,     ALL,   ALL),
    Role.OFFICE:             (OWN,      OWN,    ALL,  ALL,     OWN,   ALL),
    Role.TECHNICIAN:         (OWN,      OWN,    OWN,  OWN,     OWN,   NO),
    Role.TRUST_LEAD:         (NO,       NO,     NO,   NO,      NO,    NO),
}  # fmt: skip
"""What each finds of one's own, which every adult here has, and of what is not one's own."""
GIVES = {Role.OFFICE, Role.DSL, Role.DEPUTY, Role.HEAD}
HAS_CLASSES = {*GIVES, Role.TEACHER, Role.TEACHING_ASSISTANT, Role.COVER} - {Role.OFFICE}
OTHER_CELL = {far: Reach.NOTHING if far else Reach.WHOLE_SCHOOL for far in Reach}


@dataclass(frozen=True)
class Around:
    """A concern that each adult was sent, one that none was; everybody's class, and nobody's."""

    world: World
    sent: str
    unsent: str
    mine: str
    nobodys: str

    def far(self, role: Role, right: May) -> str:
        """How far somebody comes with a right."""
        own, other = PROBES[right](self, role)
        assert own or not other
        return ALL if other else OWN if own else NO

    def opens(self, role: Role, *paths: str) -> list[bool]:
        """Which of these pages are there for somebody."""
        browser = self.world.browser(role)
        return [browser.get(path).status_code == 200 for path in paths]

    def taught(self, role: Role) -> list[bool]:
        """Which classes stand on one's own list, or are at once gone to."""
        page = self.world.browser(role).get("/my-class")
        shown = page.text + (page.location or "")
        return [page.status_code < 400 and one in shown for one in (self.mine, self.nobodys)]

    def pressed(self, role: Role, button: str, says: str) -> list[bool]:
        """For which classes a button does what it says."""
        sent = {"csrf_token": self.world.here.form_tokens[role]}
        paths = (f"/class/{one}/{button}" for one in (self.mine, self.nobodys))
        pages = [self.world.browser(role).post(path, data=sent) for path in paths]
        return [page.status_code < 400 and says in page.text for page in pages]


PROBES: dict[May, Callable[[Around, Role], list[bool]]] = {
    May.READ_CONCERNS: lambda x, role: x.opens(
        role, f"/concerns/{x.sent}", f"/concerns/{x.unsent}"
    ),
    May.TEACH: lambda x, role: x.taught(role),
    May.SEE_CLASS: lambda x, role: x.opens(role, f"/class/{x.mine}", f"/class/{x.nobodys}"),
    May.OPEN_CLASS: lambda x, role: x.pressed(role, "open", ""),
    May.PRINT_SLIPS: lambda x, role: x.pressed(role, "pictures", "No pupil was chosen"),
    May.KEEP_PUPILS: lambda x, role: x.opens(role, f"/classes/{x.mine}", f"/classes/{x.nobodys}"),
}


@pytest.fixture
def around(world: World) -> Around:
    here = world.here
    with world.app.app_context():
        add, by = classes.add_class, here.adults[Role.DSL]
        mine, nobodys = (add(here.id, ClassDetails(x, ("4",), ()), by=by) for x in ("A", "B"))
        with writing(Store.LEARNING) as session:
            session.add_all(
                ClassStaff(class_id=mine, staff_id=adult, school_id=here.id)
                for adult in here.adults.values()
            )
        told = Told(happened=("unkind",), words="he pushed me")
        telling = Telling(ids.new_token(), told, here.pupils[0], here.classes[0])
        unsent = file_concern(here.id, telling)
    return Around(world, here.named["reference"], unsent, mine, nobodys)


def test_each_adult_finds_as_much_as_the_right_reaches(around: Around) -> None:
    found = {role: tuple(around.far(role, right) for right in TRIED) for role in FOUND}
    assert found == FOUND


def test_whose_reach_is_changed_in_the_table_finds_more_or_less(
    around: Around, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the queries read the table and nothing else; the doors were made by it before.

    Slips are printed on the page of a class, and so of no class that one does not see.
    """
    changed = {ALL: Reach.NOTHING, OWN: Reach.WHOLE_SCHOOL}
    for role, row in FOUND.items():
        for right, far in zip(TRIED, row, strict=True):
            if far in changed:
                with monkeypatch.context() as patch:
                    less = right is May.PRINT_SLIPS
                    patch.setitem(TABLE[right], role, Reach.NOTHING if less else changed[far])
                    assert around.far(role, right) != far, (role, right)


def test_no_cell_changes_from_no_to_yes_or_back_without_the_list_of_pages_differing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {endpoint: row[2] for endpoint, row in written().items()}
    named: dict[str, May] = world.app.extensions["catkin_may"]
    assert named.keys() == told.keys()

    def as_told() -> bool:
        return all(told[one] == {role.value for role in who(right)} for one, right in named.items())

    assert as_told()
    without_a_page = set(May) - set(named.values())
    assert without_a_page == {May.HAVE_CLASSES, May.GRANT, May.GRANT_CONCERNS}
    for right in set(May) - without_a_page:
        for role, far in TABLE[right].items():
            with monkeypatch.context() as patch:
                patch.setitem(TABLE[right], role, OTHER_CELL[far])
                assert not as_told(), (right, role)


def an_adult(role: Role) -> Adult:
    return Adult("1", "Ada", "Ada", "a@b.uk", (role,), signed_in_once=True)


@pytest.mark.parametrize("role", Role)
def test_who_grants_what_and_who_works_with_classes(role: Role) -> None:
    team = set(SAFEGUARDING_TEAM)
    for given in GRANTABLE:
        may = role in (team if given in team else GIVES)
        assert (may_grant([role], given), may_change([role], [given])) == (may, may), given
    assert bool(can_work_with_a_class([an_adult(role)])) == (role in HAS_CLASSES)


def test_only_a_right_whose_reach_is_tried_out_reaches_farther_for_some() -> None:
    uneven = {may for may in May if len(set(TABLE[may].values()) - {Reach.NOTHING}) > 1}
    assert uneven - {May.WORK_CONCERNS} <= set(TRIED)
    assert TABLE[May.WORK_CONCERNS] == TABLE[May.READ_CONCERNS]


def test_the_team_is_whoever_reads_every_concern_and_several_roles_have_the_farthest() -> None:
    reads = {role for role in Role if reach([role], May.READ_CONCERNS) is Reach.WHOLE_SCHOOL}
    assert reads == set(SAFEGUARDING_TEAM)
    assert reach([Role.TEACHER, Role.DSL], May.READ_CONCERNS) is Reach.WHOLE_SCHOOL
    assert reach([], May.READ_CONCERNS) is Reach.NOTHING


def test_cover_reaches_no_whole_school_and_the_trust_lead_nothing_of_a_child() -> None:
    assert max(TABLE[may][Role.COVER] for may in May) is Reach.OWN_CLASSES
    assert max(TABLE[may][Role.TRUST_LEAD] for may in May) is Reach.COMMON
    assert Role.COVER in GRANTABLE
    assert Role.TRUST_LEAD not in GRANTABLE
