"""Columns of which the officer declares that an empty cell means none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from simulator.district.checking.schools import stages_of
from simulator.district.columns import columns
from simulator.district.reading.headings import key_of, known_headings
from simulator.district.reading.table import TableData
from simulator.findings import Finding

FIELD: Final = "assumed_none"
#: Columns where none is ordinary: boarders, mainstreamed, aided, marks, special rooms, senior.
ALLOWED: Final = (
    "weak", "small_class", "senior_pupils", "primary_boarders", "junior_boarders",
    "mainstreamed_primary", "mainstreamed_junior", "aided_primary_boarder",
    "aided_junior_boarder", "aided_primary_day", "aided_junior_day", "music_rooms", "art_rooms",
)  # fmt: skip
_BETWEEN: Final = re.compile(r"[、，,；;／/\n]+")
#: The cells that were empty and count as none: (school, column).
Cells = frozenset[tuple[str, str]]


def named_columns(text: object) -> tuple[list[str], list[str]]:
    """The columns that a declaration names, in the table's order, and the words that name none.

    A column may be called by its id, a label, or any heading it is known by.
    """
    words = [word.strip() for word in _BETWEEN.split(str(text or "")) if word.strip()]
    known = known_headings("schools")
    found = {word: known.get(key_of(word)) for word in words}
    fields = {column.field for column in found.values() if column is not None}
    wrong = [w for w, column in found.items() if column is None or column.field not in ALLOWED]
    return [field for field in ALLOWED if field in fields], wrong


def declarations(table: TableData) -> list[Finding]:
    """What a declaration names that no column is, or one where none is not ordinary."""
    if not table.has(FIELD) or not len(table):
        return []
    schools = columns("schools")
    allowed: dict[str, Any] = {
        "zh_allowed": "、".join(schools[field].label("zh") for field in ALLOWED),
        "en_allowed": ", ".join(schools[field].label("en") for field in ALLOWED),
    }
    _, wrong = named_columns(table.texts(FIELD)[0])
    return [table.finding("assumed_column", FIELD, 0, value=word, **allowed) for word in wrong]


def filled(schools: pd.DataFrame, fields: Sequence[str]) -> tuple[pd.DataFrame, Cells]:
    """The schools with 0 in the empty cells of some columns, and which cells these are.

    A school without the stage that a column speaks of keeps its empty cell.
    """
    found, cells = schools.copy(), set[tuple[str, str]]()
    for field in fields:
        stage = columns("schools")[field].stage
        has = [stage is None or stage in stages_of(kind) for kind in schools["school_type"]]
        empty = schools[field].isna() & pd.Series(has, schools.index)
        found.loc[empty, field] = 0.0
        cells |= {(str(school), field) for school in schools.index[empty]}
    return found, frozenset(cells)


def assumed_findings(cells: Cells, source: str) -> tuple[Finding, ...]:
    """Each column whose empty cells count as none, and how many they are."""
    schools = columns("schools")
    counts = {field: sum(column == field for _, column in cells) for field in ALLOWED}
    return tuple(
        Finding(
            "warning", "assumed_none", source, column=FIELD,
            params={"zh_column": schools[field].label("zh"),
                    "en_column": schools[field].label("en"), "count": count},
        )
        for field, count in counts.items() if count
    )  # fmt: skip
