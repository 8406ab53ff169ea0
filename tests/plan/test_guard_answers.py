"""What a plan tells: its purchases, moves, money and check, held against figures made by hand."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import simulator as sim
from simulator.errors import JunhengError
from simulator.plan import check as checking
from simulator.plan import solve
from simulator.plan.before import Broken
from simulator.plan.build import lay_ground, without_purchases
from simulator.plan.check import Check
from simulator.plan.clean import Paid
from simulator.plan.decide import decide
from simulator.plan.found import Plan
from simulator.plan.objectives import Solved
from simulator.plan.problem import Problem
from simulator.plan.rotation import Move
from simulator.plan.watch import Watch
from simulator.plan.wishes import Wishes
from simulator.plan.written import _net_moves
from tests.building import district_of, scenario_of, school
from tests.plan.guarding import lacking, over_years, standards_of
from tests.plan.making import simple, spending


def _plan(problem: Problem, **changes: Any) -> Plan:
    """A plan over a problem made by hand, decided."""
    decision = decide(problem, 1e-6, Watch())
    ground: Any = SimpleNamespace(asked=1, scenario=1)
    solved = Solved(decision, decision.cost, decision.bound)
    return Plan("least_cost", ground, problem, solved, **changes)


def test_a_purchase_is_told_with_its_amount_and_its_reason() -> None:
    """50 m² at 1,000 yuan from 4.0 to 4.5 of 4.5 m²; 2.5 m² fixed by hand in sports areas."""
    fixed = np.full((2, 4, 2), np.nan)
    fixed[0, 1, 1] = 2.5
    plan = _plan(over_years(lacking(), 2, fixed_buy=fixed, discount=np.array([1.0, 0.8])))
    own, area = plan.purchases
    assert own | {"before": 0, "after": 0} == {
        "school": "S1", "stage": "primary", "item": "sports_area", "year": 2026, "units": 2.5,
        "amount": 2500.0, "cause": "fixed", "before": 0, "after": 0,
    }  # fmt: skip
    assert (area["school"], area["year"], area["units"], area["amount"]) == (
        "S0",
        2027,
        50.0,
        50_000.0,
    )
    assert area["before"] == pytest.approx(4 / 4.5) and area["after"] == pytest.approx(1.0)
    assert area["cause"] == "standard" and area["item"] == "teaching_area"
    assert plan.found and plan.status == "optimal" and plan.value == plan.solved.value
    assert plan.paid_in_all == 52_500.0 and plan.value == pytest.approx(42_500.0)
    assert plan.bound == plan.solved.bound and plan.gap == plan.solved.gap
    assert plan.exemptions == [] and plan.extra == [] and plan.on_top == [] and plan.moves == []


def test_units_are_told_to_the_millionth() -> None:
    plan = _plan(lacking())
    paid = plan.solved.decision.paid
    assert paid is not None
    odd = replace(paid, units=paid.units + np.where(paid.units > 0, 0.12345678, 0.0))
    shown = replace(
        plan, solved=replace(plan.solved, decision=replace(plan.solved.decision, paid=odd))
    )
    assert shown.purchases[0]["units"] == 50.123457


def test_a_fen_is_a_purchase_too_and_nothing_is_none() -> None:
    plan = _plan(lacking())
    amount = np.zeros((1, 4, 2))
    amount[0, 2, 1] = 0.01
    paid = Paid(amount, amount, np.zeros((1, 2)))
    few = replace(
        plan, solved=replace(plan.solved, decision=replace(plan.solved.decision, paid=paid))
    )
    assert [(row["school"], row["item"], row["amount"]) for row in few.purchases] == [
        ("S1", "equipment_value", 0.01)
    ]


def test_a_move_is_told_with_who_gives_and_takes() -> None:
    """4 and 8 of 400; 1.4 a hundred: two move; fixed by hand where the taker's moves are fixed."""
    problem = simple(
        [400.0, 400.0],
        {"backbone": [1.0, 2.0]},
        standard=standards_of(backbone=1.4),
        rotation_cap=np.array([9.0]),
        backbone_cap=np.array([9.0]),
        whole=True,
    )
    (move,) = _plan(problem).moves
    assert (move["giver"], move["taker"], move["stage"], move["kind"]) == (
        "S1",
        "S0",
        "primary",
        "backbone",
    )
    assert (move["year"], move["teachers"], move["cause"]) == (2026, 2.0, "standard")
    assert move["before"] == pytest.approx(1 / 1.4) and move["after"] == pytest.approx(1.5 / 1.4)
    fixed = np.full((3, 2), np.nan)
    fixed[1, 0] = 2.0
    (move,) = _plan(problem.with_(fixed_move=fixed)).moves
    assert (move["teachers"], move["cause"]) == (2.0, "fixed")


