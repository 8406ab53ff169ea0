"""Rules, balance and verdict from figures that are set: every year, stage and school its own."""

from __future__ import annotations

import dataclasses
import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import simulator as sim
from simulator.law.rules import BY_PARAMETER, RULES
from simulator.results.binding import Binding
from simulator.results.judge import MECHANISM, rules_in_force, status_of
from tests.building import district_of, given, scenario_of, school

UNKNOWN = math.nan
YEARS = [2025, 2026, 2027, 2028]


@pytest.fixture(scope="module")
def town() -> sim.Result:
    """Four schools, the last a nine-year one: parts A, B, C, D primary, D junior."""
    rows = [school("A"), school("B"), school("C"), school("D", "nine_year")]
    return sim.simulate(district_of(rows), scenario_of(policy=["national", "district_plan"]))


@pytest.fixture(scope="module")
def primary() -> sim.Result:
    """Primary schools alone."""
    return sim.simulate(
        district_of([school("A"), school("B")]), scenario_of(policy=["national", "district_plan"])
    )


def rows_of(result: sim.Result, rule: str) -> dict[tuple[int, str], Any]:
    rows = result.checks[result.checks["rule"] == rule]
    return {(row.year, row.subject): row for row in rows.itertuples()}


def test_a_rule_has_a_row_for_each_planned_and_the_base_year(town: sim.Result) -> None:
    assert [year for year, _ in rows_of(town, "growth_total")] == YEARS
    table = town.checks
    assert sorted(set(table["year"])) == YEARS


def test_a_row_holds_the_figures_of_its_own_year_and_subject(town: sim.Result) -> None:
    # (year, school): hundreds are the years, tens the schools
    numbers = np.add.outer(np.arange(5) * 100.0, np.arange(4) * 10.0)
    made = given(town, school_training=numbers + 3, school_training_floor=numbers + 1,
                 school_training_headroom=np.full((5, 4), 2.0))  # fmt: skip
    rows = rows_of(made, "training_5")
    assert list(rows) == [(year, name) for year in YEARS for name in "ABCD"]
    for (year, name), row in rows.items():
        due = (year - 2024) * 100 + "ABCD".index(name) * 10
        assert (row.actual, row.required, row.headroom) == (due + 3, due + 1, 2)
        assert (row.school_id, row.status, row.unit) == (name, "pass", "yuan")
        assert pd.isna(row.stage)


def test_a_row_of_a_stage_and_of_the_district(town: sim.Result, primary: sim.Result) -> None:
    rows = rows_of(town, "growth_per_pupil")
    assert {subject for _, subject in rows} == {"primary", "junior"}
    assert {row.stage for (_, name), row in rows.items() if name == "junior"} == {"junior"}
    assert all(pd.isna(row.school_id) for row in rows.values())
    assert {name for _, name in rows_of(primary, "growth_per_pupil")} == {"primary"}
    for (_, name), row in rows_of(town, "growth_total").items():
        assert name == "district"
        assert pd.isna(row.stage) and pd.isna(row.school_id)


def test_a_rule_speaks_only_where_there_is_anybody(town: sim.Result) -> None:
    # nobody boards in 2026, in 2027 it is not known, in 2028 half a pupil does
    made = given(town, boarding_entitled_total=[5, 5, 0, UNKNOWN, 0.5])
    assert [year for year, _ in rows_of(made, "boarding")] == [2025, 2027, 2028]
    by_school = np.ones((5, 4))
    by_school[2, 1] = by_school[3, 0] = 0
    made = given(town, small_school_applies=by_school)
    left_out = {(2026, "B"), (2027, "A")}
    assert (
        set(rows_of(made, "small_school"))
        == {(year, name) for year in YEARS for name in "ABCD"} - left_out
    )


@pytest.mark.parametrize(
    ("values", "stands"),
    [
        ([1, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN], False),  # only before the base year
        ([UNKNOWN, 1, UNKNOWN, UNKNOWN, UNKNOWN], True),
        ([UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, 1], True),
        ([UNKNOWN] * 5, False),
    ],
)
def test_a_rule_is_in_force_where_the_packs_have_a_value(town, values, stands) -> None:
    for rule, name in BY_PARAMETER.items():
        if rule == "rotation_eligible":
            continue
        ids = [each.id for each in rules_in_force(given(town, **{name: values}))]
        assert (rule in ids) == stands, rule


def test_a_rule_that_needs_a_column_is_judged_where_one_school_has_it(town: sim.Result) -> None:
    def ids(*staff: float) -> list[str]:
        district = town.binding.district
        schools = district.schools.assign(rotation_eligible=staff)
        binding = dataclasses.replace(
            town.binding, district=dataclasses.replace(district, schools=schools)
        )
        made = given(town, rotation_eligible_floor=[0.1] * 5)
        made = dataclasses.replace(made, binding=binding)
        return [each.id for each in rules_in_force(made)]

    assert "rotation_eligible" in ids(UNKNOWN, UNKNOWN, 4, UNKNOWN)
    assert "rotation_eligible" not in ids(*[UNKNOWN] * 4)
    assert [each.id for each in RULES if each.id in ids(1, 1, 1, 1)] == ids(1, 1, 1, 1)


def test_rules_that_were_not_computed_are_left_out(town: sim.Result) -> None:
    few = dataclasses.replace(
        town, values={name: each for name, each in town.values.items() if name != "aid_headroom"}
    )
    assert "aid" not in [each.id for each in rules_in_force(few)]
    assert "aid" in [each.id for each in rules_in_force(town)]


