"""Rules that contradict one another: every rule that could be dropped, and the smallest sets."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simulator.plan.cone import build_model, solve_model
from simulator.plan.conflict import (
    Conflict,
    _in_proof,
    _order,
    find_conflict,
    further_conflicts,
    impossible,
    named_rules,
    released,
    without,
)
from simulator.plan.problem import GROWING, INDICATORS, Problem, Rule
from simulator.plan.watch import Watch
from tests.plan.guarding import YEARS, lacking, over_years, rich, standards_of
from tests.plan.making import simple

STAGES = ("primary", "junior")
AREA = Rule("standard", "primary", "teaching_area")
#: Fields of a problem that a rule may change; the rest stays.
FIELDS = ("standard", "limit", "envelope", "item_cap", "school_cap", "exemptions", "rotation_cap",
          "backbone_cap", "may_buy", "may_move", "fixed_buy", "fixed_move", "start")  # fmt: skip


def _lower(**changes: Any) -> Problem:
    """3.0 of 4.5 m² for 100 pupils: 150,000 yuan, and 82,500 even where exempt (3.825)."""
    problem = lacking(**changes)
    return problem.with_(base=_set(problem.base, (slice(None), 3, 0), 3.0))


def _set(array: np.ndarray, place: Any, value: Any) -> np.ndarray:
    found = array.copy()
    found[place] = value
    return found


def _expected(p: Problem) -> list[tuple[Rule, dict[str, np.ndarray]]]:
    """Every rule and what the problem's arrays are without it."""
    found: list[tuple[Rule, dict[str, np.ndarray]]] = []
    for stage, i in itertools.product(range(2), range(7)):
        for family, name in (("standard", "standard"), ("cv", "limit")):
            array = getattr(p, name)
            if np.isfinite(array[:, stage, i]).any():
                rule = Rule(family, STAGES[stage], INDICATORS[i])
                found.append((rule, {name: _set(array, (slice(None), stage, i), np.nan)}))
    for t in range(YEARS):
        if np.isfinite(p.envelope[t]):
            rule = Rule("money", "", "", 2026 + t)
            found.append((rule, {"envelope": _set(p.envelope, t, np.inf)}))
        for item in range(4):
            if np.isfinite(p.item_cap[t, item]):
                rule = Rule("item_cap", "", INDICATORS[3 + item], 2026 + t)
                found.append((rule, {"item_cap": _set(p.item_cap, (t, item), np.inf)}))
    for school in (1, 4):
        rule = Rule("school_cap", "", "", 0, f"S{school}")
        found.append((rule, {"school_cap": _set(p.school_cap, school, np.inf)}))
    found.append((Rule("one_exempt"), {"exemptions": np.full(7, 7)}))
    for family in ("rotation", "backbone"):
        found.append((Rule(family), {f"{family}_cap": np.full(YEARS, np.inf)}))
    return found


def _wishes(p: Problem) -> list[tuple[Rule, dict[str, np.ndarray]]]:
    nothing = {name: np.full_like(getattr(p, name), np.nan) for name in ("fixed_buy", "fixed_move")}
    found = [(Rule("fixed"), nothing)]
    # closed: items at S0 and S4, who moves at their primary parts
    for school, parts in ((0, [0]), (4, [3])):
        opened = {"may_buy": _set(p.may_buy, (slice(None), school), True),
                  "may_move": _set(p.may_move, (slice(None), parts), True)}  # fmt: skip
        found.append((Rule("untouched", "", "", 0, f"S{school}"), opened))
    return [*found, (Rule("priority"), {"start": np.full(7, 2)})]


