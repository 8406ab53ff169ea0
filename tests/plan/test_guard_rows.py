"""Every row of the model, reckoned once more by plain loops at a vector drawn at random."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from simulator.plan.constraints import MOVE_EFFORT, PREFERRED, cones, costs, linear_rows
from simulator.plan.layout import Layout, lay_out
from simulator.plan.moving import step_caps
from simulator.plan.problem import Problem, Rule
from simulator.plan.rows import Cone, Rows, places_of, rule_at, stacked
from tests.plan.guarding import PARTS, YEARS, drawn_values, grown, lacking, rich, taken

#: A row: its family, its places (stage, indicator, year, school) and left side less right side.
Row = tuple[str, tuple[int, int, int, int], float]
WAN = 10_000.0
#: So that moves, exemptions and levels stand first in turn.
NO_BUY = {
    "may_buy": np.zeros((4, 6), dtype=bool), "fixed_buy": np.full((4, 4, 6), np.nan),
    "spending": None, "item_cap": np.full((4, 4), np.inf),
}  # fmt: skip
NO_MOVE = {"may_move": np.zeros((3, 7), dtype=bool), "fixed_move": np.full((3, 7), np.nan)}
PROBLEMS: dict[str, dict[str, Any]] = {
    "whole": {},
    "parts, carried over": {
        "whole": False, "carry_over": True, "envelope": np.array([4e6, 3e6, 5e6, 6e6]),
        "start": np.array([2, 0, 3, 3, 2, 2, 1]),
    },
    "not held": {"spending": grown(2, held=False)},
    "on top first": NO_BUY | {"spending": grown()},
    "nothing bought": NO_BUY, "nobody moves": NO_BUY | NO_MOVE,
    "nothing decided": NO_BUY | NO_MOVE | {"exemptions": np.zeros(7, dtype=np.intp)},
}  # fmt: skip


@pytest.fixture(params=PROBLEMS)
def problem(request: pytest.FixtureRequest) -> Problem:
    return rich(**PROBLEMS[request.param])


class _Decided:
    """A vector's decisions by name, 0 where there is none."""

    def __init__(self, layout: Layout, values: np.ndarray) -> None:
        for name in ("buy", "extra", "into", "out", "exempt", "level", "mean"):
            setattr(self, name, taken(getattr(layout, name), values))


def _left_less_right(rows: Rows, values: np.ndarray) -> np.ndarray:
    found = -rows.right.copy()
    np.add.at(found, rows.row, rows.value * values[rows.column])
    return found


def _found(problem: Problem, layout: Layout, values: np.ndarray) -> list[Row]:
    return [
        (rows.family, tuple(rows.places[n].tolist()), float(left))  # type: ignore[misc]
        for rows in linear_rows(problem, layout)
        for n, left in enumerate(_left_less_right(rows, values))
    ]


def _expected(problem: Problem, layout: Layout, v: _Decided) -> Iterator[Row]:
    yield from _levels(problem, layout, v)
    yield from _means(problem, layout, v)
    yield from _standards(problem, layout, v)
    yield from _exempt(problem, layout, v)
    yield from _money(problem, v)
    yield from _totals(problem, layout, v)
    yield from _caps_on_moves(problem, layout, v)
    yield from _bounds_of_teachers(problem, layout, v)
    yield from _fixed(problem, v)
    yield from _growing(problem, v)
    yield from _held(problem, layout, v)


def _places(layout: Layout) -> Iterator[tuple[int, int, int, int, int]]:
    for t, i, p in itertools.product(range(YEARS), range(7), range(7)):
        if layout.level[t, i, p] >= 0:
            yield t, i, p, PARTS[p][0], PARTS[p][1]


def _levels(problem: Problem, layout: Layout, v: _Decided) -> Iterator[Row]:
    """A level is what was there and what came: purchases in use, or teachers of the steps ended."""
    facilities_first = sorted(_places(layout), key=lambda place: place[1] < 3)
    for t, i, p, school, stage in facilities_first:
        if i >= 3:
            came = sum(
                v.buy[b, i - 3, school] * WAN / problem.price[b, i - 3]
                for b in range(YEARS) if b + problem.lead[i - 3] <= t
            )  # fmt: skip
        else:
            ended = [step for step, end in enumerate(layout.seen) if end <= t]
            came = sum(v.into[i, p, step] - v.out[i, p, step] for step in ended)
        there = problem.base[t, i, p] + problem.factor[t, i, p] * came
        yield "level", (stage, i, t, school), v.level[t, i, p] - there / layout.norm[stage, i]


