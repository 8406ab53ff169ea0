"""Moving a lever redraws in place: no frame in which the page is higher, lower or scrolled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from simulator.district.sample import sample_district
from simulator.results.simulate import simulate
from simulator.scenario.load import load_scenario
from simulator.ui.frame import PAGES
from tests import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: The page that is shown to others has no levers beside it.
WITH_LEVERS = [name for name in PAGES if name != "present"]
MARGIN = "levers.appropriation.margin"
#: From now on every frame: height and place of the page, place of the levers, and its verdict.
RECORD = """() => {
    const main = document.querySelector('[data-testid=stMain]');
    const lever = document.querySelector('[data-testid=stSidebar] [data-testid=stSlider]');
    window.frames = [];
    const look = () => {
        const said = document.querySelector('.st-key-verdict')?.innerText ?? '';
        const top = lever.isConnected ? lever.getBoundingClientRect().top : null;
        window.frames.push([main.scrollHeight, main.scrollTop, top, said]);
        window.recording = requestAnimationFrame(look);
    };
    look();
}"""
STOP = "() => { cancelAnimationFrame(window.recording); return window.frames }"


WINDOWS = [(1440, "zh"), (390, "en")]


@pytest.fixture(scope="module", params=WINDOWS, ids="{0[0]}-{0[1]}".format)
def opened(browser: Browser, request: pytest.FixtureRequest, app_address: str) -> Iterator[Page]:
    """A window of one width and language, the sample in it."""
    width, language = request.param
    locale = {"zh": "zh-CN", "en": "en-US"}[language]
    context = browser.new_context(viewport={"width": width, "height": 800}, locale=locale)
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


@pytest.fixture(scope="module")
def rules() -> tuple[str, str]:
    """Rules met as the sample opens, and with the appropriation no faster than revenue."""
    steady = load_scenario("scenarios/steady.yaml")
    changed = steady.with_changes({MARGIN: 0.0})
    before, after = (simulate(sample_district(), each).verdict for each in (steady, changed))
    found = [f"{each.rules_met}/{each.rules_total}" for each in (before, after)]
    assert found[0] != found[1]
    return found[0], found[1]


def _lever(page: Page) -> Any:
    expand = page.locator('[data-testid="stExpandSidebarButton"]')
    if expand.is_visible():
        expand.click()
    slider = page.locator('[data-testid="stSidebar"] input[type=range]').first
    slider.wait_for()
    return slider


@pytest.mark.parametrize("name", WITH_LEVERS)
def test_no_frame_differs_while_a_lever_is_moved(
    opened: Page, app_address: str, rules: tuple[str, str], name: str
) -> None:
    page = opened
    serving.open_page(page, f"{app_address}/{'' if name == 'overview' else name}")
    lever = _lever(page)
    verdict = page.locator(".st-key-verdict")
    verdict.get_by_text(re.compile(rules[0])).first.wait_for()
    lever.focus()
    serving.drawn(page)
    page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTo(0, 120)")
    serving.drawn(page)
    page.evaluate(RECORD)
    with serving.rerun(page):
        lever.press("ArrowLeft")
    verdict.get_by_text(re.compile(rules[1])).first.wait_for()
    serving.drawn(page)
    frames = page.evaluate(STOP)
    assert rules[0] in frames[0][3] and rules[1] in frames[-1][3]
    seen = list(dict.fromkeys(tuple(frame[:3]) for frame in frames))
    assert len(seen) == 1, seen
