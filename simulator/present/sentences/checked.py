"""What a check of a file tells beside its findings: what stays open, what was not used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator import glossary
from simulator.glossary import Language
from simulator.present.sentences.causes import not_computable
from simulator.results.simulate import simulate
from simulator.scenario.load import SHIPPED, load_scenario

if TYPE_CHECKING:
    from simulator.district.model import District
    from simulator.district.reading.proposal import Proposal
    from simulator.results.result import Result


def _say(name: str, language: Language, **params: object) -> str:
    return glossary.text(f"export.check.{name}", language, **params)


def unused_lines(found: Proposal, language: Language) -> list[str]:
    """Columns that were kept and not used, and sheets that were left out, by name."""
    stop = glossary.label("export.stop", language)
    by_sheet: dict[str, list[str]] = {}
    for column in found.columns:
        if column.field is None and column.heading:
            named = _say("column", language, heading=column.heading, place=column.place)
            by_sheet.setdefault(column.sheet, []).append(named)
    lines = [
        _say("unused_columns", language, sheet=sheet, count=len(names), columns=stop.join(names))
        for sheet, names in by_sheet.items()
    ]
    if found.unused_sheets:
        lines.append(_say("unused_sheets", language, sheets=stop.join(found.unused_sheets)))
    return lines


def open_lines(result: Result, language: Language) -> list[str]:
    """Main figures of the base year that cannot be computed, each with causes and remedy."""
    found: dict[str, list[str]] = {}
    for figure, causes in not_computable(result, language):
        for cause in causes:
            found.setdefault(cause.text(language), []).append(figure)
    stop = glossary.label("export.stop", language)
    return [
        _say("open", language, figures=stop.join(dict.fromkeys(figures)), cause=cause)
        for cause, figures in found.items()
    ] or [_say("nothing_open", language)]


def checked_result(district: District) -> Result:
    """The district under the baseline that comes with the product: what a check asks after."""
    return simulate(district, load_scenario(SHIPPED / "baseline.yaml"))
