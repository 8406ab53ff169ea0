"""Ways out where there is no plan: each amount by hand, each change tried as it is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simulator.errors import JunhengError
from simulator.plan import ways
from simulator.plan.cone import build_model
from simulator.plan.conflict import Conflict, find_conflict
from simulator.plan.decide import decide
from simulator.plan.problem import INDICATORS, Problem, Rule
from simulator.plan.watch import Watch
from simulator.plan.ways import Surroundings, find_ways
from simulator.plan.ways_rules import (
    Change,
    WayOut,
    limits,
    plain,
    rotation,
    smallest,
    solvable,
    standards,
    teachers,
)
from tests.plan.guarding import lacking, over_years, standards_of
from tests.plan.making import simple, spending

AREA = Rule("standard", "primary", "teaching_area")
MONEY = Rule("money", "", "", 2026)


def _no_longer() -> Problem:
    raise JunhengError("plan_none")


ALONE = Surroundings(np.zeros(0), _no_longer)


def _changes(problem: Problem, *rules: Rule, around: Surroundings = ALONE) -> dict[str, Change]:
    found = list(ways._changes(problem, Conflict(rules, "relaxed"), around))
    assert len({each.code for each in found}) == len(found)
    return {each.code: each for each in found}


@pytest.mark.parametrize("least", [0.3, 1e-9, 0.75])
def test_the_smallest_amount_is_found_by_fourteen_halvings(least: float) -> None:
    asked: list[float] = []

    def possible(amount: float) -> bool:
        asked.append(amount)
        return amount >= least

    found = smallest(possible, 0.0, 1.0)
    assert found is not None and least <= found < least + 2.0**-14
    assert len(asked) == 15 and asked[:2] == [1.0, 0.5]
    assert smallest(lambda amount: False, 0.0, 1.0) is None
    wide = smallest(lambda amount: amount >= 5.0, 1.0, 17.0)
    assert wide is not None and 5.0 <= wide < 5.0 + 16 * 2.0**-14


def test_a_change_without_an_amount_is_tried_once() -> None:
    problem = lacking()
    change = plain("x", problem, count=3)
    assert change.apply(1.0) is problem and change.apply(1.002) is None
    assert change.told(1.0) == ({"count": 3}, {})
    assert solvable(problem) and not solvable(lacking(envelope=np.array([1e4])))
    assert WayOut("x").tried and np.isnan(WayOut("x").cost)


def test_more_is_tried_in_turn_until_there_is_a_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """As computed, then 0.2, 1, 3, 10 and 30 percent more."""
    some = decide(lacking(), 1e-6, Watch())
    for fails in range(7):
        tried: list[float] = []
        gaps: list[float] = []

        def apply(more: float, tried: list[float] = tried) -> Problem:
            tried.append(more)
            return lacking()

        def said(problem: Problem, gap: float, watch: Watch, n: int = fails,
                 tried: list[float] = tried, gaps: list[float] = gaps) -> Any:  # fmt: skip
            gaps.append(gap)
            return some if len(tried) > n else replace(some, paid=None)

        monkeypatch.setattr(ways, "decide", said)
        way = ways._tried(Change("x", apply, lambda more: ({"more": more}, {2026: more})), Watch())
        every = [1.0, 1.002, 1.01, 1.03, 1.1, 1.3]
        assert tried == every[: fails + 1] and set(gaps) == {0.005}
        if fails == 6:
            assert way is None
        else:
            assert way is not None and (way.code, way.cost, way.tried) == ("x", 50_000.0, True)
            assert way.params == {"more": every[fails]} and way.amounts == {2026: every[fails]}


def test_money_is_told_in_whole_yuan_and_less_than_a_yuan_is_none() -> None:
    amounts = np.array([0.0, 1.0, 1.2, 0.9, 1000.0])
    assert ways._rounded_up(amounts, 1.0).tolist() == [0.0, 0.0, 2.0, 0.0, 1000.0]
    assert ways._rounded_up(amounts, 1.0021).tolist() == [0.0, 0.0, 2.0, 0.0, 1003.0]


def _poor(**changes: Any) -> Problem:
    """100,000 yuan are needed in two years of 10,000 and 20,000; the second counts half."""
    base = simple([100.0, 100.0], {"teaching_area": [4.0, 4.0]},
                  standard=standards_of(teaching_area=4.5))  # fmt: skip
    given = {
        "envelope": np.array([10_000.0, 20_000.0]),
        "discount": np.array([1.0, 0.5]),
        **changes,
    }
    return over_years(base, 2, **given)


def test_more_money_in_all_the_same_every_year_or_carried_over() -> None:
    """70,000 more in all, best in the later year; or 35,000 in each."""
    problem = _poor()
    found = _changes(problem, MONEY)
    assert list(found) == ["money", "money_equal", "carry_over"]
    told, by_year = found["money"].told(1.0)
    assert told["total"] == pytest.approx(70_000, abs=30) and set(by_year) == {2027}
    assert by_year[2027] == told["total"] == float(int(told["total"]))
    given = found["money"].apply(1.0)
    assert given is not None
    assert (given.envelope - problem.envelope).tolist() == [0.0, by_year[2027]]
    more, _ = found["money"].told(1.01)
    assert more["total"] == pytest.approx(70_700, abs=30)
    told, by_year = found["money_equal"].told(1.0)
    assert told["total"] == pytest.approx(70_000, abs=30)
    assert by_year == {2026: told["total"] / 2, 2027: told["total"] / 2}
    equal = found["money_equal"].apply(1.0)
    assert equal is not None
    assert (equal.envelope - problem.envelope).tolist() == list(by_year.values())
    kept = found["carry_over"].apply(1.0)
    assert kept is not None and kept.carry_over and not problem.carry_over


def test_money_that_is_carried_over_already_is_given_in_all_only() -> None:
    assert list(_changes(_poor(carry_over=True), MONEY)) == ["money"]
    half = _poor(envelope=np.array([np.inf, 20_000.0]), carry_over=False,
                 may_buy=np.ones((4, 2), dtype=bool), standard=standards_of(2, teaching_area=4.5),
                 item_cap=np.array([[0.0] * 4, [np.inf] * 4]))  # fmt: skip
    found = _changes(half, Rule("money", "", "", 2027))
    told, by_year = found["money_equal"].told(1.0)
    assert set(by_year) == {2027} and told["total"] == pytest.approx(80_000, abs=30)
    told, by_year = found["money"].told(1.0)
    assert set(by_year) == {2027} and told["total"] == pytest.approx(80_000, abs=30)


def test_the_appropriation_grows_faster_by_the_same_points() -> None:
    """1,000,000 growing 4% and 5%; x points more: 1.04x·… of each year.

    35,000 in the first year (3.5 points) leave 25,000 short of 70,000 in the second:
    10^6·((1.04 + x)(1.05 + x) − 1.092) + 10^6·x = 70,000: x² + 3.09x = 0.07, x = 0.02249.
    """
    appropriation = np.array([1e6, 1.04e6, 1.092e6])
    found = _changes(_poor(), MONEY, around=Surroundings(appropriation, _no_longer))
    assert list(found) == ["money", "money_equal", "carry_over", "growth"]
    told, by_year = found["growth"].told(1.0)
    exact = (-3.09 + (3.09**2 + 4 * 0.07) ** 0.5) / 2
    assert exact <= told["points"] <= exact + 2e-4
    assert told["points"] * 1e4 == pytest.approx(round(told["points"] * 1e4))
    x = told["points"]
    first, second = 1e6 * x, 1e6 * ((1.04 + x) * (1.05 + x) - 1.092)
    assert by_year == {2026: pytest.approx(first), 2027: pytest.approx(second)}
    assert told["total"] == pytest.approx(first + second)
    given = found["growth"].apply(1.0)
    assert given is not None
    assert (given.envelope - _poor().envelope).tolist() == pytest.approx([first, second])
    assert found["growth"].told(1.1)[0]["points"] == pytest.approx(x * 1.1, abs=1.2e-4)
    # a growth twice as high would not do for 10 million: no such way is offered
    dear = _poor(price=np.full((2, 4), 1e5))
    assert "growth" not in _changes(dear, MONEY, around=Surroundings(appropriation, _no_longer))


def test_one_more_year_is_offered_where_the_scenario_can_be_longer() -> None:
    longer = over_years(lacking(), 3)
    found = _changes(_poor(), AREA, around=Surroundings(np.zeros(0), lambda: longer))
    change = found["year"]
    assert change.apply(1.0) is longer and change.told(1.0) == ({"year": 2028}, {})
    assert "year" not in _changes(_poor(), AREA)


def test_only_ways_that_touch_a_rule_of_the_contradiction_are_offered() -> None:
    problem = _poor(
        exemptions=np.array([1, 2]),
        rotation_cap=np.ones(2),
        school_cap=np.full(2, 1e3),
        start=np.array([0, 1]),
    )
    assert list(_changes(problem)) == []
    found = _changes(problem, Rule("one_exempt"))
    assert list(found) == ["exemption"]
    more = found["exemption"].apply(1.0)
    assert more is not None and more.exemptions.tolist() == [2, 3]
    assert found["exemption"].told(1.0)[0] == {"count": 3}
    assert "exemption" in _changes(problem, AREA)
    assert list(_changes(problem, Rule("rotation"))) == []
    wishes = _changes(problem, Rule("priority"), Rule("school_cap", "", "", 0, "S1"))
    assert set(wishes) == {"without_priority", "without_school_cap"}
    assert wishes["without_school_cap"].told(1.0)[0] == {
        "rule": Rule("school_cap", "", "", 0, "S1")
    }
    free = wishes["without_school_cap"].apply(1.0)
    assert free is not None and free.school_cap.tolist() == [1e3, np.inf]
    # growth that no wish can waive leads nowhere; cost per pupil may be waived
    made = spending([[1e6, 1e6], [5e5, 1e6], [1e6, 1e6]])
    growing = problem.with_(spending=made)
    rules = [Rule(name, "" if name.startswith("no") else "primary", "", 2026)
             for name in ("growth_per_pupil", "growth_operating", "no_fall_per_pupil")]  # fmt: skip
    assert list(_changes(growing, *rules)) == ["without_growth_per_pupil"]


def _two_standards(**changes: Any) -> tuple[Problem, Conflict]:
    """20,000 yuan; area lacks 50 m² at 1,000, sports 200 m² at 100: 50,000 and 20,000 yuan."""
    problem = simple([100.0], {"teaching_area": [4.0], "sports_area": [6.0]},
                     standard=standards_of(teaching_area=4.5, sports_area=8.0),
                     price=np.array([[1000.0, 100.0, 1.0, 1.0]]), envelope=np.array([40_000.0]),
                     **changes)  # fmt: skip
    sports = Rule("standard", "primary", "sports_area")
    return problem, Conflict((MONEY, sports, AREA), "relaxed")


def test_the_standard_that_must_give_least_is_lowered() -> None:
    """30,000 are short: 0.3 of 4.5 m² are 6.67% of area; sports cannot give so much (20,000)."""
    problem, conflict = _two_standards()
    (change,) = standards(problem, build_model(problem), conflict)
    params, amounts = change.told(1.0)
    assert (params["stage"], params["indicator"], amounts) == ("primary", "teaching_area", {})
    assert params["share"] == pytest.approx(0.0667, abs=1.01e-4) and params["share"] >= 0.3 / 4.5
    assert params["was"] == 4.5 and params["now"] == pytest.approx(4.5 * (1 - params["share"]))
    lowered = change.apply(1.0)
    assert lowered is not None
    assert lowered.standard[0, 0, 3] == pytest.approx(params["now"])
    assert lowered.standard[0, 0, 4] == 8.0 and solvable(lowered)
    assert change.told(1.1)[0]["share"] == pytest.approx(0.0734, abs=1.01e-4)
    assert change.told(99.0)[0]["share"] == 1.0
    # where either would do the smaller share counts: 15,000 short are 3.33% and 18.75%
    either = problem.with_(envelope=np.array([55_000.0]))
    for rules in ((AREA, conflict.rules[1]), (conflict.rules[1], AREA)):
        (change,) = standards(either, build_model(either), Conflict(rules, "relaxed"))
        assert change.told(1.0)[0]["indicator"] == "teaching_area"
        assert change.told(1.0)[0]["share"] == pytest.approx(0.15 / 4.5, abs=1.01e-4)
    assert list(standards(problem, build_model(problem), Conflict((MONEY,), "relaxed"))) == []
    never = problem.with_(fixed_buy=np.full((1, 4, 1), 1e3))
    assert list(standards(never, build_model(never), conflict)) == []


def test_the_standard_told_is_that_of_the_target_year() -> None:
    problem = over_years(lacking(envelope=np.array([1e3])), 2)
    standard = problem.standard.copy()
    standard[0] *= 0.5
    later = problem.with_(standard=standard)
    (change,) = standards(later, build_model(later), Conflict((AREA,), "relaxed"))
    assert change.told(1.0)[0]["was"] == 4.5
    lowered = change.apply(1.0)
    assert lowered is not None
    share = change.told(1.0)[0]["share"]
    assert lowered.standard[:, 0, 3].tolist() == pytest.approx(
        [2.25 * (1 - share), 4.5 * (1 - share)]
    )


def test_limits_are_loosened_by_one_factor() -> None:
    """100,000 yuan: 3 and 6 m²: a third, 1.6667 of 0.2; a limit of 0.02 would need 16.67 of it."""
    rules = (Rule("cv", "primary", "teaching_area"), Rule("cv", "primary", "sports_area"), MONEY)
    conflict = Conflict(rules, "relaxed")
    problem = simple([100.0, 100.0], {"teaching_area": [2.0, 6.0]}, envelope=np.array([100_000.0]),
                     limit=standards_of(teaching_area=0.2, sports_area=0.5))  # fmt: skip
    (change,) = limits(problem, conflict)
    params, amounts = change.told(1.0)
    assert params["count"] == 2 and params["indicator"] == "teaching_area" and amounts == {}
    assert (params["stage"], params["was"]) == ("primary", 0.2)
    assert params["now"] == pytest.approx(1 / 3, abs=0.2 * 15 / 2**14 + 1e-6)
    loose = change.apply(1.0)
    assert loose is not None
    assert loose.limit[0, 0, 3] == params["now"] and loose.limit[0, 0, 4] == pytest.approx(
        0.5 * 5 / 3, rel=1e-3
    )
    assert change.told(1.1)[0]["now"] == pytest.approx(params["now"] * 1.1)
    again = change.apply(1.1)
    assert again is not None and again.limit[0, 0, 3] == pytest.approx(params["now"] * 1.1)
    for limit, found in ((1 / 3 / 15.5, 1), (1 / 3 / 16.5, 0)):
        tight = problem.with_(limit=standards_of(teaching_area=limit))
        assert len(list(limits(tight, Conflict(rules[:1], "relaxed")))) == found


def test_the_limit_told_is_that_of_the_target_year() -> None:
    problem = over_years(
        simple([100.0, 100.0], {"teaching_area": [2.0, 6.0]}, envelope=np.zeros(1)), 2,
        limit=np.concatenate([standards_of(teaching_area=0.9), standards_of(teaching_area=0.2)]),
    )  # fmt: skip
    (change,) = limits(problem, Conflict((Rule("cv", "primary", "teaching_area"),), "relaxed"))
    assert change.told(1.0)[0]["was"] == 0.2
    loose = change.apply(1.0)
    assert loose is not None and loose.limit[0, 0, 3] / loose.limit[1, 0, 3] == pytest.approx(4.5)


def _rotating(years: int = 1, **changes: Any) -> Problem:
    """4 and 8 backbone teachers of 400; 1.4 a hundred take 1.6, a tenth of one may move."""
    base = simple([400.0, 400.0], {"backbone": [1.0, 2.0]}, standard=standards_of(backbone=1.4),
                  rotation_cap=np.array([9.0]), backbone_cap=np.array([0.1]))  # fmt: skip
    return over_years(base, years, **changes)


def test_more_teachers_may_move_in_each_year() -> None:
    """1.5 lack in one year: two; in three years 1.3 lack: one a year (0.43)."""
    for years, people, more in ((1, 2.0, 1.4), (3, 1.0, 2.5)):
        problem = _rotating(years)
        (change,) = rotation(problem, build_model(problem))
        assert change.told(1.0) == ({"teachers": people}, {})
        given = change.apply(1.0)
        assert given is not None
        assert given.backbone_cap.tolist() == pytest.approx([0.1 + people] * years)
        assert given.rotation_cap.tolist() == [9.0 + people] * years
        assert change.told(more)[0]["teachers"] == people + 1.0
    assert list(rotation(lacking(), build_model(lacking()))) == []
    none = _rotating(1, most_teachers=np.zeros(2))
    assert list(rotation(none, build_model(none))) == []
    found = _changes(_rotating(), Rule("backbone"))
    assert list(found) == ["rotation"]


def test_more_teachers_of_a_kind_in_the_district() -> None:
    """4 and 5 of 400; 1.4 a hundred are 5.6 each: 2.2 lack, three persons; told, not tried."""
    problem = simple([400.0, 400.0], {"backbone": [1.0, 1.25]}, standard=standards_of(backbone=1.4),
                     rotation_cap=np.array([9.0]), backbone_cap=np.array([9.0]))  # fmt: skip
    rule = Rule("standard", "primary", "backbone")
    (way,) = teachers(problem, Conflict((rule, MONEY, AREA), "relaxed"))
    assert dict(way.params) == {"stage": "primary", "indicator": "backbone", "teachers": 3.0}
    assert (way.code, way.tried, dict(way.amounts)) == ("teachers", False, {}) and np.isnan(
        way.cost
    )
    for level, lacking_ in ((1.3, 2.0), (1.2999, 3.0)):  # 5.2 there: 2.0 lack, and a little more
        even = problem.with_(base=_level(problem, level), teachers=_teachers(problem, level))
        (way,) = teachers(even, Conflict((rule,), "relaxed"))
        assert way.params["teachers"] == lacking_
    same = Conflict((Rule("same_total", "primary", "backbone"),), "relaxed")
    assert list(teachers(problem, same)) == []
    still = problem.with_(may_move=np.zeros((3, 2), dtype=bool))
    assert list(teachers(still, Conflict((rule,), "relaxed"))) == []


def _level(problem: Problem, level: float) -> np.ndarray:
    found = problem.base.copy()
    found[0, 1] = [1.0, level]
    return found


def _teachers(problem: Problem, level: float) -> np.ndarray:
    found = problem.teachers.copy()
    found[1] = [4.0, 4.0 * level]
    return found


def test_every_way_that_is_told_leads_to_a_plan_and_says_what_it_costs() -> None:
    """40,000 of 150,000 are there (82,500 where exempt): 110,000 more; one more exempt: 42,500."""
    problem = lacking(envelope=np.array([90_000.0]))
    base = problem.base.copy()
    base[0, 3, 0] = 3.0
    poor = problem.with_(base=base)
    conflict = find_conflict(poor, Watch())
    assert conflict is not None
    told: list[tuple[str, float, str]] = []
    found = find_ways(poor, conflict, ALONE, Watch(progress=lambda *each: told.append(each)))
    by_code = {way.code: way for way in found}
    assert list(by_code) == ["money", "money_equal", "standard", "exemption"]
    assert by_code["money"].cost == pytest.approx(150_000, abs=1) and by_code["money"].tried
    # a step of every item at both schools is left for rounding where money is tight
    assert by_code["money"].params["total"] == pytest.approx(60_000, rel=2e-3)
    assert by_code["exemption"].cost == pytest.approx(82_500, abs=1)
    assert by_code["standard"].cost <= 90_000
    steps = [(share, known) for step, share, known in told if step == "plan.step.ways"]
    assert steps == [
        (0.9, c) for c in ("money", "money_equal", "carry_over", "standard", "exemption")
    ]
    assert INDICATORS[3] == by_code["standard"].params["indicator"]
