"""Writes the sheets of figures: lines of the district, columns of schools and parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from simulator import glossary
from simulator.engine.levers import RULE_CODES
from simulator.export.table import citation_text, label_of, word_of
from simulator.export.workbook.compile import Compiler, Group
from simulator.export.workbook.ground import STATIC, Ground, is_absent
from simulator.export.workbook.looks import ALLOWED, Looks, QuickSheet, put_text
from simulator.export.workbook.places import (
    EVERY_YEAR,
    FIRST_LINE,
    FIRST_ROW,
    NAME_COLUMNS,
    Page,
    Places,
    year_column,
)
from simulator.formulas.language import BASE
from simulator.formulas.registry import OWN, Formula, Input
from simulator.glossary import Language
from simulator.scenario.naming import choice_label
from simulator.stages import STAGES

MISSING: Final = "#N/A"


@dataclass(frozen=True)
class Writer:
    """What every sheet of one workbook is written with."""

    book: Any
    ground: Ground
    places: Places
    compiler: Compiler
    looks: Looks
    language: Language

    def word(self, identifier: str, **params: object) -> str:
        """A word or sentence of the workbook."""
        return glossary.text(f"workbook.{identifier}", self.language, **params)

    def item(self, name: str) -> Formula | Input:
        """The formula or input of a name."""
        return self.ground.graph.formulas.get(name) or self.ground.graph.inputs[name]

    def new(self, title: str, frozen: tuple[int, int], heads: tuple[int, int]) -> Any:
        """A sheet with its title, protection, frozen headings and print set-up."""
        sheet = self.book.add_worksheet(title, QuickSheet)
        sheet.freeze_panes(*frozen)
        sheet.repeat_rows(*heads)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(0.4, 0.4, 0.6, 0.6)
        sheet.set_header("&C&A")
        sheet.set_footer("&C&P / &N")
        sheet.protect("", ALLOWED)
        self.text(sheet, 0, 0, title, self.looks.title)
        return sheet

    def text(self, sheet: Any, row: int, column: int, text: str, look: Any = None) -> None:
        """Write a text."""
        put_text(sheet, row, column, text, look or self.looks.plain, self.looks)

    def texts(self, sheet: Any, row: int, texts: list[str], look: Any = None) -> None:
        """Write texts side by side."""
        for column, text in enumerate(texts):
            self.text(sheet, row, column, text, look)

    def cites(self, item: Formula | Input) -> str:
        """The citation of a formula; its own definition where no document prescribes it."""
        if isinstance(item, Input):
            return ""
        if item.cites == (OWN,):
            return self.word("own")
        return citation_text(item.cites, self.language)

    def hide_unknown(self, sheet: Any, area: tuple[int, int, int, int]) -> None:
        """Show unknown figures as blank: #N/A is written as white as the paper."""
        sheet.conditional_format(*area, {"type": "errors", "format": self.looks.unseen})


def put_page(writer: Writer, page: Page) -> None:
    """Write one sheet of figures."""
    if page.columns or page.level != "district":
        _ColumnSheet(writer, page).put()
    else:
        _LineSheet(writer, page).put()


def kind_of(item: Formula | Input) -> str:
    """Whether a figure's cells are computed, given by people, or fixed."""
    if isinstance(item, Formula):
        return "fixed" if item.operator else "computed"
    return "fixed" if item.kind == "structure" else "given"


def put_given(sheet: Any, row: int, column: int, value: float, look: Any) -> None:
    """Write a value that is no formula; unknown stays blank."""
    if np.isfinite(value):
        sheet.write_number(row, column, value, look)
    else:
        sheet.write_blank(row, column, None, look)


