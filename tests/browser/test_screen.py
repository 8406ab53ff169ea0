"""The screen in a real browser: open, move, look, take a file away and read it back."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

import openpyxl
import pytest

from simulator.district.sample import sample_district
from simulator.present.tables.catalogue import Printer, printed_money
from simulator.results.simulate import simulate
from simulator.scenario.load import load_scenario
from tests import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WORDS = {
    "zh": {
        "margin": "财政拨款增幅高出经常性收入", "download": "下载", "tables": "全部表格（.xlsx）",
        "money": "资金需求与供给", "rules": "达标规则", "sample": "虚构", "data": "数据",
        "locale": "zh-CN", "failed": "处问题", "money_page": "资金",
    },
    "en": {
        "margin": "Appropriation grows faster than revenue by", "download": "Download",
        "tables": "All tables (.xlsx)", "money": "Need and money", "rules": "rules met",
        "sample": "invented", "data": "Data", "locale": "en-US", "failed": "problems",
        "money_page": "Money",
    },
}  # fmt: skip


@pytest.fixture(params=["zh", "en"])
def opened(
    browser: Browser, app_address: str, request: pytest.FixtureRequest
) -> Iterator[tuple[Page, str]]:
    """A page of the app in a browser of one language, 1440 wide."""
    language = str(request.param)
    context = browser.new_context(
        viewport={"width": 1440, "height": 1000}, locale=WORDS[language]["locale"],
        accept_downloads=True,
    )  # fmt: skip
    page = context.new_page()
    serving.open_page(page, app_address)
    yield page, language
    context.close()


def _badges(page: Page) -> str:
    return page.locator('[data-testid="stMarkdownContainer"]:has(h4)').first.inner_text()


def _move(page: Page, label: str, steps: int) -> None:
    slider = page.locator('[data-testid="stSlider"]', has_text=label).locator("input[type=range]")
    slider.focus()
    for _ in range(steps):
        with serving.rerun(page):
            slider.press("ArrowRight")


def test_it_opens_in_the_browsers_language_with_the_sample_and_a_verdict(
    opened: tuple[Page, str],
) -> None:
    page, language = opened
    text = page.locator('[data-testid="stMain"]').inner_text()
    assert WORDS[language]["sample"] in text
    assert f"{WORDS[language]['rules']} 17/17" in text


def test_moving_a_slider_moves_verdict_chart_and_table_together(opened: tuple[Page, str]) -> None:
    page, language = opened
    title = page.locator('[data-testid="stMain"] strong').first
    before, chart_before = _badges(page), title.inner_text()
    scrolled = "() => document.querySelector('[data-testid=stMain]').scrollTop"
    page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTo(0, 150)")
    place = page.evaluate(scrolled)
    margin = 0.005 + 3 * 0.005
    scenario = load_scenario("scenarios/steady.yaml").with_changes(
        {"levers.appropriation.margin": margin}
    )
    printer = Printer(simulate(sample_district(), scenario), "en")
    least = min(printed_money(printer, year)["gap"] for year in (2026, 2027, 2028))
    worst = f"{least:,.2f}" if language == "zh" else f"{least * 1e4:,.0f}"
    _move(page, WORDS[language]["margin"], 3)
    # on a busy machine the last of three key presses may come to rest later than the others
    page.get_by_text(worst).first.wait_for(timeout=60_000)
    serving.drawn(page)
    after, chart_after = _badges(page), title.inner_text()
    assert before != after
    assert chart_before != chart_after
    assert page.evaluate(scrolled) == place
    assert worst in after
    serving.go(page, "money")
    assert worst in _badges(page)


def test_the_tables_are_downloaded_and_say_what_the_screen_says(opened: tuple[Page, str]) -> None:
    page, language = opened
    page.get_by_role("button", name=re.compile(WORDS[language]["download"])).first.click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=WORDS[language]["tables"]).click()
    book = openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes()))
    values = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    printer = Printer(simulate(sample_district(), load_scenario("scenarios/steady.yaml")), "en")
    need = printed_money(printer, 2028)["need"]
    assert need in values
    assert f"{need:,.2f}" in page.locator('[data-testid="stMain"]').inner_text()


def test_a_hostile_file_ends_in_a_sentence(opened: tuple[Page, str]) -> None:
    page, _ = opened
    serving.go(page, "data")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../schools.csv", "school_id\n1\n")
    page.locator('[data-testid="stMain"] input[type="file"]').set_input_files(
        files=[
            {
                "name": "evil.xlsx",
                "mimeType": "application/octet-stream",
                "buffer": packed.getvalue(),
            }
        ]
    )
    alert = page.locator('[data-testid="stMain"] [data-testid="stAlert"]').first
    alert.wait_for()
    text = page.locator('[data-testid="stMain"]').inner_text()
    assert "Traceback" not in text
    assert "evil.xlsx" in text


def test_ones_own_district_is_loaded_and_computed(opened: tuple[Page, str]) -> None:
    from simulator.formats.template import template_bytes

    page, language = opened
    serving.go(page, "data")
    own = template_bytes(sample_district(), "zh")
    page.locator('[data-testid="stMain"] input[type="file"]').set_input_files(
        files=[{"name": "own.xlsx", "mimeType": "application/octet-stream", "buffer": own}]
    )
    with serving.rerun(page):
        page.locator(".st-key-import_use button").click()
    page.locator(".st-key-import_use").wait_for(state="detached")
    main = page.locator('[data-testid="stMain"]')
    main.get_by_text(f"{WORDS[language]['rules']} 17/17").first.wait_for()


def test_a_table_is_taken_away_guarded_only(opened: tuple[Page, str]) -> None:
    page, _ = opened
    serving.go(page, "rules")
    grid = page.locator('[data-testid="stDataFrame"]').first
    grid.hover()
    toolbar = page.locator('[data-testid="stElementToolbarButton"]')
    toolbar.locator('[aria-label^="Search"]').first.wait_for()
    raw = page.locator('[aria-label^="Download as CSV"]')
    assert raw.count() and not any(each.is_visible() for each in raw.all())
