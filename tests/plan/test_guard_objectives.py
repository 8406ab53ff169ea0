"""The searches above a single plan: halvings, factors, years and points, step by step."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simulator.errors import JunhengError
from simulator.plan import frontier as frontiers
from simulator.plan import objectives
from simulator.plan.decide import Decision, decide
from simulator.plan.frontier import Point, frontier
from simulator.plan.objectives import Solved, earliest, least_cost, most_equal, worst_ratio
from simulator.plan.problem import Problem
from simulator.plan.watch import Watch
from tests.plan.guarding import lacking, over_years, standards_of
from tests.plan.making import simple


def _limited(**changes: Any) -> Problem:
    """2 and 6 m² at two schools of 100: a coefficient of one half; the limit is 0.4."""
    given = {"limit": standards_of(teaching_area=0.4), **changes}
    return simple([100.0, 100.0], {"teaching_area": [2.0, 6.0]}, **given)


def test_the_cheapest_plan_counts_its_yuan() -> None:
    solved = least_cost(lacking(), 1e-6, Watch())
    assert solved.value == 50_000.0 and solved.bound == pytest.approx(50_000.0)
    assert solved.gap == pytest.approx(0.0, abs=1e-6) and solved.impossible_years == ()
    assert replace(solved, value=10.0, bound=8.0).gap == pytest.approx(0.2)


def test_the_worst_ratio_is_the_largest_of_all_limits() -> None:
    """Area 0.5 by 0.4 is 1.25; sports (4 − 2)/6 by 0.5 is 2/3; years and stages alike."""
    limit = standards_of(teaching_area=0.4, sports_area=0.5)
    problem = simple([100.0, 100.0], {"teaching_area": [2.0, 6.0], "sports_area": [2.0, 4.0]},
                     limit=limit)  # fmt: skip
    assert worst_ratio(problem, problem.base) == pytest.approx(1.25)
    only = problem.with_(limit=standards_of(sports_area=0.5))
    assert worst_ratio(only, problem.base) == pytest.approx(2 / 3)
    assert worst_ratio(lacking(), lacking().base) == 0.0


class _Possible:
    """A continuous problem that is possible from some factor of its limits on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, least: float) -> None:
        self.asked: list[float] = []
        self.least = least
        monkeypatch.setattr(objectives, "_possible", self)

    def __call__(self, problem: Problem, factor: float) -> bool:
        self.asked.append(factor)
        return factor >= self.least


@pytest.mark.parametrize(
    ("least", "interval", "asked"),
    [
        (0.7, (0.0, 1.0), [1]), (1.0, (0.0, 1.0), [1]), (1.5, (1.0, 2.0), [1, 2]),
        (3.0, (2.0, 4.0), [1, 2, 4]), (64.0, (32.0, 64.0), [1, 2, 4, 8, 16, 32, 64]),
        (65.0, (64.0, np.inf), [1, 2, 4, 8, 16, 32, 64]),
    ],
)  # fmt: skip
def test_the_first_interval_doubles_until_it_is_possible(
    monkeypatch: pytest.MonkeyPatch, least: float, interval: tuple[float, float], asked: list[int]
) -> None:
    possible = _Possible(monkeypatch, least)
    told: list[tuple[str, float, str]] = []
    found = objectives._interval(lacking(), Watch(progress=lambda *each: told.append(each)))
    assert found == interval and possible.asked == asked
    assert told == [("plan.step.equal", 0.1, f"{n:g}") for n in asked if n < least]


def _searched(monkeypatch: pytest.MonkeyPatch, least: float, gap: float) -> tuple[Any, ...]:
    """(low, high) of the search for the smallest factor, and the factors asked."""
    possible, whole = _Possible(monkeypatch, least), []
    none = decide(lacking(envelope=np.array([0.0])), 1e-3, Watch())

    def no_plan(problem: Problem, lowest: float, gap: float, watch: Watch) -> Decision:
        whole.append(lowest)
        return none

    monkeypatch.setattr(objectives, "_whole_plan", no_plan)
    told: list[tuple[str, float, str]] = []
    solved = most_equal(_limited(), gap, Watch(progress=lambda *each: told.append(each)))
    assert solved.value == np.inf and solved.decision is none
    return solved.bound, whole[0], possible.asked, told


