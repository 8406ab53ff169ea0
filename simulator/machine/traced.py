"""What a finished run must offer for its figures to be traced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from simulator.machine.graph import Graph
from simulator.machine.index import Index
from simulator.machine.language import Array


class Traced(Protocol):
    """A finished run that knows where its leaves come from; a leaf is a ``Trace``."""

    @property
    def graph(self) -> Graph:
        """The formulas and inputs, in order."""

    @property
    def index(self) -> Index:
        """The axes."""

    @property
    def values(self) -> Mapping[str, Array]:
        """Every figure over (year, entity)."""

    def origin_of(self, leaf: Any) -> Any:
        """The data cell a leaf was read from; None where it was read from none."""

    def at(self, name: str, year: int) -> Array:
        """One figure of one year over its entities."""

    def is_assumed(self, leaf: Any) -> bool:
        """Whether a data cell was empty and counts as none."""

    def law_of(self, leaf: Any) -> Any:
        """The value of the law behind a leaf; None where there is none."""

    def attributed(self, cites: tuple[str, ...]) -> tuple[str, ...]:
        """Those of a formula's citations that are in force."""
