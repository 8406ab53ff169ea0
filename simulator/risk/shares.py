"""Which assumption the uncertainty of a figure comes from: shares of its variance (Sobol)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import norm, sobol_indices

from simulator.district.model import District
from simulator.machine.language import Array
from simulator.policy.model import Policy
from simulator.results.result import Result
from simulator.results.simulate import simulate
from simulator.risk.assumptions import DRIVERS, Assumptions
from simulator.risk.drawn import counting, drawn_arrays
from simulator.risk.draws import scaled
from simulator.risk.moving import along
from simulator.risk.sensitivity import figure_places
from simulator.scenario.model import Scenario

#: Draws of each matrix; a power of two.
DRAWS: Final = 256


def variance_shares(
    district: District,
    scenario: Scenario,
    figure: str = "gap",
    year: int | None = None,
    draws: int = DRAWS,
    seed: int = 1,
    *,
    assumptions: Assumptions | None = None,
    policy: Policy | None = None,
) -> pd.DataFrame:
    """How much of a figure's variance each assumption brings: driver, alone, in_all.

    ``alone`` is its own share, ``in_all`` with what it does together with others. Each
    assumption lies equally far off in all years and apart from the others; ``draws`` is a
    power of two. Raises JunhengError for a figure or year that there is not.
    """
    spreads = assumptions if assumptions is not None else Assumptions()
    run = simulate(district, scenario, policy=policy)
    place = figure_places(run, figure, year)[-1]
    drivers = [name for name in counting(run) if not spreads.spread(name).none]

    def found(standard: Array) -> Array:
        away = _away(run, spreads, drivers, standard)
        return along(run, functools.partial(drawn_arrays, run), away).figures[figure][:, place]

    alone, in_all = indices(found, [norm()] * len(drivers), draws, seed)
    return pd.DataFrame({"driver": drivers, "alone": alone, "in_all": in_all})


def indices(
    found: Callable[[Array], Array], inputs: list[object], draws: int, seed: int
) -> tuple[Array, Array]:
    """The first and the total Sobol index of each input of a function of (input, draw)."""
    told = sobol_indices(
        func=lambda x: np.atleast_2d(found(x)), n=draws, dists=inputs,
        rng=np.random.default_rng(seed),
    )  # fmt: skip
    return np.ravel(told.first_order), np.ravel(told.total_order)


def _away(run: Result, spreads: Assumptions, drivers: list[str], standard: Array) -> Array:
    """Standard normal numbers, driver × draw, as distances the same in all years."""
    found = np.zeros((standard.shape[1], run.index.horizon, len(DRIVERS)))
    for row, name in zip(standard, drivers, strict=True):
        each = scaled(row, spreads.spread(name), run.binding.district, name)
        found[..., DRIVERS.index(name)] = each[:, np.newaxis]
    return found
