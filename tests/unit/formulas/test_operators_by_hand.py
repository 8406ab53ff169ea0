"""Levelling up, pots and investments given out by rule: every rule on one example, by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from simulator.errors import JunhengError
from simulator.law.giving_out import INVESTMENT_RULES, level_up, pot_additions, sharing_of

UNKNOWN = math.nan
#: Two primary schools, a junior one, and a primary one outside the evaluation.
INDEX = SimpleNamespace(part_stage=np.array([0, 0, 1, 0]))
PUPILS = [100.0, 200, 100, 500]
STOCK = [10.0, 40, 4, 0]
SCOPE = [1.0, 1, 1, 0]
#: Computers: 20 for 100 pupils at primary, 10 at junior: 20, 40 and 10 are due.
STANDARD = [20.0, 10]


def given_out(rule, money, cost=1.0, listed=(0, 0, 0, 0), stock=STOCK, standard=STANDARD,
              pupils=PUPILS, scope=SCOPE):  # fmt: skip
    """What each school gets of one year's money, in yuan."""
    code = INVESTMENT_RULES.index(rule) if rule else UNKNOWN
    row = [np.array([[float(one) for one in values]]) for values in (
        [money], [code], [cost], listed, stock, pupils, standard, scope)]  # fmt: skip
    return sharing_of(100.0)(INDEX, *row)[0].tolist()


def test_in_proportion_to_what_is_lacking() -> None:
    # 10, 0 and 6 are lacking, 16 together: 3,200 yuan are 200 for each
    assert given_out("proportional", 3200) == pytest.approx([2000, 0, 1200, 0])


def test_in_proportion_to_what_is_due_where_nobody_lacks() -> None:
    # 20, 40 and 10 are due, 70 together: 700 yuan are 10 for each
    assert given_out("proportional", 700, stock=[20, 40, 10, 0]) == pytest.approx(
        [200, 400, 100, 0]
    )


def test_the_lowest_against_the_standard_first() -> None:
    # 1,000 yuan buy 10 at 100; 10 of 20, 40 of 40, 4 of 10: the junior school is raised to a half
    # by 1; the 9 left raise both, 30 due together, by 0.3 of what is due: 6 and 3
    assert given_out("level_up", 1000, cost=100) == pytest.approx([600, 0, 400, 0])


def test_the_same_for_each_pupil_of_the_evaluation() -> None:
    assert given_out("per_pupil", 4000) == pytest.approx([1000, 2000, 1000, 0])


def test_a_list_gives_what_it_names_on_top() -> None:
    assert given_out("list", 0, listed=(5, 0, 0, 7)) == [5, 0, 0, 7]
    # nothing is given by a rule: then it does not matter what is unknown of the schools
    assert given_out("list", 0, listed=(5, 0, 0, 7), stock=[UNKNOWN] * 4) == [5, 0, 0, 7]
    assert given_out("per_pupil", 4000, listed=(5, 0, 0, 7)) == pytest.approx([1005, 2000, 1000, 7])


def test_without_a_standard_schools_are_measured_per_pupil() -> None:
    none = [UNKNOWN, UNKNOWN]
    assert given_out("proportional", 4000, standard=none) == pytest.approx([1000, 2000, 1000, 0])
    # 0.1, 0.2 and 0.04 a pupil: 6 units raise the junior one to 0.1, 20 more raise both to 0.2
    assert given_out("level_up", 26, standard=none) == pytest.approx([10, 0, 16, 0])


def test_a_standard_for_one_stage_only_is_none() -> None:
    half = [20, UNKNOWN]
    assert given_out("proportional", 4000, standard=half) == pytest.approx([1000, 2000, 1000, 0])