def test_an_exemption_is_told_with_the_share_that_is_reached() -> None:
    """3.0 of 4.5 m²; exempt 3.825 are enough: 85%, of the standard of the target year."""
    base = lacking(exemptions=np.ones(2, dtype=np.intp))
    low = base.base.copy()
    low[0, 3, 0] = 3.0
    problem = over_years(base.with_(base=low), 2)
    standard = problem.standard * np.array([2.0, 1.0])[:, np.newaxis, np.newaxis]
    (row,) = _plan(problem.with_(standard=standard)).exemptions
    assert (row["school"], row["stage"], row["indicator"]) == ("S0", "primary", "teaching_area")
    assert row["reached"] == pytest.approx(0.85)


@pytest.mark.parametrize(
    ("carry", "expected"),
    [
        (True, [(0.0, 60_000.0), (60_000.0, 10_000.0)]),
        (False, [(0.0, 60_000.0), (0.0, -50_000.0)]),
    ],
)
def test_money_year_by_year(carry: bool, expected: list[tuple[float, float]]) -> None:
    """60,000 yuan in the first year, nothing in the second, in which 50,000 are spent."""
    plan = _plan(over_years(lacking(), 2, discount=np.array([1.0, 0.5])))
    money = plan.problem.with_(envelope=np.array([60_000.0, 0.0]), carry_over=carry)
    rows = replace(plan, problem=money).money
    assert [(row["year"], row["spent"], row["there"]) for row in rows] == [
        (2026, 0.0, 60_000.0), (2027, 50_000.0, 0.0),
    ]  # fmt: skip
    assert [(row["carried"], row["left"]) for row in rows] == expected


def test_a_negative_rest_is_not_carried_over() -> None:
    plan = _plan(over_years(lacking(), 2, target=0, start=np.zeros(2, dtype=int)))
    money = plan.problem.with_(envelope=np.array([20_000.0, 7.0]), carry_over=True)
    rows = replace(plan, problem=money).money
    assert [(row["left"], row["carried"]) for row in rows] == [(-30_000.0, 0.0), (7.0, 0.0)]


def test_without_a_plan_nothing_is_told() -> None:
    plan = _plan(lacking(envelope=np.array([1.0])))
    assert not plan.found and plan.purchases == [] and plan.exemptions == [] and plan.prices == ()
    assert np.isnan(plan.paid_in_all) and np.isnan(plan.money[0]["spent"]) and plan.extra == []
    assert plan.dearer_by_growth == 0.0
    with pytest.raises(JunhengError):
        plan.scenario()


def test_prices_and_what_growth_makes_dearer_are_those_with_the_exemptions_as_decided() -> None:
    low = lacking(exemptions=np.ones(2, dtype=np.intp))
    problem = low.with_(base=np.where(np.arange(2) == 0, low.base - 1.0, low.base))
    (price,) = _plan(problem).prices
    # exempt at 85%: 4.5 · 0.85 m² a percent and pupil
    assert price.saving == pytest.approx(4500 * 0.85, rel=1e-5)
    made = spending([[1e6, 1e6], [1e6 - 30_000, 2e6]])
    only = np.zeros_like(made.asked)
    only[0] = True
    dear = _plan(lacking(standard=standards_of(teaching_area=3.0), spending=made.with_(asked=only)))
    assert dear.dearer_by_growth == pytest.approx(30_000 * 0.9999, rel=1e-3)
    assert [row["stage"] for row in dear.on_top] == ["primary"]


