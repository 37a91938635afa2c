"""R3, R9, R12: the wire breaks, buttons are pressed twice, a class sits behind one address."""

from __future__ import annotations

from tests.faults.ground import School, a_school, in_process
from tests.faults.proxy import Fault, Kind, Proxy, proxy_to
from tests.faults.reading import words_of_all
from tests.faults.table import Found, How
from tests.faults.telling import CANARY, Press, at_once, page_of, pages, references

KINDS: tuple[Kind, ...] = ("cut", "reset", "stall", "slow")
LONG = 3000
"""Letters that a child writes here, so that the wire can break within them."""


def reply_lost(how: How) -> Found:
    """The reply is dropped after the commit, and the child presses twice more."""
    same = 0
    with a_school(how) as school, school.served() as running, proxy_to(running.port) as proxy:
        presses = pages(running.port, how.many(20, 4))
        for press in presses:
            proxy.fault = Fault("cut", "down", 0)
            first = press.through(proxy.port).try_it()
            again = [press.try_it() for _ in range(2)]
            same += not first.sent and len(references(again)) == 1 and all(a.sent for a in again)
        kept = len(school.references())
    figure = f"{len(presses)} Tells, each sent 3 times: {kept} concerns, {same} with one receipt"
    return Found(figure, kept == same == len(presses))


def double_click(how: How) -> Found:
    """The same button four times at the same moment, so that both workers have it."""
    with a_school(how) as school, school.served() as running:
        presses = pages(running.port, how.many(20, 4))
        seen = [one for press in presses for one in at_once([press] * 4)]
        given, kept = references(seen), school.references()
        refused = sum(not one.sent for one in seen)
    figure = f"{len(seen)} presses on {len(presses)} pages: {len(kept)} concerns, {refused} refused"
    return Found(figure, len(kept) == len(given) == len(presses) and not refused)


def wire_breaks(how: How) -> Found:
    """Cut, reset, stall and slow at many bytes of request and reply; then the child tries again."""
    false, tried = 0, 0
    with a_school(how) as school, school.served() as running, proxy_to(running.port) as proxy:
        told: dict[str, str] = {}
        for fault in _faults(how):
            words = f"{CANARY} {tried} " + "so " * (LONG // 3) + "end"
            press = page_of(running.port, words)
            false += _false_sent(school, proxy, press, fault)
            reference = press.go().reference
            told[reference] = words
            tried += 1
        kept = len(school.references())
        with in_process(school):
            read = words_of_all(school)
    cropped = sum(read.get(reference) != words for reference, words in told.items())
    said = f"{tried} breaks: {false} false “sent”, {kept} concerns after one more try each"
    return Found(f"{said}, {cropped} cropped", not false and not cropped and kept == tried)


def _false_sent(school: School, proxy: Proxy, press: Press, fault: Fault) -> bool:
    proxy.fault = fault
    seen = press.through(proxy.port).try_it()
    return seen.sent and not school.drained({seen.reference}, seconds=5) <= set()


def _faults(how: How) -> list[Fault]:
    up = (0, 1, 40, 200, 400, 700, 1500, LONG, LONG + 300)
    down = (0, 1, 12, 60, 200, 400, 800)
    if how.quick:
        up, down = (0, 300, LONG), (0, 200)
    kinds = KINDS if not how.quick else ("cut", "reset")
    return [
        Fault(kind, way, after)
        for kind in kinds
        for way, places in (("up", up), ("down", down))
        for after in places
    ]


def one_address(how: How) -> Found:
    """Thirty pupils behind one address, one after the other and at once."""
    rounds = how.many(5, 1)
    with a_school(how) as school, school.served() as running:
        seen = []
        for _ in range(rounds):
            seen += at_once(pages(running.port, 30, cookies=school.cookies[:30]))
        lost = references(seen) - school.references()
    refused = sum(not one.sent for one in seen)
    figure = f"{len(seen)} Tells of 30 pupils from one address: {refused} refused, {len(lost)} lost"
    return Found(figure, not refused and not lost and len(seen) == 30 * rounds)
