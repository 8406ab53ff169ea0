"""Methods of a result that need the rooms above it: given to it when the public names load."""

from __future__ import annotations

from os import PathLike

from simulator.glossary import Language
from simulator.results.result import Result


def to_workbook(result: Result, path: str | PathLike[str], language: Language = "zh") -> None:
    """Write the live workbook: formulas with cached values, in one language."""
    from simulator.formats.live_workbook import write_workbook  # when asked for: it is slow to load

    write_workbook(result, path, language)


Result.to_workbook = to_workbook
