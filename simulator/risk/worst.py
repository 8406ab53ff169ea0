"""The worst tenth of the futures drawn: how bad it is, and what it has in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.risk.assumptions import DRIVERS
from simulator.risk.drawn import counting
from simulator.risk.judged import JUDGED
from simulator.risk.uncertainty import Uncertainty

#: A driver is told of where its mean is further off than so many standard errors of it.
TELLING: Final = 3.0
#: A rule is told of where it holds in fewer than this share of the worst draws.
OFTEN_BROKEN: Final = 0.5


@dataclass(frozen=True, slots=True)
class Worst:
    """The draws with the least money in their worst year.

    ``gap`` is their mean worst gap in yuan, ``least`` the best of them. ``away`` is by driver
    the mean yearly distance from the scenario's assumption, in shares, the most unusual
    first; ``broken`` has the rules that hold in fewer than half of them, and in what share.
    """

    share: float
    gap: float
    least: float
    away: tuple[tuple[str, float], ...]
    broken: tuple[tuple[str, float], ...]


def worst(found: Uncertainty, share: float = 0.1) -> Worst | None:
    """The worst share of the draws by the gap of their worst year; None where it is unknown."""
    gaps = found.samples["gap"].min(axis=1)
    count = max(1, round(found.draws * share))
    if np.isnan(gaps).any():
        return None
    rows = np.argsort(gaps, kind="stable")[:count]
    return Worst(
        count / found.draws,
        float(gaps[rows].mean()),
        float(gaps[rows].max()),
        tuple(_away(found, rows)),
        tuple(_broken(found, rows)),
    )


def _away(found: Uncertainty, rows: np.ndarray) -> list[tuple[str, float]]:
    """Drivers whose mean over the years lies off in these draws as it does not by chance."""
    means = found.away.mean(axis=1)
    spread, centre = means.std(axis=0), means.mean(axis=0)
    off = means[rows].mean(axis=0)
    counted = counting(found.run)
    moves = [p for p, name in enumerate(DRIVERS) if spread[p] > 0 and name in counted]
    unusual = {p: abs(off[p] - centre[p]) / spread[p] * np.sqrt(len(rows)) for p in moves}
    told = sorted((p for p in moves if unusual[p] > TELLING), key=lambda p: -unusual[p])
    return [(DRIVERS[place], float(off[place])) for place in told]


def _broken(found: Uncertainty, rows: np.ndarray) -> list[tuple[str, float]]:
    shares = {
        rule: float((flags[rows] == 1).all(axis=1).mean())
        for rule, flags in found.flags.items()
        if rule not in JUDGED and not (flags == -1).any()
    }
    return sorted(
        ((rule, held) for rule, held in shares.items() if held < OFTEN_BROKEN), key=lambda r: r[1]
    )
