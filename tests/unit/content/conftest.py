"""A content folder with one small good lesson, one small good story and small registers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from app.content.check import check
from app.content.problems import Problem
from tests.unit.content.small_facts import BLOCKING, CURRICULUM, RETENTION

OBJECTIVES = """\
meta: {checked: 2026-11-20, source: the bible, verified: true}
objectives:
- id: tell.block
  bands: ["5-7", "7-9", "9-11"]
  pupil: stop, leave, mute or block
  teacher: use controls that end contact
  evidences: [EFACW-OB-5-5]
  moves: [block, mute, leave]
- id: tell.helpers
  bands: ["7-9", "9-11"]
  pupil: name grown-ups I trust and tell one
  teacher: choose and approach a trusted adult
  evidences: [PSHE20-KS1-R20]
  moves: [tell, ask]
- id: meet.secrets
  bands: ["7-9"]
  pupil: tell if I am asked to keep a chat secret
  teacher: distinguish surprises from secrets
  evidences: [PSHE20-KS2-R27, RSHE19-BS-2]
  moves: []
- id: safe.footprint
  bands: ["9-11"]
  pupil: think about where a post may travel
  teacher: predict copying and spread
  evidences: [PSHE20-KS2-R27, RSHE19-BS-2]
  moves: []
"""
MISCONCEPTIONS = """\
meta: {checked: 2026-11-20, source: the bible, verified: true, belief_verified: false}
misconceptions:
- id: t-once
  bands: ["5-7", "7-9", "9-11"]
  letter: T
  sentence: I told once, so that is it.
  correction: Tell again, or tell someone else.
  reteach: Practise a second telling.
  about: tell.helpers
- id: m-secret
  bands: ["7-9"]
  letter: M
  sentence: A promise is a promise.
  correction: Worry secrets are for telling.
  reteach: Sort six cards.
  about: meet.secrets
- id: m-busy-place
  bands: ["9-11"]
  letter: M
  sentence: A busy place makes meeting fine.
  correction: Crowds do not watch you.
  reteach: Test four plans.
  about: meet.secrets
"""
AGES = """\
meta:
  checked: 2026-11-20
  jurisdiction: UK
  newest_source_seen: 2026-08-22
  recheck_before: 2027-02-01
  reason: the rules are changing
services:
  - {id: pixelpond, service: PixelPond, kind: game, min_age: 13, verified: true,
     note: Own terms, parent_consent: none, source: terms, checked: 2026-11-20}
  - {id: rumour, service: Rumourmill (app), kind: social, min_age: 13, verified: false,
     note: Weak, parent_consent: none, source: recalled, checked: 2026-11-20}
  - {id: steam, service: Steam, kind: account, min_age: null, verified: true,
     note: No one age, parent_consent: none, source: terms, checked: 2026-11-20}
"""
HELPLINES = """\
services:
  - id: childline
    name: Childline
    contact: "0800 1111; childline.org.uk"
    for: any worry
    show_to: [pupil9-11, parent, staff]
    source: a briefing
    checked: 2026-11-20
    verified: true
    hours_verified: false
"""
TELL_WORDS = """\
- id: where
  heading: Where
  words: [at home, at school, somewhere else]
- id: how
  heading: How it was
  words: [nice, scary, not sure]
"""
STORY = """\
format: catkin/story@1
id: t-79-small
version: 1
title: The Small Frog
band: 7-9
letter: T
skin: lobby
app: Pond Hoppers
minutes: 5
objectives: [tell.block, tell.helpers]
ends_with: tell
cast:
  iona: {name: Iona, is: hero}
  frost: {name: Frostbyte_11, is: unknown}
  gran: {name: Gran, is: grown-up}
