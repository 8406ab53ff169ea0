"""What stands above assumptions and levers: names, notes, packs, the horizon."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, Literal

from simulator.errors import FindingsError
from simulator.findings import Finding
from simulator.glossary import Language
from simulator.outside_text import stray_sign
from simulator.own_formula.read import read_lines
from simulator.own_formula.sources import graph_sources
from simulator.policy.load import PACK_NAME
from simulator.scenario.allowed import sentence
from simulator.scenario.check import Lines, finding
from simulator.scenario.content import normal

HORIZONS: Final = range(1, 11)
DEFAULT_HORIZON: Final = 3
LONGEST_NAME: Final = 200
LONGEST_NOTE: Final = 4000
MOST_PACKS: Final = 20
#: What a scenario says for the national formula, whatever lines its packs have.
NATIONAL_FORMULA: Final = "national"
SaidLines = Mapping[str, Any] | Literal["national"] | None


def as_words(value: Any) -> Mapping[Language, str]:
    """A text, or a text in each language, as words by language."""
    if value is None:
        return MappingProxyType({})
    if isinstance(value, str):
        return MappingProxyType({"zh": value.strip(), "en": value.strip()})
    return MappingProxyType({key: str(text).strip() for key, text in value.items()})


def as_lines(value: Any) -> SaidLines:
    """Formula lines in their one form: nothing in it can be changed from outside."""
    if value == NATIONAL_FORMULA:
        return NATIONAL_FORMULA
    return None if value is None else MappingProxyType(normal(value))


def is_clean(text: str, lines: bool = False) -> bool:
    """Whether a text has no control characters (line breaks where allowed), no turning marks."""
    return stray_sign(text, "\n\t" if lines else "") is None


def _is_text(value: Any, longest: int) -> bool:
    return (
        isinstance(value, str)
        and 0 < len(value.strip()) <= longest
        and is_clean(value, lines=longest > LONGEST_NAME)
    )


def _words(longest: int) -> Callable[[str, Any, str, Lines], Iterator[Finding]]:
    def check(key: str, value: Any, source: str, lines: Lines) -> Iterator[Finding]:
        texts = [value] if isinstance(value, str) else []
        if isinstance(value, Mapping) and value and set(value) <= {"zh", "en"}:
            texts = list(value.values())
        empty = value is None or (isinstance(value, Mapping) and not value)
        if key != "name" and empty:
            return
        if not texts or not all(_is_text(text, longest) for text in texts):
            yield finding("type", key, value, sentence("words", most=longest), source, lines)

    return check


def _horizon(key: str, value: Any, source: str, lines: Lines) -> Iterator[Finding]:
    if type(value) is not int or value not in HORIZONS:
        allowed = sentence("horizon", least=HORIZONS.start, most=HORIZONS.stop - 1)
        yield finding("type", key, value, allowed, source, lines)


def _packs(key: str, value: Any, source: str, lines: Lines) -> Iterator[Finding]:
    named = isinstance(value, (list, tuple)) and all(
        isinstance(pack, str) and PACK_NAME.fullmatch(pack) for pack in value
    )
    if not named or len(set(value)) != len(value) or len(value) > MOST_PACKS:
        yield finding("type", key, value, sentence("packs"), source, lines)


def _formula_lines(key: str, value: Any, source: str, lines: Lines) -> Iterator[Finding]:
    """Mistakes in the district's own formula lines, each at its own key."""
    if value is None or value == NATIONAL_FORMULA:
        return
    try:
        read_lines(value, graph_sources(), source)
    except FindingsError as error:
        for each in error.findings:
            column = f"{key}.{each.column}" if each.column else key
            yield replace(each, column=column, row=(lines or {}).get(column))


#: A check for each key above assumptions and levers that may be changed.
HEAD_CHECKS: Final[Mapping[str, Callable[[str, Any, str, Lines], Iterator[Finding]]]] = (
    MappingProxyType(
        {
            "name": _words(LONGEST_NAME),
            "note": _words(LONGEST_NOTE),
            "question": _words(LONGEST_NOTE),
            "horizon": _horizon,
            "policy": _packs,
            "lines": _formula_lines,
        }
    )
)
