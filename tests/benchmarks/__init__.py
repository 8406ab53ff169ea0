"""Measurements, side by side with what they are held against: ``python -m tests.benchmarks``.

A module named ``bench_*.py`` has one function ``run()`` that gives a list of ``Row``.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, against what, and whether the goal is met.

    ``ours`` and ``theirs`` are printed as they stand ("12.3 ms"); ``ratio`` is the figure that
    ``goal`` speaks of ("≤ 2", "≥ 20"), None where the goal is an absolute one ("< 0.3 s").
    """

    name: str
    name_zh: str
    ours: str
    theirs: str
    ratio: float | None
    goal: str
    met: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Seconds that two sides took, the same number of times, in turn."""

    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def ours_median(self) -> float:
        return statistics.median(self.ours)

    @property
    def theirs_median(self) -> float:
        return statistics.median(self.theirs)

    @property
    def slower(self) -> float:
        """How many times as long as theirs ours took, by the medians."""
        return self.ours_median / self.theirs_median

    @property
    def faster(self) -> float:
        """How many times as fast as theirs ours was, by the medians."""
        return self.theirs_median / self.ours_median


def side_by_side(
    ours: Callable[[], object], theirs: Callable[[], object], times: int = 7, warm: int = 1
) -> Pair:
    """Time two actions in turn, so that a busy moment of the machine hits both."""
    return in_turn(lambda: seconds(ours), lambda: seconds(theirs), times, warm)


def in_turn(
    ours: Callable[[], float], theirs: Callable[[], float], times: int = 7, warm: int = 1
) -> Pair:
    """The same for actions that say themselves how many seconds they took."""
    for _ in range(warm):
        ours()
        theirs()
    pairs = [(ours(), theirs()) for _ in range(times)]
    return Pair(tuple(mine for mine, _ in pairs), tuple(other for _, other in pairs))


def seconds(action: Callable[[], object]) -> float:
    """The seconds that an action takes, once."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def percentile(values: Sequence[float], percent: float) -> float:
    """A percentile by linear interpolation; the 50th is the median."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def printed(duration: float) -> str:
    """A duration as people write it: 1.20 s, 34.5 ms, 678 µs."""
    if duration >= 1:
        return f"{duration:.2f} s"
    if duration >= 1e-3:
        return f"{duration * 1e3:.3g} ms"
    return f"{duration * 1e6:.3g} µs"


def slower_row(name: str, name_zh: str, pair: Pair, most: float) -> Row:
    """A row whose goal is to take at most so many times as long as the other side."""
    return Row(
        name,
        name_zh,
        printed(pair.ours_median),
        printed(pair.theirs_median),
        pair.slower,
        f"≤ {most:g}",
        pair.slower <= most,
    )


def faster_row(name: str, name_zh: str, pair: Pair, least: float) -> Row:
    """A row whose goal is to be at least so many times as fast as the other side."""
    return Row(
        name,
        name_zh,
        printed(pair.ours_median),
        printed(pair.theirs_median),
        pair.faster,
        f"≥ {least:g}",
        pair.faster >= least,
    )
