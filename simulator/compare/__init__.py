"""Scenarios side by side: what differs, what it does, and where the difference comes from."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import ModuleType

from simulator.compare.combine import Combination, combine, interaction
from simulator.compare.comparison import MOST, Comparison, compare
from simulator.compare.outcomes import AVAILABLE_LINES, BETTER, MONEY, NEED_LINES, outcome_values
from simulator.glossary import Language
from simulator.results.result import Result

__all__ = [
    "AVAILABLE_LINES", "BETTER", "MONEY", "MOST", "NEED_LINES", "Combination", "Comparison",
    "combine", "compare", "interaction", "outcome_values",
]  # fmt: skip


class _Room(ModuleType):
    """The room itself can be called: ``sim.compare(…)`` holds also once the room is loaded."""

    def __call__(
        self, results: Sequence[Result], base: int = 0, language: Language = "zh"
    ) -> Comparison:
        return compare(results, base, language)


sys.modules[__name__].__class__ = _Room