def test_scenarios_lose_their_own_purchases_and_moves_of_the_planned_kinds() -> None:
    own = {"amount": 1000, "rule": "per_pupil"}
    moved = [{"school": "A", "stage": "primary", "year": 2026, "kind": kind, "teachers": n}
             for kind, n in (("backbone", 1), ("teachers", 2))]  # fmt: skip
    scenario = scenario_of(
        policy=["national"],
        horizon=2,
        levers={
            "investment": {"sports_area": dict(own), "computers": dict(own)},
            "rotation": moved,
        },
    )
    bare = without_purchases(scenario)
    assert bare.get("levers.investment.sports_area.amount") is None
    assert bare.get("levers.investment.computers.amount") == 1000
    kept = bare.get("levers.rotation")
    assert [row["kind"] for row in kept] == ["teachers"]
    only = without_purchases(scenario.with_changes({"levers.rotation": moved[:1]}))
    assert only.get("levers.rotation") is None
    plain = scenario_of(policy=["national"], horizon=2, levers={})
    assert without_purchases(plain) is plain


def _district(**fields: Any) -> Any:
    """A, B primary; C nine-year with too few primary pupils to be evaluated."""
    enough = {"primary_higher_degree": 14, "primary_backbone": 4, "primary_pe_art": 4,
              "teaching_area": 1200}  # fmt: skip
    rows = [
        school("A", **{**enough, "teaching_area": 700, **fields}),
        school("B", **enough),
        school("D", "junior", junior_higher_degree=14, teaching_area=1400, sports_area=2400),
    ]
    return district_of(rows)


def _scenario(**levers: Any) -> Any:
    margin = {"appropriation": {"margin": 0.1}, **levers}
    return scenario_of(policy=["national"], horizon=2, levers=margin, assumptions={
        "recurrent_revenue_growth": 0.03, "pay_growth": 0.02})  # fmt: skip


def test_the_ground_is_the_primary_and_junior_parts_of_the_planned_years() -> None:
    ground = lay_ground(_district(), _scenario())
    assert ground.years == (2026, 2027)
    assert [ground.result.index.parts[p] for p in ground.parts] == [
        ("A", "primary"), ("B", "primary"), ("D", "junior"),
    ]  # fmt: skip
    assert ground.evaluated.tolist() == [True] * 3
    assert ground.by_year("pupils").shape == (2, 3)
    result = ground.result
    assert ground.at_base("pupils").tolist() == result.at("pupils", 2025).tolist()
    assert ground.at_end("teachers").tolist() == result.at("teachers", 2027).tolist()
    for year, row in zip((2026, 2027), ground.by_year("gap"), strict=True):
        assert row.tolist() == result.at("gap", year).tolist()


def test_a_plan_of_a_district_agrees_with_the_engine() -> None:
    """A lacks 4.5 · pupils − 700 m² of teaching area at the last year's pupils."""
    plan = sim.plan(_district(), _scenario(), wishes=Wishes(exemptions=0))
    assert plan.found and plan.check.agrees and plan.check.lawful
    (row,) = [r for r in plan.purchases if (r["school"], r["item"]) == ("A", "teaching_area")]
    pupils = float(plan.ground.by_year("pupils")[-1, 0])
    assert row["units"] == pytest.approx(4.5 * pupils - 700, abs=0.02) and row["year"] == 2026
    listed = plan.scenario("x").get("levers.investment.teaching_area.plan")
    assert [each["amount"] for each in listed if each["school"] == "A"] == [row["amount"]]
    assert set(listed[0]) == {"school", "stage", "year", "amount"}
    assert plan.before is plan.ground.result and plan.set_aside == []


CHECK = Check(0.0, 0.0, True, True, True, (), True)
BROKEN = (Broken(2026, "growth_per_pupil", "primary", 1.0),)


@pytest.mark.parametrize(
    ("changes", "agrees"),
    [
        ({}, True),
        ({"farthest": 0.9e-6}, True),
        ({"farthest": 1e-6}, True),
        ({"farthest": 1.2e-6}, False),
        ({"short": 0.01}, True),
        ({"short": 0.011}, False),
        ({"short": -1.0}, True),
        ({"broken": BROKEN}, False),
        ({"promised": None}, True),
        ({"promised": False}, False),
        ({"promised": False, "lawful": False}, True),
        # a plan for public schools alone promises no balance
        ({"balanced": False}, True),
        ({"money": None}, True),
        ({"money": False}, False),
        ({"money": False, "lawful": False}, False),
    ],
)
def test_what_is_a_disagreement(changes: dict[str, Any], agrees: bool) -> None:
    assert replace(CHECK, **changes).agrees is agrees


