"""Holds a reader to linear growth: twice the input may cost about twice the time, not four times.

Time is that of the processor, the least of several runs, so that a busy machine does not count;
and nothing is collected meanwhile, for the collector walks all that other tests have left.
"""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Callable
from typing import Final, TypeVar

from simulator.errors import JunhengError

T = TypeVar("T")
#: Sizes are doubled this many times; linear growth is then eightfold, quadratic 64-fold.
DOUBLINGS: Final = 3
#: Between the two, nearer to linear: room for noise on either side.
MOST_GROWTH: Final = 24.0
#: What takes less than this at the largest size is fast enough whatever its growth.
NOTHING: Final = 0.05
REPEATS: Final = 3
#: From here on a time is measured well enough by one run.
ENOUGH: Final = 0.5


def seconds(run: Callable[[T], object], given: T, repeats: int = REPEATS) -> float:
    """The least processor time of some runs; a refusal in words is an answer like another."""
    gc.collect()
    gc.disable()
    try:
        return _least(run, given, repeats)
    finally:
        gc.enable()


def _least(run: Callable[[T], object], given: T, repeats: int) -> float:
    least, spent = float("inf"), 0.0
    for _ in range(repeats):
        start = time.process_time()
        with contextlib.suppress(JunhengError):
            run(given)
        took = time.process_time() - start
        least, spent = min(least, took), spent + took
        if least < NOTHING / 10 or spent > ENOUGH:
            break  # fast whatever comes, or long enough for noise not to matter
    return least


def growth(run: Callable[[T], object], make: Callable[[int], T], size: int) -> float:
    """How many times longer eight times the size takes; 1 where even that takes no time."""
    largest = seconds(run, make(size << DOUBLINGS))
    if largest < NOTHING:
        return 1.0
    return largest / max(seconds(run, make(size)), NOTHING / 100)


def is_linear(run: Callable[[T], object], make: Callable[[int], T], size: int) -> bool:
    """Whether a reader's time grows with the size of its input and no faster."""
    return growth(run, make, size) < MOST_GROWTH


def repeated(piece: str) -> Callable[[int], str]:
    """Makes a text of a length out of one piece."""
    return lambda size: (piece * size)[:size]


def refusal(run: Callable[[], object]) -> tuple[str, ...]:
    """The sentence, in both languages, in which something is refused."""
    try:
        run()
    except JunhengError as error:
        return error.text("zh"), error.text("en")
    raise AssertionError("it was not refused")
