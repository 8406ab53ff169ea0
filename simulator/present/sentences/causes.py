"""Why a figure cannot be computed: which columns of which schools are empty, and the remedy."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from simulator import glossary
from simulator.glossary import Language
from simulator.machine.registry import Input
from simulator.stages import STAGES

if TYPE_CHECKING:
    from simulator.results.result import Result
    from simulator.results.run import RunTrace

#: Schools that are named before the rest is only counted.
NAMED: Final = 5
#: What kinds of leaves have a sentence of their own; another is told by its name alone.
TOLD: Final = ("column", "fiscal", "district", "parameter", "lever", "line")


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause: a kind of leaf, the glossary id or name of what is missing, where."""

    kind: str
    name: str
    places: tuple[str, ...]

    def text(self, language: Language) -> str:
        """The cause and its remedy in a sentence."""
        named = first_named(self.places, NAMED, language)
        kind = self.kind if self.kind in TOLD else "other"
        return glossary.text(f"export.cause.{kind}", language, name=self.name, places=named)


def first_named(places: Sequence[str], most: int, language: Language) -> str:
    """The first so many places, and how many there are where there are more."""
    named = glossary.label("export.stop", language).join(places[:most])
    if len(places) > most:
        named += glossary.text("export.cause.more", language, count=len(places))
    return named


def causes_of(trace: RunTrace, language: Language) -> tuple[Cause, ...]:
    """What makes a figure not computable, each column once; none where it is computed."""
    if not math.isnan(trace.value):
        return ()
    return gathered(trace.unknown_cells(), language)


def gathered(cells: list[RunTrace], language: Language) -> tuple[Cause, ...]:
    """Empty cells by column: each with all the schools (or years) where it is empty."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for cell in cells:
        place = _place(cell)
        held = found.setdefault((_kind(cell), _name(cell, language)), {})
        if place:
            held[place] = None
    return tuple(Cause(kind, name, tuple(places)) for (kind, name), places in found.items())


def cause_lines(trace: RunTrace, language: Language) -> tuple[str, ...]:
    """The causes and remedies in sentences, a head first; nothing where a figure is computed."""
    if not math.isnan(trace.value):
        return ()
    said = [cause.text(language) for cause in causes_of(trace, language)]
    nothing = glossary.label("export.cause.nothing", language)
    return (glossary.label("export.cause.head", language), *(said or [nothing]))


def _kind(cell: RunTrace) -> str:
    """The kind of a leaf; what was counted or projected from a column is that column."""
    leaf = cell.item
    assert isinstance(leaf, Input)
    if leaf.kind == "projection" or (leaf.kind == "structure" and _column(cell)):
        return "column"
    return leaf.kind


def _column(cell: RunTrace) -> str:
    """The column that a leaf was read from; empty where no column is."""
    leaf = cell.item
    assert isinstance(leaf, Input)
    name = leaf.by_stage.get(cell.place[1] or "", "") if leaf.by_stage else leaf.refers
    if leaf.kind == "projection" and not name:
        name = f"{cell.place[1]}_pupils"
    return name if glossary.find(f"column.{name}") else ""


def _name(cell: RunTrace, language: Language) -> str:
    column = _column(cell)
    if column:
        return glossary.label(f"column.{column}", language)
    return cell.run.graph.label(cell.name, language)


def _place(cell: RunTrace) -> str:
    """The school, or the year of a fiscal figure."""
    school, _ = cell.place
    if school is not None:
        return str(cell.run.binding.district.schools.at[school, "school_name"])
    leaf = cell.item
    fiscal = isinstance(leaf, Input) and leaf.kind == "fiscal"
    return str(cell.run.index.years[cell.position]) if fiscal else ""


def not_computable(result: Result, language: Language) -> Iterator[tuple[str, tuple[Cause, ...]]]:
    """The main figures of the base year that data leave open, each with its causes."""
    year = result.index.base_year
    for name in MAIN:
        if name not in result.values:
            continue
        level = result.graph.level(name)
        values = result.at(name, year)
        cells: list[RunTrace] = []
        for place, value in zip(result.index.entities(level), values, strict=True):
            if math.isnan(value) and (level != "stage" or _evaluated(result, place[1])):
                cells += result.explain(name, *place, year).unknown_cells()
        if cells:
            yield result.graph.label(name, language), gathered(cells, language)


def _evaluated(result: Result, stage: str | None) -> bool:
    """Whether the district has schools at a stage whose balance is judged."""
    return stage in STAGES[:2] and stage in {each for _, each in result.index.parts}


#: The figures that a check of the data asks after: money by line, balance, evaluation.
MAIN: Final = (
    "operating_total", "payroll_total", "bureau_training", "repair_total", "aid_total", "need",
    "appropriation", "upper_transfers", "gap", "school_training_share", "indicators_met",
    "stage_balanced", "stage_basic_balanced",
)  # fmt: skip