def test_every_rule_that_could_be_dropped_is_named_and_dropped_alone() -> None:
    problem = rich()
    assert problem.spending is not None
    growing = [
        (family, t, stage)
        for family, t, stage in itertools.product(range(3), range(YEARS), range(2))
        if problem.spending.asked[family, t, stage]
    ]
    first, last = _expected(problem), _wishes(problem)
    named = named_rules(problem)
    rules = [Rule(GROWING[f], "" if f == 2 else STAGES[s], "", 2026 + t) for f, t, s in growing]
    assert [each.rule for each in named] == [*(r for r, _ in first), *rules, *(r for r, _ in last)]
    plain = [*named[: len(first)], *named[len(first) + len(growing) :]]
    for each, (_, changes) in zip(plain, [*first, *last], strict=True):
        found = each.drop(problem)
        for name in FIELDS:
            wanted = changes.get(name, getattr(problem, name))
            assert np.array_equal(getattr(found, name), wanted, equal_nan=True), (each.rule, name)
        assert found.spending is problem.spending
    for each, place in zip(named[len(first) :], growing, strict=False):
        found = each.drop(problem)
        assert found.spending is not None
        assert np.array_equal(found.spending.asked, _set(problem.spending.asked, place, False))
        assert problem.spending.asked[place]


def test_a_rule_that_is_not_there_is_not_named() -> None:
    bare = simple([100.0], {}, rotation_cap=np.full(1, np.inf), backbone_cap=np.full(1, np.inf))
    assert [each.rule.family for each in named_rules(bare)] == []
    capped = bare.with_(rotation_cap=np.ones(1), backbone_cap=np.ones(1))
    assert [each.rule.family for each in named_rules(capped)] == ["rotation", "backbone"]
    still = capped.with_(may_move=np.zeros((3, 1), dtype=bool))
    assert [each.rule.family for each in named_rules(still)] == ["untouched"]
    late = bare.with_(target=1, start=np.ones(1, dtype=int))
    assert named_rules(late) == []
    moved = bare.with_(fixed_move=np.zeros((3, 1)))
    assert [each.rule.family for each in named_rules(moved)] == ["fixed"]
    bought = bare.with_(fixed_buy=np.zeros((1, 4, 1)))
    assert [each.rule.family for each in named_rules(bought)] == ["fixed"]
    part = over_years(capped, 2, rotation_cap=np.array([1.0, np.inf]))
    assert [each.rule.family for each in named_rules(part)] == ["backbone"]


def test_money_and_a_standard_contradict_one_another() -> None:
    """150,000 yuan are needed and 40,000 there; a cap and a limit beside them play no part."""
    problem = _lower(envelope=np.array([40_000.0]), school_cap=np.array([1e6, 1e6]),
                      limit=standards_of(sports_area=0.5))  # fmt: skip
    conflict = find_conflict(problem, Watch())
    assert conflict == Conflict((Rule("money", "", "", 2026), AREA), "relaxed")
    told: list[tuple[str, float]] = []
    watch = Watch(progress=lambda step, share, known: told.append((step, share)))
    assert impossible(problem, False, watch) and told == [("plan.step.conflict", 0.85)]
    assert not impossible(lacking(), False, Watch()) and not impossible(lacking(), True, Watch())
    assert find_conflict(lacking(), Watch()) is None


def test_a_limit_and_money_contradict_one_another() -> None:
    """200,000 yuan are needed for a coefficient of 0.2."""
    problem = simple([100.0, 100.0], {"teaching_area": [2.0, 6.0]}, envelope=np.array([190_000.0]),
                     limit=standards_of(teaching_area=0.2, sports_area=0.9))  # fmt: skip
    conflict = find_conflict(problem, Watch())
    cv = Rule("cv", "primary", "teaching_area")
    assert conflict == Conflict((cv, Rule("money", "", "", 2026)), "relaxed")


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"may_buy": np.array([[False, True]] * 4)}, Rule("untouched", "", "", 0, "S0")),
        ({"school_cap": np.array([1e4, np.inf])}, Rule("school_cap", "", "", 0, "S0")),
        ({"item_cap": np.array([[1e4, np.inf, np.inf, np.inf]])},
         Rule("item_cap", "", "teaching_area", 2026)),
        ({"fixed_buy": np.array([[[7.0, np.nan]] + [[np.nan] * 2] * 3])}, Rule("fixed")),
    ],
)  # fmt: skip
def test_a_wish_and_a_standard_contradict_one_another(changes: dict[str, Any], rule: Rule) -> None:
    conflict = find_conflict(_lower(**changes), Watch())
    assert conflict is not None and set(conflict.rules) == {rule, AREA}
    assert without(_lower(**changes), [rule]).sizes == (1, 2, 2)
    assert find_conflict(without(_lower(**changes), [rule]), Watch()) is None


