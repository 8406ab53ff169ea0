"""How sure a scenario's outcome is: bands of figures and the share of draws in which rules hold."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from simulator.district.model import District
from simulator.machine.language import BASE, Array
from simulator.policy.model import Policy
from simulator.results.result import Result
from simulator.results.simulate import simulate
from simulator.risk.assumptions import Assumptions
from simulator.risk.drawn import drawn_arrays
from simulator.risk.draws import Method, distances
from simulator.risk.judged import ALL_OK, BALANCED
from simulator.risk.moving import CHUNK, Progress, along
from simulator.scenario.model import Scenario

#: The quantiles of the bands.
QUANTILES: Final = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
#: Standard normal: 95 of 100 lie within so many standard deviations.
Z95: Final = 1.959963984540054


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """A scenario's outcome over many draws of the future; equal identity, equal figures.

    ``samples`` holds each figure and ``flags`` each rule over (draw, planned year): 1 holds,
    0 does not, −1 unknown. ``away`` is each draw's distance from the scenario's assumptions,
    draw × year × driver. ``run`` is the scenario itself.
    """

    run: Result
    assumptions: Assumptions
    method: Method
    seed: int
    away: Array
    samples: Mapping[str, Array]
    flags: Mapping[str, np.ndarray[Any, np.dtype[np.int8]]]

    @property
    def draws(self) -> int:
        """How many futures were drawn."""
        return len(self.away)

    @property
    def years(self) -> tuple[int, ...]:
        """The planned years."""
        return self.run.index.years[BASE + 1 :]

    @cached_property
    def identity(self) -> str:
        """Content hash over the run, the spreads, the seed, the method and the number of draws."""
        said = [self.run.identity, self.assumptions.fingerprint, self.method]
        said += [str(self.seed), str(self.draws)]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()

    @cached_property
    def quantiles(self) -> pd.DataFrame:
        """Bands: year, figure, quantile, value; unknown where any draw's figure is unknown."""
        rows = [
            (year, name, share, value)
            for name, values in self.samples.items()
            for year, bands in zip(
                self.years, np.quantile(values, QUANTILES, axis=0).T, strict=True
            )
            for share, value in zip(QUANTILES, bands.tolist(), strict=True)
        ]
        return pd.DataFrame(rows, columns=["year", "figure", "quantile", "value"])

    @cached_property
    def probability(self) -> pd.DataFrame:
        """By year and rule: the share of draws in which it holds, and how sure that share is.

        ``error`` is the standard error of sampling, ``low`` to ``high`` the 95% interval
        (Wilson), never empty, also where all draws agree. A rule that is unknown in some
        draws (share ``unknown``) has no share.
        """
        rows = [
            (year, rule, *share_of(flags[:, place]))
            for rule, flags in self.flags.items()
            for place, year in enumerate(self.years)
        ]
        columns = ["year", "rule", "share", "error", "low", "high", "unknown"]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def first_year(self) -> pd.DataFrame:
        """The first year of balance, and of all rules with money and balance, as shares of draws.

        Columns what, year (missing: in no planned year), share, error, low, high.
        """
        rows = [row for what in (BALANCED, ALL_OK) for row in self._first_years(what)]
        found = pd.DataFrame(rows, columns=["what", "year", "share", "error", "low", "high"])
        return found.astype({"year": "Int64"})

    def _first_years(self, what: str) -> Iterator[tuple[Any, ...]]:
        flags = self.flags[what]
        # what is unknown may be the first year: a year that fails for sure is passed over
        first = np.where((flags != 0).any(axis=1), (flags != 0).argmax(axis=1), -1)
        unknown = (first >= 0) & (np.take_along_axis(flags, first[:, np.newaxis], 1)[:, 0] == -1)
        for place, year in [*enumerate(self.years), (-1, None)]:
            there = np.where(unknown, -1, first == place).astype(np.int8)
            yield (what, year, *share_of(there)[:4])

    def share(self, rule: str, year: int) -> float:
        """The share of draws in which a rule holds in a year; NaN where it is unknown."""
        return share_of(self.flags[rule][:, self.years.index(year)])[0]


def share_of(flags: np.ndarray[Any, Any]) -> tuple[float, float, float, float, float]:
    """The share of ones, its standard error, its 95% interval (Wilson), and the unknown share."""
    count, unknown = len(flags), float(np.mean(flags == -1))
    if unknown > 0:
        return (float("nan"),) * 4 + (unknown,)
    share = float(np.mean(flags == 1))
    error = float(np.sqrt(share * (1 - share) / count))
    shrunk = 1 + Z95**2 / count
    middle = (share + Z95**2 / (2 * count)) / shrunk
    half = Z95 * float(np.sqrt(share * (1 - share) / count + Z95**2 / (4 * count**2))) / shrunk
    low, high = 0.0 if share == 0 else middle - half, 1.0 if share == 1 else middle + half
    return share, error, low, high, 0.0


def uncertainty(
    district: District,
    scenario: Scenario,
    draws: int = 1000,
    seed: int = 1,
    *,
    assumptions: Assumptions | None = None,
    method: Method = "plain",
    policy: Policy | None = None,
    chunk: int = CHUNK,
    progress: Progress | None = None,
) -> Uncertainty:
    """A scenario over many futures drawn around its assumptions.

    The same seed gives the same figures, however many draws are computed at a time.
    ``progress`` is told the share that is done; what it raises ends the work. Raises
    JunhengError for draws or spreads that cannot be.
    """
    spreads = assumptions if assumptions is not None else Assumptions()
    run = simulate(district, scenario, policy=policy)
    away = distances(district, spreads, draws, scenario.horizon, seed, method)
    moved = along(run, functools.partial(drawn_arrays, run), away, chunk, progress)
    flags = {
        name: np.nan_to_num(each, nan=-1.0).astype(np.int8) for name, each in moved.rules.items()
    }
    return Uncertainty(run, spreads, method, seed, away, moved.figures, flags)
