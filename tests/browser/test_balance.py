"""The page of balance in a real browser: weak schools only, then one school's card."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.district.sample import sample_district
from simulator.present.tables.catalogue import table
from simulator.results.simulate import simulate
from simulator.scenario.load import load_scenario
from tests import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LOCALES = {"zh": "zh-CN", "en": "en-US"}
WORDS = {
    "zh": {"card": "一校一卡", "causes": "原因与差距", "weak": "只看薄弱学校"},
    "en": {"card": "A school's card", "causes": "Causes and distance", "weak": "Weak schools only"},
}
#: The rows of a heat map are named on its vertical axis.
NAMES = ".js-plotly-plot .yaxislayer-above .ytick text"


def _rest(page: Page) -> None:
    page.wait_for_timeout(600)
    page.locator(serving.USABLE).first.wait_for()


def _names(page: Page) -> set[str]:
    return set(page.locator(NAMES).all_text_contents())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_weak_schools_are_picked_out_and_one_is_read_and_taken_away(
    browser: Browser, app_address: str, language: str
) -> None:
    context = browser.new_context(
        viewport={"width": 1440, "height": 1000}, locale=LOCALES[language], accept_downloads=True
    )
    page = context.new_page()
    serving.open_page(page, f"{app_address}/balance")
    page.locator(NAMES).first.wait_for()
    schools = sample_district().schools
    result = simulate(sample_district(), load_scenario("scenarios/steady.yaml"))
    shares = table(result, "indicators_2028", "zh").rows
    inside = shares[(shares["reached_unit"] == "share") & (shares["status_id"] != "out")]
    assert _names(page) == set(inside["school_name"])

    page.get_by_text(WORDS[language]["weak"]).first.click()
    _rest(page)
    weak = set(inside.loc[inside["weak"].astype(bool), "school_name"])
    assert weak and _names(page) == weak

    page.get_by_role("tab", name=WORDS[language]["card"]).click()
    _rest(page)
    first = str(schools["school_name"].iloc[0])
    page.locator("h4", has_text=first).wait_for()
    with page.expect_download() as waiting:
        page.locator(".st-key-card_file button").click()
    taken = waiting.value.path().read_text(encoding="utf-8")
    assert taken.startswith("<!doctype html>") and first in taken
    assert f'lang="{language}' in taken
    context.close()
