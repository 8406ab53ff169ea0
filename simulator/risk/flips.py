"""Where a rule turns: the exact value at which it no longer is what it is now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from simulator.machine.language import Array
from simulator.results.result import Result
from simulator.risk.judged import all_of
from simulator.risk.moving import Arrays, along

#: How near a turning value is known, in its own unit or by its own size where that is above 1.
EXACT: Final = 1e-9
#: Values tried between two at a time: each round cuts what is left by one more than that.
ROUND: Final = 15
#: Values of the range that are looked at first.
LOOKS: Final = 33


#: A rule, and whether it turns below the present value.
Key = tuple[str, bool]
#: A value at which a rule is still what it is now, and a further one at which it is not.
Bracket = tuple[float, float]


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
    at = int(np.searchsorted(values, now))
    brackets = {
        (rule, below): (float(values[turn + 1 if below else turn - 1]), float(values[turn]))
        for rule, flags in held.items()
        for below in (True, False)
        if (turn := _turn(flags, at, below)) is not None
    }
    still = {rule: float(flags[at]) for rule, flags in held.items()}
    while not whole and (wide := {key: each for key, each in brackets.items() if _is_wide(each)}):
        brackets |= _cut(result, arrays, wide, still, places)
    return [Flip(rule, turned) for (rule, _), (_, turned) in brackets.items()]


def _is_wide(bracket: Bracket) -> bool:
    return abs(bracket[1] - bracket[0]) > EXACT * max(1.0, abs(bracket[1])) / 2


def _cut(
    result: Result,
    arrays: Arrays,
    brackets: Mapping[Key, Bracket],
    still: Mapping[str, float],
    places: Sequence[int],
) -> dict[Key, Bracket]:
    """Narrower brackets: of the values between, the first that has turned and the one before."""
    between = {key: np.linspace(*each, ROUND + 2) for key, each in brackets.items()}
    values = np.unique(np.concatenate([*between.values()]))
    held = _held(along(result, arrays, values).rules, places)
    found = {}
    for (rule, below), tried in between.items():
        flags = held[rule][np.searchsorted(values, tried)]
        first = int(np.argmax(flags != still[rule]))
        found[rule, below] = (float(tried[first - 1]), float(tried[first]))
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
