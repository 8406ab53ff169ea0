"""A plan breaks no rule: random districts and scenarios, each plan simulated and judged."""

from __future__ import annotations

import functools

import numpy as np
import pytest

import simulator as sim
from simulator.plan.found import Plan
from simulator.plan.wishes import Wishes
from tests.plan.districts import drawn_district, drawn_scenario

SEEDS = range(64)
GROWING = {"growth_per_pupil", "growth_operating", "no_fall_per_pupil"}


@functools.cache
def _plan(seed: int) -> Plan:
    wishes = Wishes(carry_over=seed % 3 == 0, whole=seed % 5 != 0)
    return sim.plan(drawn_district(seed), drawn_scenario(seed), wishes=wishes, seek_ways=False)


def _failing(result: sim.Result) -> set[tuple[int, str, str]]:
    checks = result.checks
    rows = checks[(checks["status"] == "fail") & (checks["year"] > result.index.base_year)]
    return set(zip(rows["year"], rows["rule"], rows["subject"], strict=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_breaks_no_rule_that_it_has_not_named(seed: int) -> None:
    plan = _plan(seed)
    if not plan.found:
        assert plan.status == "stopped" or plan.conflict is not None
        return
    again = sim.simulate(drawn_district(seed), plan.scenario())
    named = {(each.year, each.rule, each.subject) for each in plan.beyond}
    assert _failing(again) == named
    # what is named holds no decision, and is broken without the plan already
    assert not {rule for _, rule, _ in named} & GROWING
    assert named <= _failing(plan.ground.result)
    assert plan.check.agrees and again.verdict.money_ok is True


def test_most_districts_have_a_plan_and_rules_would_break_without_what_is_on_top() -> None:
    """So that the test above is one of plans; and of plans to which the rules matter."""
    plans = [plan for plan in map(_plan, SEEDS) if plan.found]
    assert len(plans) >= 30
    assert sum(bool(plan.extra) for plan in plans) >= 15
    mended = [
        plan for plan in plans
        if {rule for _, rule, _ in _failing(plan.before)} & GROWING and not plan.beyond
    ]  # fmt: skip
    assert len(mended) >= 5
    carried = [plan for plan in plans if any(row["carried"] > 0 for row in plan.money)]
    assert len(carried) >= 5


@pytest.mark.parametrize("seed", [1, 4, 54])
def test_what_is_on_top_is_listed_to_the_fen_and_as_much_for_every_head(seed: int) -> None:
    plan = _plan(seed)
    result, fen = plan.ground.result, 0.01
    for row in plan.on_top:
        mine = [e for e in plan.extra if (e["stage"], e["year"]) == (row["stage"], row["year"])]
        assert sum(each["amount"] for each in mine) == pytest.approx(row["amount"], abs=1e-6)
        heads = result.at("headcount", row["year"])
        each = [
            e["amount"] / heads[result.index.part_position[e["school"], e["stage"]]] for e in mine
        ]
        assert np.ptp(each) <= 2 * fen / 50
    total = sum(each["amount"] for each in (*plan.purchases, *plan.extra))
    assert total == pytest.approx(plan.paid_in_all)


def test_what_is_on_top_does_not_fall_per_head_where_no_school_may_get_less() -> None:
    held = []
    for seed in SEEDS:
        plan = _plan(seed)
        if not (plan.extra and plan.ground.scenario.get("levers.hold_harmless")):
            continue
        result, paid = plan.ground.result, plan.solved.decision.paid
        assert paid is not None
        stage = result.index.part_stage
        heads = np.array([
            [result.at("headcount", year)[stage == k].sum() for k in range(2)]
            for year in plan.problem.years
        ])  # fmt: skip
        each = paid.extra / heads
        assert (np.diff(each, axis=0) >= -1e-4).all()
        held.append((each[:-1] > 0).any())
    assert sum(held) >= 2


@pytest.mark.parametrize("seed", [3, 64, 66])
def test_waiving_cost_per_pupil_is_cheaper_and_told(seed: int) -> None:
    plan = sim.plan(drawn_district(seed), drawn_scenario(seed))
    free = sim.plan(drawn_district(seed), drawn_scenario(seed),
                    wishes=Wishes(waive_growth_per_pupil=True))  # fmt: skip
    assert plan.value - free.value == pytest.approx(plan.dearer_by_growth, rel=0.02, abs=2000)
    assert plan.dearer_by_growth > 0 and free.dearer_by_growth == 0
    only = sum(row["only_growth_per_pupil"] for row in plan.on_top)
    assert 0 < only <= sum(row["amount"] for row in plan.on_top) + 0.01
    assert not any(row["only_growth_per_pupil"] for row in free.on_top)
    broken = {rule for _, rule, _ in _failing(free.result)}
    assert broken == {"growth_per_pupil"} and free.check.agrees
