"""The inputs of many futures at once: the run's own arrays with draws as a leading axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from simulator.district.pupils.intake import INTAKE, by_year
from simulator.machine.language import BASE, Array
from simulator.results.result import Result
from simulator.results.simulate import simulate
from simulator.risk.assumptions import DRIVERS
from simulator.scenario.levers import lever_at
from simulator.scenario.model import Scenario

Arrays = Mapping[str, Array]
#: The input that a driver's distance is added to, and the assumption that is it.
ADDED: Final = {
    "revenue": ("revenue_growth", "assumptions.recurrent_revenue_growth"),
    "pupils": ("pupil_growth", "assumptions.pupils.primary"),
    "pay": ("pay_growth", "assumptions.pay_growth"),
    "prices": ("price_growth", "assumptions.price_growth"),
    "transfers": ("transfers_growth", "assumptions.upper_transfers_growth"),
}
METHOD: Final = "assumptions.pupils.method"
PROGRESSION: Final = "assumptions.pupils.progression"


def drawn_arrays(result: Result, away: Array) -> dict[str, Array]:
    """The arrays of a run, those that vary over (draw, year, entity).

    ``away`` is how far each assumption lies from the scenario's: draw × year × driver. No
    rate leaves the range that a scenario may say.
    """
    arrays = dict(result.binding.arrays)
    for driver, (leaf, path) in ADDED.items():
        off = away[..., DRIVERS.index(driver)]
        if not off.any():  # what moves nowhere stays one row for all draws
            continue
        lever = lever_at(path)
        assert lever is not None
        moved = np.zeros((len(away), len(result.index.years), 1))
        moved[:, BASE + 1 :, 0] = off
        arrays[leaf] = np.clip(arrays[leaf] + moved, lever.min, lever.max)
    if result.binding.scenario.get(METHOD) == "cohort":
        each = (_cohort(result.binding.scenario, row) for row in away)
        arrays |= stacked(result, [arrays_of(result, scenario) for scenario in each], "observed_")
    return arrays


def counting(result: Result) -> tuple[str, ...]:
    """The drivers that count: new pupils and moving up do where pupils are carried by grade."""
    by_grade = result.binding.scenario.get(METHOD) == "cohort"
    return tuple(name for name in DRIVERS if name in ADDED or by_grade)


def arrays_of(result: Result, scenario: Scenario) -> Arrays:
    """What a run of the same district and packs by another scenario starts from."""
    binding = result.binding
    own = binding.district.own or binding.district
    return simulate(own, scenario, policy=binding.policy, wanted=()).binding.arrays


def stacked(result: Result, several: Sequence[Arrays], prefix: str = "") -> dict[str, Array]:
    """The arrays in which several runs differ from a run, one after the other."""
    base = result.binding.arrays
    names = [name for name in base if name.startswith(prefix)]
    return {
        name: np.stack([np.broadcast_to(each[name], _wide(name, several)) for each in several])
        for name in names
        if any(not np.array_equal(each[name], base[name], equal_nan=True) for each in several)
    }


def _wide(name: str, several: Sequence[Arrays]) -> tuple[int, ...]:
    return np.broadcast_shapes(*(each[name].shape for each in several))


def _cohort(scenario: Scenario, away: Array) -> Scenario:
    """A scenario whose new pupils and moving up lie so far from what it says.

    Moving up lies as far away in all years as in the first.
    """
    births = 1 + away[:, DRIVERS.index("births")]
    given = (scenario.get(f"{INTAKE}.method") or "given") == "given"
    path = f"{INTAKE}.primary" if given else f"{INTAKE}.in_migration"
    said = scenario.get(path)
    entering = np.array(by_year(1.0 if said is None else said, scenario.horizon), dtype=float)
    changes: dict[str, Any] = {path: [float(each) for each in np.maximum(entering * births, 0.0)]}
    further = float(away[0, DRIVERS.index("progression")])
    if given and said is None:
        changes = {}
    return scenario.with_changes({**changes, PROGRESSION: _further(scenario, further)})


def _further(scenario: Scenario, away: float) -> Any:
    said = scenario.get(PROGRESSION)
    if isinstance(said, Mapping):
        return {grade: max(0.0, float(rate) + away) for grade, rate in said.items()}
    return max(0.0, (1.0 if said is None else float(said)) + away)
