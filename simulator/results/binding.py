"""Turns a district, the packs and a scenario into the arrays that formulas start from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from simulator.district.model import District
from simulator.district.pupils.grades import GRADED, first_grade, last_grade
from simulator.district.pupils.moves import Moves, reorganised
from simulator.district.pupils.projection import projected_pupils
from simulator.law import INPUTS
from simulator.law.inputs import GRADES
from simulator.machine.index import Index, build_index
from simulator.machine.language import BASE, Array
from simulator.machine.registry import Input
from simulator.policy.model import Policy, PolicyValue
from simulator.policy.provinces import region_of
from simulator.results.lever_arrays import lever_array
from simulator.results.school_facts import numbers, structure_array
from simulator.scenario.model import Scenario
from simulator.stages import STAGES


@dataclass(frozen=True, eq=False)
class Binding:
    """Everything a run starts from: the axes, the arrays and where each came from.

    ``district`` has the scenario's new schools in it; ``moves`` are its moves between schools.
    """

    district: District
    policy: Policy
    scenario: Scenario
    index: Index
    arrays: Mapping[str, Array]
    moves: Moves | None = None

    def policy_value(self, leaf: Input, entity: int, year: int) -> PolicyValue | None:
        """The value of the law behind one number of a policy input."""
        name, key = parameter_key(leaf, entity, self.index, self.district)
        return self.policy.value(name, year, key)


def bind(district: District, policy: Policy, scenario: Scenario) -> Binding:
    """The arrays of every input; (year or 1, entity) each, unknown where nothing is given."""
    district, moves = reorganised(district, scenario.flat())
    index = build_index(district.schools, district.base_year, scenario.horizon)
    makers = {
        "column": _column_array,
        "structure": structure_array,
        "fiscal": _fiscal_array,
        "district": _setting_array,
    }
    arrays: dict[str, Array] = {}
    for leaf in INPUTS:
        if leaf.kind == "lever":
            arrays[leaf.name] = lever_array(leaf, index, scenario)
        elif leaf.kind == "parameter":
            arrays[leaf.name] = _parameter_array(leaf, index, district, policy)
        elif leaf.kind != "projection":
            arrays[leaf.name] = makers[leaf.kind](leaf, index, district)
    arrays.update(_projections(index, district, scenario, moves))
    return Binding(district, policy, scenario, index, arrays, moves)


def parameter_key(
    leaf: Input, entity: int, index: Index, district: District
) -> tuple[str, str | None]:
    """The policy parameter behind an input, and its key for one entity.

    A stage's key is narrowed by the province's region, a part's by where its school lies.
    """
    name, _, item = leaf.refers.partition(":")
    if leaf.name in _KEY_OF:
        return name, _KEY_OF[leaf.name](district)
    if leaf.level == "school":
        return name, str(district.schools["school_type"].iloc[entity])
    if leaf.level == "district":
        return name, item or None
    if leaf.level == "part":
        area = district.schools["area"].iloc[index.part_school[entity]]
        return name, _narrowed(STAGES[index.part_stage[entity]], area)
    stage = STAGES[entity]
    return name, f"{stage}_{item}" if item else _narrowed(stage, _region(district))


def _region(district: District) -> str | None:
    return region_of(district.province, district.sharing_tier)


def _narrowed(stage: str, place: Any) -> str:
    """A stage's key for one kind of place; for all places where that is not known."""
    return stage if pd.isna(place) else f"{stage}:{place}"


#: Parameters whose key is the same for the whole district.
_KEY_OF: Mapping[str, Callable[[District], str | None]] = {
    "senior_split_weight": lambda district: "senior",
    "central_share": lambda district: str(district.sharing_tier or ""),
    "repair_price_benchmark": lambda district: _region(district) or "",
}


def _column_array(leaf: Input, index: Index, district: District) -> Array:
    if leaf.level == "school":
        return numbers(district.schools, leaf.refers)[np.newaxis]
    return part_column(leaf.by_stage, index, district.schools)[np.newaxis]


def part_column(by_stage: Mapping[str, str], index: Index, schools: pd.DataFrame) -> Array:
    """A quantity with a column for each stage; 0 at a stage that has no such column."""
    return index.at_parts({stage: numbers(schools, name) for stage, name in by_stage.items()})


def _fiscal_array(leaf: Input, index: Index, district: District) -> Array:
    """Accounted years only: a planned year follows the scenario."""
    found = np.full((len(index.years), 1), np.nan)
    for position, year in enumerate(index.years[: BASE + 1]):
        if year in district.fiscal.index:
            found[position, 0] = _float(district.fiscal.at[year, leaf.refers])
    return found


