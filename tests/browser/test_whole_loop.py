"""The whole loop in a browser: two variants, compared, exported, imported elsewhere: same hash."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl

from tests import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent.parent


def _rest(page: Page) -> None:
    page.locator(serving.USABLE).first.wait_for()
    page.wait_for_timeout(500)
    page.locator(serving.USABLE).first.wait_for()


def _go(page: Page, name: str) -> None:
    serving.go(page, name)
    _rest(page)


def _save_as(page: Page, name: str) -> None:
    _go(page, "library")
    page.locator(".st-key-library_save summary").click()
    page.locator(".st-key-library_name input").fill(name)
    page.locator(".st-key-library_name input").press("Tab")
    _rest(page)
    page.locator('.st-key-library_save [data-testid="stFormSubmitButton"] button').click()
    page.get_by_text(f"“{name}”").first.wait_for()
    _rest(page)


def test_two_variants_from_the_first_change_to_another_installation(
    browser: Browser, tmp_path: Path
) -> None:
    before = os.environ.get("JUNHENG_HOME", "")
    os.environ["JUNHENG_HOME"] = str(tmp_path / "here")
    try:
        with serving.serving(ROOT / "app.py") as address:
            exported, identities = _first_office(browser, address, tmp_path)
        os.environ["JUNHENG_HOME"] = str(tmp_path / "there")
        with serving.serving(ROOT / "app.py") as address:
            assert _second_office(browser, address, exported) == identities
    finally:
        os.environ["JUNHENG_HOME"] = before


def _first_office(browser: Browser, address: str, folder: Path) -> tuple[Path, set[str]]:
    """Two variants made, kept, compared and exported; a reload loses nothing."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 1000}, locale="zh-CN", accept_downloads=True
    )
    page = context.new_page()
    serving.open_page(page, address)
    _save_as(page, "甲方案")
    _go(page, "")
    slider = page.locator('[data-testid="stSidebar"] input[type=range]').first
    slider.focus()
    slider.press("ArrowRight")
    _rest(page)
    page.reload()
    _rest(page)
    # the change is still there after the reload
    assert "已改 1 项" in page.locator('[data-testid="stMain"]').inner_text()
    _save_as(page, "乙方案")
    _compared(page, folder)
    _go(page, "library")
    identities = _identities(page)
    for name in ("甲方案", "乙方案"):
        choice = page.locator(".st-key-library_chosen input").first
        choice.click()
        choice.fill(name)
        choice.press("Enter")
        _rest(page)
    page.keyboard.press("Tab")  # the list of choices closes
    _rest(page)
    with page.expect_download() as waiting:
        page.locator(".st-key-library_file button").click()
    exported = folder / "scenarios.json"
    waiting.value.save_as(exported)
    context.close()
    saved = json.loads(exported.read_text(encoding="utf-8"))["scenarios"]
    assert {each["name"] for each in saved} == {"甲方案", "乙方案"}
    return exported, identities


def _compared(page: Page, folder: Path) -> None:
    """The draft against the law in force: the file holds the figures that are on screen."""
    _go(page, "compare")
    with page.expect_download() as waiting:
        page.locator(".st-key-compare_file button").click()
    target = folder / "compared.xlsx"
    waiting.value.save_as(target)
    book = openpyxl.load_workbook(target, data_only=True)
    words = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True)
             for cell in row if cell is not None}  # fmt: skip
    assert any("基准方案" in word for word in words)


def _identities(page: Page) -> set[str]:
    """The saved results' hashes, as the store has them."""
    from simulator.library.store import library_path, open_library

    assert page.locator(".st-key-library_one").count() == 1
    return {entry.identity for entry in open_library(library_path()).entries()}


def _second_office(browser: Browser, address: str, exported: Path) -> set[str]:
    """The file is imported where nothing was saved before, and opened."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, locale="zh-CN")
    page = context.new_page()
    serving.open_page(page, f"{address}/library")
    _rest(page)
    page.locator('.st-key-library_import input[type="file"]').set_input_files(exported)
    page.get_by_text("已导入 2 个方案").wait_for()
    page.locator(".st-key-library_open button").click()
    _rest(page)
    page.get_by_text("已打开").wait_for()
    found = _identities(page)
    context.close()
    return found
