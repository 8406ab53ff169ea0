"""One table read from one sheet: its values in the columns' units, and where each stood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulator.district.columns import Column, Table, column
from simulator.district.reading import cells
from simulator.district.reading.grid import Sheet
from simulator.district.reading.recognise import Recognised
from simulator.findings import Finding, Severity

#: The key of a column that the product does not know begins with this; its heading follows.
EXTRA = "extra:"
#: No figure of a district, in yuan, square metres or heads, comes near it.
BEYOND = 1e15
#: Of a text no more is quoted in a sentence.
LONGEST_QUOTED = 80
#: Cells of these characters only are numbers as they stand.
_PLAIN = frozenset("0123456789.-")


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where a column stood: sheet, column and heading, and the row of each value (-1: none).

    A column that stands on several sheets has further places for the rows the first lacks.
    """

    sheet: Sheet
    column: int
    heading: str
    rows: NDArray[np.int64]
    further: Place | None = None

    def of(self, row: int) -> Place:
        """The place that holds the value of a row of the frame."""
        if self.rows[row] < 0 and self.further is not None:
            return self.further.of(row)
        return self

    def cell(self, row: int) -> str:
        """The address of a value, by its place in the frame; empty where it stood nowhere."""
        own = self.of(row)
        number = int(own.rows[row])
        return own.sheet.address(number, own.column) if number >= 0 else ""

    def number(self, row: int) -> int | None:
        """The row number of a value as the user sees it; None where it stood nowhere."""
        own = self.of(row)
        number = own.column if own.sheet.turned else int(own.rows[row])
        return number + 1 if own.rows[row] >= 0 else None


@dataclass(frozen=True, slots=True, eq=False)
class TableData:
    """A table of values, one row a record, and the place of each column in the file.

    ``frame`` has every field that was found, numbers as float64, texts as objects. ``extra``
    are the columns that are kept and ignored. Whole-number keys of ``years`` are planned years.
    """

    table: Table
    frame: pd.DataFrame
    places: Mapping[str, Place]
    extra: pd.DataFrame
    source: str = ""
    sheet: str = ""

    def __len__(self) -> int:
        return len(self.frame)

    def has(self, *fields: str) -> bool:
        """Whether all these columns are in the file."""
        return all(field in self.frame.columns for field in fields)

    def numbers(self, field: str) -> NDArray[np.float64]:
        """A column's values; all unknown where the file has no such column."""
        if field not in self.frame.columns:
            return np.full(len(self.frame), np.nan)
        return self.frame[field].to_numpy(dtype=np.float64)

    def texts(self, field: str) -> Sequence[str | None]:
        """A column's texts; all None where the file has no such column."""
        if field not in self.frame.columns:
            return [None] * len(self.frame)
        values: list[str | None] = self.frame[field].tolist()
        return values

    def is_empty(self, field: str, row: int) -> bool:
        """Whether the cell of a value is empty, so that reading found no fault with it."""
        place = self.places[field].of(row)
        number = int(place.rows[row])
        return number < 0 or place.sheet.cell(number, place.column) in {None, ""}

    def finding(
        self,
        code: str,
        field: str,
        row: int | None = None,
        severity: Severity = "error",
        **params: Any,
    ) -> Finding:
        """A finding at one value (or at a whole column), with its address in the file."""
        place = self.places.get(field)
        if place is not None and row is not None:
            place = place.of(row)
        value = params.pop("value", None)
        if value is None and row is not None and field in self.frame.columns:
            value = shown(self.frame[field].iloc[row])
        return Finding(
            severity=severity,
            code=code,
            source=place.sheet.file if place else self.source,
            sheet=place.sheet.name if place else self.sheet,
            row=place.number(row) if place is not None and row is not None else None,
            column=place.heading if place else column(self.table, field).label("zh"),
            cell=place.cell(row) if place is not None and row is not None else "",
            value=value,
            params=params,
        )


def shown(value: object) -> object:
    """A value as a sentence shows it: whole numbers without a point, the largest in short."""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return int(value) if abs(float(value)) <= BEYOND else f"{value:.3g}"
    if isinstance(value, str) and len(value) > LONGEST_QUOTED:
        return f"{value[:LONGEST_QUOTED]}…"
    return value