def _float(value: Any) -> float:
    return float("nan") if pd.isna(value) else float(value)


def _setting_array(leaf: Input, index: Index, district: District) -> Array:
    if leaf.name == "compulsory_part":
        return np.array([[_compulsory_part(district)]])
    if leaf.name == "transfers_apart":
        return np.array([[1.0 - _flag(district.settings.get(leaf.refers))]])
    if leaf.level == "district":
        return np.array([[_float(district.settings.get(leaf.refers))]])
    values = [_float(district.settings.get(leaf.by_stage.get(stage, ""))) for stage in STAGES]
    return np.array([values])


def _flag(value: object) -> float:
    """A yes or no of the district sheet; what is not said is no."""
    return 0.0 if pd.isna(value) else float(bool(value))  # type: ignore[call-overload]


def _compulsory_part(district: District) -> float:
    """The share of the appropriation that is for compulsory education.

    All of it, unless the district says that it covers other education too: then as it says.
    """
    if district.settings.get("appropriation_scope") != "all":
        return 1.0
    return _float(district.settings.get("compulsory_share"))


def _parameter_array(leaf: Input, index: Index, district: District, policy: Policy) -> Array:
    size = index.size(leaf.level)
    places = [parameter_key(leaf, entity, index, district) for entity in range(size)]
    known = {place: _by_year(policy, place, index) for place in dict.fromkeys(places)}
    return np.array([known[place] for place in places]).reshape(size, len(index.years)).T


def _by_year(policy: Policy, place: tuple[str, str | None], index: Index) -> list[float]:
    name, key = place
    values = (policy.value(name, year, key) for year in index.years)
    return [np.nan if value is None else value.amount for value in values]


#: Groups of pupils counted one autumn before the base year, by stage.
PRIOR = {
    "prior_boarders": {"primary": "primary_boarders_prior", "junior": "junior_boarders_prior"},
    "prior_mainstreamed": {
        "primary": "mainstreamed_primary_prior",
        "junior": "mainstreamed_junior_prior",
    },
}


def _projections(
    index: Index, district: District, scenario: Scenario, moves: Moves | None
) -> dict[str, Array]:
    """Pupils as counted, and as projected where the scenario brings cohorts or a table."""
    shape = (len(index.years), index.size("part"))
    pupils = np.full(shape, np.nan)
    prior = {
        "primary": "primary_pupils_prior",
        "junior": "junior_pupils_prior",
        "special": "special_pupils_prior",
    }
    now = {"primary": "primary_pupils", "junior": "junior_pupils", "special": "special_pupils"}
    pupils[BASE - 1] = part_column(prior, index, district.schools)
    pupils[BASE] = part_column(now, index, district.schools)
    found = {"observed_pupils": pupils}
    for name, columns in PRIOR.items():
        found[name] = np.full(shape, np.nan)
        counted = part_column(columns, index, district.schools)
        absent = ~np.isin(index.part_stage, [STAGES.index(stage) for stage in columns])
        found[name][BASE - 1] = np.where(absent, np.nan, counted)
    for grade in GRADES:
        found[f"observed_grade_{grade}"] = _grade_array(grade, index, district)
    _fill_projected(found, index, projected_pupils(district, scenario, moves))
    return found


def _grade_array(grade: int, index: Index, district: District) -> Array:
    """Pupils of the n-th year of a stage; 0 beyond the stage's last year; no grades: unknown."""
    found = np.full((len(index.years), index.size("part")), np.nan)
    for stage in GRADED:
        here = index.part_stage == STAGES.index(stage)
        school_year = first_grade(stage, district.primary_years) + grade - 1
        if school_year > last_grade(stage, district.primary_years):
            found[:, here] = 0.0
        else:
            counted = numbers(district.schools, f"grade_{school_year}")
            found[BASE, here] = counted[index.part_school[here]]
    return found


def _fill_projected(found: dict[str, Array], index: Index, projected: pd.DataFrame | None) -> None:
    """Put projected pupils into the planned years; columns are pupils and grade_1 … grade_6."""
    if projected is None:
        return
    keys = projected.index.tolist()
    for (year, school, stage), (_, row) in zip(keys, projected.iterrows(), strict=True):
        part = index.part_position[school, stage]
        position = index.years.index(int(year))
        found["observed_pupils"][position, part] = row["pupils"]
        for grade in GRADES:
            found[f"observed_grade_{grade}"][position, part] = row.get(f"grade_{grade}", np.nan)
