"""Which sheet holds which table, and which of its columns is which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from simulator import glossary
from simulator.district.columns import TABLES, Column, Table, columns
from simulator.district.reading import units_stated as stated_units
from simulator.district.reading.grid import Sheet
from simulator.district.reading.headings import (
    Heading,
    Match,
    factor,
    key_of,
    match,
    near,
    take_apart,
)
from simulator.district.reading.headings import year_of as year_of_heading
from simulator.district.reading.layout import HeadingCell, Layout, find_layout

#: A confirmed meaning of headings: sheet name -> heading -> field, or None for "keep, ignore".
Mapped = Mapping[str, Mapping[str, str | None]]
_SHEET_NAMES: Final[Mapping[Table, tuple[str, ...]]] = {
    "schools": ("school", "学校表", "学校数据", "学校基本情况", "学校基本信息", "学校情况"),
    "fiscal": ("finance", "财政表", "财政数据", "财政收支", "财政情况"),
    "indicators": ("indicator", "指标表", "监测指标", "跟踪指标", "目标"),
    "district": ("区县表", "区县信息", "区县基本情况", "基本信息", "区县设置", "设置"),
}
#: A sheet without a telling name is taken for a table from this many known headings on.
_ENOUGH: Final = {"schools": 4, "fiscal": 3, "indicators": 2, "district": 3}
_STAGE_WORDS: Final = ("小学", "初中", "特教")
_DATED: Final = re.compile(r"((?:19|20)\d\d)年?(?:度|秋季?)?")


@dataclass(frozen=True, slots=True)
class Recognised:
    """One sheet recognised as a table: its layout and the meaning of every column.

    ``unit`` is the unit of money stated above the table, where a column counts in it.
    """

    sheet: Sheet
    table: Table
    layout: Layout
    matches: Mapping[int, Match]
    years: Mapping[int, int]
    extra: Mapping[int, str]
    unit: str | None = None
    unit_row: int | None = None

    @property
    def known(self) -> frozenset[int]:
        """The places of the columns whose meaning is known."""
        return frozenset(index for index, found in self.matches.items() if found.column)

    def readable(self) -> Iterator[tuple[int, Column, str, float]]:
        """Place, column, heading and factor of each column to read, years included."""
        read = set()
        for index, found in self.matches.items():
            if found.column is not None and found.column.field not in read:
                read.add(found.column.field)
                yield index, found.column, found.heading.text, found.factor or 1.0
        for index, year in self.years.items():
            if str(year) not in read:
                read.add(str(year))
                planned = replace(columns("indicators")["base_value"], field=str(year))
                yield index, planned, self.layout.headings[index].text, 1.0


def recognise(
    sheet: Sheet, mapped: Mapped | None = None, base_year: int | None = None
) -> Recognised | None:
    """The table a sheet holds; None where it holds none that is known."""
    named = table_of_name(sheet.name)
    found = [_as_table(sheet, table) for table in ([named] if named else TABLES)]
    best = max(found, key=lambda each: each[1].hits - _ENOUGH[each[2]])
    turned, layout, table = best
    if not layout.rows or (not named and layout.hits < _ENOUGH[table]):
        return None
    own = (mapped or {}).get(sheet.name, {})
    return _columns(turned, table, layout, own, base_year)


def table_of_name(name: str) -> Table | None:
    """The table a sheet's name stands for; None for any other name."""
    key = key_of(name)
    for table in TABLES:
        words = (glossary.label(f"sheet.{table}", "zh"), glossary.label(f"sheet.{table}", "en"))
        if key in {table, *map(key_of, (*words, *_SHEET_NAMES[table]))}:
            return table
    return None


def stage_words(name: str) -> tuple[str, ...]:
    """The stage a sheet's name speaks of, to be read before its headings."""
    found = [word for word in _STAGE_WORDS if word in name]
    return (found[0],) if len(found) == 1 else ()


def _as_table(sheet: Sheet, table: Table) -> tuple[Sheet, Layout, Table]:
    layout = find_layout(sheet, table, stage_words(sheet.name) if table == "schools" else ())
    if table in {"district", "fiscal"} and len(sheet.rows) < 400:
        turned = sheet.turn()
        other = find_layout(turned, table)
        if other.hits > layout.hits:
            return turned, other, table
    return sheet, layout, table


