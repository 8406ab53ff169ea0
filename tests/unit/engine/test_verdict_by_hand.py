"""The verdict over the years from figures that are set: met, broken, not known, lasting."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

import simulator as sim
from simulator.law.rules import RULES
from simulator.results.judge import Verdict, rules_in_force
from tests.building import district_of, scenario_of, school
from tests.unit.engine.test_judge_by_hand import UNKNOWN, given


@pytest.fixture(scope="module")
def town() -> sim.Result:
    """Four schools, the last a nine-year one."""
    rows = [school("A"), school("B"), school("C"), school("D", "nine_year")]
    return sim.simulate(district_of(rows), scenario_of(policy=["national", "district_plan"]))


def verdict_of(*years: tuple[Any, Any, Any]) -> Verdict:
    """A verdict of (rules_ok, money_ok, balanced) by year; all of them is all_ok."""
    rows = [
        {"rules_ok": rules, "money_ok": money, "balanced": even,
         "all_ok": rules is True and money is True and even is True}
        for rules, money, even in years
    ]  # fmt: skip
    index = pd.Index(range(2026, 2026 + len(years)), name="year")
    frame = pd.DataFrame(rows, index=index, dtype=object)
    return Verdict(frame, 1, 2, 0.0, None, None)


GOOD, BAD = (True, True, True), (True, True, False)


@pytest.mark.parametrize(
    ("years", "lasting"),
    [
        ([GOOD, GOOD, GOOD], 2026),
        ([GOOD, BAD, GOOD], 2028),
        ([BAD, GOOD, GOOD], 2027),
        ([BAD, BAD, GOOD], 2028),
        ([GOOD, GOOD, BAD], None),
        ([BAD], None),
        ([GOOD], 2026),
    ],
)
def test_from_when_on_all_is_well_until_the_end(years, lasting) -> None:
    assert verdict_of(*years).lasting_year == lasting


def test_a_verdict_over_the_years() -> None:
    assert verdict_of(GOOD, GOOD).rules_ok is True
    assert verdict_of(GOOD, (False, None, True)).rules_ok is False
    assert verdict_of(GOOD, (False, None, True)).money_ok is None
    assert verdict_of((True, False, None), GOOD).money_ok is False
    # only the last year says whether balance can be judged
    assert verdict_of((True, True, None), GOOD).determinable
    assert verdict_of(GOOD, (True, True, False)).determinable
    assert not verdict_of(GOOD, (True, True, None)).determinable


def test_the_years_of_a_verdict(town: sim.Result) -> None:
    even = [[0, 0, 0], [1, 1, 0], [1, 0, 0], [1, UNKNOWN, 0], [1, 1, 0]]
    basic = [[0, 0, 0], [0, 0, 0], [1, 1, 0], [0, UNKNOWN, 1], [UNKNOWN, 1, 1]]
    gaps = [9, -9e9, -0.0049, -0.0051, 0]
    made = given(town, gap=gaps, stage_balanced=even, stage_basic_balanced=basic)
    years = made.verdict.years
    assert years.index.tolist() == [2026, 2027, 2028]
    # half a fen is noise, more is missing
    assert years["money_ok"].tolist() == [True, False, True]
    assert years["balanced"].tolist() == [False, None, True]
    assert years["basic_balanced"].tolist() == [True, False, None]
    # the worst planned year; the base year is not judged
    assert made.verdict.gap == -0.0051
    assert made.verdict.balanced_year == 2028
    unknown = given(town, gap=[0, 0, 5, UNKNOWN, 7])
    assert math.isnan(unknown.verdict.gap)
    assert unknown.verdict.years["money_ok"].tolist() == [True, None, True]
    assert math.isfinite(given(town, gap=[UNKNOWN, UNKNOWN, 5, 6, 7]).verdict.gap)
    # half a fen exactly is no noise any more
    assert given(town, gap=[0, 0, -0.005, 0, 0]).verdict.years["money_ok"].tolist()[0] is False


def test_rules_met_are_those_kept_in_every_planned_year_by_everybody(town: sim.Result) -> None:
    room = {rule.headroom: np.ones_like(town.values[rule.headroom]) for rule in RULES}
    actual = {rule.actual: np.full_like(town.values[rule.actual], 5.0) for rule in RULES}
    required = {rule.required: np.full_like(town.values[rule.required], 3.0) for rule in RULES}
    names = {rule.id for rule in rules_in_force(town)}
    every = given(town, **{**required, **actual, **room})
    total = len(set(every.checks["rule"]))
    assert 0 < total <= len(names)
    assert (every.verdict.rules_met, every.verdict.rules_total) == (total, total)
    assert every.verdict.years["rules_met"].tolist() == [total] * 3

    # one school fails in one year: that year has a rule less, and so have all together
    short = np.ones((5, 4))
    short[3, 2] = -1
    once = given(every, school_training_headroom=short)
    assert once.verdict.years["rules_met"].tolist() == [total, total - 1, total]
    assert once.verdict.years["rules_total"].tolist() == [total] * 3
    assert once.verdict.years["rules_ok"].tolist() == [True, False, True]
    assert once.verdict.rules_met == total - 1
    # one is not known: not met, and not broken
    short[3, 2] = UNKNOWN
    hidden = given(every, school_training_headroom=short)
    assert hidden.verdict.years["rules_ok"].tolist() == [True, None, True]
    assert hidden.verdict.years["rules_met"].tolist() == [total, total - 1, total]
    # the base year is not judged
    short[3, 2], short[1, 2] = 1, -1
    assert given(every, school_training_headroom=short).verdict.rules_met == total


def test_the_first_good_year_is_the_first_in_which_all_three_are_good(town: sim.Result) -> None:
    good = {rule.headroom: np.ones_like(town.values[rule.headroom]) for rule in RULES}
    far = {rule.actual: np.full_like(town.values[rule.actual], 5.0) for rule in RULES}
    near = {rule.required: np.full_like(town.values[rule.required], 3.0) for rule in RULES}
    even = [[1, 1, 0]] * 5
    every = given(town, **{**near, **far, **good}, stage_balanced=even, gap=[1] * 5)
    assert every.verdict.first_year == 2026
    assert every.verdict.years["all_ok"].tolist() == [True, True, True]
    later = given(every, gap=[1, 1, -1, 1, 1])
    assert later.verdict.first_year == 2027
    assert given(every, gap=[1, 1, -1, -1, -1]).verdict.first_year is None
    uneven = [[1, 1, 0], [1, 1, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0]]
    assert given(every, stage_balanced=uneven).verdict.first_year == 2028
    assert given(every, stage_balanced=uneven).verdict.balanced_year == 2028