def _means(problem: Problem, layout: Layout, v: _Decided) -> Iterator[Row]:
    for t, stage, i in itertools.product(range(YEARS), range(2), range(7)):
        if layout.mean[t, stage, i] >= 0:
            inside = [p for p in range(7) if PARTS[p][1] == stage and problem.scope[t, p]]
            heads = problem.pupils[t, inside]
            mean = (heads * v.level[t, i, inside]).sum() / heads.sum()
            yield "mean", (stage, i, t, -1), v.mean[t, stage, i] - mean


def _standards(problem: Problem, layout: Layout, v: _Decided) -> Iterator[Row]:
    for t, i, p, school, stage in _places(layout):
        full, least = layout.full[t, i, p], layout.least[t, i, p]
        if np.isfinite(full):
            wanted = full - (full - least) * v.exempt[p, i]
            yield "standard", (stage, i, t, school), wanted - v.level[t, i, p]


def _exempt(problem: Problem, layout: Layout, v: _Decided) -> Iterator[Row]:
    for p, (school, stage) in enumerate(PARTS):
        if (layout.exempt[p] >= 0).any():
            yield "one_exempt", (stage, -1, -1, school), v.exempt[p].sum() - problem.exemptions[p]
    for p, i in itertools.product(range(7), range(7)):
        if layout.exempt[p, i] >= 0 and problem.exemptions[p] >= 2:
            yield "bounds", (-1, -1, -1, -1), v.exempt[p, i] - 1.0


def _money(problem: Problem, v: _Decided) -> Iterator[Row]:
    for t in range(YEARS):
        begin = 0 if problem.carry_over else t
        spent = v.buy[begin : t + 1].sum() + v.extra[begin : t + 1].sum()
        there = problem.envelope[begin : t + 1].sum() / WAN
        if np.isfinite(there):
            yield "money", (-1, -1, t, -1), spent - there
    for t, item in itertools.product(range(YEARS), range(4)):
        cap = problem.item_cap[t, item]
        if np.isfinite(cap):
            yield "item_cap", (-1, 3 + item, t, -1), v.buy[t, item].sum() - cap / WAN
    for school in range(6):
        cap = problem.school_cap[school]
        if np.isfinite(cap):
            yield "school_cap", (-1, -1, -1, school), v.buy[:, :, school].sum() - cap / WAN


def _totals(problem: Problem, layout: Layout, v: _Decided) -> Iterator[Row]:
    """As many come as go, of each kind, in each stage and step."""
    for stage, kind, step in itertools.product(range(2), range(3), range(len(layout.seen))):
        inside = [p for p in range(7) if PARTS[p][1] == stage]
        if (layout.into[kind, inside] >= 0).any():
            net = v.into[kind, inside, step].sum() - v.out[kind, inside, step].sum()
            yield "same_total", (stage, kind, layout.seen[step], -1), net


def _caps_on_moves(problem: Problem, layout: Layout, v: _Decided) -> Iterator[Row]:
    """Of the years that a step covers; whole persons a year where teachers are whole."""
    for family, caps, kinds in (
        ("rotation", problem.rotation_cap, [0, 1, 2]), ("backbone", problem.backbone_cap, [1]),
    ):  # fmt: skip
        yearly = [int(cap) if problem.whole else cap for cap in caps]
        begin = 0
        if not (layout.into >= 0).any():
            continue
        for step, end in enumerate(layout.seen):
            may = sum(yearly[begin : end + 1])
            yield family, (-1, -1, end, -1), v.into[kinds, :, step].sum() - may
            begin = end + 1


def _bounds_of_teachers(problem: Problem, layout: Layout, v: _Decided) -> Iterator[Row]:
    """None below nothing where no standard sees to it; none above the full-time teachers."""
    for sign in (-1, 1):
        for kind, p, step in itertools.product(range(3), range(7), range(len(layout.seen))):
            if layout.into[kind, p, step] < 0:
                continue
            (school, stage), most = PARTS[p], problem.most_teachers[p]
            net = (v.into[kind, p, : step + 1] - v.out[kind, p, : step + 1]).sum()
            owned, end = problem.teachers[kind, p], layout.seen[step]
            place = (stage, kind, end, school)
            if sign < 0 and np.isnan(layout.full[end, kind, p]):
                yield "teachers", place, -net - owned
            if sign > 0 and np.isfinite(most):
                # not known how many there are: no bound can be told
                room = np.nan if np.isnan(owned) else max(most - owned, 0.0)
                yield "teachers", place, net - room


def _fixed(problem: Problem, v: _Decided) -> Iterator[Row]:
    for t, item, school in itertools.product(range(YEARS), range(4), range(6)):
        units = problem.fixed_buy[t, item, school]
        if np.isfinite(units):
            yuan = units * problem.price[t, item]
            yield "fixed", (-1, 3 + item, t, school), v.buy[t, item, school] - yuan / WAN
    for kind, p in itertools.product(range(3), range(7)):
        asked = problem.fixed_move[kind, p]
        if np.isfinite(asked):
            net = (v.into[kind, p] - v.out[kind, p]).sum()
            yield "fixed", (PARTS[p][1], kind, -1, PARTS[p][0]), net - asked


