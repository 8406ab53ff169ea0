"""What must hold for any run: scaling, order, sums, monotone rules, nothing changed."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import simulator as sim
from simulator.compare import NEED_LINES
from tests.building import scenario_of

MONEY_COLUMNS = ["payroll", "operating_funds", "training_spend", "repair_spend", "equipment_value"]
FISCAL_COLUMNS = [
    "recurrent_revenue",
    "education_appropriation",
    "upper_transfers",
    "civil_servant_mean_pay",
]
SLOW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def sample():
    return sim.sample_district()


def levers(draw_rate, share, tilt, growth):
    """A scenario that moves most levers."""
    return scenario_of(
        policy=["national", "district_plan"],
        assumptions={"recurrent_revenue_growth": growth, "pay_growth": growth / 2},
        levers={
            "operating_rate": {"primary": draw_rate, "junior": draw_rate * 1.3},
            "training_share": share,
            "weak_school_tilt": tilt,
            "hold_harmless": True,
            "appropriation": {"rule": "revenue_plus", "margin": 0.005},
        },
    )


RATES = st.floats(720, 3000)
SHARES = st.floats(0.0, 0.2)
GROWTH = st.floats(-0.1, 0.2)


@SLOW
@given(RATES, SHARES, SHARES, GROWTH)
def test_lines_add_up_to_need_and_schools_to_the_district(sample, rate, share, tilt, growth):
    result = sim.simulate(sample, levers(rate, share, tilt, growth))
    district = result.district
    np.testing.assert_allclose(
        district[list(NEED_LINES)].sum(axis=1), district["need"], rtol=0, atol=0.005
    )
    np.testing.assert_allclose(
        district["available"] - district["need"], district["gap"], rtol=0, atol=0.005
    )
    by_year = result.schools["operating_funds"].groupby(level="year").sum()
    np.testing.assert_allclose(by_year, district["operating_total"], rtol=0, atol=0.005)
    parts = result.schools[
        [
            "pupil_funds", "boarding_funds", "special_funds", "heating_funds",
            "small_school_topup", "small_class_funds", "weak_school_funds",
        ]
    ].sum(axis=1)  # fmt: skip
    np.testing.assert_allclose(parts, result.schools["formula_funds"], rtol=0, atol=0.005)


def money_times(district, factor):
    """The same district with all money in another unit."""
    schools, fiscal = district.schools.copy(), district.fiscal.copy()
    schools[MONEY_COLUMNS] *= factor
    fiscal[FISCAL_COLUMNS] *= factor
    rates = {
        key: value * factor
        for key, value in district.settings.items()
        if key.startswith("operating_rate") and value is not None
    }
    return dataclasses.replace(
        district, schools=schools, fiscal=fiscal, settings={**district.settings, **rates}
    )


@SLOW
@given(st.floats(0.1, 10), RATES)
def test_scaling_all_money_scales_all_money(sample, factor, rate):
    def asked(times):
        return scenario_of(
            policy=[],
            levers={
                "operating_rate": {"primary": rate * times, "junior": 2 * rate * times},
                "boarding_rate": 300 * times,
                "special_rate": 7000 * times,
                "repair": {"method": "per_pupil", "primary": 80 * times, "junior": 100 * times},
            },
        )

    plain = sim.simulate(sample, asked(1)).district
    scaled = sim.simulate(money_times(sample, factor), asked(factor)).district
    money = [*NEED_LINES, "need", "available", "gap"]
    np.testing.assert_allclose(scaled[money], plain[money] * factor, rtol=1e-9, atol=1e-3)


def test_the_order_of_schools_does_not_matter(sample):
    scenario = levers(1000, 0.05, 0.1, 0.04)
    shuffled = dataclasses.replace(sample, schools=sample.schools.sample(frac=1, random_state=7))
    first, second = sim.simulate(sample, scenario), sim.simulate(shuffled, scenario)
    pd.testing.assert_frame_equal(
        first.schools.sort_index(), second.schools.sort_index(), check_exact=False, rtol=1e-12
    )
    pd.testing.assert_frame_equal(first.district, second.district, rtol=1e-12)


def test_a_run_without_a_change_equals_the_base_year(sample):
    district = sim.simulate(sample, scenario_of(policy=["national", "district_plan"])).district
    money = [*NEED_LINES, "need", "available", "gap"]
    for year in district.index[1:]:
        np.testing.assert_allclose(
            district.loc[year, money], district.loc[district.index[0], money], rtol=0, atol=0.005
        )


def test_the_base_year_is_the_workbooks(sample):
    result = sim.simulate(sample, levers(1200, 0.05, 0.0, 0.04))
    base = result.school_totals.xs(2025, level="year").loc[sample.schools.index]
    public = sample.schools["ownership"] != "private"
    np.testing.assert_array_equal(base["payroll"], sample.schools["payroll"].where(public, 0))
    np.testing.assert_allclose(
        base["school_operating"][public], sample.schools["operating_funds"][public],
        rtol=0, atol=1e-6,
    )  # fmt: skip


@SLOW
@given(st.floats(-0.2, 0.2), st.floats(0, 0.2))
def test_more_money_never_breaks_n1(sample, margin, more):
    def run(extra):
        scenario = scenario_of(
            policy=["national"],
            levers={"appropriation": {"rule": "revenue_plus", "margin": extra}},
        )
        checks = sim.simulate(
            sample, scenario, wanted=["no_fall_total_headroom", "appropriation"]
        ).checks
        return checks[(checks["rule"] == "no_fall_total") & (checks["year"] > 2025)][
            "headroom"
        ].to_numpy()

    assert (run(margin + more) >= run(margin) - 0.005).all()


def test_hold_harmless_never_lowers_a_school_per_head(sample):
    scenario = levers(900, 0.05, 0.0, 0.0).with_changes({"levers.weak_school_tilt": [0.3, 0.1, 0]})
    per_head = sim.simulate(sample, scenario).schools["operating_funds_per_head"].unstack("year")
    assert (per_head.diff(axis=1).iloc[:, 1:] >= -1e-6).all().all()


def test_a_rate_asked_below_the_benchmark_is_computed_and_reported(sample):
    scenario = scenario_of(
        policy=["national"], levers={"operating_rate": {"primary": 600, "junior": 1100}}
    )
    result = sim.simulate(sample, scenario)
    last = result.checks.query("year == 2028 and rule == 'benchmark'").set_index("stage")
    assert last.at["primary", "actual"] == 600
    assert last.at["primary", "status"] == "fail" and last.at["junior", "status"] == "pass"
    # missing: (600 − 720) a funded pupil of the stage; private schools are paid the benchmark
    funded = result.schools["funded_pupils"].xs(2028, level="year").xs("primary", level="stage")
    private = sample.schools.index[sample.schools["ownership"] == "private"]
    funded = funded.drop(private, errors="ignore")
    assert last.at["primary", "headroom"] == pytest.approx(-120 * funded.sum())


def test_two_scenarios_run_together_as_they_run_alone(sample):
    from simulator.machine.run import run_graph
    from simulator.results.binding import bind
    from simulator.results.simulate import model_graph

    results = [sim.simulate(sample, levers(rate, 0.05, 0.1, 0.03)) for rate in (900, 1300)]
    bindings = [bind(r.binding.district, r.binding.policy, r.binding.scenario) for r in results]
    stacked = {
        name: np.stack([binding.arrays[name] for binding in bindings])
        for name in bindings[0].arrays
    }
    together = run_graph(model_graph(), bindings[0].index, stacked)
    for position, result in enumerate(results):
        for name in ("need", "gap", "cv_equipment_value", "school_training"):
            np.testing.assert_array_equal(together[name][position], result.values[name])
