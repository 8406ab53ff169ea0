"""Runs a set of lines on a few schools made up for a test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from simulator.machine.graph import build_graph
from simulator.machine.index import Index
from simulator.machine.language import Array
from simulator.machine.registry import Input
from simulator.machine.run import run_graph
from simulator.own_formula.compile import compile_lines
from simulator.own_formula.figures import Places, figures_of
from simulator.own_formula.line import LineSet, Source
from simulator.own_formula.read import read_lines
from simulator.stages import STAGES

PUPIL = Source("pupil")
SOURCES = {
    "pupils": PUPIL,
    "boarders": PUPIL,
    "area": Source("m2", "school"),
    "poor": Source("share"),
    "last_year": Source("yuan"),
}
YEARS = (2024, 2025, 2026, 2027)


def a_set(*lines: Mapping[str, Any], **more: Any) -> LineSet:
    """A set with some lines over the sources of these tests."""
    named = [{"zh": "行", "en": "line", **line} for line in lines]
    head = {"id": "own", "zh": "本县公式", "en": "Our formula", "per_pupil": "pupils"}
    return read_lines({**head, "lines": named, **more}, SOURCES)


def run(
    lines: LineSet,
    columns: Mapping[str, Any],
    *,
    schools: Sequence[int] | None = None,
    stages: Sequence[str] | None = None,
    types: Sequence[str] | None = None,
    areas: Sequence[str] | None = None,
    years: tuple[int, ...] = YEARS,
) -> dict[str, Array]:
    """Every figure of a set over (year, part); ``schools`` says to which each part belongs."""
    count = np.asarray(columns[lines.per_pupil]).shape[-1]
    own = list(schools or range(count))
    at = list(stages or ["primary"] * count)
    names = tuple(str(number) for number in range(max(own) + 1))
    where = np.array([STAGES.index(stage) for stage in at])
    index = Index(names, np.array(own), where, years)
    places = Places(
        years, tuple(at), tuple(types or ["primary"] * count), tuple(areas or [""] * len(names))
    )
    compiled = compile_lines(lines)
    leaves = [Input(n, s.level, s.unit, "column", by_year=True) for n, s in lines.sources.items()]
    graph = build_graph(compiled.formulas, [*leaves, *compiled.inputs])
    arrays = {name: np.atleast_2d(np.asarray(value, float)) for name, value in columns.items()}
    for name, source in lines.sources.items():
        size = len(names) if source.level == "school" else count
        arrays.setdefault(name, np.full((1, size), np.nan))
    wide = {name: _every_year(arrays[name], len(years)) for name in lines.sources}
    return run_graph(graph, index, {**wide, **figures_of(lines, places)})


def _every_year(values: Array, years: int) -> Array:
    return np.broadcast_to(values, (*values.shape[:-2], years, values.shape[-1]))


def of_year(found: Mapping[str, Array], name: str, year: int) -> list[float]:
    """A figure of every part in one year."""
    values = found[name]
    row = YEARS.index(year) if values.shape[-2] > 1 else 0
    return [float(value) for value in values[..., row, :]]
