"""Columns of the district's own that formula lines name: their numbers, and whom they follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from simulator.district.model import District
from simulator.district.pupils.moves import Kind
from simulator.district.reading.own_columns import extra_headings, extra_numbers
from simulator.machine.index import Index
from simulator.machine.language import Array
from simulator.own_formula.line import LineSet, OwnColumn

#: Units of what goes along when pupils or staff move to another school; the rest stays.
GOES_WITH: Mapping[str, Kind] = {"pupil": "pupils", "class": "pupils", "person": "staff"}


def column_arrays(lines: LineSet, index: Index, district: District) -> dict[str, Array]:
    """The numbers of every own column, (1, school) or (1, part)."""
    return {column.source.name: _numbers(column, index, district) for column in lines.columns}


def _numbers(column: OwnColumn, index: Index, district: District) -> Array:
    numbers = {
        stage: extra_numbers(district, heading, column.unit)
        for stage, heading in column.headings.items()
    }
    found = numbers[""] if column.level == "school" else index.at_parts(numbers)
    return found[np.newaxis]


def following(columns: Iterable[OwnColumn]) -> dict[str, Kind]:
    """The own columns that go along with pupils or staff, and with whom."""
    return {
        column.source.name: GOES_WITH[column.unit] for column in columns if column.unit in GOES_WITH
    }


def missing_headings(lines: LineSet, district: District) -> list[str]:
    """Headings that the lines name and the district's workbook does not have."""
    known = set(extra_headings(district))
    named = [heading for column in lines.columns for heading in column.headings.values()]
    return [heading for heading in dict.fromkeys(named) if heading not in known]
