"""Lets a long search say how far it is, and be stopped."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from simulator.errors import JunhengError

#: (step: a glossary id, share of the work done, what is known so far)
Progress = Callable[[str, float, str], None]


def _silent(step: str, share: float, known: str) -> None:
    return None


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Watch:
    """Where progress is told and whether the search is to stop.

    ``seconds`` ends a search that has a plan but no proof yet: the plan is given with the
    gap that is left.
    """

    progress: Progress = _silent
    cancelled: Callable[[], bool] = _never
    seconds: float = 60.0
    started: float = field(default_factory=time.monotonic)

    def tell(self, step: str, share: float, known: str = "") -> None:
        """Say where the search is; raises JunhengError where it was cancelled."""
        if self.cancelled():
            raise JunhengError("plan_cancelled")
        self.progress(step, share, known)

    @property
    def left(self) -> float:
        """Seconds left of the time allowed."""
        return self.seconds - (time.monotonic() - self.started)

    def within(self, seconds: float) -> Watch:
        """The same watch for a part of the search that may take so many seconds."""
        return replace(self, seconds=self.seconds - max(self.left - seconds, 0.0))
