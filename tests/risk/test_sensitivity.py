"""What moves a figure, and where rules turn: against single runs on both sides."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pandas as pd
import pytest

import simulator as sim
from simulator.district.sample import sample_district
from simulator.errors import JunhengError
from simulator.machine.language import BASE
from simulator.machine.run import run_graph
from simulator.results.result import Result
from simulator.results.seek import changed_to
from simulator.results.simulate import simulate
from simulator.risk.flips import EXACT, flips
from simulator.risk.judged import judged
from simulator.risk.moving import of_levers, of_revenue
from simulator.risk.sensitivity import holding_map, revenue_breaks, sensitivity
from simulator.scenario.levers import lever_at
from simulator.scenario.load import SHIPPED, load_scenario

STEADY = load_scenario(SHIPPED / "steady.yaml")
REVENUE, PAY = "assumptions.recurrent_revenue_growth", "assumptions.pay_growth"


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return sim.sensitivity(sample_district(), STEADY)


@functools.cache
def run_at(path: str, value: float) -> Result:
    lever = lever_at(path)
    assert lever is not None
    moved: Any = int(value) if lever.whole else float(value)
    return simulate(sample_district(), changed_to(STEADY, path, moved))


def holds(run: Result, rule: str, years: list[int] | None = None) -> bool | None:
    """Whether a rule holds in all planned years, by the tables of a single run."""
    planned = years or list(run.index.years[BASE + 1 :])
    if rule in run.verdict.years:
        flags = [run.verdict.years.at[year, rule] for year in planned]
        return all(flag is True for flag in flags)
    rows = run.checks[(run.checks["rule"] == rule) & run.checks["year"].isin(planned)]
    return set(rows["status"]) <= {"pass"}


def test_effects_are_those_of_single_runs(table: pd.DataFrame) -> None:
    last = STEADY.horizon + sample_district().base_year
    now = simulate(sample_district(), STEADY).at("gap", last)[0]
    assert len(table) > 30
    for row in table.itertuples():
        for value, effect in ((row.low, row.effect_low), (row.high, row.effect_high)):
            assert effect == run_at(row.lever, value).at("gap", last)[0] - now, row.lever
    sizes = table[["effect_low", "effect_high"]].abs().max(axis=1)
    assert sizes.is_monotonic_decreasing and sizes.iloc[0] > 0


def test_every_flip_is_confirmed_from_both_sides(table: pd.DataFrame) -> None:
    count = 0
    for row in table.itertuples():
        lever = lever_at(row.lever)
        assert lever is not None
        for rule, value in row.flips:
            step = 1.0 if lever.whole else EXACT * max(1.0, abs(value))
            before = value + (step if value < row.now else -step)
            there, back, now = (holds(run_at(row.lever, v), rule) for v in (value, before, row.now))
            assert there != now and back == now, (row.lever, rule)
            count += 1
    assert count > 40


def test_rules_turn_where_the_arithmetic_says(table: pd.DataFrame) -> None:
    found = {(row.lever, rule): value for row in table.itertuples() for rule, value in row.flips}
    # the appropriation grows with revenue and the margin: no margin, no faster growth (strict)
    assert found["levers.appropriation.margin", "growth_total"] == pytest.approx(0, abs=2e-9)
    # it falls where revenue's growth is less than nothing by more than the margin of 0.5%
    assert found[REVENUE, "no_fall_total"] == pytest.approx(-0.005, abs=2e-9)
    # one yuan of investment is one yuan of the gap: the least gap of the years is the room
    room = simulate(sample_district(), STEADY).verdict.gap
    assert found["levers.investment.books.amount", "money_ok"] == pytest.approx(room, abs=0.02)
    # whole pupils: 35 is the law's cap in primary schools, 36 breaks it
    assert found["levers.class_cap.primary", "class_size"] == 36


def test_a_year_has_its_own_effects_and_flips() -> None:
    first = sample_district().base_year + 1
    table = sensitivity(sample_district(), STEADY, "need", first).set_index("lever")
    pay = table.loc[PAY]
    base = simulate(sample_district(), STEADY).at("need", first)[0]
    assert pay["effect_high"] == run_at(PAY, 0.15).at("need", first)[0] - base
    # what revenue does to the need: nothing
    assert table.loc[REVENUE, ["effect_low", "effect_high"]].tolist() == [0, 0]
    # money is enough in the first year for longer than in all years
    value = dict(pay["flips"])["money_ok"]
    assert holds(run_at(PAY, value - 1e-8), "money_ok", [first])
    assert not holds(run_at(PAY, value + 1e-8), "money_ok", [first])
    assert holds(run_at(PAY, value - 1e-8), "money_ok") is False


def test_the_nearest_flip_of_each_side_is_told() -> None:
    """A rule that holds in two bands of a lever turns below and above."""
    result = simulate(sample_district(), STEADY)
    path = "levers.operating_rate.primary"
    grid = np.linspace(400, 3000, 33)
    found = flips(result, of_levers(result, [path]), grid, 1000.0, [0, 1, 2])
    sides = [value for rule, value in found if rule == "rules_ok"]
    assert len(sides) == 2 and sides[0] < 1000 < sides[1]


def test_falls_of_revenue_are_exact_on_the_run_itself() -> None:
    result = simulate(sample_district(), STEADY)
    table = revenue_breaks(sim.simulate(sample_district(), STEADY))
    assert list(table["fall"]) == sorted(table["fall"]) and len(table) >= 4
    fall = table.set_index("rule")["fall"]
    # revenue's 4% and the margin of 0.5%: a fall of 4.5 points leaves the appropriation as it was
    assert fall["no_fall_total"] == pytest.approx(0.045, abs=2e-9)
    for row in table.itertuples():
        for step, expected in ((0.0, 0.0), (-2 * EXACT, 1.0)):
            inputs = {**result.binding.arrays, **of_revenue(result)(np.array([row.fall + step]))}
            flags = judged(result, run_graph(result.graph, result.index, inputs))[row.rule]
            assert flags.min() == expected, row.rule
            if step == 0:
                planned = result.index.years[BASE + 1 :]
                assert planned[int((flags[0] == 0).argmax())] == row.year
    assert "balanced" not in fall.index  # the sample is not balanced anyway


def test_a_map_of_two_levers_is_that_of_single_runs() -> None:
    table = holding_map(sample_district(), STEADY, REVENUE, PAY, steps=5)
    assert len(table) == 25
    assert 0 < table["money_ok"].mean() < 1 and 0 < table["rules_ok"].mean() < 1
    for row in table.itertuples():
        changed = STEADY.with_changes({REVENUE: row.one, PAY: row.other})
        run = simulate(sample_district(), changed)
        for name in ("rules_ok", "money_ok", "balanced", "all_ok"):
            assert getattr(row, name) == float(holds(run, name) is True), (row.one, row.other)


def test_what_cannot_be_is_refused() -> None:
    district = sample_district()
    refused = [
        ("risk_figure", lambda: sensitivity(district, STEADY, "weather")),
        ("goal_year", lambda: sensitivity(district, STEADY, year=district.base_year)),
        ("goal_lever", lambda: holding_map(district, STEADY, REVENUE, "levers.weather")),
        ("goal_lever", lambda: holding_map(district, STEADY, REVENUE, REVENUE)),
    ]
    for code, ask in refused:
        with pytest.raises(JunhengError) as said:
            ask()
        assert said.value.code == code and said.value.text("zh")


def test_levers_that_count_for_nothing_are_left_out() -> None:
    plus = STEADY.with_changes({
        "levers.appropriation.rule": "plus", "levers.appropriation.amount": 1e6,
        "levers.appropriation.margin": None,
    })  # fmt: skip
    assert "levers.appropriation.margin" not in set(sensitivity(sample_district(), plus)["lever"])
