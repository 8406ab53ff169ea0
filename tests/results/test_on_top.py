"""What comes on top: operating funds above the formula, and money that is carried over."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import simulator as sim
from tests.building import district_of, scenario_of, school

EXTRA = [{"school": "A", "stage": "primary", "year": 2026, "amount": 60_000}]


def _result(horizon: int = 3, **levers: Any) -> sim.Result:
    given = {
        "appropriation": {"rule": "series", "values": [7.148e6, 6.548e6, 6.648e6][:horizon]},
        "operating_rate": {"primary": 1000, "junior": 1000},
        **levers,
    }
    rows = [school("A"), school("B"), school("C", "junior")]
    return sim.simulate(district_of(rows), scenario_of(policy=[], horizon=horizon, levers=given))


def _of(result: sim.Result, name: str) -> list[float]:
    return [float(result.at(name, year)[0]) for year in result.index.years[2:]]


def test_what_is_listed_is_paid_on_top_counted_and_traced() -> None:
    plain, more = _result(), _result(operating_extra=EXTRA)
    for name in ("operating_funds", "school_operating", "stage_operating", "need", "stage_cost"):
        assert np.subtract(_of(more, name), _of(plain, name)).tolist() == [60_000, 0, 0]
    trace = more.explain("operating_funds", school="A", stage="primary", year=2026)
    told = {each.name: (each.value, each.lever) for each in trace.walk()}
    assert told["operating_extra"] == (60_000, "levers.operating_extra")


def test_hold_harmless_does_not_keep_what_came_on_top() -> None:
    held = _result(operating_extra=EXTRA, hold_harmless=True)
    assert _of(held, "operating_funds") == [260_000, 200_000, 200_000]


def test_it_comes_on_top_of_a_fixed_pot_too() -> None:
    pot = {"rule": "prorate", "amount": 300_000}
    plain, more = (_result(operating_pot=pot, operating_extra=rows) for rows in ([], EXTRA))
    assert _of(more, "operating_total")[0] == pytest.approx(360_000)
    assert np.subtract(_of(more, "need"), _of(plain, "need")).tolist() == [60_000, 0, 0]


def test_money_left_over_is_there_the_year_after_where_it_is_carried_over() -> None:
    """Needs of 6.648 million a year; 0.5 is left, then 0.1 is missing, then all is just enough.

    The 48,000 of repair that go on from year to year are among them.
    """
    still, carried = _result(), _result(carry_over=True)
    assert _of(still, "gap") == pytest.approx([500_000, -100_000, 0])
    assert _of(still, "carried_over") == [0, 0, 0]
    assert _of(carried, "carried_over") == pytest.approx([0, 500_000, 400_000])
    assert _of(carried, "gap") == pytest.approx([500_000, 400_000, 400_000])
    assert carried.verdict.money_ok is True and still.verdict.money_ok is False
    # the need of the second year is paid in full, so cost per pupil does not fall
    assert _of(carried, "paid_share") == [1, 1, 1] and _of(still, "paid_share")[1] < 1


def test_what_was_missing_is_not_carried_over() -> None:
    poor = _result(appropriation={"rule": "series", "values": [6.548e6, 6.648e6, 6.848e6]},
                   carry_over=True)  # fmt: skip
    assert _of(poor, "gap") == pytest.approx([-100_000, 0, 200_000])
    assert _of(poor, "carried_over") == [0, 0, 0]
