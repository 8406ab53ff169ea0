"""Draws of the future: each assumption's distance from the scenario, by draw and year.

A draw is made from its number and the seed alone: how draws are grouped changes nothing.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import qmc

from simulator.district.model import District
from simulator.errors import JunhengError
from simulator.machine.language import Array
from simulator.risk.assumptions import DRIVERS, RECORDED, Assumptions, Spread

Method = Literal["plain", "sobol"]
METHODS: Final = ("plain", "sobol")
#: Growth rates that a spread can be taken from: fewer say nothing of how they vary.
LEAST_RATES: Final = 3
#: More draws than this tell nothing new; a seed is a number of 63 bits.
MOST_DRAWS: Final = 100_000
MOST_SEEDS: Final = 2**63
#: Half of the finest step of the quasi-random numbers: none is exactly 0 or 1.
HALF_STEP: Final = 2.0**-31


def noise(draws: int, years: int, seed: int, method: Method = "plain") -> Array:
    """Independent standard normal numbers, draw × year × driver."""
    size = years * len(DRIVERS)
    if method == "sobol":
        power = max(0, (draws - 1).bit_length())
        even = qmc.Sobol(size, scramble=True, rng=np.random.default_rng(seed)).random_base2(power)
        found = ndtri(even[:draws] + HALF_STEP)
    else:
        found = np.stack([_of_draw(number, size, seed) for number in range(draws)])
    return np.asarray(found.reshape(draws, years, len(DRIVERS)))


def _of_draw(number: int, size: int, seed: int) -> Array:
    """The numbers of one draw: the seed is the key, the draw's number the place in the stream."""
    stream = np.random.Philox(key=seed, counter=[0, 0, 0, number])
    return np.random.Generator(stream).standard_normal(size)


def standardised(independent: Array, assumptions: Assumptions) -> Array:
    """Noise with each driver's persistence and their correlations, of unit variance each year."""
    first, later = assumptions.mixing()
    kept = assumptions.persistence
    found = np.empty_like(independent)
    for year in range(independent.shape[1]):
        if year == 0:
            found[:, year] = _mixed(independent[:, year], first)
        else:
            found[:, year] = kept * found[:, year - 1] + _mixed(independent[:, year], later)
    return found


def _mixed(rows: Array, root: Array) -> Array:
    """Rows times a matrix, driver by driver, so that no row depends on how many there are."""
    found = np.zeros_like(rows)
    for place in range(len(root)):
        found += rows[:, place, np.newaxis] * root[place]
    return found


def distances(
    district: District,
    assumptions: Assumptions,
    draws: int,
    years: int,
    seed: int = 1,
    method: Method = "plain",
) -> Array:
    """How far each assumption lies from the scenario's value: draw × year × driver, in shares.

    Raises JunhengError for a number of draws, seed or method that cannot be, and where the
    accounts do not say how a figure varied.
    """
    if not (1 <= draws <= MOST_DRAWS and 0 <= seed < MOST_SEEDS) or method not in METHODS:
        raise JunhengError("risk_draws", draws=draws, seed=seed, method=method)
    standard = standardised(noise(draws, years, seed, method), assumptions)
    found = np.zeros_like(standard)
    for place, name in enumerate(DRIVERS):
        found[..., place] = scaled(standard[..., place], assumptions.spread(name), district, name)
    return found


def scaled(standard: Array, spread: Spread, district: District, driver: str) -> Array:
    """Standard normal numbers as distances of a spread."""
    if spread.kind == "history":
        return standard * recorded_sd(district, driver)
    if spread.kind == "normal":
        return standard * spread.sd
    return _triangular(ndtr(standard), spread.low, spread.high)


def _triangular(share: Array, low: float, high: float) -> Array:
    """The quantiles of a triangle from ``low`` over 0 to ``high``."""
    width = high - low
    if width == 0:
        return np.zeros_like(share)
    below = low + np.sqrt(share * width * -low)
    above = high - np.sqrt((1 - share) * width * high)
    return np.where(share * width < -low, below, above)


def recorded_sd(district: District, driver: str) -> float:
    """The standard deviation of a figure's yearly growth in the district's own accounts.

    Raises JunhengError where fewer than three rates of growth are known.
    """
    column = district.fiscal[RECORDED[driver]].sort_index().astype(float)
    known = column[column.index <= district.base_year]
    rates = [
        known[year] / known[year - 1] - 1
        for year in known.index
        if year - 1 in known.index and known[year - 1] > 0 and np.isfinite(known[year])
    ]
    if len(rates) < LEAST_RATES:
        raise JunhengError("risk_history", driver=driver, known=len(rates), needed=LEAST_RATES)
    return float(np.std(rates, ddof=1))
