"""R6, R12, R26: letters go beside telling, never before it; one for many; and they say nothing."""

from __future__ import annotations

from collections import Counter

from tests.faults.ground import a_school, until
from tests.faults.table import Found, How
from tests.faults.telling import CANARY, at_once, milliseconds, page_of, pages, references
from tests.ground.storm import HOW_MANY
from tests.mail_server import Post, mail_server

TEAM = 3
"""DSL, head and chair: each gets one letter, however many children tell within minutes."""
SETTLED = 7.0
"""Seconds for which the postman's next rounds are watched, so that a second letter is seen."""


def settings(post: Post) -> dict[str, str]:
    """How a server is told of the mail server."""
    return {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(post.port),
        "SMTP_SECURITY": "none",
        "SMTP_FROM": "catkin@oaklane.sch.uk",
    }


def mail_hangs(how: How) -> Found:
    """The mail server takes connections and says nothing; later it is well again."""
    with a_school(how) as school, mail_server(Post(fault="hang")) as post:
        with school.served(**settings(post)) as running:
            presses = pages(running.port, how.many(60, 8))
            until(lambda: post.visitors > 0, 10)
            seen = [press.try_it() for press in presses]
            if not how.quick:  # It rests for a minute or five after a miss.
                until(lambda: post.visitors > 1, 15)
                post.fault = ""
                until(lambda: len(post.letters) >= TEAM, 480)
                until(lambda: False, SETTLED)
        lost = references(seen) - school.references()
    refused, p99 = sum(not one.sent for one in seen), milliseconds(seen, 0.99)
    most = max(Counter(to for to, _ in post.letters).values(), default=0)
    times = f"p50 {milliseconds(seen, 0.5):.0f} ms, p99 {p99:.0f}"
    said = f"{len(seen)} Tells: {refused} refused, {len(lost)} lost, {times}"
    drained = "" if how.quick else f"; then {len(post.letters)} letters, {most} to each"
    letters_well = how.quick or (len(post.letters) == TEAM and most == 1)
    quick_enough = how.quick or p99 < 300
    return Found(said + drained, not refused and not lost and letters_well and quick_enough)


def one_pupil(how: How) -> Found:
    """One pupil tells a hundred times, and the mail server is well."""
    with a_school(how) as school, mail_server() as post:
        with school.served(**settings(post)) as running:
            cookie, many = school.cookies[0], how.many(100, 12)
            presses = [page_of(running.port, f"{CANARY} {n}", cookie=cookie) for n in range(many)]
            seen = [
                one for start in range(0, many, 4) for one in at_once(presses[start : start + 4])
            ]
            until(lambda: len(post.letters) >= TEAM, 30)
            until(lambda: False, SETTLED)
        stored = len(school.references())
    refused = sum(not one.sent for one in seen)
    to = Counter(address for address, _ in post.letters)
    most = max(to.values(), default=0)
    said = f"{many} Tells: {refused} refused, {stored} stored"
    figure = f"{said}, {len(post.letters)} letters to {len(to)} adults, {most} each"
    return Found(figure, not refused and stored == many and len(to) >= TEAM and most == 1)


def letters_say_nothing(how: How) -> Found:
    """Every letter that children's Tells bring about is searched for words, names and replies."""
    with a_school(how) as school, mail_server() as post:
        with school.served(**settings(post)) as running:
            count = how.many(40, 4)
            seen = at_once(pages(running.port, count, cookies=school.cookies))
            until(lambda: len(post.letters) >= TEAM, 30)
        forbidden = [CANARY, "Khan", "worr", "Hazel", *references(seen)]
        forbidden += [f"Pupil{n}" for n in range(HOW_MANY)]
    letters = [text for _, text in post.letters]
    told = [word for word in forbidden for text in letters if word.lower() in text.lower()]
    replies = sum("reply-to" in text.lower() for text in letters)
    figure = f"{len(letters)} letters for {count} Tells: {len(told)} tell, {replies} with Reply-To"
    return Found(figure, bool(letters) and not told and not replies)