def test_an_early_start_contradicts_a_lead_of_a_year() -> None:
    """What is bought in the first year comes into use in the second: too late for a priority."""
    problem = over_years(_lower(), 2, lead=np.ones(4, dtype=int), start=np.array([0, 1]))
    conflict = find_conflict(problem, Watch())
    assert conflict is not None and set(conflict.rules) == {Rule("priority"), AREA}


def test_a_cap_on_moves_contradicts_a_standard() -> None:
    """4 of 400 and 8 of 400; 1.4 a hundred take 1.6 teachers.

    Where exempt 1.19 take 0.76; half a backbone teacher may move.
    """
    problem = simple([400.0, 400.0], {"backbone": [1.0, 2.0]}, standard=standards_of(backbone=1.4),
                     rotation_cap=np.array([9.0]), backbone_cap=np.array([0.5]))  # fmt: skip
    conflict = find_conflict(problem, Watch())
    standard = Rule("standard", "primary", "backbone")
    assert conflict is not None and set(conflict.rules) == {Rule("backbone"), standard}
    all_ = problem.with_(rotation_cap=np.array([0.5]), backbone_cap=np.array([9.0]))
    conflict = find_conflict(all_, Watch())
    assert conflict is not None and set(conflict.rules) == {Rule("rotation"), standard}


def _whole_exemptions() -> Problem:
    """28 万元: parts of exemptions need 27.67, whole ones 28.25 (tests of yes/no decisions)."""
    caps = np.array([[90_000.0, np.inf, np.inf, np.inf]])
    levels = {"teaching_area": [3.5, 4.0], "sports_area": [6.0, 7.0]}
    return simple([100.0, 100.0], levels, exemptions=np.ones(2, dtype=np.intp), item_cap=caps,
                  standard=standards_of(teaching_area=4.5, sports_area=8.0),
                  envelope=np.array([280_000.0]), school_cap=np.full(2, 1e7))  # fmt: skip


def test_a_contradiction_of_yes_and_no_names_what_it_needs() -> None:
    problem = _whole_exemptions()
    conflict = find_conflict(problem, Watch())
    assert conflict is not None and conflict.by == "exact"
    assert {rule.family for rule in conflict.rules} == {
        "standard",
        "money",
        "item_cap",
        "one_exempt",
    }
    assert len(conflict.rules) == 5
    for rule in conflict.rules:
        assert find_conflict(without(problem, [rule]), Watch()) is None


def _six() -> Problem:
    """Six schools, each lacks an indicator of its own and may buy nothing."""
    base = simple([100.0] * 6, {}, school_cap=np.zeros(6), part_stage=np.array([0, 0, 0, 0, 1, 1]))
    levels, standard = np.full((1, 7, 6), 9.0), np.full((1, 2, 7), np.nan)
    for school, (stage, i) in enumerate([(0, 3), (0, 4), (0, 5), (0, 6), (1, 3), (1, 4)]):
        levels[0, i, school], standard[0, stage, i] = 1.0, 2.0
    return base.with_(base=levels, standard=standard)


def test_further_contradictions_are_told_up_to_four() -> None:
    problem = _six()
    first = find_conflict(problem, Watch())
    assert first is not None and [r.family for r in first.rules] == ["school_cap", "standard"]
    further = further_conflicts(problem, first, Watch())
    assert len(further) == 4
    told = [rule for each in (first, *further) for rule in each.rules]
    assert len(set(told)) == len(told) == 10
    few = problem.with_(school_cap=np.array([0.0, 0.0] + [np.inf] * 4))
    first = find_conflict(few, Watch())
    assert first is not None and len(further_conflicts(few, first, Watch())) == 1


