"""The page of balance: heat map, bars, causes, the checklist and a school's own card."""

from __future__ import annotations

import json
import math

import pandas as pd
import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from simulator.district.sample import sample_district
from simulator.formats.html.school_card import card_page
from simulator.law.balance.quantities import QUALITY
from simulator.present.school_card import school_card
from simulator.present.tables.catalogue import table
from simulator.results.checklist import with_checklist
from simulator.results.simulate import simulate
from simulator.scenario.load import load_scenario
from simulator.ui import balance_charts
from simulator.ui.components import balance_why
from simulator.ui.components.checklist import changed
from tests.app import pages

TABS = {
    "zh": ("学校达标", "校际差异", "原因与差距", "评估项目", "教师培训", "一校一卡"),
    "en": ("Schools", "Differences", "Causes and distance", "Items", "Training", "A school's card"),
}  # fmt: skip


@pytest.fixture(scope="module")
def result():  # type: ignore[no-untyped-def]
    return simulate(sample_district(), load_scenario("scenarios/steady.yaml"))


def _on(test: AppTest, tab: str, language: str = "zh") -> AppTest:
    test.session_state[f"balance_tabs:{language}"] = tab
    return test.run()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_tab_opens(language: str) -> None:
    test = pages.opened("balance", language)
    seen = set()
    for tab in TABS[language]:
        _on(test, tab, language)
        assert not test.exception and not test.error, tab
        seen.add(tuple(frame.value.shape for frame in test.dataframe))
    assert len(seen) == len(TABS[language])


def test_the_heat_map_has_every_evaluated_school_once_and_the_worst_on_top(result) -> None:  # type: ignore[no-untyped-def]
    found = table(result, "indicators_2028", "zh")
    rows = found.rows[(found.rows["reached_unit"] == "share") & (found.rows["status_id"] != "out")]
    primary = rows[rows["stage_id"] == "primary"]
    names, shares = balance_charts.shares_of(primary, by_name=False)
    assert shares.shape == (34, len(QUALITY)) and len(names) == 34
    worst = shares.min(axis=1)
    assert (worst[:-1] <= worst[1:]).all()
    by_name, _ = balance_charts.shares_of(primary, by_name=True)
    assert by_name == sorted(names)
    # each printed share stands in its own place
    place = names.index("育林小学")
    own = primary[primary["school_name"] == "育林小学"].set_index("indicator_id")["reached"]
    assert [own[item.id] for item in QUALITY] == list(shares[place])


def test_an_unknown_share_is_a_gap_and_not_nothing() -> None:
    rows = pd.DataFrame(
        [
            {"school_id": "1", "school_name": "甲", "indicator_id": item.id,
             "reached": math.nan if item.id == "backbone" else 1.0}
            for item in QUALITY
        ]
    )  # fmt: skip
    _, shares = balance_charts.shares_of(rows, by_name=False)
    assert math.isnan(shares[0][1]) and balance_charts._share(math.nan, "zh") == "—"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_charts_are_what_the_library_accepts(result, language: str) -> None:  # type: ignore[no-untyped-def]
    """They are made without its checks, which are slow: here they are made with them."""
    found = table(result, "indicators_2028", language)  # type: ignore[arg-type]
    rows = found.rows[(found.rows["reached_unit"] == "share") & (found.rows["status_id"] != "out")]
    junior = rows[rows["stage_id"] == "junior"]
    made = [
        balance_charts.heat_map(result, junior, "junior", 2028, language, False),  # type: ignore[arg-type]
        balance_charts.cv_bars(result, "primary", 2028, language),  # type: ignore[arg-type]
    ]
    for each in made:
        checked = go.Figure(json.loads(each.figure.to_json()))
        assert len(checked.data) == len(each.figure.data)


def test_bars_say_how_many_exceed_the_limit(result) -> None:  # type: ignore[no-untyped-def]
    base = balance_charts.cv_bars(result, "primary", 2025, "zh")
    assert "7 项差异系数中 1 项超过上限 0.50" in base.title
    later = balance_charts.cv_bars(result, "primary", 2028, "zh")
    assert "7 项差异系数中 0 项超过上限 0.50" in later.title


