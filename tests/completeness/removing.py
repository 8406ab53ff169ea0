"""What a result leaves unknown, read off its tables, and districts with something taken away."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

import simulator as sim
from simulator.compare.outcomes import MONEY
from simulator.district.model import District
from simulator.law.balance.quantities import QUALITY
from simulator.law.rules import RULES
from simulator.results.result import Result
from tests.independent.making import made

Pattern = dict[tuple[str, str], set[Any]]
STAGES = ("primary", "junior")
#: Columns of words: they say what a school is and are never a quantity.
WORDS = ("school_name", "school_type", "ownership", "area")


def _missing(frame: pd.DataFrame, columns: Iterable[str]) -> set[Any]:
    """The places of a frame's empty figures."""
    return {(name, place) for name in columns for place in frame.index[frame[name].isna()]}


def unknown(result: Result) -> Pattern:
    """The places at which each output is not known."""
    stages = [stage for stage in STAGES if stage in {each for _, each in result.index.parts}]
    found: Pattern = {("money", name): _missing(result.district, [name]) for name in MONEY}
    ordinary = result.stages[result.stages.index.get_level_values("stage").isin(stages)]
    found["cost", "cost_per_pupil"] = _missing(ordinary, ["cost_per_pupil"])
    found["quality", "stage_balanced"] = _missing(ordinary, ["stage_balanced"])
    found["basic", "stage_basic_balanced"] = _missing(ordinary, ["stage_basic_balanced"])
    there = set(result.checks["rule"])
    for rule in RULES:
        rows = result.checks[result.checks["rule"] == rule.id]
        rows = rows[rows["status"] == "unknown"]
        found["rule", rule.id] = set(zip(rows["year"], rows["subject"], rows["stage"], strict=True))
        if rule.id == "rotation_eligible" and rule.id not in there:
            found["rule", rule.id] = {"not judged"}
    for (group, name), rows in result.balance.groupby(["evaluation", "indicator"]):
        called = "composite_cv" if name == "composite" else name
        open_ = rows[rows["cv"].isna()]
        found[group, called] = set(zip(open_["year"], open_["stage"], strict=True))
    for name, rows in result.evaluation.groupby("id"):
        found["item", name] = set(rows["year"][rows["status"] == "unknown"])
    parts = result.schools
    found["form", "form_allocation"] = _missing(parts, ["funded_pupils", "operating_funds"])
    parts = parts[parts.index.get_level_values("stage").isin(STAGES)]
    found["form", "form_1"] = _missing(parts, ["pupils", "classes", "teachers"])
    found["form", "form_2"] = _missing(parts, [f"value_{each.id}" for each in QUALITY])
    both = [f"{what}_{each.id}" for each in QUALITY for what in ("mean", "cv")]
    found["form", "form_3"] = _missing(ordinary, both)
    return found


def without(district: District, *columns: str, schools: Iterable[str] | None = None) -> District:
    """The district with some columns empty, of all schools or of some."""
    table = district.schools.copy()
    rows = table.index if schools is None else list(schools)
    for column in columns:
        table.loc[rows, column] = None if column in WORDS else np.nan
    return dataclasses.replace(district, schools=table)


@functools.cache
def ground(name: str) -> tuple[District, Any, Result, Pattern]:
    """A district, its scenario, its result and what that leaves unknown."""
    if name == "sample":
        district, scenario = sim.sample_district(), sim.load_scenario("scenarios/steady.yaml")
    else:
        district, scenario = made(int(name)).loaded
    result = sim.simulate(district, scenario)
    return district, scenario, result, unknown(result)


def turned(before: Pattern, after: Pattern) -> set[tuple[str, str]]:
    """The outputs that are unknown anywhere where they were known."""
    return {key for key, places in after.items() if places - before[key]}
