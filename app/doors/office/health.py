"""Health: whether everything works, for those who look after the machine and the school."""

from __future__ import annotations

from flask import current_app

from app.base import clock
from app.base.demo_mark import is_demo
from app.content.fact_checks import age_facts
from app.doors.office.door import door
from app.health.findings import Finding, Mark, ok
from app.health.lessons import facts, ways_past
from app.health.machine import space
from app.health.network import network
from app.health.paper import on_paper
from app.health.reaching import mail_from_check
from app.health.stores import called_outside, three_adults
from app.people.queries import schools, staff
from app.people.rights import May
from app.people.rules import team_state
from app.safeguarding.queries import paper
from app.web.mail import mail_facts
from app.web.pages import page
from app.web.parts import catalogue
from app.web.viewer import the_adult
from app.web.works import the_daily_test, works_facts


@door.opens("/health", may=May.SEE_HEALTH)
def health() -> str:
    """How each part stands. Nothing here moves with what children tell."""
    found = findings(the_adult().school_id)
    waits = sum(one.mark is not Mark.OK for one in found)
    return page("office/health", found=found, waits=waits, moment=clock.now())


def findings(school_id: str) -> list[Finding]:
    """What can be known without leaving this page; the rest is the doctor's."""
    here = current_app.extensions["catkin"]
    data = here.folders.data
    mail, known, works = mail_facts(school_id), catalogue(), works_facts(school_id)
    printed = paper.newest(school_id)
    today = clock.local(clock.now()).date()
    return [
        three_adults(team_state(staff.adults(school_id))),
        called_outside(schools.the_school(school_id).referral),
        the_daily_test(works),
        mail_from_check(mail.works, mail.check),
        *works.kept,
        on_paper(printed.made_at if printed else None, demo=is_demo(data)),
        facts(age_facts(known.age_facts, today), ways_past(known.blocking, today)),
        space(data),
        network(here.settings),
        ok("Lessons", "All lessons and quizzes passed the check when Catkin started."),
    ]
