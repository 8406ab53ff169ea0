"""Golden cases: a formula by name, inputs by name, the value it must have and where it is from.

A case stands in a YAML file of its subject. ``given`` holds a number for each input of the
formula: a list is several entities (or, of an input that is gathered, the lower ones),
``{before, now}`` and ``{base, now}`` are two years, ``~`` is unknown. ``within`` is the rounding
of the source. A ``family`` is the same case for ``each`` of its members, who may bring their
own numbers ($name).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from simulator.law import FORMULAS
from simulator.machine.language import BASE, Below, Groups, InOrder
from simulator.machine.registry import Formula

FOLDER = Path(__file__).parent
BY_NAME = {formula.name: formula for formula in FORMULAS}
#: The stage standard of an investment, whatever it is called: none for computers and books.
STANDARD = "*"
ALLOWED = {"formula", "family", "each", "source", "given", "expect", "within"}


@dataclass(frozen=True)
class Case:
    """One formula, its inputs and the value that is due."""

    name: str
    source: str
    given: dict[str, Any]
    expect: Any
    within: float | None
    file: str


@dataclass(frozen=True)
class Stub:
    """The axes as an operator sees them: every part at the first stage."""

    part_stage: np.ndarray


@functools.cache
def cases() -> tuple[Case, ...]:
    """Every case of every file, families taken apart."""
    found: list[Case] = []
    for path in sorted(FOLDER.glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            found.extend(_cases(entry, path.name))
    return tuple(found)


def _cases(entry: dict[str, Any], file: str) -> Iterator[Case]:
    unknown = set(entry) - ALLOWED
    assert not unknown, f"{file}: {unknown} in {entry}"
    names = ("source", "given", "expect")
    source, given, expect = (entry[name] for name in names)
    within = entry.get("within")
    if "formula" in entry:
        yield Case(entry["formula"], source, given, expect, within, file)
        return
    each = entry["each"]
    members = each if isinstance(each, dict) else {member: {} for member in each}
    for member, own in members.items():
        filled = {key.replace("{i}", member): _filled(value, own) for key, value in given.items()}
        name = entry["family"].replace("{i}", member)
        yield Case(name, source, filled, _filled(expect, own), within, file)


def _filled(value: Any, own: dict[str, Any]) -> Any:
    """A template's value with the member's own numbers."""
    if isinstance(value, str):
        return own[value.removeprefix("$")]
    if isinstance(value, list):
        return [_filled(each, own) for each in value]
    return value


def computed(case: Case) -> list[float]:
    """What the formula gives for a case: its last year, entity by entity."""
    formula = BY_NAME[case.name]
    values = {_input_of(formula, name): value for name, value in case.given.items()}
    assert set(values) == set(formula.arguments), f"{case.name}: {formula.arguments}"
    arguments = [_argument(formula, name, values[name]) for name in formula.arguments]
    if formula.operator:
        size = max(argument.shape[-1] for argument in arguments)
        found = formula.function(Stub(np.zeros(size, dtype=np.intp)), *arguments)
    else:
        found = formula.function(*arguments)
    rows = np.atleast_2d(np.asarray(found, dtype=float))
    return [float(value) for value in rows[-1]]


def _input_of(formula: Formula, name: str) -> str:
    if name != STANDARD:
        return name
    return next(each for each in formula.arguments if each.startswith(("standard_", "no_standard")))


def _argument(formula: Formula, name: str, value: Any) -> Any:
    """A case's number as the formula sees it, over (year, entity)."""
    if isinstance(value, dict):
        years = [np.nan] * BASE + [_number(each) for each in value.values()]
        assert list(value) in (["before", "now"], ["base", "now"]), value
        return np.array(years)[:, None]
    row = np.array([[_number(each) for each in (value if isinstance(value, list) else [value])]])
    if name in formula.gathered:
        first = np.zeros(1, dtype=np.intp)
        return Below(row, Groups(None, first, first, 1))
    if name in formula.running:
        return InOrder(row, np.arange(row.shape[-1]), np.zeros(1, dtype=np.intp))
    return row


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)


def due(case: Case) -> list[float]:
    """The value that is due, entity by entity."""
    values = case.expect if isinstance(case.expect, list) else [case.expect]
    return [_number(value) for value in values]
