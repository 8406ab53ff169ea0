"""A sheet as it stands in the file: cells, merged ranges, hidden rows, addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

Range = tuple[int, int, int, int]  # first row, first column, last row, last column, from 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its cells from A1 on, empty cells None, and what else matters for reading.

    ``broken`` names cells that hold no usable value: a formula never calculated
    (``formula``) or an error value such as ``#N/A``. A sheet with its years as columns is
    read ``turned``: rows and columns change places, addresses stay those of the file.
    """

    file: str
    name: str
    rows: Sequence[Sequence[object]]
    merged: tuple[Range, ...] = ()
    hidden: frozenset[int] = frozenset()
    broken: Mapping[tuple[int, int], str] = field(default_factory=lambda: MappingProxyType({}))
    turned: bool = False

    def cell(self, row: int, column: int) -> object:
        """The value of a cell; None outside the sheet."""
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return None
        return self.rows[row][column]

    @property
    def width(self) -> int:
        """The columns of the widest row."""
        return max((len(row) for row in self.rows), default=0)

    def address(self, row: int, column: int) -> str:
        """The address of a cell in the file, such as F12."""
        first, second = (column, row) if self.turned else (row, column)
        return f"{letters(second)}{first + 1}"

    def turn(self) -> Sheet:
        """The same sheet with rows and columns exchanged."""
        width = self.width
        rows = [
            [self.cell(row, column) for row in range(len(self.rows))] for column in range(width)
        ]
        merged = tuple((left, top, right, bottom) for top, left, bottom, right in self.merged)
        broken = {(column, row): what for (row, column), what in self.broken.items()}
        return replace(
            self,
            rows=rows,
            merged=merged,
            broken=broken,
            hidden=frozenset(),
            turned=not self.turned,
        )


def letters(column: int) -> str:
    """The letters of a column counted from 0: A, B, … Z, AA."""
    name = ""
    rest = column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        name = chr(65 + digit) + name
    return name


def position(address: str) -> tuple[int, int]:
    """Row and column (from 0) of an address such as F12."""
    name = address.rstrip("0123456789")
    column = 0
    for letter in name:
        column = column * 26 + ord(letter) - 64
    return int(address[len(name) :]) - 1, column - 1
