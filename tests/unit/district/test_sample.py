from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulator.district.model import District
from simulator.district.pupils.splitting import split_school
from simulator.district.sample import sample_district, sample_folder
from simulator.district.sample_maker import csv_text, make_sample

#: Published results of one real district (2023), primary schools: mean, standard deviation.
PUBLISHED = {
    "higher_degree": (100, 5.515273, 1.643162),
    "backbone": (100, 0.887611, 0.445392),
    "pe_art": (100, 0.879277, 0.353427),
    "teaching_area": (1, 4.563288, 1.316139),
    "sports_area": (1, 7.925946, 2.975795),
    "equipment_value": (1, 2496.674864, 780.914372),
    "multimedia_rooms": (100, 2.784743, 1.097759),
}
STANDARDS = {
    "primary": (4.2, 1.0, 0.9, 4.5, 7.5, 2000, 2.3),
    "junior": (5.3, 1.0, 0.9, 5.8, 10.2, 2500, 2.4),
}


@pytest.fixture(scope="module")
def sample() -> District:
    return sample_district()


def _values(sample: District, stage: str) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Pupils and per-pupil values of the parts in scope, worked out here on their own."""
    schools = sample.schools
    pupils = schools[f"{stage}_pupils"]
    point = (schools["school_type"] == "teaching_point") & (pupils < 50)
    kept = schools[(pupils > 0) & ~point]
    counts = kept[["primary_pupils", "junior_pupils", "senior_pupils"]].fillna(0).to_numpy()
    share = np.array([split_school(1, *row)[stage] for row in counts])
    heads = kept[f"{stage}_pupils"].to_numpy()
    found = {}
    for name, (times, _, _) in PUBLISHED.items():
        own = f"{stage}_{name}"
        total = kept[own].to_numpy() if own in kept else kept[name].to_numpy() * share
        found[name] = times * total / heads
    return heads, found


def _mean_and_cv(heads: np.ndarray, values: np.ndarray) -> tuple[float, float]:
    weights = heads / heads.sum()
    mean = float(weights @ values)
    return mean, float(np.sqrt(weights @ (values - mean) ** 2)) / mean


@pytest.mark.parametrize("name", PUBLISHED)
def test_primary_means_and_spreads_are_the_published_ones(sample: District, name: str) -> None:
    _, mean, deviation = PUBLISHED[name]
    heads, values = _values(sample, "primary")
    got_mean, got_cv = _mean_and_cv(heads, values[name])
    assert got_mean == pytest.approx(mean, rel=0.002)
    assert got_cv == pytest.approx(deviation / mean, rel=0.002)


def test_primary_fails_quality_balance_by_a_hair_on_one_indicator(sample: District) -> None:
    heads, values = _values(sample, "primary")
    cvs = {name: _mean_and_cv(heads, each)[1] for name, each in values.items()}
    assert [name for name, cv in cvs.items() if cv > 0.50] == ["backbone"]
    assert 0.50 < cvs["backbone"] < 0.505


def test_junior_passes_the_variation_limit(sample: District) -> None:
    heads, values = _values(sample, "junior")
    assert all(0.15 < _mean_and_cv(heads, each)[1] <= 0.45 for each in values.values())


@pytest.mark.parametrize("stage", ["primary", "junior"])
def test_several_schools_fail_the_school_rule(sample: District, stage: str) -> None:
    _, values = _values(sample, stage)
    reached = np.array([values[n] / s for n, s in zip(PUBLISHED, STANDARDS[stage], strict=True)])
    passed = ((reached >= 1).sum(axis=0) >= 6) & (reached >= 0.85).all(axis=0)
    assert 0 < passed.sum() <= len(passed) - 3


def test_it_is_invented_and_says_so(sample: District) -> None:
    assert sample.invented
    assert "虚构" in sample.name
    assert (sample.base_year, sample.sharing_tier, sample.province) == (2025, 4, "江苏")
    assert sample.findings == ()


def test_it_has_every_kind_of_school(sample: District) -> None:
    schools = sample.schools
    assert len(schools) == 48
    assert set(schools["school_type"]) == {
        "primary", "teaching_point", "junior", "nine_year", "complete_secondary", "special",
    }  # fmt: skip
    points = schools[schools["school_type"] == "teaching_point"]["primary_pupils"]
    assert (points < 50).sum() == 3 and points.between(50, 99).sum() == 3
    assert schools["weak"].sum() >= 5 and schools["small_class"].sum() >= 3
    assert (schools["ownership"] == "private").sum() == 2
    assert (schools[["primary_boarders", "junior_boarders"]].sum(axis=1) > 0).sum() >= 10


def test_operating_funds_are_what_the_formula_gives_at_the_rates_in_force(
    sample: District,
) -> None:
    schools = sample.schools.fillna({"special_pupils": 0})
    expected = 7_000 * schools["special_pupils"]
    for stage, rate in (("primary", 800), ("junior", 1_100)):
        pupils = schools[f"{stage}_pupils"].fillna(0)
        apart = schools[f"mainstreamed_{stage}"].fillna(0)
        funded = pupils - apart
        topped = np.where(pupils > 0, np.maximum(funded, 100), 0)
        expected = expected + rate * topped + 7_000 * apart
        expected = expected + 300 * schools[f"{stage}_boarders"].fillna(0)
    pd.testing.assert_series_equal(schools["operating_funds"], expected, check_names=False)
    assert sample.settings["operating_rate_primary"] == 800
    assert sample.settings["operating_rate_junior"] == 1_100


def test_no_school_sits_between_two_readings_of_the_small_school_rule(sample: District) -> None:
    for stage in ("primary", "junior"):
        pupils = sample.schools[f"{stage}_pupils"]
        funded = pupils - sample.schools[f"mainstreamed_{stage}"]
        assert not ((pupils >= 100) & (funded < 100)).any()


def test_a_few_schools_plan_too_little_training(sample: District) -> None:
    share = sample.schools["training_spend"] / sample.schools["operating_funds"]
    assert 3 <= (share < 0.05).sum() <= 5
    assert share.between(0.035, 0.07).all()


def test_primary_falls_and_junior_rises(sample: District) -> None:
    sums = sample.schools.sum(numeric_only=True)
    assert -0.04 < sums["primary_pupils"] / sums["primary_pupils_prior"] - 1 < -0.03
    assert 0.01 < sums["junior_pupils"] / sums["junior_pupils_prior"] - 1 < 0.02


def test_money_covers_the_need_with_little_to_spare(sample: District) -> None:
    schools, last = sample.schools, sample.fiscal.loc[2025]
    aid = {"primary_boarder": 1_000, "primary_day": 500, "junior_boarder": 1_250, "junior_day": 625}
    need = (
        schools["payroll"].sum() * 1.015
        + schools["operating_funds"].sum()
        + schools["repair_spend"].sum()
        + sum(rate * schools[f"aided_{who}"].sum() for who, rate in aid.items())
    )
    spare = (last["education_appropriation"] + last["upper_transfers"]) / need - 1
    assert 0.01 < spare < 0.02
    pay = schools["payroll"].sum() / schools["staff"].sum()
    assert 110_000 < pay < 130_000 and 0.95 < last["civil_servant_mean_pay"] / pay < 1


def test_the_appropriation_grew_a_bit_faster_than_revenue(sample: District) -> None:
    growth = sample.fiscal[["recurrent_revenue", "education_appropriation"]].pct_change().dropna()
    assert list(sample.fiscal.index) == [2023, 2024, 2025]
    ahead = growth["education_appropriation"] - growth["recurrent_revenue"]
    assert ahead.between(0.003, 0.015).all()
    assert sample.fiscal["recurrent_revenue_basis"].str.len().gt(10).all()


def test_tracked_targets_have_base_and_planned_values(sample: District) -> None:
    wanted = {"P2", "P3_pass", "P3_excellent", "P4", "P5", "P6", "P7", "P15_small_class_share"}
    wanted |= {"P16", "P23_teachers", "P23_backbone", "P26"}
    assert set(sample.indicators.index) == wanted
    assert [each for each in sample.indicators if isinstance(each, int)] == [2026, 2027, 2028]
    planned = sample.indicators[["base_value", 2026, 2027, 2028]].to_numpy(dtype=float)
    assert ((planned > 0) & (planned <= 1)).all()
    assert (
        np.diff(sample.indicators.loc["P5", ["base_value", 2026, 2027, 2028]].astype(float)) < 0
    ).all()


def test_the_kept_files_are_what_the_script_makes() -> None:
    for name, rows in make_sample().items():
        kept = (sample_folder() / f"{name}.csv").read_text(encoding="utf-8")
        assert kept == csv_text(name, rows)