@dataclass(frozen=True)
class _LineSheet:
    """A sheet with a line for each figure and a column for each year."""

    writer: Writer
    page: Page

    def put(self) -> None:
        writer, years = self.writer, self.writer.ground.index.years
        last = year_column(len(years) - 1)
        sheet = writer.new(self.page.title, (FIRST_LINE, EVERY_YEAR), (FIRST_LINE - 1,) * 2)
        for column, width in enumerate((40, 12, 12, 26, *(18,) * (last - EVERY_YEAR + 1), 60)):
            sheet.set_column(column, column, width)
        sheet.fit_to_pages(1, 0)
        hint = "hint.given" if self.page.given else "hint.computed"
        writer.text(sheet, 1, 0, writer.word(hint), writer.looks.note)
        heads = ["figure", "stage", "unit", "name", "every_year"]
        words = [writer.word(f"head.{head}") for head in heads]
        words += [str(year) for year in years] + [writer.word("head.source")]
        writer.texts(sheet, FIRST_LINE - 1, words, writer.looks.head)
        for number, (name, stage) in enumerate(self.page.lines):
            self._line(sheet, FIRST_LINE + number, name, stage, last + 1)
        bottom = FIRST_LINE + max(len(self.page.lines), 1) - 1
        writer.hide_unknown(sheet, (FIRST_LINE, EVERY_YEAR, bottom, last))

    def _line(self, sheet: Any, row: int, name: str, stage: int | None, after: int) -> None:
        writer, item = self.writer, self.writer.item(name)
        place = "" if stage is None else word_of("stage", STAGES[stage], writer.language)
        texts = [label_of(name, writer.language), place, writer.looks.unit(item.unit), name]
        writer.texts(sheet, row, texts)
        look = writer.looks.number(item.unit, kind_of(item), worded=True)
        for position in writer.ground.positions[name]:
            value = float(writer.ground.result.values[name][max(position, 0), stage or 0])
            column = year_column(position)
            if isinstance(item, Input) or item.operator:
                put_given(sheet, row, column, value, look)
            else:
                text = writer.compiler.text(item, position, () if stage is None else (stage,))
                cached = value if np.isfinite(value) else MISSING
                sheet.write_formula(row, column, text, look, cached)
        writer.text(sheet, row, after, self._source(item, stage))
        if isinstance(item, Input):
            self._name(item, row, stage)

    def _source(self, item: Formula | Input, stage: int | None) -> str:
        """The citation, the values of the law, or the lever's key."""
        if not isinstance(item, Input):
            return self.writer.cites(item)
        if item.name.startswith("invest_rule_"):
            return self._codes(item.refers)
        if item.kind != "parameter":
            return item.refers or item.by_stage.get(STAGES[stage or 0], "")
        binding, years = self.writer.ground.result.binding, self.writer.ground.index.years
        found = (binding.policy_value(item, stage or 0, year) for year in years[BASE:])
        cites = [citation_text(value.citation, self.writer.language) for value in found if value]
        return self.writer.word("semicolon").join(dict.fromkeys(cites))

    def _codes(self, path: str) -> str:
        """What the numbers of the ways to give out an investment stand for."""
        language = self.writer.language
        named = [f"{code:.0f} {choice_label(rule, language)}" for rule, code in RULE_CODES.items()]
        return f"{path} {self.writer.word('codes', codes=self.writer.word('comma').join(named))}"

    def _name(self, item: Input, row: int, stage: int | None) -> None:
        """A defined name for a parameter: one cell, or its years."""
        positions = self.writer.ground.positions[item.name]
        name = item.name if stage is None else f"{item.name}_{STAGES[stage]}"
        first, last = (xl_col_to_name(year_column(p)) for p in (positions[0], positions[-1]))
        end = "" if first == last else f":${last}${row + 1}"
        self.writer.book.define_name(name, f"={self.page.prefix}${first}${row + 1}{end}")