def _growing(problem: Problem, v: _Decided) -> Iterator[Row]:
    """Spending of a year must exceed last year's at this year's pupils, by a fen where strict."""
    given = problem.spending
    if given is None:
        return
    names = ("growth_per_pupil", "growth_operating", "no_fall_per_pupil")
    for family, t, stage in itertools.product(range(3), range(YEARS), range(2)):
        if not given.asked[family, t, stage]:
            continue
        now = given.yuan[family, t + 1, stage] / WAN + _spent(problem, v, family, t, stage, True)
        before = given.yuan[family, t, stage] / WAN
        if t:
            before += _spent(problem, v, family, t - 1, stage, False)
        heads = given.heads[family, t + 1, stage]
        grown_ = heads / given.heads[family, t, stage] * (1 + 2e-9 if family < 2 else 1)
        fen = 0.01 + 2e-9 * heads if family < 2 else 0.0
        place = (stage if family < 2 else -1, -1, t, -1)
        yield (
            names[family],
            place,
            grown_ * before + (fen - given.less[family, t, stage]) / WAN - now,
        )


def _spent(problem: Problem, v: _Decided, family: int, t: int, stage: int, now: bool) -> float:
    """What the plan adds to a stage's cost, its operating funds, or to all that is spent."""
    if family == 1:
        return float(v.extra[t, stage])
    if family == 2:
        counted = problem.spending.counts[t] if now else 1.0
        return float(v.buy[t].sum() + counted * v.extra[t].sum())
    mine = [s for s in range(6) if PARTS[problem.home[s]][1] == stage]
    return float(v.buy[t][:, mine].sum() + v.extra[t, stage])


def _held(problem: Problem, layout: Layout, v: _Decided) -> Iterator[Row]:
    """Per head no less on top than the year before."""
    if problem.spending is None:
        return
    heads = problem.spending.counted
    for t, stage in itertools.product(range(1, YEARS), range(2)):
        if problem.spending.held and layout.extra[t, stage] >= 0:
            last = heads[t - 1, stage]
            before = v.extra[t - 1, stage] / last if last else 0.0
            yield "held", (stage, -1, t, -1), before * heads[t, stage] - v.extra[t, stage]


def test_every_row_is_what_its_rule_says(problem: Problem) -> None:
    layout = lay_out(problem)
    for seed in (5, 6):
        values = drawn_values(layout, seed)
        mine = list(_expected(problem, layout, _Decided(layout, values)))
        found = _found(problem, layout, values)
        assert [row[:2] for row in found] == [row[:2] for row in mine]
        theirs = np.array([row[2] for row in found])
        assert theirs == pytest.approx(np.array([row[2] for row in mine]), abs=2e-10, nan_ok=True)


def test_equations_and_inequalities(problem: Problem) -> None:
    equations = {"level", "mean", "same_total", "fixed"}
    for rows in linear_rows(problem, lay_out(problem)):
        assert rows.sense == ("eq" if rows.family in equations else "le")
        assert rows.count == len(rows.right) > 0


def test_costs_are_discounted_and_moves_count_next_to_nothing(problem: Problem) -> None:
    """A tenth of a yuan for each who comes and goes; money on top a ten-thousandth less."""
    made = problem.with_(discount=np.array([1.0, 0.8, 0.7, 0.5]))
    layout = lay_out(made)
    v = _Decided(layout, costs(made, layout))
    for t, rate in enumerate((1.0, 0.8, 0.7, 0.5)):
        assert (v.buy[t] == np.where(layout.buy[t] >= 0, rate, 0)).all()
        assert v.extra[t] == pytest.approx(np.where(layout.extra[t] >= 0, rate * 0.9999, 0))
    assert (v.into == np.where(layout.into >= 0, 1e-5, 0)).all()
    assert (v.out == np.where(layout.out >= 0, 1e-5, 0)).all()
    assert not v.level.any() and not v.mean.any() and not v.exempt.any()
    assert (MOVE_EFFORT, PREFERRED) == (0.1 / WAN, 1e-4)


def test_each_limited_coefficient_is_a_cone(problem: Problem) -> None:
    layout = lay_out(problem)
    found = cones(problem, layout)
    places = np.argwhere(layout.mean >= 0).tolist()
    assert [[c.year, c.stage, c.indicator] for c in found] == places and places
    for cone, (t, stage, i) in zip(found, places, strict=True):
        inside = [p for p in range(7) if PARTS[p][1] == stage and problem.scope[t, p]]
        heads = problem.pupils[t, inside]
        assert cone.limit == problem.limit[t, stage, i] and cone.mean == layout.mean[t, stage, i]
        assert cone.levels.tolist() == layout.level[t, i, inside].tolist()
        assert cone.weights == pytest.approx(heads / heads.sum())
        assert cone.rule(problem) == Rule("cv", problem.stages[stage], _name(i))


