"""Assumptions about pupils and schools as rows of tables on screen, and back again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from simulator.district.columns import column
from simulator.district.pupils.grades import GRADED
from simulator.district.pupils.intake import INTAKE, KINDERGARTEN
from simulator.district.pupils.moves import MOVES, NEW, OPENS_WITH
from simulator.errors import JunhengError
from simulator.results.result import Result
from simulator.scenario.check import BELONGINGS, TAKES
from simulator.scenario.levers import levers
from simulator.scenario.model import Scenario
from simulator.stages import STAGES_OF_TYPE

PUPILS: Final = "assumptions.pupils"
#: The tables of schools: scenario's path → (its columns, those that are a choice and of what).
TABLES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    MOVES: {"year": (), "school": (), "into": (), "share": (), "takes": TAKES},
    NEW: {
        "school": (),
        "name": (),
        "type": tuple(STAGES_OF_TYPE),
        "area": column("schools", "area").choices,
    },
    OPENS_WITH: {"school": (), "item": BELONGINGS, "amount": ()},
}


def intake_rows(said: Scenario, years: Sequence[int], start: float) -> pd.DataFrame:
    """New pupils by stage and year: as said, else this year's first grade for every year."""
    rows = []
    for stage in GRADED:
        value = said.get(f"{INTAKE}.{stage}")
        if value is None:
            value = start if stage == "primary" else np.nan
        by_year = value if isinstance(value, list) else [value] * len(years)
        rows.append({"stage": stage, **{str(y): v for y, v in zip(years, by_year, strict=True)}})
    return pd.DataFrame(rows).astype({str(year): float for year in years})


def intake_said(rows: pd.DataFrame, years: Sequence[int]) -> dict[str, Any]:
    """The intake that a table says; a stage whose cells are all empty says nothing."""
    found: dict[str, Any] = {}
    for row in rows.to_dict("records"):
        values = [row[str(year)] for year in years]
        empty = [value is None or np.isnan(value) for value in values]
        path = f"{INTAKE}.{row['stage']}"
        if any(empty) and not all(empty):
            raise JunhengError("intake_gap", stage=row["stage"])
        found[path] = None if all(empty) else [float(value) for value in values]
    return found


def birth_years(years: Sequence[int]) -> list[int]:
    """The years of birth of those who enter school in some years."""
    return list(range(years[0] - 7, years[-1] - 5))


def birth_rows(said: Scenario, years: Sequence[int]) -> pd.DataFrame:
    """Births by year, empty where nothing is said."""
    known = said.get(f"{INTAKE}.births") or {}
    born = birth_years(years)
    counts = [known.get(year, known.get(str(year), np.nan)) for year in born]
    return pd.DataFrame({"born": born, "births": np.array(counts, dtype=float)})


def births_said(rows: pd.DataFrame) -> dict[str, Any]:
    """The births that a table says. Raises JunhengError where it says none."""
    known = rows.dropna(subset=["births"])
    if known.empty:
        raise JunhengError("births_none")
    births = {int(y): float(n) for y, n in zip(known["born"], known["births"], strict=True)}
    return {f"{INTAKE}.births": births}


def kindergarten_rows(said: Scenario) -> pd.DataFrame:
    """The three kindergarten classes in one row."""
    rolls = {group: said.get(f"{INTAKE}.kindergarten.{group}") for group in KINDERGARTEN}
    return pd.DataFrame([rolls]).astype(float)


def kindergarten_said(rows: pd.DataFrame) -> dict[str, Any]:
    """The rolls that a table says. Raises JunhengError where it says none."""
    row = rows.iloc[0]
    if row.isna().all():
        raise JunhengError("kindergarten_none")
    return {
        f"{INTAKE}.kindergarten.{group}": None if pd.isna(row[group]) else float(row[group])
        for group in KINDERGARTEN
    }


def rate_rows(said: Scenario) -> pd.DataFrame:
    """Progression from each of the grades 1 to 8 in one row; 1 where nothing is said."""
    rates = said.get(f"{PUPILS}.progression")
    one = 1.0 if rates is None else rates
    by_grade = one if isinstance(one, Mapping) else dict.fromkeys(range(1, 9), one)
    return pd.DataFrame([{str(grade): float(by_grade[grade]) for grade in range(1, 9)}])


def rates_said(rows: pd.DataFrame) -> dict[str, Any]:
    """The progression that a table says: one number where all are the same."""
    rates = {grade: rows.iloc[0][str(grade)] for grade in range(1, 9)}
    values = {grade: 1.0 if pd.isna(rate) else float(rate) for grade, rate in rates.items()}
    same = len(set(values.values())) == 1
    return {f"{PUPILS}.progression": values[1] if same else values}


def school_rows(said: Scenario, path: str) -> pd.DataFrame:
    """One of the tables of schools, shares in percent."""
    columns = list(TABLES[path])
    rows = pd.DataFrame(said.get(path) or [], columns=columns, dtype=object)
    for name in ("year", "share", "amount"):
        if name in rows:
            rows[name] = pd.to_numeric(rows[name])
    if "share" in rows:
        rows["share"] = rows["share"] * 100
    return rows


def schools_said(rows: pd.DataFrame, path: str) -> list[dict[str, Any]] | None:
    """The rows that a table of schools says; empty lines are left out.

    Raises JunhengError naming the first line with a gap, by the table's path.
    """
    found = []
    for number, row in enumerate(rows.to_dict("records"), 1):
        cells = {str(name): _cell(str(name), value) for name, value in row.items()}
        missing = [name for name, value in cells.items() if value is None]
        if len(missing) == len(cells):
            continue
        if missing:
            raise JunhengError("pupils_row", table=path, row=number, what=missing[0])
        found.append(cells)
    return found or None


def _cell(name: str, value: Any) -> Any:
    if value is None or (isinstance(value, float) and np.isnan(value)) or value is pd.NA:
        return None
    if name == "year":
        return int(value)
    if name in ("share", "amount"):
        return round(float(value) / (100 if name == "share" else 1), 10)
    return str(value).strip() or None


def table_rows(result: Result) -> pd.DataFrame:
    """Every school's pupils of the planned years as they are computed now, a row a part."""
    years = result.index.years[2:]
    names = result.binding.district.schools["school_name"]
    by_year = {str(year): np.round(result.at("pupils", year), 2) for year in years}
    parts = result.index.parts
    return pd.DataFrame({
        "school_id": [school for school, _ in parts],
        "school_name": [str(names[school]) for school, _ in parts],
        "stage": [stage for _, stage in parts],
        **by_year,
    })  # fmt: skip


def table_said(rows: pd.DataFrame, years: Sequence[int]) -> list[dict[str, Any]]:
    """A scenario's table of pupils from a row a part; empty cells are left out."""
    return [
        {"school": str(row["school_id"]), "stage": str(row["stage"]), "year": int(year),
         "pupils": float(row[str(year)])}
        for row in rows.to_dict("records")
        for year in years
        if not pd.isna(row[str(year)])
    ]  # fmt: skip


def of_method(said: Mapping[str, Any], method: str) -> dict[str, Any]:
    """Changes with what does not count under a method taken back, so that the file stays clean."""
    gone: dict[str, Any] = {
        path: None
        for lever in levers().values()
        if lever.path.startswith(PUPILS) and lever.under
        for path in lever.paths
        if not lever.counts_under(path, method)
    }
    return {**gone, f"{PUPILS}.method": method, **said}
