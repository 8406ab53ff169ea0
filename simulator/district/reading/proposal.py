"""What was recognised in a file, column by column, for the user to confirm before it is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from simulator.district.checking.checks import check
from simulator.district.columns import Table, columns
from simulator.district.model import District
from simulator.district.reading.draft import Draft, draft
from simulator.district.reading.files import open_sheets
from simulator.district.reading.grid import Sheet, letters
from simulator.district.reading.load import build
from simulator.district.reading.mapping import checked, shape_of
from simulator.district.reading.recognise import Mapped, Recognised
from simulator.errors import FindingsError
from simulator.findings import Finding

Certainty = Literal["known", "confirmed", "unsure", "ignored"]
#: Values shown of each column.
SHOWN = 3


@dataclass(frozen=True, slots=True)
class ColumnFound:
    """One column of a file: where it stands, what it was taken for, and a few of its values.

    ``field`` is None where it is kept and ignored; ``near`` are the fields it may mean,
    nearest first, where it is not certain. ``unit`` is as the file states it, ``factor``
    what its figures are multiplied by.
    """

    sheet: str
    table: Table
    place: str
    heading: str
    field: str | None
    certainty: Certainty
    near: tuple[str, ...]
    unit: str | None
    factor: float
    values: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class TotalFound:
    """A total the file prints, beside the sum of the schools."""

    field: str
    cell: str
    printed: float
    summed: float


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """Everything to be confirmed about a file: columns, findings, totals, its shape."""

    source: str
    shape: str
    columns: tuple[ColumnFound, ...]
    findings: tuple[Finding, ...]
    totals: tuple[TotalFound, ...]
    unused_sheets: tuple[str, ...]
    read: Draft

    @property
    def usable(self) -> bool:
        """Whether the file has no error."""
        return not any(each.severity == "error" for each in self.findings)

    def district(self) -> District:
        """The district as read. Raises FindingsError where the file has errors."""
        if not self.usable:
            raise FindingsError(self.source, self.findings)
        return build(self.read, self.findings)


def propose(path: str | Path, mapped: Mapped | None = None) -> Proposal:
    """What was recognised in a file. Raises JunhengError when it cannot be opened."""
    return propose_sheets(Path(path).name, open_sheets(path), mapped)


def propose_sheets(source: str, sheets: Sequence[Sheet], mapped: Mapped | None = None) -> Proposal:
    """What was recognised on some sheets. Raises JunhengError where ``mapped`` does not fit."""
    confirmed = checked(mapped or {}, source)
    read = draft(source, sheets, confirmed)
    used = {each.sheet.name for each in read.recognised}
    return Proposal(
        source=source,
        shape=shape_of(read.recognised),
        columns=tuple(column for each in read.recognised for column in _columns(each, confirmed)),
        findings=check(read),
        totals=_totals(read),
        unused_sheets=tuple(sheet.name for sheet in sheets if sheet.name not in used),
        read=read,
    )


def _columns(found: Recognised, mapped: Mapped) -> list[ColumnFound]:
    own = mapped.get(found.sheet.name, {})
    listed = []
    for index, each in sorted(found.matches.items()):
        certainty: Certainty = "known" if each.column else "unsure" if each.near else "ignored"
        if found.layout.headings[index].text in own:
            certainty = "confirmed"
        listed.append(
            ColumnFound(
                sheet=found.sheet.name,
                table=found.table,
                place=_place(found.sheet, index),
                heading=found.layout.headings[index].text,
                field=each.column.field if each.column else None,
                certainty=certainty,
                near=tuple(column.field for column in each.near),
                unit=each.heading.unit or (found.unit if (each.factor or 1) != 1 else None),
                factor=each.factor if each.factor is not None else float("nan"),
                values=_values(found, index),
            )
        )
    return listed + [_planned(found, index, year) for index, year in sorted(found.years.items())]


def _planned(found: Recognised, index: int, year: int) -> ColumnFound:
    return ColumnFound(
        found.sheet.name, found.table, _place(found.sheet, index),
        found.layout.headings[index].text, str(year), "known", (), None, 1.0,
        _values(found, index),
    )  # fmt: skip


def _place(sheet: Sheet, index: int) -> str:
    """The letters of a column, or the number of a row on a sheet read turned."""
    return str(index + 1) if sheet.turned else letters(index)


def _values(found: Recognised, index: int) -> tuple[object, ...]:
    rows = range(found.layout.first_data, len(found.sheet.rows))
    cells = (found.sheet.cell(row, index) for row in rows)
    filled = (cell for cell in cells if cell not in {None, ""})
    return tuple(cell for cell, _ in zip(filled, range(SHOWN), strict=False))


def _totals(read: Draft) -> tuple[TotalFound, ...]:
    schools = read.table("schools")
    if schools is None:
        return ()
    listed = []
    for stated in read.totals:
        last = len(stated) - 1
        for field, known in columns("schools").items():
            if known.kind in {"count", "amount"} and stated.has(field) and schools.has(field):
                printed = float(stated.numbers(field)[last])
                if np.isfinite(printed):
                    cell = stated.places[field].cell(last)
                    summed = float(np.nansum(schools.numbers(field)))
                    listed.append(TotalFound(field, cell, printed, summed))
    return tuple(listed)


def confirm(proposal: Proposal, answers: Mapping[tuple[str, str], str | None]) -> Mapped:
    """The mapping that results from the user's answers: (sheet, heading) → field or None."""
    mapped: dict[str, dict[str, str | None]] = {}
    for column in proposal.columns:
        if column.certainty == "confirmed":
            mapped.setdefault(column.sheet, {})[column.heading] = column.field
    for (sheet, heading), field in answers.items():
        mapped.setdefault(sheet, {})[heading] = field
    return checked(mapped, proposal.source)
