"""What a brief is made of: sections of paragraphs, lists, tables and pictures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from simulator import glossary, units
from simulator.compare import Comparison
from simulator.glossary import Language
from simulator.present.table import Column, MoneyUnit, Printer, Table
from simulator.present.tables.catalogue import printed_money, table
from simulator.results.result import Result


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; ``strong`` for the verdict that is read first."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """Numbered items."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A table with the columns that a page takes; ``wide`` where it needs the page's length."""

    table: Table
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as a picture; ``key`` explains its letters where it could not write words."""

    png: bytes
    title: str
    key: tuple[str, ...] = ()


Block = Text | Listed | Shown | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the brief under its heading."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Teller:
    """Tells one result, every figure as its tables print it."""

    result: Result
    language: Language = "zh"
    money: MoneyUnit = "10k_yuan"
    comparison: Comparison | None = None

    @cached_property
    def printer(self) -> Printer:
        """What prints the tables."""
        return Printer(self.result, self.language, self.money)

    @property
    def years(self) -> tuple[int, ...]:
        """The planned years."""
        index = self.result.index
        return tuple(year for year in index.years if year > index.base_year)

    @cached_property
    def printed(self) -> Mapping[int, Mapping[str, float]]:
        """Money by planned year and line, as printed."""
        return {year: printed_money(self.printer, year) for year in self.years}

    def say(self, identifier: str, **params: object) -> str:
        """A word or sentence of the brief."""
        return glossary.text(f"brief.{identifier}", self.language, **params)

    def cash(self, amount: float) -> str:
        """Printed money in words, without its sign."""
        if not math.isfinite(amount):
            return glossary.label("status.unknown", self.language)
        number = units.written(abs(amount), self.printer.decimals)
        return units.amount(number, self.money, self.language)

    def line(self, name: str, year: int) -> str:
        """One line of money of a year in words."""
        return self.cash(self.printed[year][name])

    def joined(self, words: Sequence[str]) -> str:
        """Words in a row."""
        return self.say("comma").join(words)

    def table(self, name: str, columns: Sequence[str] = (), heads: Sequence[str] = ()) -> Table:
        """A table of the result, with some of its columns and shorter headings."""
        return shortened(table(self.result, name, self.language, self.money), columns, heads)


def shortened(found: Table, columns: Sequence[str] = (), heads: Sequence[str] = ()) -> Table:
    """A table with some of its columns, in this order; headings may be replaced."""
    by_id: dict[str, Column] = {column.id: column for column in found.columns}
    kept = [by_id[name] for name in columns] or list(found.columns)
    named = [
        replace(column, label=heads[place]) if place < len(heads) and heads[place] else column
        for place, column in enumerate(kept)
    ]
    return replace(found, columns=tuple(named))
