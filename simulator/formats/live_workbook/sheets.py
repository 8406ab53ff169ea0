"""What every sheet is written with: texts, values, headings, protection and print set-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simulator import glossary
from simulator.formats.live_workbook.compile import Compiler
from simulator.formats.live_workbook.ground import Ground
from simulator.formats.live_workbook.looks import ALLOWED, Looks, QuickSheet, put_text
from simulator.formats.live_workbook.places import Places
from simulator.glossary import Language
from simulator.machine.registry import OWN, Formula, Input
from simulator.present.table import citation_text

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

    def label(self, name: str) -> str:
        """The words of a name, the glossary's or those of a line of the district's own."""
        return self.ground.graph.label(name, self.language)

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
        cites = self.ground.result.binding.policy.attributed(item.cites)
        if cites in ((), (OWN,)):
            return self.word("own")
        return citation_text(cites, self.language)

    def hide_unknown(self, sheet: Any, area: tuple[int, int, int, int]) -> None:
        """Show unknown figures as blank: #N/A is written as white as the paper."""
        sheet.conditional_format(*area, {"type": "errors", "format": self.looks.unseen})


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