def test_a_value_that_a_document_set_is_cited_before_the_mechanism(
    town: sim.Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int, int]] = []

    def law(self: Binding, leaf: Any, entity: int, year: int) -> Any:
        asked.append((leaf.name, entity, year))
        pack = "own" if year == 2027 else "national"
        return SimpleNamespace(pack=pack, citation=(leaf.name, entity, year))

    monkeypatch.setattr(Binding, "policy_value", law)
    stages = rows_of(given(town), "benchmark")
    # of a stage's rule by a stage's value: that stage's; the mechanism gives way, the plan stays
    assert stages[2026, "junior"].citation == (("operating_benchmark", 1, 2026), "plan P20")
    assert stages[2025, "primary"].citation == (("operating_benchmark", 0, 2025), "plan P20")
    # of a school's rule by the district's value: the first and only one; documents that the rule
    # itself cites stay alone, but where a pack of the district's own set it
    schools = rows_of(given(town), "training_5")
    own = ("caijiao_2006_5", "jiaodu_2017_6", "plan P12")
    assert schools[2026, "D"].citation == own
    assert schools[2027, "D"].citation == (("training_floor_share", 0, 2027), *own)
    assert schools[2028, "A"].citation == own
    assert MECHANISM not in stages[2026, "junior"].citation
    # a rule without a value of the law cites what it cites
    growth = rows_of(given(town), "growth_total")
    assert growth[2027, "district"].citation == ("education_law 56", "plan P17")
    assert not [each for each in asked if each[0] == "training_floor_share" and each[1]]


def test_without_a_value_of_the_law_the_rule_cites_its_own(town, monkeypatch) -> None:
    monkeypatch.setattr(Binding, "policy_value", lambda *_: None)
    rows = rows_of(given(town), "boarding")
    assert all(row.citation == (MECHANISM,) for row in rows.values())


def table(primary: float, junior: float, special: float = 0.0) -> list[list[float]]:
    """One figure by stage, ten more each year."""
    return [[each + 10 * year for each in (primary, junior, special)] for year in range(5)]


def test_the_balance_table_has_each_stage_year_and_indicators_own_figures(town) -> None:
    made = given(town, mean_books=table(1, 2), sd_books=table(3, 4), cv_books=table(5, 6),
                 mean_backbone=table(101, 102), sd_backbone=table(103, 104),
                 cv_backbone=table(105, 106), cv_limit=table(105, 200), composite_cv=table(7, 8),
                 composite_cv_limit=table(7, 7))  # fmt: skip
    found = made.balance.set_index(["year", "stage", "evaluation", "indicator"])
    assert sorted({key[0] for key in found.index}) == YEARS
    # books are of the basic evaluation alone: no limit and no verdict of their own
    books = found.loc[(2025, "junior", "basic", "books")]
    assert books[["mean", "sd", "cv"]].tolist() == [12, 14, 16]
    assert math.isnan(books["limit"]) and books["status"] == ""
    assert (2025, "junior", "quality", "books") not in found.index
    # backbone teachers of the quality one alone; the limit itself is kept
    row = found.loc[(2028, "primary", "quality", "backbone")]
    assert row[["mean", "sd", "cv", "limit", "status"]].tolist() == [141, 143, 145, 145, "pass"]
    assert found.loc[(2028, "junior", "quality", "backbone")]["mean"] == 142
    assert (2028, "primary", "basic", "backbone") not in found.index
    # the composite of the basic one: 7 of 7 is kept, 8 of 7 is not
    both = [found.loc[(2027, stage, "basic", "composite")] for stage in ("primary", "junior")]
    assert [each["status"] for each in both] == ["pass", "fail"]
    assert [(each["cv"], each["limit"]) for each in both] == [(37, 37), (38, 37)]
    assert all(math.isnan(each["mean"]) and math.isnan(each["sd"]) for each in both)
    # seven of quality, eight and the composite of basic, for two stages and four years
    assert len(found) == (7 + 8 + 1) * 2 * 4


def test_special_schools_have_no_balance() -> None:
    special = {name: value for name, value in school("S", "special", special_pupils=30).items()
               if not name.startswith("primary_") and "_primary" not in name}  # fmt: skip
    made = sim.simulate(district_of([school("A"), school("B"), special]),
                        scenario_of(policy=["national"]))  # fmt: skip
    assert set(made.balance["stage"]) == {"primary"}
    assert made.verdict.years["balanced"].notna().all()


def test_no_room_left_keeps_a_rule_and_breaks_a_strict_one() -> None:
    # what room is left decides, also where it is in another unit than the figures
    five, three, none = (np.array([each]) for each in (5.0, 3.0, 0.0))
    assert status_of(five, three, none, strict=False) == ["pass"]
    assert status_of(five, three, none, strict=True) == ["fail"]


@pytest.mark.parametrize(
    ("cv", "limit", "status"),
    [(0.3, 0.5, "pass"), (0.5, 0.5, "pass"), (0.51, 0.5, "fail"), (UNKNOWN, 0.5, "unknown"),
     (0.3, UNKNOWN, "unknown")],
)  # fmt: skip
def test_a_cv_is_kept_up_to_its_limit(town, cv: float, limit: float, status: str) -> None:
    made = given(town, composite_cv=[[cv] * 3] * 5, composite_cv_limit=[[limit] * 3] * 5)
    found = made.balance
    assert set(found[found["indicator"] == "composite"]["status"]) == {status}


def test_a_stage_that_is_not_there_has_no_balance(primary: sim.Result) -> None:
    assert set(primary.balance["stage"]) == {"primary"}