def test_what_is_given_up_most_easily_is_a_persons_wish() -> None:
    cv, money = Rule("cv", "primary", "backbone"), Rule("money", "", "", 2027)
    pairs = [
        ((money, AREA), money), ((cv, AREA), AREA), ((AREA, Rule("untouched")), Rule("untouched")),
        ((Rule("one_exempt"), AREA), Rule("one_exempt")),
        ((money, Rule("growth_per_pupil", "primary", "", 2026)), money),
        ((Rule("money", "", "", 2028), money), money),
    ]  # fmt: skip
    conflicts = [Conflict(rules, "relaxed") for rules, _ in pairs]
    assert released(conflicts) == tuple(easiest for _, easiest in pairs)


def test_narrow_rules_are_left_out_first() -> None:
    """CV first, then wishes and exemptions as they stand, money, and standards last."""
    families = ["standard", "money", "one_exempt", "school_cap", "rotation", "cv"]
    named = named_rules(rich())
    given = [next(each for each in named if each.rule.family == family) for family in families]
    found = [each.rule.family for each in _order(given)]
    assert found == ["cv", "one_exempt", "school_cap", "rotation", "money", "standard"]


@pytest.mark.parametrize(
    ("share", "families"), [(0.8e-6, {"money"}), (1.5e-6, {"money", "standard"})]
)
def test_a_rule_with_a_millionth_of_the_proof_plays_no_part(
    share: float, families: set[str]
) -> None:
    problem = lacking(envelope=np.array([1e5]))
    answer = solve_model(build_model(problem))
    assert [rows.family for rows in answer.model.rows] == ["level", "standard", "money"]
    duals = np.zeros_like(answer.duals)
    duals[:3] = [0.0, -share, 1.0]
    found = _in_proof(problem, replace(answer, duals=duals), named_rules(problem))
    assert {each.rule.family for each in found} == families
    duals[:3] = [0.0, share * 5.0, -5.0]
    found = _in_proof(problem, replace(answer, duals=duals), named_rules(problem))
    assert {each.rule.family for each in found} == families


@pytest.mark.parametrize(("share", "found"), [(0.8e-6, 0), (1.5e-6, 1)])
def test_a_limit_with_a_millionth_of_the_proof_plays_no_part(share: float, found: int) -> None:
    problem = simple([100.0, 100.0], {"teaching_area": [2.0, 6.0]}, envelope=np.array([1e6]),
                     limit=standards_of(teaching_area=0.2))  # fmt: skip
    answer = solve_model(build_model(problem))
    model = answer.model
    duals = np.zeros_like(answer.duals)
    duals[0] = 2.0
    duals[model.equations + model.inequalities + len(model.bounded)] = share * 2.0
    kept = _in_proof(problem, replace(answer, duals=duals), named_rules(problem))
    assert sum(each.rule.family == "cv" for each in kept) == found


def test_wishes_without_a_row_stay_under_suspicion() -> None:
    """Closed schools and early starts take variables away: a proof cannot name them."""
    problem = over_years(
        lacking(),
        2,
        start=np.array([0, 1]),
        envelope=np.full(2, 1e5),
        exemptions=np.ones(2, dtype=np.intp),
        rotation_cap=np.ones(2),
        may_buy=np.array([[True, False]] * 4),
        backbone_cap=np.ones(2),
    )
    answer = solve_model(build_model(problem))
    none = replace(answer, duals=np.zeros_like(answer.duals))
    found = {each.rule.family for each in _in_proof(problem, none, named_rules(problem))}
    assert found == {"untouched", "priority"}
    start = answer.row_starts[[r.family for r in answer.model.rows].index("one_exempt")]
    duals = np.zeros_like(answer.duals)
    duals[start] = 1.0
    found = {
        each.rule.family
        for each in _in_proof(problem, replace(answer, duals=duals), named_rules(problem))
    }
    assert found == {"untouched", "priority", "one_exempt"}