start: pond
scenes:
  - id: pond
    tell:
      - Iona plays with her frog.
    show:
      - frost: ur good. where do u live?
    moves:
      - do: reply
        label: By the canal
        risk: true
        misconception: m-secret
        reply:
          - app: Plop!
        feedback:
          think: Frostbyte is fun to play with.
          why: But a place helps people find you.
          do: You can stop and tell Gran.
        to: dry
      - do: block
        label: Block Frostbyte
        feedback:
          did: Frostbyte cannot write to you now.
          fact: A player is not told who did it.
        to: dry
  - id: dry
    not_your_fault: true
    tell:
      - Gran has a towel. "It is not your fault," she says.
    moves:
      - do: tell
        label: Tell Gran
        feedback:
          did: Gran knows.
          fact: Small worries count too.
        to: tea
      - do: ask
        label: Gran, is this odd?
        feedback:
          did: You asked.
          fact: Asking is telling too.
        to: tea
  - id: tea
    ending: sunny
    tell:
      - They have tea. The frog has a bath.
    door: Who would you tell? {trusted_adults}
"""
LESSON = """\
---
format: catkin/lesson@1
id: t-79
version: 1
title: Tell someone
band: 7-9
letter: T
friend: tansy
minutes: 15
objectives: [tell.block, tell.helpers]
reviews: [meet.secrets]
story: t-79-small
misconceptions: [t-once]
words:
  - {word: proof, means: A picture of the words.}
---
## remember: Two old cards
art: Tansy with two cards

? A player says, "Keep it secret." What can you do? (meet.secrets)
( ) Keep it !m-secret
> You like to keep your word.
But a worry secret is for telling.
(*) Tell Mum
> Yes. Mum wants to know.

? Who can help with a worry secret? (meet.secrets)
( ) Nobody !t-once
> It may feel so. But somebody can.
(*) A grown-up
> Yes. They want to know.

## story: Plip
art: a drip on a twig

A drip lands on Tansy. She tells Aster.
They mend the **roof**.

## idea: Keep it first
1. Keep [[proof]].
2. Then block.
It is not your fault.

## play: The Small Frog
story: t-79-small

Iona has a frog. Help her.

## rehearse: Say it
Say it to your partner.

## check: Two new ones
? A player is rude. What can you do? (tell.block)
( ) Wait for it to stop !t-once
> You may hope it ends. But you can end it now.
(*) Block them
> Yes. Now it is quiet.

? You told once and nothing changed. What now? (tell.helpers)
( ) Give up !t-once
> You did try. Tell again, or tell somebody else.
(*) Tell again
> Yes. Again is fine.

## talk: Think, pair, share
What makes it easy to tell?

## carry: Your people
{trusted_adults}
You can tell any day.

# Teacher notes

**By the end** most pupils can tell again.
- t-once Practise a second telling.
"""


@dataclass(frozen=True)
class Desk:
    """A content folder to plant faults in."""

    root: Path

    STORY = "quizzes/7-9/small.yaml"
    LESSON = "lessons/7-9/tell.md"

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def plant(self, name: str, old: str, new: str, at: int | str = 0) -> int:
        """Puts a fault in the place of something good.

        The line of the fault, `at` lines further down, or the line of the words `at`.
        """
        text = (self.root / name).read_bytes().decode()
        assert old in text, old
        planted = text.replace(old, new, 1)
        self.write(name, planted)
        if isinstance(at, str):
            return planted[: planted.index(at)].count("\n") + 1
        return text[: text.index(old)].count("\n") + 1 + at

    def problems(self) -> list[Problem]:
        return check(self.root)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.write("lessons/facts/objectives.yaml", OBJECTIVES)
    desk.write("lessons/facts/misconceptions.yaml", MISCONCEPTIONS)
    desk.write("lessons/facts/age-limits.yaml", AGES)
    desk.write("lessons/facts/curriculum.yaml", CURRICULUM)
    desk.write("lessons/facts/blocking-reporting.yaml", BLOCKING)
    desk.write("lessons/facts/retention.yaml", RETENTION)
    desk.write("lessons/facts/helplines.yaml", HELPLINES)
    desk.write("lessons/facts/tell-words.yaml", TELL_WORDS)
    desk.write(Desk.STORY, STORY)
    desk.write(Desk.LESSON, LESSON)
    return desk
