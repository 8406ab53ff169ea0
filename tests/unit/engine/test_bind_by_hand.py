"""What a district's sheets and the packs say, as numbers over years, stages, schools and parts."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

import simulator as sim
from simulator.results.binding import parameter_key
from simulator.results.school_facts import _several_stages
from tests.building import district_of, scenario_of, school

UNKNOWN = math.nan


def special(identifier: str, **fields: Any) -> dict[str, Any]:
    """A special school of 30 pupils, 28 the year before."""
    row = school(identifier, "special", special_pupils=30, special_pupils_prior=28, **fields)
    return {name: value for name, value in row.items()
            if not name.startswith("primary_") and "_primary" not in name}  # fmt: skip


def bound(rows: list[dict[str, Any]], fiscal: Any = None, **said: Any) -> sim.Result:
    settings = said.pop("settings", {})
    made = scenario_of(**{"policy": [], **said})
    return sim.simulate(district_of(rows, fiscal, **settings), made, wanted=[])


def same(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(found, np.array(expected, dtype=float), rtol=1e-12)
    assert np.shape(found) == np.shape(expected)


#: Each type once, and who and where it is. Parts: A B D F H primary, then B C E F junior…
KINDS = [
    school("A", area="rural"),
    school("B", "nine_year", area="rural", ownership="private"),
    school("C", "junior", area="urban"),
    school("D", "teaching_point", area="rural", ownership="public"),
    school("E", "junior", school_type="complete_secondary", area=None),
    special("F", area="urban"),
    school("G", area=None),
    school("H", area="urban"),
    school("I", "nine_year", school_type="twelve_year"),
]


@pytest.fixture(scope="module")
def kinds() -> sim.Result:
    return bound(KINDS)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        #                  A  B  C  D  E  F  G  H  I
        ("teaching_point", [0, 0, 0, 1, 0, 0, 0, 0, 0]),
        ("special_school", [0, 0, 0, 0, 0, 1, 0, 0, 0]),
        ("has_senior", [0, 0, 0, 0, 1, 0, 0, 0, 1]),
        ("public_school", [1, 0, 1, 1, 1, 1, 1, 1, 1]),
        # a nine-year and a twelve-year school, and one with senior pupils
        ("several_stages", [0, 1, 0, 0, 1, 0, 0, 0, 1]),
        ("rural_school", [1, 1, 0, 1, UNKNOWN, 0, UNKNOWN, 0, 0]),
        ("in_town", [0, 0, 1, 0, UNKNOWN, 1, UNKNOWN, 1, 0]),
        # a rural nine-year school is none, a teaching point is one wherever it lies
        ("village_school", [1, 0, 0, 1, 0, 0, UNKNOWN, 0, 0]),
    ],
)
def test_facts_of_a_school_that_follow_from_what_it_is(kinds, name, expected) -> None:
    same(kinds.binding.arrays[name], [expected])


def test_special_pupils_make_a_school_a_mixed_one() -> None:
    frame = pd.DataFrame(
        {"school_type": ["primary", "primary", "primary", "special"],
         "special_pupils": [1.0, 0.0, UNKNOWN, 30.0]}
    )  # fmt: skip
    same(_several_stages(frame), [1, 0, 0, 0])


def test_facts_of_years_and_stages(kinds: sim.Result) -> None:
    found = kinds.binding.arrays
    same(found["planned"], [[UNKNOWN], [0], [1], [1], [1]])
    same(found["planned_years"], [[3]])
    same(found["ordinary_stage"], [[1, 1, 0]])
    same(found["no_standard"], [[UNKNOWN] * 3])


def test_parts_are_ranked_within_their_stage_by_code() -> None:
    # the sheet's order is not the codes': primary C, A, B; junior C, B
    rows = [school("C", "nine_year"), school("A"), school("B", "nine_year")]
    found = bound(rows)
    assert [name for name, _ in found.index.parts] == ["C", "A", "B", "C", "B"]
    same(found.binding.arrays["code_rank"], [[3, 1, 2, 2, 1]])


def test_a_column_by_stage_stands_at_its_parts_and_is_none_elsewhere() -> None:
    rows = [
        school("A", primary_boarders=5),
        school("B", "nine_year", primary_boarders=None, junior_boarders=7, junior_teachers=16),
        special("C"),
    ]
    found = bound(rows).binding.arrays
    same(found["counted_boarders"], [[5, UNKNOWN, 7, 0]])
    same(found["counted_teachers"], [[15, 15, 16, 0]])
    same(found["counted_payroll"], [[2e6] * 3])


def test_pupils_are_known_of_two_years_alone() -> None:
    rows = [school("A"), school("B", "nine_year", junior_pupils=190, junior_pupils_prior=None),
            special("C")]  # fmt: skip
    found = bound(rows).binding.arrays
    later = [[UNKNOWN] * 4] * 3
    same(found["observed_pupils"], [[210, 210, UNKNOWN, 28], [200, 200, 190, 30], *later])


def test_boarders_and_mainstreamed_of_the_year_before() -> None:
    rows = [
        school("A", primary_boarders_prior=11, mainstreamed_primary_prior=2),
        school("B", "nine_year", junior_boarders_prior=12, mainstreamed_junior_prior=3),
        special("C"),
    ]
    found = bound(rows).binding.arrays
    later = [[UNKNOWN] * 4] * 4
    # a special school has no such column: unknown, not nothing
    same(found["prior_boarders"], [[11, UNKNOWN, 12, UNKNOWN], *later])
    same(found["prior_mainstreamed"], [[2, UNKNOWN, 3, UNKNOWN], *later])


def graded(identifier: str, kind: str = "primary", years: int = 6) -> dict[str, Any]:
    """A school with 101, 102 … pupils in its grades 1, 2 …"""
    grades = {"primary": range(1, years + 1), "junior": range(years + 1, 10)}
    stages = {"nine_year": ("primary", "junior"), "junior": ("junior",)}.get(kind, ("primary",))
    counts = {f"grade_{grade}": 100 + grade for stage in stages for grade in grades[stage]}
    pupils = {f"{stage}_pupils": sum(100 + grade for grade in grades[stage]) for stage in stages}
    return school(identifier, kind, **counts, **pupils)


@pytest.mark.parametrize(
    ("system", "years", "primary", "junior"),
    [
        ("six_three", 6, [101, 102, 103, 104, 105, 106], [107, 108, 109, 0, 0, 0]),
        ("five_four", 5, [101, 102, 103, 104, 105, 0], [106, 107, 108, 109, 0, 0]),
    ],
)
def test_grades_are_years_of_study_of_their_stage(system, years, primary, junior) -> None:
    rows = [graded("A", years=years), graded("B", "nine_year", years), special("C")]
    found = bound(rows, settings={"school_system": system})
    by_part = [found.binding.arrays[f"observed_grade_{grade}"][1] for grade in range(1, 7)]
    expected = [[p, p, j, UNKNOWN] for p, j in zip(primary, junior, strict=True)]
    same(by_part, expected)
    # a year of study that the stage does not have is nobody's in every year
    for grade in range(1, 7):
        row = found.binding.arrays[f"observed_grade_{grade}"][:, 2]
        same(row, [0] * 5 if junior[grade - 1] == 0 else
             [UNKNOWN, junior[grade - 1], *[UNKNOWN] * 3])  # fmt: skip


def test_cohorts_move_up_into_the_planned_years() -> None:
    pupils = {"method": "cohort", "intake": {"primary": 90, "junior": 80}}
    rows = [graded("A"), graded("B", "junior")]
    found = bound(rows, assumptions={"pupils": pupils}).binding.arrays
    # A: 90 come, the sixth grade of 106 leaves: 621 + 90 − 106 = 605
    assert found["observed_pupils"][2, 0] == 605
    assert [found[f"observed_grade_{grade}"][2, 0] for grade in range(1, 7)] == [
        90, 101, 102, 103, 104, 105,
    ]  # fmt: skip
    # B: 80 come, the ninth grade of 109 leaves: 324 + 80 − 109 = 295
    assert found["observed_pupils"][2, 1] == 295
    assert [found[f"observed_grade_{grade}"][2, 1] for grade in range(1, 4)] == [80, 107, 108]


def money(year: int, revenue: float, appropriation: Any, transfers: Any = 0) -> dict[str, Any]:
    return {"year": year, "recurrent_revenue": revenue, "education_appropriation": appropriation,
            "upper_transfers": transfers}  # fmt: skip


def test_accounts_are_those_of_the_base_year_and_the_year_before() -> None:
    fiscal = [money(2023, 90e6, 38e6), money(2024, 100e6, 40e6, 3e6), money(2025, 105e6, None)]
    found = bound([school("A"), school("B")], fiscal).binding.arrays
    later = [[UNKNOWN]] * 3
    same(found["observed_revenue"], [[100e6], [105e6], *later])
    same(found["observed_appropriation"], [[40e6], [UNKNOWN], *later])
    same(found["observed_transfers"], [[3e6], [0], *later])


def test_a_planned_year_of_the_accounts_does_not_count() -> None:
    district = district_of([school("A"), school("B")])
    fiscal = district.fiscal.copy()
    fiscal.loc[2026] = fiscal.loc[2025]
    made = sim.simulate(
        dataclasses.replace(district, fiscal=fiscal), scenario_of(policy=[]), wanted=[]
    )
    assert np.isnan(made.binding.arrays["observed_revenue"][2:]).all()


@pytest.mark.parametrize(
    ("settings", "part", "apart"),
    [
        ({}, 1, 1),
        ({"appropriation_scope": "compulsory", "compulsory_share": 0.7}, 1, 1),
        ({"appropriation_scope": "all", "compulsory_share": 0.7}, 0.7, 1),
        ({"appropriation_scope": "all"}, UNKNOWN, 1),
        ({"appropriation_includes_transfers": 1}, 1, 0),
        ({"appropriation_includes_transfers": 0}, 1, 1),
    ],
)
def test_what_the_appropriation_is_for_and_whether_transfers_are_in_it(settings, part, apart):
    found = bound([school("A"), school("B")], settings=settings).binding.arrays
    same(found["compulsory_part"], [[part]])
    same(found["transfers_apart"], [[apart]])


def test_a_districts_own_rates_and_shares() -> None:
    settings = {"operating_rate_primary": 800, "operating_rate_junior": 1000,
                "share_central": 0.5, "share_province": 0.2, "share_city": 0.1}  # fmt: skip
    found = bound([school("A"), school("B")], settings=settings).binding.arrays
    same(found["current_rate"], [[800, 1000, UNKNOWN]])
    same(found["own_central_share"], [[0.5]])
    same(found["own_province_share"], [[0.2]])
    same(found["own_city_share"], [[0.1]])


@pytest.fixture(scope="module")
def national() -> sim.Result:
    return bound(KINDS, policy=["national"])


def test_a_value_of_the_law_is_found_by_stage_area_type_and_tier(national: sim.Result) -> None:
    index, district = national.index, national.binding.district

    def key(name: str, entity: int) -> tuple[str, str | None]:
        return parameter_key(national.graph.inputs[name], entity, index, district)

    # 江苏 is in the east; nobody gave a sharing tier
    assert key("operating_benchmark", 1) == ("operating_benchmark", "junior:east")
    assert key("central_share", 0)[1] == ""
    assert key("senior_split_weight", 0)[1] == "senior"
    assert key("repair_price_benchmark", 0)[1] == "east"
    assert key("training_floor_share", 0)[1] is None
    assert key("aid_benchmark_boarder", 0)[1] == "primary_boarder"
    assert key("aid_benchmark_day", 1)[1] == "junior_day"
    parts = {part: position for position, part in enumerate(index.parts)}
    assert key("pupils_per_staff", parts["A", "primary"])[1] == "primary:rural"
    assert key("pupils_per_staff", parts["C", "junior"])[1] == "junior:urban"
    # where its area is not known, the stage's value for all places
    assert key("pupils_per_staff", parts["E", "junior"])[1] == "junior"
    school_size = national.graph.inputs["school_size_cap"]
    assert school_size.level == "school"
    assert [key("school_size_cap", entity)[1] for entity in (0, 1, 2, 3, 4)] == [
        "primary", "nine_year", "junior", "teaching_point", "complete_secondary",
    ]  # fmt: skip


@pytest.mark.parametrize(("tier", "share", "price"), [(1, 0.8, 1200), (2, 0.6, 1100)])
def test_the_sharing_tier_says_what_the_centre_bears(tier, share, price) -> None:
    # 国发〔2015〕67号: west 8 : 2, centre 6 : 4; repair 1,200 and 1,100 yuan a m² from 2024
    settings = {"sharing_tier": tier, "province": ""}
    found = bound([school("A"), school("B")], policy=["national"], settings=settings)
    same(found.binding.arrays["central_share"], [[share]] * 5)
    same(found.binding.arrays["repair_price_benchmark"], [[price]] * 5)


def test_values_of_the_law_stand_in_their_years(national: sim.Result) -> None:
    policy, found = national.binding.policy, national.binding.arrays["operating_benchmark"]
    for row, year in enumerate(national.index.years):
        for column, stage in enumerate(("primary", "junior")):
            law = policy.value("operating_benchmark", year, stage)
            assert law is not None
            assert found[row, column] == law.amount
    # 国发〔2015〕67号 in its values from 2023 on: 720 and 940 yuan
    assert found[1, :2].tolist() == [720, 940]
    assert found.shape == (5, 3)


def test_the_value_of_the_law_behind_a_number_is_the_one_of_its_place(national: sim.Result) -> None:
    leaf = national.graph.inputs["operating_benchmark"]
    law = national.binding.policy_value(leaf, 1, 2026)
    assert law is not None
    assert (law.parameter, law.amount) == ("operating_benchmark", 940)
