"""Bands and chances: against the run itself, closed forms, and any other way to chunk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from simulator.district.sample import sample_district
from simulator.machine.language import BASE
from simulator.machine.run import run_graph
from simulator.results.result import Result
from simulator.results.simulate import simulate
from simulator.risk.assumptions import DRIVERS, Assumptions, Spread
from simulator.risk.drawn import drawn_arrays
from simulator.risk.draws import distances
from simulator.risk.judged import JUDGED
from simulator.risk.moving import along
from simulator.risk.uncertainty import QUANTILES, Uncertainty, share_of, uncertainty
from simulator.scenario.load import SHIPPED, load_scenario
from simulator.scenario.model import Scenario

STEADY = load_scenario(SHIPPED / "steady.yaml")
BIRTHS = {
    "assumptions.pupils.method": "cohort",
    "assumptions.pupils.progression": 0.99,
    "assumptions.pupils.primary": None, "assumptions.pupils.junior": None,
    "assumptions.pupils.intake.primary": [3000, 2900, 2800],
}  # fmt: skip
COHORT = STEADY.with_changes(BIRTHS)
MERGED = {"year": 2027, "school": "9900008", "into": "9900001", "share": 1.0, "takes": "all"}
MOVED = STEADY.with_changes({"assumptions.schools.moves": [MERGED]})
OWN = STEADY.with_changes({
    "lines": {
        "id": "own", "zh": "本县", "en": "Own", "per_pupil": "headcount",
        "lines": [
            {"id": "base", "zh": "基本", "en": "Base", "counted": "headcount", "amount": 1300},
            {"id": "far", "zh": "乡村", "en": "Rural", "counted": "headcount * rural_school",
             "amount": {"share": 0.1, "of": "base"}},
        ],
    }
})  # fmt: skip
KINDS = {
    "growth": STEADY,
    "cohort": COHORT,
    "moves": MOVED,
    "moves of cohorts": MOVED.with_changes(BIRTHS),
    "own formula": OWN,
}


@pytest.fixture(scope="module")
def usual() -> Uncertainty:
    return uncertainty(sample_district(), STEADY, 60, 3)


def said(run: Result) -> Mapping[str, Any]:
    """What a run's own tables say of each planned year: figures, rules and verdict."""
    planned = list(run.index.years[BASE + 1 :])
    checks = run.checks[run.checks["year"].isin(planned)]
    whole = checks.groupby(["rule", "year"])["status"].agg(set)
    rules = {
        key: 0 if "fail" in each else -1 if "unknown" in each else 1 for key, each in whole.items()
    }
    return {
        "figures": run.district.loc[planned],
        "rules": rules,
        "verdict": run.verdict.years,
    }


def assert_is_the_run(found: Uncertainty, draw: int, run: Result) -> None:
    tables = said(run)
    for name, values in found.samples.items():
        assert np.array_equal(values[draw], tables["figures"][name], equal_nan=True), name
    for place, year in enumerate(found.years):
        for rule, flags in found.flags.items():
            if rule in JUDGED:
                flag = tables["verdict"].at[year, rule]
                assert flags[draw, place] == (-1 if flag is None else int(flag)), rule
            else:
                assert flags[draw, place] == tables["rules"][rule, year], rule


@pytest.mark.parametrize("scenario", KINDS.values(), ids=KINDS)
def test_without_spread_every_draw_is_the_run_itself(scenario: Scenario) -> None:
    found = uncertainty(sample_district(), scenario, 3, assumptions=Assumptions.nothing())
    run = simulate(sample_district(), scenario)
    for draw in range(3):
        assert_is_the_run(found, draw, run)


