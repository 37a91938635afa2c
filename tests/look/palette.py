"""A picture in at most 256 colours: a third of the bytes, and no eye sees it on flat pages."""

from __future__ import annotations

import struct
import zlib
from array import array
from base64 import b64decode, b64encode
from collections import Counter

from playwright.sync_api import Page as Tab

Colour = tuple[int, int, int]
EXACT = 160
"""So many of the commonest colours stay as they are; those between share the others."""
MOST = 256
PIXELS = """async (picture) => {
  const image = new Image();
  image.src = picture;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const found = pen.getImageData(0, 0, image.width, image.height).data;
  let text = "";
  for (let at = 0; at < found.length; at += 30000) {
    text += String.fromCharCode(...found.subarray(at, at + 30000));
  }
  return [image.width, image.height, btoa(text)];
}"""


def in_few_colours(tab: Tab, png: bytes) -> bytes:
    """The same picture with a palette; the tab, on an empty page, reads the first one."""
    address = "data:image/png;base64," + b64encode(png).decode()
    width, height, found = tab.evaluate(PIXELS, address)
    return with_palette(width, height, b64decode(found))


def with_palette(width: int, height: int, pixels: bytes) -> bytes:
    """A PNG of these pixels, four bytes each, of which the last (how solid) is not kept."""
    numbers = array("I", pixels)
    counts = Counter(numbers)
    colours = {number: _colour(number) for number in counts}
    common = [number for number, _ in counts.most_common(EXACT)]
    palette = [colours[number] for number in common]
    places = {number: place for place, number in enumerate(common)}
    rest = {number: counts[number] for number in counts if number not in places}
    for box in _boxes(rest, colours, MOST - EXACT):
        places |= dict.fromkeys(box, len(palette))
        palette.append(_mean(box, rest, colours))
    drawn = bytes(map(places.__getitem__, numbers))
    rows = b"".join(b"\0" + drawn[at : at + width] for at in range(0, len(drawn), width))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = (
        (b"IHDR", head),
        (b"PLTE", bytes(part for colour in palette for part in colour)),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _colour(number: int) -> Colour:
    red, green, blue, _solid = struct.pack("=I", number)
    return red, green, blue


def _boxes(counts: dict[int, int], colours: dict[int, Colour], most: int) -> list[list[int]]:
    """Colours that lie together, by halving the box that is widest for its many pixels."""
    boxes = [list(counts)] if counts else []
    while len(boxes) < most:
        wide = max(boxes, key=lambda box: _width(box, colours)[0], default=[])
        width, side = _width(wide, colours)
        if not width:
            break
        boxes.remove(wide)
        wide.sort(key=lambda number: colours[number][side])
        lowest, highest = colours[wide[0]][side], colours[wide[-1]][side]
        middle = (lowest + highest) / 2
        cut = next(at for at, number in enumerate(wide) if colours[number][side] > middle)
        boxes += [wide[:cut], wide[cut:]]
    return boxes


def _width(box: list[int], colours: dict[int, Colour]) -> tuple[int, int]:
    """How far apart a box's colours lie at most, and in which of red, green and blue."""
    sides = zip(*(colours[number] for number in box), strict=True)
    return max(((max(side) - min(side), at) for at, side in enumerate(sides)), default=(0, 0))


def _mean(box: list[int], counts: dict[int, int], colours: dict[int, Colour]) -> Colour:
    many = sum(counts[number] for number in box)
    red, green, blue = (
        round(sum(colours[number][side] * counts[number] for number in box) / many)
        for side in range(3)
    )
    return red, green, blue


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
