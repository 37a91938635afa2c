"""Each rule of a story, broken in a small good one."""

from __future__ import annotations

from typing import Any

import pytest

# What stands there, the fault put in its place, words of the problem, lines below the start.
FAULTS: list[tuple[str, str, str, int | str]] = [
    # Shape
    ("minutes: 5\n", "minutes: 5\nminuets: 5\n", "`minuets` is not a key", 1),
    ("title: The Small Frog\n", "", "`title` is missing", -3),
    ("minutes: 5", "minutes: soon", "`minutes` is not a whole number", 0),
    ("label: Block Frostbyte", "label: true", "put quotes round it", 0),
    ("label: Block Frostbyte", "label: 12", "put quotes round it", 0),
    ("label: Block Frostbyte", "label:", "`label` is empty", 0),
    ("do: block", "do: hug", "`do` is “hug”", 0),
    ("risk: true", "risk: yes", "write true or false", 0),
    ("ending: sunny", "ending: sad", "`kind` is “sad”", 0),
    ("version: 1\n", "version: 1\nversion: 2\n", "`version` is written twice", 1),
    (
        "      - They have tea.",
        "      - Gran: they have tea.",
        "put quotes round the whole line",
        0,
    ),
    ("cast:", "cast: &c", "& and * names are not used", 0),
    ("title: The Small Frog", "title: !!python/name:os.system x", "a ! tag is not used", 0),
    ("- app: Plop!", "- {app: Plop, gran: Hi}", "a line has one speaker", 0),
    # What is not drawn yet
    ("- id: dry", "- id: dry\n    skin: video", "the skin video is not drawn yet", 1),
    ("skin: lobby", "skin: video", "the skin video is not drawn yet", 0),
    ("- id: pond", "- id: pond\n    skin: group", "Jampot has no block button", "- do: block"),
    ("app: Pond Hoppers", "app: Frog Club", "not the app of the skin", 0),
    # Pictures
    ("- id: pond", "- id: pond\n    picture: puppy", "`picture` is for the skin popup", 1),
    ("- id: pond", "- id: pond\n    picture: dragon", "`picture` is “dragon”", 1),
    (
        "label: Block Frostbyte",
        "label: Block Frostbyte\n        picture: close",
        "only 5-7 has tiles",
        1,
    ),
    # The ways through
    ("to: tea", "to: moon", "there is no scene moon", 0),
    ("start: pond", "start: moon", "there is no scene moon to start with", 0),
    ("- id: tea", "- id: dry", "two scenes are called dry", 0),
    ("        to: tea", "        to: pond", "a loop back to pond", 0),
    ("    ending: sunny\n", "", "tea is a dead end", -1),
    ("not_your_fault: true", "not_your_fault: false", "“not your fault” is not heard", "- id: tea"),
    # Moves
    ("        misconception: m-secret\n", "", "a risky move without a misconception", -3),
    ("label: Block Frostbyte", "label: Block\n        misconception: t-once", "safe move", 1),
    ("misconception: m-secret", "misconception: m-secre", "did you mean m-secret?", 0),
    ("misconception: m-secret", "misconception: m-busy-place", "is not for 7-9", 0),
    ("objectives: [tell.block", "objectives: [safe.footprint", "is not for 7-9", 0),
    ("objectives: [tell.block", "objectives: [tell.blok", "there is no objective tell.blok", 0),
    (
        "do: block",
        "do: block\n        risk: true\n        misconception: t-once",
        "no safe move",
        "- id: pond",
    ),
    ("          fact: Small worries count too.\n", "", "feedback without `fact`", -1),
    ("          do: You can stop and tell Gran.\n", "", "feedback without `do`", -2),
    ("did: Gran knows.", "think: Gran knows.", "`think` in the feedback of a safe", 0),
    ("do: block", "do: block\n        adult: false", "`adult` belongs to ask", 0),
    ("- frost: ur good.", "- snow: ur good.", "snow is not in the cast", 0),
    ("    door: Who would you tell? {trusted_adults}\n", "", "has no door", -4),
    ("you tell? {trusted_adults}", "you tell?", "names no trusted adults", 0),
    ("{trusted_adults}", "{trusted_adults} {friends}", "“{friends}” is not a slot", 0),
    ("{trusted_adults}", "{trusted_adults} {age_rule:moon}", "is not a slot", 0),
    # Wording
    ("They have tea.", "They color a frog.", "write “colour”", 0),
    ("They have tea.", "They realize it.", "write “realise”", 0),
    ("They have tea.", "It is her favorite.", "write “favourite”", 0),
    ("They have tea.", "They got organized.", "write “organised”", 0),
    ("They have tea.", "You should have told.", "is not said to a child", 0),
    ("They have tea.", "u have tea.", "is text-speak", 0),
    ("They have tea.", "They play Roblox.", "is a real brand", 0),
    ("They have tea.", "They play PixelPond.", "is a real brand", 0),
    ("They have tea.", "They play on Steam.", "is a real brand", 0),
    ("They have tea.", "They play roblox.", "is a real brand", 0),
    ("They have tea.", "They play \uff32\uff4f\uff42\uff4c\uff4f\uff58.", "is a real brand", 0),
    ("They have tea.", "They play R\u00f6blox.", "is a real brand", 0),
    ("They have tea.", "They play R\u043eblox.", "only looks like one of ours", 0),
    ("They have tea.", "They are on insta.", "is a real brand", 0),
    ("They have tea.", "She sends a Snap.", "is a real brand", 0),
    ("They have tea.", "They have iPads.", "is a real brand", 0),
    ("ur good.", "ur on tiktok?", "is a real brand", 0),
    ("They have tea.", "It is for 13+ only.", "is a typed age", 0),
    ("They have tea.", "You need to be 13 to join.", "is a typed age", 0),
    ("They have tea.", "You need to be thirteen to join.", "is a typed age", 0),
    ("They have tea.", "At ten you can join.", "is a typed age", 0),
    ("They have tea.", "Wait until you are ten.", "is a typed age", 0),
    ("They have tea.", "She turns ten.", "is a typed age", 0),
    ("They have tea.", "I am nine.", "is a typed age", 0),
    ("They have tea.", "It is her tenth birthday.", "is a typed age", 0),
    ("They have tea.", "It has 40 rules.", "“40” is a number in figures", 0),
    ("They have tea.", "It is the Year 3 race.", "“3” is a number in figures", 0),
    ("They have tea.", "Frostbyte_112 hops up.", "“2” is a number in figures", 0),
    ("did: Gran knows.", "did: Gran has ２ buns.", "“２” is a number in figures", 0),
    ("label: Block Frostbyte", "label: Block 2 frogs", "“2” is a number in figures", 0),
    ("They have tea.", "Ring oh eight hundred.", "is typed as a number", 0),
    ("They have tea.", "You must be thirteen.", "is a typed age", 0),
    ("They have tea.", "She is nine years old.", "is a typed age", 0),
    ("They have tea.", "It is not for under tens.", "is a typed age", 0),
    ("They have tea.", "Ring 0800 1111.", "is typed as a number", 0),
    ("They have tea.", "Ring 999.", "is typed as a number", 0),
    ("They have tea.", "Look at frogs.co.uk now.", "is a web address", 0),
    ("They have tea.", "They have <b>tea</b>.", "is HTML or a link", 0),
    ("They have tea.", "They have tea \U0001f438.", "is an emoji", 0),
    ("ur good.", "ur a snitch.", "is not said to a child", 0),
    ("did: Gran knows.", "did: Well done. Gran knows.", "is a judgement", 0),
    # What every story keeps
    ("letter: T", "letter: R", "a Reliable story without `claims`", 0),
    ("It is not your fault,", "Never mind,", "nothing in dry says that it is not", "- id: dry"),
    (
        "label: Block Frostbyte",
        "label: By the canal",
        "two moves called “By the canal”",
        "- id: pond",
    ),
    # Blame and secrets
    ("They have tea.", "It was your fault.", "blames the child", 0),
    ("They have tea.", "It is not only your fault.", "blames the child", 0),
    ("did: Gran knows.", "did: You are to blame.", "blames the child", 0),
    ("They have tea.", "We will keep it a secret.", "keeps a secret", 0),
    ("They have tea.", "Keep it a secret.", "keeps a secret", 0),
    ("They have tea.", 'Gran says, "I\'ll keep your secret."', "keeps a secret", 0),
    ("did: Gran knows.", "did: Your secret is safe.", "keeps a secret", 0),
    ("- app: Plop!", "- gran: I won't tell anyone.", "keeps a secret", 0),
    ("- app: Plop!", "- gran: Keep it a secret, pet.", "keeps a secret", 0),
    ("- app: Plop!", "- gran: It is your fault.", "blames the child", 0),
    # Reading level
    ("They have tea.", "The " + "frog and the " * 8 + "cat.", "a sentence of 26 words", 0),
    ("They have tea.", "A refrigerator hums.", "is a long word", 0),
    ("did: Gran knows.", "did: A. B. C. D.", "feedback of 5 sentences", 0),
    ("They have tea.", "It is wet. " * 30, "words on one screen", -3),
]


