"""The items of the evaluation and the points of the plan: one verdict each, by year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulator.engine.checklist import remarks_of, state_in
from simulator.engine.items import Item, items
from simulator.engine.tracked import status_against, target_in, value_in
from simulator.formulas.language import BASE, above, at_least
from simulator.stages import STAGES

if TYPE_CHECKING:
    from simulator.engine.result import Result

COLUMNS = [
    "year", "group", "id", "kind", "value", "target", "unit", "status", "note", "missing",
    "remark", "citation",
]  # fmt: skip


def evaluation_table(result: Result) -> pd.DataFrame:
    """One row an item and year; a document that nobody confirmed is unknown.

    ``missing`` names the tracked values that are not there, ``remark`` is the officer's own,
    ``note`` the id of a sentence of the glossary, ``citation`` what ``citations`` prints.
    """
    found: dict[tuple[int, str], list[str]] = {}
    checks = result.checks
    for year, rule, status in zip(checks["year"], checks["rule"], checks["status"], strict=True):
        found.setdefault((int(year), str(rule)), []).append(str(status))
    by_rule = {key: worst(statuses) for key, statuses in found.items()}
    remarks = remarks_of(result.binding.district)
    rows = [
        (
            year, item.group, identifier, item.kind, *_judged(result, item, year, by_rule),
            _missing(result, item, year), remarks.get(identifier, ""), (item.cite,),
        )
        for year in result.index.years[BASE:]
        for identifier, item in items().items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def _missing(result: Result, item: Item, year: int) -> tuple[str, ...]:
    """The tracked values of an item that the year lacks."""
    return tuple(each for each in item.tracked if np.isnan(value_in(result, each, year)))


Judged = tuple[float, float, str, str, str]
ByRule = Mapping[tuple[int, str], str]


def _judged(result: Result, item: Item, year: int, by_rule: ByRule) -> Judged:
    """Value, target, unit, status and note of an item in a year."""
    if item.kind == "document":
        state = state_in(result, item.id, year)
        status = "unknown" if np.isnan(state) else "pass" if state == 1 else "fail"
        return np.nan, np.nan, "", status, "" if status != "unknown" else "evaluation.confirm"
    if item.kind == "figure":
        return _figure(result, item, year)
    statuses = [
        *_rule_statuses(result, item, year, by_rule),
        *_tracked_statuses(result, item, year),
    ]
    value, target = _shown(result, item, year)
    return value, target, _unit(result, item), worst(statuses), ""


def _unit(result: Result, item: Item) -> str:
    """The unit of an item's first tracked value."""
    if not item.tracked:
        return ""
    declared = result.binding.policy.parameters().get(_target_name(item, 0))
    return declared.unit if declared else "number"


def worst(statuses: list[str]) -> str:
    """fail where one fails, else unknown where one is, else pass."""
    if not statuses:
        return "unknown"
    return next((each for each in ("fail", "unknown") if each in statuses), "pass")


def _rule_statuses(result: Result, item: Item, year: int, by_rule: ByRule) -> Iterator[str]:
    for rule in item.rules:
        yield by_rule.get((year, rule), "unknown")
    if item.final and year == result.index.base_year:
        short = result.at("training_final_short", year)
        known = short[~np.isnan(short)]
        if known.size:
            yield "fail" if known.any() else "pass"


def _tracked_statuses(result: Result, item: Item, year: int) -> Iterator[str]:
    for position, identifier in enumerate(item.tracked):
        yield status_against(result, identifier, year, _target_name(item, position))


def _target_name(item: Item, position: int) -> str:
    return item.targets[position] if item.targets else f"target_{item.tracked[position]}"


def _shown(result: Result, item: Item, year: int) -> tuple[float, float]:
    """The first tracked value and its target, for the table."""
    if not item.tracked:
        return np.nan, np.nan
    value = value_in(result, item.tracked[0], year)
    return value, target_in(result, item.tracked[0], year, _target_name(item, 0))


def _figure(result: Result, item: Item, year: int) -> Judged:
    """The figure of the stage that is worst off, against its target."""
    graph = result.graph
    rows = []
    for position, stage in _places(result, item):
        value = float(result.at(item.figure, year)[position])
        target = _figure_target(result, item, year, stage)
        rows.append((_figure_status(value, target, item.sense), value, target))
    status = worst([row[0] for row in rows])
    shown = next((row for row in rows if row[0] == status), ("unknown", np.nan, np.nan))
    return shown[1], shown[2], graph.unit(item.figure), status, ""


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
