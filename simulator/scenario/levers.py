"""The table of levers and assumptions: one row drives the loader, the sliders and the words."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

import yaml

Kind = Literal["number", "choice", "flag", "path", "bands", "rows", "investment"]
#: Ways to give out an investment, as the files say them.
INVESTMENT_RULES = ("lowest_first", "proportional", "per_pupil", "list")


@dataclass(frozen=True, slots=True)
class Lever:
    """One lever: its dotted path, unit, range, and the rule of the law it is measured by."""

    path: str
    kind: Kind = "number"
    unit: str = ""
    keys: tuple[str, ...] = ()
    min: float = 0.0
    max: float = 0.0
    by_year: bool = False
    law: str = ""
    neutral: Any = None
    slider: tuple[float, float, float] | None = None
    choices: tuple[Any, ...] = ()
    row: Mapping[str, str] | None = None
    adds_up: float | None = None

    @property
    def group(self) -> str:
        """assumptions or levers."""
        return self.path.partition(".")[0]

    @property
    def paths(self) -> tuple[str, ...]:
        """The dotted paths of its values: one a key, or its own."""
        return tuple(f"{self.path}.{key}" for key in self.keys) or (self.path,)


@functools.cache
def levers() -> Mapping[str, Lever]:
    """Every lever by its path, in the order of the table."""
    text = resources.files(__package__).joinpath("levers.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    table: dict[str, dict[str, Any]] = yaml.load(text, Loader=loader)  # noqa: S506 (a safe loader)
    return {path: _lever(path, entry) for path, entry in table.items()}


def _lever(path: str, entry: Mapping[str, Any]) -> Lever:
    tuples = {"keys", "slider", "choices"}
    fields: dict[str, Any] = {k: tuple(v) if k in tuples else v for k, v in entry.items()}
    return Lever(path, **fields)


@functools.cache
def lever_of(path: str) -> Lever | None:
    """The lever a dotted path belongs to; None for a path that no lever has."""
    table = levers()
    if path in table and not (table[path].keys and table[path].kind != "investment"):
        return table[path]
    parent, _, key = path.rpartition(".")
    found = table.get(parent)
    if found is not None and key in found.keys:
        return found
    return None
