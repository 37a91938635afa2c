"""The whole circle, step by step, as people do it: set up, learn, tell, read, answer, see."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyotp
from playwright.sync_api import expect

from tests.browser.someone import Someone
from tests.stepped import code_now

PASSWORD = "three red kettles"
FIVE = "Amina Khan\nFinn O'Brien\nFinn Byrne\nZofia Adamska\nWei Zhang"
LEAD, TEACHER = "dsl@oaklane.sch.uk", "ngozi@oaklane.sch.uk"
WORDS = "he keeps asking wot school i go to 😟\ni dont no him & he said <3 our secret"
ANSWER = "Thank you, Amina. You did the right thing. I will find you at break."

Invite = Callable[[], Someone]


@dataclass
class School:
    """What people carry away from the office: an address, a code on a slip, three pictures."""

    address: str
    code: tuple[str, str]
    slips: Mapping[str, Sequence[str]]
    cookie_of: Callable[[str], str] = str
    """What a browser holds in which this pupil, or adult, has signed in a moment ago."""


# The grown-ups.


def founded(invite: Invite) -> tuple[School, Someone]:
    """Set up a school of one class of five; the team is safe, the class open, slips are printed.

    And its teacher, who is still signed in.
    """
    lead = invite()
    set_up(lead)
    lead.sees("Unsafe: 1 of 3 adults can see concerns.")
    head = "Head teacher: sees concerns"
    gwen = add_adult(lead, "Gwen Pritchard", "Mrs Pritchard", head, invite)
    chair = "Chair of governors: sees concerns, from outside the staff"
    imran = add_adult(lead, "Imran Sheikh", "Mr Sheikh", chair, invite)
    say_who_it_is(gwen, imran)
    teacher = add_adult(lead, "Ngozi Okafor", "Mrs Okafor", "Teacher", invite)
    lead.opens("/people")
    lead.sees("Safe: 3 adults can see concerns.")
    add_class(lead, "Hazel", "Year 4", "Ngozi Okafor")
    code = paste_names(lead, FIVE)
    sign_out_staff(lead)
    open_class(teacher)
    return School(lead.address, code, print_slips(teacher)), teacher


def set_up(lead: Someone) -> None:
    """From the first page to the first account."""
    lead.opens("/")
    lead.follows("Start here")
    lead.types("School name", "Oak Lane Primary")
    lead.ticks("England")
    lead.types("School starts", "08:45")
    lead.types("School ends", "15:30")
    lead.page.get_by_label("Read every concern within").select_option("the same school day")
    lead.types("Your name", "Peter Lane")
    lead.types("What pupils call you", "Mr Lane")
    lead.types("Your e-mail", LEAD)
    lead.types("Your password", PASSWORD)
    lead.types("Password again", PASSWORD)
    lead.presses("Save and go on")
    set_up_a_code(lead)
    assert lead.heading == "Who can see concerns"


def set_up_a_code(adult: Someone) -> None:
    """Type the key into an app, and its first code back; the recovery codes are on paper now."""
    assert adult.heading == "Set up your code"
    secret = "".join(adult.page.locator(".secret span").all_inner_texts())
    adult.types("Code from your app", pyotp.TOTP(secret).now())
    adult.presses("Switch it on")
    assert adult.heading == "Print your recovery codes now"
    expect(adult.page.locator(".paper-codes li")).to_have_count(10)
    adult.follows("I have them, go on")


def add_adult(lead: Someone, name: str, known_as: str, role: str, invite: Invite) -> Someone:
    """Add an adult, who joins in another browser by the link; the adult, signed in."""
    lead.follows("People")
    lead.types("Name", name)
    lead.types("What pupils call this adult", known_as)
    lead.types("School e-mail", f"{name.split()[0].lower()}@oaklane.sch.uk")
    lead.ticks(role)
    lead.presses("Add")
    link = lead.page.locator(".banner strong").inner_text()
    lead.follows("Back to people")
    joining = invite()
    joining.opens(link)
    joining.types("Choose a password", PASSWORD)
    joining.presses("Set my password and sign in")
    if "sees concerns" in role:
        set_up_a_code(joining)
    assert joining.heading.startswith("Good ")
    return joining


def say_who_it_is(third: Someone, newcomer: Someone) -> None:
    """A third of the team asks in person who came in by the link, and says so."""
    newcomer.opens("/today")
    newcomer.sees("you see no more than Peter Lane does")
    third.opens("/today")
    third.presses("I asked them in person: it is them")
    third.types("Password", PASSWORD)
    third.presses("I asked them in person: it is them")
    newcomer.opens("/today")
    expect(newcomer.page.get_by_text("you see no more than")).to_have_count(0)


def add_class(lead: Someone, name: str, year: str, teacher: str) -> None:
    """A class with its year and its teacher."""
    lead.follows("Classes")
    lead.types("Class name", name)
    lead.ticks(year)
    lead.ticks(teacher)
    lead.presses("Add the class")
    assert lead.heading == f"Pupils of {name}"


def paste_names(lead: Someone, names: str) -> tuple[str, str]:
    """Paste five names, look at them, save them; the class code."""
    lead.types("Names", names)
    lead.presses("Look at the names")
    lead.sees("5 ready, 0 to look at, 0 left out. Not saved yet.")
    expect(lead.page.get_by_role("cell", name="Finn O", exact=True)).to_be_visible()
    lead.presses("Save 5 pupils in Hazel")
    lead.sees("5 pupils saved.")
    code = lead.page.locator("p", has_text="Class code:").locator("strong").inner_text()
    word, number = code.split()
    return word, number


def open_class(teacher: Someone) -> None:
    """Shut the class and open it, so that it is open by the teacher's word at any hour."""
    teacher.opens("/today")
    teacher.follows("Let in, open or close")
    if teacher.button(
        "All out"
    ).count():  # Open by its hours; a closed class offers no such button.
        teacher.presses("All out")
    teacher.sees("The class is closed.")
    teacher.presses("Open the class")
    teacher.sees("The class is open.")


