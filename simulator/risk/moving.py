"""One or several levers moved over many values at once: the run's graph over one more axis."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.machine.language import BASE, Array
from simulator.machine.registry import Input
from simulator.machine.run import run_graph
from simulator.results.lever_arrays import lever_array
from simulator.results.result import Result
from simulator.results.seek import changed_to
from simulator.risk.judged import figures, judged, wanted
from simulator.scenario.levers import (
    Lever,
    block_of,
    counts_under,
    lever_at,
    levers,
    neutral_choice,
    switches,
)

#: Values computed at a time: more need more memory and are not quicker.
CHUNK: Final = 125
Progress = Callable[[float], None]
#: What a slider can move.
MOVABLE: Final = ("number", "investment", "bands")
#: From values of something that is moved to the arrays in which they differ.
Arrays = Callable[[Array], Mapping[str, Array]]


@dataclass(frozen=True)
class Moved:
    """Figures and rules over (value, planned year): 1 holds, 0 does not, NaN unknown."""

    figures: Mapping[str, Array]
    rules: Mapping[str, Array]


def along(
    result: Result,
    arrays: Arrays,
    values: Array,
    chunk: int = CHUNK,
    progress: Progress | None = None,
) -> Moved:
    """What comes of each value of something that is moved, all else as in a run.

    Nothing depends on how many values are computed at a time. ``progress`` is told the share
    that is done; what it raises ends the work.
    """
    parts = []
    for start in range(0, len(values), chunk):
        some = values[start : start + chunk]
        inputs = {**result.binding.arrays, **arrays(some)}
        found = run_graph(result.graph, result.index, inputs, wanted(result))
        parts.append([_wide(each(result, found), len(some)) for each in (figures, judged)])
        if progress is not None:
            progress(min(1.0, (start + chunk) / len(values)))
    seen, held = ([part[place] for part in parts] for place in (0, 1))
    return Moved(_joined(seen), _joined(held))


def _wide(found: Mapping[str, Array], count: int) -> dict[str, Array]:
    return {name: np.broadcast_to(each, (count, each.shape[-1])) for name, each in found.items()}


def _joined(parts: Sequence[Mapping[str, Array]]) -> dict[str, Array]:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def movable(result: Result) -> Iterator[tuple[Lever, str]]:
    """Each lever and assumption that counts here and has a range, and its path."""
    for lever in levers().values():
        for path in lever.slider_paths if lever.kind in MOVABLE else ():
            if path not in result.idle and _counts(result, path):
                yield lever, path


def _counts(result: Result, path: str) -> bool:
    switch = switches().get(block_of(path))
    # money for an item is moved by itself: where a list named schools, it goes to the lowest
    if switch is None or path.endswith(".amount"):
        return True
    said = result.binding.scenario.get(switch)
    return counts_under(path, neutral_choice(switch) if said is None else said)


def present(result: Result, lever: Lever, path: str) -> float | None:
    """What a lever is now: what is said (last), the law's value, or "no change"; None: nothing."""
    said = result.binding.scenario.get(path)
    if isinstance(said, list):
        said = said[-1]["as"] if isinstance(said[-1], Mapping) else said[-1]
    if said is not None:
        return float(said)
    law = lever.law_value(result.binding.policy, result.index.years[-1], path)
    if law is not None:
        return law.amount
    if lever.kind == "investment":
        return 0.0
    return float(lever.neutral) if isinstance(lever.neutral, (int, float)) else None


def of_levers(result: Result, paths: Sequence[str]) -> Arrays:
    """The arrays of rows of values, one for each path; a lever has one value in all years."""
    concerned = _concerned(result, paths)

    def arrays(rows: Array) -> dict[str, Array]:
        table = np.asarray(rows, dtype=float).reshape(len(rows), len(paths))
        each = [_of_row(result, concerned, paths, row) for row in table]
        return {leaf.name: np.stack([one[leaf.name] for one in each]) for leaf in concerned}

    return arrays


def _concerned(result: Result, paths: Sequence[str]) -> list[Input]:
    """The inputs that are others at either end of the levers' ranges."""
    leaves = [leaf for leaf in result.graph.inputs.values() if leaf.kind == "lever"]
    base = result.binding.arrays
    found: set[str] = set()
    for path in paths:
        lever = lever_at(path)
        assert lever is not None and lever.slider is not None
        for end in lever.slider[:2]:
            moved = _of_row(result, leaves, [path], np.array([end]))
            differ = (n for n in moved if not np.array_equal(moved[n], base[n], equal_nan=True))
            found.update(differ)
    return [leaf for leaf in leaves if leaf.name in found]


def _of_row(
    result: Result, leaves: Sequence[Input], paths: Sequence[str], row: Array
) -> dict[str, Array]:
    scenario = result.binding.scenario
    for path, value in zip(paths, row, strict=True):
        lever = lever_at(path)
        whole = lever is not None and lever.whole
        scenario = changed_to(scenario, path, int(value) if whole else float(value))
    return {leaf.name: lever_array(leaf, result.index, scenario) for leaf in leaves}


def of_revenue(result: Result) -> Arrays:
    """The arrays of falls: points taken off the growth of recurrent revenue in each year."""

    def arrays(falls: Array) -> dict[str, Array]:
        off = np.zeros((len(falls), len(result.index.years), 1))
        off[:, BASE + 1 :, 0] = np.asarray(falls, dtype=float)[:, np.newaxis]
        return {"revenue_growth": result.binding.arrays["revenue_growth"] - off}

    return arrays
