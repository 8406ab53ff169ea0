"""The table of levers and assumptions: one row drives the loader, the sliders and the words."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal

from simulator.policy.load import catalogue
from simulator.policy.model import Policy, PolicyValue
from simulator.strict_yaml import parse

Kind = Literal["number", "choice", "flag", "path", "bands", "rates", "years", "rows", "investment"]
#: Ways to give out an investment, as the files say them.
INVESTMENT_RULES = ("lowest_first", "proportional", "per_pupil", "list")
#: The keys of a block that choose between its other keys.
SWITCHES = ("rule", "method")


@dataclass(frozen=True, slots=True)
class Lever:
    """One lever or assumption: its dotted path, unit, range, and the law it is measured by.

    Where it has ``keys`` (stages, levels, items) there is a value for each; ``under`` names
    the rules of its block under which it counts; ``slider`` is from, to and step on screen;
    ``page`` is the page it is set on, where it does not stand among the sliders.
    """

    path: str
    kind: Kind = "number"
    unit: str = ""
    keys: tuple[str, ...] = ()
    min: float = 0.0
    max: float = 0.0
    by_year: bool = False
    whole: bool = False
    law: str = ""
    neutral: Any = None
    slider: tuple[float, float, float] | None = None
    choices: tuple[Any, ...] = ()
    row: Mapping[str, str] | None = None
    adds_up: float | None = None
    under: tuple[str, ...] = ()
    also_under: Mapping[str, list[str]] = field(default_factory=lambda: MappingProxyType({}))
    required: bool = False
    switch: str = ""
    page: str = ""

    @property
    def group(self) -> str:
        """assumptions or levers."""
        return self.path.partition(".")[0]

    @property
    def paths(self) -> tuple[str, ...]:
        """The dotted paths of its values: one a key, or its own."""
        return tuple(f"{self.path}.{key}" for key in self.keys) or (self.path,)

    @property
    def slider_paths(self) -> tuple[str, ...]:
        """The paths that a slider moves; none where the lever has no slider."""
        if self.slider is None:
            return ()
        if self.kind == "investment":
            return tuple(f"{path}.amount" for path in self.paths)
        return self.paths

    @property
    def bound(self) -> Literal["floor", "ceiling"] | None:
        """Whether the law gives it a floor or a ceiling; None without a law."""
        parameter = catalogue().get(self.law)
        if parameter is None or parameter.bound not in ("floor", "ceiling"):
            return None
        return "ceiling" if parameter.bound == "ceiling" else "floor"

    def law_value(self, policy: Policy, year: int, path: str) -> PolicyValue | None:
        """The value of the law that binds one of its paths in a year; None without one."""
        key = path.rpartition(".")[2]
        return policy.value(self.law, year, key if key in self.keys else None) if self.law else None

    def counts_under(self, path: str, choice: object) -> bool:
        """Whether one of its paths counts under a rule of its block."""
        extra = self.also_under.get(path.rpartition(".")[2], [])
        return not self.under or choice in self.under or choice in extra


@functools.cache
def levers() -> Mapping[str, Lever]:
    """Every lever by its path, in the order of the table."""
    text = resources.files(__package__).joinpath("levers.yaml").read_text(encoding="utf-8")
    table: dict[str, dict[str, Any]] = parse(text, "levers.yaml").data
    return MappingProxyType({path: _lever(path, entry) for path, entry in table.items()})


def _lever(path: str, entry: Mapping[str, Any]) -> Lever:
    tuples = {"keys", "slider", "choices", "under"}
    fields: dict[str, Any] = {k: tuple(v) if k in tuples else v for k, v in entry.items()}
    return Lever(path, **fields)


@functools.cache
def _by_path() -> Mapping[str, Lever]:
    """Every path that can hold a value, also the three of each investment."""
    found: dict[str, Lever] = {}
    for lever in levers().values():
        for path in lever.paths:
            if lever.kind == "investment":
                found.update({f"{path}.{key}": lever for key in ("amount", "rule", "plan")})
            else:
                found[path] = lever
    return MappingProxyType(found)


def known_paths() -> tuple[str, ...]:
    """Every dotted path that a scenario may say, in the order of the table."""
    return tuple(_by_path())


def lever_at(path: str) -> Lever | None:
    """The lever that a dotted path belongs to; None for a path that no lever has."""
    return _by_path().get(path)


@functools.cache
def switches() -> Mapping[str, str]:
    """The path of the rule or method of each block that has one, by the block's path.

    A lever that a choice elsewhere decides about is a block of its own.
    """
    found = (path.rpartition(".") for path in _by_path())
    blocks = {block: f"{block}.{key}" for block, _, key in found if key in SWITCHES}
    alone = {lever.path: lever.switch for lever in levers().values() if lever.switch}
    return MappingProxyType({**blocks, **alone})


def block_of(path: str) -> str:
    """The innermost block with a rule or method that a path stands in; empty where there is none.

    The rule or method itself belongs to the block around its own.
    """
    block = path.rpartition(".")[0]
    if path in switches().values():
        block = block.rpartition(".")[0]
    while block and block not in switches():
        block = block.rpartition(".")[0]
    return block


def neutral_choice(path: str) -> Any:
    """The rule that a block follows where none is said."""
    lever = lever_at(path)
    return lever.neutral if lever is not None and lever.kind == "choice" else None


def counts_under(path: str, choice: object) -> bool:
    """Whether a path of a block counts under a rule of that block."""
    lever = lever_at(path)
    if lever is None:
        return True
    if lever.kind == "investment":
        key = path.rpartition(".")[2]
        return key == "rule" or (key == "plan") == (choice == "list")
    return lever.counts_under(path, choice)


def possible_choices(lever: Lever, chosen: Any) -> list[Any]:
    """Choices that need nothing else said; asking for the others takes a scenario file."""
    block = lever.path.rpartition(".")[0]
    needs = {
        choice
        for other in levers().values()
        if other.required and other.path.startswith(f"{block}.")
        for choice in (other.under or lever.choices)
    }
    return [choice for choice in lever.choices if choice == chosen or choice not in needs]
