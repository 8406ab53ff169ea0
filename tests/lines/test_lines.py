"""Formula lines: what each part of a line does to the money, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.machine.language import Array
from tests.lines.making import a_set, of_year, run

PUPILS = [80, 150, 400]
BASE = {"id": "base", "counted": "pupils", "amount": 650}


def test_a_line_pays_an_amount_for_each_it_counts() -> None:
    found = run(a_set(BASE), {"pupils": PUPILS})
    assert of_year(found, "line_base", 2026) == [52_000, 97_500, 260_000]
    assert of_year(found, "line_base_rate", 2026) == [650, 650, 650]
    assert of_year(found, "line_total", 2026) == [52_000, 97_500, 260_000]


def test_amounts_go_by_stage_and_only_to_the_types_named() -> None:
    line = {**BASE, "amount": {"primary": 650, "junior": 850}, "school_types": ["nine_year"]}
    found = run(
        a_set(line), {"pupils": [100, 100, 100]}, schools=[0, 1, 0],
        stages=["primary", "primary", "junior"], types=["nine_year", "primary", "nine_year"],
    )  # fmt: skip
    assert of_year(found, "line_base", 2026) == [65_000, 0, 85_000]


def test_a_stage_without_an_amount_gets_none() -> None:
    found = run(a_set({**BASE, "amount": {"junior": 850}}), {"pupils": PUPILS})
    assert of_year(found, "line_base", 2026) == [0, 0, 0]


def test_an_amount_changes_in_steps_or_in_a_straight_line() -> None:
    given = {2024: 600, 2027: 900}
    steps = run(a_set({**BASE, "amount": given}), {"pupils": [1]})
    assert [of_year(steps, "line_base", year)[0] for year in (2024, 2025, 2026, 2027)] == [
        600, 600, 600, 900,
    ]  # fmt: skip
    # 300 in three years is 100 a year
    straight = run(a_set({**BASE, "amount": given, "path": "straight"}), {"pupils": [1]})
    assert [of_year(straight, "line_base", year)[0] for year in (2024, 2025, 2026, 2027)] == [
        600, 700, 800, 900,
    ]  # fmt: skip


def test_an_amount_before_its_first_year_is_unknown_unless_the_line_has_not_begun() -> None:
    given = {"amount": {2026: 650}}
    assert np.isnan(of_year(run(a_set({**BASE, **given}), {"pupils": [1]}), "line_base", 2025))
    begun = run(a_set({**BASE, **given, "since": 2026, "until": 2026}), {"pupils": [1]})
    assert [of_year(begun, "line_base", year)[0] for year in (2025, 2026, 2027)] == [0, 650, 0]


def test_a_line_takes_a_share_of_another_lines_rate() -> None:
    small = {"id": "extra", "counted": "boarders", "amount": {"share": 0.2, "of": "base"}}
    found = run(a_set(BASE, small), {"pupils": PUPILS, "boarders": [10, 20, 0]})
    # 20% of 650 is 130
    assert of_year(found, "line_extra", 2026) == pytest.approx([1_300, 2_600, 0])
    assert of_year(found, "line_total", 2026) == pytest.approx([53_300, 100_100, 260_000])


def test_a_ramp_goes_straight_between_its_points_and_stays_beyond_them() -> None:
    ramp = {"measure": "poor", "points": [[0.2, 0.47], [0.6, 0.57]]}
    line = {"id": "need", "counted": "pupils * poor", "amount": 1000, "ramp": ramp}
    found = run(a_set(line), {"pupils": [100, 100, 100, 100], "poor": [0.1, 0.2, 0.3, 0.8]})
    # a quarter of the way from 0.2 to 0.6 is 0.47 + 0.1 ÷ 4 = 0.495
    assert of_year(found, "line_need_rate", 2026) == pytest.approx([470, 470, 495, 570])
    # 30 pupils · 495 = 14,850
    assert of_year(found, "line_need", 2026)[2] == pytest.approx(14_850)


def test_size_bands_lift_small_counts_but_not_empty_schools() -> None:
    bands = [{"below": 100, "as": 100}, {"below": 200, "as": 200}]
    found = run(a_set({**BASE, "bands": bands}), {"pupils": [0, 1, 99, 100, 199, 200, 300]})
    assert of_year(found, "line_base_count", 2026) == [0, 100, 100, 200, 200, 200, 300]


def test_a_lump_sum_is_paid_once_a_school() -> None:
    lump = {"id": "lump", "lump_sum": 30_000}
    found = run(
        a_set(lump), {"pupils": [200, 80, 100]}, schools=[0, 1, 0],
        stages=["primary", "primary", "junior"],
    )  # fmt: skip
    # 30,000 of the first school by pupils: 200 to 100
    assert of_year(found, "line_lump", 2026) == pytest.approx([20_000, 30_000, 10_000])


def test_what_a_school_has_as_a_whole_is_counted_once() -> None:
    heating = {"id": "heating", "counted": "area", "amount": 20}
    found = run(
        a_set(heating), {"pupils": [300, 100], "area": [4000]}, schools=[0, 0],
        stages=["primary", "junior"],
    )  # fmt: skip
    # 4,000 ㎡ · 20 = 80,000, by 300 to 100 pupils
    assert of_year(found, "line_heating", 2026) == pytest.approx([60_000, 20_000])


def test_factors_multiply_the_rate() -> None:
    areas = {"urban": 1, "town": 1.05, "rural": 1.2}
    line = {**BASE, "areas": areas, "factor": "1 + poor"}
    found = run(a_set(line), {"pupils": [100, 100], "poor": [0, 0.5]}, areas=["rural", "town"])
    # 650 · 1.2 = 780; 650 · 1.05 · 1.5 = 1,023.75
    assert of_year(found, "line_base_rate", 2026) == pytest.approx([780, 1023.75])


def test_a_line_applies_where_its_condition_holds() -> None:
    found = run(a_set({**BASE, "when": "pupils < 100"}), {"pupils": PUPILS})
    assert of_year(found, "line_base", 2026) == [52_000, 0, 0]


def test_bounds_hold_per_pupil_and_per_school() -> None:
    bounds = {"least_per_pupil": 700, "most_per_school": 200_000, "least_per_school": 60_000}
    found = run(a_set({**BASE, "bounds": bounds}), {"pupils": PUPILS})
    # 80 · 700 = 56,000 < 60,000; 150 · 700 = 105,000; 400 · 700 = 280,000 > 200,000
    assert of_year(found, "line_base", 2026) == [60_000, 105_000, 200_000]
    least = run(a_set({**BASE, "bounds": {"most_per_pupil": 600}}), {"pupils": PUPILS})
    assert of_year(least, "line_base", 2026) == [48_000, 90_000, 240_000]


def test_payments_are_rounded_where_they_are_paid_in_whole_units() -> None:
    line = {"id": "third", "counted": "pupils", "amount": 0.005, "paid_in": 0.01}
    found = run(a_set(line), {"pupils": [1, 2, 3]})
    # half a fen goes up: 0.005 → 0.01; 0.015 → 0.02
    assert of_year(found, "line_third", 2026) == pytest.approx([0.01, 0.01, 0.02], abs=1e-12)
    whole = run(a_set({**line, "amount": 0.5, "paid_in": 1}), {"pupils": [1, 2, 3]})
    assert of_year(whole, "line_third", 2026) == [1, 1, 2]


SHRINKING = np.array([[100.0], [100.0], [80.0], [80.0]])
LESS = {2024: 1000, 2026: 600}


def _protected(pupils: Array, **protection: object) -> list[float]:
    found = run(a_set({**BASE, "amount": LESS, "protection": protection}), {"pupils": pupils})
    return [of_year(found, "line_base", year)[0] for year in (2024, 2025, 2026, 2027)]


def test_hold_harmless_per_pupil_follows_the_pupils_down() -> None:
    # 1,000 a pupil is held: 80 pupils are 80,000, not 80 · 600 = 48,000
    assert _protected(SHRINKING, least=1) == pytest.approx([100_000, 100_000, 80_000, 80_000])


def test_losses_are_phased_where_less_than_all_is_held() -> None:
    # 80,000 · 0.9 = 72,000, then 72,000 · 0.9 = 64,800
    assert _protected(SHRINKING, least=0.9)[2:] == pytest.approx([72_000, 64_800])


def test_hold_harmless_of_the_amount_does_not_follow_the_pupils() -> None:
    assert _protected(SHRINKING, least=1, per_pupil=False)[2:] == [100_000, 100_000]


def test_gains_are_capped_against_last_year() -> None:
    line = {**BASE, "amount": {2024: 600, 2026: 1000}, "protection": {"most": 1.1}}
    found = run(a_set(line), {"pupils": [100]})
    # 60,000 · 1.1 = 66,000, · 1.1 = 72,600
    assert [of_year(found, "line_base", year)[0] for year in (2025, 2026, 2027)] == pytest.approx(
        [60_000, 66_000, 72_600]
    )


def test_a_line_that_begins_is_not_held_to_the_nothing_before_it() -> None:
    line = {**BASE, "since": 2026, "protection": {"most": 1.1}}
    assert of_year(run(a_set(line), {"pupils": [100]}), "line_base", 2026) == [65_000]


def test_protection_may_look_at_a_given_amount() -> None:
    held = {"least": 0.5, "most": 1, "per_pupil": False, "against": "last_year"}
    found = run(
        a_set({**BASE, "protection": held}),
        {"pupils": PUPILS, "last_year": [200_000, 90_000, np.nan]},
    )
    # half of 200,000; no more than 90,000; as computed where last year is unknown
    assert of_year(found, "line_base", 2026) == [100_000, 90_000, 260_000]


def test_measures_and_subtotals_are_steps_of_their_own() -> None:
    measures = [
        {"id": "weighted", "zh": "加权", "en": "weighted", "formula": "pupils + 0.2 * boarders"}
    ]
    lines = [
        {"id": "cost", "counted": "weighted", "amount": 1000, "into": "need"},
        {"id": "aid", "counted": "max(0, need - last_year)", "amount": 1},
    ]
    subtotals = [{"id": "need", "zh": "需求", "en": "need"}]
    found = run(
        a_set(*lines, measures=measures, subtotals=subtotals),
        {"pupils": [100, 100], "boarders": [50, 0], "last_year": [40_000, 200_000]},
    )
    # (100 + 10) · 1,000 = 110,000 less 40,000; 100,000 less 200,000 is nothing
    assert of_year(found, "line_need", 2026) == [110_000, 100_000]
    assert of_year(found, "line_total", 2026) == [70_000, 0]


def test_leading_axes_carry_through() -> None:
    draws = np.arange(1, 7, dtype=float).reshape(2, 1, 3) * 100
    found = run(a_set(BASE), {"pupils": draws})
    assert found["line_base"].shape == (2, 4, 3)
    assert (found["line_base"][1, 2] == [260_000, 325_000, 390_000]).all()


def test_unknown_columns_stay_unknown_only_where_they_count() -> None:
    line = {**BASE, "school_types": ["primary"]}
    found = run(a_set(line), {"pupils": [np.nan, np.nan]}, types=["primary", "junior"])
    assert np.isnan(of_year(found, "line_base", 2026)[0])
    assert of_year(found, "line_base", 2026)[1] == 0


def test_nothing_counted_is_nothing_paid_whatever_is_unknown() -> None:
    ramped = {
        "id": "board",
        "counted": "boarders",
        "amount": 300,
        "ramp": {"measure": "boarders / pupils", "points": [[0.2, 0.9], [0.6, 1.1]]},
    }
    only = {"id": "small", "counted": "pupils", "amount": 10, "when": "boarders / pupils > 0.1"}
    found = run(a_set(ramped, only), {"pupils": [100, 0, 50], "boarders": [20, 0, np.nan]})
    # 20 · 300 · 0.9; nobody there; unknown boarders stay unknown
    assert of_year(found, "line_board", 2026)[:2] == [5400, 0]
    assert of_year(found, "line_small", 2026)[:2] == [1000, 0]
    assert np.isnan(of_year(found, "line_board", 2026)[2])
    assert np.isnan(of_year(found, "line_small", 2026)[2])
