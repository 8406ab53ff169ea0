"""The plan's tracked targets: value against target, year by year."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from simulator.machine.language import BASE, at_least
from simulator.results.evaluation_items import is_document
from simulator.results.run import Run

TRACKED_COLUMNS = ["year", "id", "name", "value", "target", "direction", "status", "citation"]


def tracked_table(run: Run) -> pd.DataFrame:
    """One row a target and year; a target without a value of the year is unknown.

    Documents that are confirmed by hand are no targets.
    """
    rows = [row for year in run.index.years[BASE:] for row in _year_rows(run, year)]
    return pd.DataFrame(rows, columns=TRACKED_COLUMNS)


def _year_rows(run: Run, year: int) -> list[tuple[Any, ...]]:
    rows = [str(identifier) for identifier in run.binding.district.indicators.index]
    return [_row(run, identifier, year) for identifier in rows if not is_document(identifier)]


def value_in(run: Run, identifier: str, year: int) -> float:
    """A tracked value: the base value in the base year, then the planned one."""
    indicators = run.binding.district.indicators
    if identifier not in indicators.index:
        return float("nan")
    row = indicators.loc[identifier]
    found: Any = row["base_value"] if year == run.index.base_year else row.get(year, np.nan)
    return float("nan") if pd.isna(found) else float(found)


def target_in(run: Run, identifier: str, year: int, parameter: str) -> float:
    """The target of a year; for a target that only has a direction, last year's value."""
    direction = direction_of(run, parameter)
    if direction in ("falling", "rising"):
        return value_in(run, identifier, year - 1)
    law = run.binding.policy.value(parameter, year)
    return law.amount if law else np.nan


def status_against(run: Run, identifier: str, year: int, parameter: str) -> str:
    """pass, fail or unknown: a tracked value against a target of the packs."""
    value = value_in(run, identifier, year)
    target = target_in(run, identifier, year, parameter)
    return _status(value, target, direction_of(run, parameter))


def _row(run: Run, identifier: str, year: int) -> tuple[Any, ...]:
    parameter = f"target_{identifier}"
    law = run.binding.policy.value(parameter, year)
    name = run.binding.district.indicators.at[identifier, "name"]
    return (
        year,
        identifier,
        name,
        value_in(run, identifier, year),
        target_in(run, identifier, year, parameter),
        direction_of(run, parameter),
        status_against(run, identifier, year, parameter),
        law.citation if law else None,
    )


def direction_of(run: Run, parameter: str) -> str:
    """floor, ceiling, falling or rising; empty where the packs name no such target."""
    declared = run.binding.policy.parameters().get(parameter)
    return declared.bound if declared else ""


def _status(value: float, target: float, direction: str) -> str:
    if np.isnan(value) or np.isnan(target):
        return "unknown"
    if direction == "falling":
        return "pass" if value < target else "fail"
    if direction == "rising":
        return "pass" if value > target else "fail"
    reached = at_least(value, target) if direction != "ceiling" else at_least(target, value)
    return "pass" if reached else "fail"
