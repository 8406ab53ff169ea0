"""Results side by side as a user asks for them: shown, or written as a workbook, CSV or brief."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from simulator.compare import Comparison, compare
from simulator.errors import JunhengError
from simulator.formats import table_files as files
from simulator.formats import terminal
from simulator.formats.comparison.book import write_comparison
from simulator.formats.docx.brief import write_brief
from simulator.glossary import Language
from simulator.present.tables.comparison_steps import comparison_csv, comparison_tables
from simulator.results.result import Result

BRIEF = ".docx"
#: Tables that a terminal shows; a file holds all of them.
SHOWN = ("summary", "parameters", "money", "rules")


def put(results: Sequence[Result], language: Language, out: Path | None) -> None:
    """Show the comparison with the first result, or write it as the file's name asks.

    .docx is the brief of the first, .xlsx the live workbook, .csv all tables in one file, a
    folder a CSV file a table. A single result has a brief only.
    """
    if out is not None and out.suffix.lower() == BRIEF:
        others = compare(results, 0, language) if len(results) > 1 else None
        write_brief(results[0], out, language, others)
    elif len(results) == 1:
        raise JunhengError("compare_alone")
    else:
        _put_comparison(compare(results, 0, language), out)


def _put_comparison(found: Comparison, out: Path | None) -> None:
    if out is None:
        made = {table.id: table for table in comparison_tables(found)}
        for line in found.note_lines:
            terminal.console().print(line, style="bold")
        for name in SHOWN:
            terminal.show_table(made[f"comparison_{name}"])
    elif out.suffix.lower() == files.WORKBOOK:
        write_comparison(found, out)
    elif out.suffix.lower() == ".csv":
        files.save(out, comparison_csv(found))
    else:
        files.write_tables(comparison_tables(found), out)
