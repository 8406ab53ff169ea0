"""Balance of many districts in one call: the same formulas, over whole columns."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulator.errors import JunhengError
from simulator.law import FORMULAS
from simulator.law.balance.quantities import INDICATORS
from simulator.machine.graph import Graph, build_graph
from simulator.machine.index import Index, Positions
from simulator.machine.language import Array, Groups
from simulator.machine.registry import Input, Level
from simulator.machine.run import run_graph

#: Parts computed at a time, whole stages together, so that their values stay in cache.
SPAN = 12288
SHARED = ("in_scope", "scoped_pupils", "evaluated_pupils", "evaluated_schools", "pupil_weight")
OF_PARTS = ("value", "contribution")
OF_STAGES = ("mean", "sd", "cv")
EACH = (*OF_PARTS, *OF_STAGES, "scoped", "variance")
#: A formula for each kind of indicator, per pupil and per hundred, and those that are like it.
KINDS = {
    model: frozenset(item.id for item in INDICATORS if item.times == times)
    for model, times in (("books", 1), ("computers", 100))
}
LEVELS: Mapping[str, Level] = {"ordinary_stage": "stage", "scope_teaching_point_pupils": "district"}


@dataclass(frozen=True, slots=True, eq=False)
class ManyBalance:
    """Indicators and contributions row by row; means, deviations and CVs by district and stage."""

    parts: Mapping[str, Array]
    stages: pd.DataFrame


@dataclass(frozen=True, eq=False)
class _Span(Index):
    """Parts in a row, gathered by runs: each run is one stage of one district."""

    starts: Positions

    def size(self, level: Level) -> int:
        return len(self.starts) if level == "stage" else len(self.part_stage)

    def groups(self, lower: Level, upper: Level) -> Groups:
        count = len(self.starts)
        return Groups(None, self.starts, np.arange(count), count)


@functools.cache
def _graph() -> Graph:
    """The formulas of the indicators alone: what a district computes before is an input here."""
    names = {*SHARED, *(f"{what}_{item}" for what in EACH for item in KINDS)}
    formulas = [formula for formula in FORMULAS if formula.name in names]
    needed = {name for formula in formulas for name in formula.arguments} - names
    leaves = [
        Input(name, LEVELS.get(name, "part"), "number", "structure", by_year=True)
        for name in sorted(needed)
    ]
    return build_graph(formulas, leaves)


def balance_of_many(
    district: NDArray[np.int64],
    stage: NDArray[np.int64],
    columns: Mapping[str, Array],
    teaching_point_pupils: float,
) -> ManyBalance:
    """The indicators, CVs and contributions of every stage of every district at once.

    ``district`` and ``stage`` are whole-number codes of each part; ``columns`` hold ``pupils``,
    ``teaching_point`` (0 or 1) and the quantities by indicator id (those there are), of parts
    at ordinary stages, mixed schools already split. ``teaching_point_pupils`` is the scope
    rule's limit. Unknown is NaN. Raises JunhengError for columns of unequal length.
    """
    sizes = {len(district), len(stage), *(len(column) for column in columns.values())}
    if len(sizes) > 1 or not {"pupils", "teaching_point"} <= set(columns):
        raise JunhengError("many_columns", names=", ".join(sorted(columns)))
    keys = district * (int(stage.max(initial=0)) + 1) + stage
    order = None if bool((keys[:-1] <= keys[1:]).all()) else np.argsort(keys, kind="stable")
    if order is not None:
        keys, columns = keys[order], {name: column[order] for name, column in columns.items()}
    first = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.array([], int)
    items = [item.id for item in INDICATORS if item.id in columns]
    found = _computed(first, columns, items, teaching_point_pupils)
    rows = first if order is None else order[first]
    return ManyBalance(
        parts={name: _restored(found[name], order) for name in _names(OF_PARTS, items)},
        stages=pd.DataFrame(
            {name: found[name] for name in ("evaluated_schools", *_names(OF_STAGES, items))},
            index=pd.MultiIndex.from_arrays(
                [district[rows], stage[rows]], names=["district", "stage"]
            ),
        ),
    )


def _names(whats: tuple[str, ...], items: list[str]) -> list[str]:
    return [f"{what}_{item}" for what in whats for item in items]


def _restored(values: Array, order: NDArray[np.intp] | None) -> Array:
    """Values back in the order of the rows handed in."""
    if order is None:
        return values
    found = np.empty_like(values)
    found[order] = values
    return found


def _computed(
    first: NDArray[np.intp], columns: Mapping[str, Array], items: list[str], limit: float
) -> dict[str, Array]:
    """Every wanted figure of sorted parts, some whole stages at a time.

    Indicators of one kind (per pupil, per hundred) are one more axis of the same formulas.
    """
    size = len(columns["pupils"])
    stages = ["evaluated_schools", *_names(OF_STAGES, items)]
    found = {name: np.empty(size) for name in _names(OF_PARTS, items)}
    found |= {name: np.empty(len(first)) for name in stages}
    for runs, rows in _spans(first, size):
        starts = first[runs] - rows.start
        owner = np.repeat(np.arange(len(starts)), np.diff([*starts, rows.stop - rows.start]))
        span = _Span((), owner, owner, (0,), starts)
        inputs = {name: columns[name][None, rows] for name in ("pupils", "teaching_point")}
        inputs["ordinary_stage"] = np.ones((1, len(starts)))
        inputs["scope_teaching_point_pupils"] = np.full((1, 1), limit)
        for model, kind in KINDS.items():
            members = [item for item in items if item in kind]
            if members:
                stacked = np.stack([columns[item][None, rows] for item in members])
                values = run_graph(_graph(), span, {**inputs, model: stacked}, _wanted(model))
                _put(found, values, model, members, runs, rows)
        known = run_graph(_graph(), span, inputs, ["evaluated_schools"])
        found["evaluated_schools"][runs] = known["evaluated_schools"][0]
    return found


@functools.cache
def _wanted(model: str) -> tuple[str, ...]:
    """The figures of one kind that are handed out."""
    return tuple(_names((*OF_PARTS, *OF_STAGES), [model]))


def _put(
    found: dict[str, Array],
    values: Mapping[str, Array],
    model: str,
    members: list[str],
    runs: slice,
    rows: slice,
) -> None:
    """The figures of some stages to their places, indicator by indicator."""
    for whats, place in ((OF_PARTS, rows), (OF_STAGES, runs)):
        for what in whats:
            for position, member in enumerate(members):
                found[f"{what}_{member}"][place] = values[f"{what}_{model}"][position, 0]


def _spans(first: NDArray[np.intp], size: int) -> Iterator[tuple[slice, slice]]:
    """Runs and rows computed together: whole runs of about the same number of parts."""
    marks = np.searchsorted(first, np.arange(0, size, SPAN))
    cuts = list(dict.fromkeys([*marks.tolist(), len(first)]))
    ends = [*first.tolist(), size]
    for low, high in itertools.pairwise(cuts):
        yield slice(low, high), slice(ends[low], ends[high])
