"""A comparison as one CSV file: every table below the other."""

from __future__ import annotations

import csv
import io

from simulator.compare.comparison import Comparison
from simulator.formats.table_files import csv_text, harmless
from simulator.glossary import Language
from simulator.present.table import MoneyUnit
from simulator.present.tables.comparison import sides
from simulator.present.tables.comparison_steps import comparison_tables


def comparison_csv(
    comparison: Comparison, language: Language | None = None, money: MoneyUnit = "10k_yuan"
) -> bytes:
    """The tables of a comparison as one CSV file, each under its title; warnings come first."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    for found in comparison_tables(comparison, language, money):
        if buffer.tell() == 0:
            lines = sides(comparison, language, money).comparison.note_lines
            writer.writerows([harmless(line)] for line in lines)
        writer.writerow([harmless(found.title)])
        buffer.write(csv_text(found))
        writer.writerow([])
    return buffer.getvalue().encode("utf-8-sig")
