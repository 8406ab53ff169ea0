"""Shares of variance: against functions whose shares are known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import uniform

from simulator.district.sample import sample_district
from simulator.results.simulate import simulate
from simulator.risk.assumptions import Assumptions
from simulator.risk.shares import indices, variance_shares
from simulator.scenario.load import SHIPPED, load_scenario

STEADY = load_scenario(SHIPPED / "steady.yaml")


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


def test_ishigami_has_its_indices() -> None:
    spread = uniform(loc=-np.pi, scale=2 * np.pi)
    alone, in_all = indices(ishigami, [spread] * 3, 4096, 1)
    # a = 7, b = 0.1: V1 = (1 + bπ⁴/5)²/2, V2 = a²/8, V13 = 8b²π⁸/225
    one, two, both = (1 + 0.1 * np.pi**4 / 5) ** 2 / 2, 49 / 8, 8 * 0.01 * np.pi**8 / 225
    whole = one + two + both
    assert alone == pytest.approx(np.array([one, two, 0]) / whole, abs=0.02)
    assert in_all == pytest.approx(np.array([one + both, two, both]) / whole, abs=0.02)


def test_shares_of_a_linear_figure_are_those_of_its_parts() -> None:
    first = sample_district().base_year + 1
    spreads = Assumptions().only("revenue", "transfers")
    found = variance_shares(sample_district(), STEADY, year=first, assumptions=spreads)

    def moved(path: str, value: float) -> float:
        return float(
            simulate(sample_district(), STEADY.with_changes({path: value})).at("gap", first)[0]
        )

    # what one standard deviation of each does to the gap: 2 points of revenue, 5 of transfers
    revenue, transfers = (
        moved(f"assumptions.{path}", high) - moved(f"assumptions.{path}", low)
        for path, low, high in (
            ("recurrent_revenue_growth", 0.04, 0.06),
            ("upper_transfers_growth", 0.0, 0.05),
        )
    )
    whole = revenue**2 + transfers**2
    expected = np.array([revenue**2, transfers**2]) / whole
    assert list(found["driver"]) == ["revenue", "transfers"]
    assert found["alone"].to_numpy() == pytest.approx(expected, abs=0.04)
    assert found["in_all"].to_numpy() == pytest.approx(expected, abs=0.04)
    again = variance_shares(sample_district(), STEADY, year=first, assumptions=spreads)
    assert again.equals(found)
