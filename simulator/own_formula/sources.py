"""What a line may name: every column and figure that operating funds do not themselves decide."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Final

from simulator import glossary
from simulator.law import FORMULAS, INPUTS
from simulator.machine.registry import REACHES, Formula, Input
from simulator.own_formula.line import LineSet, Source
from simulator.own_formula.read import read_lines
from simulator.strict_yaml import read_yaml

#: The figures that a set of lines takes the place of.
REPLACED: Final = (
    "formula_funds", "ordinary_asked", "boarding_asked", "special_asked", "small_school_asked",
    "weak_school_asked",
)  # fmt: skip
NATIONAL: Final = Path(str(resources.files("simulator") / "rules" / "operating_lines.yaml"))


@functools.cache
def graph_sources() -> Mapping[str, Source]:
    """Every name of the graph that a line may use, with its unit and level.

    A figure may also be called by its Chinese words, where they are its own and one word.
    """
    decided = downstream(*REPLACED)
    every: list[Formula | Input] = [*FORMULAS, *INPUTS]
    named = [each for each in every if each.name not in decided and each.level in REACHES["part"]]
    found = {each.name: Source(each.unit, each.level) for each in named}
    words = {each.name: _words(each.name) for each in named}
    often = Counter(words.values())
    for each in named:
        word = words[each.name]
        if word.isidentifier() and often[word] == 1:
            found.setdefault(word, Source(each.unit, each.level, each.name))
    return MappingProxyType(found)


def _words(name: str) -> str:
    term = glossary.find(name)
    return term.zh if term else ""


def downstream(*names: str) -> frozenset[str]:
    """Figures and all that is computed from them."""
    found: set[str] = set()
    waiting = set(names)
    while waiting:
        found |= waiting
        waiting = {formula.name for formula in FORMULAS if waiting & set(formula.arguments)} - found
    return frozenset(found)


@functools.cache
def national_lines() -> LineSet:
    """The national formula of operating funds as a set of lines."""
    return read_lines(read_yaml(NATIONAL).data, graph_sources(), NATIONAL.name)