@pytest.mark.parametrize(
    ("old", "new", "words", "below"), FAULTS, ids=lambda value: str(value)[:30]
)
def test_a_fault_in_a_story_is_named_with_its_line(
    desk: Any, old: str, new: str, words: str, below: int | str
) -> None:
    line = desk.plant(desk.STORY, old, new, below)
    found = [p for p in desk.problems() if words in f"{p.what}, {p.mend}"]
    assert {(p.file, p.line) for p in found} == {(desk.STORY, line)}, desk.problems()


def test_the_small_story_is_good(desk: Any) -> None:
    assert desk.problems() == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("label: Block Frostbyte", "label: No"),
        ("label: Block Frostbyte", "label: 'true'"),
        ("ending: sunny", "ending: [helped]"),
        ("ending: sunny", "ending:\n      - kind: helped"),
        ("      - They have tea.", "      - say: They have tea."),
        ("      - They have tea.", '      - "Gran: tea!"\n      - They have tea.'),
        ("They have tea.", "They ate ten flies in over five minutes."),
        ("They have tea.", "It is the Year Three race."),
        ("They have tea.", "Frostbyte_11 meets MudLark_7 at ten o'clock."),
        ("They have tea.", "Steam rises. Apple pie! A snap of twigs."),
        ("They have tea.", "Yes. {meeting_rule} {childline} {age_rule:pixelpond}"),
        ("ur good.", "ur 9 years old? gr8"),
        ("ur good.", "keep it a secret. i wont tell anyone. I won't tell anyone"),
        ("They have tea.", "It isn't your fault. It was never your fault."),
        ("They have tea.", "You're not to blame."),
        ("They have tea.", "Never keep a worry secret."),
        ("They have tea.", "A frog asks her to keep it a secret."),
        ("They have tea.", 'The frog says, "Keep it a secret."'),
        ("ends_with: tell\n", ""),
    ],
)
def test_what_a_writer_may_do_is_let_through(desk: Any, old: str, new: str) -> None:
    desk.plant(desk.STORY, old, new)
    assert desk.problems() == []


