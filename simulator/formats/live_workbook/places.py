"""Where every figure stands in the workbook: its sheet, its column or its row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from xlsxwriter.utility import xl_col_to_name

from simulator.formats.live_workbook.ground import STATIC

#: Sheets of schools and parts: rows (from 0) of the headings, and columns that name the row.
FIRST_ROW: Final = 5
NAME_COLUMNS: Final = 4
#: Sheets with a line for each figure: the first line, the column that holds for all years.
FIRST_LINE: Final = 3
EVERY_YEAR: Final = 4

#: A figure and a year's position: a column of a sheet of schools or parts.
Column = tuple[str, int]
#: A figure and a stage (None: the district): a line.
Line = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet of figures: its key, title and level; ``columns`` or ``lines``, None a gap.

    ``given`` pages hold what is given, the others what is computed.
    """

    key: str
    title: str
    level: str
    columns: tuple[Column, ...] = ()
    lines: tuple[Line, ...] = ()
    given: bool = False

    @property
    def prefix(self) -> str:
        """What stands before an address on this sheet."""
        return "'" + self.title.replace("'", "''") + "'!"


@dataclass(frozen=True)
class Places:
    """The pages, and on which of them, in which column or row, every figure stands."""

    pages: tuple[Page, ...]
    columns: Mapping[Column, tuple[Page, int]] = field(init=False)
    lines: Mapping[Line, tuple[Page, int]] = field(init=False)

    def __post_init__(self) -> None:
        columns = {
            column: (page, NAME_COLUMNS + number)
            for page in self.pages
            for number, column in enumerate(page.columns)
        }
        lines = {
            line: (page, FIRST_LINE + number)
            for page in self.pages
            for number, line in enumerate(page.lines)
        }
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "lines", lines)

    def page_of(self, name: str, position: int, stage: int | None) -> Page:
        """The sheet of a figure."""
        found = self.columns.get((name, position)) or self.lines[name, stage]
        return found[0]

    def in_column(self, name: str, position: int, row: str, seen_from: Page) -> str:
        """The address of a figure of a school or part, whose row (from 1) is a placeholder."""
        page, column = self.columns[name, position]
        return f"{_before(page, seen_from)}{xl_col_to_name(column)}{row}"

    def area(self, name: str, position: int, rows: range, seen_from: Page) -> str:
        """The address of some rows (from 0) of a column."""
        page, column = self.columns[name, position]
        letters = xl_col_to_name(column)
        first, last = rows.start + FIRST_ROW + 1, rows.stop + FIRST_ROW
        return f"{_before(page, seen_from)}${letters}${first}:${letters}${last}"

    def in_line(self, name: str, position: int, stage: int | None, seen_from: Page) -> str:
        """The address of a figure of a stage or the district."""
        page, row = self.lines[name, stage]
        return f"{_before(page, seen_from)}${xl_col_to_name(year_column(position))}${row + 1}"


def year_column(position: int) -> int:
    """The column of a year on a sheet of lines."""
    return EVERY_YEAR if position == STATIC else EVERY_YEAR + 1 + position


def _before(page: Page, seen_from: Page) -> str:
    return "" if page.key == seen_from.key else page.prefix
