"""What each formula line pays to whom, what one more yuan on it costs, who gains and who loses."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from simulator.errors import JunhengError
from simulator.machine.language import BASE, Array
from simulator.machine.run import run_graph
from simulator.own_formula.line import PREFIX, TOTAL
from simulator.results.result import Result

TOTAL_NAME: Final = f"{PREFIX}{TOTAL}"
COST: Final = "operating_total"


def breakdown(result: Result, year: int) -> pd.DataFrame:
    """Yuan of every part of a school by line of the total; index (school_id, stage).

    The columns are the graph's names of the lines, then their total, which they add up to.
    Errors: JunhengError where the scenario has no formula lines.
    """
    names = [*line_names(result), TOTAL_NAME]
    parts = pd.MultiIndex.from_tuples(result.index.parts, names=["school_id", "stage"])
    columns = {name: _wide(result, name, year) for name in names}
    return pd.DataFrame(columns, index=parts)


def line_names(result: Result) -> tuple[str, ...]:
    """The lines that the total is the sum of, by their names in the graph."""
    total = result.graph.formulas.get(TOTAL_NAME)
    if total is None:
        raise JunhengError("no_lines")
    return total.arguments


def one_more_yuan(result: Result, line: str) -> dict[int, float]:
    """What one more yuan on a line's amount costs the district, by planned year.

    For a line that takes a share of another's rate, one more hundredth of the share. Errors:
    JunhengError where there is no such line with amounts in figures.
    """
    name = f"{PREFIX}{line}_amount"
    leaf = result.graph.inputs.get(name)
    if leaf is None:
        raise JunhengError("goal_line", line=line)
    arrays = result.binding.arrays
    more = 0.01 if leaf.unit == "share" else 1.0
    tried = run_graph(result.graph, result.index, {**arrays, name: arrays[name] + more}, [COST])[
        COST
    ]
    found = tried[..., 0] - result.values[COST][..., 0]
    years = enumerate(result.index.years)
    return {year: float(found[place]) for place, year in years if place > BASE}


def gains(result: Result, other: Result, year: int, figure: str = "operating_funds") -> pd.Series:
    """What each part of a school gets more (or less) than in another run of the same district.

    The other run may be the same district paid by the national formula.
    """
    if result.index.parts != other.index.parts:
        raise JunhengError("other_schools")
    parts = pd.MultiIndex.from_tuples(result.index.parts, names=["school_id", "stage"])
    return pd.Series(_wide(result, figure, year) - _wide(other, figure, year), index=parts)


def gains_on_last_year(result: Result, year: int, figure: str = "operating_funds") -> pd.Series:
    """What each part of a school gets more (or less) than in the year before."""
    parts = pd.MultiIndex.from_tuples(result.index.parts, names=["school_id", "stage"])
    now, before = _wide(result, figure, year), _wide(result, figure, year - 1)
    return pd.Series(now - before, index=parts)


def _wide(result: Result, name: str, year: int) -> Array:
    return np.broadcast_to(result.at(name, year), (result.index.size("part"),))
