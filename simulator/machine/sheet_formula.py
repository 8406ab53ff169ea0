"""Expressions as spreadsheet formulas: the one table of words, and what is known beforehand.

Unknown is #N/A in a sheet; it runs through formulas as NaN runs through the engine. A blank
cell that values are given in is unknown too, never nought.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from simulator.errors import JunhengError
from simulator.machine.language import CEIL_SLACK, CLOSE, HALF
from simulator.machine.symbols import REACHING, Call, Expr, Name, Num, Op

UNKNOWN: Final = "NA()"
#: How tightly a text holds together: sums, products, everything else.
SUM, PRODUCT, TIGHT = 1, 2, 3
_SIGNS: Final = {"+": SUM, "-": SUM, "*": PRODUCT}
#: Words of the vocabulary in a sheet; {n} is an argument, {limit} the second with its slack.
WORDS: Final = {
    "maximum": "MAX({0},{1})",
    "minimum": "MIN({0},{1})",
    "where": "IF({0},{1},{2})",
    "known_or": "IFERROR({0},{1})",
    "known": "IF(ISERROR({0}),0,1)",
    "power": "IF(({0})<0,NA(),IF(({1})=0,1,({0})^({1})))",
    "square_root": "SQRT({0})",
    "whole": f"INT({{0}}+{HALF}+{CEIL_SLACK:.0E})",
    "ceil": f"(-INT({CEIL_SLACK:.0E}-({{0}})))",
    "at_least": "IF(({0})>={limit},1,0)",
    "above": "IF(({0})>{limit},1,0)",
    "equal": "IF(({0})=({1}),1,0)",
}
#: On which side of its limit a comparison still counts as equal.
SLACK: Final = {"at_least": "-", "above": "+"}
#: How the gathering words are called.
GATHERED: Final = {"total": "SUM", "largest": "MAX", "smallest": "MIN"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a formula: its text, how tightly it holds, its value where that is fixed.

    ``blank`` is the address of a cell which may be empty: empty is unknown; ``state`` that of
    a cell which says whether its value still stands.
    """

    text: str
    tight: int = TIGHT
    fixed: float | None = None
    blank: str = ""
    state: str = ""

    def held(self, needed: int) -> str:
        """The text, in brackets where it holds too loosely."""
        return self.text if self.tight >= needed else f"({self.text})"

    @property
    def unknown(self) -> bool:
        """Whether it is certainly unknown."""
        return self.fixed is not None and math.isnan(self.fixed)


def number(value: float) -> Piece:
    """A number as it stands in a formula; #N/A where it is unknown."""
    if math.isnan(value):
        return Piece(UNKNOWN, TIGHT, value)
    text = repr(float(value)).removesuffix(".0").upper()
    return Piece(text, TIGHT if value >= 0 else SUM, float(value))


def given(address: str, state: str = "", otherwise: str = UNKNOWN) -> str:
    """What is given in a cell; something else where the cell is blank or no longer stands."""
    return f"IF({there(address, state)},{address},{otherwise})"


def there(address: str, state: str = "") -> str:
    """Whether a cell has a value that still stands: 1 or 0."""
    return f"COUNT({address})*{state}" if state else f"COUNT({address})"


NOTHING: Final = number(math.nan)
#: What finds a name under a word (None: as it is).
Finder = Callable[[str, str | None], Piece]


def translate(expression: Expr, find: Finder) -> Piece:
    """An expression as a formula of a sheet; choices that are known beforehand are made."""
    if isinstance(expression, Num):
        return number(expression.value)
    if isinstance(expression, Name):
        return find(expression.name, None)
    if isinstance(expression, Op):
        return _operation(expression, find)
    assert isinstance(expression, Call)
    if expression.word in REACHING:
        name = expression.args[0]
        assert isinstance(name, Name)  # checked when the formula was declared
        return find(name.name, expression.word)
    if expression.word == "where":
        return _where(expression, find)
    return _call(expression.word, [translate(arg, find) for arg in expression.args])


def _operation(expression: Op, find: Finder) -> Piece:
    left, right = translate(expression.left, find), translate(expression.right, find)
    if left.unknown or right.unknown:
        return NOTHING
    own = _SIGNS[expression.symbol]
    after = own + 1 if expression.symbol == "-" else own
    return Piece(f"{left.held(own)}{expression.symbol}{right.held(after)}", own)


def _call(word: str, args: list[Piece]) -> Piece:
    if word == "known_or":
        return _known_or(*args)
    if word == "known":
        return _known(args[0])
    if any(arg.unknown for arg in args):
        return NOTHING
    if word == "ratio":
        return Piece(f"{args[0].held(PRODUCT)}/{args[1].held(TIGHT)}", PRODUCT)
    if word not in WORDS:
        raise JunhengError("workbook_word", word=word)
    limit = _limit(word, args[1]) if word in SLACK else ""
    return Piece(WORDS[word].format(*(arg.text for arg in args), limit=limit))


def _where(expression: Call, find: Finder) -> Piece:
    condition = translate(expression.args[0], find)
    if condition.unknown:
        return NOTHING
    if condition.fixed is not None:
        return translate(expression.args[1 if condition.fixed else 2], find)
    then, otherwise = (translate(arg, find) for arg in expression.args[1:])
    if then.unknown and otherwise.unknown:
        return NOTHING
    return Piece(WORDS["where"].format(condition.text, then.text, otherwise.text))


def _known_or(value: Piece, fallback: Piece) -> Piece:
    if value.fixed is not None:
        return fallback if value.unknown else value
    if value.blank:
        return Piece(given(value.blank, value.state, fallback.text))
    return Piece(WORDS["known_or"].format(value.text, fallback.text))


def _known(value: Piece) -> Piece:
    if value.fixed is not None:
        return number(0.0 if value.unknown else 1.0)
    if value.blank:
        return Piece(there(value.blank, value.state), PRODUCT)
    return Piece(WORDS["known"].format(value.text))


def _limit(word: str, limit: Piece) -> str:
    """The limit moved by what still counts as equal to it."""
    sign = SLACK[word]
    if limit.fixed is not None:
        slack = CLOSE * max(1.0, abs(limit.fixed))
        return number(limit.fixed + (slack if sign == "+" else -slack)).held(TIGHT)
    return f"{limit.held(SUM)}{sign}{CLOSE:.0E}*MAX(1,ABS({limit.text}))"
