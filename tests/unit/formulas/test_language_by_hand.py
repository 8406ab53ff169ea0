"""The words of formulas at their edges: slack, unknown, empty groups, the first year. By hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simulator.machine.language import (
    Below,
    Groups,
    above,
    at_base,
    at_least,
    ceil,
    equal,
    known,
    known_or,
    largest,
    maximum,
    minimum,
    power,
    previous,
    ratio,
    smallest,
    square_root,
    total,
    where,
)

UNKNOWN = math.nan
#: Of three groups the second is empty; the first has the second and third of the lower ones.
MIXED = Groups(np.array([1, 2, 0]), np.array([0, 2]), np.array([0, 2]), 3)
WHOLE = Groups(None, np.array([0]), np.array([0]), 1)


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        (2.0, 2.0),
        (2.01, 3.0),
        (2 + 0.7e-9, 2.0),  # the noise of float64: still two classes
        (2 + 1.5e-9, 3.0),  # more than noise: a third
        (-1.5, -1.0),
        (0.0, 0.0),
    ],
)
def test_rounding_up_forgives_a_billionth_and_no_more(value: float, whole: float) -> None:
    assert float(ceil(value)) == whole
    assert math.copysign(1, float(ceil(0.0))) == 1
    assert math.isnan(float(ceil(UNKNOWN)))


@pytest.mark.parametrize(
    ("limit", "noise", "less"),
    [
        (100.0, 0.7e-7, 1.5e-7),  # a billionth of a hundred is 1e-7
        (-100.0, 0.7e-7, 1.5e-7),
        (0.5, 0.7e-9, 1.5e-9),  # below one the billionth is of one
        (0.0, 0.7e-9, 1.5e-9),
    ],
)
@pytest.mark.parametrize("as_array", [False, True])
def test_a_limit_is_reached_within_a_billionth_and_no_more(
    limit: float, noise: float, less: float, as_array: bool
) -> None:
    given = np.array([limit]) if as_array else limit
    assert float(np.squeeze(at_least(limit - noise, given))) == 1
    assert float(np.squeeze(at_least(limit - less, given))) == 0
    assert float(np.squeeze(above(limit + noise, given))) == 0
    assert float(np.squeeze(above(limit + less, given))) == 1


@pytest.mark.parametrize("word", [at_least, above, equal])
def test_a_comparison_with_the_unknown_is_unknown(word) -> None:
    found = word(np.array([UNKNOWN, 1.0]), np.array([1.0, UNKNOWN]))
    assert np.isnan(found).all()


def test_comparisons_of_plain_numbers() -> None:
    assert at_least(np.array([3.0, 2, 1]), 2.0).tolist() == [1, 1, 0]
    assert above(np.array([3.0, 2, 1]), 2.0).tolist() == [1, 0, 0]
    assert equal(np.array([3.0, 2, 1]), 2.0).tolist() == [0, 1, 0]
    assert maximum(np.array([3.0, 1]), 2.0).tolist() == [3, 2]
    assert minimum(np.array([3.0, 1]), 2.0).tolist() == [2, 1]
    assert np.isnan(maximum(UNKNOWN, 2.0)) and np.isnan(minimum(UNKNOWN, 2.0))


def test_a_choice_follows_its_flag_and_is_unknown_with_it() -> None:
    flags = np.array([1.0, 0.0, UNKNOWN])
    assert where(flags, 5.0, 7.0)[:2].tolist() == [5, 7]
    assert math.isnan(where(flags, 5.0, 7.0)[2])
    # what was not chosen may be unknown
    assert where(np.array([1.0, 0.0]), np.array([5.0, UNKNOWN]), 7.0).tolist() == [5, 7]
    assert where(1.0, 5.0, 7.0) == 5
    assert where(np.array([[0.0]]), 5.0, 7.0) == 7
    assert math.isnan(where(UNKNOWN, 5.0, 7.0))
    assert where(np.array([1.0, 1.0]), 5.0, 7.0).tolist() == [5, 5]


def test_what_is_known_is_kept() -> None:
    values = np.array([0.0, 4.0, UNKNOWN])
    assert known_or(values, 9.0).tolist() == [0, 4, 9]
    assert known(values).tolist() == [1, 1, 0]


def test_a_quotient_by_nothing_is_unknown_there_alone() -> None:
    found = ratio(np.array([6.0, 6.0, 0.0]), np.array([3.0, 0.0, 4.0]))
    assert found[[0, 2]].tolist() == [2, 0]
    assert math.isnan(found[1])
    assert ratio(np.array([6.0]), np.array([3.0])).tolist() == [2]


def test_powers_and_roots() -> None:
    found = power(np.array([4.0, 0.0, -4.0]), 0.5)
    assert found[:2].tolist() == [2, 0]  # the root of nothing is nothing, and not unknown
    assert math.isnan(found[2])
    assert power(np.array([0.5, 2.0]), 3).tolist() == [0.125, 8]
    assert float(square_root(9.0)) == 3
    assert math.isnan(float(square_root(-1.0)))


def test_last_years_value_moves_by_one_year() -> None:
    years = np.array([[1.0, 10], [2, 20], [3, 30]])
    found = previous(years)
    assert np.isnan(found[0]).all()
    assert found[1:].tolist() == [[1, 10], [2, 20]]
    # the year before the base year stands first, the base year second
    assert at_base(years).tolist() == [[2, 20]]


def test_lower_entities_gather_into_their_own_group() -> None:
    values = np.array([[5.0, 1, 2], [50, 10, 20]])
    assert total(Below(values, MIXED)).tolist() == [[3, 0, 5], [30, 0, 50]]
    high, low = largest(Below(values, MIXED)), smallest(Below(values, MIXED))
    assert high[:, [0, 2]].tolist() == [[2, 5], [20, 50]]
    assert low[:, [0, 2]].tolist() == [[1, 5], [10, 50]]
    # nobody has no largest and no smallest
    assert np.isnan(high[:, 1]).all() and np.isnan(low[:, 1]).all()
    assert total(Below(values, WHOLE)).tolist() == [[8], [80]]
    assert largest(Below(values, WHOLE)).tolist() == [[5], [50]]


def test_groups_without_anybody_sum_to_nothing() -> None:
    nobody = Groups(None, np.array([], int), np.array([], int), 2)
    none = np.zeros((1, 0))
    assert nobody.sums(none).tolist() == [[0, 0]]
    assert np.isnan(nobody.extremes(none, np.maximum)).all()
