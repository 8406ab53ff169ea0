"""Sums hold across pages: what a table leaves out stands as a line of it, and one total is one."""

from __future__ import annotations

from typing import Any

import pytest

import simulator as sim
from simulator import units
from simulator.formats.docx.brief import annexes
from simulator.present.brief_parts import Shown, Teller
from simulator.present.table import MoneyUnit
from simulator.present.tables.catalogue import table
from simulator.present.tables.comparison import sides
from simulator.present.tables.comparison_steps import winners_table
from simulator.present.tables.schools import BRIDGES
from simulator.results.result import Result
from tests import building

MONEY: tuple[MoneyUnit, ...] = ("yuan", "10k_yuan")


@pytest.fixture(scope="module")
def result() -> Result:
    """A complete secondary school: 200 junior and 300 senior pupils share pay and repair."""
    junior = building.school("S", "junior")
    senior = {**junior, "school_type": "complete_secondary", "senior_pupils": 300}
    rows = [senior, building.school("P", "primary", payroll=2_000_000.5, repair_spend=16_000.5)]
    return sim.simulate(building.district_of(rows), building.scenario_of(policy=["national"]))


def _lines(rows: Any) -> tuple[Any, Any, Any, Any]:
    """The sum, and the three lines under it."""
    sums, under = rows[rows["total"] == 1], rows[rows["total"] == 2]
    assert len(sums) == 1
    assert len(under) == 3
    return (sums.iloc[0], *(under.iloc[place] for place in range(3)))


@pytest.mark.parametrize("money", MONEY)
@pytest.mark.parametrize("year", [2025, 2026, 2028])
def test_schools_their_bridge_and_the_money_table_add_up(
    result: Result, year: int, money: MoneyUnit
) -> None:
    printed = table(result, "money", "en", money).rows.set_index("id")[str(year)]
    total, rest, bureau, whole = _lines(table(result, f"schools_{year}", "en", money).rows)
    for column, line in BRIDGES.items():
        assert whole[column] == printed[line]
        assert total[column] + rest[column] == pytest.approx(printed[line], abs=1e-6)
    assert bureau["direct_need"] == printed["bureau_training"]
    assert whole["direct_need"] == printed["need"]
    sums = total["direct_need"] + rest["direct_need"] + bureau["direct_need"]
    assert sums == pytest.approx(printed["need"], abs=1e-6)


def test_the_senior_share_is_the_line_that_the_schools_leave_out(result: Result) -> None:
    """The school's repair without its stages' parts is exactly the senior share."""
    year = result.index.base_year
    left = float(result.at("repair_total", year)[0] - result.at("stage_repair", year).sum())
    assert left > 1_000
    _, rest, _, _ = _lines(table(result, f"schools_{year}", "zh", "yuan").rows)
    assert rest["stage_repair"] == units.half_up(left, 0)


@pytest.mark.parametrize("money", MONEY)
def test_the_annex_of_the_brief_ends_in_the_need(result: Result, money: MoneyUnit) -> None:
    teller = Teller(result, "zh", money)
    shown = annexes(teller)[0].blocks[0]
    assert isinstance(shown, Shown)
    last = shown.table.records()[-1]
    printed = teller.printed[teller.years[-1]]
    assert last["direct_need"] == printed["need"]
    assert last[f"funds_{teller.years[-1]}"] == printed["operating_total"]


def test_one_total_is_rounded_in_one_way() -> None:
    """Parts whose sum falls a hair short of a half: the total and its parts agree on it."""
    parts = [33_433_000.1, 430.1, 0.1, 0.1, 0.1]
    noisy = sum(parts) - 4e-9
    for exact in (33_433_430.5, 33_433_430.499999996, noisy):
        assert units.half_up(exact, 0) == 33_433_431
    assert units.half_up(33_433_430.4999, 0) == 33_433_430
    assert units.half_up(-0.5, 0) == -1
    assert units.round_to_total([0.25, 0.25], 0).sum() == units.half_up(0.5, 0) == 1
    assert units.round_to_total(parts, 0).sum() == units.half_up(sum(parts), 0)


@pytest.mark.parametrize("money", MONEY)
def test_operating_funds_are_one_sum_on_every_page(money: MoneyUnit) -> None:
    found = sim.simulate(sim.sample_district(), sim.load_scenario("scenarios/tight_revenue.yaml"))
    year = 2027
    line = table(found, "money", "zh", money).rows.set_index("id").at["operating_total", str(year)]
    schools, *_ = _lines(table(found, f"schools_{year}", "zh", money).rows)
    totals = table(found, f"school_totals_{year}", "zh", money).rows.iloc[-1]
    shared = table(found, "sharing", "zh", money).rows.set_index("id")
    winners = winners_table(sides(sim.compare([found, found]), money=money), 1, year)
    assert schools["operating_funds"] == line
    assert totals["school_operating"] == line
    assert shared.at["operating_total", str(year)] == line
    assert winners.rows.iloc[-1]["base"] == line