class _Checked:
    """A plan of two schools and two years, and an engine that finds what is set."""

    def __init__(self, **wishes: Any) -> None:
        limit = standards_of(2, teaching_area=0.5)
        base = simple([100.0, 100.0], {"teaching_area": [2.0, 6.0]})
        self.problem = over_years(base, 2, limit=limit, envelope=np.array([50.0, 60.0]))
        self.scope = self.problem.scope
        self.ground = SimpleNamespace(parts=np.array([2, 0]), by_year=self._by_year)
        self.wishes, self.objective, self.value = Wishes(**wishes), "least_cost", 0.0
        self.solved = SimpleNamespace(decision=SimpleNamespace(levels=lambda: self.problem.base))
        self.money = [{"spent": 10.0}, {"spent": 20.0}]
        self.found: dict[tuple[str, int], list[float]] = {}
        self.needed = 6.0
        self.result = self.judged = SimpleNamespace(at=self._at)

    def _by_year(self, name: str) -> np.ndarray:
        given = {
            "gap": [50.0, 60.0],
            "carried_over": [0.0, 0.0],
            "indicators_needed": [0.0, self.needed],
        }
        return np.array(given[name])[:, np.newaxis]

    def _at(self, name: str, year: int) -> np.ndarray:
        """What the plan says, where nothing else is set; parts stand in the ground's places."""
        if (name, year) in self.found:
            return np.array(self.found[name, year])
        if name == "gap":
            return np.array([40.0])
        if name.startswith("cv_"):
            return np.array([0.5, np.nan])
        level = {"value_teaching_area": [6.0, 99.0, 2.0]}.get(name, [0.0, 99.0, 0.0])
        return np.array(level)


def test_levels_of_the_engine_are_compared_part_by_part() -> None:
    plan: Any = _Checked()
    assert checking._levels_apart(plan) == 0.0
    plan.found["value_teaching_area", 2026] = [6.0, 99.0, 2.5]  # |2.5 − 2| / 2.5
    assert checking._levels_apart(plan) == pytest.approx(0.2)
    plan.found["value_teaching_area", 2027] = [8.0, 99.0, 2.0]  # |8 − 6| / 8 in a later year
    assert checking._levels_apart(plan) == pytest.approx(0.25)
    plan.found["value_sports_area", 2026] = [0.5, 99.0, 0.0]  # below one as they are
    assert checking._levels_apart(plan) == pytest.approx(0.5)
    scope = np.array([[True, False], [True, True]])
    plan.problem = plan.problem.with_(scope=scope)  # what is not evaluated is not compared
    assert checking._levels_apart(plan) == pytest.approx(0.25)


def test_coefficients_are_compared_where_both_know_them() -> None:
    """2 and 6 of equal size: one half, in the target year alone."""
    plan: Any = _Checked()
    assert checking._coefficients_apart(plan) == pytest.approx(0.0, abs=1e-12)
    plan.found["cv_teaching_area", 2027] = [0.7, 9.9]
    assert checking._coefficients_apart(plan) == pytest.approx(0.2)
    plan.found["cv_teaching_area", 2027] = [2.5, 9.9]  # |2.5 − 0.5| / 2.5
    assert checking._coefficients_apart(plan) == pytest.approx(0.8)
    plan.found["cv_teaching_area", 2026] = [9.0, 9.9]  # not looked at
    assert checking._coefficients_apart(plan) == pytest.approx(0.8)
    plan.found["cv_teaching_area", 2027] = [np.nan, 9.9]
    assert checking._coefficients_apart(plan) == 0.0


