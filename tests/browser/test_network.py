"""Nothing is requested from the network: every request of every page goes to this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from simulator.ui.frame import PAGES
from tests import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

#: Everything that a document names to be fetched; what it only links to is fetched by no page.
NAMED = """() => [...document.querySelectorAll('link[href],[src],[srcset],[poster],object[data]')]
    .flatMap(each => [each.tagName === 'LINK' ? each.href : null, each.src, each.srcset, each.data])
    .filter(each => typeof each === 'string' && each)"""


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(locale="zh-CN")
    yield opened
    opened.close()


def _elsewhere(address: str, url: str) -> bool:
    """Whether an address leads away from the server of the page."""
    found = urlsplit(url)
    return (
        found.scheme in ("http", "https", "ws", "wss", "")
        and bool(found.netloc)
        and (found.netloc != urlsplit(address).netloc)
    )


@pytest.mark.parametrize("page", PAGES)
def test_every_request_of_a_page_stays_on_this_machine(
    context: BrowserContext, app_address: str, page: str
) -> None:
    opened = context.new_page()
    seen: list[str] = []
    opened.on("request", lambda request: seen.append(request.url))
    opened.on("websocket", lambda socket: seen.append(socket.url))
    serving.open_page(opened, f"{app_address}/{page}")
    opened.wait_for_function("() => document.title !== 'Streamlit'")
    named = opened.evaluate(NAMED)
    icons = opened.locator("link[rel~=icon]").count()
    opened.close()
    assert seen and icons
    assert [url for url in [*seen, *named] if _elsewhere(app_address, url)] == []


def test_the_watch_sees_what_leads_away(context: BrowserContext, app_address: str) -> None:
    opened = context.new_page()
    serving.open_page(opened, app_address)
    opened.evaluate(
        "() => document.body.append(Object.assign(new Image(), {src: '//a.example/b'}))"
    )
    assert [url for url in opened.evaluate(NAMED) if _elsewhere(app_address, url)] == [
        "http://a.example/b"
    ]
    opened.close()
