"""Every page and state that is looked at: who looks, at which address, after which walk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tests.look import walks
from tests.look.walks import FAILS, OVER_TLS, Walk

FROM_AFAR = {"X-Forwarded-For": "10.0.0.7"}
PUPIL = ((1366, 640), (1180, 820), (390, 844))
STAFF = ((1440, 900), (1280, 720), (390, 844))
FAMILY = ((390, 844), (1180, 820))
BOARD = ((1920, 1080), (1366, 768), (1280, 720))


@dataclass(frozen=True)
class Page:
    """One page or state; braces in the address are filled from the seeded school.

    The number at the start of a name is that of its mock-up.
    """

    name: str
    address: str
    who: str | None = None
    sizes: tuple[tuple[int, int], ...] = PUPIL
    walk: Walk | None = None
    """What a person does at the address to come to this state."""
    holds: tuple[str, ...] = ()
    """What the browser holds besides the sign-in: see held.py."""
    asks: Mapping[str, str] = field(default_factory=dict)
    """Headers of every request."""
    lands: str = ""
    """Where the address leads, if elsewhere."""
    school: str = "oak lane"

    @property
    def changes_the_browser(self) -> bool:
        """Whether nobody else may use the same browser."""
        return self.walk is not None


def _staff(*pages: Page) -> tuple[Page, ...]:
    return tuple(replace(page, sizes=STAFF) for page in pages)


DOOR = (
    Page("01-class-code", "/sign-in"),
    Page("01-wrong-code", "/sign-in", walk=walks.a_wrong_code),
    Page("01-you-were-away", "/map", holds=("long away",), lands="/sign-in"),
    Page("01-class-closed", "/sign-in", walk=walks.at_a_closed_class),
    Page("02-names", "/sign-in", walk=walks.at_the_names),
    Page("02-not-on-the-list", "/sign-in", walk=walks.my_name_is_not_here),
    Page("03-pictures", "/sign-in", walk=walks.at_my_pictures),
    Page("03-one-picture", "/sign-in", walk=walks.one_picture_in),
    Page("03-wrong-pictures", "/sign-in", walk=walks.the_wrong_pictures),
    Page("03-pictures-rest", "/sign-in", walk=walks.my_pictures_rest),
    Page("03-only-the-teacher", "/sign-in", walk=walks.only_my_teacher_can),
    Page("03-waiting", "/sign-in", walk=walks.waiting_for_my_teacher),
    Page("card", "/card/{card}"),
    Page("card-closed", "/card/{closed_card}"),
    Page("card-gone", "/card/nobodys"),
    Page("still-here", "/still-here", "pupil"),
    Page("still-there", "/map", "pupil", walk=walks.is_anybody_there),
    Page("text", "/text", "pupil"),
    Page("text-very-big", "/text", "pupil", holds=("very big",)),
)
LEARNING = (
    Page("04-map", "/map", "pupil"),
    Page("04-map-morning", "/map", "little one"),
    Page("05-map-dusk", "/map", "big one"),
    Page("04-map-done", "/map", "finisher"),
    Page("04-map-gone", "/map?gone=1", "pupil"),
    Page("04-map-very-big", "/map", "reader", holds=("very big",)),
    Page("04-map-dark", "/map", "reader", holds=("dark",)),
    Page("06-lesson-front", "/lesson/t-79", "pupil"),
    Page("06-lesson-again", "/lesson/t-79", "finisher"),
    Page("06-question", "/lesson/t-79/1", "beginner"),
    Page("06-not-yet", "/lesson/t-79/1", "slipper"),
    Page("06-card", "/lesson/t-79/4", "reader"),
    Page("06-card-word", "/lesson/t-79/4", "reader", walk=walks.a_word_open),
    Page("06-card-very-big", "/lesson/t-79/4", "reader", holds=("very big",)),
    Page("06-card-dark", "/lesson/t-79/4", "reader", holds=("dark",)),
    Page("06-card-story", "/lesson/t-79/2", "reader"),
    Page("06-card-play", "/lesson/t-79/5", "player of the lesson"),
    Page("06-answered", "/lesson/t-79/7", "checker"),
    Page("06-last-card", "/lesson/t-79/8", "last"),
    Page("18-age-front", "/lesson/s-79-age-quiz", "pupil"),
    Page("18-age-rule", "/lesson/s-79-age-quiz/3", "age quiz"),
    Page("18-age-answered", "/lesson/s-79-age-quiz/3", "age answered"),
    Page("18-age-slip", "/lesson/s-79-age-quiz/3", "age slipped"),
    Page("18-age-label", "/lesson/s-79-age-quiz/4", "age label"),
    Page("18-age-unscored", "/lesson/s-79-age-quiz/3", "pupil", school="past"),
    Page("18-age-label-instead", "/lesson/s-79-age-quiz/10", "further on", school="past"),
    Page("06-lesson-done", "/lesson/t-79/done", "finisher"),
    Page("07-quiz-front", "/quiz/t-79-block-it", "pupil"),
    Page("07-scene", "/quiz/t-79-block-it/play", "player"),
    Page("07-scene-dark", "/quiz/t-79-block-it/play", "player", holds=("dark",)),
    Page("07-scene-very-big", "/quiz/t-79-block-it/play", "player", holds=("very big",)),
    Page("07-scene-later", "/quiz/t-79-block-it/play", "in trouble"),
    Page("08-good-move", "/quiz/t-79-block-it/after", "good mover"),
    Page("08-risky-move", "/quiz/t-79-block-it/after", "risky mover"),
    Page("08-ending", "/quiz/t-79-block-it/play", "ended"),
    Page("08-ending-rain", "/quiz/t-79-block-it/play", "ended in rain"),
    Page("30-chat", "/quiz/t-79-second-time/play", "in a chat"),
    Page("30-chat-very-big", "/quiz/t-79-second-time/play", "in a chat", holds=("very big",)),
    Page("30-chat-dark", "/quiz/t-79-second-time/play", "in a chat", holds=("dark",)),
    Page("31-chat-blocked", "/quiz/t-79-block-it-chat/after", "blocker in a chat"),
    Page("31-chat-look", "/quiz/t-79-second-time/after", "slipper in a chat"),
    Page("32-group", "/quiz/r-79-seal-of-approval/play", "in a group"),
    Page(
        "32-group-very-big", "/quiz/r-79-seal-of-approval/play", "in a group", holds=("very big",)
    ),
    Page("33-group-after", "/quiz/r-79-seal-of-approval/after", "after a group"),
    Page("45-recap", "/quiz/t-79-block-it/path", "ended"),
    Page("45-recap-rain", "/quiz/t-79-block-it/path", "ended in rain"),
    Page("45-recap-dark", "/quiz/t-79-block-it/path", "ended in rain", holds=("dark",)),
    Page("45-recap-very-big", "/quiz/t-79-block-it/path", "ended", holds=("very big",)),
    Page("16-certificate", "/certificate", "finisher"),
    Page("61-what-i-can-do", "/what-i-can-do", "pupil"),
    Page("61-what-i-can-do-grown", "/what-i-can-do", "finisher"),
)
TELLING = (
    Page("09-tell-1", "/tell", "pupil"),
    Page("09-tell-1-chosen", "/tell", "pupil", walk=walks.choices_made),
    Page("09-tell-1-morning", "/tell", "little one"),
    Page("09-tell-1-dusk", "/tell", "big one"),
    Page("09-tell-1-very-big", "/tell", "pupil", holds=("very big",)),
    Page("09-tell-1-dark", "/tell", "pupil", holds=("dark",)),
    Page("09-tell-1-nobody", "/tell"),
    Page("10-tell-2", "/tell/feel", "pupil"),
    Page("10-tell-2-written", "/tell/feel", "pupil", walk=walks.words_written),
    Page("10-tell-2-not-sent", "/tell/feel", "pupil", walk=walks.not_sent),
    Page("10-tell-2-offline", "/tell/feel", "pupil", walk=walks.no_connection),
    Page("10-tell-3", "/tell/who", "pupil"),
    Page("10-tell-about", "/tell/about", "pupil"),
    Page("11-tell-receipt", "/tell/sent", "amina", holds=("told",)),
    Page("11-tell-receipt-waits", "/tell/sent", "amina", holds=("told and waits",)),
    Page("11-tell-receipt-dark", "/tell/sent", "amina", holds=("told", "dark")),
    Page("11-tell-receipt-nobody", "/tell/sent", holds=("told without a name",)),
    Page("notes-door", "/notes", "amina"),
    Page("notes-door-waiting", "/notes", "note-less", walk=walks.let_me_read_my_notes),
    Page("notes-open", "/notes", "amina", holds=("notes open",)),
    Page("notes-hide-soon", "/notes", "amina", holds=("notes open",), walk=walks.hidden_soon),
    Page("notes-none", "/notes", "note-less", holds=("notes open",)),
    Page("notes-still-reading", "/notes/still-reading", "amina", holds=("notes open",)),
    Page("notes-add", "/notes/{reference}/add", "amina"),
    Page("notes-add-nothing", "/notes/{reference}/add", "amina", walk=walks.nothing_added),
    Page("notes-added", "/notes/added", "amina"),
)
SETTING_UP = _staff(
    Page("50-first-visit", "/", school="none"),
    Page("51-setup-school", "/set-up", school="none"),
    Page("51-setup-nothing-typed", "/set-up", school="none", walk=walks.nothing_typed),
    Page("51-setup-code", "/set-up", school="none", asks={**FROM_AFAR, OVER_TLS: "1"}),
    Page("needs-tls", "/staff/sign-in", asks=FROM_AFAR),
    Page("52-setup-people-unsafe", "/people", "DSL", school="young"),
    Page("52-people-safe", "/people", "DSL"),
    Page("52-people-office", "/people", "office"),
    Page("52-people-nothing-typed", "/people", "DSL", walk=walks.nothing_typed),
    Page("52-adult", "/people/{linked}", "DSL"),
    Page("52-adult-not-theirs", "/people/{chair}", "office"),
    Page("52-roles", "/people/{linked}/roles", "DSL"),
    Page("52-new-link", "/people/{linked}", "DSL", walk=walks.a_new_link),
    Page("52-end-account", "/people/{linked}/end", "DSL"),
    Page("53-setup-classes", "/classes", "DSL", school="young"),
    Page("53-classes", "/classes", "DSL"),
    Page("53-change-class", "/classes/{class}/change", "DSL"),
    Page("54-setup-names", "/classes/{empty}", "DSL", school="young"),
    Page("54-setup-names-filled", "/classes/{full}", "DSL", school="young"),
    Page("54-class-list", "/classes/{class}", "DSL"),
    Page("54-pupil", "/pupils/{pupil}", "DSL"),
    Page("54-remove-pupil", "/pupils/{pupil}/remove", "DSL"),
    Page("62-import-preview", "/classes/{class}", "DSL", walk=walks.names_to_look_at),
    Page("77-setup-ready", "/ready", "DSL", school="young"),
    Page("77-ready", "/ready", "DSL"),
    Page("77-recovery-key", "/recovery-key", "DSL", school="young"),
    Page("77-recovery-key-paper", "/recovery-key", "DSL", school="young", walk=walks.the_paper),
    Page("77-recovery-key-word", "/recovery-key", "DSL", school="young", walk=walks.not_the_word),
    Page("67-health", "/health", "office"),
    Page("67-facts", "/facts", "office"),
    Page("67-facts-past", "/facts", "office", school="past"),
    Page("13-today-facts-past", "/today", "office", school="past"),
)
TEACHING = _staff(
    Page("55-staff-sign-in", "/staff/sign-in"),
    Page("55-refused", "/staff/sign-in", walk=walks.refused),
    Page("55-nothing-typed", "/staff/sign-in", walk=walks.nothing_typed),
    Page("55-you-were-away", "/staff/sign-in?after=/staff/still-here"),
    Page("55-code", "/staff/code", holds=("half signed in",)),
    Page("55-code-wrong", "/staff/code", holds=("half signed in",), walk=walks.the_wrong_code),
    Page("55-recovery-code", "/staff/recovery-code", holds=("half signed in",)),
    Page("55-no-code-in-time", "/staff/sign-in", holds=("gave no code",)),
    Page("55-by-recovery-code", "/today", "DSL", holds=("by paper",)),
    Page("55-set-up-code", "/staff/second-step", "with a phone", holds=("password typed",)),
    Page(
        "55-codes-on-paper",
        "/staff/second-step",
        "with a phone",
        holds=("password typed",),
        walk=walks.codes_on_paper,
    ),
    Page("55-my-account", "/staff/account", "DSL"),
    Page("55-my-account-no-code", "/staff/account", "teacher"),
    Page("55-is-it-you", "/staff/account/phone", "DSL"),
    Page("55-join", "/staff/join/{join}"),
    Page("55-join-ended", "/staff/join/nobodys"),
    Page("13-today", "/today", "teacher"),
    Page("13-today-names", "/today", "teacher", holds=("names shown",)),
    Page("13-today-office", "/today", "office"),
    Page("13-today-red", "/today", "chair"),
    Page("55-my-sign-ins", "/my-sign-ins", "chair"),
    Page("55-my-sign-ins-fault", "/my-sign-ins", "teacher", walk=walks.a_short_password),
    Page("13-today-DSL", "/today", "DSL", holds=("names shown",)),
    Page("13-today-empty", "/today", "classless", holds=("names shown",)),
    Page("13-today-setting-up", "/today", "DSL", school="young"),
    Page("13-still-there", "/today", "teacher", walk=walks.is_anybody_there),
    Page("13-offline", "/today", "teacher", walk=walks.no_connection),
    Page("still-here-staff", "/staff/still-here", "teacher"),
    Page("kept", "/kept", "teacher", holds=("wrote too late",), walk=walks.what_was_kept),
    Page("56-class-grid-covered", "/class/{class}/progress", "teacher"),
    Page("56-class-grid", "/class/{class}/progress", "teacher", holds=("names shown",)),
    Page("56-one-pupil", "/class/{class}/progress", "teacher", walk=walks.one_pupil),
    Page("57-first-moves", "/class/{class}/stories/t-79-block-it", "teacher"),
    Page("56-class-grid-empty", "/class/{empty}/progress", "DSL"),
    Page("my-class", "/class/{class}", "teacher"),
    Page("my-class-closed", "/class/{fern}", "DSL"),
    Page("my-class-empty", "/class/{empty}", "DSL"),
    Page("my-classes", "/my-class", "two classes"),
    Page("my-classes-none", "/my-class", "classless"),
    Page("slips", "/class/{elder}", "DSL", walk=walks.slips),
    Page("cards", "/class/{elder}", "DSL", walk=walks.cards),
    Page("lessons", "/lessons", "teacher"),
    Page("lesson-notes", "/lessons/t-79", "teacher"),
    Page("74-workshops", "/workshops", "teacher"),
    Page("74-workshop", "/workshops/{hall_asks}", "teacher"),
    Page("74-workshop-ended", "/workshops/{hall_ended}", "teacher"),
)
OTHERS = (
    Page("58-board", "/lessons/t-79/board/1", "teacher", BOARD),
    Page("58-board-question", "/lessons/t-79/board/7", "teacher", BOARD),
    Page("58-board-age", "/lessons/s-79-age-quiz/board/4?question=1", "teacher", BOARD),
    Page("19-hall-waits", "/workshops/{hall_waits}/board", "teacher", BOARD),
    Page("19-hall", "/workshops/{hall_asks}/board", "teacher", BOARD),
    Page("19-hall-shown", "/workshops/{hall_shown}/board", "teacher", BOARD),
    Page("19-hall-too-few", "/workshops/{hall_few}/board", "teacher", BOARD),
    Page("19-hall-over", "/workshops/{hall_over}/board", "teacher", BOARD),
    Page("71-join", "/workshop?code=fern-423"),
    Page("71-wrong-code", "/workshop?code=fern-423", walk=walks.not_that_one),
    Page("71-waits", "/workshop/now", holds=("a phone that waits",)),
    Page("72-vote", "/workshop/now", holds=("a phone that asks",)),
    Page("72-vote-sent", "/workshop/now?sent=1", holds=("a phone that asks",)),
    Page("72-vote-closed", "/workshop/now", holds=("a phone that shown",)),
    Page("72-over", "/workshop/now", holds=("a phone that over",)),
    Page("70-help", "/help"),
    Page("70-help-no-school", "/help", school="none"),
)


def _family(name: str, leads_to: Walk) -> Page:
    """A page behind the school's code, which comes by the link of a letter."""
    return Page(name, "/families/join/{family_code}", sizes=FAMILY, walk=leads_to)