def test_a_way_on_which_no_grown_up_is_told_is_refused(desk: Any) -> None:
    desk.plant(desk.STORY, "do: ask", "do: leave")
    (problem,) = desk.problems()
    assert "pond > dry > tea" in problem.what
    desk.plant(
        desk.STORY,
        "do: leave\n        label: Gran",
        "do: ask\n        adult: false\n        label: Gran",
    )
    assert "no grown-up" in desk.problems()[0].what
    desk.plant(desk.STORY, "- id: dry", "- id: dry\n    grown_up: true")
    assert desk.problems() == []


def test_a_scene_that_no_move_leads_to_is_refused(desk: Any) -> None:
    scene = "  - id: attic\n    ending: sunny\n    tell: [It is dark.]\n"
    door = "    door: Who? {trusted_adults}\n"
    line = desk.plant(desk.STORY, "  - id: tea", scene + door + "  - id: tea")
    assert [(p.line, p.what) for p in desk.problems()] == [(line, "no way leads to attic")]


def test_one_slip_of_the_pen_hides_no_other_problem(desk: Any) -> None:
    desk.plant(desk.STORY, "minutes: 5", "minutes: soon")
    desk.plant(desk.STORY, "to: tea", "to: moon")
    desk.plant(desk.STORY, "They have tea.", "They color a frog.")
    desk.plant(desk.LESSON, "Then block.", "Then color it.")
    assert len(desk.problems()) == 4


def test_claims_are_for_reliable_stories_and_half_of_them_hold(desk: Any) -> None:
    claims = "claims:\n  - {id: seal, holds: true, looks: daft}\n"
    line = desk.plant(desk.STORY, "cast:", claims + "cast:")
    found = {p.what for p in desk.problems() if p.line == line}
    assert found == {"`claims` belong to Reliable stories", "not half of the claims hold"}


def test_a_grown_up_is_told_on_every_way_whether_or_not_the_head_says_so(desk: Any) -> None:
    text = (desk.root / desk.STORY).read_text("utf-8")
    alone = text.replace("ends_with: tell\n", "").replace("do: tell", "do: leave")
    desk.write(desk.STORY, alone.replace("do: ask\n", "do: ask\n        adult: false\n"))
    said = [p.what for p in desk.problems()]
    assert [what for what in said if what.startswith("no grown-up is told on the way")]


def test_two_claims_have_two_names(desk: Any) -> None:
    claims = """letter: R
claims:
  - {id: moss, holds: true, looks: dull}
  - {id: moss, holds: false, looks: daft}"""
    desk.plant(desk.STORY, "letter: T", claims)
    assert "two claims called moss" in [p.what for p in desk.problems()]


def test_a_fault_of_the_memory_says_nothing_false_of_the_screens(desk: Any) -> None:
    lines = "\n".join(
        f"      - say: {'It rains. ' * 20}\n        when: {n}wet" for n in ("", "not ")
    )
    desk.plant(desk.STORY, "      - They have tea.", lines)
    said = [p.what for p in desk.problems()]
    assert "`memory` knows no wet" in said
    assert not [what for what in said if "words on one screen" in what]
