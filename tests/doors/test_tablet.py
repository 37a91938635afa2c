"""The practice tablet: where each move is, who is in the game, what a move leaves behind."""

from __future__ import annotations

from dataclasses import replace

from app.content.story_values import Line, Moment, Move, Story
from app.doors.pupil.tablet import KNOWN, facts_known, good_verbs, in_the_room, placed, tablet_after
from tests.quick import content

STORY = content().quizzes["t-79-block-it"]
FIRST = STORY.scenes[STORY.start].seen_with(STORY.at_first)
RAIN = content().quizzes["a-79-coin-rain"]
WELLY = content().quizzes["m-79-golden-welly"]
SQUEAK = content().quizzes["t-79-block-it-chat"]
SEAL = content().quizzes["r-79-seal-of-approval"]


def scene(story: Story, scene_id: str) -> Moment:
    return story.scenes[scene_id].seen_with(story.at_first)


def move_of(scene: Moment, do: str) -> Move:
    return next(move for move in scene.moves if move.do == do)


def names(lines: list[Line]) -> list[str]:
    return [line.name for line in lines]


def test_every_move_has_its_button_in_one_place_of_the_app() -> None:
    for story in (STORY, WELLY, SQUEAK, SEAL):
        for scene_id in story.scenes:
            here = scene(story, scene_id)
            found = [move.number for moves in placed(here).values() for move in moves]
            assert sorted(found) == [move.number for move in here.moves]


def test_nobody_leaves_the_app_where_there_is_none_on_the_screen() -> None:
    where = placed(scene(WELLY, "dads_van"))
    assert where["bar"] == []
    assert "leave" in [move.do for move in where["say"]]


def test_block_is_on_the_players_card_and_gran_is_beside_the_tablet() -> None:
    where = placed(FIRST)
    assert [move.do for move in where["card"]] == ["mute", "block"]
    assert [move.do for move in where["grown_up"]] == ["ask"]


def test_a_player_who_was_blocked_says_so_and_stays_so() -> None:
    steps = [(FIRST, move_of(FIRST, "block"))]
    after = tablet_after(STORY, steps)
    assert after.hushed == {"frostbyte": "blocked"}
    later = tablet_after(STORY, steps, scene(STORY, "pal"))
    assert later.hushed == {"frostbyte": "blocked"}
    assert later.card_of == "BunnyBun"
    assert names(later.pads) == ["Frostbyte_11", "BunnyBun"]


def test_what_the_pupil_says_and_what_comes_back_stand_in_the_chat() -> None:
    said = move_of(FIRST, "reply")
    newest = tablet_after(STORY, [(FIRST, said)]).newest
    assert [message.words for message in newest[-2:]] == [said.label, said.reply[0].words]


def test_gran_speaks_in_the_room_and_not_in_the_chat() -> None:
    asked = move_of(FIRST, "ask")
    assert names(in_the_room(STORY, asked)) == ["Gran"]
    assert "Gran" not in {message.name for message in tablet_after(STORY, [(FIRST, asked)]).newest}


def test_only_good_moves_grow_a_leaf_and_each_kind_once() -> None:
    block, slip = move_of(FIRST, "block"), move_of(FIRST, "reply")
    assert good_verbs([(FIRST, slip), (FIRST, block), (FIRST, block)]) == ["block"]


def opening(story: Story) -> Moment:
    return scene(story, story.start)


def test_a_box_that_is_shut_is_gone_and_only_what_the_app_says_then_is_there() -> None:
    first = opening(RAIN)
    assert tablet_after(RAIN, [], first).offers
    shut = move_of(first, "refuse")
    after = tablet_after(RAIN, [(first, shut)])
    assert not after.offers
    assert [message.words for message in after.news] == [shut.reply[0].words]
    silent = tablet_after(RAIN, [(first, replace(shut, reply=()))])
    assert (silent.news, silent.offers) == ([], False)