@pytest.mark.parametrize("kind", ["growth", "moves", "own formula"])
def test_each_draw_is_the_run_of_what_was_drawn(kind: str) -> None:
    """A scenario that says the drawn rates outright gives the same figures and verdicts."""
    scenario = KINDS[kind]
    spreads = Assumptions().only("revenue", "pupils", "pay", "prices", "transfers")
    found = uncertainty(sample_district(), scenario, 6, assumptions=spreads)
    rates = {
        "recurrent_revenue_growth": ("revenue", 0.04), "pay_growth": ("pay", 0.03),
        "price_growth": ("prices", 0.02), "upper_transfers_growth": ("transfers", 0.0),
        "pupils.primary": ("pupils", -0.035), "pupils.junior": ("pupils", 0.015),
        "pupils.special": ("pupils", 0.0),
    }  # fmt: skip
    for draw in range(6):
        away = found.away[draw]
        changes = {
            f"assumptions.{path}": list((value + away[:, DRIVERS.index(driver)]).tolist())
            for path, (driver, value) in rates.items()
        }
        assert_is_the_run(found, draw, simulate(sample_district(), scenario.with_changes(changes)))


def test_a_draw_of_cohorts_is_the_run_of_its_births() -> None:
    spreads = Assumptions().only("births", "progression")
    found = uncertainty(sample_district(), COHORT, 4, assumptions=spreads)
    assert np.ptp(found.samples["stage_pupils_primary"], axis=0).min() > 0
    for draw in range(4):
        away = found.away[draw]
        births = np.array([3000.0, 2900.0, 2800.0]) * (1 + away[:, DRIVERS.index("births")])
        changes = {
            "assumptions.pupils.intake.primary": births.tolist(),
            "assumptions.pupils.progression": 0.99 + away[0, DRIVERS.index("progression")],
        }
        assert_is_the_run(found, draw, simulate(sample_district(), COHORT.with_changes(changes)))


@pytest.mark.parametrize("chunk", [1, 7, 59, 1000])
@pytest.mark.parametrize("scenario", [STEADY, COHORT], ids=["growth", "cohort"])
def test_chunks_change_nothing(chunk: int, scenario: Scenario, usual: Uncertainty) -> None:
    count = 60 if scenario is STEADY else 8
    whole = usual if scenario is STEADY else uncertainty(sample_district(), scenario, count, 3)
    found = uncertainty(sample_district(), scenario, count, 3, chunk=chunk)
    for name, values in whole.samples.items():
        assert np.array_equal(found.samples[name], values, equal_nan=True), name
    for name, flags in whole.flags.items():
        assert np.array_equal(found.flags[name], flags), name
    assert found.identity == whole.identity


def test_the_order_of_draws_changes_nothing(usual: Uncertainty) -> None:
    moved = along(usual.run, lambda rows: drawn_arrays(usual.run, rows), usual.away[::-1])
    turned = moved.figures
    flags = {name: np.nan_to_num(each, nan=-1.0) for name, each in moved.rules.items()}
    for name, values in usual.samples.items():
        assert np.array_equal(np.broadcast_to(turned[name], values.shape)[::-1], values), name
    for name, held in usual.flags.items():
        assert np.array_equal(np.broadcast_to(flags[name], held.shape)[::-1], held), name


def test_the_seed_and_all_else_that_counts_is_in_the_identity(usual: Uncertainty) -> None:
    district = sample_district()
    others = [
        uncertainty(district, STEADY, 60, 4),
        uncertainty(district, STEADY, 61, 3),
        uncertainty(district, STEADY, 60, 3, method="sobol"),
        uncertainty(district, STEADY, 60, 3, assumptions=Assumptions().only("pay")),
        uncertainty(district, STEADY.with_changes({"assumptions.pay_growth": 0.01}), 60, 3),
    ]
    assert len({each.identity for each in (usual, *others)}) == 6
    assert uncertainty(district, STEADY, 60, 3).identity == usual.identity