def test_filters_leave_only_weak_schools() -> None:
    test = pages.opened("balance", "zh")
    test.toggle("balance_weak").set_value(True).run()
    shown = next(f.value for f in test.dataframe if "reached" in f.value.columns)
    weak = sample_district().schools.query("weak == 1")["school_name"]
    assert set(shown["school_name"]) <= set(weak)
    test.text_input("balance_search").set_value("没有这样的学校").run()
    assert "没有符合条件的参评学校" in pages.said(test)


def test_a_document_is_confirmed_by_hand() -> None:
    test = _on(pages.opened("balance", "zh"), "评估项目")
    district = test.session_state["session"].district
    test.session_state["session"] = None
    again = pages.opened("balance", "zh", with_checklist(district, {"G1": (True, "2026年3月批复")}))
    _on(again, "评估项目")
    items = next(f.value for f in again.dataframe if "item" in f.value.columns)
    row = items[items["id"] == "G1"].iloc[0]
    assert row["status"] == "已落实" and row["remark"] == "2026年3月批复"


def test_only_rows_that_were_changed_are_taken_over() -> None:
    words = {"待确认": None, "已完成": True, "未完成": False}
    before = pd.DataFrame(
        {
            "id": ["G1", "G10"],
            "item": ["甲", "乙"],
            "state": ["待确认", "待确认"],
            "remark": ["", ""],
        }
    )
    after = before.assign(state=["已完成", "待确认"], remark=[" 见附件 ", ""])
    assert changed(before, after, words) == {"G1": (True, "见附件")}
    assert changed(before, before, words) == {}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_card_is_a_page_of_its_own_with_harmless_words(result, language: str) -> None:  # type: ignore[no-untyped-def]
    page = card_page(school_card(result, "9900001", language))  # type: ignore[arg-type]
    assert page.startswith("<!doctype html>") and "育林小学" in page
    assert "<script" not in page and "http" not in page
    district = sample_district()
    named = district.schools.copy()
    named.loc["9900001", "school_name"] = "<b>甲</b>"
    from dataclasses import replace

    hostile = simulate(replace(district, schools=named), load_scenario("scenarios/steady.yaml"))
    assert "&lt;b&gt;甲&lt;/b&gt;" in card_page(school_card(hostile, "9900001", language))  # type: ignore[arg-type]


def test_two_schools_of_one_name_stay_two_rows_of_plain_words(result) -> None:  # type: ignore[no-untyped-def]
    rows = pd.DataFrame(
        [
            {"school_id": school, "school_name": "<b>甲</b>", "indicator_id": item.id,
             "reached": reached}
            for school, reached in (("1", 0.5), ("2", 1.2))
            for item in QUALITY
        ]
    )  # fmt: skip
    made = balance_charts.heat_map(result, rows, "primary", 2028, "zh", by_name=False)
    assert made.figure.data[0].z[:, 0].tolist() == [0.5, 1.2]
    assert list(made.figure.data[0].y) == [0, 1]
    assert list(made.figure.layout.yaxis.ticktext) == ["&lt;b&gt;甲&lt;/b&gt;"] * 2


@pytest.mark.parametrize("kind", sorted(balance_why.FIGURES))
def test_a_cell_that_can_be_asked_shows_the_figure_that_explains_it(result, kind: str) -> None:  # type: ignore[no-untyped-def]
    whole = ("balance_verdict", "changes", "training_bureau")
    found = table(result, kind if kind in whole else f"{kind}_2028", "zh")
    asked = balance_why.asked(result, kind, 2028)
    assert asked is not None
    columns = {column.id for column in found.columns}
    explained = set()
    for row in found.records():
        for name in balance_why.FIGURES[kind]:
            assert name in columns
            figure = asked(row, name)
            if figure is None:
                continue
            explained.add(name)
            place = (figure.school, figure.stage)
            values = result.at(figure.name, figure.year)
            level = result.graph.level(figure.name)
            value = float(values[list(result.index.entities(level)).index(place)])
            shown = row[name]
            if name in ("contribution", "cv", "met", "schools", "failing", "composite"):
                scale = 1e4 if kind == "training_bureau" else 1
                assert shown == pytest.approx(value / scale, abs=0.006 if scale > 1 else 1e-4)
    assert explained == set(balance_why.FIGURES[kind])


def test_the_verdict_of_the_year_is_said_in_words() -> None:
    test = pages.opened("balance", "zh")
    assert "2028 年未达到优质均衡" in pages.said(test)
    assert "2028 年达到基本均衡" in pages.said(test)
