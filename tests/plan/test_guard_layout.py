"""Which decisions there are, counted by hand and by plain loops over what the rules say."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest

from simulator.plan.layout import lay_out, thresholds
from simulator.plan.problem import (
    INDICATORS,
    Problem,
    discounts,
    norms,
    weights_of,
    years_seen,
)
from tests.plan.guarding import YEARS, lacking, over_years, rich

PROBLEMS: dict[str, dict[str, Any]] = {
    "whole": {}, "parts": {"whole": False}, "no spending": {"spending": None},
    "late": {"target": 3, "start": np.full(7, 3)},
    "early": {"start": np.array([3, 0, 3, 3, 3, 3, 3])},
    "nobody moves": {"rotation_cap": np.zeros(4)},
    "chosen": {"chosen": (np.arange(49).reshape(7, 7) % 3 == 0).astype(float)},
}  # fmt: skip


@pytest.fixture(params=PROBLEMS)
def problem(request: pytest.FixtureRequest) -> Problem:
    return rich(**PROBLEMS[request.param])


def _every(problem: Problem) -> itertools.product:
    return itertools.product(range(YEARS), range(7), range(len(problem.part_school)))


def _norm(problem: Problem, stage: int, indicator: int) -> float:
    """The last year's standard; where there is none the mean of the evaluated pupils; else 1."""
    standard = problem.standard[-1, stage, indicator]
    if standard > 0:
        return float(standard)
    parts = [p for p in range(7) if problem.part_stage[p] == stage and problem.scope[-1, p]]
    heads = sum(problem.pupils[-1, p] for p in parts)
    if not heads:
        return 1.0
    return float(sum(problem.base[-1, indicator, p] * problem.pupils[-1, p] for p in parts) / heads)


def test_sizes_are_the_last_years_standard_or_the_mean_of_those_evaluated(problem: Problem) -> None:
    found = norms(problem)
    for stage, indicator in itertools.product(range(2), range(7)):
        assert found[stage, indicator] == pytest.approx(_norm(problem, stage, indicator), rel=1e-12)


def test_where_nothing_is_there_the_size_is_one() -> None:
    empty = rich(base=np.zeros((YEARS, 7, 7)), standard=np.full((YEARS, 2, 7), np.nan))
    assert (norms(empty) == 1.0).all()
    nobody = rich(scope=np.zeros((YEARS, 7), dtype=bool), standard=np.full((YEARS, 2, 7), np.nan))
    assert (norms(nobody) == 1.0).all()
    # a standard of nothing sets no size either: the mean of 4 and 5 does
    zero = lacking(standard=np.zeros((1, 2, 7)))
    assert norms(zero)[0, 3] == 4.5
    # little is still something: the mean of 0.4 and 0.6 is one half
    small = lacking(standard=np.full((1, 2, 7), np.nan))
    assert norms(small.with_(base=small.base / 10 + 0.05))[0, 3] == pytest.approx(0.5)


def _asked(problem: Problem, t: int, i: int, p: int) -> tuple[float, float]:
    """The level that meets the standard and the one that is enough where exempt."""
    full = problem.standard[t, problem.part_stage[p], i]
    begins = t >= min(problem.start[p], problem.target) and problem.scope[t, p]
    if not begins or math.isnan(full):
        return math.nan, math.nan
    base, factor = problem.base[t, i, p], problem.factor[t, i, p]
    least = full * problem.exempt_share[t]
    if problem.whole:
        # whole teachers, hundredths of a m², yuan, whole rooms
        step = (1, 1, 1, 0.01, 0.01, 1, 1)[i]
        full, least = (
            base + factor * step * math.ceil((level - base) / factor / step - 1e-7)
            for level in (full, least)
        )
    if i >= 3:
        if base >= full * (1 - 1e-12):
            return math.nan, math.nan
        least = max(least, base)
    if problem.chosen is not None:
        full = least = least if problem.chosen[p, i] else full
    return full, least


def test_levels_that_meet_a_standard_are_those_of_whole_units(problem: Problem) -> None:
    full, least = thresholds(problem, norms(problem))
    asked = 0
    for t, i, p in _every(problem):
        size = _norm(problem, int(problem.part_stage[p]), i)
        wanted = [level / size for level in _asked(problem, t, i, p)]
        assert [full[t, i, p], least[t, i, p]] == pytest.approx(wanted, rel=1e-11, nan_ok=True)
        asked += math.isfinite(wanted[0])
    assert 20 < asked < YEARS * 49