def print_slips(teacher: Someone) -> dict[str, list[str]]:
    """The three pictures of each pupil, from the slips that are shown once."""
    teacher.presses("Draw pictures and print slips")
    slips = teacher.page.locator("section.slip")
    expect(slips).to_have_count(5)
    drawn = {
        slip.get_by_role("heading").inner_text(): slip.get_by_role("listitem").all_inner_texts()
        for slip in slips.all()
    }
    teacher.follows("Back to the class")
    teacher.sees_not("Draw pictures and print slips")
    return drawn


def sign_in_staff(adult: Someone, email: str) -> None:
    """E-mail and password, and the code where an app was set up past the pages."""
    adult.opens("/")
    adult.follows("I am a teacher")
    adult.types("Email", email)
    adult.types("Password", PASSWORD)
    adult.presses("Sign in")
    if adult.heading == "Code from your app":
        adult.types("Code from your app", code_now())
        adult.presses("Go on")
    assert adult.heading.startswith("Good ")


def sign_out_staff(adult: Someone) -> None:
    """Out, to the page where staff sign in."""
    adult.presses("Sign out")
    assert adult.heading == "Staff sign in"


def confirm_password(adult: Someone, email: str) -> None:
    """The password once more, before a concern opens."""
    assert adult.heading.startswith("Sign in again to open C-")
    adult.types(f"Password for {email}", PASSWORD)
    adult.presses("Open the concern")
    if adult.heading == "Set up your code":
        set_up_a_code(adult)
    assert adult.heading.startswith("Concern C-")


def read_and_answer(teacher: Someone, pupil: str) -> None:
    """Today shows the concern; open it, read the very words, answer."""
    teacher.sees("Concerns are covered.")
    teacher.sees_not(pupil)
    teacher.presses("Show")
    teacher.sees_not(pupil)  # This teacher has set up no code yet: a password names no child.
    link = teacher.page.get_by_role("link").filter(has_text="Open it to see the name")
    with teacher.to_the_next_page():
        teacher.press(link.filter(has_text="New to you"))
    confirm_password(teacher, TEACHER)
    told = teacher.page.get_by_role("region", name="The child’s words")
    assert told.locator("blockquote").inner_text() == WORDS
    expect(told).to_contain_text("Someone asked for photos or private things")
    expect(told).to_contain_text("Feels: worried, scared")
    teacher.press(teacher.page.get_by_text("Answer the child", exact=True))
    teacher.types("Answer to the child", ANSWER)
    teacher.presses("Send the answer")
    chronology = teacher.page.get_by_role("region", name="Chronology")
    expect(chronology.get_by_text("Answer to the child by Ngozi Okafor")).to_be_visible()


# The pupil.


def sign_in(pupil: Someone, school: School, name: str) -> None:
    """Class code, name, three pictures."""
    pupil.opens("/")
    pupil.types("Word", school.code[0])
    pupil.types("Number", school.code[1])
    pupil.presses("Find my class")
    pupil.follows(name)
    tap_pictures(pupil, school.slips[name])
    assert pupil.heading == f"Hello {name}"