@dataclass(frozen=True)
class _ColumnSheet:
    """A sheet with a row for each school or part, and a column for each figure and year."""

    writer: Writer
    page: Page

    @property
    def _level(self) -> Literal["part", "school"]:
        return "part" if self.page.level == "part" else "school"

    def put(self) -> None:
        writer = self.writer
        sheet = writer.new(self.page.title, (FIRST_ROW, NAME_COLUMNS), (1, FIRST_ROW - 1))
        sheet.repeat_columns(0, NAME_COLUMNS - 1)
        sheet.set_print_scale(60)
        sheet.set_column(0, 0, 12)
        sheet.set_column(1, 1, 28)
        sheet.set_column(2, NAME_COLUMNS - 1, 12)
        last = NAME_COLUMNS + max(len(self.page.columns), 1) - 1
        sheet.set_column(NAME_COLUMNS, last, 16)
        sheet.set_row(1, 45)
        self._heads(sheet)
        size = writer.ground.index.size(self._level)
        cells = [self._column(name, position) for name, position in self.page.columns]
        for entity, names in zip(range(size), self._names(), strict=True):
            row = FIRST_ROW + entity
            writer.texts(sheet, row, names)
            for column, put in enumerate(cells, start=NAME_COLUMNS):
                put(sheet, row, column, entity)
        bottom = FIRST_ROW + max(size, 1) - 1
        writer.hide_unknown(sheet, (FIRST_ROW, NAME_COLUMNS, bottom, last))
        self._hide_stale(sheet, bottom)

    def _hide_stale(self, sheet: Any, bottom: int) -> None:
        """Show an operator's values as blank where they no longer stand."""
        watch, looks = self.writer.compiler.watch, self.writer.looks
        for column, (name, position) in enumerate(self.page.columns, start=NAME_COLUMNS):
            state = watch.state(name, position)
            if state:
                rule = {"type": "formula", "criteria": f"={state}=0", "format": looks.stale}
                sheet.conditional_format(FIRST_ROW, column, bottom, column, rule)

    def _heads(self, sheet: Any) -> None:
        writer, years = self.writer, self.writer.ground.index.years
        kind = "stage" if self.page.level == "part" else "type"
        names = [writer.word(f"head.{each}") for each in ("school_id", "school", kind, "area")]
        items = [(writer.item(name), position) for name, position in self.page.columns]
        rows = [
            [label_of(item.name, writer.language) for item, _ in items],
            [writer.looks.unit(item.unit) for item, _ in items],
            [item.name for item, _ in items],
            [writer.word("head.every_year") if p == STATIC else str(years[p]) for _, p in items],
        ]
        for number, texts in enumerate(rows, start=1):
            first = names if number == 1 else [""] * NAME_COLUMNS
            writer.texts(sheet, number, [*first, *texts], writer.looks.head)

    def _names(self) -> Iterator[list[str]]:
        """Who each row is about."""
        index, language = self.writer.ground.index, self.writer.language
        schools = self.writer.ground.result.binding.district.schools
        for identifier, stage in index.entities(self._level):
            row = schools.iloc[index.school_position[str(identifier)]]
            kind = word_of("stage", stage, language) if stage else ""
            kind = kind or word_of("school_type", row["school_type"], language)
            area = word_of("area", row["area"], language)
            yield [str(identifier), str(row["school_name"]), kind, area]

    def _column(self, name: str, position: int) -> Callable[[Any, int, int, int], None]:
        """What writes a cell of a column, given the sheet, row, column and entity."""
        item = self.writer.item(name)
        values = self.writer.ground.result.values[name][max(position, 0)].tolist()
        look = self.writer.looks.number(item.unit, kind_of(item))
        if isinstance(item, Formula) and not item.operator:
            return self._computed(item, position, values, look)
        fixed = self.writer.looks.number(item.unit, "fixed")
        absent = self._absent(item)

        def put(sheet: Any, row: int, column: int, entity: int) -> None:
            put_given(sheet, row, column, values[entity], fixed if absent(entity) else look)

        return put

    def _absent(self, item: Formula | Input) -> Callable[[int], bool]:
        """Whether a part's stage does not have a quantity."""
        if item.level != "part":
            return lambda entity: False
        absent = [is_absent(item, stage) for stage in range(len(STAGES))]
        stages = self.writer.ground.index.part_stage
        return lambda entity: absent[stages[entity]]

    def _computed(
        self, formula: Formula, position: int, values: list[float], look: Any
    ) -> Callable[[Any, int, int, int], None]:
        groups, rows = self.writer.compiler.rows(formula.level)
        made: dict[Group, Callable[..., str]] = {}
        for group in set(groups):
            made[group] = self.writer.compiler.text(formula, position, group).format

        def put(sheet: Any, row: int, column: int, entity: int) -> None:
            value = values[entity]
            cached = value if value - value == 0 else MISSING
            text = made[groups[entity]](**rows[entity])
            sheet.write_formula(row, column, text, look, cached)

        return put