def read_rows(found: Recognised, rows: Sequence[int]) -> tuple[TableData, list[Finding]]:
    """The values of the recognised columns in the given rows, and cells that do not fit."""
    sheet = found.sheet
    findings: list[Finding] = []
    numbers = np.asarray(rows, dtype=np.int64)
    values: dict[Any, Any] = {}
    places: dict[str, Place] = {}
    columns = _columns(sheet, rows)
    for index, kind, heading, factor in found.readable():
        place = Place(sheet, index, heading, numbers)
        raw = columns[index]
        read, faults = read_column(raw, kind, factor)
        faults += _broken(sheet, rows, index)
        values[kind.field] = read if kind.numeric else pd.Series(read, dtype=object)
        places[kind.field] = place
        findings += [_fault(place, row, code, raw[row], kind.field) for row, code in faults]
    kept = {name: columns[index] for index, name in found.extra.items()}
    places |= {f"{EXTRA}{name}": Place(sheet, index, name, numbers)
               for index, name in found.extra.items()}  # fmt: skip
    frame = pd.DataFrame(values, index=pd.RangeIndex(len(rows)))
    extra = pd.DataFrame(kept, index=frame.index, dtype=object)
    return TableData(found.table, frame, places, extra, sheet.file, sheet.name), findings


def _columns(sheet: Sheet, rows: Sequence[int]) -> list[tuple[object, ...]]:
    """The cells of some rows, column by column; rows that end early are filled up."""
    width = sheet.width
    records = [sheet.rows[row] for row in rows]
    if any(len(record) != width for record in records):
        records = [[*record, *[None] * (width - len(record))] for record in records]
    return list(zip(*records, strict=True)) or [()] * width


def read_column(
    raw: Sequence[object], kind: Column, factor: float
) -> tuple[Any, list[tuple[int, str]]]:
    """A column's values in its own unit, and (row, fault) of each cell that does not fit."""
    if kind.numeric and kind.kind not in {"flag", "year"}:
        ready = _ready(raw)
        if ready is not None:
            return _scaled(ready, raw, factor)
    read: list[Any] = []
    faults: list[tuple[int, str]] = []
    for row, cell in enumerate(raw):
        try:
            read.append(cells.value(cell, kind))
        except cells.Unreadable as fault:
            read.append(np.nan if kind.numeric else None)
            faults.append((row, fault.code))
    if not kind.numeric:
        return np.array(read, dtype=object), faults
    scaled, more = _scaled(np.array(read, dtype=np.float64), raw, factor)
    return scaled, faults + more


def _ready(raw: Sequence[object]) -> NDArray[np.float64] | None:
    """The numbers of a column whose cells are plain numbers or empty; None for any other."""
    held = np.empty(len(raw), dtype=object)
    held[:] = raw
    empty = (held == "") | (held == None)  # noqa: E711 (compared cell by cell)
    types = set(map(type, held[~empty]))
    if types == {str} and not set("".join(held[~empty])) <= _PLAIN:
        return None
    if not (types <= {int, float} or types == {str}):
        return None
    held[empty] = np.nan
    try:
        return held.astype(np.float64)
    except (ValueError, OverflowError):
        return None


def _scaled(
    values: NDArray[np.float64], raw: Sequence[object], factor: float
) -> tuple[NDArray[np.float64], list[tuple[int, str]]]:
    if factor == 1.0:
        return values, []
    own = np.array([isinstance(cell, str) and "%" in cells.plain(cell) for cell in raw], dtype=bool)
    faults: list[tuple[int, str]] = []
    if factor < 1:  # a heading says per cent: 0.5 may be half a per cent or a half
        doubtful = ~own & (np.abs(values) <= 1) & (values != 0)
        faults = [(int(row), "percent_or_share") for row in np.flatnonzero(doubtful)]
    return np.where(own, values, np.round(values * factor, 8)), faults


def _broken(sheet: Sheet, rows: Sequence[int], index: int) -> list[tuple[int, str]]:
    if not sheet.broken:
        return []
    return [
        (row, "formula_uncached" if sheet.broken[(number, index)] == "formula" else "cell_error")
        for row, number in enumerate(rows)
        if (number, index) in sheet.broken
    ]


def _fault(place: Place, row: int, code: str, value: object, field: str) -> Finding:
    number = int(place.rows[row])
    value = place.sheet.broken.get((number, place.column), value)
    return Finding(
        severity="error",
        code=code,
        source=place.sheet.file,
        sheet=place.sheet.name,
        row=place.number(row),
        column=place.heading,
        cell=place.cell(row),
        value=shown(value),
        params={"field": field},
    )