FAMILIES = (
    Page("71-family-code", "/families/join", sizes=FAMILY),
    Page(
        "71-family-code-wrong", "/families/join", sizes=FAMILY, walk=walks.a_family_code_of_nobody
    ),
    _family("70-family-home", walks.on_to("/families")),
    _family("18-ages", walks.on_to("/families/ages")),
    _family("18-ages-found", walks.the_law_and_a_reason),
    _family("18-ages-unknown", walks.on_to("/families/ages?q=lego")),
    _family("17-talk", walks.on_to("/families/talk?band=7-9&card=A")),
    _family("17-talk-print", walks.on_to("/families/talk/print?band=7-9")),
    _family("70-block-and-report", walks.on_to("/families/block-and-report")),
    _family("76-family-help", walks.on_to("/families/help")),
    _family("20-agreement", walks.on_to("/families/agreement")),
    _family("20-agreement-sheet", walks.our_own_rules),
    Page("error-404-family", "/families/nowhere", sizes=FAMILY),
    *_staff(
        Page("67-family-code", "/family-code", "office"),
        Page("67-family-code-none", "/family-code", "DSL", school="young"),
    ),
)
CONCERNS = _staff(
    Page("15-concerns-covered", "/concerns", "DSL"),
    Page("15-concerns", "/concerns", "DSL", holds=("names shown",)),
    Page("15-concerns-red", "/concerns", "chair"),
    Page("15-concerns-closed", "/concerns?show=closed", "DSL", holds=("names shown",)),
    Page("15-proof-none", "/concerns/proof", "DSL"),
    Page("15-proof", "/concerns/proof", "Ruth Adeyemi", school="demo"),
    Page("15-views-covered", "/concerns/views", "DSL"),
    Page("15-views", "/concerns/views", "DSL", holds=("names shown",)),
    Page("15-views-wrong", "/concerns/views?since=soon", "DSL", holds=("names shown",)),
    Page("15-concerns-none", "/concerns", "classless", holds=("names shown",)),
    Page("15-concerns-key-away", "/concerns", "DSL", school="past"),
    Page("15-concerns-too-few", "/concerns", "DSL", school="young"),
    Page("67-works", "/concerns/works", "DSL"),
    Page("67-works-failed", "/concerns/works", "DSL", school="past"),
    Page("66-step-up", "/concerns/{reference}", "DSL"),
    Page("66-step-up-no-code", "/concerns/{reference}", "teacher", holds=("no code yet",)),
    Page("66-step-up-wrong", "/concerns/{reference}", "head", walk=walks.a_wrong_password),
    Page("14-concern", "/concerns/{reference}", "DSL", walk=walks.the_concern),
    Page("14-concern-teacher", "/concerns/{reference}", "teacher", walk=walks.the_concern),
    Page("14-concern-reply", "/concerns/{reference}", "DSL", walk=walks.a_reply),
    Page("14-concern-answered", "/concerns/{answered}", "DSL", walk=walks.the_concern),
    Page("14-concern-closing", "/concerns/{answered}", "DSL", walk=walks.closing_with_nothing),
    Page("14-concern-closed", "/concerns/{closed}", "DSL", walk=walks.the_concern),
    Page("14-concern-nameless", "/concerns/{nameless}", "DSL", walk=walks.the_concern),
    Page("14-concern-kept-from", "/concerns/{kept}", "DSL", walk=walks.the_concern),
    Page("15-review-covered", "/concerns/review", "DSL"),
    Page("15-review", "/concerns/review", "DSL", holds=("names shown",)),
    Page("15-review-years", "/concerns/review/years", "DSL"),
    Page("14-keeping", "/concerns/{due}/keeping", "DSL", walk=walks.asking_to_erase),
    Page("14-keeping-asked", "/concerns/{asked}/keeping", "DSL", walk=walks.its_keeping),
    Page("14-keeping-held", "/concerns/{held}/keeping", "DSL", walk=walks.its_keeping),
    Page("14-erased", "/concerns/{erased}/certificate", "DSL"),
)


