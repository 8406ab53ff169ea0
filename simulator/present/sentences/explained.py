"""The tree behind a figure as lines: what it is, its value, its formula, where it comes from."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simulator import glossary, units
from simulator.glossary import Language
from simulator.machine.trace_reading import is_assumed
from simulator.machine.wording import in_words
from simulator.present.sentences.law import law_text
from simulator.present.table import citation_text, word_of
from simulator.scenario.naming import lever_label

if TYPE_CHECKING:
    from simulator.machine.trace import Trace


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the tree; ``depth`` 0 is the figure itself, ``again`` was opened above.

    ``folded`` is the head of a branch that was not taken: it is named and not opened.
    """

    trace: Trace
    depth: int
    label: str
    place: str
    when: str
    value: float
    unit: str
    formula: str
    source: str
    again: bool
    folded: bool = False


def lines_of(
    trace: Trace,
    language: Language,
    depth: int = 99,
    most: int = 100_000,
    *,
    fold: bool = True,
) -> Iterator[Line]:
    """The tree from top to bottom, no deeper than ``depth``, no longer than ``most`` lines.

    Branches that were not taken are folded away, unless all are asked for.
    """
    opened: set[tuple[object, ...]] = set()
    stack = [(trace, 0, False)]
    count = 0
    while stack and count < most:
        line, level, folded = stack.pop()
        key = (line.name, line.entity, line.year, line.rest)
        again = key in opened and bool(line.inputs)
        made = _line(line, level, language, again)
        yield _folded(made, language) if folded else made
        count += 1
        if not again and not folded and level < depth and line.kind != "rest":
            opened.add(key)
            kept = line.taken if fold else line.inputs
            ids = {id(each) for each in kept}
            left = [each for each in line.inputs if id(each) not in ids]
            stack.extend((each, level + 1, True) for each in reversed(left))
            stack.extend((each, level + 1, False) for each in reversed(kept))


def _folded(line: Line, language: Language) -> Line:
    """A branch that was not taken, by its name alone."""
    return replace(
        line, folded=True, formula="", source=glossary.label("export.not_taken", language)
    )


def _line(trace: Trace, depth: int, language: Language, again: bool) -> Line:
    return Line(
        trace=trace,
        depth=depth,
        label=_label(trace, language),
        place=place_of(trace, language),
        when=str(trace.year) if trace.year is not None else "",
        value=trace.value,
        unit=trace.unit,
        formula="" if again else _formula(trace, language),
        source=glossary.label("export.above", language) if again else source_of(trace, language),
        again=again,
    )


def _label(trace: Trace, language: Language) -> str:
    label = trace.result.graph.label(trace.name, language)
    if trace.rest:
        return glossary.text("export.rest", language, name=label, count=len(trace.rest))
    return label


def place_of(trace: Trace, language: Language) -> str:
    """School and stage of a figure."""
    school, stage = trace.place
    schools = trace.result.binding.district.schools
    name = str(schools.at[school, "school_name"]) if school is not None else ""
    return " ".join(part for part in (name, word_of("stage", stage, language)) if part)


def _formula(trace: Trace, language: Language) -> str:
    if trace.kind == "operator":
        return glossary.label("kind.operator", language)
    if trace.expression is None:
        return ""
    label = functools.partial(trace.result.graph.label, language=language)
    return f"= {in_words(trace.expression, language, label)}"


def _named(name: str, language: Language) -> str:
    """A file's or sheet's name; that of the sample goes by the language."""
    term = glossary.find(name) if name.startswith(("word.", "sheet.")) else None
    return term.label(language) if term else name


def value_text(line: Line, language: Language) -> str:
    """A line's figure with its unit; a lever that the scenario leaves alone is not set."""
    if line.trace.lever is not None and math.isnan(line.value):
        return glossary.label("describe.unsaid", language)
    return units.with_unit(line.value, line.unit, language)


def source_of(trace: Trace, language: Language) -> str:
    """Where a leaf comes from: data cell, lever, pack, law; for a formula, what it cites."""
    if trace.law is not None:
        policy, year = trace.result.binding.policy, trace.result.index.years[trace.position]
        return law_text(policy, trace.law, year, language)
    if is_assumed(trace):
        return glossary.label("export.assumed_cell", language)
    if trace.origin is not None:
        origin = trace.origin
        places = (_named(origin.file, language), _named(origin.sheet, language), origin.cell)
        return " › ".join(part for part in places if part)
    own = trace.result.lines if trace.kind == "line" else None
    if own is not None and own.pack:
        return f"{own.source} › {trace.lever}"
    if trace.kind == "lever" and trace.lever is not None:
        named = lever_label(trace.lever, language)
        return glossary.text("export.of_scenario", language, lever=named)
    if trace.lever is not None:
        return trace.lever
    return citation_text(trace.cites, language) if trace.cites else ""
