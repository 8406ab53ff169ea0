"""What an answer says: that the engine agrees, the verdicts, what was asked for and set aside."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simulator as sim
from simulator.formats.as_json import machine_plan
from simulator.plan import Plan, Wishes
from simulator.plan.before import Broken
from simulator.present.sentences.plan_told import plan_lines
from simulator.present.tables.plan import plan_table
from simulator.scenario.write import dump_scenario
from tests.building import district_of, scenario_of, school
from tests.plan.districts import drawn_district, drawn_scenario

#: A district whose plan gives operating funds above the formula, and one that may carry over.
SEED = 54


def _plan(seed: int = SEED, **wishes: Any) -> Plan:
    return sim.plan(drawn_district(seed), drawn_scenario(seed), wishes=Wishes(**wishes))


def _said(plan: Plan) -> str:
    return "\n".join(plan_lines(plan, "zh", "yuan"))


def _lone(*kinds: str, **levers: Any) -> Plan:
    """One school a stage; everybody lacks teaching area."""
    rows = [school(f"S{n}", kind, teaching_area=700) for n, kind in enumerate(kinds)]
    for row in rows:
        for stage in ("primary", "junior"):
            if f"{stage}_teachers" in row:
                row |= {f"{stage}_higher_degree": 14, f"{stage}_backbone": 4,
                        f"{stage}_pe_art": 4}  # fmt: skip
    margin = {"appropriation": {"margin": 0.1}, **levers}
    scenario = scenario_of(policy=["national"], horizon=2, levers=margin, assumptions={
        "recurrent_revenue_growth": 0.03, "pay_growth": 0.02})  # fmt: skip
    return sim.plan(district_of(rows), scenario)


def test_a_stage_of_one_school_is_no_disagreement() -> None:
    """It has no coefficient of variation: the engine cannot judge balance, and nothing differs."""
    plan = _lone("primary", "junior")
    assert plan.found and plan.purchases
    assert plan.check.balanced is None and plan.check.agrees
    assert "不一致" not in _said(plan) and "优质均衡不作整体判定" in _said(plan)


@pytest.mark.parametrize("wishes", [{"limit_factor": 3.0}, {"exemptions": 3}])
def test_what_was_asked_looser_than_the_law_is_no_disagreement(wishes: dict[str, Any]) -> None:
    plans = [_plan(seed, **wishes) for seed in (1, 2, 8)]
    found = [plan for plan in plans if plan.found]
    assert found and not any(plan.check.lawful for plan in found)
    assert all(plan.check.agrees for plan in found)
    assert any(plan.check.balanced is False for plan in found)


def test_money_that_is_carried_over_is_in_the_engines_figures_too() -> None:
    """Caps keep money from being spent early; a later year draws on what is left."""
    district, scenario = drawn_district(8), drawn_scenario(8)
    free = sim.plan(district, scenario)
    years = free.problem.years
    last = max(row["spent"] for row in free.money)
    lean = scenario.with_changes({"levers.carry_over": None})
    caps = {item: [0.0] * (len(years) - 1) + [np.inf] for item in ("equipment_value",)}
    plan = sim.plan(district, lean, wishes=Wishes(carry_over=True, item_caps=caps))
    assert last > 0 and plan.found and plan.check.agrees and plan.check.short <= 0.01
    for row in plan.money:
        assert row["left"] == pytest.approx(row["there"] + row["carried"] - row["spent"])
        again = float(plan.result.at("gap", row["year"])[0])
        assert again == pytest.approx(row["left"], abs=0.02) and again >= 0
    assert plan.scenario().get("levers.carry_over") is True


def test_a_later_year_that_draws_on_saved_money_leaves_nothing_negative() -> None:
    """Nothing over in the later years: what they buy is paid from the first year's rest."""
    drawing = []
    for seed in (1, 8, 12, 13):
        bare = sim.plan(drawn_district(seed), drawn_scenario(seed)).ground.result
        need = [float(bare.at("need", year)[0]) for year in bare.index.years[2:]]
        given = {"rule": "series", "values": [need[0] * 1.4, *(each * 1.001 for each in need[1:])]}
        scenario = drawn_scenario(seed).with_changes({
            "levers.appropriation.margin": None, "levers.appropriation.rule": given["rule"],
            "levers.appropriation.values": given["values"]})  # fmt: skip
        plan = sim.plan(drawn_district(seed), scenario,
                        wishes=Wishes(carry_over=True, discount=0.2))  # fmt: skip
        if plan.found and any(row["spent"] > row["there"] for row in plan.money):
            drawing.append(plan)
    assert len(drawing) >= 2
    for plan in drawing:
        assert plan.check.agrees and all(row["left"] >= -0.01 for row in plan.money)
        table = plan_table(plan, "money", "en", "yuan")
        rows = {row["id"]: row for row in table.records()}
        for year in map(str, plan.problem.years):
            assert rows["left"][year] >= 0
            there = rows["there"][year] + rows["carried"][year] - rows["spent"][year]
            assert rows["left"][year] == pytest.approx(there)