def test_the_smallest_factor_is_found_by_halving(monkeypatch: pytest.MonkeyPatch) -> None:
    """From (0, 1): 0.5 no, 0.75 yes, 0.625 no, … twelve times."""
    low, high, asked, told = _searched(monkeypatch, 0.7, 1e-12)
    assert asked[:5] == [1.0, 0.5, 0.75, 0.625, 0.6875] and len(asked) == 13
    assert high - low == 2.0**-12 and low < 0.7 <= high
    assert told[0] == ("plan.step.equal", 0.3, "1.0000") and told[2][2] == "0.7500"


@pytest.mark.parametrize(
    ("gap", "low", "high"),
    [(1.0, 0.75, 1.0), (0.99, 0.75, 0.875), (0.5, 0.75, 0.8125), (0.1, 0.796875, 0.8125)],
)
def test_halving_ends_within_a_quarter_of_the_gap(
    monkeypatch: pytest.MonkeyPatch, gap: float, low: float, high: float
) -> None:
    """0.8 is the least: the interval's width against a quarter of the gap times its end."""
    assert _searched(monkeypatch, 0.8, gap)[:2] == (low, high)


def test_a_factor_of_nothing_is_tried_as_next_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    low, high, asked, _ = _searched(monkeypatch, 0.0, 1e-12)
    assert (low, high) == (0.0, 2.0**-12) and len(asked) == 13
    monkeypatch.setattr(objectives, "_interval", lambda problem, watch: (0.0, 1e-10))
    assert _searched(monkeypatch, 1e-11, 1e-12)[1] == 1e-9
    monkeypatch.setattr(objectives, "_interval", lambda problem, watch: (0.0, 1.2e-9))
    assert _searched(monkeypatch, 1.1e-9, 4.0)[1] == 1.2e-9


def test_limits_that_no_factor_makes_possible(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any limit there is a plan: the factor proven too narrow is where it starts."""
    low, high, asked, _ = _searched(monkeypatch, 1e9, 1e-3)
    assert (low, high) == (64.0, 64.0) and len(asked) == 7
    poor = _limited(standard=standards_of(teaching_area=4.5), envelope=np.array([1.0]))
    solved = most_equal(poor, 1e-3, Watch())
    assert (solved.value, solved.bound) == (np.inf, 64.0) and solved.decision.paid is None


def test_a_plan_within_a_factor_is_judged_by_its_own_ratio() -> None:
    """What is there anyway has 0.5 by 0.4: 1.25. Proven is 1.2, 1.25 or 1.3."""
    free = decide(_limited(limit=np.full((1, 2, 7), np.nan)), 1e-6, Watch())
    for low, bound, status in (
        (1.2, 1.2, "feasible"),
        (1.25, 1.25, "optimal"),
        (1.3, 1.25, "optimal"),
    ):
        solved = objectives._judged(_limited(), free, low, 1e-3)
        assert solved.value == pytest.approx(1.25) and solved.bound == pytest.approx(bound)
        assert solved.decision.status == status
        assert solved.decision.problem.limit[0, 0, 3] == 0.4
    near = objectives._judged(_limited(), free, 1.25 * (1 - 1e-3), 1e-3 + 1e-9)
    assert near.decision.status == "optimal"


class _Decides:
    """Plans are found from some factor of the limits on; every try is noted."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, least: float, module: Any = objectives
    ) -> None:
        self.tried: list[tuple[float, float, float]] = []
        self.least = least
        self.some = decide(lacking(), 1e-6, Watch())
        monkeypatch.setattr(module, "decide", self)

    def __call__(self, problem: Problem, gap: float, watch: Watch) -> Decision:
        above = problem.limit[0, 0, 3] / 0.4 - 1
        self.tried.append((round(above, 9), gap, watch.left))
        found = np.isnan(above) or above >= self.least - 1e-12
        return self.some if found else replace(self.some, paid=None)


