"""Reads the columns of a district's own that a set of lines names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from simulator.own_formula.line import OwnColumn
from simulator.own_formula.notes import Notes
from simulator.stages import STAGES

COLUMN: Final = ("id", "zh", "en", "unit", "heading")


def read_columns(rows: Iterator[tuple[str, Any]], notes: Notes) -> tuple[OwnColumn, ...]:
    """The columns, whose ids any formula of the set may use from here on."""
    found: dict[str, OwnColumn] = {}
    for path, data in rows:
        row = notes.mapping(data, path, COLUMN, COLUMN)
        title = notes.title(row, path)
        unit = notes.unit_named(row, path) or "number"
        column = OwnColumn(title, unit, _headings(row, path, notes))
        if title.id and (title.id in found or title.id in notes.sources):
            notes.wrong("twice", f"{path}.id", title.id)
        elif title.id:
            found[title.id] = column
            notes.knows(title.id, column.source.dimension)
    return tuple(found.values())


def _headings(row: Mapping[str, Any], path: str, notes: Notes) -> Mapping[str, str]:
    """One heading for schools as a whole, or one a stage."""
    given = row.get("heading", "")
    if not isinstance(given, Mapping):
        return MappingProxyType({"": notes.words(row, "heading", path)})
    stages = notes.mapping(given, f"{path}.heading", STAGES)
    if not stages:
        notes.wrong("missing", f"{path}.heading", key="primary, junior")
    here = f"{path}.heading"
    return MappingProxyType({stage: notes.words(stages, stage, here) for stage in stages})
