"""The worst tenth of the draws, and the tables in which chances are told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from simulator.district.sample import sample_district
from simulator.glossary import LANGUAGES
from simulator.present.table import Printer
from simulator.present.tables.risk import (
    breaks_table,
    risk_tables,
    sensitivity_table,
    worst_words,
)
from simulator.results.simulate import simulate
from simulator.risk.assumptions import DRIVERS, Assumptions
from simulator.risk.flips import Flip
from simulator.risk.uncertainty import Uncertainty, uncertainty
from simulator.risk.worst import worst
from simulator.scenario.load import SHIPPED, load_scenario

STEADY = load_scenario(SHIPPED / "steady.yaml")


@pytest.fixture(scope="module")
def found() -> Uncertainty:
    return uncertainty(sample_district(), STEADY, 300, 5)


def made(found: Uncertainty, gaps: list[float], revenue: list[float]) -> Uncertainty:
    """Ten draws of given gaps (in the second year) and distances of revenue (in all years)."""
    away = np.zeros((10, 3, len(DRIVERS)))
    away[:, :, DRIVERS.index("revenue")] = np.array(revenue)[:, np.newaxis]
    table = np.full((10, 3), 1e9)
    table[:, 1] = gaps
    flags = {name: values[:10] for name, values in found.flags.items()}
    flags["growth_pay"] = np.array([[1, 1, 0]] * 2 + [[1, 1, 1]] * 8, dtype=np.int8)
    return replace(found, away=away, samples={**found.samples, "gap": table}, flags=flags)


def test_the_worst_draws_are_those_with_the_least_money_in_their_worst_year(
    found: Uncertainty,
) -> None:
    gaps = [-50.0, -10.0, 0, 1, 2, 3, 4, 5, 6, 7]
    told = worst(made(found, gaps, [-0.9, -0.9, *[0.02] * 8]), 0.2)
    assert told is not None
    assert (told.share, told.gap, told.least) == (0.2, -30.0, -10.0)
    # off by (−0.9 + 0.716) / 0.368 = 2.0 standard deviations, 2.8 standard errors of two draws
    assert told.away == ()
    assert told.broken == (("growth_pay", 0.0),)


def test_what_the_worst_draws_have_in_common_is_what_makes_them_so(found: Uncertainty) -> None:
    told = worst(found)
    assert told is not None
    assert told.share == 0.1
    assert told.gap < told.least < np.median(found.samples["gap"].min(axis=1))
    away = dict(told.away)
    assert next(iter(away)) == "revenue" and away["revenue"] < -0.01
    # new pupils and moving up count for nothing where pupils grow by rates
    assert not {"births", "progression"} & set(away)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_worst_tenth_is_told_in_words(found: Uncertainty, language: str) -> None:
    printer = Printer(found.run, language)  # type: ignore[arg-type]
    words = worst_words(found, printer)
    told = worst(found)
    assert told is not None
    printed = f"{abs(told.gap) / 1e4:,.2f}" if language == "zh" else f"{abs(told.gap):,.0f}"[:3]
    assert printed in words
    assert {"zh": "财政经常性收入增速每年平均比方案低", "en": "growth of recurrent revenue"}[
        language
    ] in words
    assert {"zh": "缺", "en": "short"}[language] in words


def test_unknown_money_is_not_told_of(found: Uncertainty) -> None:
    unknown = replace(found, samples={**found.samples, "gap": np.full((300, 3), np.nan)})
    assert worst(unknown) is None
    assert worst_words(unknown, Printer(found.run)) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_say_what_was_drawn_and_how_sure_it_is(found: Uncertainty, language: str) -> None:
    chances, first, bands = risk_tables(found, Printer(found.run, language))  # type: ignore[arg-type]
    assert "300" in chances.note and "5" in chances.note
    assert len(chances.rows) == len(found.flags)
    row = found.probability.query("rule == 'growth_total'").iloc[0]
    shown = chances.rows.iloc[0]
    assert shown[str(row["year"])] == row["share"] == 1.0
    # all 300 draws agree: the true share may still be off by z²/(n + z²) = 1.26 points
    assert shown["error"] == pytest.approx(1.959964**2 / (300 + 1.959964**2))
    assert len(first.rows) == 2 * 4
    gap = bands.rows[bands.rows["unit"] == "10k_yuan"].iloc[6]
    assert gap["q0.5"] == pytest.approx(np.median(found.samples["gap"][:, 0]) / 1e4, abs=0.01)
    for table in (chances, first, bands):
        assert all(all(cell for cell in cells) for cells in table.texts())


@pytest.mark.parametrize("language", LANGUAGES)
def test_effects_and_turning_values_are_printed_in_their_units(language: str) -> None:
    printer = Printer(simulate(sample_district(), STEADY), language)  # type: ignore[arg-type]
    rows = pd.DataFrame([
        {"lever": "levers.investment.books.amount", "now": 0.0, "low": 0.0, "high": 1e7,
         "effect_low": 0.0, "effect_high": -1e7, "flips": [Flip("money_ok", 7_368_209.19)]},
        {"lever": "assumptions.pay_growth", "now": 0.03, "low": -0.05, "high": 0.15,
         "effect_low": 6e7, "effect_high": -1e8, "flips": [Flip("growth_pay", 0.0)]},
    ])  # fmt: skip
    table = sensitivity_table(rows, "gap", printer)
    assert table.rows["high"].tolist() == [1000.0, 0.15]
    assert table.rows["effect_high"].tolist() == [-1000.0, -10000.0]
    assert {"zh": "736.82", "en": "7,368,2"}[language] in table.rows["flips"].iloc[0]
    assert table.rows["flips"].iloc[1].endswith("0.00%")
    breaks = breaks_table(
        pd.DataFrame([{"rule": "money_ok", "fall": 0.0163408, "year": 2028}]), printer
    )
    assert breaks.rows.iloc[0].tolist()[1:] == [1.634, "2028"]


def test_a_spread_of_nothing_has_nothing_in_common() -> None:
    still = uncertainty(sample_district(), STEADY, 20, assumptions=Assumptions.nothing())
    told = worst(still)
    assert told is not None
    assert told.away == () and told.gap == still.run.verdict.gap