@pytest.mark.parametrize(
    ("carry", "gaps", "short"),
    [
        (False, [40.0, 40.0], 0.0), (False, [37.0, 40.0], 3.0), (False, [40.0, 38.0], 2.0),
        (False, [45.0, 40.0], 0.0), (True, [40.0, 80.0], 0.0), (True, [40.0, 75.0], 5.0),
        (False, [np.nan, 38.0], 2.0), (False, [37.0, np.nan], 3.0),
    ],
)  # fmt: skip
def test_money_that_the_engine_finds_less_of(carry: bool, gaps: list[float], short: float) -> None:
    """50 − 10 and 60 − 20 are left, and 40 more where money is carried over."""
    plan: Any = _Checked()
    plan.problem = plan.problem.with_(carry_over=carry)
    plan.found = {("gap", 2026): [gaps[0]], ("gap", 2027): [gaps[1]]}
    assert checking._short(plan) == short
    overdrawn: Any = _Checked()
    overdrawn.problem = overdrawn.problem.with_(carry_over=True)
    overdrawn.money = [{"spent": 70.0}, {"spent": 20.0}]
    overdrawn.found = {("gap", 2026): [-20.0], ("gap", 2027): [39.0]}
    assert checking._short(overdrawn) == 1.0


@pytest.mark.parametrize(
    ("changes", "exempt", "lawful"),
    [
        ({}, 1, True), ({}, 2, False), ({}, 0, True), ({"limit_factor": 1.01}, 1, False),
        ({"limit_factor": 0.5}, 1, True),
    ],
)  # fmt: skip
def test_what_is_asked_no_less_than_the_evaluation_asks(
    changes: dict[str, Any], exempt: int, lawful: bool
) -> None:
    plan: Any = _Checked(**changes)
    plan.problem = plan.problem.with_(exemptions=np.array([0, exempt]))
    assert bool(checking._lawful(plan)) is lawful
    plan.needed = np.nan
    assert bool(checking._lawful(plan)) is (lawful and exempt == 0)
    plan.needed, plan.objective = 6.0, "most_equal"
    for value, kept in ((0.9, lawful), (1.0, lawful), (1.01, False)):
        plan.value = value
        assert bool(checking._lawful(plan)) is kept


def test_an_explained_plan_names_what_contradicts_and_the_way_out() -> None:
    """Nothing may be bought: teaching area is short in any case, and so it is told."""
    wishes = Wishes(envelope=[0.0, 0.0], exemptions=0)
    plan = sim.plan(_district(), _scenario(), wishes=wishes)
    assert not plan.found and plan.conflict is not None
    assert {rule.family for rule in plan.conflict.rules} == {"money", "standard"}
    codes = {way.code for way in plan.ways}
    assert {"money", "money_equal"} <= codes
    quiet = sim.plan(_district(), _scenario(), wishes=wishes, seek_ways=False)
    assert quiet.ways == () and quiet.conflict is not None
    with pytest.raises(JunhengError):
        sim.plan(_district(), _scenario(), "cheapest")  # type: ignore[arg-type]


def test_a_longer_plan_goes_on_with_the_last_values() -> None:
    ground = lay_ground(_district(), _scenario())
    caps = {"teaching_area": [5.0, 7.0], "sports_area": 3.0}
    longer = solve._longer(ground, Wishes(target=2026, item_caps=caps, envelope=[1.0, 2.0]))
    assert longer.years == (2026, 2027, 2028) and longer.target == 2
    assert longer.envelope.tolist() == [1.0, 2.0, 2.0]
    assert longer.item_cap[:, 0].tolist() == [5.0, 7.0, 7.0]
    assert longer.item_cap[:, 1].tolist() == [3.0, 3.0, 3.0]
    found = solve._appropriation(ground)
    expected = [float(ground.result.at("appropriation", year)[0]) for year in (2025, 2026, 2027)]
    assert found.tolist() == expected
    fixed = scenario_of(policy=["national"], horizon=2, levers={
        "appropriation": {"rule": "series", "values": [5e7, 6e7]}})  # fmt: skip
    assert len(solve._appropriation(lay_ground(_district(), fixed))) == 0


def test_moves_of_a_plan_are_listed_as_who_came_and_who_went() -> None:
    plan = _plan(lacking())
    moves = (Move(1, 1, 0, 0, 2.0), Move(1, 1, 0, 0, 1.0))
    moved = replace(
        plan, solved=replace(plan.solved, decision=replace(plan.solved.decision, moves=moves))
    )
    rows = [(row["school"], row["kind"], row["year"], row["teachers"]) for row in _net_moves(moved)]
    assert rows == [("S0", "backbone", 2026, 3.0), ("S1", "backbone", 2026, -3.0)]
