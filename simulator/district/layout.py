"""Where a table stands on a sheet: its heading rows, its rows of data, totals and notes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from simulator.district.cells import is_blank, plain
from simulator.district.columns import Table
from simulator.district.grid import Sheet
from simulator.district.headings import key_of, known_headings, take_apart, year_of

#: Headings are looked for in this many rows.
HEADING_DEPTH: Final = 25
_TOTAL = re.compile(
    r"(.{0,12}[区县市镇乡校])?(总计|合计|小计|共计|平均|total|subtotal|sum)[::]?", re.IGNORECASE
)
_GRAND = re.compile(r"(全?[区县市])?(总计|合计|共计|total|sum)[::]?", re.IGNORECASE)
#: A line of totals has one of these in it.
_MARK = re.compile("[计均]|total|sum", re.IGNORECASE)
_SIGNED = re.compile(r"\D{1,6}[::]")
_NOTE = re.compile(
    r"[（(]?(注|说明|备注|填表|制表|审核|负责人|联系|填报|单位负责|note|remark)", re.IGNORECASE
)
_GROUP = re.compile(r".*(情况|信息|数据|条件|基础|统计|概况|指标|资产|资源|队伍|规模|状况)$")


@dataclass(frozen=True, slots=True)
class HeadingCell:
    """The heading over one column, and every way it may be read, the surest first."""

    text: str
    readings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the heading rows are and what stands in them, column by column."""

    rows: tuple[int, ...]
    headings: tuple[HeadingCell, ...]
    hits: int

    @property
    def first_data(self) -> int:
        """The first row under the headings."""
        return self.rows[-1] + 1 if self.rows else 0


def find_layout(sheet: Sheet, table: Table, prefixes: Sequence[str] = ()) -> Layout:
    """The heading rows of a sheet that most columns of the table are recognised in."""
    best = Layout((), (), 0)
    width = sheet.width
    for row in range(min(HEADING_DEPTH, len(sheet.rows))):
        if all(is_blank(cell) for cell in sheet.rows[row]):
            continue
        for rows in ((row,), (row, row + 1)):
            if rows[-1] >= len(sheet.rows) or (len(rows) == 2 and not _is_upper(sheet, row)):
                continue
            found = _layout(sheet, table, rows, prefixes, width)
            if found.hits > best.hits:
                best = found
    return best


def _is_upper(sheet: Sheet, row: int) -> bool:
    """Whether a row may be the upper of two heading rows: texts only, fewer or merged."""
    upper = [cell for cell in sheet.rows[row] if not is_blank(cell)]
    return len(upper) >= 2 and not any(isinstance(cell, float) for cell in sheet.rows[row + 1])


def _layout(
    sheet: Sheet, table: Table, rows: tuple[int, ...], prefixes: Sequence[str], width: int
) -> Layout:
    headings = tuple(_heading(sheet, rows, column, prefixes) for column in range(width))
    known = known_headings(table)
    fields = set()
    for heading in headings:
        column = next((known[key] for key in _keys(heading) if key in known), None)
        if column is not None:
            fields.add(column.field)
    years = {year_of(heading.text) for heading in headings} - {None}
    return Layout(rows, headings, len(fields) + (len(years) if fields else 0))


def _keys(heading: HeadingCell) -> Iterable[str]:
    return (take_apart(reading).key for reading in heading.readings)


def _heading(
    sheet: Sheet, rows: tuple[int, ...], column: int, prefixes: Sequence[str]
) -> HeadingCell:
    if len(rows) == 1:
        text = _text(sheet.cell(rows[0], column))
        return HeadingCell(text, _with_prefixes([text], prefixes) if text else ())
    upper, lower = _upper(sheet, rows[0], column), _text(sheet.cell(rows[1], column))
    if not lower or _spans(sheet, rows, column):
        upper = _text(sheet.cell(rows[0], column))
        return HeadingCell(upper, _with_prefixes([upper], prefixes) if upper else ())
    readings = [f"{upper}{lower}", f"{lower}{upper}"] if upper else []
    if not upper or _GROUP.fullmatch(key_of(upper)) or key_of(upper) in key_of(lower):
        readings.append(lower)
    shown = f"{upper} {lower}".strip()
    return HeadingCell(shown, _with_prefixes(readings, prefixes))


def _with_prefixes(readings: Sequence[str], prefixes: Sequence[str]) -> tuple[str, ...]:
    return (*readings, *(f"{prefix}{reading}" for prefix in prefixes for reading in readings))


def _spans(sheet: Sheet, rows: tuple[int, ...], column: int) -> bool:
    """Whether one merged heading reaches over both rows of this column."""
    return any(
        top <= rows[0] and bottom >= rows[1] and left <= column <= right
        for top, left, bottom, right in sheet.merged
    )


def _upper(sheet: Sheet, row: int, column: int) -> str:
    """The upper heading over a column: its own cell, or the one that reaches over it."""
    own = _text(sheet.cell(row, column))
    if own:
        return own
    for top, left, bottom, right in sheet.merged:
        if top <= row <= bottom and left <= column <= right:
            return _text(sheet.cell(top, left))
    if sheet.merged:
        return ""
    reaching = (_text(sheet.cell(row, each)) for each in range(column - 1, -1, -1))
    return next((text for text in reaching if text), "")


def _text(cell: object) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return re.sub(r"\s+", "" if re.search("[一-鿿]", str(cell)) else " ", str(cell)).strip()


def is_total(cells: Sequence[object]) -> bool:
    """Whether a row is a line of totals: one of its first texts says so."""
    texts = itertools.islice((cell for cell in cells if isinstance(cell, str) and cell), 3)
    return any(_TOTAL.fullmatch(plain(text)) for text in texts if _MARK.search(text))


def is_grand_total(cells: Sequence[object]) -> bool:
    """Whether a line of totals is over all schools, not a subtotal or a mean."""
    texts = [plain(cell) for cell in cells if isinstance(cell, str) and cell.strip()]
    return any(_GRAND.fullmatch(text) for text in texts[:3])


def is_note(cells: Sequence[object]) -> bool:
    """Whether a row holds a note or signatures, not data: it begins as they do."""
    first = next((cell for cell in cells if not is_blank(cell)), None)
    if not isinstance(first, str) or not _NOTE.match(first.strip()):
        return False
    alone = sum(not is_blank(cell) for cell in cells) == 1
    return alone or bool(_SIGNED.match(plain(first)))
