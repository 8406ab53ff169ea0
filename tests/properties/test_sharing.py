"""Levelling up and largest remainder: sums exact, order kept, nobody loses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import simulator as sim
from simulator.errors import JunhengError
from simulator.units import round_to_total

AMOUNT = st.floats(0, 1e7, allow_nan=False)
HEADS = st.integers(1, 3000)


@given(st.lists(st.tuples(AMOUNT, HEADS), min_size=1, max_size=40), AMOUNT)
def test_levelling_up_spends_the_pot_and_takes_from_nobody(schools, pot):
    totals, heads = (np.array(column, float) for column in zip(*schools, strict=True))
    added = sim.level_up(totals, heads, pot)
    assert (added >= 0).all()
    np.testing.assert_allclose(added.sum(), pot, rtol=1e-9, atol=1e-6)
    raised = (totals + added) / heads
    lifted = added > 1e-6
    if lifted.any():
        level = raised[lifted].max()
        # one common level for all that were raised, and nobody who was not lies under it
        np.testing.assert_allclose(raised[lifted], level, rtol=1e-6)
        assert (raised[~lifted] >= level * (1 - 1e-6)).all()


@given(st.lists(st.tuples(AMOUNT, HEADS), min_size=1, max_size=20), AMOUNT, AMOUNT)
def test_a_larger_pot_never_lowers_the_lowest(schools, pot, more):
    totals, heads = (np.array(column, float) for column in zip(*schools, strict=True))
    lower = ((totals + sim.level_up(totals, heads, pot)) / heads).min()
    higher = ((totals + sim.level_up(totals, heads, pot + more)) / heads).min()
    assert higher >= lower * (1 - 1e-9)


@given(st.lists(st.tuples(AMOUNT, HEADS), min_size=2, max_size=20), AMOUNT)
def test_levelling_up_keeps_the_order(schools, pot):
    totals, heads = (np.array(column, float) for column in zip(*schools, strict=True))
    before = totals / heads
    after = (totals + sim.level_up(totals, heads, pot)) / heads
    order = np.argsort(before, kind="stable")
    assert (np.diff(after[order]) >= -1e-6 * (1 + after.max())).all()


def test_levelling_up_by_hand():
    # per pupil 100, 200, 50 for 1, 1, 2 pupils; 150 yuan: first the third to 100 (100 yuan),
    # then first and third together from 100 by 50 / 3 each
    added = sim.level_up([100, 200, 100], [1, 1, 2], 150)
    np.testing.assert_allclose(added, [50 / 3, 0, 100 + 2 * 50 / 3])


@pytest.mark.parametrize(
    ("totals", "pupils", "pot"),
    [([1, 2], [1, 1], -1), ([1, 2], [1, -1], 1), ([1, np.nan], [1, 1], 1), ([1, 2], [0, 0], 1)],
)
def test_levelling_up_refuses_what_makes_no_sense(totals, pupils, pot):
    with pytest.raises(JunhengError):
        sim.level_up(totals, pupils, pot)


@given(st.lists(AMOUNT, min_size=1, max_size=60), st.integers(0, 10**9))
def test_largest_remainder_adds_up_and_stays_within_one_unit(amounts, fen):
    if sum(amounts) == 0 and fen:
        with pytest.raises(JunhengError):
            sim.apportion(amounts, fen / 100)
        return
    paid = sim.apportion(amounts, fen / 100)
    assert round(paid.sum() * 100) == fen
    if fen:
        exact = np.array(amounts) / sum(amounts) * fen
        assert (np.abs(paid * 100 - exact) < 1 + 1e-4).all()


def test_largest_remainder_by_hand():
    # 100 fen in three: 33.33 each, the one left goes to the first
    assert sim.apportion([1, 1, 1], 1.0).tolist() == [0.34, 0.33, 0.33]
    assert sim.apportion([2, 1], 10, unit=1).tolist() == [7, 3]


@given(st.lists(st.floats(-1e9, 1e9, allow_nan=False), min_size=1, max_size=60))
def test_printed_parts_add_up_to_the_printed_total(values):
    printed = round_to_total(values, 2)
    target = np.floor(sum(np.array(values)) * 100 + 0.5 + 1e-7) / 100
    np.testing.assert_allclose(printed.sum(), target, atol=1e-5)
    assert (np.abs(printed - np.array(values)) <= 0.01 + 1e-5).all()


FACTOR = st.floats(0.01, 100)
SCHOOLS = st.lists(st.tuples(st.floats(1, 1e6), HEADS), min_size=2, max_size=30)


@given(SCHOOLS, FACTOR)
def test_the_coefficient_of_variation_has_no_unit(schools, factor):
    totals, heads = (np.array(column, float) for column in zip(*schools, strict=True))
    first = sim.coefficient_of_variation(totals, heads)
    scaled = sim.coefficient_of_variation(totals * factor, heads)
    np.testing.assert_allclose(scaled, first, rtol=1e-7, atol=1e-9)


def test_two_halves_of_a_school_weigh_as_much_as_the_whole():
    # pupil weights: splitting a school in two equal halves changes nothing
    whole = sim.coefficient_of_variation([30, 100], [10, 20])
    halves = sim.coefficient_of_variation([15, 15, 100], [5, 5, 20])
    assert whole == pytest.approx(halves)


@pytest.mark.parametrize(
    ("totals", "pupils"),
    [([5], [1]), ([0, 0], [1, 2]), ([1, np.nan], [1, 2]), ([1, 2], [1, 0])],
)
def test_what_cannot_be_computed_is_not_zero(totals, pupils):
    assert np.isnan(sim.coefficient_of_variation(totals, pupils))


def test_growth_headroom_by_hand():
    # revenue grows 5%, so 100 must grow to 105: 110 leaves 5; the rule is strict at 105
    assert sim.headroom_growth(100, 110, 1000, 1050) == pytest.approx(5)
    assert sim.headroom_growth(100, 105, 1000, 1050) == pytest.approx(0)
    assert np.isnan(sim.headroom_growth(100, 110, 0, 1050))
