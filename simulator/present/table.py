"""A table as it is printed: on screen, in a workbook, in CSV, in a document, in a terminal."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from simulator import glossary, units
from simulator.glossary import Language
from simulator.machine.wording import citations

if TYPE_CHECKING:
    from simulator.results.result import Result

MoneyUnit = Literal["yuan", "10k_yuan"]
#: Yuan in one unit of money as printed.
YUAN: Mapping[str, float] = {"yuan": 1.0, "10k_yuan": 10_000.0}
#: A column's unit that begins so stands row by row, in the column named after it.
BY_ROW = "*"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, its unit (``text`` for words) and the decimals printed.

    A unit of ``*name`` says that each row's unit stands in the table's column ``name``.
    """

    id: str
    label: str
    unit: str = "text"
    decimals: int = 0

    @property
    def numeric(self) -> bool:
        """Whether the column holds figures."""
        return self.unit != "text"


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table in one language and money unit; rows hold the figures as printed, NaN unknown.

    ``rows`` may hold more columns than are shown. Shares are fractions, printed as percent.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: pd.DataFrame
    note: str = ""
    language: Language = "zh"

    def unit(self, column: Column, row: Mapping[str, Any]) -> str:
        """The unit of one figure."""
        if column.unit.startswith(BY_ROW):
            return str(row[column.unit.removeprefix(BY_ROW)])
        return column.unit

    def heading(self, column: Column) -> str:
        """A column's heading with its unit."""
        if column.unit in {"text", "flag", "number", "ratio"} or column.unit.startswith(BY_ROW):
            return column.label
        unit = glossary.label(f"unit.{column.unit}", self.language)
        return f"{column.label}（{unit}）" if self.language == "zh" else f"{column.label} ({unit})"

    def text(self, column: Column, row: Mapping[str, Any]) -> str:
        """One cell as people read it; says so where it is not computable."""
        value = row[column.id]
        if not column.numeric:
            return "" if _blank(value) else str(value)
        unit = self.unit(column, row)
        if unit == "" or value == "":
            return ""
        if _blank(value):
            return units.UNKNOWN[self.language]
        if column.unit.startswith(BY_ROW):
            # what is short by little is never short by nought
            return units.with_unit(float(value), unit, self.language, telling_all=True)
        return _printed(float(value), unit, column.decimals, self.language)

    def texts(self) -> list[list[str]]:
        """Every row as people read it, column by column."""
        return [[self.text(column, row) for column in self.columns] for row in self.records()]

    def records(self) -> list[dict[str, Any]]:
        """The rows, each by column id."""
        return [
            {str(key): value for key, value in record.items()}
            for record in self.rows.to_dict("records")
        ]


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value)) or value is pd.NA


def _printed(value: float, unit: str, decimals: int, language: Language) -> str:
    if unit in {"share", "flag"}:
        return units.number(value, unit, language)
    return units.written(value, decimals)


@dataclass(frozen=True)
class Printer:
    """What every table of one result is printed with: language, money unit, decimals."""

    result: Result
    language: Language = "zh"
    money: MoneyUnit = "10k_yuan"

    def word(self, identifier: str, **params: object) -> str:
        """A word or sentence of the exports."""
        return glossary.text(f"export.{identifier}", self.language, **params)

    def figure(self, name: str) -> str:
        """The label of a figure."""
        return self.result.graph.label(name, self.language)

    @property
    def decimals(self) -> int:
        """Decimals of money as printed."""
        return units.DECIMALS[self.money]

    def cash(self, yuan: float) -> float:
        """Yuan in the unit of money, not rounded."""
        return yuan / YUAN[self.money]

    def rounded(self, yuan: float) -> float:
        """Yuan in the unit of money, as printed; unknown stays unknown."""
        value = self.cash(yuan)
        return units.half_up(value, self.decimals) if math.isfinite(value) else float("nan")

    def shared(self, yuan: Sequence[float], printed: float | None = None) -> list[float]:
        """Yuan in the unit of money, rounded to their rounded sum, or to that printed already."""
        cash = [self.cash(value) for value in yuan]
        return list(map(float, units.round_to_total(cash, self.decimals, printed)))

    def unit_of(self, unit: str) -> str:
        """A unit as printed: money in the unit chosen."""
        return self.money if unit == "yuan" else unit

    def column(self, identifier: str, unit: str = "text", label: str = "") -> Column:
        """A column: headed by the figure it holds, or by a word of its own."""
        shown = self.unit_of(unit)
        decimals = units.DECIMALS.get(shown, 0 if shown in WHOLE else 2)
        return Column(identifier, label or self.figure(identifier), shown, decimals)

    def rounded_figure(self, value: float, unit: str) -> float:
        """Any figure as printed in its unit."""
        if not math.isfinite(value):
            return float("nan")
        if unit == "yuan":
            return self.rounded(value)
        decimals = 4 if unit == "share" else self.column("", unit, " ").decimals
        return units.half_up(value, decimals)

    def headroom(self, value: float, unit: str, status: str) -> float:
        """Headroom as printed; exact where rounding would hide that a rule is broken."""
        shown = self.rounded_figure(value, unit)
        if status != "fail" or shown != 0:
            return shown
        return self.cash(value) if unit == "yuan" else value

    def note(self, *lines: str) -> str:
        """The lines under a table: what is invented first, then its own remarks."""
        invented = self.word("invented") if self.result.binding.district.invented else ""
        return glossary.run_on((invented, *lines, self.assumed_none()), self.language)

    def assumed_none(self) -> str:
        """Which columns' empty cells count as none; nothing where no officer declared it."""
        cells = self.result.binding.district.assumed
        fields = dict.fromkeys(sorted(field for _, field in cells))
        names = (word_of("column", field, self.language) for field in fields)
        return self.word("assumed_none", columns=self.word("stop").join(names)) if fields else ""

    def total(self, values: Sequence[float]) -> float:
        """The sum of printed parts, as printed."""
        found = math.fsum(values) if all(map(math.isfinite, values)) else float("nan")
        return round(found, self.decimals)


#: Units that come in whole numbers.
WHOLE = frozenset({"pupil", "class", "school", "room", "set", "volume", "year", "month", "hour"})


def label_of(name: str, language: Language) -> str:
    """The label of a figure; a name of the district's own stands as it is."""
    term = glossary.find(name)
    return term.label(language) if term else name


def word_of(kind: str, identifier: Any, language: Language) -> str:
    """The word of a stage, rule, indicator and the like; nothing where there is none."""
    if not isinstance(identifier, str) or not identifier:
        return ""
    term = glossary.find(f"{kind}.{identifier}")
    return term.label(language) if term else identifier


def citation_text(cites: Any, language: Language) -> str:
    """A citation as it is printed: documents with their articles, in the order given."""
    if isinstance(cites, (tuple, list)):
        return citations(cites, language)
    if not hasattr(cites, "document"):
        return ""
    title = cites.title_zh if language == "zh" else cites.title_en
    known = [
        part for part in (cites.document_in(language), cites.article_in(language), title) if part
    ]
    return " ".join(dict.fromkeys(known))
