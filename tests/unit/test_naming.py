"""Whom a child's words name: many spellings that must be found, and many words that must not."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.safeguarding.naming import Person, named_in
from app.safeguarding.posts import Post
from app.safeguarding.sounds import is_near

SCHOOL = (
    Person("okafor", "Ngozi Okafor", "Mrs Okafor", frozenset({Post.CLASS})),
    Person("hughes", "Ada Hughes", "Mrs Hughes", frozenset({Post.HEAD})),
    Person("li", "Wei Li", "Mr Li"),
    Person("may", "Joan May", "Miss May"),
    Person("brown", "Tom Brown", "Mr Brown"),
    Person("hill", "Sue Hill", "Ms Hill", frozenset({Post.OFFICE})),
    Person("obrien", "Mary O’Brien", "Miss O'Brien"),
    Person("double", "Jo Smith-Jones", "Ms Smith-Jones"),
    Person("berg", "Ana van den Berg", "Miss van den Berg"),
    Person("adeyemi", "Ruth Adéyẹmí", "Ms Adeyemi", frozenset({Post.LEAD})),
    Person("katie", "Katie Papadopoulos", "Miss Katie"),
    Person("dan", "Daniel Carey", "Dan"),
    Person("coach", "Robin Sykes", "Big Rob"),
    Person("boateng", "Sam Boateng", "Mr Boateng", frozenset({Post.CHAIR})),
    Person("patel", "Dev Patel", "Mr Patel", frozenset({Post.DEPUTY, Post.LEAD})),
    Person("whitfield", "Ann Whitfield", "Mrs Whitfield"),
    Person("wright", "Kit Wright", "Miss Wright"),
    Person("khan", "Sara Khan", "Mrs Khan"),
    Person("shah", "Omar Shah", "Mr Shah"),
    Person("fixer", "Ola Zug", "Mr Zug", frozenset({Post.TECHNICIAN})),
)


@pytest.mark.parametrize(
    ("says", "who"),
    [
        ("Mrs Okafor shouted", "okafor"),
        ("mrs okafer shouted", "okafor"),
        ("mis ocafor", "okafor"),
        ("MRS OKAFOR", "okafor"),
        ("mrsokafor", "okafor"),
        ("its mrs okafors fault", "okafor"),
        ("it was Mrs. Okafor’s book", "okafor"),
        ("okafor", "okafor"),
        ("Okapher", "okafor"),
        ("mr okafor", "okafor"),
        ("miss oka for", "okafor"),
        ("Mrs O said", "okafor"),
        ("Ngozi Okafor", "okafor"),
        ("miss ngozi", "okafor"),
        ("my teacher hit me", "okafor"),
        ("wei li hit me", "li"),
        ("joan may hit me", "may"),
        ("TOM BROWN HIT ME", "brown"),
        ("tom broun hit me", "brown"),
        ("tomm brown hit me", "brown"),
        ("sue hill hit me", "hill"),
        ("m r brown hit me", "brown"),
        ("m r s hill hit me", "hill"),
        ("miss ofakor", "okafor"),
        ("the lady in the office", "hill"),
        ("the lady who works in the ofis", "hill"),
        ("the secratary", "hill"),
        ("the safgarding lead", "adeyemi"),
        ("the safe gaurding lady", "adeyemi"),
        ("the computer man", "fixer"),
        ("the computa lady", "fixer"),
        ("the IT man", "fixer"),
        ("the tecnishun", "fixer"),
        ("my teecher", "okafor"),
        ("our techer", "okafor"),
        ("the class teacher", "okafor"),
        ("mr hews", "hughes"),
        ("the head teacher", "hughes"),
        ("The Headteacher", "hughes"),
        ("hed teacher", "hughes"),
        ("headmistress", "hughes"),
        ("Mr Lee", "li"),
        ("mr li", "li"),
        ("Li came", "li"),
        ("miss may", "may"),
        ("I saw May there", "may"),
        ("mr broun", "brown"),
        ("Brown did it", "brown"),
        ("ms hil", "hill"),
        ("the office lady", "hill"),
        ("miss o brien", "obrien"),
        ("Miss Obrian", "obrien"),
        ("o'brien", "obrien"),
        ("mrs jones", "double"),
        ("mrs smithjones", "double"),
        ("mrs van den burg", "berg"),
        ("Adeyemi", "adeyemi"),
        ("the safe guarding lead", "adeyemi"),
        ("the DSL", "adeyemi"),
        ("katie", "katie"),
        ("mrs Papadopolous", "katie"),
        ("Dan touched me", "dan"),
        ("then big rob said", "coach"),
        ("the governors", "boateng"),
        ("the head hit me", "hughes"),
        ("the head of the school touches me", "hughes"),
        ("I told the head and the head said shut up", "hughes"),
        ("hedteacher", "hughes"),
        ("the acting head", "hughes"),
        ("principal hit me", "hughes"),
        ("miss hit me", "okafor"),
        ("sir keeps touching me", "okafor"),
        ("teacher hit me", "okafor"),
        ("a teacher touched me", "okafor"),
        ("mr bowateng", "boateng"),
        ("the deputy head", "patel"),
        ("the depty head teacher", "patel"),
        ("safeguarding lead", "patel"),
        ("whitfeild hurt me", "whitfield"),
        ("witfeeld hurt me", "whitfield"),
        ("WHITFEILD HURT ME", "whitfield"),
        ("okafour says i must not tell", "okafor"),
        ("okaofr hits", "okafor"),
        ("miss rihgt", "wright"),
        ("miss riht", "wright"),
        ("mrs o'b", "obrien"),
        ("mrs o’b’s room", "obrien"),
        ("mrsb", "brown"),
        ("mr b", "brown"),
        ("mr b", "boateng"),
        ("I said to mr b", "coach"),
        ("miss w hurts me", "wright"),
        ("missw hurts me", "whitfield"),
        ("mrs whit", "whitfield"),
        ("ms s j", "double"),
        ("mssj", "double"),
        ("mrshah", "shah"),
        ("mrs o brienn", "obrien"),
        ("miss a hit me", "adeyemi"),
        ("mr can hit me", "khan"),
        ("my techur", "okafor"),
        ("my teecher hit me", "okafor"),
        ("teechr", "okafor"),
        ("my teetcha", "okafor"),
        ("the hed techer", "hughes"),
        ("hedtechur", "hughes"),
        ("the hed hit me", "hughes"),
    ],
)
def test_a_spelling_that_a_child_may_write_is_found(says: str, who: str) -> None:
    assert who in named_in([says], SCHOOL)


@pytest.mark.parametrize(
    "says",
    [
        "",
        "i may go home",
        "a brown dog on the hill",
        "I BROWN MAY",
        "I miss my mum",
        "i miss him so much",
        "he hit me on the head",
        "a ball came to the head",
        "we miss the bus",
        "I told a grown-up",
        "someone asked me what school I go to",
        "lead me to the class",
        "the mistake was on the missing page",
        "dan",
        "ngozi",
        "my friend teaches me football",
        "🐸 <b>and</b> he said dont tell",
        "mr nobody",
        "li",
        "miss can i go home",
        "miss a boy hit me",
        "miss i need help",
        "i miss a friend",
        "i miss u",
        "miss ok bye",
        "the mist on the drive",
        "patle",
        "a missing person",
    ],
)
def test_words_of_every_day_name_nobody(says: str) -> None:
    assert named_in([says], SCHOOL) == frozenset()


def test_a_word_of_every_day_is_no_misspelled_name() -> None:
    people = [Person("one", "Jo Pearson", "Mrs Pearson"), Person("two", "Al Murray", "Mr Murray")]
    assert named_in(["a bad person. hurray!"], people) == frozenset()
    assert named_in(["peerson came with murry"], people) == {"one", "two"}
    assert named_in(["becuase"], [Person("one", "Jo Becus", "Mx Becusa")]) == frozenset()


def test_a_child_of_the_class_is_no_misspelled_adult() -> None:
    people = [Person("one", "Jo Rosalyn", "Mrs Rosalyn")]
    assert named_in(["rosalin hit me"], people) == {"one"}
    assert named_in(["rosalin hit me, Rosalin hit me"], people, ["Rosalin K"]) == frozenset()
    assert named_in(["mrs rosalin hit me"], people, ["Rosalin K"]) == {"one"}
    assert named_in(["rosalyn hit me"], people, ["Rosalyn"]) == {"one"}, "as it is written"


def test_a_title_and_a_letter_name_everybody_who_begins_so() -> None:
    people = [Person(name, f"Jo {name}", f"Mrs {name}") for name in ("Bell", "Boyd", "Cole")]
    assert named_in(["mr b did it"], people) == {"Bell", "Boyd"}


def test_a_post_names_its_holder_and_no_other() -> None:
    assert named_in(["the head teacher"], SCHOOL) == {"hughes"}
    assert named_in(["the deputy head teacher"], SCHOOL) == {"patel"}
    assert named_in(["my teacher"], SCHOOL) == {"okafor"}


def test_picked_words_are_looked_at_like_written_ones() -> None:
    assert named_in(["", "online", "mrs hughes"], SCHOOL) == {"hughes"}


def test_everybody_of_one_name_is_found() -> None:
    two = (Person("a", "Ann Wood", "Mrs Wood"), Person("b", "Ben Wood", "Mr Wood"))
    assert named_in(["mr wood"], two) == {"a", "b"}


LETTERS = st.sampled_from(string.ascii_lowercase)
SURNAMES = st.text(LETTERS, min_size=5, max_size=14)


@st.composite
def mistyped(draw: st.DrawFn) -> tuple[str, str]:
    """A surname, and the same with one letter left out, put in, mistaken or swapped."""
    name = draw(SURNAMES)
    at, letter = draw(st.integers(0, len(name) - 2)), draw(LETTERS)
    made = {
        "out": name[:at] + name[at + 1 :],
        "in": name[:at] + letter + name[at:],
        "other": name[:at] + letter + name[at + 1 :],
        "swap": name[:at] + name[at + 1] + name[at] + name[at + 2 :],
    }
    return name, made[draw(st.sampled_from(sorted(made)))]


@given(mistyped(), st.sampled_from(("mr", "Mrs", "miss", "mis", "ms", "sir", "mx", "Dr")))
def test_one_slip_after_a_title_is_found(names: tuple[str, str], title: str) -> None:
    name, written = names
    person = Person("one", f"Jo {name.capitalize()}", f"Mx {name.capitalize()}")
    assert named_in([f"and then {title} {written} said no"], [person]) == {"one"}


@given(st.text(max_size=400), st.lists(st.text(max_size=30), max_size=4))
def test_any_words_and_any_names_are_looked_through(says: str, names: list[str]) -> None:
    people = [Person(str(n), name, name) for n, name in enumerate(names)]
    assert named_in([says], people) <= {person.id for person in people}


@given(st.text(LETTERS, max_size=9), st.text(LETTERS, max_size=9), st.integers(0, 3))
def test_nearness_is_the_same_both_ways(one: str, other: str, most: int) -> None:
    assert is_near(one, other, most) == is_near(other, one, most)