def _faults(who: str | None, address: str, frame: str) -> tuple[Page, ...]:
    """Each fault that the server can be asked for, in one frame."""
    return tuple(
        Page(f"error-{fault}-{frame}", address, who, asks={FAILS: fault})
        for fault in ("400", "413", "429", "500", "busy")
    )


PAPERS = _staff(
    Page("privacy", "/privacy"),
    Page("dpia", "/privacy/dpia", school="none"),
    Page("accessibility", "/accessibility"),
    Page("credits", "/credits"),
    Page("new", "/new"),
    Page("privacy-pupil", "/privacy", "pupil"),
)
ERRORS = (
    *_faults("pupil", "/map", "pupil"),
    *_faults(None, "/tell/feel", "tell"),
    Page("error-403-pupil", "/today", "pupil"),
    Page("error-404-pupil", "/nowhere", "pupil"),
    Page("error-404-tell", "/tell/nowhere"),
    Page("error-404-nobody", "/nowhere"),
    Page("error-404-no-school", "/nowhere", school="none"),
    *_staff(
        *_faults("teacher", "/today", "staff"),
        Page("error-403-staff", "/people", "teacher"),
        Page("error-404-staff", "/nowhere", "teacher"),
        Page("error-unsent-staff", "/people", "DSL", walk=walks.not_saved),
    ),
)
DEMO = (
    *(
        Page(f"demo-{name}", address, who, school="demo")
        for name, address, who in (
            ("map", "/map", "Edie"),
            ("tell", "/tell", "Maryam"),
            ("tell-feelings", "/tell/feel", "Maryam"),
        )
    ),
    *_staff(
        Page("50-demo-sign-ins", "/demo", school="demo"),
        Page("demo-today", "/today", "Tomasz Nowicki", school="demo"),
    ),
    Page("demo-board", "/lessons/m-79/board/1", "Tomasz Nowicki", BOARD, school="demo"),
)
SECTIONS = {
    "Pupils: coming in": DOOR,
    "Pupils: learning and playing": LEARNING,
    "Pupils: telling": TELLING,
    "Staff: setting up": SETTING_UP,
    "Staff: the school day": TEACHING,
    "Staff: concerns": CONCERNS,
    "The board, and help": OTHERS,
    "Families": FAMILIES,
    "The papers": PAPERS,
    "The demo": DEMO,
    "Errors": ERRORS,
}
PAGES = tuple(page for pages in SECTIONS.values() for page in pages)