def _name(indicator: int) -> str:
    return ("higher_degree", "backbone", "pe_art", "teaching_area", "sports_area",
            "equipment_value", "multimedia_rooms")[indicator]  # fmt: skip


def test_a_coefficient_is_the_spread_by_the_mean() -> None:
    """Shares 3/4 and 1/4 of levels 2 and 6: the mean 3, √(¾·1 + ¼·9) = √3."""
    cone = Cone(0, 0, 3, 0.5, 2, np.array([0, 1]), np.array([0.75, 0.25]))
    assert cone.variation(np.array([2.0, 6.0, 3.0])) == pytest.approx(3**0.5 / 3)
    assert cone.variation(np.array([0.0, 0.0, 0.0])) == 0.0
    assert cone.variation(np.array([2.0, 6.0, 0.0])) == np.inf
    assert cone.variation(np.array([0.2, 0.6, 0.3])) == pytest.approx(3**0.5 / 3)


def test_rules_are_named_by_what_officers_tell_them_apart_by() -> None:
    problem = rich()
    assert rule_at(problem, "x", 0, 0, 0, 0) == Rule("x", "primary", "higher_degree", 2026, "S0")
    assert rule_at(problem, "x", 1, 6, 3, 5) == Rule("x", "junior", "multimedia_rooms", 2029, "S5")
    assert rule_at(problem, "x", -1, -1, -1, -1) == Rule("x", "", "", 0, "")
    told = {
        "standard": Rule("standard", "junior", "backbone"),
        "money": Rule("money", "", "", 2028),
        "item_cap": Rule("item_cap", "", "backbone", 2028),
        "one_exempt": Rule("one_exempt", "junior"),
        "school_cap": Rule("school_cap", "", "", 0, "S3"),
        "rotation": Rule("rotation"),
        "same_total": Rule("same_total", "junior", "backbone"),
        "teachers": Rule("teachers", "junior", "backbone"),
        "growth_per_pupil": Rule("growth_per_pupil", "junior", "", 2028),
        "growth_operating": Rule("growth_operating", "junior", "", 2028),
        "no_fall_per_pupil": Rule("no_fall_per_pupil", "", "", 2028),
    }
    places = np.array([[0, 0, 0, 0], [1, 1, 2, 3]])
    for family, rule in told.items():
        none = np.zeros(0, dtype=np.intp)
        rows = Rows(family, "le", none, none, np.zeros(0), np.zeros(2), places)  # type: ignore[arg-type]
        assert rows.rule(problem, 1) == rule
        assert rows.places[1].tolist() == [1, 1, 2, 3]  # what is told leaves the places alone


def test_places_that_are_not_named_stay_open() -> None:
    assert places_of(2, year=np.array([4, 5])).tolist() == [[-1, -1, 4, -1], [-1, -1, 5, -1]]
    assert places_of(1, stage=1, indicator=2, school=3).tolist() == [[1, 2, -1, 3]]


def test_what_has_no_variable_is_left_out_of_a_row() -> None:
    row, column, value = stacked((np.array([0, 1, 2]), np.array([0, -1, 7]), np.array([1.0, 2, 3])),
                                 (np.array([[0]]), np.array([[4]]), np.array([[5.0]])))  # fmt: skip
    assert (row.tolist(), column.tolist(), value.tolist()) == ([0, 2, 0], [0, 7, 4], [1, 3, 5])
    assert [len(each) for each in stacked()] == [0, 0, 0]


def test_a_cap_of_a_step_is_that_of_its_years_in_whole_persons() -> None:
    """A product of shares may lie a billionth below a whole number; more is a person too few."""
    caps = np.array([3 - 0.8e-9, 3 - 1.5e-9, 2.5, 4.0])
    problem = rich()
    layout = lay_out(problem)
    assert layout.seen == (1, 2, 3)
    assert step_caps(problem, layout, caps).tolist() == [3.0 + 2.0, 2.0, 4.0]
    parts = step_caps(problem.with_(whole=False), layout, caps)
    assert parts.tolist() == pytest.approx([6.0, 2.5, 4.0])


def test_a_rule_that_asks_nobody_has_no_row() -> None:
    """One school that lacks teaching area: its level and its standard, in one year."""
    problem = lacking()
    layout = lay_out(problem)
    assert [rows.family for rows in linear_rows(problem, layout)] == ["level", "standard"]
    capped = problem.with_(rotation_cap=np.array([3.0]), backbone_cap=np.array([3.0]))
    # nobody's teachers are asked for: nobody moves, and no cap is told
    assert [r.family for r in linear_rows(capped, lay_out(capped))] == ["level", "standard"]
