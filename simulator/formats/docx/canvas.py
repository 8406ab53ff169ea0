"""A drawing surface for the charts of a brief: scales, axes, legends, words that fit."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, field

from PIL import Image, ImageDraw

from simulator import units
from simulator.formats.docx.font import font, writes

#: Colours that the colour-blind tell apart, and shades for lines and unimportant words.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#999999")
INK, GREY, PALE, BAD, GOOD = "#222222", "#666666", "#DDDDDD", "#C0392B", "#0072B2"
WIDTH = 1560
SMALL, NORMAL, ROW = 30, 36, 44
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Canvas:
    """A white picture being drawn on, and the letters that stand for words it cannot write."""

    width: int
    height: int
    key: list[str] = field(default_factory=list)
    image: Image.Image = field(init=False)
    draw: ImageDraw.ImageDraw = field(init=False)

    def __post_init__(self) -> None:
        image = Image.new("RGB", (self.width, self.height), "white")
        object.__setattr__(self, "image", image)
        object.__setattr__(self, "draw", ImageDraw.Draw(image))

    def word(self, text: str) -> str:
        """A text that the font writes: itself, or a letter that the key explains."""
        if writes(text):
            return text
        if text not in self.key:
            self.key.append(text)
        return LETTERS[self.key.index(text) % len(LETTERS)]

    def legend_key(self) -> tuple[str, ...]:
        """What each letter stands for; nothing where words could be written."""
        return tuple(f"{LETTERS[n % len(LETTERS)]} {text}" for n, text in enumerate(self.key))

    def length(self, text: str, size: int = SMALL) -> float:
        """How long a text is, in pixels."""
        return self.draw.textlength(self.word(text), font=font(size))

    def text(
        self, x: float, y: float, text: str, anchor: str = "mm", size: int = SMALL, fill: str = INK
    ) -> None:
        """A text at a point; the anchor as Pillow names it (``lm`` is left, middle)."""
        self.draw.text((x, y), self.word(text), font=font(size), fill=fill, anchor=anchor)

    def line(
        self, x1: float, y1: float, x2: float, y2: float, fill: str = INK, width: int = 2
    ) -> None:
        """A straight line."""
        self.draw.line((x1, y1, x2, y2), fill=fill, width=width)

    def dashed(self, x1: float, y1: float, x2: float, y2: float, fill: str = BAD) -> None:
        """A line of dashes, as limits are drawn."""
        length = math.hypot(x2 - x1, y2 - y1)
        steps = max(int(length // 12), 1)
        for step in range(0, steps, 2):
            a, b = step / steps, min((step + 1) / steps, 1)
            self.line(x1 + (x2 - x1) * a, y1 + (y2 - y1) * a,
                      x1 + (x2 - x1) * b, y1 + (y2 - y1) * b, fill, 3)  # fmt: skip

    def bar(self, x1: float, y1: float, x2: float, y2: float, fill: str) -> None:
        """A filled rectangle, whichever corner comes first."""
        box = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
        self.draw.rectangle(box, fill=fill, outline="white", width=2)

    def dot(self, x: float, y: float, fill: str, *, hollow: bool = False) -> None:
        """A round mark; hollow for what was before."""
        inside = "white" if hollow else fill
        self.draw.ellipse((x - 11, y - 11, x + 11, y + 11), fill=inside, outline=fill, width=4)

    def legend(self, x: float, y: float, entries: list[tuple[str, str]]) -> None:
        """Squares and words in rows across the picture."""
        for (colour, text), (at, row) in zip(entries, self._places(x, entries), strict=True):
            middle = y + row * ROW
            self.bar(at, middle - 12, at + 24, middle + 12, colour)
            self.text(at + 34, middle, text, "lm")

    def _places(self, x: float, entries: list[tuple[str, str]]) -> list[tuple[float, int]]:
        """Where each entry begins, and in which row."""
        found, at, row = [], x, 0
        for _, text in entries:
            wide = self.length(text) + 80
            if at + wide > self.width - 10 and at > x:
                at, row = x, row + 1
            found.append((at, row))
            at += wide
        return found

    def legend_height(self, x: float, entries: list[tuple[str, str]]) -> int:
        """How much of the picture's height a legend takes."""
        return (self._places(x, entries)[-1][1] + 1) * ROW

    def png(self) -> bytes:
        """The picture as a PNG of 300 dots an inch."""
        buffer = io.BytesIO()
        self.image.save(buffer, "PNG", dpi=(300, 300), optimize=True)
        return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class Scale:
    """Figures as places in the picture, over whole steps that are easy to read."""

    low: float
    high: float
    step: float
    start: float
    end: float

    @classmethod
    def over(cls, low: float, high: float, start: float, end: float, parts: int = 5) -> Scale:
        """A scale whose ends are whole steps around the figures."""
        span = (high - low) or abs(high) or 1.0
        size = 10 ** math.floor(math.log10(span / parts))
        step = next(size * each for each in (1, 2, 5, 10) if span / (size * each) <= parts)
        first, last = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
        return cls(first, last if last > first else first + step, step, start, end)

    def place(self, value: float) -> float:
        """Where a figure lies."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self) -> list[float]:
        """The figures written beside the axis."""
        count = round((self.high - self.low) / self.step)
        return [self.low + self.step * place for place in range(count + 1)]

    def printed(self, value: float) -> str:
        """A tick's figure with as many decimals as the steps have."""
        decimals = max(0, -math.floor(math.log10(self.step) + 1e-9))
        return units.written(value, decimals)
