"""Properties of balance: what may not change a coefficient of variation, what must add up."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import simulator as sim
from simulator.law.balance.quantities import FACILITIES, QUALITY
from simulator.results.many import balance_of_many
from tests.building import district_of, scenario_of, school

SCHOOLS = st.lists(
    st.tuples(st.floats(0, 1e6), st.integers(1, 3000)), min_size=2, max_size=30
).filter(lambda rows: sum(total for total, _ in rows) > 1)


def figures(rows):
    """Mean, deviation, CV and contributions of one stage of one district, by the engine."""
    totals, pupils = (np.array(column, float) for column in zip(*rows, strict=True))
    columns = {"books": totals, "pupils": pupils, "teaching_point": np.zeros(len(rows))}
    one = np.ones(len(rows), dtype=int)
    found = balance_of_many(one, one, columns, 50)
    return found.stages.iloc[0], found.parts["contribution_books"]


def test_the_published_example_of_five_schools(published):
    with (published / "cn_cv_worked_example_5_schools.csv").open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["school"] != "总计"]
    made, contributions = figures([(float(row["books"]), float(row["pupils"])) for row in rows])
    # POLICY T1: the mean is total by total, the deviation weighted by pupils
    assert made["mean_books"] == pytest.approx(6.3344, abs=5e-5)
    assert made["sd_books"] == pytest.approx(3.2639, abs=5e-5)
    assert made["cv_books"] == pytest.approx(0.5153, abs=5e-5)
    printed = [float(row["difference_term_printed"]) for row in rows]
    np.testing.assert_allclose(contributions, printed, atol=0.006)


@given(SCHOOLS, st.floats(0.01, 100))
def test_scaling_every_value_leaves_the_cv(rows, factor):
    first, _ = figures(rows)
    scaled, _ = figures([(total * factor, pupils) for total, pupils in rows])
    np.testing.assert_allclose(scaled["cv_books"], first["cv_books"], rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(scaled["mean_books"], first["mean_books"] * factor, rtol=1e-9)


@given(SCHOOLS)
def test_duplicating_every_school_leaves_the_cv(rows):
    first, _ = figures(rows)
    twice, _ = figures(rows * 2)
    np.testing.assert_allclose(twice["cv_books"], first["cv_books"], rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(twice["mean_books"], first["mean_books"], rtol=1e-9)


@given(SCHOOLS, st.randoms(use_true_random=False))
def test_the_order_of_schools_leaves_the_cv(rows, random):
    first, _ = figures(rows)
    mixed = random.sample(rows, len(rows))
    np.testing.assert_allclose(figures(mixed)[0]["cv_books"], first["cv_books"], rtol=1e-7)


@given(SCHOOLS)
def test_merging_a_school_with_its_twin_leaves_mean_and_deviation(rows):
    total, pupils = rows[0]
    apart, _ = figures([*rows, (total, pupils)])
    merged, _ = figures([(2 * total, 2 * pupils), *rows[1:]])
    np.testing.assert_allclose(merged["mean_books"], apart["mean_books"], rtol=1e-9)
    np.testing.assert_allclose(merged["sd_books"], apart["sd_books"], rtol=1e-6, atol=1e-9)


@given(SCHOOLS)
def test_contributions_are_never_negative_and_add_up(rows):
    made, contributions = figures(rows)
    assert (contributions >= 0).all()
    np.testing.assert_allclose(contributions.sum(), made["sd_books"] ** 2, rtol=1e-9, atol=1e-12)


COUNT = st.integers(1, 2000)


@given(st.floats(0, 1e7), COUNT, COUNT, st.integers(0, 2000))
def test_splitting_conserves_the_total(total, primary, junior, senior):
    found = sim.split_school(total, primary, junior, senior)
    left = total * 1.32 * senior / (primary + 1.1 * junior + 1.32 * senior)
    assert sum(found.values()) + left == pytest.approx(total, rel=1e-9, abs=1e-6)


@settings(max_examples=15)
@given(st.integers(60, 900), st.integers(60, 900), st.integers(1, 900))
def test_mixed_schools_are_split_by_their_pupils(primary, junior, senior):
    rows = [
        school("A"),
        school("N", "nine_year", primary_pupils=primary, junior_pupils=junior,
               primary_pupils_prior=primary, junior_pupils_prior=junior),
        _secondary(junior, senior),
    ]  # fmt: skip
    made = sim.simulate(district_of(rows), scenario_of(policy=["national"]))
    for facility in FACILITIES:
        parts = dict(zip(made.index.parts, made.at(facility.id, 2025), strict=True))
        assert parts["N", "primary"] + parts["N", "junior"] == pytest.approx(rows[1][facility.id])
        # POLICY §1.5: B ÷ (B + 1.2·C) of a complete secondary school
        share = junior / (junior + 1.2 * senior)
        assert parts["S", "junior"] == pytest.approx(rows[2][facility.id] * share)
    teachers = dict(zip(made.index.parts, made.at("teachers", 2025), strict=True))
    assert teachers["N", "primary"] == teachers["N", "junior"] == 15  # counted, not split


def _secondary(junior: int, senior: int) -> dict[str, object]:
    counts = {"junior_pupils": junior, "junior_pupils_prior": junior, "senior_pupils": senior}
    row = school("S", "junior", **counts)
    return {**row, "school_type": "complete_secondary"}


@settings(max_examples=10)
@given(st.floats(-0.15, 0.1), st.integers(0, 400_000))
def test_change_because_of_spending_and_of_pupils_add_up(growth, money):
    plan = {"equipment_value": {"amount": [money, 0, money], "rule": "lowest_first"}}
    pupils = {"method": "growth", "primary": growth, "junior": -growth / 2}
    made = sim.simulate(
        district_of([school("A"), school("B", equipment_value=300_000), school("C", "nine_year")]),
        scenario_of(policy=["national"], assumptions={"pupils": pupils},
                    levers={"investment": plan}),
    )  # fmt: skip
    for item in QUALITY:
        for level, now in (("", "value"), ("mean_", "mean")):
            base = "base_value" if level == "" else "mean_base"
            names = (now, base, f"{level}by_spending", f"{level}by_pupils")
            size = made.index.size("stage") - 1 if level else None
            value, before, spent, left = (
                made.at(f"{name}_{item.id}", 2028)[:size] for name in names
            )
            np.testing.assert_allclose(spent + left, value - before, rtol=1e-9, atol=1e-9)
        if item.id != "equipment_value" or money == 0:
            spent = made.at(f"by_spending_{item.id}", 2028)
            np.testing.assert_allclose(spent, 0, atol=1e-9)
