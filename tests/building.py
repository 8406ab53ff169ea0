"""Small districts and scenarios made by hand, for tests."""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

import simulator as sim
from simulator.district.model import District
from simulator.scenario.model import Scenario


def scenario_of(**content: Any) -> Scenario:
    """A scenario as it would be read from a file with this content."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.yaml"
        text = yaml.safe_dump({"name": "made", **content}, allow_unicode=True)
        path.write_text(text, encoding="utf-8")
        return sim.load_scenario(path)


def district_of(
    schools: list[dict[str, Any]],
    fiscal: list[dict[str, Any]] | None = None,
    base_year: int = 2025,
    **settings: Any,
) -> District:
    """A district as it would be read from a folder of CSVs with these rows."""
    money = fiscal or [
        {"year": base_year - 1, "recurrent_revenue": 100e6, "education_appropriation": 40e6},
        {"year": base_year, "recurrent_revenue": 105e6, "education_appropriation": 42.5e6},
    ]
    for row in money:
        row.setdefault("recurrent_revenue_basis", "made")
        row.setdefault("upper_transfers", 0)
    head = {"name": "Made", "province": "江苏", "base_year": base_year, **settings}
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        pd.DataFrame(schools).to_csv(here / "schools.csv", index=False)
        pd.DataFrame(money).to_csv(here / "fiscal.csv", index=False)
        pd.DataFrame([head]).to_csv(here / "district.csv", index=False)
        return sim.load_district(here)


def school(identifier: str, kind: str = "primary", **fields: Any) -> dict[str, Any]:
    """One row of the schools' sheet: 200 pupils at each stage the type has."""
    stages = {"nine_year": ("primary", "junior"), "junior": ("junior",)}.get(kind, ("primary",))
    row: dict[str, Any] = {
        "school_id": identifier,
        "school_name": f"School {identifier}",
        "school_type": kind,
        "area": "town",
        "weak": 0,
        "small_class": 0,
        "staff": 20,
        "authorised_posts": 22,
        "payroll": 2_000_000,
        "operating_funds": 200_000,
        "training_spend": 10_000,
        "repair_spend": 16_000,
        "investment_spend": 0,
        "floor_area": 2000,
        "teaching_area": 1000,
        "sports_area": 1800,
        "equipment_value": 500_000,
        "multimedia_rooms": 6,
        "computers": 40,
        "books": 6000,
    }
    for stage in stages:
        counts = {
            "pupils": 200, "pupils_prior": 210, "boarders": 0, "teachers": 15, "higher_degree": 10,
            "backbone": 3, "pe_art": 2, "senior_title": 8, "classes": 6,
        }  # fmt: skip
        for name, value in counts.items():
            place = f"{stage}_{name}"
            row[place] = value
        row[f"mainstreamed_{stage}"] = 0
        row[f"aided_{stage}_boarder"] = row[f"aided_{stage}_day"] = 0
    return {**row, **fields}


def given(result: sim.Result, **values: Any) -> sim.Result:
    """A result with some figures set: one number a year for all, or over (year, entity)."""
    made = dict(result.values)
    for name, value in values.items():
        table = np.array(value, dtype=float)
        made[name] = table[:, np.newaxis] if table.ndim == 1 else table
    return dataclasses.replace(result, values=made)