def test_what_really_differs_is_a_disagreement() -> None:
    check = _plan().check
    assert check.agrees
    broken = Broken(2026, "growth_per_pupil", "primary", 1.0)
    for changes in (
        {"farthest": 1e-5}, {"short": 0.02}, {"broken": (broken,)}, {"promised": False},
        {"money": False},
    ):  # fmt: skip
        assert not replace(check, **changes).agrees
    assert replace(check, balanced=False, lawful=False).agrees


def test_the_verdict_after_stands_beside_the_verdict_before() -> None:
    plan = _plan()
    before = sim.simulate(drawn_district(SEED), drawn_scenario(SEED)).verdict
    assert plan.before.verdict.rules_met == before.rules_met < plan.result.verdict.rules_met
    said = _said(plan)
    assert "规划前：至 2029 年未达到优质均衡" in said
    assert f"达标规则 {before.rules_met}/{before.rules_total}" in said.split("规划前：")[1]
    assert (
        f"达标规则 {plan.result.verdict.rules_met}/{before.rules_total}"
        in said.split("规划后：")[1]
    )
    told = machine_plan(plan)["verdict"]
    assert told["before"]["rules_met"] == before.rules_met
    assert told["after"]["balanced_year"] == plan.problem.years[plan.problem.target]


def test_a_rule_that_no_purchase_can_mend_is_told_first() -> None:
    """Pay that does not rise: 4 (of 64 districts); the plan is still one of all other rules."""
    plan = _plan(4)
    assert plan.found and {each.rule for each in plan.beyond} == {"growth_pay"}
    first = plan_lines(plan, "zh")[0]
    assert "教师工资逐步增长" in first and "无法补救" in first and "缺" in first
    assert machine_plan(plan)["beyond"][0]["rule"] == "growth_pay"


def test_the_sum_in_the_headline_is_named_for_what_it_is() -> None:
    plan = _plan()
    discounted, paid = f"{plan.value:,.0f}", f"{plan.paid_in_all:,.0f}"
    headline = next(line for line in plan_lines(plan, "zh", "yuan") if "最少需投入" in line)
    assert discounted in headline and paid in headline and "折现到 2026 年" in headline
    assert plan.paid_in_all > plan.value
    rows = {
        row["id"]: row["value"] for row in plan_table(plan, "certificate", "zh", "yuan").records()
    }
    assert discounted in rows["cost"] and paid in rows["paid"]
    money = {row["id"]: row for row in plan_table(plan, "money", "zh", "yuan").records()}
    spent = sum(money["spent"][str(year)] for year in plan.problem.years)
    assert spent == pytest.approx(plan.paid_in_all, abs=2)


def test_what_was_asked_for_and_set_aside_is_told() -> None:
    district, own = drawn_district(SEED), drawn_scenario(SEED)
    scenario = own.with_changes({"levers.investment.computers.amount": 100_000,
                                 "levers.investment.computers.rule": "per_pupil",
                                 "levers.investment.sports_area.rule": "lowest_first",
                                 "levers.investment.sports_area.amount": 30_000})  # fmt: skip
    caps = {"sports_area": 9e8}
    plan = sim.plan(district, scenario, wishes=Wishes(
        item_caps=caps, school_caps={"S1": 8e8}, envelope=[7e8] * scenario.horizon))  # fmt: skip
    said = _said(plan)
    for amount in ("900,000,000 元", "800,000,000 元", "700,000,000 元"):
        assert amount in said
    years = len(plan.problem.years)
    aside = {row["item"]: 0.0 for row in plan.set_aside}
    for row in plan.set_aside:
        aside[row["item"]] += row["amount"]
    assert aside["sports_area"] == pytest.approx(30_000 * years, abs=0.1)
    assert "方案自带的投入未计入" in said
    left = sim.plan(district, own, wishes=Wishes(untouched=("S0",)), seek_ways=False)
    assert "按要求未动：School S0" in "\n".join(plan_lines(left, "zh"))
    assert not [row for row in left.extra if row["school"] == "S0"]


