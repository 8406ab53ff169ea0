"""The plan's tracked targets: value against target, year by year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from simulator.formulas.language import BASE, at_least

if TYPE_CHECKING:
    from simulator.engine.result import Result

TRACKED_COLUMNS = ["year", "id", "name", "value", "target", "direction", "status", "citation"]


def tracked_table(result: Result) -> pd.DataFrame:
    """One row a target and year; a target without a value of the year is unknown."""
    rows = [row for year in result.index.years[BASE:] for row in _year_rows(result, year)]
    return pd.DataFrame(rows, columns=TRACKED_COLUMNS)


def _year_rows(result: Result, year: int) -> list[tuple[Any, ...]]:
    indicators = result.binding.district.indicators
    return [_row(result, str(identifier), year) for identifier in indicators.index]


def value_in(result: Result, identifier: str, year: int) -> float:
    """A tracked value: the base value in the base year, then the planned one."""
    row = result.binding.district.indicators.loc[identifier]
    found: Any = row["base_value"] if year == result.index.base_year else row.get(year, np.nan)
    return float("nan") if pd.isna(found) else float(found)


def _row(result: Result, identifier: str, year: int) -> tuple[Any, ...]:
    value = value_in(result, identifier, year)
    law = result.binding.policy.value(f"target_{identifier}", year)
    name = result.binding.district.indicators.at[identifier, "name"]
    direction = direction_of(result, identifier)
    target = law.amount if law else np.nan
    if direction in ("falling", "rising"):
        target = value_in(result, identifier, year - 1) if year > result.index.base_year else np.nan
    status = _status(value, target, direction)
    return (year, identifier, name, value, target, direction, status, law.citation if law else None)


def direction_of(result: Result, identifier: str) -> str:
    """at_least, at_most, falling or rising; empty where the packs name no such target."""
    parameter = result.binding.policy.parameters().get(f"target_{identifier}")
    return parameter.bound if parameter else ""


def _status(value: float, target: float, direction: str) -> str:
    if np.isnan(value) or np.isnan(target):
        return "unknown"
    if direction == "falling":
        return "pass" if value < target else "fail"
    if direction == "rising":
        return "pass" if value > target else "fail"
    reached = at_least(value, target) if direction != "ceiling" else at_least(target, value)
    return "pass" if reached else "fail"
