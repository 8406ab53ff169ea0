"""Goal seeking by a single lever: which value of which lever restores a broken rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from simulator.errors import FindingsError
from simulator.law.rules import RULES
from simulator.machine.language import BASE, CLOSE
from simulator.machine.registry import Rule
from simulator.results.judge import has_stage, status_of
from simulator.results.result import Result
from simulator.results.simulate import simulate
from simulator.scenario.levers import Lever, levers
from simulator.scenario.model import Scenario

#: Which of a lever's steps is asked for, and whether the goal is met there.
Met = Callable[[Result], bool]


@dataclass(frozen=True, slots=True)
class Mend:
    """One lever that alone restores a rule in every planned year, and the nearest such value.

    ``value`` is the lever's own unit, the nearest to ``now`` on the lever's steps; ``now`` is
    None where the scenario says nothing. ``gap`` is the worst year's gap afterwards, in yuan.
    """

    rule: str
    path: str
    now: float | None
    value: float
    gap: float
    breaks: tuple[str, ...]


def mends(result: Result, rule: str) -> tuple[Mend, ...]:
    """Every lever that by itself restores a rule; none for a rule that is met.

    Each value was tried: the rule holds there in every planned year. ``breaks`` names rules
    that held before and do not hold then.
    """
    found = next(each for each in RULES if each.id == rule)
    if _holds(result, found):
        return ()
    return tuple(_mends(result, found))


def _mends(result: Result, rule: Rule) -> Iterator[Mend]:
    needed = result.graph.needed([rule.headroom, rule.actual, rule.required])
    for lever in levers().values():
        if lever.group != "levers" or not _concerns(result, lever, needed):
            continue
        for path in lever.slider_paths:
            if lever.kind in ("number", "investment"):
                value = nearest(result, lever, path, lambda run: _holds(run, rule), names_of(rule))
                if value is not None:
                    yield _mend(result, rule, path, value)


def names_of(rule: Rule) -> tuple[str, ...]:
    """The figures that a rule is judged by."""
    return (rule.headroom, rule.actual, rule.required)


def _concerns(result: Result, lever: Lever, needed: frozenset[str]) -> bool:
    """Whether any formula that the rule needs uses an input that the lever sets."""
    inputs = result.graph.inputs
    used = {a for name in needed for a in result.graph.formulas[name].arguments if a in inputs}
    refers = {inputs[name].refers for name in used if inputs[name].kind == "lever"}
    return any(
        each.startswith(lever.path) or lever.path.startswith(each) for each in refers if each
    )


def nearest(
    result: Result, lever: Lever, path: str, met: Met, wanted: tuple[str, ...]
) -> float | None:
    """The step of a lever nearest to its value at which a goal is met; None where none is.

    The goal is taken to stay met further along once it is met; what is found was tried.
    """
    if lever.slider is None:
        return None
    low, high, step = lever.slider
    start = _value(result, lever, path)
    reach = {1: _steps(start, high, step), -1: _steps(low, start, step)}
    found: list[tuple[int, float]] = []
    for sign, most in reach.items():

        def holds(count: int, sign: int = sign) -> bool:
            return _tried(result, path, _at(start, step, sign, count), met, wanted)

        count = _first(holds, most)
        if count is not None:
            found.append((count, _at(start, step, sign, count)))
    return min(found)[1] if found else None


def _steps(low: float, high: float, step: float) -> int:
    """How many steps of the grid lie from one value up or down to another that is on it."""
    return int(np.ceil((high - low) / step - CLOSE))


def _at(start: float, step: float, sign: int, count: int) -> float:
    """The value so many steps up (1) or down (−1), on the grid of the steps.

    From between two steps the first step is the one beside.
    """
    place = start / step
    beside = np.floor(place + CLOSE) if sign > 0 else np.ceil(place - CLOSE)
    return float(round((beside + sign * count) * step, 10))


def _first(holds: Callable[[int], bool], most: int) -> int | None:
    """The least count up to ``most`` at which something holds, by halving."""
    if most < 1 or not holds(most):
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _value(result: Result, lever: Lever, path: str) -> float:
    """What a lever is now: what the scenario says, else the law's value, else "no change"."""
    said = result.binding.scenario.get(path)
    if isinstance(said, list):
        said = said[-1] if not isinstance(said[-1], dict) else said[-1]["as"]
    if said is not None:
        return float(said)
    law = lever.law_value(result.binding.policy, result.index.years[-1], path)
    if law is not None:
        return law.amount
    return float(lever.neutral) if isinstance(lever.neutral, (int, float)) else 0.0


def changed_to(scenario: Scenario, path: str, value: float) -> Scenario:
    """A scenario with one lever moved; an investment without a rule goes to the lowest first."""
    changes: dict[str, object] = {path: value}
    block, _, key = path.rpartition(".")
    if key == "amount" and scenario.get(f"{block}.rule") in (None, "list"):
        changes[f"{block}.rule"] = "lowest_first"
    return scenario.with_changes(changes)


def _tried(result: Result, path: str, value: float, met: Met, wanted: tuple[str, ...]) -> bool:
    binding = result.binding
    try:
        scenario = changed_to(binding.scenario, path, value)
    except FindingsError:
        # a value that the scenario may not hold is no way to mend anything
        return False
    return met(simulate(binding.district, scenario, policy=binding.policy, wanted=wanted))


def _holds(result: Result, rule: Rule) -> bool:
    """Whether a rule is kept by every subject in every planned year."""
    places = [
        position
        for position, (_, stage) in enumerate(result.index.entities(rule.level))
        if stage is None or (stage in rule.stages and has_stage(result, stage))
    ]
    for year in result.index.years[BASE + 1 :]:
        actual, required, headroom = (
            np.broadcast_to(result.at(name, year), result.index.size(rule.level))[places]
            for name in (rule.actual, rule.required, rule.headroom)
        )
        if set(status_of(actual, required, headroom, rule.strict)) != {"pass"}:
            return False
    return True


def _mend(result: Result, rule: Rule, path: str, value: float) -> Mend:
    binding = result.binding
    scenario = changed_to(binding.scenario, path, value)
    after = simulate(binding.district, scenario, policy=binding.policy)
    said = binding.scenario.get(path)
    now = float(said) if isinstance(said, (int, float)) else None
    broken = tuple(
        each.id
        for each in RULES
        if each.headroom in result.values and _holds(result, each) and not _holds(after, each)
    )
    return Mend(rule.id, path, now, value, after.verdict.gap, broken)
