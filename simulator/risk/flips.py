"""Where a rule turns: the exact value at which it no longer is what it is now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from simulator.engine.result import Result
from simulator.formulas.language import Array
from simulator.risk.judged import all_of
from simulator.risk.moving import Arrays, along

#: How near a turning value is known, in its own unit or by its own size where that is above 1.
EXACT: Final = 1e-9
#: Values tried between two at a time: each round cuts what is left by one more than that.
ROUND: Final = 15
#: Values of the range that are looked at first.
LOOKS: Final = 33


class Flip(NamedTuple):
    """A rule and the value nearest to the present one, on one side, at which it has turned."""

    rule: str
    value: float


def flips(
    result: Result,
    arrays: Arrays,
    grid: Array,
    now: float,
    places: Sequence[int],
    whole: bool = False,
) -> list[Flip]:
    """Where each rule turns along a grid of values, nearest to ``now`` on either side.

    ``places`` are the planned years in which a rule must hold. What turns there and back
    between two values of the grid is not seen. A value found has turned; less than ``EXACT``
    nearer to ``now`` the rule is still what it is there.
    """
    values = np.unique(np.append(grid, now))
    held = _held(along(result, arrays, values).rules, places)
    brackets = {
        (rule, below): (values[turn], values[turn + 1 if below else turn - 1])
        for rule, flags in held.items()
        for below in (True, False)
        if (turn := _turn(flags, int(np.searchsorted(values, now)), below)) is not None
    }
    found = []
    for (rule, _), (turned, still) in brackets.items():
        exact = turned if whole else _refined(result, arrays, rule, places, turned, still)
        found.append(Flip(rule, float(exact)))
    return found


def _held(rules: Mapping[str, Array], places: Sequence[int]) -> dict[str, Array]:
    return {rule: all_of(flags[:, list(places)]) for rule, flags in rules.items()}


def _turn(flags: Array, now: int, below: bool) -> int | None:
    """The nearest value on one side at which a rule is known to be other than it is now."""
    if np.isnan(flags[now]):
        return None
    side = range(now - 1, -1, -1) if below else range(now + 1, len(flags))
    for place in side:
        if np.isnan(flags[place]):
            return None
        if flags[place] != flags[now]:
            return place
    return None


def _refined(
    result: Result,
    arrays: Arrays,
    rule: str,
    places: Sequence[int],
    turned: float,
    still: float,
) -> float:
    """The turning value between one that has turned and one that has not, by cutting."""
    before = _held(along(result, arrays, np.array([still])).rules, places)[rule][0]
    while abs(turned - still) > EXACT * max(1.0, abs(turned)) / 2:
        values = np.linspace(still, turned, ROUND + 2)
        flags = _held(along(result, arrays, values).rules, places)[rule]
        first = int(np.argmax(flags != before))
        still, turned = float(values[first - 1]), float(values[first])
    return turned