@pytest.mark.parametrize(
    ("least", "tried"),
    [
        (0.0, [0.0005, 0.0005]), (0.0005, [0.0005, 0.0005]),
        (0.001, [0.0005, 0.002, 0.00125, 0.000875, 0.0010625, 0.0010625]),
        (0.25, [0.0005, 0.002, 0.01, 0.03, 0.1, 0.2, 0.4, 0.3, 0.25, 0.225, 0.25]),
        (0.65, [0.0005, 0.002, 0.01, 0.03, 0.1, 0.2, 0.4, 0.7, 0.55, 0.625, 0.6625, 0.6625]),
        (3.9, [0.0005, 0.002, 0.01, 0.03, 0.1, 0.2, 0.4, 0.7, 1.0, 2.0, 4.0, 3.0, 3.5, 3.75, 4.0]),
        (9.0, [0.0005, 0.002, 0.01, 0.03, 0.1, 0.2, 0.4, 0.7, 1.0, 2.0, 4.0]),
    ],
)  # fmt: skip
def test_whole_plans_are_sought_above_the_bound_and_then_closer(
    monkeypatch: pytest.MonkeyPatch, least: float, tried: list[float]
) -> None:
    """Factors in turn until one has a plan, three halvings back, then the cheapest at the last."""
    decides = _Decides(monkeypatch, least)
    told: list[str] = []
    watch = Watch(progress=lambda step, share, known: told.append(f"{step} {share} {known}"))
    found = objectives._whole_plan(_limited(), 1.0, 1e-3, watch)
    assert [above for above, _, _ in decides.tried] == tried
    assert (found.paid is not None) == (least < 9)
    gaps = [gap for _, gap, _ in decides.tried]
    assert gaps[-1] == (1e-3 if least < 9 else 0.15) and set(gaps[:-1]) == {0.15}
    assert told[0] == "plan.step.equal 0.5 1.0005"


