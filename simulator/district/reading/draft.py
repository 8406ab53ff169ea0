"""Everything read from a file before it is checked: its tables and the cells that do not fit."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.district.columns import Table
from simulator.district.reading import cells
from simulator.district.reading.combine import combine
from simulator.district.reading.grid import Sheet
from simulator.district.reading.headings import Match, key_of
from simulator.district.reading.layout import is_grand_total, is_note, is_total
from simulator.district.reading.recognise import Mapped, Recognised, recognise
from simulator.district.reading.table import TableData, read_rows
from simulator.findings import Finding, Severity


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """The tables of a file as read, what was recognised on which sheet, and all findings.

    ``totals`` are the schools' lines of totals as the file prints them.
    """

    source: str
    tables: Mapping[Table, TableData]
    recognised: tuple[Recognised, ...]
    findings: tuple[Finding, ...]
    totals: tuple[TableData, ...]

    def table(self, name: Table) -> TableData | None:
        """One table; None where no sheet holds it."""
        return self.tables.get(name)


def draft(source: str, sheets: Sequence[Sheet], mapped: Mapped | None = None) -> Draft:
    """Reads every table that the sheets hold."""
    base_year = _base_year(sheets, mapped)
    recognised = [found for sheet in sheets if (found := recognise(sheet, mapped, base_year))]
    findings: list[Finding] = []
    totals: list[TableData] = []
    parts: dict[Table, list[TableData]] = {}
    for each in recognised:
        rows, total_rows = _rows(each)
        data, faults = read_rows(each, rows)
        parts.setdefault(each.table, []).append(data)
        findings += [*_heading_findings(each), *_place_findings(each, rows), *faults]
        if total_rows and each.table == "schools":
            totals.append(read_rows(each, total_rows)[0])
    tables: dict[Table, TableData] = {}
    for table, pieces in parts.items():
        tables[table], more = combine(pieces)
        findings += more
    return Draft(source, tables, tuple(recognised), tuple(findings), tuple(totals))


def _base_year(sheets: Sequence[Sheet], mapped: Mapped | None) -> int | None:
    """The base year the district sheet states, needed to read headings with a year in them."""
    small = (sheet for sheet in sheets if len(sheet.rows) < 100)
    for found in (recognise(sheet, mapped) for sheet in small):
        if found is None or found.table != "district":
            continue
        data, _ = read_rows(found, _rows(found)[0])
        stated = data.numbers("base_year")
        if len(stated) and np.isfinite(stated[0]):
            return int(stated[0])
    return None


def _rows(found: Recognised) -> tuple[list[int], list[int]]:
    """The rows of data and the rows of grand totals under the headings."""
    sheet, columns = found.sheet, sorted({*found.known, *found.years})
    schools, again = found.table == "schools", _heading_again(found)
    data: list[int] = []
    totals: list[int] = []
    for row in range(found.layout.first_data, len(sheet.rows)):
        record = sheet.rows[row]
        width = len(record)
        if all(cells.is_blank(record[each]) for each in columns if each < width):
            continue
        if row == found.unit_row or is_note(record) or again(record):
            continue
        if schools and is_total(record):
            totals += [row] if is_grand_total(record) else []
        else:
            data.append(row)
    return (_one_row(found, data), []) if found.table == "district" else (data, totals)


def _heading_again(found: Recognised) -> Callable[[Sequence[object]], bool]:
    """Tells whether a row prints the headings once more, as on the next page."""
    index = min(found.known, default=0)
    heading = found.sheet.cell(found.layout.rows[-1], index) if found.layout.rows else None
    if not isinstance(heading, str) or not heading.strip():
        return lambda record: False
    return lambda record: index < len(record) and record[index] == heading


def _one_row(found: Recognised, rows: list[int]) -> list[int]:
    """The row of values of the district sheet: the one headed so, else the first."""
    named = {key_of(word) for word in ("值", "内容", "填写", "填报内容", "value", "数值")}
    for row in range(found.layout.first_data, len(found.sheet.rows)):
        if key_of(str(found.sheet.cell(row, 0) or "")) in named:
            return [row]
    return rows[:1]


def _heading_findings(found: Recognised) -> list[Finding]:
    findings: list[Finding] = []
    if found.unit:
        row = max(found.layout.rows[0] - 1, 0)
        findings.append(_at(found.sheet, "table_unit", row, "", "warning", found.unit))
    seen: dict[str, str] = {}
    for index, match in found.matches.items():
        if match.column is None:
            if match.near:
                findings.append(_heading(found, index, match, "heading_unsure", warn=True))
            continue
        if match.factor is None:
            findings.append(_heading(found, index, match, "unit_unknown"))
        if match.column.field in seen:
            findings.append(
                _heading(found, index, match, "column_twice", other=seen[match.column.field])
            )
        seen.setdefault(match.column.field, match.heading.text)
    return findings


def _heading(
    found: Recognised, index: int, match: Match, code: str, warn: bool = False, **params: object
) -> Finding:
    row = found.layout.rows[-1]
    own = found.sheet
    names = [each for each in ((match.column,) if match.column else match.near) if each]
    return Finding(
        severity="warning" if warn else "error",
        code=code,
        source=own.file,
        sheet=own.name,
        row=(index if own.turned else row) + 1,
        column=match.heading.text,
        cell=own.address(row, index),
        value=match.heading.text,
        params={
            "zh_names": "、".join(each.label("zh") for each in names),
            "en_names": ", ".join(each.label("en") for each in names),
            "unit": match.heading.unit or "",
            **params,
        },
    )


def _place_findings(found: Recognised, rows: Sequence[int]) -> list[Finding]:
    """Merged cells among the data, and rows that are hidden."""
    sheet, columns = found.sheet, set(found.known) | set(found.years)
    inside, across = sorted(rows), sorted(columns)
    findings = []
    for top, left, bottom, right in sheet.merged:
        if _any_within(inside, top, bottom) and _any_within(across, left, right):
            spot = f"{sheet.address(top, left)}:{sheet.address(bottom, right)}"
            findings.append(_at(sheet, "merged_cells", top, spot, "error"))
    hidden = sorted(sheet.hidden.intersection(inside))
    if hidden:
        shown = ", ".join(str(row + 1) for row in hidden[:10]) + ("…" if len(hidden) > 10 else "")
        findings.append(_at(sheet, "hidden_rows", hidden[0], "", "warning", shown, len(hidden)))
    return findings


def _any_within(ordered: Sequence[int], first: int, last: int) -> bool:
    """Whether any of some numbers in their order lies between two, both included."""
    at = bisect.bisect_left(ordered, first)
    return at < len(ordered) and ordered[at] <= last


def _at(
    sheet: Sheet,
    code: str,
    row: int,
    cell: str,
    severity: Severity,
    value: str = "",
    count: int = 1,
) -> Finding:
    return Finding(
        severity=severity,
        code=code,
        source=sheet.file,
        sheet=sheet.name,
        row=row + 1,
        cell=cell,
        value=value or cell,
        params={"count": count},
    )
