"""Two changes to one scenario: each alone, both together, and what they do only together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from simulator.compare.outcomes import outcome_values
from simulator.errors import JunhengError
from simulator.machine.language import BASE
from simulator.results.result import Result
from simulator.results.simulate import simulate


@dataclass(frozen=True)
class Combination:
    """Two changes to one scenario: each alone, both together, nothing taken to add up."""

    base: Result
    first: Result
    second: Result
    both: Result

    @cached_property
    def table(self) -> pd.DataFrame:
        """Every outcome: base, then what each alone, both, and only both together do to it."""
        years = self.base.index.years[BASE + 1 :]
        results = {"first": self.first, "second": self.second, "both": self.both}
        start = pd.Series(outcome_values(self.base, years))
        frame = pd.DataFrame({"base": start})
        for name, result in results.items():
            frame[name] = pd.Series(outcome_values(result, years)) - start
        frame["interaction"] = frame["both"] - frame["first"] - frame["second"]
        frame.index.names = ["outcome", "stage", "year"]
        return frame


def combine(base: Result, first: Result, second: Result) -> Combination:
    """What two scenarios change against a third: alone, together, and only together.

    JunhengError where they stand on other data, packs or years, or set one value differently.
    """
    results = (base, first, second)
    for found in ("district", "policy"):
        if len({getattr(result.binding, found).fingerprint for result in results}) > 1:
            raise JunhengError("combine_ground")
    if len({result.index.years for result in results}) > 1:
        raise JunhengError("combine_ground")
    scenarios = [result.binding.scenario for result in results]
    said = [{**scenario.flat(), "lines": scenario.lines} for scenario in scenarios]
    changes = [_changes(said[0], each) for each in said[1:]]
    clash = [
        path for path in changes[0] if changes[1].get(path, changes[0][path]) != changes[0][path]
    ]
    if clash:
        raise JunhengError("combine_clash", paths=", ".join(sorted(clash)))
    binding = base.binding
    scenario = binding.scenario.with_changes({**changes[0], **changes[1]})
    return Combination(*results, simulate(binding.district, scenario, policy=binding.policy))


def _changes(base: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """What the other says differently; None takes a value back."""
    paths = dict.fromkeys([*base, *other])
    return {path: other.get(path) for path in paths if base.get(path) != other.get(path)}


def interaction(
    base: Result, first: Mapping[str, Any], second: Mapping[str, Any], outcome: str, year: int
) -> pd.Series[float]:
    """Two changes of levers to a scenario: what each alone, both, and only both together do.

    ``first`` and ``second`` map parameters to values; parts are differences to the base.
    """
    binding = base.binding
    changed = [
        simulate(binding.district, binding.scenario.with_changes(each), policy=binding.policy)
        for each in (first, second)
    ]
    table = combine(base, *changed).table.xs((outcome, ""), level=("outcome", "stage"))
    return pd.Series(table.loc[year], dtype=np.float64)
