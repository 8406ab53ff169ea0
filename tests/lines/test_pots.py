"""Pots: what each rule gives, by hand, and what holds for any amounts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import JunhengError
from simulator.machine.language import Array
from simulator.own_formula.pots import give, paid
from tests.lines.making import a_set, of_year, run

NEED = np.array([60_000.0, 90_000.0, 50_000.0])
HEADS = np.array([100.0, 100.0, 50.0])


def test_a_pot_is_shared_in_proportion() -> None:
    # half of 200,000
    assert give("proportion", NEED, HEADS, 100_000).tolist() == [30_000, 45_000, 25_000]


def test_levelling_up_raises_the_lowest_per_head_first() -> None:
    # 600, 900 and 1,000 a head; 20,000 raise the first to 800
    assert give("level_up", NEED, HEADS, 220_000).tolist() == [80_000, 90_000, 50_000]
    # 45,000 lift the first two to 975 each: 37,500 + 7,500
    assert give("level_up", NEED, HEADS, 245_000) == pytest.approx([97_500, 97_500, 50_000])


def test_a_pot_too_small_to_level_up_is_scaled() -> None:
    assert give("level_up", NEED, HEADS, 100_000).tolist() == [30_000, 45_000, 25_000]


def test_guarantees_come_first_and_the_rest_is_shared() -> None:
    sure = np.array([50_000.0, 0.0, 50_000.0])
    # 100,000 are left of 200,000: 60, 90 and 50 parts of 200
    found = give("guarantee", NEED, HEADS, 200_000, sure)
    assert found == pytest.approx([80_000, 45_000, 75_000])
    # guarantees that the pot cannot pay are scaled: half of each
    assert give("guarantee", NEED, HEADS, 50_000, sure).tolist() == [25_000, 0, 25_000]


def test_what_is_paid_is_whole_and_adds_up() -> None:
    thirds = give("proportion", np.ones(3), HEADS, 100)
    # 33.33 each leaves a fen, which goes to the first
    assert paid(thirds, 100, 0.01).tolist() == [33.34, 33.33, 33.33]
    assert paid(thirds, 100, 1).tolist() == [34, 33, 33]


@pytest.mark.parametrize(
    ("shared", "pot", "code"),
    [
        ([1.0, -1.0], 5.0, "apportion_negative"),
        ([1.0, np.nan], 5.0, "apportion_negative"),
        ([1.0, 1.0], -5.0, "apportion_negative"),
        ([0.0, 0.0], 5.0, "apportion_nothing"),
    ],
)
def test_what_cannot_be_shared_is_refused(shared: list[float], pot: float, code: str) -> None:
    with pytest.raises(JunhengError) as caught:
        give("proportion", np.array(shared), np.ones(2), pot)
    assert caught.value.code == code


MONEY = st.floats(1, 1e7)
Schools = list[tuple[float, int, float]]
SCHOOLS = st.lists(
    st.tuples(MONEY, st.integers(1, 3000), st.floats(0, 1e6)), min_size=1, max_size=9
)


def _arrays(schools: Schools) -> tuple[Array, Array, Array]:
    need, heads, sure = np.array(schools, dtype=np.float64).T
    return need, heads, sure


@given(SCHOOLS, st.integers(1, 10**8), st.sampled_from(["proportion", "level_up", "guarantee"]))
def test_schools_add_up_to_the_pot(schools: Schools, pot: int, rule: str) -> None:
    need, heads, sure = _arrays(schools)
    exact = give(rule, need, heads, pot, sure)  # type: ignore[arg-type]
    assert exact.sum() == pytest.approx(pot, rel=1e-9)
    assert (exact >= 0).all()
    for unit in (0.01, 1):
        whole = paid(exact, pot, unit)
        units = np.round(whole / unit)
        assert units.sum() == round(pot / unit)
        assert whole == pytest.approx(units * unit, rel=1e-12)
        assert (np.abs(whole - exact) < unit * (1 + 1e-6) + 1e-9 * pot).all()


@given(SCHOOLS, st.floats(0, 1e8), st.floats(0, 1e8))
def test_levelling_up_keeps_the_order_and_takes_from_nobody(
    schools: Schools, more: float, still_more: float
) -> None:
    need, heads, _ = _arrays(schools)
    first = give("level_up", need, heads, float(need.sum()) + more)
    second = give("level_up", need, heads, float(need.sum()) + more + still_more)
    scale = 1e-9 * (need.sum() + more + still_more)
    assert (first >= need - scale).all()
    order = np.argsort(need / heads, kind="stable")
    assert (np.diff((first / heads)[order]) >= -scale).all()
    assert (first / heads).min() <= (second / heads).min() + scale
    # only the lowest level is raised: whoever got something stands on it
    raised = first > need * (1 + 1e-9) + scale
    level = (first / heads)[raised]
    assert level.size == 0 or np.ptp(level) <= 1e-6 * level.max() + scale


@given(SCHOOLS, st.floats(1, 1e8))
def test_a_guarantee_is_kept_where_the_pot_can_pay_it(schools: Schools, rest: float) -> None:
    need, heads, sure = _arrays(schools)
    found = give("guarantee", need, heads, float(sure.sum()) + rest, sure)
    assert (found >= sure * (1 - 1e-9)).all()


BASE = {"id": "base", "counted": "pupils", "amount": 100}
POT = {"id": "paid", "zh": "实拨", "en": "paid", "rule": "proportion", "shared": "total"}


def test_a_pot_is_a_figure_of_the_graph_with_a_path_of_its_own() -> None:
    pot = {**POT, "amount": {2024: 1000, 2027: 100}, "paid_in": 1}
    found = run(a_set(BASE, pots=[pot]), {"pupils": [1, 1, 1]})
    assert of_year(found, "line_paid", 2026) == [334, 333, 333]
    assert of_year(found, "line_paid", 2027) == [34, 33, 33]


def test_a_pot_with_an_unknown_need_is_unknown() -> None:
    found = run(a_set(BASE, pots=[{**POT, "amount": 1000}]), {"pupils": [1, np.nan]})
    assert np.isnan(of_year(found, "line_paid", 2026)).all()


def test_a_guarantee_is_a_line_of_the_set() -> None:
    lump = {"id": "lump", "lump_sum": 50}
    pot = {**POT, "rule": "guarantee", "shared": "base", "guaranteed": "lump", "amount": 400}
    found = run(a_set(BASE, lump, pots=[pot]), {"pupils": [1, 2]})
    # 50 each, then 300 by one to two
    assert of_year(found, "line_paid", 2026) == pytest.approx([150, 250])


def test_a_pot_shares_by_draws_one_by_one() -> None:
    draws = np.array([[[1.0, 1.0]], [[1.0, 3.0]]])
    found = run(a_set(BASE, pots=[{**POT, "amount": 400}]), {"pupils": draws})
    assert found["line_paid"][:, 2].tolist() == [[200, 200], [100, 300]]
