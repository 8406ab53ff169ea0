from __future__ import annotations

import math

import pytest

from simulator.district.pupils.splitting import split_school
from simulator.errors import JunhengError


def test_nine_year_school_of_the_published_example() -> None:
    # POLICY T4: 166 primary, 210 junior pupils, 23,226 books:
    # 23,226 × 166 / (166 + 1.1 × 210) = 23,226 × 166 / 397 = 9,711.6
    found = split_school(23_226, 166, 210)
    assert found["primary"] == pytest.approx(9_711.6, abs=0.05)
    assert found["junior"] == pytest.approx(13_514.4, abs=0.05)
    assert found["primary"] / 23_226 == pytest.approx(0.41814, abs=5e-6)


def test_complete_secondary_school_splits_by_one_to_one_point_two() -> None:
    # B / (B + 1.2 C) with B = 600, C = 500: 600 / 1,200 = one half
    assert split_school(1_000, 0, 600, 500) == {"primary": 0.0, "junior": pytest.approx(500.0)}


def test_twelve_year_school() -> None:
    # 100 + 1.1 × 100 + 1.32 × 100 = 342
    found = split_school(342, 100, 100, 100)
    assert found == {"primary": pytest.approx(100.0), "junior": pytest.approx(110.0)}


def test_other_weights_may_be_given() -> None:
    assert split_school(90, 30, 60, weights=(1, 1, 1)) == {"primary": 30.0, "junior": 60.0}


def test_without_pupils_it_is_not_computable() -> None:
    assert all(math.isnan(part) for part in split_school(10, 0, 0).values())


def test_negative_counts_are_refused() -> None:
    with pytest.raises(JunhengError, match="Neither pupils nor weights can be negative"):
        split_school(10, -1, 5)
