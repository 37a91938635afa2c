"""Class codes: a short plain word and four digits, drawn at random."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

LISTED: Final = """
acorn ant apple arch art bag bake ball banana band bank barn basket bath bay beach bead beak
bean bear bed bee bell belt bench berry bike bird blanket block blue boat book boot bowl box
branch bread breeze brick bridge bright brook broom brown brush bubble bucket bud bug bun bus
bush button cabin cake camel camp candle cap cape car card carpet carrot cart castle chair chalk
chart cheese cherry chick chin circle clay cliff clip clock cloth cloud clover coast coat coin
comb corn cosy crayon cream crisp crop crown crumb cub cup curtain daisy dance dawn day deer
desk dice dish dock dog doll donkey door dot dragon draw dress drum duck duckling eagle ear
earth east egg elm fair fan farm feast feather fence fern field fig finch finger fish flag flask
float flock floor flour flower flute foam fog forest fork fox frame friend frog frost fruit
garden gate gift glad glass globe glove glue goat gold goose grain grape grass green grin ground
gull hall hand happy hare harp hat hawk hay hazel heart hedge hen herb hill hive holly home
honey hoop horse house ice ink island ivy jacket jam jar jeans jelly jet jewel jigsaw jug juice
jump jungle kettle key king kite kitten lace ladder lake lamb lamp land lane leaf lemon lily
lime lion lizard log loop lunch magic map maple mat maze meadow melon milk mill mint mist moon
moss mouse mug music nest net north nose note oak oar oat ocean onion orange otter owl page
paint palace palm panda paper park parrot party path paw pear pebble pen pencil penguin penny
petal piano picnic pie pillow pilot pine pink pirate plane plant plate plum pocket pond pony
post potato puddle puffin puppet puppy purple purse puzzle queen quilt quiz rabbit raft rain
rainbow red ribbon rice ring river road robin robot rock rocket roof room root rope rose row
ruby rug ruler sail sand scarf sea seal seat seed shade sheep shelf shell shine ship shirt shop
shore silk silver sing sink sky smile snail snow soap sock sofa song soup south spade spark
spoon spring square squirrel stair stamp star step stone story street sugar summer sun swan
swift swim swing table tea team teddy tent thunder tiger tile toad toast torch towel tower town
toy track tractor trail train tray tree trumpet tulip tunnel turtle umbrella valley van vase
violin walk wall walnut wave west whale wheat wheel white willow window wing winter wood wren
yard yarn yellow zebra zip zoo
"""
WORDS: Final = tuple(LISTED.split())
"""Words that a child of five can read and type, and that mean nothing else in a playground."""

ODD: Final = ("666", "69")
"""Runs of digits that make older children giggle."""


@dataclass(frozen=True, slots=True)
class Code:
    """What opens a class: fern 4831."""

    word: str
    number: str


def draw_code() -> Code:
    """A code at random; whether another class has it is for the caller to find out."""
    number = "69"
    while any(run in number for run in ODD):
        number = f"{secrets.randbelow(10_000):04d}"
    return Code(secrets.choice(WORDS), number)