def test_nothing_is_told_of_what_nobody_asked_for() -> None:
    said = _said(_plan(60))
    for word in ("按要求", "未计入", "免去：", "结余结转"):
        assert word not in said


def test_a_cap_on_an_item_asked_for_by_a_person_is_kept() -> None:
    free = _plan()
    item, year = max(
        ((row["item"], row["year"]) for row in free.purchases),
        key=lambda pair: sum(r["amount"] for r in free.purchases if (r["item"], r["year"]) == pair),
    )
    much = sum(r["amount"] for r in free.purchases if (r["item"], r["year"]) == (item, year))
    caps = [np.inf] * len(free.problem.years)
    caps[free.problem.years.index(year)] = much / 2
    plan = _plan(item_caps={item: caps})
    spent = sum(r["amount"] for r in plan.purchases if (r["item"], r["year"]) == (item, year))
    assert spent <= much / 2 + 0.01 if plan.found else plan.conflict is not None
    every = _plan(item_caps={item: 0.0})
    assert not every.found or not [r for r in every.purchases if r["item"] == item]


def test_the_first_planned_year_counts_in_full() -> None:
    plan = _plan(discount=0.1)
    expected = sum(row["spent"] / 1.1**number for number, row in enumerate(plan.money))
    assert plan.value == pytest.approx(expected) and plan.money[0]["spent"] > 0


def test_the_plans_scenario_is_a_file_like_any_other(tmp_path: Path) -> None:
    plan = _plan()
    assert plan.extra
    base, path = tmp_path / "made.yaml", tmp_path / "plan.yaml"
    base.write_text(dump_scenario(drawn_scenario(SEED)), encoding="utf-8")
    path.write_text(dump_scenario(plan.scenario()), encoding="utf-8")
    again = sim.simulate(drawn_district(SEED), sim.load_scenario(path))
    assert again.verdict.rules_met == plan.result.verdict.rules_met
    assert again.at("need", 2026) == pytest.approx(plan.result.at("need", 2026))
    # what a scenario lists already stays, the plan's comes on top
    twice = sim.plan(drawn_district(SEED), plan.scenario())
    assert not twice.extra or twice.value < plan.value
    listed = twice.scenario().get("levers.operating_extra")
    assert listed[: len(plan.extra)] == plan.extra


def test_teachers_come_from_a_school_too_small_to_be_evaluated() -> None:
    """Two of three schools have just the backbone teachers they need, the third has none.

    Only the teaching point has some that no standard asks for.
    """
    rows = [school(name, primary_backbone=2, primary_pe_art=4, primary_higher_degree=12,
                   teaching_area=1200, sports_area=2000, multimedia_rooms=9)
            for name in ("A", "B")]  # fmt: skip
    lacking = {**rows[0], "school_id": "C", "school_name": "C", "primary_backbone": 0}
    point = school("P", "teaching_point", primary_pupils=60, primary_backbone=3)
    scenario = scenario_of(policy=["national", "district_plan"], horizon=2, levers={
        "appropriation": {"margin": 0.05}}, assumptions={"pay_growth": 0.02})  # fmt: skip
    plan = sim.plan(district_of([*rows, lacking, point]), scenario, wishes=Wishes(exemptions=0))
    assert plan.found and plan.check.agrees
    assert {(row["giver"], row["taker"]) for row in plan.moves} == {("P", "C")}
    assert sum(row["teachers"] for row in plan.moves) == 2


def test_no_more_teachers_move_than_the_planned_share() -> None:
    for seed in (1, 8, 54, 60):
        plan = _plan(seed)
        result = plan.ground.result
        for year in plan.problem.years:
            moved = sum(row["teachers"] for row in plan.moves if row["year"] == year)
            share = float(result.at("rotation_share", year)[0])
            assert moved <= share * float(np.nansum(result.at("teachers", year))) + 1e-6
