"""The smallest pieces of a written formula: numbers, names and signs, each with its place."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final, Literal

from simulator.errors import JunhengError

#: The longest formula that is read, in characters.
LONGEST: Final = 400
Kind = Literal["number", "name", "sign", "end"]
_SIGNS: Final = {
    "×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "—": "-",
    "≤": "<=", "≦": "<=", "≥": ">=", "≧": ">=", "≠": "!=", "==": "=", "<>": "!=",
    "、": ",",
}  # fmt: skip
_PIECE: Final = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?%?)"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign><=|>=|<>|!=|==|[-+*/(),<>=×·÷−–—≤≦≥≧≠、])"
)
#: Full-width forms lie at one distance from the signs they stand for.
_FULL_WIDTH: Final = {0xFF01 + step: chr(0x21 + step) for step in range(94)} | {0x3000: " "}


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a formula; ``at`` is its place, the first character being 1."""

    kind: Kind
    text: str
    at: int
    value: float = math.nan


def tokens_of(text: str) -> tuple[Token, ...]:
    """The pieces of a formula, an end behind the last; JunhengError with the place of a stray."""
    if len(text) > LONGEST:
        raise JunhengError("line_text_long", count=len(text), limit=LONGEST)
    plain = text.translate(_FULL_WIDTH)
    found: list[Token] = []
    place = 0
    while place < len(plain):
        match = _PIECE.match(plain, place)
        if match is None:
            raise JunhengError("line_text_character", at=place + 1, what=repr(text[place]))
        if match.lastgroup != "space":
            found.append(_token(match, place + 1))
        place = match.end()
    return (*found, Token("end", "", len(text) + 1))


def _token(match: re.Match[str], at: int) -> Token:
    piece = match.group()
    if match.lastgroup == "number":
        return Token("number", piece, at, _number(piece, at))
    if match.lastgroup == "name":
        return Token("name", piece, at)
    return Token("sign", _SIGNS.get(piece, piece), at)


def _number(piece: str, at: int) -> float:
    """A number, a hundredth of it where a percent sign follows."""
    value = float(piece.rstrip("%"))
    if not math.isfinite(value):
        raise JunhengError("line_text_number", at=at, what=piece)
    return value / 100 if piece.endswith("%") else value
