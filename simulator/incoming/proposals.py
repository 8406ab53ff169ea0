"""A proposal taken apart into plain values, and put together again where it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulator.district.columns import TABLES, Table
from simulator.district.reading.draft import Draft
from simulator.district.reading.grid import Sheet
from simulator.district.reading.proposal import ColumnFound, Proposal, TotalFound
from simulator.district.reading.table import Place, TableData
from simulator.findings import Finding
from simulator.incoming.plain import pieces

#: The parts of an answer: what came under each name, piece after piece.
Parts = Mapping[str, list[Any]]


def fields_of(record: Any) -> dict[str, Any]:
    """The fields of a record by name."""
    return {each.name: getattr(record, each.name) for each in fields(record)}


# Taken apart ------------------------------------------------------------------------------


def taken_apart(proposal: Proposal) -> Iterator[tuple[str, list[Any]]]:
    """The parts of a proposal; what the sheets hold beside the tables' values is left behind."""
    head = (proposal.source, proposal.shape, list(proposal.unused_sheets))
    yield "head", list(head)
    for name in ("columns", "findings", "totals"):
        for piece in pieces([fields_of(each) for each in getattr(proposal, name)]):
            yield name, piece
    sheets: dict[int, int] = {}
    for table in proposal.read.tables.values():
        yield "tables", [[table.table, table.source, table.sheet, len(table)]]
        for field, place in table.places.items():
            for level, each in enumerate(_levels(place)):
                if id(each.sheet) not in sheets:
                    sheets[id(each.sheet)] = len(sheets)
                    yield "sheets", [[each.sheet.file, each.sheet.name, each.sheet.turned]]
                told = [table.table, field, level, sheets[id(each.sheet)], each.column]
                yield "places", [[*told, each.heading, each.rows]]
        yield from _frame_parts("frame", table.table, table.frame)
        yield from _frame_parts("extra", table.table, table.extra)


def _levels(place: Place | None) -> Iterator[Place]:
    while place is not None:
        yield place
        place = place.further


def _frame_parts(kind: str, table: str, frame: pd.DataFrame) -> Iterator[tuple[str, list[Any]]]:
    """Each column: its name, then its values, numbers as one array."""
    for number, name in enumerate(frame.columns):
        values = frame.iloc[:, number].to_numpy()
        yield f"{kind}:{table}", [str(name)]
        if values.dtype.kind in "fi":
            yield f"{kind}:{table}:{number}", [values]
        else:
            for piece in pieces(values.tolist()):
                yield f"{kind}:{table}:{number}", piece


# Put together -----------------------------------------------------------------------------


@cache
def _reader(kind: type) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(list[kind])  # type: ignore[valid-type]


def records(kind: type, values: Sequence[Any]) -> tuple[Any, ...]:
    """Records of a kind from their fields, each of the type it must have. Raises ValueError."""
    return tuple(_reader(kind).validate_python(list(values)))


def put_together(parts: Parts) -> Proposal:
    """The proposal of some parts. Raises ValueError, KeyError, TypeError or IndexError else."""
    source, shape, unused = parts["head"]
    findings = records(Finding, parts.get("findings", ()))
    for each in findings:
        each.text("zh")  # a finding that cannot be told is none
    sheets = [Sheet(str(file), str(name), (), turned=bool(turned))
              for file, name, turned in parts.get("sheets", ())]  # fmt: skip
    tables = {name: _table(parts, sheets, name, *more) for name, *more in parts.get("tables", ())}
    return Proposal(
        source=str(source),
        shape=str(shape),
        columns=records(ColumnFound, parts.get("columns", ())),
        findings=findings,
        totals=records(TotalFound, parts.get("totals", ())),
        unused_sheets=tuple(str(each) for each in unused),
        read=Draft(str(source), tables, (), (), ()),
    )


def _table(
    parts: Parts, sheets: Sequence[Sheet], name: Table, source: str, sheet: str, rows: int
) -> TableData:
    if name not in TABLES:
        raise ValueError(name)
    places: dict[str, Place] = {}
    # the deepest level first, so that each is made with what lies behind it
    own = [each for each in parts["places"] if each[0] == name]
    for _, field, _, at, column, heading, numbers in reversed(own):
        held = _long(numbers, rows)
        places[field] = Place(sheets[at], int(column), str(heading), held, places.get(field))
    ordered = {each[1]: places[each[1]] for each in own}
    frame, extra = (_frame(parts, kind, name, rows) for kind in ("frame", "extra"))
    return TableData(name, frame, ordered, extra, str(source), str(sheet))


def _long(numbers: NDArray[Any], rows: int) -> NDArray[Any]:
    if numbers.shape != (rows,):
        raise ValueError(numbers.shape)
    return numbers


def _frame(parts: Parts, kind: str, table: str, rows: int) -> pd.DataFrame:
    values = {
        name: _column(parts.get(f"{kind}:{table}:{number}", []), rows)
        for number, name in enumerate(parts.get(f"{kind}:{table}", ()))
    }
    return pd.DataFrame(values, index=pd.RangeIndex(rows))


def _column(held: list[Any], rows: int) -> Any:
    if len(held) == 1 and isinstance(held[0], np.ndarray):
        return _long(held[0], rows)
    if len(held) != rows:
        raise ValueError(len(held))
    return pd.Series(held, dtype=object)
