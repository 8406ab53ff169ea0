"""Packs of the district's own on the page of the rule book: loaded, refused, taken out, kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.app import pages

PACK = (
    "operating_benchmark: {unit: yuan_per_pupil, zh: 区定标准, en: Ours, by: stage, bound: floor,"
    " values: [{from: 2026-09-01, value: {primary: 1080}, cites: {document: 区发〔2026〕1号,"
    " article: 第三条, title_zh: 办法, title_en: Measures}}]}\n"
)


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUNHENG_HOME", str(tmp_path / "home"))


def _uploaded(test: AppTest, name: str, text: str) -> AppTest:
    test.file_uploader("pack_files").set_value([(name, text.encode(), "text/yaml")])
    return test.run()


def test_a_pack_is_loaded_told_and_taken_out_again() -> None:
    test = _uploaded(pages.opened("rulebook"), "某区标准.yaml", PACK)
    assert not test.exception
    assert [pack.name for pack in test.session_state["session"].packs] == ["某区标准"]
    # begun in September: the page tells how the year counts it
    assert "4 个月" in pages.said(test)
    test.button("pack_drop:某区标准").click().run()
    assert test.session_state["session"].packs == ()


def test_a_pack_that_is_wrong_is_refused_with_the_reason_and_changes_nothing() -> None:
    wrong = PACK.replace("operating_benchmark", "operating_benchmrk")
    test = _uploaded(pages.opened("rulebook", "en"), "ours.yaml", wrong)
    assert not test.exception
    assert test.session_state["session"].packs == ()
    said = pages.said(test).replace("\\", "")
    assert "operating_benchmrk" in said and "operating_benchmark" in said


def test_packs_come_back_after_a_reload() -> None:
    test = _uploaded(pages.opened("rulebook"), "某区标准.yaml", PACK)
    key = test.query_params["draft"]
    again = AppTest.from_function(pages._draw, kwargs={"name": "money"}, default_timeout=30)
    again.query_params["draft"] = key[0] if isinstance(key, list) else key
    again.run()
    assert not again.exception and not again.error and not again.warning
    assert again.session_state["session"].packs == test.session_state["session"].packs


@pytest.mark.parametrize("kept", ["nonsense", [["national", [["a.yaml", ""]]]], [[1, 2]], 7])
def test_packs_that_cannot_be_restored_are_told(
    kept: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from simulator.ui import keeping

    told: list[str] = []
    monkeypatch.setattr(keeping, "_tell", told.append)
    scenario = pages.load_scenario("scenarios/steady.yaml")
    keeping._restore_packs(kept, scenario)
    assert len(told) == 1
