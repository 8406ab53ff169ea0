"""The live workbook: every computed cell a formula made from the model's own, with its value."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from os import PathLike
from pathlib import Path

import xlsxwriter

from simulator.formats.live_workbook.columns import ColumnSheet
from simulator.formats.live_workbook.compile import Compiler
from simulator.formats.live_workbook.ground import Ground
from simulator.formats.live_workbook.layout import plan_places
from simulator.formats.live_workbook.lines import LineSheet
from simulator.formats.live_workbook.looks import Looks
from simulator.formats.live_workbook.sheets import Writer
from simulator.formats.live_workbook.tree import put_tree
from simulator.formats.live_workbook.watch import Watch
from simulator.formats.live_workbook.words import (
    operators_page,
    put_about,
    put_formulas,
    put_operators,
)
from simulator.formats.table_files import save
from simulator.glossary import Language
from simulator.results.result import Result

Progress = Callable[[float], object]


def write_workbook(
    result: Result,
    path: str | PathLike[str],
    language: Language = "zh",
    progress: Progress | None = None,
) -> Path:
    """Write the live workbook whole or not at all; ``progress`` hears the share done.

    Given cells are coloured and unlocked, computed ones are locked formulas with cached
    values, unknown figures are #N/A shown as blank. JunhengError where it cannot be written.
    """
    return save(Path(path), workbook_bytes(result, language, progress))


def workbook_bytes(
    result: Result, language: Language = "zh", progress: Progress | None = None
) -> bytes:
    """The live workbook as the content of an .xlsx file."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "book.xlsx"
        # rows go to disk as they are written: a large district does not fill the memory
        options = {"constant_memory": True, "tmpdir": folder}
        book = xlsxwriter.Workbook(str(target), options)
        _fill(book, result, language, progress or (lambda share: None))
        book.close()
        return target.read_bytes()


def _fill(book: xlsxwriter.Workbook, result: Result, language: Language, tell: Progress) -> None:
    ground = Ground(result)
    places = plan_places(ground, language)
    looks = Looks(book, language)
    watch = Watch(ground, places, operators_page(language))
    writer = Writer(book, ground, places, Compiler(ground, places, watch), looks, language)
    put_about(writer, watch)
    for done, page in enumerate(places.pages, start=1):
        (LineSheet if page.level == "district" else ColumnSheet)(writer, page).put()
        tell(done / (len(places.pages) + 1))
    put_formulas(writer)
    put_tree(writer)
    put_operators(writer, watch)
    tell(1.0)
