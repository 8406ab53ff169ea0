"""What a result says of rules, of differences and of money to the line: small, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

import simulator as sim
from simulator.errors import JunhengError
from simulator.law.balance.measure import coefficient_of_variation
from simulator.results.distance import (
    additions_to_limit,
    cheapest_school,
    cost_of_school,
    cost_to_limit,
    distances,
    drivers,
    shortfalls,
)
from simulator.results.evaluation import _figure_status
from simulator.results.judge import all_of, status_of
from simulator.results.result import Result
from tests.building import district_of, scenario_of, school

UNKNOWN = math.nan


def statuses(pairs: list[tuple[float, float]], strict: bool) -> list[str]:
    actual, required = (np.array(column) for column in zip(*pairs, strict=True))
    return status_of(actual, required, actual - required, strict)


def test_a_rule_is_kept_by_equality_and_a_strict_one_is_broken_by_it() -> None:
    pairs = [(101.0, 100.0), (100.0, 100.0), (99.0, 100.0), (UNKNOWN, 100.0), (100.0, UNKNOWN)]
    assert statuses(pairs, strict=False) == ["pass", "pass", "fail", "unknown", "unknown"]
    assert statuses(pairs, strict=True) == ["pass", "fail", "fail", "unknown", "unknown"]


def test_what_counts_as_equal_is_a_billionth_and_no_more() -> None:
    # of 1,000,000 a billionth is 0.001
    pairs = [(1e6 - 0.0007, 1e6), (1e6 - 0.0015, 1e6), (1e6 + 0.0007, 1e6), (1e6 + 0.0015, 1e6)]
    assert statuses(pairs, strict=False) == ["pass", "fail", "pass", "pass"]
    assert statuses(pairs, strict=True) == ["fail", "fail", "fail", "pass"]
    # beside nothing it is of one
    assert statuses([(-0.7e-9, 0.0), (-1.5e-9, 0.0)], strict=False) == ["pass", "fail"]


def test_flags_together() -> None:
    assert all_of([True, True]) is True
    assert all_of([True, None]) is None
    assert all_of([None, False]) is False
    assert all_of([]) is True


@pytest.mark.parametrize("growth", [0.05, -0.05])
def test_the_verdicts_gap_is_the_worst_planned_years(growth: float) -> None:
    # the appropriation grows or falls with the revenue: the worst year is the first or the last
    with_revenue = scenario_of(
        policy=["national"], assumptions={"recurrent_revenue_growth": growth, "pay_growth": 0.0}
    )
    result = sim.simulate(district_of([school("A"), school("B")]), with_revenue)
    gaps = result.district["gap"]
    worst = {0.05: 2026, -0.05: 2028}[growth]
    assert result.verdict.gap == gaps[worst] == gaps.loc[2026:].min() < gaps.loc[2026:].max()


def test_the_coefficient_of_variation() -> None:
    # 10 and 30 a pupil, 100 pupils each: mean 20, deviation 10; a school without pupils is none
    assert coefficient_of_variation([1000, 3000], [100, 100]) == pytest.approx(0.5)
    assert coefficient_of_variation([1000, 3000, 7], [100, 100, 0]) == pytest.approx(0.5)
    # 300 of 400 pupils at 10, 100 at 50: mean 20, variance 0.75 · 100 + 0.25 · 900 = 300
    assert coefficient_of_variation([3000, 5000], [300, 100]) == pytest.approx(300**0.5 / 20)
    assert math.isnan(coefficient_of_variation([1000], [100]))
    assert math.isnan(coefficient_of_variation([1000, 5], [100, 0]))
    assert math.isnan(coefficient_of_variation([0, 0], [100, 100]))
    assert math.isnan(coefficient_of_variation([1000, UNKNOWN], [100, 100]))
    for wrong in (([1, 2], [1]), ([[1, 2]], [[1, 2]]), ([1, 2], [1, -1])):
        with pytest.raises(JunhengError):
            coefficient_of_variation(*wrong)


@pytest.fixture(scope="module")
def short() -> Result:
    """B lacks equipment and teaching area; C a degree, sports area and equipment; A nothing.

    For 200 pupils the standards ask 400,000 yuan of equipment, 900 m² to teach, 1,500 m² of
    sports area, 8.4 teachers with a degree; a m² costs 3,500 and 600 yuan.
    """
    rows = [
        school("A"),
        school("B", equipment_value=300_000, teaching_area=800),
        school("C", primary_higher_degree=8, equipment_value=100_000, sports_area=1300),
        school("D", equipment_value=300_000),
        school("E", primary_backbone=1, primary_higher_degree=8),
        school("F", primary_backbone=1, equipment_value=300_000),
        school("G", sports_area=1000),
    ]
    flat = {"price_growth": 0.0}
    return sim.simulate(district_of(rows), scenario_of(policy=["national"], assumptions=flat))


@pytest.mark.parametrize(
    ("name", "cost"),
    [
        ("A", 0),
        # 100,000 of equipment and 100 m² for 350,000; one may stay at 85%: without the area
        # (135 m² under the standard are allowed) 100,000; without the equipment 350,000 and the
        # 40,000 up to its 85%
        ("B", 100_000),
        # the degree cannot be bought and may stay (0.4 lacking, 1.26 allowed): 200 m² and 300,000
        ("C", 120_000 + 300_000),
        # 100,000 lacking, 60,000 allowed
        ("D", 40_000),
        # two that cannot be bought
        ("E", UNKNOWN),
        # one backbone teacher lacking, 0.3 allowed
        ("F", UNKNOWN),
        # 500 m² lacking, 225 allowed: 275 at 600
        ("G", 165_000),
    ],
)
def test_the_least_money_for_six_of_seven(short: Result, name: str, cost: float) -> None:
    found = cost_of_school(short, name, "primary", 2025)
    assert found == pytest.approx(cost, nan_ok=True)


def test_the_cheapest_school_is_the_one_that_least_money_brings_over_the_line(short) -> None:
    assert cheapest_school(short, 2025) == ("D", "primary", pytest.approx(40_000))
    fine = sim.simulate(district_of([school("A")]), scenario_of(policy=["national"]))
    assert cheapest_school(fine, 2025) is None


def test_what_is_lacking_is_listed_by_indicator_with_its_cost(short: Result) -> None:
    rows = shortfalls(short, 2025)
    listed = {
        (row.school_id, row.indicator): (row.value, row.reached, row.lacking, row.cost)
        for row in rows.itertuples()
    }
    assert len(listed) == len(rows) == 11
    assert listed["B", "teaching_area"] == pytest.approx((4.0, 800 / 900, 100, 350_000))
    assert listed["B", "equipment_value"] == pytest.approx((1500, 0.75, 100_000, 100_000))
    assert listed["C", "sports_area"] == pytest.approx((6.5, 1300 / 1500, 200, 120_000))
    assert listed["E", "backbone"] == pytest.approx((0.5, 0.5, 1, UNKNOWN), nan_ok=True)


def test_who_drives_the_difference() -> None:
    # 2,500, 1,500 and 500 yuan a pupil: mean 1,500, S² = (1,000² + 0 + 1,000²) ÷ 3
    values = {"A": 1500, "B": 500, "C": 2500}
    rows = [school(name, equipment_value=200 * value) for name, value in values.items()]
    result = sim.simulate(district_of(rows), scenario_of(policy=["national"]))
    found = drivers(result, "equipment_value", "primary", 2025)
    assert found.index.tolist() == ["B", "C", "A"]
    assert found["value"].tolist() == [500, 2500, 1500]
    assert found["mean"].tolist() == [1500] * 3
    assert found["contribution"].tolist() == pytest.approx([1e6 / 3, 1e6 / 3, 0])
    assert found["share"].tolist() == pytest.approx([0.5, 0.5, 0])


def test_no_difference_has_no_driver() -> None:
    result = sim.simulate(district_of([school("A"), school("B")]), scenario_of(policy=["national"]))
    found = drivers(result, "equipment_value", "primary", 2025)
    assert found["contribution"].tolist() == [0, 0]
    assert found["share"].isna().all()


def test_the_distance_of_a_stage_adds_up(short: Result) -> None:
    table = distances(short, 2025)
    assert table["stage"].unique().tolist() == ["primary"]
    row = table.set_index("indicator").loc["equipment_value"]
    # 500,000 at A, E and G, 300,000 at B, D and F, 100,000 at C: for 1,400 pupils
    assert row["mean"] == pytest.approx((3 * 500_000 + 3 * 300_000 + 100_000) / 1400)
    assert (row["below"], row["lacking"]) == (4, pytest.approx(600_000))
    assert row["lacking_cost"] == pytest.approx(600_000)
    assert row["headroom"] == pytest.approx(row["limit"] - row["cv"])
    degrees = table.set_index("indicator").loc["higher_degree"]
    assert (degrees["below"], degrees["lacking"]) == (2, pytest.approx(0.8))
    assert math.isnan(degrees["lacking_cost"])


def test_one_unknown_school_leaves_the_way_to_the_limit_unknown() -> None:
    rows = [school("A"), school("B", equipment_value=None), school("C", equipment_value=50_000)]
    result = sim.simulate(district_of(rows), scenario_of(policy=["national"]))
    assert additions_to_limit(result, "equipment_value", "primary", 2025).empty
    assert math.isnan(cost_to_limit(result, "equipment_value", "primary", 2025))
    # what does not look at the equipment is known
    assert cost_to_limit(result, "books", "primary", 2025) == 0


def test_every_check_says_of_whom_it_speaks() -> None:
    rows = [school("A"), school("B", "nine_year")]
    result = sim.simulate(district_of(rows), scenario_of(policy=["national"]))
    subjects = result.checks.groupby("rule")["subject"].agg(set)
    assert subjects["growth_total"] == {"district"}
    assert subjects["growth_per_pupil"] == {"primary", "junior"}
    assert subjects["training_5"] == {"A", "B"}


@pytest.mark.parametrize(
    ("value", "target", "sense", "status"),
    [
        (1.0, 1.0, "above", "fail"), (1.1, 1.0, "above", "pass"),
        (1.0, 1.0, "at_least", "pass"), (0.9, 1.0, "at_least", "fail"),
        (1.0, 1.0, "at_most", "pass"), (1.1, 1.0, "at_most", "fail"),
        (UNKNOWN, 1.0, "at_least", "unknown"), (1.0, UNKNOWN, "above", "unknown"),
    ],
)  # fmt: skip
def test_a_target_is_met_by_its_sense(value, target, sense, status) -> None:
    assert _figure_status(value, target, sense) == status
