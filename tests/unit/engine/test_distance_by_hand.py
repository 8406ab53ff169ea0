"""What brings a CV to its limit, held against plain sums: three schools, one out of scope."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq

from simulator.law.balance.quantities import QUALITY
from simulator.results.distance import (
    additions_to_limit,
    cost_to_limit,
    distances,
    drivers,
    moves_to_limit,
    school_to_limit,
)
from simulator.stages import STAGES

UNKNOWN = math.nan
#: The last primary school is out of scope; B has a junior stage as well.
PARTS = (("A", "primary"), ("B", "primary"), ("C", "primary"), ("D", "primary"),
         ("B", "junior"), ("E", "junior"))  # fmt: skip
PUPILS = [100.0, 300, 100, 50, 100, 100]
#: 30, 10 and 20 a pupil: mean 16, S² = (100 · 14² + 300 · 6² + 100 · 4²) ÷ 500 = 64, CV 0.5.
STOCK = [3000.0, 3000, 2000, 9, 1000, 3000]
YEAR = 2026


class Town:
    """Figures of one year by name; of any other year nothing is known."""

    def __init__(self, **values: Any) -> None:
        self.index = SimpleNamespace(
            parts=PARTS,
            part_stage=np.array([STAGES.index(stage) for _, stage in PARTS]),
            part_position={part: place for place, part in enumerate(PARTS)},
        )
        self.values = {
            "in_scope": [1, 1, 1, 0, 1, 1], "pupils": PUPILS, "equipment_value": STOCK,
            "backbone": STOCK, "cv_limit": [0.4, 0.45, UNKNOWN],
            "unit_price_equipment_value": [3.0], "facility_share": [1, 0.5, 1, 1, 0.25, 1],
            **values,
        }  # fmt: skip

    def at(self, name: str, year: int) -> Any:
        assert year == YEAR
        return np.array(self.values[name], dtype=float)


def cv(stock: Any, pupils: Any) -> float:
    """√(Σ w (x − mean)²) ÷ mean, w by pupils."""
    stock, pupils = np.array(stock), np.array(pupils)
    mean = stock.sum() / pupils.sum()
    return float(np.sqrt((pupils * (stock / pupils - mean) ** 2).sum() / pupils.sum()) / mean)


def found(function: Any, town: Town, item: str = "equipment_value", stage: str = "primary") -> Any:
    return function(town, item, stage, YEAR)


def test_the_fixture_is_what_it_says() -> None:
    assert cv(STOCK[:3], PUPILS[:3]) == pytest.approx(0.5)


def raised(stock: Any, pupils: Any, limit: float, place: int, most: float) -> float:
    """How much one school alone needs, found by trying."""

    def off(more: float) -> float:
        tried = list(stock)
        tried[place] += more
        return cv(tried, pupils) - limit

    return float(brentq(off, 0, most, xtol=1e-12))


def test_the_lowest_alone_is_raised_as_long_as_it_stays_lowest() -> None:
    # B with q more: (500 ÷ 300 − 1.16) q² − 8,560 q + 5,760,000 = 0
    q = (8560 - math.sqrt(8560**2 - 4 * (500 / 300 - 1.16) * 5_760_000)) / 2 / (500 / 300 - 1.16)
    assert q == pytest.approx(raised(STOCK[:3], PUPILS[:3], 0.4, 1, 3000))
    added = found(additions_to_limit, Town())
    assert added.to_dict() == {"A": 0, "B": pytest.approx(q), "C": 0}
    # half of what B buys counts for its primary stage: 2 · 3 yuan a unit
    assert found(cost_to_limit, Town()) == pytest.approx(6 * q)
    # A and C alone cannot do it
    assert found(school_to_limit, Town()) == ("B", pytest.approx(q), pytest.approx(6 * q))


def test_the_limit_is_the_stages_own() -> None:
    # junior: 10 and 30 a pupil: (30 − 10 − x) ÷ (40 + x) = 0.45 → x = 2 ÷ 1.45
    added = found(additions_to_limit, Town(), stage="junior")
    assert added.to_dict() == {"B": pytest.approx(100 * 2 / 1.45), "E": 0}
    assert found(cost_to_limit, Town(), stage="junior") == pytest.approx(12 * 100 * 2 / 1.45)


def test_two_lowest_are_raised_to_one_level() -> None:
    # 30, 10 and 12 a pupil; with level x for the lower two: CV = 20 % needs x far above 12
    stock = [3000.0, 3000, 1200, 0, 0, 0]
    town = Town(equipment_value=stock, cv_limit=[0.2, 0.2, 0.2])
    added = found(additions_to_limit, town)
    level = {name: (stock[place] + added[name]) / PUPILS[place]
             for place, name in enumerate("ABC")}  # fmt: skip
    assert level["A"] == 30
    assert level["B"] == pytest.approx(level["C"]) and 12 < level["B"] < 30
    after = [stock[place] + added[name] for place, name in enumerate("ABC")]
    assert cv(after, PUPILS[:3]) == pytest.approx(0.2, abs=1e-9)


def test_down_to_no_difference_at_all_everybody_is_raised_to_the_highest() -> None:
    added = found(additions_to_limit, Town(cv_limit=[0, 0, 0]))
    # B from 10 to 30 for 300 pupils, C from 20 to 30 for 100
    assert added.tolist() == pytest.approx([0, 6000, 1000], abs=0.1)
    moved = found(moves_to_limit, Town(cv_limit=[0, 0, 0]))
    # to 16 a pupil each
    assert moved.tolist() == pytest.approx([-1400, 1800, -400], abs=0.1)


def test_moves_go_from_the_best_off_to_the_worst_off() -> None:
    moved = found(moves_to_limit, Town())
    # A gives m until it has C's 20 a pupil (m = 1,000); mean stays 16: variance
    # (100 (14 − m/100)² + 300 (m/300 − 6)² + 1,600) ÷ 500 = 6.4²
    #   → (1/100 + 1/300) m² − 2 (14 + 6) m + 32,000 − 20,480 = 0
    a, b, c = 1 / 100 + 1 / 300, -40, 32_000 - 20_480
    m = (-b - math.sqrt(b * b - 4 * a * c)) / 2 / a
    assert 0 < m < 1000
    assert moved.to_dict() == {"A": pytest.approx(-m), "B": pytest.approx(m), "C": 0}


def test_those_who_give_and_those_who_get_come_to_one_level_each() -> None:
    # 9, 8 and 1 a pupil for 1, 2 and 5 pupils: 30 for 8; both of the better off give
    stock, pupils = [9.0, 16, 5], [1.0, 2, 5]
    town = Town(equipment_value=[*stock, 0, 0, 0], pupils=[*pupils, 1, 1, 1], cv_limit=[0.1] * 3)
    moved = found(moves_to_limit, town)
    after = [stock[place] + moved[name] for place, name in enumerate("ABC")]
    assert sum(after) == pytest.approx(30)
    assert cv(after, pupils) == pytest.approx(0.1, abs=1e-9)
    assert after[0] == pytest.approx(after[1] / 2, rel=1e-9)


@pytest.mark.parametrize("limit", [0.5 + 1e-6, 0.6])
def test_within_the_limit_nothing_is_needed(limit: float) -> None:
    town = Town(cv_limit=[limit] * 3)
    assert found(additions_to_limit, town).to_dict() == {"A": 0, "B": 0, "C": 0}
    assert found(moves_to_limit, town).to_dict() == {"A": 0, "B": 0, "C": 0}
    assert found(cost_to_limit, town) == 0
    assert found(school_to_limit, town) is None


def test_a_limit_missed_by_less_than_what_counts_as_equal_is_kept() -> None:
    town = Town(cv_limit=[cv(STOCK[:3], PUPILS[:3]) - 1e-10] * 3)
    assert found(school_to_limit, town) is None
    assert found(cost_to_limit, town) == 0


@pytest.mark.parametrize(
    "values",
    [
        {"cv_limit": [UNKNOWN] * 3},
        {"pupils": [100, UNKNOWN, 100, 50, 100, 100]},
        {"equipment_value": [3000, UNKNOWN, 2000, 9, 0, 0]},
        {"equipment_value": [0.0] * 6},
        {"in_scope": [1, 0, 0, 0, 1, 1]},
    ],
)
def test_what_cannot_be_computed_has_no_way(values: dict[str, Any]) -> None:
    town = Town(**values)
    assert found(additions_to_limit, town).empty
    assert found(moves_to_limit, town).empty
    assert math.isnan(found(cost_to_limit, town))
    assert found(school_to_limit, town) is None


def test_two_schools_and_less_than_one_unit_are_enough() -> None:
    # 0.3 and 0.1 a pupil: to (0.3 − 0.1 − x) ÷ (0.4 + x) = 0.4 → x = 0.04 ÷ 1.4
    town = Town(equipment_value=[30, 10, 0, 0, 0, 0], pupils=[100.0] * 6,
                in_scope=[1, 1, 0, 0, 0, 0])  # fmt: skip
    assert found(additions_to_limit, town).tolist() == pytest.approx([0, 100 * 0.04 / 1.4])
    tiny = Town(equipment_value=[0.3, 0.1, 0, 0, 0, 0], pupils=[1.0] * 6,
                in_scope=[1, 1, 0, 0, 0, 0])  # fmt: skip
    assert found(additions_to_limit, tiny).tolist() == pytest.approx([0, 0.04 / 1.4])
    # B alone does it; A, the best off, would have to give some away
    assert found(school_to_limit, tiny)[:2] == ("B", pytest.approx(0.04 / 1.4))


def test_who_alone_does_it_most_cheaply_or_with_least() -> None:
    # 30, 10 and 9 a pupil for 100, 200 and 100 pupils
    stock, pupils = [3000.0, 2000, 900], [100.0, 200, 100]
    town = Town(equipment_value=[*stock, 0, 0, 0], backbone=[*stock, 0, 0, 0],
                pupils=[*pupils, 1, 1, 1], cv_limit=[0.55] * 3)  # fmt: skip
    assert cv(stock, pupils) > 0.55
    b = raised(stock, pupils, 0.55, 1, 1500)
    c = raised(stock, pupils, 0.55, 2, 1000)
    least = {"B": b, "C": c}
    few = min(least, key=lambda name: least[name])
    assert found(school_to_limit, town, "backbone") == (
        few, pytest.approx(least[few], rel=1e-6), pytest.approx(UNKNOWN, nan_ok=True),
    )  # fmt: skip
    # where what the other buys counts whole and this one's a hundredth, the other is cheaper
    shares = {"B": [1, 0.01, 1, 1, 1, 1], "C": [1, 1, 0.01, 1, 1, 1]}[few]
    other = "C" if few == "B" else "B"
    dear = Town(equipment_value=[*stock, 0, 0, 0], pupils=[*pupils, 1, 1, 1],
                cv_limit=[0.55] * 3, facility_share=shares)  # fmt: skip
    assert found(school_to_limit, dear) == (
        other, pytest.approx(least[other], rel=1e-6), pytest.approx(3 * least[other], rel=1e-6),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_of_any_schools_the_one_named_reaches_the_limit_and_no_other_with_less(seed: int) -> None:
    draws = np.random.default_rng(seed)
    stock, pupils = draws.uniform(10, 9000, 3), draws.integers(20, 900, 3).astype(float)
    limit = cv(stock, pupils) * draws.uniform(0.75, 0.98)
    town = Town(backbone=[*stock, 0, 0, 0], pupils=[*pupils, 1, 1, 1], cv_limit=[limit] * 3)
    reach = [
        min((cv([*stock[:place], stock[place] + more, *stock[place + 1 :]], pupils), more)
            for more in np.linspace(0, 4e4, 2001))
        for place in range(3)
    ]  # fmt: skip
    able = [place for place, (least, _) in enumerate(reach) if least < limit]
    alone = found(school_to_limit, town, "backbone")
    if alone is None:
        assert not able
        return
    needs = {"ABC"[place]: raised(stock, pupils, limit, place, reach[place][1]) for place in able}
    assert alone[0] == min(needs, key=lambda name: needs[name])
    assert alone[1] == pytest.approx(needs[alone[0]], rel=1e-6)


def test_special_schools_have_no_distance() -> None:
    town = full()
    town.index.part_stage = np.array([0, 0, 0, 0, 1, 2])
    table = distances(town, YEAR)  # type: ignore[arg-type]
    assert table["stage"].unique().tolist() == ["primary", "junior"]


def test_drivers_are_of_the_stage_and_in_scope_the_largest_first() -> None:
    town = Town(contribution_books=[1, 5, 3, 9, 7, 8], value_books=[10, 20, 30, 40, 50, 60],
                mean_books=[16, 17, 18])  # fmt: skip
    table = drivers(town, "books", "primary", YEAR)  # type: ignore[arg-type]
    assert table.index.tolist() == ["B", "C", "A"]
    assert table["value"].tolist() == [20, 30, 10]
    assert table["share"].tolist() == pytest.approx([5 / 9, 3 / 9, 1 / 9])
    assert table["mean"].tolist() == [16] * 3
    junior = drivers(town, "books", "junior", YEAR)  # type: ignore[arg-type]
    assert junior.index.tolist() == ["E", "B"]
    assert junior["mean"].tolist() == [17] * 2


def full(**values: Any) -> Town:
    """Every figure that the distance tables ask for: nothing lacks, but what is given."""
    plain: dict[str, Any] = {}
    for item in QUALITY:
        plain |= {f"mean_{item.id}": [1, 2, 3], f"sd_{item.id}": [4, 5, 6],
                  f"cv_{item.id}": [0.1, 0.2, 0.3], f"cv_headroom_{item.id}": [0.7, 0.8, 0.9],
                  f"met_{item.id}": [1.0] * 6, f"lacking_{item.id}": [0.0] * 6,
                  f"value_{item.id}": [1.0] * 6, f"reached_{item.id}": [1.0] * 6,
                  item.id: [100.0] * 6, f"unit_price_{item.id}": [2.0]}  # fmt: skip
    return Town(**{**plain, "exempt_share": [0.85], "school_failing": [0] * 6, **values})


def test_the_distances_of_both_stages_side_by_side() -> None:
    town = full(
        equipment_value=STOCK, met_equipment_value=[1, 0, 0, 0, 0, 1],
        lacking_equipment_value=[0, 40, 6, 5000, 8, 0],
    )  # fmt: skip
    table = distances(town, YEAR).set_index(["stage", "indicator"])  # type: ignore[arg-type]
    assert len(table) == 2 * 7
    row = table.loc[("primary", "equipment_value")]
    assert row[["mean", "sd", "cv", "limit", "headroom"]].tolist() == [1, 4, 0.1, 0.4, 0.7]
    # B and C in scope: 46 lacking; B's at 2 · 2 yuan, C's at 2
    assert row[["below", "lacking", "lacking_cost"]].tolist() == [2, 46, 40 * 4 + 6 * 2]
    q = raised(STOCK[:3], PUPILS[:3], 0.4, 1, 3000)
    assert row[["added", "cost"]].tolist() == pytest.approx([q, 4 * q], rel=1e-6)
    assert row["moved"] == pytest.approx(found(moves_to_limit, Town())["B"])
    assert row["school_id"] == "B"
    assert row[["school_added", "school_cost"]].tolist() == pytest.approx([q, 4 * q], rel=1e-6)
    # who lacks nothing costs nothing, also where the price of one more is not known
    blank = full(facility_share=[UNKNOWN, 0.5, 1, 1, 0.25, 1],
                 met_equipment_value=[1, 0, 1, 1, 1, 1],
                 lacking_equipment_value=[0, 40, 0, 0, 0, 0])  # fmt: skip
    row = distances(blank, YEAR).set_index(["stage", "indicator"])  # type: ignore[arg-type]
    assert row.loc[("primary", "equipment_value")]["lacking_cost"] == 160
    other = table.loc[("junior", "equipment_value")]
    assert other[["mean", "sd", "cv", "limit", "headroom"]].tolist() == [2, 5, 0.2, 0.45, 0.8]
    assert other[["below", "lacking", "lacking_cost"]].tolist() == [1, 8, 8 * 8]
    teachers = table.loc[("primary", "pe_art")]
    assert teachers[["below", "lacking"]].tolist() == [0, 0]
    assert math.isnan(teachers["lacking_cost"])
