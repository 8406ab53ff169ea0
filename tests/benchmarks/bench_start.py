"""From the command to a usable page: ``make run`` against Streamlit's own hello page."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from playwright.sync_api import Browser

from tests import serving
from tests.benchmarks import Row, in_turn, slower_row

OURS = ("make", "run")
THEIRS = (sys.executable, "-m", "streamlit", "hello")
MOST = 2.0


def _until_usable(browser: Browser, command: Sequence[str]) -> float:
    context = browser.new_context()
    page = context.new_page()
    start = time.perf_counter()
    with serving.started(command) as server:
        serving.wait_for(server)
        serving.open_page(page, server.address)
        took = time.perf_counter() - start
        context.close()
    return took


def run() -> list[Row]:
    with serving.browser() as browser:
        pair = in_turn(
            lambda: _until_usable(browser, OURS), lambda: _until_usable(browser, THEIRS), times=5
        )
    name = "`make run` to a usable page (held against Streamlit's hello page)"
    name_zh = "`make run` 至页面可用（对照：Streamlit 自带的 hello 页面）"
    return [slower_row(name, name_zh, pair, MOST)]