def linear(draws: int, seed: int = 1, method: str = "plain") -> tuple[Uncertainty, float, float]:
    """Revenue alone varies: the first year's gap is normal. Its mean and standard deviation."""
    spreads = Assumptions().only("revenue")
    found = uncertainty(
        sample_district(), STEADY, draws, seed, assumptions=spreads, method=method,  # type: ignore[arg-type]
    )  # fmt: skip
    run, fiscal = found.run, sample_district().fiscal
    # the appropriation is last year's × (1 + growth + margin): a point of growth is a point of it
    appropriation = float(fiscal.at[run.index.base_year, "education_appropriation"])
    part = float(run.values["compulsory_part"][0, 0])
    return found, float(run.at("gap", run.index.base_year + 1)[0]), 0.02 * appropriation * part


def test_shares_are_those_of_the_closed_form() -> None:
    found, mean, sd = linear(4000)
    chance = float(norm.cdf(mean / sd))
    row = found.probability.query("rule == 'money_ok'").iloc[0]
    assert 0.05 < chance < 0.95
    assert abs(row["share"] - chance) < 4 * np.sqrt(chance * (1 - chance) / 4000)
    assert row["low"] < row["share"] < row["high"]
    assert row["error"] == pytest.approx(np.sqrt(row["share"] * (1 - row["share"]) / 4000))
    bands = found.quantiles.query("figure == 'gap' and year == @found.years[0]")
    for share, value in zip(bands["quantile"], bands["value"], strict=True):
        # standard error of a quantile: √(q(1−q)/n) / density
        point = norm.ppf(share)
        error = sd * np.sqrt(share * (1 - share) / 4000) / norm.pdf(point)
        assert abs(value - (mean + sd * point)) < 4 * error


def first_gaps(run: Result, draws: int, seed: int, method: str = "plain") -> np.ndarray:
    """The first year's gap in draws in which revenue alone varies."""
    spreads = Assumptions().only("revenue")
    away = distances(sample_district(), spreads, draws, 3, seed, method)  # type: ignore[arg-type]
    values = run_graph(run.graph, run.index, drawn_arrays(run, away), ["gap"])
    return np.asarray(values["gap"][:, BASE + 1, 0])


def test_shares_converge_as_one_over_the_root_of_the_draws() -> None:
    found, mean, sd = linear(2)
    truth = float(norm.cdf(mean / sd))
    errors = {}
    for count in (10, 160):
        shares = [(first_gaps(found.run, count, seed) > 0).mean() for seed in range(120)]
        errors[count] = float(np.sqrt(np.mean(np.square(np.array(shares) - truth))))
    # 16 times the draws: a quarter of the error; of 120 seeds a root mean square is known to
    # 1/√240 of itself, a ratio of two to 9%: four times that
    assert errors[10] / errors[160] == pytest.approx(4, rel=0.36)


def test_even_draws_are_nearer_to_the_truth_than_plain_ones() -> None:
    found, mean, _ = linear(2)

    def off(method: str) -> float:
        wrong = [first_gaps(found.run, 256, seed, method).mean() - mean for seed in range(8)]
        return float(np.sqrt(np.mean(np.square(wrong))))

    assert off("sobol") < off("plain") / 4


def test_bands_cover_what_then_comes_as_often_as_they_say() -> None:
    """Futures of other seeds lie within the band of 80% in 80% of all cases."""
    band = uncertainty(sample_district(), STEADY, 2000, 1)
    truth = uncertainty(sample_district(), STEADY, 1000, 99)
    for figure in ("gap", "need", "operating_per_average_pupil_primary"):
        for year, values in zip(band.years, truth.samples[figure].T, strict=True):
            bands = band.quantiles
            rows = bands[(bands["figure"] == figure) & (bands["year"] == year)]
            low, high = (
                float(rows.loc[rows["quantile"] == q, "value"].iloc[0]) for q in (0.1, 0.9)
            )
            covered = float(((values >= low) & (values <= high)).mean())
            # sampling of the truth and of both ends of the band
            assert abs(covered - 0.8) < 4 * np.sqrt(0.16 / 1000 + 2 * 0.09 / 2000)


