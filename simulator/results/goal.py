"""Goal seek: one lever, or the amounts of one formula line, so that a figure meets an amount.

"Keep the total" is the goal that operating funds stay what they were while a line is added,
dropped or changed. What is found is simulated again before it is given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from scipy.optimize import brentq

from simulator.errors import JunhengError
from simulator.machine.run import run_graph
from simulator.own_formula.line import PREFIX
from simulator.results.result import Result
from simulator.results.seek import changed_to
from simulator.results.simulate import simulate
from simulator.scenario.levers import lever_at
from simulator.scenario.model import Scenario

#: The figure that "keep the total" keeps.
TOTAL: Final = "operating_total"
#: A line's amounts are tried from nothing up to so many times what they are.
MOST_TIMES: Final = 1000.0
#: How near a goal in yuan must be met; other figures to a millionth of a millionth.
CLOSE: Final = 0.005


@dataclass(frozen=True, slots=True)
class Goal:
    """An amount that a figure of the district must have in a year."""

    figure: str
    year: int
    amount: float


@dataclass(frozen=True)
class Reached:
    """What meets a goal: the lever's value, or what a line's amounts are multiplied by.

    ``path`` is the scenario's key, ``scenario`` the one with the change, ``amount`` the
    figure as the changed scenario gives it.
    """

    goal: Goal
    path: str
    value: float
    scenario: Scenario
    amount: float


def meet_by_lever(result: Result, path: str, goal: Goal) -> Reached:
    """The value of one lever, the same in all years, with which a figure meets a goal.

    Errors: JunhengError where there is no such lever or figure, or the goal is out of reach.
    """
    lever = lever_at(path)
    if lever is None or lever.kind != "number" or lever.whole:
        raise JunhengError("goal_lever", path=path)
    _check(result, goal)
    binding = result.binding

    def found(value: float) -> float:
        scenario = changed_to(binding.scenario, path, value)
        run = simulate(binding.district, scenario, policy=binding.policy, wanted=[goal.figure])
        return _amount(run, goal)

    value = _solved(found, lever.min, lever.max, goal)
    return _reached(result, goal, path, value, changed_to(binding.scenario, path, value))


def meet_by_line(result: Result, line: str, goal: Goal) -> Reached:
    """What to multiply the amounts of one line by, so that a figure meets a goal.

    Errors: JunhengError where there is no such line with amounts in figures, or the
    goal is out of reach.
    """
    name = f"{PREFIX}{line}_amount"
    if name not in result.graph.inputs or result.lines is None:
        raise JunhengError("goal_line", line=line)
    _check(result, goal)
    arrays = result.binding.arrays

    def found(times: float) -> float:
        tried = {**arrays, name: arrays[name] * times}
        values = run_graph(result.graph, result.index, tried, [goal.figure])
        return _amount(replace(result, values=values), goal)

    times = _solved(found, 0.0, MOST_TIMES, goal)
    changed = scaled(result, line, times)
    return _reached(result, goal, f"lines.{line}.amount", times, changed)


def keep_total(result: Result, line: str, year: int, total: float) -> Reached:
    """What to multiply one line's amounts by, so that operating funds of a year stay a total."""
    return meet_by_line(result, line, Goal(TOTAL, year, total))


def scaled(result: Result, line: str, times: float) -> Scenario:
    """The scenario with the amounts of one line, or a pot's money, so many times theirs.

    Lines of a pack are then the scenario's own: a pack is not changed by a scenario.
    """
    said = dict(result.lines.content) if result.lines else {}
    for key in ("lines", "pots"):
        if key in said:
            said[key] = [
                {**row, "amount": _times(row["amount"], times)} if row["id"] == line else row
                for row in said[key]
            ]
    return result.binding.scenario.with_changes({"lines": said})


def _times(amount: Any, times: float) -> Any:
    """Figures so many times as large, whatever they go by; a share keeps its line."""
    if isinstance(amount, Mapping):
        return {key: each if key == "of" else _times(each, times) for key, each in amount.items()}
    return amount * times


def _check(result: Result, goal: Goal) -> None:
    formula = result.graph.formulas.get(goal.figure)
    if formula is None or formula.level != "district":
        raise JunhengError("goal_figure", name=goal.figure)
    if goal.year not in result.index.years[2:]:
        raise JunhengError("goal_year", year=goal.year)
    if not math.isfinite(goal.amount) or not math.isfinite(_amount(result, goal)):
        raise JunhengError("goal_unknown", name=goal.figure)


def _amount(result: Result, goal: Goal) -> float:
    return float(result.at(goal.figure, goal.year)[0])


def _solved(found: Callable[[float], float], least: float, most: float, goal: Goal) -> float:
    """The value at which a figure is the goal's amount; the ends of the range are tried first."""
    ends = [found(least) - goal.amount, found(most) - goal.amount]
    for value, off in zip((least, most), ends, strict=True):
        if abs(off) <= _close(goal):
            return value
    if not all(map(math.isfinite, ends)) or (ends[0] > 0) == (ends[1] > 0):
        low, high = sorted(off + goal.amount for off in ends)
        raise JunhengError("goal_reach", amount=goal.amount, least=low, most=high)
    return float(brentq(lambda value: found(value) - goal.amount, least, most, xtol=1e-13))


def _close(goal: Goal) -> float:
    return max(CLOSE, abs(goal.amount) * 1e-12)


def _reached(result: Result, goal: Goal, path: str, value: float, scenario: Scenario) -> Reached:
    """The changed scenario, simulated; refused where it does not meet the goal after all."""
    binding = result.binding
    after = simulate(binding.district, scenario, policy=binding.policy, wanted=[goal.figure])
    amount = _amount(after, goal)
    if not abs(amount - goal.amount) <= _close(goal):
        raise JunhengError("goal_missed", amount=goal.amount, nearest=amount)
    return Reached(goal, path, value, scenario, amount)