def test_a_box_stands_while_somebody_in_the_room_is_asked() -> None:
    first = opening(RAIN)
    after = tablet_after(RAIN, [(first, move_of(first, "ask"))])
    assert after.offers
    assert [message.words for message in after.news] == [line.words for line in first.show]


def test_yes_and_no_are_pressed_and_a_reply_is_said() -> None:
    first = opening(RAIN)
    for skin in ("popup", "lobby"):
        here = replace(first, skin=skin)
        for do in ("accept", "refuse"):
            said = [one.words for one in tablet_after(RAIN, [(here, move_of(here, do))]).messages]
            assert move_of(here, do).label not in said
    asked = move_of(FIRST, "reply")
    assert asked.label in [one.words for one in tablet_after(STORY, [(FIRST, asked)]).messages]


def test_a_friend_is_asked_on_the_screen_and_a_grown_up_beside_it() -> None:
    jar = opening(content().quizzes["r-79-seal-of-approval"])
    friend = next(move for move in jar.moves if move.do == "ask")
    assert not friend.adult
    assert friend in placed(jar)["say"]
    assert placed(jar)["grown_up"] == []


def test_whoever_was_blocked_by_somebody_else_is_blocked_on_the_screen() -> None:
    told = [
        (here, move)
        for here in (scene(WELLY, scene_id) for scene_id in WELLY.scenes)
        for move in WELLY.scenes[here.id].moves
        if move.do != "block" and any(kept.blocks for kept, _, _ in move.changes)
    ]
    assert told
    for step in told:
        assert tablet_after(WELLY, [step]).hushed == {"mudlark": "blocked"}


def test_a_chat_that_was_deleted_is_empty() -> None:
    squeaks = content().quizzes["t-79-second-time"]
    again = scene(squeaks, "again")
    assert [one.by for one in tablet_after(squeaks, [], again).newest] == ["unknown"]
    gone = next(m for m in again.moves if any(kept.empties for kept, _, _ in m.changes))
    after = tablet_after(squeaks, [(again, gone)]).messages
    assert {one.by for one in after} == {"app"}


def test_a_trade_has_the_card_of_the_player_until_it_is_answered() -> None:
    trade = next(
        here
        for here in (scene(RAIN, scene_id) for scene_id in RAIN.scenes)
        if here.skin == "popup" and any(line.is_ == "unknown" for line in here.show)
    )
    where = placed(trade)
    assert {move.do for move in where["prize"] + where["cross"]} == {"accept", "refuse"}
    asker = tablet_after(RAIN, [], trade).card_of
    assert asker in names(list(trade.show))
    answered = tablet_after(RAIN, [(trade, move_of(trade, "refuse"))])
    assert (answered.card_of, answered.offers) == ("", False)
    blocked = tablet_after(RAIN, [(trade, move_of(trade, "block"))])
    assert blocked.hushed[trade.show[0].speaker_key] == "blocked"


def test_whoever_writes_is_the_partner_of_a_chat_and_a_stranger_before_a_friend() -> None:
    first = opening(SQUEAK)
    (stranger,) = first.show
    friend = replace(stranger, speaker_key="pal", name="Pal", is_="friend", words="hi")
    both = tablet_after(SQUEAK, [], replace(first, show=(stranger, friend)))
    assert both.partner
    assert both.partner.name == stranger.name
    assert [message.name for message in both.writers] == [stranger.name, "Pal"]
    assert tablet_after(SQUEAK, [], replace(first, show=())).partner is None


def test_each_player_has_a_chat_of_their_own_and_all_of_a_group_one() -> None:
    first = opening(SQUEAK)
    (stranger,) = first.show
    friend = replace(stranger, speaker_key="pal", name="Pal", is_="friend", words="hi")
    steps = [(first, move_of(first, "block"))]
    other = tablet_after(SQUEAK, steps, replace(first, show=(friend,)))
    assert [message.words for message in other.newest] == ["hi"]
    assert other.partner
    assert other.partner.key not in other.hushed
    jar = replace(first, skin="group")
    in_a_jar = [(jar, move_of(first, "block"))]
    group = tablet_after(SQUEAK, in_a_jar, replace(jar, show=(friend,)))
    assert [message.key for message in group.writers] == [stranger.speaker_key, "pal"]