def test_the_tables_have_a_row_for_each_year_and_figure_or_rule(usual: Uncertainty) -> None:
    assert len(usual.quantiles) == len(usual.samples) * len(usual.years) * len(QUANTILES)
    assert len(usual.probability) == len(usual.flags) * len(usual.years)
    one = usual.quantiles.query("figure == 'gap'").iloc[QUANTILES.index(0.5)]
    assert one["value"] == np.median(usual.samples["gap"][:, 0])


def flagged(usual: Uncertainty, rows: list[list[int]]) -> Uncertainty:
    flags = {**usual.flags, "balanced": np.array(rows, dtype=np.int8)}
    return replace(usual, flags=flags, away=usual.away[: len(rows)])


def first_years(found: Uncertainty) -> list[float]:
    table = found.first_year
    return list(table.loc[table["what"] == "balanced", "share"])


def test_the_first_year_is_counted_once_a_draw(usual: Uncertainty) -> None:
    found = flagged(usual, [[0, 1, 0], [1, 1, 1], [0, 0, 0], [0, 1, 1]])
    assert first_years(found) == [0.25, 0.5, 0.0, 0.25]
    assert found.first_year["year"].isna().sum() == 2  # a row "in none" for each of the two
    assert np.isnan(first_years(flagged(usual, [[0, -1, 1], [1, 1, 1]]))).all()
    # what is unknown after the first year does not matter
    assert first_years(flagged(usual, [[0, 1, -1], [1, -1, 0]])) == [0.5, 0.5, 0.0, 0.0]


def test_a_share_is_as_sure_as_its_draws_make_it() -> None:
    share, error, low, high, unknown = share_of(np.array([1] * 81 + [0] * 19))
    assert (share, unknown) == (0.81, 0)
    assert error == pytest.approx(np.sqrt(0.81 * 0.19 / 100))
    # Wilson: (p + z²/2n ± z√(p(1−p)/n + z²/4n²)) / (1 + z²/n), with z = 1.96, n = 100
    assert (low, high) == (pytest.approx(0.7222, abs=5e-5), pytest.approx(0.8749, abs=5e-5))
    assert share_of(np.ones(100))[2:4] == (pytest.approx(1 / (1 + 1.959964**2 / 100)), 1.0)
    assert np.isnan(share_of(np.array([1, -1, 0, 1]))[0])
    assert share_of(np.array([1, -1, 0, 1]))[4] == 0.25


def test_rates_stay_within_what_a_scenario_may_say() -> None:
    run = simulate(sample_district(), STEADY)
    away = np.full((2, 3, len(DRIVERS)), 5.0)
    away[1] = -5.0
    arrays = drawn_arrays(run, away)
    assert arrays["revenue_growth"][:, BASE + 1 :, 0].tolist() == [[1.0] * 3, [-0.5] * 3]
    assert arrays["transfers_growth"][1, BASE + 1 :, 0].tolist() == [-1.0] * 3
    assert np.isnan(arrays["revenue_growth"][:, : BASE + 1]).all()


def test_what_is_unknown_is_not_called_a_chance() -> None:
    schools = sample_district().schools.copy()
    schools["payroll"] = np.nan
    blank = replace(sample_district(), schools=schools)
    found = uncertainty(blank, STEADY, 4)
    money = found.probability.query("rule == 'money_ok'")
    assert money["share"].isna().all() and (money["unknown"] == 1).all()
    assert found.quantiles.query("figure == 'gap'")["value"].isna().all()
    assert found.quantiles.query("figure == 'available'")["value"].notna().all()


def test_work_can_be_stopped_and_says_how_far_it_is() -> None:
    class Stopped(Exception):
        pass

    told: list[float] = []

    def progress(share: float) -> None:
        told.append(share)
        if share >= 0.5:
            raise Stopped

    with pytest.raises(Stopped):
        uncertainty(sample_district(), STEADY, 8, chunk=2, progress=progress)
    assert told == [0.25, 0.5]


def test_a_spread_that_is_none_is_said_so() -> None:
    assert Spread().none and not Spread("history").none
    assert not Spread(sd=0.1).none and not Spread("triangular", low=-0.1).none
