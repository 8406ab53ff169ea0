"""Headings of columns: which column a heading means, and in which unit it counts."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from simulator.district.columns import Column, Table, columns
from simulator.outside_text import LONGEST_COMPARED, one_form

#: What brings figures in a unit, as people write it, to a column's own unit.
FACTORS: Mapping[str, Mapping[str, float]] = {
    "yuan": {"元": 1, "人民币元": 1, "千元": 1e3, "万元": 1e4, "百万元": 1e6, "亿元": 1e8,
             "万": 1e4, "yuan": 1, "cny": 1, "rmb": 1, "10kyuan": 1e4, "10000yuan": 1e4},
    "m2": {"m2": 1, "平方米": 1, "平米": 1, "万平方米": 1e4, "万m2": 1e4, "公顷": 1e4, "sqm": 1},
    "pupil": {"人": 1, "名": 1, "生": 1, "个": 1, "万人": 1e4, "pupils": 1, "persons": 1},
    "person": {"人": 1, "名": 1, "个": 1, "persons": 1, "teachers": 1},
    "class": {"个": 1, "班": 1, "classes": 1},
    "room": {"间": 1, "个": 1, "rooms": 1},
    "set": {"台": 1, "套": 1, "台套": 1, "sets": 1},
    "volume": {"册": 1, "本": 1, "万册": 1e4, "volumes": 1},
    "share": {"%": 0.01, "百分比": 0.01, "小数": 1},
    "number": {"%": 0.01},
    "flag": {"是/否": 1, "1/0": 1, "0/1": 1, "yes/no": 1, "填1或0": 1},
    "yuan_per_pupil": {"元/生": 1, "元/人": 1, "元": 1, "元/生·年": 1, "元/生.年": 1,
                       "yuanperpupil": 1, "yuan/pupil": 1},
    "yuan_per_person": {"元/人": 1, "元": 1, "万元/人": 1e4, "万元": 1e4, "元/人·年": 1,
                        "yuanperperson": 1, "yuan/person": 1},
    "year": {"年": 1, "years": 1, "year": 1},
    "text": {"文字": 1, "text": 1},
}  # fmt: skip
_UNITS = frozenset(unit for units in FACTORS.values() for unit in units)
_BRACKETS = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_LOOSE_UNIT = re.compile(r"(?:[,、:;_/-]|单位:?)(亿元|百万元|万元|千元|元|m2|平方米|%)$")
_YEAR = re.compile(
    r"(?:fy)?((?:19|20)\d\d)(?:\.0)?(?:年度?)?(?:计划|目标|规划|plan|target)?(?:值|数)?"
)
#: From this closeness on a heading is worth asking about.
ASK_FROM = 0.72


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading taken apart: what it names, and the unit it states."""

    text: str
    key: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class Match:
    """What a heading was recognised as.

    ``column`` is None where it is not known; ``factor`` brings its figures to the column's
    unit, None where the stated unit cannot be this column's. ``near`` are the columns it
    may mean, nearest first, when it is not certain.
    """

    heading: Heading
    column: Column | None
    factor: float | None = 1.0
    near: tuple[Column, ...] = ()


def take_apart(text: object) -> Heading:
    """A heading without its unit, notes and punctuation; one too long to be known has no key."""
    written = "".join(one_form(str(text)).lower().split())
    if len(written) > LONGEST_COMPARED:
        return Heading(str(text).strip(), "", None)
    unit = None
    for inside in dict.fromkeys(_BRACKETS.findall(written)):
        stated = inside.removeprefix("单位").lstrip(":")
        if stated in _UNITS:
            unit = stated
            written = re.sub(rf"[(\[【〔]{re.escape(inside)}[)\]】〕]", "", written)
    loose = _LOOSE_UNIT.search(written)
    if unit is None and loose:
        unit, written = loose.group(1), written[: loose.start()]
    return Heading(str(text).strip(), key_of(written), unit)


def key_of(text: str) -> str:
    """The letters and digits of a text, in lower case, for comparing."""
    plain = one_form(text).lower()
    letters = "".join(re.findall(r"[^\W_]+", plain))
    return re.sub(r"^其中", "", letters)


@functools.cache
def known_headings(table: Table) -> Mapping[str, Column]:
    """Every known heading of a table, taken apart, and its column."""
    found: dict[str, Column] = {}
    for column in columns(table).values():
        for heading in column.headings():
            found.setdefault(key_of(heading), column)
    return found


def match(text: object, table: Table) -> Match:
    """The column a heading means: by the table of headings, never by closeness alone."""
    heading = take_apart(text)
    column = known_headings(table).get(heading.key)
    if column is None:
        return Match(heading, None, near=near(heading, table))
    return Match(heading, column, factor(heading.unit, column))


def factor(unit: str | None, column: Column) -> float | None:
    """What brings figures in a stated unit to the column's; None where it cannot be its unit."""
    if unit is None:
        return 1.0
    return FACTORS.get(column.unit, {}).get(unit)


def near(heading: Heading, table: Table, most: int = 3) -> tuple[Column, ...]:
    """The columns a heading may mean, nearest first; for asking, never for guessing."""
    return _near(heading.key, table)[:most] if len(heading.key) > 1 else ()


@functools.lru_cache(maxsize=4096)
def _near(key: str, table: Table) -> tuple[Column, ...]:
    best: dict[str, float] = {}
    for known, column in known_headings(table).items():
        if _closest(key, known) >= ASK_FROM:
            closeness = SequenceMatcher(None, key, known, autojunk=False).ratio()
            best[column.field] = max(best.get(column.field, 0.0), closeness)
    ranked = sorted(best.items(), key=lambda item: -item[1])
    return tuple(columns(table)[field] for field, closeness in ranked if closeness >= ASK_FROM)


def _closest(one: str, other: str) -> float:
    """How close two texts can be at most, by their lengths and signs; it spares comparing most."""
    whole = len(one) + len(other)
    if 2 * min(len(one), len(other)) < ASK_FROM * whole:
        return 0.0
    return 2 * sum(sign in other for sign in one) / whole


def year_of(text: object) -> int | None:
    """The year a heading names, such as 2026 or “2026年计划值”; None where it names none."""
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        return int(text) if float(text).is_integer() and 1900 <= text <= 2100 else None
    found = _YEAR.fullmatch(key_of(str(text)))
    return int(found.group(1)) if found else None
