"""The sheet of the tree behind the last year's gap: every line refers to the cell it stands in."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from simulator.formats.live_workbook.ground import STATIC
from simulator.formats.live_workbook.places import FIRST_LINE, FIRST_ROW, Page
from simulator.formats.live_workbook.sheets import MISSING, Writer, kind_of
from simulator.present.sentences.explained import Line, lines_of

if TYPE_CHECKING:
    from simulator.machine.trace import Trace

HEADS: Final = ("line", "place", "year", "value", "unit", "words", "source")
WIDTHS: Final = (46, 26, 8, 18, 12, 80, 60)
FIGURE: Final = "gap"
DEEPEST, LONGEST = 6, 600
#: A sum takes so many addresses in a spreadsheet.
MOST_ADDRESSES: Final = 250
INDENT: Final = "    "


def put_tree(writer: Writer) -> None:
    """How the last year's gap comes about; nothing where the gap was not computed."""
    if FIGURE not in writer.ground.result.values:
        return
    title = writer.word("sheet.tree")
    page = Page("tree", title, "words")
    sheet = writer.new(title, (FIRST_LINE, 1), (FIRST_LINE - 1,) * 2)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.fit_to_pages(1, 0)
    writer.text(sheet, 1, 0, writer.word("hint.tree"), writer.looks.note)
    heads = [writer.word(f"tree.{head}") for head in HEADS]
    writer.texts(sheet, FIRST_LINE - 1, heads, writer.looks.head)
    trace = writer.ground.result.explain(FIGURE)
    lines = lines_of(trace, writer.language, DEEPEST, LONGEST, fold=False)
    last = FIRST_LINE
    for last, line in enumerate(lines, start=FIRST_LINE):
        _put(writer, sheet, page, last, line)
    writer.hide_unknown(sheet, (FIRST_LINE, 3, last, 3))


def _put(writer: Writer, sheet: Any, page: Page, row: int, line: Line) -> None:
    before = [f"{INDENT * line.depth}{line.label}", line.place, line.when]
    writer.texts(sheet, row, before)
    look = writer.looks.number(line.unit)
    known = math.isfinite(line.value)
    address = _address(writer, page, line.trace)
    if address:
        # an empty cell of what is given is unknown, and a bare reference to it would be 0
        bare = line.trace.rest or kind_of(line.trace.item) == "computed"
        formula = f"={address}" if bare else f"=IF(COUNT({address})=0,NA(),{address})"
        sheet.write_formula(row, 3, formula, look, line.value if known else MISSING)
    elif known:
        sheet.write_number(row, 3, line.value, look)
    writer.text(sheet, row, 4, writer.looks.unit(line.unit))
    writer.text(sheet, row, 5, line.formula, writer.looks.wrapped)
    writer.text(sheet, row, 6, line.source, writer.looks.wrapped)


def _address(writer: Writer, page: Page, trace: Trace) -> str:
    """The cell that a line stands in, the sum of cells for the rest; empty where there is none."""
    ground, places, name = writer.ground, writer.places, trace.name
    position = STATIC if ground.is_static(name) else trace.position
    level = ground.graph.level(name)
    if position not in ground.positions.get(name, ()):
        return ""
    if level in ("part", "school"):
        if (name, position) not in places.columns:
            return ""
        if trace.rest:
            return _sum(writer, page, name, position, trace.rest)
        return places.in_column(name, position, str(FIRST_ROW + 1 + trace.entity), page)
    stage = trace.entity if level == "stage" else None
    if (name, stage) not in places.lines:
        return ""
    if trace.rest:
        cells = (places.in_line(name, position, each, page) for each in trace.rest)
        return f"SUM({','.join(cells)})"
    return places.in_line(name, position, stage, page)


def _sum(writer: Writer, page: Page, name: str, position: int, rows: Sequence[int]) -> str:
    areas = [
        writer.places.area(name, position, range(first, last + 1), page)
        for first, last in _runs(sorted(rows))
    ]
    return f"SUM({','.join(areas)})" if len(areas) <= MOST_ADDRESSES else ""


def _runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Rows that follow one another, as their first and last."""
    start = before = rows[0]
    for row in rows[1:]:
        if row != before + 1:
            yield start, before
            start = row
        before = row
    yield start, before