def _wanted(problem: Problem) -> np.ndarray:
    """Levels that some rule looks at: a standard that begins, a limit from the target on."""
    found = np.zeros((YEARS, 7, 7), dtype=bool)
    for t, i, p in _every(problem):
        limit = problem.limit[t, problem.part_stage[p], i]
        limited = t >= problem.target and problem.scope[t, p] and math.isfinite(limit)
        found[t, i, p] = limited or math.isfinite(_asked(problem, t, i, p)[0])
    return found


def test_a_level_is_there_where_a_rule_looks_at_it(problem: Problem) -> None:
    layout, wanted = lay_out(problem), _wanted(problem)
    assert ((layout.level >= 0) == wanted).all()
    assert layout.seen == tuple(range(min(problem.target, problem.start.min()), YEARS))
    for t, stage, i in itertools.product(range(YEARS), range(2), range(7)):
        schools = sum(problem.scope[t] & (problem.part_stage == stage))
        limited = math.isfinite(problem.limit[t, stage, i]) and t >= problem.target
        assert (layout.mean[t, stage, i] >= 0) == (limited and schools >= 2)


def test_a_purchase_is_there_where_it_can_still_come_into_use(problem: Problem) -> None:
    layout, wanted = lay_out(problem), _wanted(problem)
    for t, item, school in itertools.product(range(YEARS), range(4), range(6)):
        mine = [p for p in range(7) if problem.part_school[p] == school]
        looked = [year for year in range(YEARS) if wanted[year, 3 + item, mine].any()]
        useful = any(t + problem.lead[item] <= year for year in looked)
        fixed = math.isfinite(problem.fixed_buy[t, item, school])
        expected = fixed or (useful and problem.may_buy[item, school])
        assert (layout.buy[t, item, school] >= 0) == expected


def test_teachers_may_move_at_every_school_of_a_stage_that_asks_for_them(problem: Problem) -> None:
    layout, wanted = lay_out(problem), _wanted(problem)
    for kind, part in itertools.product(range(3), range(7)):
        peers = problem.part_stage == problem.part_stage[part]
        some = wanted[:, kind, peers].any() and problem.rotation_cap.sum() > 0
        may = problem.may_move[kind, part] and math.isfinite(problem.teachers[kind, part])
        fixed = math.isfinite(problem.fixed_move[kind, part])
        assert ((layout.into[kind, part] >= 0) == (fixed or (some and may))).all()
        assert ((layout.out[kind, part] >= 0) == (layout.into[kind, part] >= 0)).all()
    assert layout.into.shape == (3, 7, len(layout.seen))


def test_an_exemption_is_there_where_it_helps_and_is_allowed(problem: Problem) -> None:
    layout = lay_out(problem)
    for i, p in itertools.product(range(7), range(7)):
        pairs = [_asked(problem, t, i, p) for t in range(YEARS)]
        helps = any(full > least for full, least in pairs) and problem.exemptions[p] > 0
        assert (layout.exempt[p, i] >= 0) == (helps and problem.chosen is None)


def test_money_on_top_is_there_where_a_rule_may_ask_for_it(problem: Problem) -> None:
    layout = lay_out(problem)
    if problem.spending is None:
        assert (layout.extra == -1).all()
    else:
        assert ((layout.extra >= 0) == (problem.spending.counted > 0)).all()


@pytest.mark.parametrize(
    ("family", "year", "stage", "given"),
    [
        (0, 1, 1, (False, True)),
        (1, 0, 0, (True, False)),
        (2, 2, 0, (True, True)),
        (None, 0, 0, (False, False)),
    ],
)
def test_one_rule_about_spending_asks_for_its_own_stage(
    family: int | None, year: int, stage: int, given: tuple[bool, bool]
) -> None:
    """Cost and operating funds are a stage's, in all years; what the district spends is both's."""
    problem = rich()
    assert problem.spending is not None
    asked = np.zeros_like(problem.spending.asked)
    if family is not None:
        asked[family, year, stage] = True
    made = problem.spending.with_(asked=asked, counted=np.full((YEARS, 2), 1.0))
    layout = lay_out(problem.with_(spending=made))
    assert ((layout.extra >= 0) == np.array(given)).all()