def test_a_friend_can_be_blocked_in_a_chat_and_nobody_is_marked_in_a_group() -> None:
    first = opening(SQUEAK)
    (stranger,) = first.show
    chat = replace(first, show=(replace(stranger, is_="friend"),))
    block = replace(move_of(first, "block"), changes=())
    assert tablet_after(SQUEAK, [(chat, block)]).hushed == {stranger.speaker_key: "blocked"}
    jar, mute = replace(first, skin="group"), replace(block, do="mute")
    assert tablet_after(SQUEAK, [(jar, mute)]).hushed == {}


def test_somebody_who_writes_again_is_blocked_no_longer() -> None:
    first = opening(SQUEAK)
    blocked = [(first, move_of(first, "block"))]
    assert tablet_after(SQUEAK, blocked).hushed == {first.show[0].speaker_key: "blocked"}
    assert tablet_after(SQUEAK, blocked, first).hushed == {}


def test_in_the_room_nothing_new_is_on_the_phone() -> None:
    first = opening(SQUEAK)
    assert not tablet_after(SQUEAK, [], first).in_the_room
    assert tablet_after(SQUEAK, [], replace(first, show=())).in_the_room


def step(
    *, sets: tuple[str, ...] = (), clears: tuple[str, ...] = (), **before: int
) -> tuple[Moment, Move]:
    """A move of the welly's first scene that remembers and forgets these."""
    here = WELLY.scenes[WELLY.start].seen_with({**WELLY.at_first, **before})
    changes = tuple((WELLY.memory[name], int(name in sets), False) for name in (*sets, *clears))
    return here, replace(here.moves[0], changes=changes)


def test_what_is_known_is_what_is_so_now_the_newest_last_and_never_a_count() -> None:
    means = {name: kept.means for name, kept in WELLY.memory.items()}
    first = step(sets=("knows_town",))
    second = step(sets=("knows_name",), knows_town=1)
    assert facts_known(WELLY, [first, second]) == [means["knows_town"], means["knows_name"]]
    forgets = step(clears=("knows_town",), knows_town=1, knows_name=1)
    assert facts_known(WELLY, [first, second, forgets]) == [means["knows_name"]]
    counted = replace(WELLY, memory={n: replace(k, most=4) for n, k in WELLY.memory.items()})
    assert facts_known(counted, [first, second]) == []


def test_no_more_is_known_than_fits_beside_the_phone() -> None:
    names = ("knows_name", "knows_town", "snail", "proof")
    steps = [
        step(sets=(name,), **dict.fromkeys(names[:number], 1)) for number, name in enumerate(names)
    ]
    known = tablet_after(WELLY, steps).known
    assert known == [WELLY.memory[name].means for name in names[-KNOWN:]]


def test_a_group_counts_whoever_ever_writes_in_it_and_the_pupil() -> None:
    group = [scene for scene in SEAL.scenes.values() if scene.skin == "group"]
    write = {line.name for scene in group for line in scene.show if line.is_ != "app"} - {"Femi"}
    first = tablet_after(SEAL, [], opening(SEAL))
    assert len(first.writers) < len(write)
    assert first.people >= len(write) + 1
    later = [tablet_after(SEAL, [], scene(SEAL, one.id)) for one in group]
    assert {tablet.people for tablet in later} == {first.people}


def test_only_what_nobody_knows_is_said_otherwise_than_it_is_written() -> None:
    stranger, friend = (
        tablet_after(STORY, [], replace(FIRST, show=(replace(FIRST.show[0], is_=part),)))
        for part in ("unknown", "friend")
    )
    assert stranger.newest[-1].aloud.startswith("your so good!! you can")
    assert friend.newest[-1].aloud == ""


def test_the_box_shows_what_the_scene_says() -> None:
    assert tablet_after(RAIN, [], opening(RAIN)).picture == "conker"
    assert tablet_after(STORY, [], FIRST).picture == "none"
