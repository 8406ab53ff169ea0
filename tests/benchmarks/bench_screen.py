"""From moving a slider to the finished redraw, against a page with a slider and an empty chart."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from playwright.sync_api import Page

from tests import serving
from tests.benchmarks import Row

MOVES = 40
MOST = 1.5
OURS, THEIRS = "财政拨款增幅高出经常性收入", "A slider"
#: Notes when the last message of the server was drawn: two frames after it came.
NOTE = """() => {
  const Plain = window.WebSocket;
  window.drawn = 0;
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', () => requestAnimationFrame(() =>
        requestAnimationFrame(() => { window.drawn = performance.now(); })));
    }
  };
}"""
#: Begins at the key; ends at the last drawing before the server was silent for a while.
WATCH = """() => { window.redrawn = new Promise((resolve, reject) => {
  document.addEventListener('keydown', () => {
    const start = performance.now();
    const quiet = setInterval(() => {
      if (window.drawn > start && performance.now() - window.drawn > 400) {
        clearInterval(quiet);
        resolve(window.drawn - start);
      }
    }, 20);
  }, {once: true, capture: true});
  setTimeout(() => reject(new Error('no redraw within ten seconds')), 10000);
}); }"""


def _redraw(page: Page, slider: str, key: str) -> float:
    """Milliseconds of one move of the page's slider."""
    page.bring_to_front()
    place = page.locator('[data-testid="stSlider"]', has_text=slider)
    place.locator("input[type=range]").focus()
    page.evaluate(WATCH)
    page.keyboard.press(key)
    return float(page.evaluate("() => window.redrawn"))


def _ready(page: Page, address: str) -> None:
    page.add_init_script(f"({NOTE})()")
    serving.open_page(page, address)
    page.wait_for_timeout(1500)


def _moves(ours: Page, theirs: Page) -> tuple[list[float], list[float]]:
    """Both pages in turn; to the right and back, so that no value is new for ever."""
    mine: list[float] = []
    other: list[float] = []
    for move in range(MOVES + 4):
        key = "ArrowRight" if move % 10 < 5 else "ArrowLeft"
        mine.append(_redraw(ours, OURS, key))
        other.append(_redraw(theirs, THEIRS, key))
    return mine[4:], other[4:]


def _row(name: str, zh: str, mine: float, other: float) -> Row:
    ratio = mine / other
    return Row(name, zh, f"{mine:.0f} ms", f"{other:.0f} ms", ratio, f"≤ {MOST}", ratio <= MOST)


def _ninety_fifth(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def run() -> list[Row]:
    plain = serving.ROOT / "tests" / "benchmarks" / "plain_page.py"
    with serving.browser() as browser, serving.serving() as mine, serving.serving(plain) as other:
        ours, theirs = (
            browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN").new_page()
            for _ in range(2)
        )
        _ready(ours, mine)
        _ready(theirs, other)
        found = _moves(ours, theirs)
    median = [statistics.median(side) for side in found]
    slowest = [_ninety_fifth(side) for side in found]
    name = "a slider move to the finished redraw (held against one slider and an empty chart)"
    zh = "移动滑块至重绘完成（对照：一个滑块加一张空图的页面）"
    return [
        _row(f"{name}, median", f"{zh}，中位数", *median),
        _row(f"{name}, 95th percentile", f"{zh}，第 95 百分位", *slowest),
    ]
