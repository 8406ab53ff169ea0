"""What schools lack of the standards and the least money for a school, held against plain sums."""

from __future__ import annotations

import math
from typing import Any

import pytest

from simulator.results.shortfalls import cheapest_school, cost_of_school, shortfalls, unit_price
from tests.unit.engine.test_distance_by_hand import UNKNOWN, YEAR, Town, full


def test_one_more_unit_costs_its_price_by_the_share_that_counts() -> None:
    town = full(facility_share=[1, 0.5, UNKNOWN, 0, 0.25, 1])
    price = [unit_price(town, "teaching_area", YEAR, part) for part in range(6)]  # type: ignore[arg-type]
    assert price == pytest.approx([2, 4, UNKNOWN, UNKNOWN, 8, 2], nan_ok=True)
    assert unit_price(town, "teaching_area", YEAR) == 2  # type: ignore[arg-type]
    assert math.isnan(unit_price(town, "backbone", YEAR, 0))  # type: ignore[arg-type]


def test_what_schools_lack_is_listed_of_those_in_scope() -> None:
    town = full(
        met_teaching_area=[0, 1, UNKNOWN, 0, 0, 1], lacking_teaching_area=[7, 0, 0, 3, 5, 0],
        value_teaching_area=[4, 5, 6, 7, 8, 9], reached_teaching_area=[0.9, 1, 1, 1, 0.8, 1],
        facility_share=[1, 1, 1, 1, 0.25, 1],
        met_backbone=[1, 0, 1, 1, 1, 1], lacking_backbone=[0, 2, 0, 0, 0, 0],
    )  # fmt: skip
    rows = [tuple(row) for row in shortfalls(town, YEAR).itertuples(index=False)]  # type: ignore[arg-type]
    assert rows[1:] == [
        ("A", "primary", "teaching_area", 4, 0.9, 7, 14),
        ("B", "junior", "teaching_area", 8, 0.8, 5, 40),
    ]
    assert rows[0][:6] == ("B", "primary", "backbone", 1, 1, 2)
    assert math.isnan(rows[0][6])


def lacking(**amounts: float) -> Town:
    """A lacks so much of each, of a stock of 100: the standard is 100 and what is lacking."""
    values: dict[str, Any] = {"school_failing": [1, 0, 0, 0, 0, 0]}
    for name, amount in amounts.items():
        values |= {f"met_{name}": [0, 1, 1, 1, 1, 1], f"lacking_{name}": [amount, 0, 0, 0, 0, 0]}
    return full(**values)


@pytest.mark.parametrize(
    ("amounts", "cost"),
    [
        ({}, 0),
        # one may stay at 85% of 200: from 100 to 170 at 2 yuan
        ({"teaching_area": 100}, 140),
        # 10 lacking of 110, 16.5 are allowed
        ({"teaching_area": 10}, 0),
        # the dearest step to the full standard is saved: 15% of 300 or of 200
        ({"teaching_area": 200, "sports_area": 100}, 2 * (300 - 45)),
        ({"teaching_area": 100, "sports_area": 200, "equipment_value": 10}, 2 * (310 - 45)),
        # one that cannot be bought may stay, if it is within its 85%
        ({"backbone": 10}, 0),
        ({"backbone": 10, "sports_area": 100}, 200),
        ({"backbone": 100, "sports_area": 100}, UNKNOWN),
        ({"backbone": 10, "pe_art": 10}, UNKNOWN),
    ],
)
def test_the_least_money_for_a_school(amounts: dict[str, float], cost: float) -> None:
    town = lacking(**amounts)
    found_cost = cost_of_school(town, "A", "primary", YEAR)  # type: ignore[arg-type]
    assert found_cost == pytest.approx(cost, nan_ok=True)
    cheapest = cheapest_school(town, YEAR)  # type: ignore[arg-type]
    assert cheapest == (None if math.isnan(cost) else ("A", "primary", pytest.approx(cost)))


def test_the_cheapest_of_those_that_fail() -> None:
    short = {"met_sports_area": [0, 0, 0, 0, 0, 0], "lacking_sports_area": [90, 80, 50, 1, 70, 60]}
    flat = {"facility_share": [1.0] * 6}
    town = full(**short, **flat, school_failing=[1, 1, 0, 0, 1, 0])
    # junior B lacks 70 of 170, 25.5 are allowed: 44.5 at 2 yuan
    assert cheapest_school(town, YEAR) == ("B", "junior", pytest.approx(89))  # type: ignore[arg-type]
    nobody = full(**short, **flat, school_failing=[0, UNKNOWN, 0, 0, 0, 0])
    assert cheapest_school(nobody, YEAR) is None  # type: ignore[arg-type]
