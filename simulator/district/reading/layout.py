"""Where a table stands on a sheet: its heading rows, its rows of data, totals and notes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from simulator.district.columns import Table
from simulator.district.reading.cells import is_blank, plain
from simulator.district.reading.grid import Range, Sheet
from simulator.district.reading.headings import key_of, known_headings, take_apart, year_of

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
    first, last = (
        [_text(sheet.cell(row, at)) for at in range(width)] for row in (rows[0], rows[-1])
    )
    headings = tuple(_plain(text, prefixes) for text in first)
    if len(rows) == 2:
        above, tall = _above(sheet, rows[0], first), _tall(sheet, rows, width)
        headings = tuple(
            alone if at in tall or not last[at] else _stacked(above[at], last[at], prefixes)
            for at, alone in enumerate(headings)
        )
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


def _plain(text: str, prefixes: Sequence[str]) -> HeadingCell:
    """A heading of one row."""
    return HeadingCell(text, _with_prefixes([text], prefixes) if text else ())


def _stacked(upper: str, lower: str, prefixes: Sequence[str]) -> HeadingCell:
    """A heading of two rows, the upper of which may reach over several columns."""
    readings = [f"{upper}{lower}", f"{lower}{upper}"] if upper else []
    if not upper or _GROUP.fullmatch(key_of(upper)) or key_of(upper) in key_of(lower):
        readings.append(lower)
    shown = f"{upper} {lower}".strip()
    return HeadingCell(shown, _with_prefixes(readings, prefixes))


def _with_prefixes(readings: Sequence[str], prefixes: Sequence[str]) -> tuple[str, ...]:
    return (*readings, *(f"{prefix}{reading}" for prefix in prefixes for reading in readings))


def _touching(sheet: Sheet, row: int, width: int) -> Iterator[Range]:
    """The merged ranges that touch a row; no more than fit beside one another."""
    found = (each for each in sheet.merged if each[0] <= row <= each[2])
    return itertools.islice(found, width)


def _tall(sheet: Sheet, rows: tuple[int, ...], width: int) -> frozenset[int]:
    """The columns in which one merged heading reaches over both rows."""
    spans = [each for each in _touching(sheet, rows[0], width) if each[2] >= rows[1]]
    return frozenset(
        column for _, left, _, right in spans for column in range(left, min(right + 1, width))
    )


def _own_or_left(left: str, own: str) -> str:
    return own or left


def _above(sheet: Sheet, row: int, found: Sequence[str]) -> Sequence[str]:
    """The upper heading over each column: its own cell, or the one that reaches over it."""
    width = len(found)
    if not sheet.merged:
        return list(itertools.accumulate(found, _own_or_left))
    reaching: dict[int, str] = {}
    for top, left, _, right in _touching(sheet, row, width):
        text = _text(sheet.cell(top, left))
        for column in range(left, min(right + 1, width)):
            reaching.setdefault(column, text)
    return [own or reaching.get(column, "") for column, own in enumerate(found)]


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