def test_a_try_has_a_share_of_the_time_and_a_second_at_least(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    decides = _Decides(monkeypatch, 0.0)
    for seconds, brief in ((1000.0, 120.0), (5.0, 1.0)):
        objectives._whole_plan(_limited(), 1.0, 0.3, Watch(seconds=seconds))
        assert decides.tried[-1][2] == pytest.approx(brief, rel=0.05)
    assert {gap for _, gap, _ in decides.tried} == {0.3}  # never closer than was asked


def test_where_the_cheapest_is_not_found_in_time_the_first_one_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    some = decide(lacking(), 1e-6, Watch())
    answers = iter([some, replace(some, paid=None)])
    monkeypatch.setattr(objectives, "decide", lambda *_: next(answers))
    assert objectives._whole_plan(_limited(), 1.0, 1e-3, Watch()) is some


def test_the_most_equal_plan_spends_the_money_on_the_lower_school() -> None:
    """100,000 yuan: 3 and 6 m², (6 − 3)/9 is a third; by the limit 0.4 five sixths."""
    found = most_equal(_limited(envelope=np.array([100_000.0])), 1e-4, Watch())
    assert found.value == pytest.approx(5 / 6, rel=3e-3) and found.bound <= found.value
    assert found.bound == pytest.approx(5 / 6, rel=1e-4)
    assert found.decision.status in ("optimal", "feasible")


def _outcomes(
    monkeypatch: pytest.MonkeyPatch, *outcomes: str
) -> list[tuple[int, list[int], float]]:
    """What each target year comes to; (target, starts, gap) of each try are noted."""
    some, tried = decide(lacking(), 1e-6, Watch()), []

    def said(problem: Problem, gap: float, watch: Watch) -> Decision:
        tried.append((problem.target, problem.start.tolist(), gap))
        status = outcomes[problem.target]
        return some if status == "optimal" else replace(some, paid=None, status=status)  # type: ignore[arg-type]

    monkeypatch.setattr(objectives, "decide", said)
    return tried


@pytest.mark.parametrize(
    ("outcomes", "value", "bound", "proven"),
    [
        (("optimal", "", ""), 2026, 2026, ()), (("infeasible", "optimal", ""), 2027, 2027, (2026,)),
        (("infeasible", "stopped", "optimal"), 2028, 2027, (2026,)),
        (("stopped", "infeasible", "optimal"), 2028, 2026, (2027,)),
        (("stopped", "stopped", "optimal"), 2028, 2026, ()),
        (("infeasible", "infeasible", "infeasible"), np.inf, np.inf, (2026, 2027, 2028)),
    ],
)  # fmt: skip
def test_the_earliest_year_and_those_before_it_that_are_impossible(
    monkeypatch: pytest.MonkeyPatch, outcomes: tuple[str, ...], value: float, bound: float,
    proven: tuple[int, ...],
) -> None:  # fmt: skip
    tried = _outcomes(monkeypatch, *outcomes)
    problem = over_years(lacking(), 3, start=np.array([1, 2]))
    told: list[tuple[str, float, str]] = []
    solved = earliest(problem, 1e-3, Watch(progress=lambda *each: told.append(each)))
    assert (solved.value, solved.bound, solved.impossible_years) == (value, bound, proven)
    every = [(0, [0, 0], 1e-3), (1, [1, 1], 1e-3), (2, [1, 2], 1e-3)]
    assert tried == every[: len(tried)] and len(tried) == (3 if value == np.inf else value - 2025)
    assert told[0] == ("plan.step.year", 0.0, "2026")
    assert len(told) < 2 or told[1] == ("plan.step.year", 1 / 3, "2027")


def test_the_frontier_by_year_asks_each_year_in_turn() -> None:
    """50,000 a year, 30,000 there: one year is too little, two carry over."""
    problem = over_years(lacking(), 3, envelope=np.full(3, 30_000.0), carry_over=True,
                         discount=np.array([1.0, 0.9, 0.5]))  # fmt: skip
    told: list[tuple[str, float]] = []
    watch = Watch(progress=lambda step, share, known: told.append((step, share)))
    points = frontier(problem, "year", watch)
    assert [point.year for point in points] == [2026, 2027, 2028]
    assert points[0].cost == np.inf and points[0].gap == np.inf and np.isnan(points[0].ratio)
    # 30,000 in the second year at most, the rest in the first; in the third as much as is saved
    assert points[1].cost == pytest.approx(50_000 * 0.9, rel=1e-6)
    assert points[2].cost == pytest.approx(50_000 * 0.5, rel=1e-6)
    assert [share for step, share in told if step == "plan.step.frontier"] == [0, 1 / 3, 2 / 3]


def test_the_frontier_by_ratio_runs_from_the_most_equal_to_the_loosest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From 0.5 (what 200,000 yuan reach of 0.4) to 1.25 (what is there): evenly."""
    problem = _limited(envelope=np.array([200_000.0]))
    points = frontier(problem, "equity", Watch(), points=4)
    assert [point.ratio for point in points] == pytest.approx([0.5, 0.75, 1.0, 1.25], rel=2e-3)
    assert points[-1].cost == 0.0 and points[0].cost == pytest.approx(200_000.0, rel=1e-3)
    # a ≥ 6·(1 − c)/(1 + c) at 0.3: 3.230769, at 0.4: 2.571429
    assert points[1].cost == pytest.approx(123_077, rel=2e-3)
    assert points[2].cost == pytest.approx(57_143, rel=2e-3)
    assert {type(point) for point in points} == {Point} and max(p.gap for p in points) <= 0.005
    tight = problem.with_(standard=standards_of(teaching_area=7.0), envelope=np.array([1.0]))
    assert frontier(tight, "equity", Watch()) == ()


def test_points_are_asked_a_millionth_looser_and_measured_by_the_limits_as_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    decides = _Decides(monkeypatch, -1.0, frontiers)
    start = Solved(decides.some, 0.5, 0.5)
    monkeypatch.setattr(frontiers, "most_equal", lambda *_: start)
    monkeypatch.setattr(frontiers, "worst_ratio", lambda problem, levels: 1.5)
    points = frontier(_limited(), "equity", Watch())
    factors = [1 + above for above, _, _ in decides.tried[1:]]
    assert factors == pytest.approx((np.linspace(0.5, 1.5, 10) * (1 + 1e-6)).tolist(), abs=2e-9)
    assert {gap for _, gap, _ in decides.tried} == {0.005} and len(points) == 10
    monkeypatch.setattr(frontiers, "most_equal", lambda *_: replace(start, value=np.inf))
    decides.tried.clear()
    frontier(_limited(), "equity", Watch(), 2)
    assert [above for above, _, _ in decides.tried[1:]] == pytest.approx([0.5, 0.5], abs=1e-5)


def _watch(seconds: float, ago: float, **given: Callable[..., Any]) -> Watch:
    return Watch(seconds=seconds, started=time.monotonic() - ago, **given)


def test_a_watch_tells_the_time_that_is_left_and_hands_on_a_part() -> None:
    watch = _watch(100.0, 30.0)
    assert watch.left == pytest.approx(70.0, abs=1.0)
    assert watch.within(20.0).left == pytest.approx(20.0, abs=1.0)
    assert watch.within(90.0).left == pytest.approx(70.0, abs=1.0)
    assert _watch(10.0, 30.0).within(5.0).left == pytest.approx(-20.0, abs=1.0)
    assert Watch().seconds == 60.0 and Watch().left == pytest.approx(60.0, abs=1.0)
    told: list[tuple[str, float, str]] = []
    Watch(progress=lambda *each: told.append(each)).tell("a", 0.5)
    assert told == [("a", 0.5, "")]
    assert not Watch().cancelled()
    with pytest.raises(JunhengError, match="cancelled"):
        Watch(cancelled=lambda: True).tell("a", 0.5)
