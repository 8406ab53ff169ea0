"""Small choices of the engine on data where they matter, each worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import simulator as sim
from simulator.machine import run
from simulator.machine.language import ceil
from simulator.present.brief_parts import Teller
from simulator.present.sentences.brief import money
from simulator.results.goal import Goal, meet_by_lever
from simulator.results.seek import mends
from tests.building import district_of, scenario_of, school


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        (70 / 35, 2), (2.0, 2), (0.0, 0), (2 + 5e-10, 2), (2 + 2e-9, 3), (2 + 1e-6, 3),
        (2.0001, 3), (1.999, 2), (105.00000000000001 / 35, 3), (106 / 35, 4),
    ],
)  # fmt: skip
def test_rounding_up_forgives_the_last_bits_and_nothing_else(value: float, whole: int) -> None:
    """A half of a thousand-millionth is noise, two of them are a pupil's part of a class."""
    assert ceil(value) == whole


def _paid(count: int):  # type: ignore[no-untyped-def]
    """So many schools with payrolls of 1, 2, 3 … million yuan."""
    rows = [school(f"S{n:02}", payroll=1_000_000 * (n + 1)) for n in range(count)]
    return sim.simulate(district_of(rows), scenario_of(policy=["national"]))


def test_a_trace_that_is_cut_keeps_its_rest() -> None:
    """Nine schools: 9, 8, 7, 6, 5 million by name; the rest is 4 + 3 + 2 + 1 = 10 million."""
    trace = _paid(9).explain("payroll_total", year=2025)
    assert [line.value / 1e6 for line in trace.inputs] == [9, 8, 7, 6, 5, 10]
    assert trace.inputs[-1].kind == "rest"
    assert len(trace.inputs[-1].rest) == 4
    assert [line.value / 1e6 for line in trace.inputs[-1].inputs] == [4, 3, 2, 1]
    assert trace.evaluate() == trace.value == 45e6


@pytest.mark.parametrize("count", [1, 5, 6])
def test_a_short_trace_is_not_cut(count: int) -> None:
    """One more than five is named as well: a rest of one would say less than its name."""
    trace = _paid(count).explain("payroll_total", year=2025)
    assert len(trace.inputs) == count
    assert all(line.kind != "rest" for line in trace.inputs)
    assert trace.evaluate() == trace.value


def test_seven_are_five_and_a_rest_of_two() -> None:
    trace = _paid(7).explain("payroll_total", year=2025)
    assert [line.value / 1e6 for line in trace.inputs] == [7, 6, 5, 4, 3, 3]


def test_a_rule_is_mended_downwards_too() -> None:
    """Classes of 50 where the law allows 45: five fewer, no larger class mends it."""
    levers = {"class_cap": {"primary": 50}}
    found = sim.simulate(
        district_of([school("A"), school("B")]), scenario_of(policy=["national"], levers=levers)
    )
    ways = {mend.path: mend for mend in mends(found, "class_size")}
    assert ways["levers.class_cap.primary"].now == 50
    assert ways["levers.class_cap.primary"].value == 45


def test_a_rule_is_mended_upwards_too() -> None:
    """A rate of 250 a boarder where the law asks 300: the nearest step that reaches it."""
    levers = {"boarding_rate": 250}
    found = sim.simulate(
        district_of([school("A", primary_boarders=50)]),
        scenario_of(policy=["national"], levers=levers),
    )
    ways = {mend.path: mend for mend in mends(found, "boarding")}
    assert ways["levers.boarding_rate"].value == 300


@pytest.mark.parametrize("times", [0.5, 2.0])
def test_a_goal_is_met_below_as_well_as_above(times: float) -> None:
    """200 pupils at 800 yuan: half the special rate's money, and twice it."""
    rows = [school("A", special_pupils="", mainstreamed_primary=10)]
    levers = {"special_rate": 6_000, "hold_harmless": False}
    found = sim.simulate(district_of(rows), scenario_of(policy=["national"], levers=levers))
    before = float(found.at("operating_total", 2027)[0])
    special = 10 * 6_000
    goal = Goal("operating_total", 2027, before + (times - 1) * special)
    reached = meet_by_lever(found, "levers.special_rate", goal)
    assert reached.value == pytest.approx(6_000 * times)


@pytest.mark.parametrize(
    ("shape", "shares"),
    [
        ("linear", [1 / 3, 2 / 3, 1.0]),
        # late: the square of the way's share; early is its mirror image
        ("front", [5 / 9, 8 / 9, 1.0]),
        ("back", [1 / 9, 4 / 9, 1.0]),
    ],
)
def test_the_paths_of_a_standard(shape: str, shares: list[float]) -> None:
    """From 800 to 1,100 yuan in three years: 300 by shares of the way."""
    levers = {"operating_rate": {"primary": 1_100}, "operating_path": shape}
    district = district_of([school("A")], operating_rate_primary=800)
    found = sim.simulate(district, scenario_of(policy=["national"], levers=levers))
    rates = [float(found.at("operating_rate", year)[0]) for year in (2026, 2027, 2028)]
    assert rates == pytest.approx([800 + 300 * share for share in shares])


def test_a_brief_names_the_largest_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines of 5, 9, 2, 7, 0 and 1: the second is the largest, nine of 24."""
    teller = Teller(_paid(2), "en", "yuan")
    names = ("operating_total", "payroll_total", "bureau_training", "repair_total", "aid_total",
             "investment_total")  # fmt: skip
    lines = dict(zip(names, (5.0, 9.0, 2.0, 7.0, 0.0, 1.0), strict=True))
    year = {**lines, "need": 24.0, "available": 30.0, "gap": 6.0}
    changed = replace(teller)
    changed.__dict__["printed"] = dict.fromkeys(teller.years, year)
    said = money(changed)[0]
    assert "“Payroll, whole district”: 9 yuan, 37.5% of the whole" in said


def test_parts_computed_in_runs_are_each_their_own_schools(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Schools of 101, 102 … pupils, in runs of four parts: the same as all at once."""
    rows = []
    for n, kind in enumerate(("primary", "nine_year") * 5):
        row = school(f"S{n:02}", kind, staff=20 + n, authorised_posts=30 + n)
        for stage, least in (("primary", 101), ("junior", 301)):
            if f"{stage}_pupils" in row:
                row |= {f"{stage}_pupils": least + n, f"{stage}_pupils_prior": least + n}
        rows.append(row)
    district, scenario = district_of(rows), scenario_of(policy=["national"])
    whole = sim.simulate(district, scenario)
    monkeypatch.setattr(run, "CHUNK", 4)
    runs = sim.simulate(district, scenario)
    assert whole.index.size("part") == 15
    for name in whole.values:
        np.testing.assert_array_equal(runs.values[name], whole.values[name], err_msg=name)
    for place, (identifier, stage) in enumerate(runs.index.parts):
        number = int(identifier[1:])
        expected = (101 if stage == "primary" else 301) + number
        assert runs.at("pupils", 2025)[place] == expected
        assert runs.at("value_books", 2025)[place] == pytest.approx(
            runs.at("books", 2025)[place] / expected
        )
