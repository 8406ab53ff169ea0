"""Private schools in a plan: counted as they are, never bought for, named with what they lack."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import simulator as sim
from simulator.errors import JunhengError
from simulator.formats.as_json import machine_plan
from simulator.plan import Plan, Wishes
from simulator.plan.conflict import find_conflict
from simulator.plan.decide import decide, failures
from simulator.plan.objectives import earliest
from simulator.plan.owners import owners_needs, with_owners
from simulator.plan.problem import INDICATORS, ITEMS, Problem
from simulator.plan.watch import Watch
from simulator.plan.ways import Surroundings, find_ways
from simulator.present.sentences.plan_told import plan_lines
from simulator.present.tables.plan import plan_table
from tests.building import district_of, scenario_of, school
from tests.plan.districts import drawn_district, drawn_scenario
from tests.plan.independent import least
from tests.plan.making import asked, drawn, simple

TEACHING = ITEMS.index("teaching_area")


def _with_private(pupils: list[float], levels: dict[str, list[float]], **given: Any) -> Problem:
    """The first school is private."""
    private = np.arange(len(pupils)) == 0
    closed = np.tile(~private, (4, 1)), np.tile(~private, (3, 1))
    return simple(pupils, levels, private=private, may_buy=closed[0], may_move=closed[1], **given)


def _both(**levels: float) -> np.ndarray:
    """Standards of several indicators of primary schools."""
    found = np.full((1, 2, 7), np.nan)
    for name, value in levels.items():
        found[0, 0, INDICATORS.index(name)] = value
    return found


# ---- small ones, the arithmetic in sight


def test_nothing_is_bought_for_a_private_school_and_what_it_lacks_is_its_owners() -> None:
    """100 pupils × (4.5 − 4.0) m² × 1,000 yuan = 50,000 yuan of its owner, none of the district."""
    problem = _with_private([100.0, 200.0], {"teaching_area": [4.0, 5.0]},
                            standard=asked("teaching_area", 4.5))  # fmt: skip
    found = decide(problem, 1e-6, Watch())
    assert found.cost == 0 and list(failures(found)) == []
    (need,) = owners_needs(problem)
    assert (need.school, need.stage, need.indicator) == ("S0", "primary", "teaching_area")
    assert need.reached == pytest.approx(4.0 / 4.5) and need.asked == 1.0
    assert (need.units, need.amount, need.year, need.in_time) == (50.0, 50_000.0, 2026, True)


def test_a_private_school_that_passes_needs_nothing() -> None:
    """0.85 × 4.5 = 3.825 ≤ 4.0: the one exemption covers it; at 3.8 it does not: 2.5 m²."""
    one = np.ones(2, dtype=np.intp)
    problem = _with_private([100.0, 200.0], {"teaching_area": [4.0, 5.0]}, exemptions=one,
                            standard=asked("teaching_area", 4.5))  # fmt: skip
    assert owners_needs(problem) == ()
    below = problem.with_(base=problem.base.copy())
    below.base[0, INDICATORS.index("teaching_area"), 0] = 3.8
    (need,) = owners_needs(below)
    assert (need.units, need.amount) == (pytest.approx(2.5), 2_500.0)
    assert need.asked == pytest.approx(0.85)


def test_an_owner_exempts_what_needs_people_before_what_needs_money() -> None:
    """Backbone 1.0 of 1.1 a hundred: one person, or none at 0.935. Sports 6 of 8 m²: 200 m².

    Exempting sports would leave 80 m² and a person to be found; exempting backbone, 200 m².
    """
    problem = _with_private(
        [100.0, 300.0], {"backbone": [1.0, 2.0], "sports_area": [6.0, 9.0]}, whole=True,
        standard=_both(backbone=1.1, sports_area=8.0), exemptions=np.ones(2, dtype=np.intp),
    )  # fmt: skip
    needs = {need.indicator: need for need in owners_needs(problem)}
    assert needs["backbone"].units == 0 and needs["backbone"].asked == pytest.approx(0.85)
    assert needs["sports_area"].units == 200 and needs["sports_area"].amount == 200_000
    # without a person at stake the money decides: 80 m² of sports beside 50 m² of rooms
    other = _with_private(
        [100.0, 300.0], {"teaching_area": [4.0, 5.0], "sports_area": [6.0, 9.0]},
        standard=_both(teaching_area=4.5, sports_area=8.0), exemptions=np.ones(2, dtype=np.intp),
    )  # fmt: skip
    units = {need.indicator: need.units for need in owners_needs(other)}
    # exempting teaching area: 200 m²; exempting sports: 50 + 80 = 130 m²
    assert units == {"teaching_area": pytest.approx(50), "sports_area": pytest.approx(80)}


def test_a_school_of_two_stages_buys_once_for_both() -> None:
    """Primary lacks 50 m², junior 80 m², half of the school's area is each one's: 160 m²."""
    base = _with_private([100.0, 100.0], {"teaching_area": [4.0, 4.0]})
    both = base.with_(
        part_school=np.zeros(2, dtype=np.intp), part_stage=np.array([0, 1]), schools=("S0",),
        private=np.array([True]), factor=base.factor * 0.5, school_cap=np.full(1, np.inf),
        standard=np.full((1, 2, 7), np.nan), fixed_buy=np.full((1, 4, 1), np.nan),
    )  # fmt: skip
    both.standard[0, :, INDICATORS.index("teaching_area")] = (4.5, 4.8)
    (need,) = owners_needs(both)
    assert need.stage == "junior" and need.units == pytest.approx(160)


def _seesaw(**given: Any) -> Problem:
    """A private school at 2 and a public one at 6 m², as large: CV 0.5, limit 0.2."""
    return _with_private([100.0, 100.0], {"teaching_area": [2.0, 6.0]},
                         limit=asked("teaching_area", 0.2), **given)  # fmt: skip


def test_coefficients_count_private_schools_as_they_are() -> None:
    """(6 − 2)/(6 + 2) = 0.5 can only grow by raising the public one: proven impossible.

    With the private one ahead, the public one must follow: 4 m², as in the plan by hand.
    """
    assert decide(_seesaw(), 1e-6, Watch()).status == "infeasible"
    ahead = _seesaw()
    ahead.base[0, INDICATORS.index("teaching_area")] = (6.0, 2.0)
    found = decide(ahead, 1e-6, Watch())
    assert found.paid is not None and found.cost == pytest.approx(200_000.0, rel=1e-4)
    assert not found.paid.amount[:, :, 0].any()


def test_where_owners_see_to_theirs_the_district_can_be_balanced() -> None:
    """The owner raises 2 to the standard of 4: (6 − 4)/(6 + 4) = 0.2, and nothing is left to do."""
    aided = with_owners(_seesaw(standard=asked("teaching_area", 4.0), owners=True))
    found = decide(aided, 1e-6, Watch())
    assert found.cost == 0 and list(failures(found)) == []
    # what is lacking is told of the school as it is, also where it is taken to be mended
    (need,) = owners_needs(aided)
    assert need.units == 200 and need.reached == pytest.approx(0.5)
    # and no more is added when the same is asked again
    assert np.array_equal(with_owners(aided).base, aided.base)


def test_that_owners_mend_theirs_is_offered_as_a_way_out_and_never_to_buy_for_them() -> None:
    problem = _seesaw(standard=asked("teaching_area", 4.0))
    conflict = find_conflict(problem, Watch())
    assert conflict is not None
    assert {rule.family for rule in conflict.rules} == {"cv"}
    aided = with_owners(problem.with_(owners=True))
    around = Surroundings(np.zeros(0), lambda: problem, aided)
    ways = {way.code: way for way in find_ways(problem, conflict, around, Watch())}
    assert ways["owners"].cost == 0
    assert not {"without_untouched", "money"} & set(ways)
    without = Surroundings(np.zeros(0), lambda: problem)
    assert "owners" not in {way.code for way in find_ways(problem, conflict, without, Watch())}


def _two_years(problem: Problem, **given: Any) -> Problem:
    repeat = {
        name: np.repeat(getattr(problem, name), 2, axis=0)
        for name in ("pupils", "scope", "factor", "base", "price", "fixed_buy", "exempt_share",
                     "standard", "limit", "item_cap")
    }  # fmt: skip
    return problem.with_(
        years=(2026, 2027), **repeat, discount=np.ones(2), envelope=np.full(2, np.inf),
        rotation_cap=np.zeros(2), backbone_cap=np.zeros(2), target=1,
        start=np.full(len(problem.part_school), 1), **given,
    )  # fmt: skip


def test_owners_cannot_build_faster_than_anybody() -> None:
    """A lead of one year: bought in 2026, in use in 2027; balance in 2026 is proven impossible."""
    problem = _two_years(
        _with_private([100.0, 200.0], {"teaching_area": [4.0, 5.0]},
                      standard=asked("teaching_area", 4.5)),
        lead=np.array([1, 0, 0, 0]),
    )  # fmt: skip
    (need,) = owners_needs(problem)
    assert (need.year, need.in_time, need.in_use) == (2026, True, 2027)
    found = earliest(with_owners(problem.with_(owners=True)), 1e-6, Watch())
    assert (found.value, found.impossible_years) == (2027, (2026,))
    # as they are, the private school is not waited for: the public one is well at once
    assert earliest(problem, 1e-6, Watch()).value == 2026
    (late,) = owners_needs(problem.with_(lead=np.array([2, 0, 0, 0])))
    assert (late.year, late.in_time, late.in_use) == (2026, False, 2028)


@pytest.mark.parametrize("owners", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_an_independent_formulation_agrees_on_districts_with_private_schools(
    seed: int, owners: bool
) -> None:
    base = drawn(8, seed)
    private = np.arange(8) == 1
    problem = with_owners(base.with_(
        whole=False, private=private, owners=owners, envelope=base.envelope * 3,
        may_buy=base.may_buy & ~private, may_move=base.may_move & ~private[base.part_school],
        exemptions=np.zeros_like(base.exemptions), limit=base.limit * 1.2,
    ))  # fmt: skip
    found = decide(problem, 1e-5, Watch())
    again = least(problem, np.zeros((len(problem.part_school), 7)))
    if found.paid is None:
        assert not np.isfinite(again) and found.status == "infeasible"
    else:
        assert found.cost == pytest.approx(again, rel=1e-3)
        assert not found.paid.amount[:, :, private].any()


# ---- whole districts


def _district() -> sim.District:
    """Three public primary schools and a private one; 200 pupils each ask for 900 m².

    Public ones have 800, 850 and 900, the private one 600.
    """
    full = {"primary_higher_degree": 14, "primary_backbone": 4, "primary_pe_art": 4,
            "sports_area": 2000, "multimedia_rooms": 9, "equipment_value": 500_000}  # fmt: skip
    rows = [school(name, teaching_area=area, **full)
            for name, area in (("A", 800), ("B", 850), ("C", 900))]  # fmt: skip
    private = school("P", teaching_area=600, ownership="private", payroll=0, staff=0,
                     **{**full, "primary_backbone": 6})  # fmt: skip
    for row in rows:
        row["ownership"] = "public"
    return district_of([*rows, private])


def _plan(**wishes: Any) -> Plan:
    scenario = scenario_of(policy=["national", "district_plan"], horizon=2, levers={
        "appropriation": {"margin": 0.1}}, assumptions={
        "recurrent_revenue_growth": 0.03, "pay_growth": 0.02})  # fmt: skip
    return sim.plan(_district(), scenario, wishes=Wishes(exemptions=0, **wishes))


def test_the_plan_names_them_first_and_claims_no_balance() -> None:
    plan = _plan()
    assert plan.found and plan.standing == "public"
    assert {row["school"]: row["units"] for row in plan.purchases} == {"A": 100, "B": 50}
    # 200 × 4.5 − 600 = 300 m²
    assert [(n.school, n.indicator, n.units) for n in plan.owners] == [("P", "teaching_area", 300)]
    said = plan_lines(plan, "zh", "yuan")
    assert said[0].startswith("1 所民办学校未达标") and "须由举办者自筹补齐" in said[0]
    amount = f"{plan.owners[0].amount:,.0f} 元"
    assert "School P" in said[1] and "300 ㎡" in said[1] and amount in said[1]
    headline = next(line for line in said if "最少需投入" in line)
    assert headline.startswith("2027 年公办学校全部达标") and "全区不能认定优质均衡" in headline
    assert not [line for line in said if "全面达到优质均衡" in line]
    # the engine says the same: one school fails, and only it
    assert plan.check.agrees and plan.check.balanced is False and plan.check.promised is True
    assert plan.result.verdict.years["balanced"].iloc[-1] is False
    after = next(line for line in said if line.startswith("规划后："))
    assert "未达到优质均衡" in after and "1/4" in after
    mended = next(line for line in said if line.startswith("规划后且举办者补齐"))
    assert "2027 年达到优质均衡" in mended and "0/4" in mended


def test_under_the_assumption_balance_is_said_with_the_assumption_beside_it() -> None:
    free, plan = _plan(), _plan(owners=True)
    assert plan.found and plan.standing == "owners" and plan.owners == free.owners
    said = plan_lines(plan, "zh", "yuan")
    assert said[0].startswith("按要求假定：1 所未达标的民办学校由举办者自筹补齐")
    headline = next(line for line in said if "最少需投入" in line)
    assert headline.startswith("在举办者自筹补齐 1 所民办学校短板的前提下，2027 年全面达到优质均衡")
    assert plan.check.agrees and plan.check.balanced is True
    assert not [row for row in plan.purchases if row["school"] == "P"]
    # owners' money is not the public's: the plan's need holds the plan's own purchases only
    year = plan.problem.years[0]
    bare = float(plan.ground.result.at("need", year)[0])
    spent = float(plan.result.at("need", year)[0]) - bare
    assert spent == pytest.approx(plan.money[0]["spent"], abs=0.01)
    # what is adopted is judged as the school is
    assert plan.result.verdict.years["balanced"].iloc[-1] is False
    assert any("各页结论仍按民办学校现状判定" in line for line in said)


def test_what_the_engine_denies_is_no_agreement() -> None:
    """A plan of public schools only: the engine must find every other school well."""
    check = _plan().check
    assert not replace(check, promised=False).agrees


def test_tables_and_machines_are_told_the_same() -> None:
    plan = _plan()
    rows = plan_table(plan, "owners", "zh", "yuan").records()
    assert [(row["school_name"], row["units"], row["amount"]) for row in rows] == [
        ("School P", 300, plan.owners[0].amount), ("合计", "", plan.owners[0].amount)]  # fmt: skip
    shown = {row["id"]: row for row in plan_table(plan, "verdicts", "zh", "yuan").records()}
    assert (shown["balance"]["before_status"], shown["balance"]["after_status"],
            shown["balance"]["mended_status"]) == ("fail", "fail", "pass")  # fmt: skip
    assert shown["schools"]["after"].endswith("1/4")
    told = machine_plan(plan)
    assert told["standing"] == "public" and told["owners"]["assumed"] is False
    assert told["owners"]["needs"][0]["amount"] == plan.owners[0].amount
    # what its owner adds takes a year to build: nothing is claimed of 2026
    assert told["verdict"]["mended"]["from"] == 2027
    assert [row["balanced"] for row in told["verdict"]["mended"]["years"]] == [True]


@pytest.mark.parametrize("wish", [
    {"purchases": [{"item": "teaching_area", "school": "P", "stage": "primary", "year": 2026,
                    "amount": 1.0}]},
    {"moves": [{"school": "P", "stage": "primary", "year": 2026, "kind": "backbone",
                "teachers": 1}]},
])  # fmt: skip
def test_nothing_can_be_fixed_at_a_private_school(wish: dict[str, Any]) -> None:
    with pytest.raises(JunhengError) as caught:
        _plan(**wish)
    assert caught.value.code == "plan_private"


def test_teachers_of_private_schools_neither_move_nor_raise_the_share_that_may() -> None:
    problem, ground = _plan().problem, _plan().ground
    public = [k for k in range(4) if problem.schools[k] != "P"]
    assert not problem.may_move[:, 3].any() and problem.may_move[:, public].all()
    share = float(ground.by_year("rotation_share")[0, 0])
    teachers = ground.by_year("teachers")[0]
    assert problem.rotation_cap[0] == pytest.approx(share * teachers[public].sum())


@pytest.mark.parametrize("seed", range(12))
def test_random_districts_with_a_private_school(seed: int) -> None:
    """No purchase, move or money on top for it; the engine agrees; a verdict is never too good."""
    district = drawn_district(seed)
    schools = district.schools.copy()
    schools["ownership"] = ["private", *["public"] * (len(schools) - 1)]
    private = str(schools.index[0])
    made = replace(district, schools=schools)
    plan = sim.plan(made, drawn_scenario(seed), seek_ways=False,
                    wishes=Wishes(owners=seed % 2 == 0))  # fmt: skip
    conflicts = [plan.conflict, *plan.further] if plan.conflict else []
    assert not [r for c in conflicts if c for r in c.rules if r.family == "untouched"]
    assert {need.school for need in plan.owners} <= {private}
    if not plan.found:
        return
    assert plan.check.agrees
    rows = [*plan.purchases, *plan.extra]
    assert private not in {row["school"] for row in rows}
    assert private not in {name for row in plan.moves for name in (row["giver"], row["taker"])}
    last = plan.result.verdict.years["balanced"].iloc[-1]
    if plan.owners:
        assert last is False and plan.standing in ("public", "owners")
        assert not [line for line in plan_lines(plan, "zh")
                    if "全面达到优质均衡" in line and "前提下" not in line]  # fmt: skip
    else:
        assert last is not False
