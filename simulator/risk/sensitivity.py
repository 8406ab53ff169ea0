"""What moves a figure most, each lever and assumption alone, and where rules turn on its way."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from simulator.district.model import District
from simulator.errors import JunhengError
from simulator.machine.language import BASE, Array
from simulator.policy.model import Policy
from simulator.results.result import Result
from simulator.results.simulate import simulate
from simulator.risk.flips import LOOKS, flips
from simulator.risk.judged import ALL_OK, BALANCED, MONEY, RULES_OK, all_of, figures
from simulator.risk.moving import Moved, Progress, along, movable, of_levers, of_revenue, present
from simulator.scenario.levers import Lever, lever_at
from simulator.scenario.model import Scenario

COLUMNS: Final = ["lever", "now", "low", "high", "effect_low", "effect_high", "flips"]
#: Points of growth that revenue is let fall by, at most.
DEEPEST: Final = 0.5


def sensitivity(
    district: District,
    scenario: Scenario,
    figure: str = "gap",
    year: int | None = None,
    *,
    policy: Policy | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Each lever and assumption that counts, moved alone over its range; the largest first.

    ``low`` and ``high`` are the ends of its range, in all planned years; ``effect_low`` and
    ``effect_high`` what they change the figure by in the year (the last one by default).
    ``flips`` has for each rule the value nearest to ``now`` on either side at which it turns,
    in the year, or in any planned year where none is named. ``now`` is the last year's value,
    and unknown where neither scenario nor law says one: then no flips are sought. Raises
    JunhengError for a figure or year that there is not.
    """
    return sensitivity_of(simulate(district, scenario, policy=policy), figure, year, progress)


def sensitivity_of(
    result: Result,
    figure: str = "gap",
    year: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """The same of a result that is there already."""
    places = figure_places(result, figure, year)
    base = figures(result, result.values)[figure][0, places[-1]]
    chosen = list(movable(result))
    rows = []
    for number, (lever, path) in enumerate(chosen, 1):
        rows.append(_row(result, lever, path, figure, places, float(base)))
        if progress is not None:
            progress(number / len(chosen))
    found = pd.DataFrame(rows, columns=COLUMNS)
    size = found[["effect_low", "effect_high"]].abs().max(axis=1)
    return found.loc[size.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def figure_places(result: Result, figure: str, year: int | None) -> list[int]:
    """The planned years looked at, by position; JunhengError for no such year or figure."""
    _check(result, figure)
    planned = list(result.index.years[BASE + 1 :])
    if year is None:
        return list(range(len(planned)))
    if year not in planned:
        raise JunhengError("goal_year", year=year)
    return [planned.index(year)]


def _check(result: Result, figure: str) -> None:
    known = figures(result, result.values)
    if figure not in known:
        raise JunhengError("risk_figure", name=figure, known=", ".join(known))


def _row(
    result: Result, lever: Lever, path: str, figure: str, places: list[int], base: float
) -> tuple[object, ...]:
    assert lever.slider is not None
    low, high, _ = lever.slider
    now = present(result, lever, path)
    arrays = of_levers(result, [path])
    ends = along(result, arrays, np.array([low, high])).figures[figure][:, places[-1]] - base
    turned = []
    if now is not None:
        turned = flips(result, arrays, grid_of(lever), now, places, lever.whole)
    return (path, np.nan if now is None else now, low, high, float(ends[0]), float(ends[1]), turned)


def grid_of(lever: Lever, looks: int = LOOKS) -> Array:
    """Values over a lever's range; every whole one where it is whole."""
    assert lever.slider is not None
    low, high, _ = lever.slider
    if lever.whole:
        return np.arange(low, high + 1)
    return np.linspace(low, high, looks)


def revenue_breaks(result: Result) -> pd.DataFrame:
    """Which fall of recurrent revenue first breaks which rule: rule, fall, year; least first.

    ``fall`` is in shares: so much off each planned year's growth, found exactly on the run
    itself; ``year`` is the first year it is then broken in. Rules that are broken anyway, or
    by no fall of up to half, are left out.
    """
    arrays, grid = of_revenue(result), np.linspace(0.0, DEEPEST, 4 * LOOKS)
    every = list(range(result.index.horizon))
    holds = along(result, arrays, np.zeros(1)).rules
    rows = []
    for rule, value in flips(result, arrays, grid, 0.0, every):
        if (holds[rule] == 1).all():
            broken = along(result, arrays, np.array([value])).rules[rule][0] == 0
            rows.append((rule, value, result.index.years[BASE + 1 + int(broken.argmax())]))
    found = pd.DataFrame(rows, columns=["rule", "fall", "year"])
    return found.sort_values("fall", kind="stable").reset_index(drop=True)


def holding_map(
    district: District,
    scenario: Scenario,
    one: str,
    other: str,
    steps: int = 21,
    *,
    policy: Policy | None = None,
) -> pd.DataFrame:
    """Two levers together: in which of their values every rule holds in every planned year.

    One row a pair: one, other, rules_ok, money_ok, balanced, all_ok (1, 0, or unknown).
    Raises JunhengError for what is no lever that can be moved here.
    """
    result = simulate(district, scenario, policy=policy)
    known = {path for _, path in movable(result)}
    grids = []
    for path in (one, other):
        lever = lever_at(path)
        if lever is None or path not in known or one == other:
            raise JunhengError("goal_lever", path=path)
        grids.append(grid_of(lever, steps))
    pairs = np.array(np.meshgrid(*grids, indexing="ij")).reshape(2, -1).T
    moved = along(result, of_levers(result, [one, other]), pairs)
    return pd.DataFrame({"one": pairs[:, 0], "other": pairs[:, 1], **_summed(moved)})


def _summed(moved: Moved) -> dict[str, Array]:
    return {name: all_of(moved.rules[name]) for name in (RULES_OK, MONEY, BALANCED, ALL_OK)}
