"""Which formula lines operating funds are paid by: the scenario's own, or those of its packs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.glossary import Language
from simulator.policy.load import pack_lines
from simulator.policy.model import PackLines
from simulator.scenario.content import normal
from simulator.scenario.model import Scenario


@dataclass(frozen=True, slots=True)
class LinesInForce:
    """The formula lines that operating funds are paid by, and where they stand.

    ``pack`` is empty where the scenario says them itself. ``rows`` says at which line of the
    pack's file each dotted key stands.
    """

    content: Mapping[str, Any]
    source: str
    pack: str = ""
    rows: Mapping[str, int] | None = None

    @property
    def key(self) -> str:
        """The lines as one text: where it is the same, they are."""
        return repr(dict(self.content))

    def name(self, language: Language) -> str:
        """The formula's name in one language."""
        return str(self.content.get(language) or self.content.get("id") or self.source)


def lines_in_force(scenario: Scenario, lines: PackLines | None) -> LinesInForce | None:
    """A scenario's own formula lines, else its packs'; None: the national formula is in force."""
    said = scenario.lines
    if isinstance(said, str):
        return None
    if said is not None:
        return LinesInForce(said, scenario.source or scenario.title("zh"))
    if lines is None:
        return None
    return LinesInForce(normal(lines.content), lines.source, lines.pack, lines.rows)


def lines_told(scenario: Scenario) -> LinesInForce | None:
    """The formula lines in force by the shipped packs that a scenario names."""
    return lines_in_force(scenario, pack_lines(scenario.policy))
