"""Columns of the district's own, which the product does not know: a heading and its numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulator.district.columns import Column, Kind
from simulator.district.model import District
from simulator.district.reading.table import BEYOND, EXTRA, read_column, shown
from simulator.errors import JunhengError

__all__ = ["EXTRA", "extra_headings", "extra_numbers"]


def extra_headings(district: District) -> list[str]:
    """The headings of the schools' sheet that the product does not know, in their order."""
    table = district.extra.get("schools")
    return [] if table is None else [str(each) for each in table.columns]


def extra_numbers(district: District, heading: str, unit: str) -> NDArray[np.float64]:
    """A column of the district's own by its heading, a number a school; yes and no are 1 and 0.

    Unknown everywhere where the file has no such column; a scenario's new schools have none of
    it. Raises JunhengError naming the school whose cell is no number.
    """
    table = district.extra.get("schools")
    if table is None or heading not in table:
        return np.full(len(district.schools), np.nan)
    held = table[heading]
    numbers = _read(held, heading, unit, district.schools["school_name"])
    found = pd.Series(numbers, index=held.index.map(str)).reindex(district.schools.index.map(str))
    if district.own is not None:
        found[~district.schools.index.isin(district.own.schools.index)] = 0.0
    return np.asarray(found, dtype=np.float64)


def _read(held: Any, heading: str, unit: str, names: Any) -> NDArray[np.float64]:
    kind: Kind = "flag" if unit == "flag" else "share" if unit == "share" else "number"
    raw = [None if pd.isna(each) else each for each in held.tolist()]
    numbers, faults = read_column(raw, Column(heading, "schools", kind, unit), 1.0)
    wrong = [*(row for row, _ in faults), *np.flatnonzero(np.abs(numbers) > BEYOND).tolist()]
    if wrong:
        row = wrong[0]
        school = str(held.index[row])
        name = names.get(school, school)
        raise JunhengError("extra_number", heading=heading, school=name, value=shown(raw[row]))
    return np.asarray(numbers, dtype=np.float64)
