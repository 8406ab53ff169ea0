"""A mistake in the formula, told by the line and the column of the table it stands in."""

from __future__ import annotations

import re

from simulator.findings import Finding
from simulator.ui.components.lines_table import COLUMNS
from simulator.ui.words import language, say

#: Where a mistake stands: a list of the set, the number of its row, the key within.
PLACE = re.compile(r"lines\.(lines|columns|measures|pots|subtotals)\.(\d+)(?:\.([a-z_]+))?.*")


def told(finding: Finding) -> str:
    """The mistake and its mend, its place in the words of the screen where it has one."""
    found = PLACE.fullmatch(finding.column)
    if found is None:
        return finding.text(language())
    table, row, key = found.groups()
    what = say(f"lines.{key}") if table == "lines" and key in COLUMNS else key or ""
    place = say(f"lines.in.{table}", row=int(row) + 1, what=what).strip()
    return f"{place}: {finding.message(language())} {finding.mend(language())}"
