"""Writes the sheets with a line for each figure and a column for each year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from simulator.formats.live_workbook.places import EVERY_YEAR, FIRST_LINE, Page, year_column
from simulator.formats.live_workbook.sheets import MISSING, Writer, kind_of, put_given
from simulator.machine.language import BASE
from simulator.machine.registry import Formula, Input
from simulator.present.sentences.law import law_text
from simulator.present.table import word_of
from simulator.results.lever_arrays import RULE_CODES
from simulator.scenario.naming import choice_label
from simulator.stages import STAGES


@dataclass(frozen=True)
class LineSheet:
    """A sheet with a line for each figure and a column for each year."""

    writer: Writer
    page: Page

    def put(self) -> None:
        """Write the sheet."""
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
        for column, word in enumerate(words[EVERY_YEAR:-1], start=EVERY_YEAR):
            writer.text(sheet, FIRST_LINE - 1, column, word, writer.looks.figure_head)
        for number, (name, stage) in enumerate(self.page.lines):
            self._line(sheet, FIRST_LINE + number, name, stage, last + 1)
        bottom = FIRST_LINE + max(len(self.page.lines), 1) - 1
        writer.hide_unknown(sheet, (FIRST_LINE, EVERY_YEAR, bottom, last))

    def _line(self, sheet: Any, row: int, name: str, stage: int | None, after: int) -> None:
        writer = self.writer
        if not writer.ground.has(name):
            writer.text(sheet, row, 0, writer.label(name), writer.looks.section)
            return
        item = writer.item(name)
        place = "" if stage is None else word_of("stage", STAGES[stage], writer.language)
        texts = [writer.label(name), place, writer.looks.unit(item.unit), name]
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
        writer.text(sheet, row, after, self._source(item, stage), writer.looks.indented)
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
        found = ((binding.policy_value(item, stage or 0, year), year) for year in years[BASE:])
        language, policy = self.writer.language, binding.policy
        cites = [law_text(policy, value, year, language) for value, year in found if value]
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
