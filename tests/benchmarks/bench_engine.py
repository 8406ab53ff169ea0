"""The engine against OpenFisca-core on ten formulas, and against mere reading and writing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from simulator.law import FORMULAS
from simulator.machine.graph import Graph, build_graph
from simulator.machine.index import Index, build_index
from simulator.machine.registry import Input, Level
from simulator.machine.run import run_graph
from tests.benchmarks import Row, faster_row, openfisca_model, side_by_side, slower_row

TEN = tuple(formula.__name__ for formula in openfisca_model.FORMULAS)
YEARS = 3
#: Where the ten formulas' inputs live; the rest are values of parts.
LEVELS: dict[str, Level] = {
    "operating_rate": "stage",
    "ordinary_stage": "stage",
    "boarding_rate": "district",
    "special_rate": "district",
    "heating_rate": "district",
    "small_class_premium": "district",
    "weak_school_tilt": "district",
    "small_class": "school",
    "weak": "school",
}


def ten_formulas() -> Graph:
    """The graph of the ten formulas alone: everything else they need is an input."""
    formulas = [formula for formula in FORMULAS if formula.name in TEN]
    needed = {name for formula in formulas for name in formula.arguments} - set(TEN)
    leaves = [
        Input(name, LEVELS.get(name, "part"), "number", "structure", by_year=True)
        for name in sorted(needed)
    ]
    return build_graph(formulas, leaves)


def primary_schools(count: int) -> Index:
    """A district of so many primary schools over three years."""
    schools = pd.DataFrame(
        {"school_type": ["primary"] * count, "special_pupils": np.full(count, np.nan)},
        index=[str(number) for number in range(count)],
    )
    return build_index(schools, 2025, YEARS - 2)


def inputs(graph: Graph, index: Index) -> dict[str, np.ndarray]:
    """Random inputs with a seed; rates differ by year, marks of schools do not."""
    draw = np.random.default_rng(2025)
    found = {}
    for name, leaf in graph.inputs.items():
        rows = 1 if leaf.level == "school" else YEARS
        found[name] = draw.uniform(1, 2, (rows, index.size(leaf.level)))
    found["ordinary_stage"] = np.array([[1.0, 1.0, 0.0]])
    return found


def same_inputs(arrays: dict[str, np.ndarray], count: int) -> dict[str, np.ndarray]:
    """The same inputs as OpenFisca takes them: a value for every school and year."""
    primary = {name: arrays[name][:, :1] for name in ("operating_rate",)}
    wide = {**arrays, **primary}
    return {name: np.broadcast_to(wide[name], (YEARS, count)) for name in openfisca_model.LEAVES}


def _rows(count: int, times: int, least: float) -> list[Row]:
    graph, index = ten_formulas(), primary_schools(count)
    arrays = inputs(graph, index)
    country = openfisca_model.system()
    theirs_inputs = same_inputs(arrays, count)
    _agree(run_graph(graph, index, arrays), openfisca_model.run(country, count, theirs_inputs))
    pair = side_by_side(
        lambda: run_graph(graph, index, arrays),
        lambda: openfisca_model.run(country, count, theirs_inputs),
        times,
    )
    bare = side_by_side(
        lambda: run_graph(graph, index, arrays), lambda: _read_and_write(arrays, count), times
    )
    return [
        faster_row(
            f"Ten formulas × 3 years, {count:,} schools, against OpenFisca-core",
            f"十个公式 × 3 年，{count:,} 所学校，对照 OpenFisca-core",
            pair,
            least,
        ),
        slower_row(
            f"The same, against reading their inputs and writing their outputs ({count:,} schools)",
            f"同上，对照只读入、写出这些数（{count:,} 所学校）",
            bare,
            3,
        ),
    ]


def _agree(ours: dict[str, np.ndarray], theirs: list[np.ndarray]) -> None:
    """Both sides compute the same: OpenFisca in single precision."""
    for place, found in enumerate(theirs):
        year, name = divmod(place, len(TEN))
        mine = ours[TEN[name]]
        np.testing.assert_allclose(mine[min(year, len(mine) - 1)], found, rtol=1e-4, atol=1e-5)


def _read_and_write(arrays: dict[str, np.ndarray], count: int) -> list[Any]:
    """What nobody can save: each input read once, each output written once."""
    for value in arrays.values():
        value.sum()
    written = [np.empty((YEARS, count)) for _ in TEN]
    for output in written:
        output.fill(1.0)
    return written


def run() -> list[Row]:
    return [*_rows(60, 201, 20), *_rows(200_000, 9, 4)]
