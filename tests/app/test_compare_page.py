"""The page of comparing and the one for a meeting room."""

from __future__ import annotations

import json

import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from simulator.compare import compare
from simulator.district.sample import sample_district
from simulator.present.tables.comparison import Sides, sides
from simulator.present.tables.comparison_steps import waterfall_table
from simulator.results.simulate import simulate
from simulator.scenario.load import load_scenario
from simulator.ui import compare_charts
from tests.app import pages

TABS = {
    "zh": ("概览", "前提与措施", "资金", "标准与均衡", "规则", "各校增减", "叠加"),
    "en": ("At a glance", "What differs", "Money", "Standards and balance", "Rules", "Schools",
           "Combined"),
}  # fmt: skip


def _shown(language: str = "zh") -> Sides:
    district = sample_district()
    results = [
        simulate(district, load_scenario(f"scenarios/{name}.yaml"))
        for name in ("baseline", "steady", "tight_revenue")
    ]
    return sides(compare(results, 0, language))  # type: ignore[arg-type]


def _on(test: AppTest, tab: str, language: str = "zh") -> AppTest:
    test.session_state[f"compare_tabs:{language}"] = tab
    return test.run()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_tab_opens_on_three_scenarios(language: str) -> None:
    test = pages.opened("compare", language)
    test.multiselect("compare_which").set_value(
        ["training_together", "small_classes", "baseline"]
    ).run()
    seen = set()
    for tab in TABS[language]:
        _on(test, tab, language)
        assert not test.exception and not test.error, tab
        seen.add(tuple(frame.value.shape for frame in test.dataframe))
    assert len(seen) == len(TABS[language])


def test_one_scenario_is_not_enough_and_the_page_says_so() -> None:
    test = pages.opened("compare", "zh")
    test.multiselect("compare_which").set_value([""]).run()
    assert not test.exception and "请至少选择两个方案" in pages.said(test)
    test.multiselect("compare_which").set_value([]).run()
    assert not test.exception and "请至少选择两个方案" in pages.said(test)


def test_a_change_of_the_current_scenario_is_what_differs() -> None:
    test = pages.opened("compare", "zh", changes={"levers.boarding_rate": 400})
    test.multiselect("compare_which").set_value(["", "steady"]).run()
    _on(test, "前提与措施")
    rows = test.dataframe[0].value
    assert len(rows) == 1
    assert "400 元" in rows.to_string() and "按现行规定" in rows.to_string()


def test_a_scenario_compared_with_itself_differs_in_nothing() -> None:
    test = pages.opened("compare", "zh")
    test.multiselect("compare_which").set_value(["", "steady"]).run()
    _on(test, "资金")
    steps = next(f.value for f in test.dataframe if "line" in f.value.columns)
    inner = steps.iloc[1:-1].drop(columns="line")
    assert (inner.to_numpy(dtype=float) == 0).all()
    _on(test, "各校增减")
    assert "0 所增加，0 所减少" in pages.said(test)


def test_filters_leave_schools_and_take_away_the_total() -> None:
    test = pages.opened("compare", "zh")
    test.multiselect("compare_which").set_value(["", "baseline"]).run()
    _on(test, "各校增减")
    whole = len(test.dataframe[0].value)
    test.toggle("compare_weak").set_value(True).run()
    weak = set(sample_district().schools.query("weak == 1")["school_name"])
    names = set(test.dataframe[0].value["school_name"])
    assert names and names <= weak and len(names) < whole


def test_changes_that_clash_are_refused_in_a_sentence() -> None:
    test = pages.opened("compare", "zh", changes={"levers.boarding_rate": 400})
    test.multiselect("compare_which").set_value(["", "steady", "front_loaded", "baseline"]).run()
    _on(test, "叠加")
    assert not test.exception
    shown = len(test.error) + len(test.dataframe)
    assert shown == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_charts_are_what_the_library_accepts(language: str) -> None:
    shown = _shown(language)
    table = waterfall_table(shown, 1)
    made = [
        compare_charts.gaps(shown),
        compare_charts.waterfall(shown, 1, 2028, table),
        compare_charts.by_stage(shown, "operating_rate", "primary"),
        compare_charts.by_stage(shown, "least_cv_headroom", "junior"),
    ]
    for each in made:
        checked = go.Figure(json.loads(each.figure.to_json()))
        assert len(checked.data) == len(each.figure.data) and each.title


def test_the_steps_drawn_add_up_as_they_are_printed() -> None:
    shown = _shown()
    for year in shown.years:
        drawn = compare_charts.waterfall(shown, 1, year, waterfall_table(shown, 1))
        values = list(drawn.figure.data[0].y)
        assert round(sum(values[:-1]), 2) == values[-1]


def test_the_gap_chart_names_the_tightest_scenario() -> None:
    shown = _shown()
    worst = min(
        (shown.printed[n][year]["gap"], shown.comparison.labels[n], year)
        for n in range(3)
        for year in shown.years
    )
    title = compare_charts.gaps(shown).title
    assert worst[1] in title and str(worst[2]) in title and f"{abs(worst[0]):,.2f}" in title


def test_scenarios_are_turned_like_pages_in_the_meeting_room() -> None:
    test = pages.opened("present", "zh")
    assert not test.exception and "稳步提升" in test.title[0].value
    first = test.title[0].value
    test.button("present_next").click().run()
    assert test.title[0].value != first
    test.button("present_previous").click().run()
    assert test.title[0].value == first
    values = [metric.value for metric in test.metric]
    assert values[0] == "至 2028 年未达到" and values[2:4] == ["34/43", "17/17"]
