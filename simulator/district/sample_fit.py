"""Whole numbers for the sample district that reach given means and spreads per pupil."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: Means and pupil-weighted standard deviations of the seven quality indicators.
#: Primary: the published results of one real district (2023). Junior: chosen to pass.
TARGETS: Final[dict[str, dict[str, tuple[float, float, float]]]] = {
    "primary": {
        "higher_degree": (100, 5.515273, 1.643162),
        "backbone": (100, 0.887611, 0.445392),
        "pe_art": (100, 0.879277, 0.353427),
        "teaching_area": (1, 4.563288, 1.316139),
        "sports_area": (1, 7.925946, 2.975795),
        "equipment_value": (1, 2496.674864, 780.914372),
        "multimedia_rooms": (100, 2.784743, 1.097759),
    },
    "junior": {
        "higher_degree": (100, 6.35, 1.45),
        "backbone": (100, 1.18, 0.46),
        "pe_art": (100, 1.02, 0.30),
        "teaching_area": (1, 6.45, 1.40),
        "sports_area": (1, 11.3, 3.1),
        "equipment_value": (1, 3050.0, 840.0),
        "multimedia_rooms": (100, 2.85, 0.78),
    },
}
#: Facilities belong to the school and are split; teachers are counted by stage.
SPLIT: Final = ("teaching_area", "sports_area", "equipment_value", "multimedia_rooms")
STEPS: Final = {"equipment_value": 100.0}
#: A move is one step, or such a share of a school's total.
SIZES: Final = (0.0, 0.01, 0.05)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts that an indicator is measured over: pupils, and the share of the school's total."""

    pupils: Floats
    share: Floats
    movable: NDArray[np.bool_]


def fit(
    parts: Parts,
    start: Floats,
    target: tuple[float, float, float],
    step: float,
    limit: Floats,
    rng: np.random.Generator,
    rounds: int = 5_000,
) -> Floats:
    """Totals in whole steps, moved at random as long as mean and spread come nearer."""
    times, mean, deviation = target

    weights = parts.pupils / parts.pupils.sum()
    per_total = times * parts.share / parts.pupils

    def distance(totals: Floats) -> float:
        values = per_total * totals
        got = math.fsum(weights * values)  # exact: the same on every machine
        cv = math.sqrt(math.fsum(weights * (values - got) ** 2)) / got
        return (got / mean - 1) ** 2 + (cv / (deviation / mean) - 1) ** 2

    low = np.maximum(0, np.floor(0.28 * mean / times * parts.pupils / parts.share / step)) * step
    high = np.minimum(np.ceil(2.6 * mean / times * parts.pupils / parts.share / step) * step, limit)
    totals = np.where(parts.movable, np.clip(np.round(start / step) * step, low, high), start)
    best = distance(totals)
    choices = np.flatnonzero(parts.movable)
    for _ in range(rounds):
        trial = totals.copy()
        at = choices[rng.integers(0, len(choices), 2)]
        size = np.maximum(1, np.round(totals[at] / step * SIZES[rng.integers(0, 3)]))
        move = (2 * rng.integers(0, 2, 2) - 1) * size * step
        trial[at] = np.clip(trial[at] + move, low[at], high[at])
        reached = distance(trial)
        if reached < best:
            totals, best = trial, reached
    return totals


def draw(parts: Parts, target: tuple[float, float, float], rng: np.random.Generator) -> Floats:
    """A first guess: small schools have more per pupil, and no two schools are alike."""
    times, mean, deviation = target
    small = (parts.pupils / np.median(parts.pupils)) ** -0.12
    raw = small * rng.lognormal(0.0, deviation / mean, len(parts.pupils))
    weights = parts.pupils / parts.pupils.sum()
    centred = raw - weights @ raw
    values = mean + centred / np.sqrt(weights @ centred**2) * deviation
    totals: Floats = np.maximum(values, 0.3 * mean) / times * parts.pupils / parts.share
    return totals
