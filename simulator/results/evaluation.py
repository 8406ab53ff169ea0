"""The items of the evaluation and the points of the plan: one verdict each, by year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulator.law.rules import BY_COLUMN
from simulator.machine.language import BASE, above, at_least
from simulator.results.checklist import remarks_of, state_in
from simulator.results.evaluation_items import Item, items_in_force
from simulator.results.judge import rules_in_force
from simulator.results.tracked_targets import direction_of, status_against, target_in, value_in
from simulator.stages import STAGES

if TYPE_CHECKING:
    from simulator.results.result import Result

COLUMNS = [
    "year", "group", "id", "kind", "value", "target", "unit", "sense", "status", "because", "note",
    "remark", "citation",
]  # fmt: skip
#: Of a direction of the packs: which way a tracked value is held against its target.
SENSES = {"ceiling": "at_most", "falling": "below", "rising": "above"}


@dataclass(frozen=True, slots=True)
class Rules:
    """The worst status of each rule by year, and the rules that have a value and their column.

    A rule in force without a status in a year speaks of nobody then.
    """

    status: Mapping[tuple[int, str], str]
    in_force: frozenset[str]


@dataclass(frozen=True, slots=True)
class Judged:
    """One thing that an item is judged by: what it is, its status, the value and its target."""

    what: str
    status: str
    value: float = float("nan")
    target: float = float("nan")
    unit: str = ""
    sense: str = "at_least"


def evaluation_table(result: Result) -> pd.DataFrame:
    """One row an item and year; a document that nobody confirmed is unknown.

    An item that is judged by several things shows the one that decides; ``because`` names
    all that keep it from passing. ``sense`` is how the value is held against the target,
    ``note`` the id of a sentence of the glossary, ``remark`` the officer's own, ``citation``
    what ``citations`` prints.
    """
    rules = Rules(_by_rule(result.checks), frozenset(each.id for each in rules_in_force(result)))
    remarks = remarks_of(result.binding.district)
    rows = []
    for year in result.index.years[BASE:]:
        for identifier, item in items_in_force(result.binding.policy.packs).items():
            found = list(_judged(result, item, year, rules))
            status, note = worst([each.status for each in found]), _note(result, item, found, rules)
            if note == NOTHING:
                status = "pass"
            shown = _shown(found, status)
            because = tuple(each.what for each in found if each.status != "pass")
            rows.append((
                year, item.group, identifier, item.kind, shown.value, shown.target, shown.unit,
                shown.sense, status, because, note, remarks.get(identifier, ""), (item.cite,),
            ))  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


#: Sentences beside an item: nobody confirmed it; the district has nothing it speaks of; the
#: transitional rules relax it by facts that no district reports here.
CONFIRM, NOTHING = "evaluation.confirm", "evaluation.nothing"
RELAXED = "evaluation.relaxed"
#: A rule of the item is not judged: no pack in force has a value for it, or its column is empty.
NO_STANDARD, NO_COLUMN = "evaluation.no_standard", "evaluation.no_column"


def _note(result: Result, item: Item, found: list[Judged], rules: Rules) -> str:
    if item.kind == "document":
        return CONFIRM if found[0].status == "unknown" else ""
    if not found:
        return NOTHING
    missing = [rule for rule in item.rules if rule not in rules.in_force]
    if missing:
        return NO_COLUMN if missing[0] in BY_COLUMN else NO_STANDARD
    switched_on = item.relaxed and result.values["transitional_rules"].any()
    return RELAXED if switched_on and worst([each.status for each in found]) == "fail" else ""


def _shown(found: list[Judged], status: str) -> Judged:
    """The first with a target of those that decide, else the first with a target, else none."""
    valued = [each for each in found if each.unit]
    deciding = [each for each in valued if each.status == status]
    return next(iter([*deciding, *valued]), Judged("", status))


def _by_rule(checks: pd.DataFrame) -> Mapping[tuple[int, str], str]:
    """The worst status of each rule by year."""
    found: dict[tuple[int, str], list[str]] = {}
    for year, rule, status in zip(checks["year"], checks["rule"], checks["status"], strict=True):
        found.setdefault((int(year), str(rule)), []).append(str(status))
    return {key: worst(statuses) for key, statuses in found.items()}


def _judged(result: Result, item: Item, year: int, rules: Rules) -> Iterator[Judged]:
    """All that an item is judged by in a year."""
    if item.kind == "document":
        state = state_in(result, item.id, year)
        yield Judged(item.id, "unknown" if np.isnan(state) else "pass" if state == 1 else "fail")
    elif item.kind == "figure":
        yield from _figures(result, item, year)
    replaced = set(item.instead.values())
    for rule in item.rules:
        if (year, rule) in rules.status:
            yield Judged(f"rule.{rule}", rules.status[year, rule])
        elif rule not in replaced and rule not in rules.in_force:
            yield Judged(f"rule.{rule}", "unknown")
    if item.final and year == result.index.base_year:
        yield from _final(result, year)
    for position, identifier in enumerate(item.tracked):
        if (year, item.instead.get(identifier, "")) in rules.status:
            continue
        parameter = _target_name(item, position)
        yield Judged(
            identifier,
            status_against(result, identifier, year, parameter),
            value_in(result, identifier, year),
            target_in(result, identifier, year, parameter),
            _unit(result, parameter),
            SENSES.get(direction_of(result, parameter), "at_least"),
        )


def _unit(result: Result, parameter: str) -> str:
    """The unit of a tracked value."""
    declared = result.binding.policy.parameters().get(parameter)
    return declared.unit if declared else "number"


def worst(statuses: list[str]) -> str:
    """fail where one fails, else unknown where one is, else pass."""
    if not statuses:
        return "unknown"
    return next((each for each in ("fail", "unknown") if each in statuses), "pass")


def _final(result: Result, year: int) -> Iterator[Judged]:
    """Teacher training by the final account, of the schools that report one."""
    short = result.at("training_final_short", year)
    known = short[~np.isnan(short)]
    if known.size:
        yield Judged("training_final_short", "fail" if known.any() else "pass")


def _target_name(item: Item, position: int) -> str:
    return item.targets[position] if item.targets else f"target_{item.tracked[position]}"


def _figures(result: Result, item: Item, year: int) -> Iterator[Judged]:
    """A figure of each stage it speaks of, against its target."""
    unit = result.graph.unit(item.figure)
    for position, stage in _places(result, item):
        value = float(result.at(item.figure, year)[position])
        target = _figure_target(result, item, year, stage)
        status = _figure_status(value, target, item.sense)
        yield Judged(item.figure, status, value, target, unit, item.sense)


def _places(result: Result, item: Item) -> list[tuple[int, str | None]]:
    if not item.stages:
        return [(0, None)]
    there = set(result.index.part_stage.tolist())
    return [(p, s) for p, s in enumerate(STAGES) if s in item.stages and p in there]


def _figure_target(result: Result, item: Item, year: int, stage: str | None) -> float:
    if item.limit is not None:
        return item.limit
    law = result.binding.policy.value(item.target, year, None if item.keyless else stage)
    return law.amount if law else np.nan


def _figure_status(value: float, target: float, sense: str) -> str:
    if np.isnan(value) or np.isnan(target):
        return "unknown"
    if sense == "above":
        return "pass" if above(value, target) else "fail"
    kept = at_least(value, target) if sense == "at_least" else at_least(target, value)
    return "pass" if kept else "fail"
