"""Keep the total, goal seek: what is found meets the goal when it is simulated again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import simulator as sim
from simulator.district.model import District
from simulator.errors import JunhengError
from simulator.results.goal import Goal, keep_total, meet_by_lever, meet_by_line, scaled
from simulator.results.result import Result
from tests.building import district_of, scenario_of, school

LINES: list[dict[str, Any]] = [
    {"id": "base", "zh": "基本", "en": "Base", "counted": "headcount",
     "amount": {"primary": {2026: 700, 2028: 800}, "junior": 900}},
    {"id": "far", "zh": "乡村", "en": "Rural", "counted": "headcount * rural_school",
     "amount": {"share": 0.1, "of": "base"}},
]  # fmt: skip
OWN: dict[str, Any] = {
    "id": "own", "zh": "本县", "en": "Own", "per_pupil": "headcount", "lines": LINES,
}  # fmt: skip
FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def district() -> District:
    """200 pupils a stage: a town primary school and a rural nine-year school."""
    return district_of([school("A"), school("B", "nine_year", area="rural")])


@pytest.fixture(scope="module")
def result(district: District) -> Result:
    """Paid by lines: 140,000 + 154,000 + 198,000 = 492,000 in 2026."""
    return sim.simulate(district, scenario_of(policy=["national"], lines=OWN))


def test_a_line_is_scaled_so_that_the_total_stays(district: District, result: Result) -> None:
    before = float(result.at("operating_total", 2026)[0])
    assert before == 492_000
    lump = {"id": "lump", "zh": "定额", "en": "Lump", "lump_sum": 24_600}
    more = sim.simulate(
        district, scenario_of(policy=["national"], lines={**OWN, "lines": [*LINES, lump]})
    )
    # two lump sums are 49,200, a tenth of the total: the base, and the share of it, lose a tenth
    found = keep_total(more, "base", 2026, before)
    assert found.value == pytest.approx(0.9)
    assert found.amount == pytest.approx(492_000, abs=0.005)
    amount = found.scenario.lines["lines"][0]["amount"]  # type: ignore[index]
    assert amount["primary"][2026] == pytest.approx(630)
    assert amount["primary"][2028] == pytest.approx(720)
    assert amount["junior"] == pytest.approx(810)


def test_the_share_of_a_line_can_be_sought(result: Result) -> None:
    # without the rural line 460,000; it gives 320,000 a full share: 40,000 are an eighth
    found = meet_by_line(result, "far", Goal("operating_total", 2026, 500_000))
    assert found.value == pytest.approx(1.25)
    share = found.scenario.lines["lines"][1]["amount"]  # type: ignore[index]
    assert share == {"share": pytest.approx(0.125), "of": "base"}


def test_a_gap_can_be_met_by_a_line(result: Result) -> None:
    wanted = float(result.at("gap", 2028)[0]) - 10_000
    found = meet_by_line(result, "base", Goal("gap", 2028, wanted))
    after = sim.simulate(result.binding.district, found.scenario)
    assert float(after.at("gap", 2028)[0]) == pytest.approx(wanted, abs=0.005)
    assert found.value > 1


def test_a_lever_can_be_sought_without_lines(district: District) -> None:
    plain = sim.simulate(district, scenario_of(policy=[], levers={"operating_rate": {
        "primary": 700, "junior": 900}}))  # fmt: skip
    goal = Goal("operating_total", 2028, 500_000)
    found = meet_by_lever(plain, "levers.operating_rate.primary", goal)
    # 400 primary pupils share 500,000 − 200 · 900 = 320,000
    assert found.value == pytest.approx(800)
    assert found.scenario.get("levers.operating_rate.primary") == pytest.approx(800)
    assert found.amount == pytest.approx(500_000, abs=0.005)


@FEW
@given(st.floats(10_000, 5e7))
def test_any_total_within_reach_is_met(result: Result, total: float) -> None:
    found = meet_by_line(result, "base", Goal("operating_total", 2027, total))
    assert found.amount == pytest.approx(total, abs=0.005)


def _refused(code: str, wrong: Any) -> None:
    with pytest.raises(JunhengError) as caught:
        wrong()
    assert caught.value.code == code
    assert caught.value.text("zh") and caught.value.text("en")


def test_what_cannot_be_sought_is_said(district: District, result: Result) -> None:
    total = Goal("operating_total", 2026, 500_000)
    _refused("goal_line", lambda: meet_by_line(result, "none", total))
    _refused("goal_figure", lambda: meet_by_line(result, "base", Goal("pupils", 2026, 1)))
    _refused("goal_year", lambda: meet_by_line(result, "base", Goal("gap", 2025, 1)))
    # without the base there is nothing; less than nothing is out of reach
    _refused("goal_reach", lambda: meet_by_line(result, "base", Goal("operating_total", 2026, -1)))
    _refused("goal_lever", lambda: meet_by_lever(result, "levers.hold_harmless", total))
    _refused("goal_unknown", lambda: meet_by_line(result, "base", Goal("gap", 2026, float("nan"))))
    plain = sim.simulate(district, scenario_of(policy=["national"]))
    _refused("goal_line", lambda: meet_by_line(plain, "base", total))


def test_a_total_between_two_steps_is_not_claimed(district: District) -> None:
    """Whole yuan a school: 3 schools' payments jump, and 0.5 yuan lies between."""
    line = {**LINES[0], "amount": 700, "paid_in": 1}
    whole = sim.simulate(district, scenario_of(policy=[], lines={**OWN, "lines": [line]}))
    _refused(
        "goal_missed", lambda: meet_by_line(whole, "base", Goal("operating_total", 2026, 420_000.5))
    )


def test_a_pot_can_be_scaled(district: District) -> None:
    pot = {"id": "pot", "zh": "盘", "en": "Pot", "rule": "proportion", "shared": "total",
           "amount": 100_000}  # fmt: skip
    paid = sim.simulate(district, scenario_of(policy=[], lines={**OWN, "pots": [pot]}))
    found = meet_by_line(paid, "pot", Goal("operating_total", 2026, 150_000))
    assert found.value == pytest.approx(1.5)
    assert scaled(paid, "pot", 2).lines["pots"][0]["amount"] == 200_000  # type: ignore[index]
