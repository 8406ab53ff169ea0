"""Writes the sheets with a row for each school or part, a column for each figure and year."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from simulator.formats.live_workbook.compile import Group
from simulator.formats.live_workbook.ground import STATIC, is_absent
from simulator.formats.live_workbook.places import FIRST_ROW, NAME_COLUMNS, Page
from simulator.formats.live_workbook.sheets import MISSING, Writer, kind_of, put_given
from simulator.machine.registry import Formula, Input
from simulator.present.table import word_of
from simulator.stages import STAGES


@dataclass(frozen=True)
class ColumnSheet:
    """A sheet with a row for each school or part, and a column for each figure and year."""

    writer: Writer
    page: Page

    @property
    def _level(self) -> Literal["part", "school"]:
        return "part" if self.page.level == "part" else "school"

    def put(self) -> None:
        """Write the sheet."""
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
            if watch.state(name, position):
                test = f"={watch.state_name(name, position)}=0"
                rule = {"type": "formula", "criteria": test, "format": looks.stale}
                sheet.conditional_format(FIRST_ROW, column, bottom, column, rule)

    def _heads(self, sheet: Any) -> None:
        writer, years = self.writer, self.writer.ground.index.years
        kind = "stage" if self.page.level == "part" else "type"
        names = [writer.word(f"head.{each}") for each in ("school_id", "school", kind, "area")]
        items = [(writer.item(name), position) for name, position in self.page.columns]
        rows = [
            [writer.label(item.name) for item, _ in items],
            [writer.looks.unit(item.unit) for item, _ in items],
            [item.name for item, _ in items],
            [writer.word("head.every_year") if p == STATIC else str(years[p]) for _, p in items],
        ]
        for number, texts in enumerate(rows, start=1):
            first = names if number == 1 else [""] * NAME_COLUMNS
            writer.texts(sheet, number, first, writer.looks.head)
            for column, text in enumerate(texts, start=NAME_COLUMNS):
                writer.text(sheet, number, column, text, writer.looks.figure_head)

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
