"""Every page, in both languages, on good, empty and bad data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from simulator.district.model import District
from simulator.district.sample import sample_district
from simulator.present.tables.catalogue import Printer, printed_money
from simulator.results.simulate import simulate
from simulator.ui.frame import PAGES
from tests.app import pages

EVERY = sorted(PAGES)


def _one_school() -> District:
    """A district of a single teaching point with nothing but its pupils known."""
    sample = sample_district()
    kept = sample.schools[sample.schools["school_type"] == "teaching_point"].iloc[:1]
    known = ["school_name", "school_type", "primary_pupils", "primary_pupils_prior"]
    schools = kept.copy()
    for column in schools.columns:
        if column not in known and schools[column].dtype != object:
            schools[column] = np.nan
    return replace(sample, schools=schools, indicators=sample.indicators.iloc[:0], origins={})


def _without_accounts() -> District:
    """A district without any fiscal year: money is unknown, not nothing."""
    sample = sample_district()
    fiscal = pd.DataFrame(np.nan, index=sample.fiscal.index, columns=sample.fiscal.columns)
    fiscal["recurrent_revenue_basis"] = None
    return replace(sample, fiscal=fiscal, origins={})


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", EVERY)
def test_a_page_opens_with_the_verdict_on_top(name: str, language: str) -> None:
    test = pages.opened(name, language)
    assert not test.exception
    assert not test.error
    head = pages.said(test)
    expected = "rules met 17/17" if language == "en" else "达标规则 17/17"
    assert expected in head


@pytest.mark.parametrize("make", [_one_school, _without_accounts])
@pytest.mark.parametrize("name", EVERY)
def test_a_page_on_scanty_data_says_what_is_not_known(name: str, make: object) -> None:
    district = make()  # type: ignore[operator]
    test = pages.opened(name, "zh", district)
    assert not test.exception
    assert "不可计算" in pages.said(test)


def test_the_verdict_line_says_what_the_table_of_money_says() -> None:
    test = pages.opened("money", "en", scenario="tight_revenue")
    session = test.session_state["session"]
    result = simulate(session.district, session.draft)
    printer = Printer(result, "en")
    worst = min(printed_money(printer, year)["gap"] for year in (2026, 2027, 2028))
    assert worst < 0
    assert f"{round(-worst * 10_000):,} yuan missing" in pages.said(test)
    shown = test.dataframe[0].value
    assert worst in shown.to_numpy()


@pytest.mark.parametrize("name", EVERY)
def test_no_page_mixes_the_languages(name: str) -> None:
    """Chinese names of schools and documents stay; the page's own words are English."""
    test = pages.opened(name, "en")
    words = [each.label for kind in (test.button, test.slider, test.selectbox) for each in kind]
    assert words
    chinese = [word for word in words if any("\u4e00" <= letter <= "\u9fff" for letter in word)]
    assert chinese == []
