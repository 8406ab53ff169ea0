"""What loosening a rule by one unit saves and how far that holds, reckoned by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from simulator.plan import prices
from simulator.plan.clean import Paid
from simulator.plan.cone import solve_relaxed
from simulator.plan.on_top import on_top, saved_without_growth
from simulator.plan.prices import Price, _rates, _reach, loosened, prices_of
from simulator.plan.problem import GROWING, Problem, Rule
from tests.plan.guarding import lacking, over_years, rich, standards_of
from tests.plan.making import simple, spending

AREA = Rule("standard", "primary", "teaching_area")


def _up_to(least: float, most: float) -> Any:
    return lambda units: least <= units <= most


@pytest.mark.parametrize(
    ("holds", "reached"),
    [
        (1e9, 128.0), (128.0, 128.0), (127.0, 126.0), (3.0, 3.0), (2.9, 2.875), (0.4, 0.375),
        (1.0, 1.0), (0.01, 0.0), (0.04, 0.03125), (5.5, 5.5), (5.6, 5.5),
    ],
)  # fmt: skip
def test_a_reach_doubles_eight_times_and_halves_five_times(holds: float, reached: float) -> None:
    """1, 2, 4 … 128; then between the last that holds and the first that does not."""
    assert _reach(_up_to(0.0, holds), 1.0) == reached
    assert _reach(_up_to(-holds, 0.0), -1.0) == reached


def test_the_price_of_a_standard_holds_until_nobody_lacks_anything() -> None:
    """A percent of 4.5 m² for 100 pupils is 4.5 m² at 1,000 yuan: 4,500 yuan.

    After 11.11 percent nothing is lacking: 4,500·u − 50,000 ≤ 450·u + 1 up to u = 12.346; in
    quarters 12.25. Tighter by 11.11 percent the second school lacks as much: 12.25 again.
    """
    (price,) = prices_of(lacking())
    assert price.rule == AREA and price.unit == 0.01
    assert price.saving == pytest.approx(4_500.0, rel=1e-6)
    assert (price.down, price.up) == (12.25, 12.25)


def test_a_price_holds_within_a_tenth_and_a_yuan() -> None:
    """At 0.3 yuan a m² a percent is worth 1.35: 1.35·u − 15 ≤ 0.135·u + 1 up to 13.17."""
    (price,) = prices_of(lacking(price=np.full((1, 4), 0.3)))
    assert price.saving == pytest.approx(1.35, rel=1e-4) and price.up == 13.0
    # what is worth less than a yuan a unit is not told: 0.22 · 4.5 is 0.99, 0.23 · 4.5 is 1.035
    assert prices_of(lacking(price=np.full((1, 4), 0.22))) == ()
    assert len(prices_of(lacking(price=np.full((1, 4), 0.23)))) == 1


def test_a_price_of_exactly_a_yuan_is_told_and_one_that_holds_nowhere_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(prices, "_rates", lambda answer: iter([(Rule("money", year=2026), 1.0)]))
    monkeypatch.setattr(prices, "_reach", lambda holds, sign: 1.0 if sign < 0 else 0.0)
    assert [p.saving for p in prices_of(lacking())] == [1.0]
    monkeypatch.setattr(prices, "_reach", lambda holds, sign: 0.0)
    assert prices_of(lacking()) == ()
    monkeypatch.setattr(prices, "_reach", lambda holds, sign: 0.5 if sign > 0 else 0.25)
    (price,) = prices_of(lacking())
    assert (price.up, price.down) == (0.5, 0.25)


def _limited() -> Problem:
    return simple([100.0, 100.0], {"teaching_area": [2.0, 6.0]},
                  limit=standards_of(teaching_area=0.2))  # fmt: skip


def test_the_price_of_a_limit_is_a_hundredth_of_it() -> None:
    """a = 6·(1 − c)/(1 + c): −12/(1.2)² m² a whole unit, 83,333 yuan × 100 pupils / 100: 8,333."""
    (price,) = prices_of(_limited())
    assert price.rule == Rule("cv", "primary", "teaching_area") and price.unit == 0.01
    assert price.saving == pytest.approx(100 * 1000 * 12 / 1.44 * 0.01, rel=1e-5)
    # 100,000·(a(0.2) − a(0.2 + u/100)) against 8,333·u: 0.1 apart at u = 13.3 looser; tighter 10.9
    assert price.up == pytest.approx(13.25) and price.down == pytest.approx(11.0, abs=0.25)


def _years_apart() -> Problem:
    """50,000 yuan over two years; the second counts half and has 20,000 yuan."""
    return over_years(lacking(), 2, discount=np.array([1.0, 0.5]),
                      envelope=np.array([np.inf, 20_000.0]))  # fmt: skip


def test_the_price_of_money_is_what_a_later_year_saves() -> None:
    """1 万元 more in 2027: half of it. Up to 3 of them, 5,000·u − 15,000 ≤ 500·u + 1: 3.3125."""
    money = next(p for p in prices_of(_years_apart()) if p.rule.family == "money")
    assert money.rule == Rule("money", "", "", 2027) and money.unit == 1.0
    assert money.saving == pytest.approx(5_000.0, rel=1e-5) and money.up == 3.3125
    assert money.down == pytest.approx(2.0, abs=0.07)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"item_cap": np.array([[np.inf] * 4, [20_000.0, np.inf, np.inf, np.inf]])},
         Rule("item_cap", "", "teaching_area", 2027)),
    ],
)  # fmt: skip
def test_the_price_of_a_cap(changes: dict[str, Any], rule: Rule) -> None:
    problem = _years_apart().with_(envelope=np.full(2, np.inf), **changes)
    found = {p.rule: p.saving for p in prices_of(problem)}
    assert found[rule] == pytest.approx(5_000.0, rel=1e-4)


def test_rates_of_all_schools_of_a_rule_are_added_up() -> None:
    """Both lack: a whole standard is 4.5 m² for 100 pupils and for 300: 1,800,000 yuan."""
    problem = simple([100.0, 300.0], {"teaching_area": [4.0, 4.4]},
                     standard=standards_of(teaching_area=4.5))  # fmt: skip
    rates = dict(_rates(solve_relaxed(problem)))
    assert rates == {AREA: pytest.approx(1_800_000.0, rel=1e-6)}
    chosen = np.zeros((2, 7))
    chosen[0, 3] = 1.0
    exempt = problem.with_(exempt_share=np.array([0.9]), chosen=chosen)
    exempt = exempt.with_(base=exempt.base - np.array([0.5, 0.0]))
    # exempt at 0.9: 4.05 · 100 and 4.5 · 300 of the first and the second
    rates = dict(_rates(solve_relaxed(exempt)))
    assert rates[AREA] == pytest.approx((405 + 1350) * 1000, rel=1e-6)


def test_rules_told_by_no_unit_have_no_rate() -> None:
    answer = solve_relaxed(_years_apart())
    assert {rows.family for rows in answer.model.rows} == {"level", "standard", "money"}
    assert {rule.family for rule, _ in _rates(answer)} == {"standard", "money"}


def test_the_dearest_rules_come_first_and_no_more_than_were_asked() -> None:
    """Area at 1,000 yuan a m², sports at 300: 4,500 and 300 · 8 = 2,400 a percent."""
    problem = simple([100.0], {"teaching_area": [4.0], "sports_area": [7.0]},
                     standard=standards_of(teaching_area=4.5, sports_area=8.0),
                     price=np.array([[1000.0, 300.0, 1.0, 1.0]]))  # fmt: skip
    found = prices_of(problem)
    assert [(p.rule.indicator, round(p.saving, 2)) for p in found] == [
        ("teaching_area", 4500.0), ("sports_area", 2400.0),
    ]  # fmt: skip
    assert len(prices_of(problem, 1)) == 1 and prices_of(problem, 1)[0].rule == AREA
    assert prices_of(lacking(envelope=np.array([1.0]))) == ()


def test_no_more_than_twelve_prices_are_told_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [(Rule("money", year=2026 + n), 100.0 + n) for n in range(20)]
    monkeypatch.setattr(prices, "_rates", lambda answer: iter(many))
    monkeypatch.setattr(prices, "_reach", lambda holds, sign: 1.0)
    found = prices_of(lacking())
    assert [p.rule.year for p in found] == [2045 - n for n in range(12)]


def test_a_unit_that_leaves_no_plan_holds_no_price(monkeypatch: pytest.MonkeyPatch) -> None:
    status = {"optimal": True, "infeasible": False}
    for word, held in status.items():
        answer = SimpleNamespace(status=word, objective=4.0 - 1e-9)
        monkeypatch.setattr(prices, "solve_model", lambda model, given=answer: given)
        asked: list[bool] = []

        def reach(holds: Any, sign: float, asked: list[bool] = asked) -> float:
            asked.append(holds(sign))
            return 0.0

        monkeypatch.setattr(prices, "_reach", reach)
        prices._price(
            lacking(envelope=np.array([1e5])), 45_000.0, Rule("money", year=2026), 5_000.0
        )
        # 45,000 − 40,000 is what was expected of a unit more; of a unit less 5,000 more
        assert asked == [held, False]


def test_each_rule_is_loosened_in_its_own_place_and_unit() -> None:
    problem = rich()
    item, school = problem.item_cap, problem.school_cap
    cases: list[tuple[Rule, float, str, tuple[Any, ...], float]] = [
        (Rule("cv", "junior", "sports_area"), 0.03, "limit", (slice(None), 1, 4), 0.03),
        (Rule("money", "", "", 2028), 2.0, "envelope", (2,), 20_000.0),
        (Rule("item_cap", "", "multimedia_rooms", 2028), 3.0, "item_cap", (2, 3), 30_000.0),
        (Rule("school_cap", "", "", 0, "S4"), 1.5, "school_cap", (4,), 15_000.0),
        (Rule("rotation"), 2.0, "rotation_cap", (2,), 2.0),
        (Rule("backbone"), 1.0, "backbone_cap", (2,), 1.0),
    ]  # fmt: skip
    for rule, by, name, place, more in cases:
        expected = getattr(problem, name).copy()
        expected[place] += more
        found = loosened(problem, rule, by)
        assert np.array_equal(getattr(found, name), expected, equal_nan=True), name
    assert problem.item_cap is item and problem.school_cap is school
    standard = loosened(problem, Rule("standard", "junior", "backbone"), 0.1).standard
    assert standard[:, 1, 1] == pytest.approx(problem.standard[:, 1, 1] * 0.9)
    standard[:, 1, 1] = problem.standard[:, 1, 1]
    assert np.array_equal(standard, problem.standard, equal_nan=True)
    # no cap falls under nobody
    assert loosened(problem, Rule("rotation"), -9.0).rotation_cap.tolist() == [5.5, 6.25, 0.0, 8.9]


@pytest.mark.parametrize(("family", "stage"), [(0, "junior"), (1, "primary"), (2, "")])
def test_what_must_rise_is_loosened_in_yuan(family: int, stage: str) -> None:
    problem = rich()
    assert problem.spending is not None
    found = loosened(problem, Rule(GROWING[family], stage, "", 2028), 0.5)
    assert found.spending is not None
    expected = problem.spending.less.copy()
    expected[family, 2, 1 if stage == "junior" else 0] += 5_000.0
    assert np.array_equal(found.spending.less, expected)


def _falling(**changes: Any) -> Problem:
    """Cost per pupil of the first stage falls by 30,000 yuan, operating funds by 10,000."""
    made = spending([[1e6, 1e6], [1e6 - 30_000, 2e6]], [[1e5, 1e5], [1e5 - 10_000, 2e5]])
    made = made.with_(asked=np.array([[[True, True]], [[True, True]], [[False, False]]]))
    return lacking(spending=made, **changes)


def test_what_is_on_top_for_cost_per_pupil_alone_is_told() -> None:
    """30,000 yuan for cost per pupil, 10,000 of them for operating funds in any case."""
    none = np.zeros((1, 4, 2))
    extra = np.array([[30_000.02, 0.0]])
    (row,) = on_top(_falling(), Paid(none, none, extra))
    assert (row["stage"], row["year"], row["amount"]) == ("primary", 2026, 30_000.02)
    assert row["only_growth_per_pupil"] == pytest.approx(20_000.0, abs=0.02)
    (less,) = on_top(_falling(), Paid(none, none, np.array([[4_000.0, 0.0]])))
    assert less["only_growth_per_pupil"] == 0.0
    assert on_top(_falling(), None) == [] and on_top(lacking(), Paid(none, none, extra)) == []
    made = _falling().spending
    assert made is not None
    asked = made.asked.copy()
    asked[0] = False
    (calm,) = on_top(lacking(spending=made.with_(asked=asked)), Paid(none, none, extra))
    assert calm["only_growth_per_pupil"] == 0.0
    (cents,) = on_top(_falling(), Paid(none, none, np.array([[0.01, 0.0]])))
    assert cents["amount"] == 0.01


def test_what_cost_per_pupil_makes_dearer() -> None:
    """Nothing is lacking: 30,000 yuan with the rule, 10,000 without it (and a ten-thousandth)."""
    enough = _falling(standard=standards_of(teaching_area=3.0))
    assert saved_without_growth(enough) == pytest.approx(20_000 * 0.9999, rel=1e-4)
    assert saved_without_growth(lacking()) == 0.0
    made = enough.spending
    assert made is not None
    asked = made.asked.copy()
    asked[0] = False
    assert saved_without_growth(enough.with_(spending=made.with_(asked=asked))) == 0.0
    poor = enough.with_(envelope=np.array([25_000.0]))
    assert np.isnan(saved_without_growth(poor))
    assert isinstance(prices_of(enough), tuple) and Price(AREA, 1, 1, 0, 0).up == 0
