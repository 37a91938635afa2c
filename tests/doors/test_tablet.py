"""The practice tablet: where each move is, who is in the game, what a move leaves behind."""

from __future__ import annotations

from dataclasses import replace

from app.content.values import Line, Moment, Move, Story
from app.doors.pupil.tablet import good_verbs, in_the_room, placed, tablet_after
from tests.playing import content

STORY = content().quizzes["t-79-block-it"]
FIRST = STORY.scenes[STORY.start].seen_with(STORY.at_first)
RAIN = content().quizzes["a-79-coin-rain"]
WELLY = content().quizzes["m-79-golden-welly"]


def scene(story: Story, scene_id: str) -> Moment:
    return story.scenes[scene_id].seen_with(story.at_first)


def move_of(scene: Moment, do: str) -> Move:
    return next(move for move in scene.moves if move.do == do)


def names(lines: list[Line]) -> list[str]:
    return [line.name for line in lines]


def test_every_move_has_its_button_in_one_place_of_the_app() -> None:
    for story in (STORY, WELLY):
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


def test_yes_and_no_are_said_to_a_player_of_the_pond_and_only_pressed_on_a_box() -> None:
    first = opening(RAIN)
    for do in ("accept", "refuse"):
        here = replace(first, skin="lobby")
        said = {
            at.skin: [one.words for one in tablet_after(RAIN, [(at, move_of(at, do))]).messages]
            for at in (first, here)
        }
        assert move_of(first, do).label in said["lobby"]
        assert move_of(first, do).label not in said["popup"]


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