def test_decisions_are_numbered_one_after_the_other(problem: Problem) -> None:
    """Purchases, money on top, who comes, who goes, exemptions; then levels and means."""
    layout = lay_out(problem)
    blocks = (layout.buy, layout.extra, layout.into, layout.out, layout.exempt, layout.level,
              layout.mean)  # fmt: skip
    numbers = [number for block in blocks for number in block[block >= 0].tolist()]
    assert numbers == list(range(layout.size))
    decided = sum(int((block >= 0).sum()) for block in blocks[:5])
    assert layout.decisions == decided


def test_levels_may_stand_first_where_nothing_can_be_decided() -> None:
    shut = lacking(may_buy=np.zeros((4, 2), dtype=bool))
    assert lay_out(shut).level[0, 3].tolist() == [0, -1] and lay_out(shut).decisions == 0


def test_a_cap_on_rotation_of_any_size_lets_teachers_move() -> None:
    few = rich(rotation_cap=np.array([0.0, 0.0, 0.0, 0.5]), fixed_move=np.full((3, 7), np.nan))
    assert (lay_out(few).into >= 0).any()
    none = few.with_(rotation_cap=np.zeros(4))
    assert not (lay_out(none).into >= 0).any()


def test_shares_of_pupils_are_those_of_the_year() -> None:
    problem = rich()
    inside, weights = weights_of(problem, 2, 1)
    assert inside.tolist() == [5, 6]  # the first is not evaluated in the third year
    own = problem.pupils[2, 5:7]
    assert weights == pytest.approx([own[0] / (own[0] + own[1]), own[1] / (own[0] + own[1])])
    inside, weights = weights_of(problem.with_(scope=np.zeros_like(problem.scope)), 3, 1)
    assert len(inside) == len(weights) == 0


def test_years_are_looked_at_from_the_first_start_on() -> None:
    problem = rich(target=2, start=np.array([3, 3, 3, 3, 3, 3, 3]))
    assert years_seen(problem) == [2, 3]
    assert years_seen(problem.with_(start=np.array([1, 3, 3, 3, 3, 3, 3]))) == [1, 2, 3]
    assert years_seen(problem.with_(target=0)) == [0, 1, 2, 3]


def test_a_yuan_of_the_first_planned_year_counts_in_full() -> None:
    assert discounts(0.25, 3).tolist() == pytest.approx([1.0, 0.8, 0.64])
    assert discounts(-0.2, 2).tolist() == pytest.approx([1.0, 1.25])


def test_steps_of_what_is_bought() -> None:
    """Rooms whole or in hundredths as a person asks, yuan for equipment, hundredths of a m²."""
    problem = rich()
    assert [problem.step_of(item) for item in range(4)] == [0.01, 0.01, 1.0, 1.0]
    assert [problem.with_(whole=False).step_of(item) for item in range(4)] == [
        0.01,
        0.01,
        1.0,
        0.01,
    ]
    assert [problem.indivisible(item) for item in range(4)] == [False, False, False, True]
    assert not problem.with_(whole=False).indivisible(3)
    assert problem.horizon == 4 and problem.sizes == (4, 6, 7)
    assert problem.evaluated.tolist() == [True, True, False, True, True, True, True]
    assert problem.part_name(5) == ("S3", "junior")
    assert problem.looser(2.0).limit[2, 1, 3] == 2 * problem.limit[2, 1, 3]
    assert INDICATORS[3] == "teaching_area"


def test_just_the_whole_number_is_enough() -> None:
    """100 pupils with 2 rooms a hundred: 3.00000001 are three rooms by what arithmetic leaves."""
    for asked, rooms in ((3.0, 3.0), (3.0 + 5e-8, 3.0), (3.0 + 5e-7, 4.0), (3.0 - 1e-9, 3.0)):
        problem = lacking(whole=True)
        base, standard = problem.base.copy(), np.full((1, 2, 7), np.nan)
        base[0, 6], standard[0, 0, 6] = 2.0, asked
        full, _ = thresholds(problem.with_(base=base, standard=standard), np.ones((2, 7)))
        assert full[0, 6, 0] == rooms


def test_later_years_are_enough_for_a_purchase_with_two_looks() -> None:
    """A part of a school looked at in year 0 and its other part in year 2: three years count."""
    problem = over_years(lacking(), 3, start=np.array([0, 2]), lead=np.array([1, 0, 0, 0]))
    assert (lay_out(problem).buy[:, 0, 0] >= 0).tolist() == [True, True, False]