def test_what_the_rule_looks_at_must_be_known() -> None:
    dark = [10.0, UNKNOWN, 4, 0]
    assert all(map(math.isnan, given_out("proportional", 3200, stock=dark)))
    assert all(map(math.isnan, given_out("proportional", UNKNOWN)))
    assert all(map(math.isnan, given_out(None, 3200)))
    assert all(map(math.isnan, given_out("level_up", 3200, cost=UNKNOWN)))
    # heads alone count for the same amount a pupil, and a school outside counts for nothing
    assert given_out("per_pupil", 4000, stock=dark) == pytest.approx([1000, 2000, 1000, 0])
    outside = [*PUPILS[:3], UNKNOWN]
    assert given_out("per_pupil", 4000, pupils=outside) == pytest.approx([1000, 2000, 1000, 0])
    assert given_out("proportional", 3200, stock=[*STOCK[:3], UNKNOWN])[0] == pytest.approx(2000)


def test_the_standard_is_for_so_many_pupils() -> None:
    row = [np.array([one]) for one in (
        [300.0], [1.0], [1.0], [0.0] * 4, STOCK, PUPILS, [0.2, 0.1], SCOPE)]  # fmt: skip
    # per pupil instead of per hundred: the same 20, 40 and 10 are due
    assert sharing_of(1.0)(INDEX, *row)[0] == pytest.approx([187.5, 0, 112.5, 0])


def test_a_pot_levels_up_where_it_is_on_and_large_enough() -> None:
    funds = np.tile([100.0, 200, 100], (5, 1))
    heads = np.tile([1.0, 1, 2], (5, 1))
    heads[4, 1] = UNKNOWN
    pots = np.array([[550.0], [550], [399], [400], [550]])
    on = np.array([[1.0], [0], [1], [1], [1]])
    found = pot_additions.function(None, funds, heads, pots, on)
    # 150 left: the third (50 a head) to 100 by 100 yuan, then 50 over three heads
    assert found[0] == pytest.approx([50 / 3, 0, 100 + 2 * 50 / 3])
    assert np.isnan(found[[1, 2, 4]]).all()  # off; a yuan short; somebody not counted
    assert found[3].tolist() == [0, 0, 0]  # just enough: nothing is left to give


def test_parts_without_pupils_get_nothing() -> None:
    assert level_up([0, 100], [0, 1], 50).tolist() == [0, 50]
    assert level_up([5], [0], 0).tolist() == [0]
    with pytest.raises(JunhengError) as caught:
        level_up([5], [0], 1)
    assert caught.value.code == "level_up_nobody"


@pytest.mark.parametrize(
    ("totals", "heads", "pot", "code"),
    [
        ([1], [1], -1, "level_up_negative"),
        ([1], [-1], 0, "level_up_negative"),
        ([1, 2], [1], 0, "level_up_negative"),
        ([UNKNOWN], [1], 0, "level_up_unknown"),
        ([1], [UNKNOWN], 0, "level_up_unknown"),
        ([1], [1], UNKNOWN, "level_up_unknown"),
        ([1], [1], math.inf, "level_up_unknown"),
    ],
)
def test_what_cannot_be_levelled_is_refused(totals, heads, pot, code) -> None:
    with pytest.raises(JunhengError) as caught:
        level_up(totals, heads, pot)
    assert caught.value.code == code


def test_a_pot_too_small_to_be_seen_goes_to_the_lowest_per_head() -> None:
    # a hundred-millionth beside a billion is lost in float64; 0.5 billion a head is the lowest
    assert level_up([2e9, 1e9], [4, 1], 1e-8).tolist() == [1e-8, 0]
    assert level_up([0, 2e9, 1e9], [0, 1, 1], 1e-8).tolist() == [0, 0, 1e-8]


def test_a_pot_that_ends_at_a_step_stops_there() -> None:
    # from 10 to 20 a head for one: just 10 yuan; the second keeps its own
    assert level_up([10, 20], [1, 1], 10).tolist() == [10, 0]
    # from nothing: by heads
    assert level_up([0, 0], [1, 3], 8).tolist() == [2, 6]
