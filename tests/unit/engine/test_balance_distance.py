"""What brings a coefficient of variation to its limit: raising, moving, one school alone."""

from __future__ import annotations

import math

import numpy as np
import pytest

import simulator as sim
from simulator.results.distance import (
    additions_to_limit,
    cost_to_limit,
    distances,
    moves_to_limit,
    school_to_limit,
)
from tests.building import district_of, scenario_of, school

NATIONAL = {"policy": ["national"], "assumptions": {"price_growth": 0.0}}


def run(rows, **scenario):
    return sim.simulate(district_of(rows), scenario_of(**{**NATIONAL, **scenario}))


def two(**fields):
    """Two schools of 200 pupils with 1,600 and 400 yuan a pupil: CV 600 ÷ 1,000 = 0.6."""
    rows = [("A", 1600), ("B", 400)]
    return [school(name, equipment_value=200 * value, **fields) for name, value in rows]


def test_the_lowest_school_is_raised_until_the_cv_is_half():
    # (1,600 − b) ÷ (1,600 + b) = 0.5 → b = 533.33: 133.33 × 200 = 26,666.67 yuan
    made = run(two())
    added = additions_to_limit(made, "equipment_value", "primary", 2025)
    assert added.to_dict() == {"A": 0, "B": pytest.approx(26_666.67, abs=0.01)}
    assert cost_to_limit(made, "equipment_value", "primary", 2025) == pytest.approx(26_666.67)
    assert school_to_limit(made, "equipment_value", "primary", 2025) == (
        "B",
        pytest.approx(26_666.67),
        pytest.approx(26_666.67),
    )


def test_moving_takes_less_than_adding_and_adds_nothing():
    # (1,200 − 2m) ÷ 2,000 = 0.5 → m = 100: 100 × 200 = 20,000 from A to B
    moved = moves_to_limit(run(two()), "equipment_value", "primary", 2025)
    assert moved["B"] == pytest.approx(20_000) and moved["A"] == pytest.approx(-20_000)


def test_nothing_is_needed_within_the_limit_and_no_school_is_named():
    made = run([school("A"), school("B", equipment_value=400_000)])
    assert cost_to_limit(made, "equipment_value", "primary", 2025) == 0
    assert school_to_limit(made, "equipment_value", "primary", 2025) is None
    assert not moves_to_limit(made, "equipment_value", "primary", 2025).any()


def test_teachers_are_counted_but_have_no_price():
    # 9 and 1 of 200 pupils: CV 0.8; limit 0.5: 9 ÷ 3 = 3, two more at B; or one and a half moved
    rows = [school("A", primary_backbone=9), school("B", primary_backbone=1)]
    made = run(rows)
    row = distances(made, 2025).set_index("indicator").loc["backbone"]
    assert row["added"] == pytest.approx(2) and row["moved"] == pytest.approx(1.5)
    assert row["school_id"] == "B" and row["school_added"] == pytest.approx(2)
    assert math.isnan(row["cost"]) and math.isnan(row["school_cost"])
    # the standard is 1 for every 100: 9 of 2 at A, 1 of 2 at B
    assert (row["below"], row["lacking"]) == (1, pytest.approx(1))


def test_a_mixed_school_pays_for_both_stages():
    # half of what a nine-year school of 220 and 200 pupils buys counts for primary:
    # 220 ÷ (220 + 1.1 × 200) = 0.5; value 1,600 × 220 = 352,000 of it, twice as much in all
    rows = [
        school("A", equipment_value=352_000, primary_pupils=220),
        school("B", "nine_year", equipment_value=2 * 88_000, primary_pupils=220),
        school("C", "junior", equipment_value=100_000),
    ]
    made = run(rows)
    added = additions_to_limit(made, "equipment_value", "primary", 2025)
    assert added["B"] == pytest.approx(220 * (1600 / 3 - 400))
    cost = cost_to_limit(made, "equipment_value", "primary", 2025)
    assert cost == pytest.approx(2 * 220 * (1600 / 3 - 400))


def test_an_empty_cell_leaves_the_distance_unknown():
    made = run([*two(), school("C", equipment_value=None)])
    row = distances(made, 2025).set_index("indicator").loc["equipment_value"]
    assert np.isnan(row[["cv", "headroom", "below", "lacking", "added", "cost", "moved"]]
                    .astype(float)).all()  # fmt: skip
    assert row["school_id"] is None


@pytest.fixture(scope="module")
def sample():
    return sim.simulate(sim.sample_district(), sim.load_scenario("scenarios/equipment_first.yaml"))


def test_the_remedies_of_the_sample_do_bring_the_cv_to_its_limit(sample):
    stage = [p for p, (_, stage) in enumerate(sample.index.parts) if stage == "primary"]
    scope = [p for p in stage if sample.at("in_scope", 2025)[p] == 1]
    names = [sample.index.parts[p][0] for p in scope]
    stock, pupils = (sample.at(name, 2025)[scope] for name in ("backbone", "pupils"))
    assert sim.coefficient_of_variation(stock, pupils) > 0.5
    for remedy in (additions_to_limit, moves_to_limit):
        change = remedy(sample, "backbone", "primary", 2025)[names].to_numpy()
        assert sim.coefficient_of_variation(stock + change, pupils) == pytest.approx(0.5)
    found = school_to_limit(sample, "backbone", "primary", 2025)
    assert found is not None
    alone = np.array([found[1] if name == found[0] else 0 for name in names])
    assert sim.coefficient_of_variation(stock + alone, pupils) == pytest.approx(0.5)
    # nobody else does it with less: a hundredth less elsewhere stays above the limit
    for place in range(len(names)):
        less = np.eye(len(names))[place] * (found[1] - 0.001)
        assert sim.coefficient_of_variation(stock + less, pupils) > 0.5