def _columns(
    sheet: Sheet,
    table: Table,
    layout: Layout,
    own: Mapping[str, str | None],
    base_year: int | None,
) -> Recognised:
    matches: dict[int, Match] = {}
    years: dict[int, int] = {}
    extra: dict[int, str] = {}
    taken: dict[str, int] = {}
    for index, cell in enumerate(layout.headings):
        if not cell.readings:
            continue
        year = year_of_heading(cell.text) if table == "indicators" else None
        found = _match(cell, table, own, base_year)
        if found.column is not None:
            matches[index] = found
        elif year is not None:
            years[index] = year
        else:
            matches[index] = found
            extra[index] = _free_name(cell.text, taken)
    if table == "fiscal":
        _take_years(sheet, layout, matches, extra)
    return _with_units(Recognised(sheet, table, layout, matches, years, extra))


def _take_years(
    sheet: Sheet, layout: Layout, matches: dict[int, Match], extra: dict[int, str]
) -> None:
    """Takes a column of years for the year, whatever it is headed."""
    if any(found.column and found.column.field == "year" for found in matches.values()):
        return
    for index in range(sheet.width):
        rows = range(layout.first_data, len(sheet.rows))
        filled = [cell for row in rows if (cell := sheet.cell(row, index)) not in {None, ""}]
        if len(filled) > 1 and sum(year_of_heading(each) is not None for each in filled) > 1:
            text = layout.headings[index].text or "—"
            heading = Heading(text, key_of(text), None)
            matches[index] = Match(heading, columns("fiscal")["year"])
            extra.pop(index, None)
            return


def _with_units(found: Recognised) -> Recognised:
    """Columns without a unit of their own take the one stated for the sheet, or beside them."""
    stated = stated_units.money_unit(found.sheet, found.layout)
    unit_row, beside = stated_units.units_beside(found.sheet, found.layout)
    matches = dict(found.matches)
    used = None
    for index, each in found.matches.items():
        if each.column is None or each.heading.unit is not None:
            continue
        own = factor(beside.get(index), each.column) if index in beside else None
        if own is not None:
            matches[index] = replace(each, factor=own)
        elif stated and each.column.unit in stated_units.MONEY_UNITS:
            scale = factor(stated, each.column)
            if scale is not None and scale != 1.0:
                matches[index], used = replace(each, factor=scale), stated
    return replace(found, matches=matches, unit=used, unit_row=unit_row)


def _free_name(name: str, taken: dict[str, int]) -> str:
    """A name not taken yet; ``taken`` counts how often each was asked for, and is kept."""
    free = name
    while free in taken:
        taken[name] += 1
        free = f"{name} ({taken[name]})"
    taken[free] = 1
    return free


def _match(
    cell: HeadingCell, table: Table, own: Mapping[str, str | None], base_year: int | None
) -> Match:
    """What a heading means: as confirmed, as known, as known for a year; else what is near."""
    if cell.text in own:
        return _confirmed(cell, table, own[cell.text])
    for reading in cell.readings:
        found = match(reading, table)
        if found.column is not None:
            return found
    dated = _dated(cell, table, base_year)
    if dated is not None:
        return dated
    heading = take_apart(cell.readings[0])
    named = Heading(cell.text, heading.key, heading.unit)
    return Match(named, None, near=near(named, table))


def _confirmed(cell: HeadingCell, table: Table, field: str | None) -> Match:
    heading = take_apart(cell.readings[0])
    column = columns(table).get(field) if field else None
    if column is None:
        return Match(heading, None)
    return Match(heading, column, factor(heading.unit, column))


def _dated(cell: HeadingCell, table: Table, base_year: int | None) -> Match | None:
    """A heading with a year in it: this year's column, or last year's."""
    if table != "schools" or base_year is None:
        return None
    for reading in cell.readings:
        found = _DATED.search(take_apart(reading).key)
        if not found:
            continue
        year = int(found.group(1))
        rest = match(_DATED.sub("", reading), table)
        column = _of_year(rest.column, year, base_year)
        if column is not None:
            return Match(rest.heading, column, factor(rest.heading.unit, column))
    return None


def _of_year(column: Column | None, year: int, base_year: int) -> Column | None:
    if column is None or year == base_year:
        return column
    prior = columns("schools").get(f"{column.field}_prior")
    return prior if year == base_year - 1 else None
