"""The plan's tracked targets: value against target, year by year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from simulator.machine.language import BASE, at_least
from simulator.results.evaluation_items import is_document

if TYPE_CHECKING:
    from simulator.results.result import Result

TRACKED_COLUMNS = ["year", "id", "name", "value", "target", "direction", "status", "citation"]


def tracked_table(result: Result) -> pd.DataFrame:
    """One row a target and year; a target without a value of the year is unknown.

    Documents that are confirmed by hand are no targets.
    """
    rows = [row for year in result.index.years[BASE:] for row in _year_rows(result, year)]
    return pd.DataFrame(rows, columns=TRACKED_COLUMNS)


def _year_rows(result: Result, year: int) -> list[tuple[Any, ...]]:
    rows = [str(identifier) for identifier in result.binding.district.indicators.index]
    return [_row(result, identifier, year) for identifier in rows if not is_document(identifier)]


def value_in(result: Result, identifier: str, year: int) -> float:
    """A tracked value: the base value in the base year, then the planned one."""
    indicators = result.binding.district.indicators
    if identifier not in indicators.index:
        return float("nan")
    row = indicators.loc[identifier]
    found: Any = row["base_value"] if year == result.index.base_year else row.get(year, np.nan)
    return float("nan") if pd.isna(found) else float(found)


def target_in(result: Result, identifier: str, year: int, parameter: str) -> float:
    """The target of a year; for a target that only has a direction, last year's value."""
    direction = direction_of(result, parameter)
    if direction in ("falling", "rising"):
        return value_in(result, identifier, year - 1)
    law = result.binding.policy.value(parameter, year)
    return law.amount if law else np.nan


def status_against(result: Result, identifier: str, year: int, parameter: str) -> str:
    """pass, fail or unknown: a tracked value against a target of the packs."""
    value = value_in(result, identifier, year)
    target = target_in(result, identifier, year, parameter)
    return _status(value, target, direction_of(result, parameter))


def _row(result: Result, identifier: str, year: int) -> tuple[Any, ...]:
    parameter = f"target_{identifier}"
    law = result.binding.policy.value(parameter, year)
    name = result.binding.district.indicators.at[identifier, "name"]
    return (
        year,
        identifier,
        name,
        value_in(result, identifier, year),
        target_in(result, identifier, year, parameter),
        direction_of(result, parameter),
        status_against(result, identifier, year, parameter),
        law.citation if law else None,
    )


def direction_of(result: Result, parameter: str) -> str:
    """floor, ceiling, falling or rising; empty where the packs name no such target."""
    declared = result.binding.policy.parameters().get(parameter)
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
