"""Five tasks and what stands beside them: every address leads somewhere, and on from there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from simulator import glossary
from simulator.glossary import LANGUAGES
from simulator.ui.frame import NEXT, PAGES, TASKS, address_of, task_of
from tests import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module", params=["zh", "en"])
def opened(browser: Browser, request: pytest.FixtureRequest) -> Iterator[tuple[Page, str]]:
    """A window in each language."""
    locale = {"zh": "zh-CN", "en": "en-US"}[request.param]
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale=locale)
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page, request.param
    context.close()


@pytest.mark.parametrize("address", ["nosuchpage", "现状", "home.html"])
def test_an_address_that_is_no_page_leads_to_the_finding(
    opened: tuple[Page, str], app_address: str, address: str
) -> None:
    page, _ = opened
    serving.open_page(page, f"{app_address}/{address}")
    page.locator(".st-key-verdict").wait_for()
    page.locator(".st-key-four_figures").wait_for()
    serving.drawn(page)
    assert page.get_by_role("dialog").count() == 0


def test_each_page_stands_in_its_task_and_leads_on(
    opened: tuple[Page, str], app_address: str
) -> None:
    """By its own address; the task is marked, and the next step's words lead to its page."""
    page, language = opened
    # one page in Chinese, the next in English: the words of each are checked elsewhere
    for name in list(PAGES)[LANGUAGES.index(language) :: 2]:
        serving.open_page(page, f"{app_address}/{name}")
        page.locator(".st-key-verdict").wait_for()
        serving.drawn(page)
        task = task_of(name)
        marked = page.evaluate(
            "() => [...document.querySelectorAll('[data-testid=stTopNavLink]')]"
            ".filter(each => getComputedStyle(each).boxShadow !== 'none')"
            ".map(each => each.getAttribute('href').split('/').pop())"
        )
        assert marked == [address_of(task)], name
        within = page.locator('.st-key-within [data-testid="stPageLink"]')
        others = next(list(names) for names in TASKS.values() if name in names)
        assert within.count() == (len(others) if len(others) > 1 else 0), name
        step = page.locator('.st-key-next_step [data-testid="stPageLink"]')
        if name in NEXT:
            assert step.inner_text().endswith(glossary.text(f"ui.next.{name}", language))
            with serving.rerun(page):
                step.evaluate("each => each.querySelector('a').click()")
            page.wait_for_url(f"**/{address_of(NEXT[name])}*")
        else:
            assert name == "present" and step.count() == 0