def comes_in(pupil: Someone, school: School, name: str) -> None:
    """By a sign-in that is there already, for whoever tries something else."""
    pupil.holds(school.cookie_of(name))
    pupil.opens("/map")
    assert pupil.heading == f"Hello {name}"


def staff_comes_in(adult: Someone, school: School, role: str) -> None:
    """The same, for the adult of this role."""
    adult.holds(school.cookie_of(role))
    adult.opens("/today")
    assert adult.heading.startswith("Good ")


def tap_pictures(pupil: Someone, three: Sequence[str]) -> None:
    """One after the other; with scripts all on one page, without them a page for each."""
    *others, last = three
    for done, picture in enumerate(others, 1):
        pupil.press(pupil.button(picture))
        expect(pupil.page.locator(".slot.shown, .slot.hid")).to_have_count(done)
    pupil.presses(last)


def to_the_lesson(pupil: Someone) -> None:
    """By its stop on the map."""
    with pupil.to_the_next_page():
        pupil.press(pupil.page.locator(".stops a").filter(has_text="Small bird, big voice"))


def learn(pupil: Someone) -> None:
    """All the cards of the lesson, with the story played where its card says so."""
    to_the_lesson(pupil)
    assert pupil.heading == "Small bird, big voice"
    pupil.presses("Start")
    for number in range(1, 9):
        pupil.sees(f"Card {number} of 8")
        answer_questions(pupil)
        if pupil.page.get_by_role("link", name="Play The Second Squeak").count():
            pupil.follows("Play The Second Squeak")
            play(pupil)
            pupil.follows("Back to my lesson")
            pupil.sees(f"Card {number} of 8")
        pupil.presses("Next" if number < 8 else "Finish")
    assert pupil.heading == "You did it"
    pupil.follows("Back to my map")


def answer_questions(pupil: Someone) -> None:
    """Answer each question of a card: whoever is told "Not yet" looks, and tries the next."""
    while pupil.button("Check").count():
        tried = 0
        while True:
            pupil.page.get_by_role("radio").nth(tried).check()
            pupil.presses("Check")
            again = pupil.page.get_by_role("link", name="Try again")
            if not again.count():
                break
            pupil.sees("Not yet. Have a look.")
            pupil.follows("Try again")
            tried += 1


def play(pupil: Someone) -> None:
    """The Second Squeak, from its front to an ending: always the last button of a scene."""
    assert pupil.heading == "The Second Squeak"
    pupil.sees("Nobody here is real.")
    pupil.presses("Start")
    moves = pupil.page.locator("button[name=choice]")
    while moves.count():
        pupil.presses(moves.last.inner_text())
        pupil.follows("Next")
    pupil.follows("Your path")
    pupil.sees("Your first path stays.")


def tell(pupil: Someone, words: str = WORDS, *, to: str = "Mrs Okafor") -> None:
    """Three steps, in the child's own words, to one adult."""
    pupil.follows("Tell a teacher")
    pupil.ticks("Someone asked for photos or private things")
    pupil.presses("Next")
    pupil.ticks("worried")
    pupil.ticks("scared")
    pupil.types("Tell us in your own words", words)
    pupil.presses("Next")
    pupil.page.get_by_label(to).check()
    pupil.presses("Send it")
    pupil.sees("Thank you for telling us")
    pupil.sees(f"Sent to {to}")
    pupil.sees("They will read it")
    assert pupil.page.locator("blockquote").inner_text() == words


def sign_out(pupil: Someone) -> None:
    """Out, to the names of the class."""
    pupil.presses("Sign out")
    assert pupil.heading == "Who are you?"


def open_notes(pupil: Someone, school: School, name: str) -> None:
    """My notes, with the three pictures again."""
    tools = pupil.page.get_by_role("complementary", name="Your tools")
    pupil.follows("My notes", within=tools)
    tap_pictures(pupil, school.slips[name])
    pupil.sees("This page opens just for you.")
    pupil.page.wait_for_load_state()  # Its script watches the time.


def see_the_answer(pupil: Someone) -> None:
    """Who has read it, and what they say."""
    pupil.sees("Mrs Okafor has read it.")
    pupil.sees("Mrs Okafor says:")
    answer, told = pupil.page.locator("blockquote").all_inner_texts()
    assert (answer, told) == (ANSWER, WORDS)
