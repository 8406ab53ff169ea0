"""The page of the district's own formula: from the national one to one's own, and wrong lines."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from simulator.errors import FindingsError
from simulator.own_formula.sources import NATIONAL
from simulator.policy.load import SHIPPED
from simulator.present.table import Printer
from simulator.present.tables.lines import gains_table, lines_table, more_table
from simulator.results.ramps import ramps
from simulator.results.result import Result
from simulator.results.simulate import simulate
from simulator.strict_yaml import read_yaml
from simulator.ui.components.lines_table import COLUMNS, rows_of, said_by
from tests.app import pages
from tests.building import district_of, scenario_of, school

OWN = {
    "id": "own", "zh": "本区", "en": "Own", "per_pupil": "headcount",
    "lines": [
        {"id": "base", "zh": "基本", "en": "Base", "counted": "headcount",
         "stages": ["primary", "junior"],
         "amount": {"primary": 700, "junior": {2000: 900, 2028: 1000}}},
        {"id": "board", "zh": "寄宿", "en": "Boarding", "counted": "boarders",
         "amount": 200, "stages": ["primary", "junior"], "ramp": {"measure": "boarders / headcount",
                                 "points": [[0.2, 0.47], [0.6, 0.57]]}},
        {"id": "lump", "zh": "定额", "en": "Lump", "lump_sum": 30000},
    ],
}  # fmt: skip
TABS = {
    "zh": ("各校按行", "增减", "坡度", "单位成本与反推"),
    "en": ("By school", "Gains and losses", "Ramps", "Cost and goal seek"),
}


@pytest.fixture(scope="module")
def result() -> Result:
    boarding = {"primary_boarders": 80.0}
    district = district_of([school("A", **boarding), school("B", "nine_year", area="rural")])
    return simulate(district, scenario_of(policy=["national"], lines=OWN))


def _own(language: str = "zh") -> AppTest:
    return pages.opened("lines", language, changes={"lines": OWN})


def test_what_a_table_says_is_what_it_was_made_of() -> None:
    shipped = [NATIONAL, *SHIPPED.glob("*/lines.yaml")]
    assert len(shipped) > 1
    for said in (OWN, *(read_yaml(path).data for path in shipped)):
        assert said_by(rows_of(said), said)["lines"] == said["lines"]
    rows = rows_of(OWN)
    assert list(rows.columns) == list(COLUMNS)
    empty = pd.concat([rows, pd.DataFrame([dict.fromkeys(COLUMNS)])], ignore_index=True)
    assert said_by(empty, OWN) == OWN


def test_the_national_formula_as_lines_changes_no_figure() -> None:
    test = pages.opened("lines", "zh")
    before = simulate(test.session_state["session"].district, pages.draft_of(test))
    test.button("lines_start").click().run()
    assert not test.exception and not test.error
    after = simulate(test.session_state["session"].district, pages.draft_of(test))
    assert after.at("operating_total", 2028)[0] == pytest.approx(
        before.at("operating_total", 2028)[0]
    )
    test.button("lines_back").click().run()
    assert pages.draft_of(test).lines is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_tab_opens(language: str) -> None:
    test = _own(language)
    for tab in TABS[language]:
        test.session_state[f"lines_tabs:{language}"] = tab
        test.run()
        assert not test.exception and not test.error, tab


def test_a_wrong_line_says_where_and_why() -> None:
    rows = rows_of(OWN)
    rows.loc[0, "counted"] = "headcount + operating_rate"
    said = said_by(rows, OWN)
    test = pages.opened("lines", "zh", changes={"lines": OWN})
    with pytest.raises(FindingsError) as refused:
        pages.draft_of(test).with_changes({"lines": said})
    text = refused.value.findings[0].text("zh")
    assert "lines.0.counted" in text and "单位不同" in text


def test_the_table_of_lines_adds_up_in_both_directions(result: Result) -> None:
    found = lines_table(Printer(result, "zh"), 2027)
    rows, total = found.rows.iloc[:-1], found.rows.iloc[-1]
    names = ["line_base", "line_board", "line_lump"]
    for _, row in rows.iterrows():
        assert round(sum(row[name] for name in names), 2) == row["line_total"]
    for name in (*names, "line_total"):
        assert round(float(rows[name].astype(float).sum()), 2) == total[name]


def test_gains_are_against_last_year_and_the_national_formula(result: Result) -> None:
    national = simulate(result.binding.district, scenario_of(policy=["national"]))
    found = gains_table(Printer(result, "zh", "yuan"), 2028, national)
    row = found.rows.iloc[0]
    now, last = (result.at("operating_funds", year)[0] for year in (2028, 2027))
    assert row["on_last_year"] == pytest.approx(now - last, abs=1)
    assert row["on_national"] == pytest.approx(now - national.at("operating_funds", 2028)[0], abs=1)
    alone = gains_table(Printer(result, "zh"), 2028, None)
    assert alone.rows["on_national"].iloc[:-1].isna().all()


def test_one_more_yuan_costs_a_yuan_for_each_one_counted(result: Result) -> None:
    found = more_table(Printer(result, "zh", "yuan"))
    base = found.rows.set_index("line").loc["基本"]
    heads = result.at("headcount", 2028).sum()
    assert base["2028"] == pytest.approx(heads, abs=1)


def test_schools_stand_on_the_ramp_where_their_measure_is(result: Result) -> None:
    (found,) = ramps(result, 2026)
    share = result.at("boarders", 2026) / result.at("headcount", 2026)
    assert np.allclose(found.measure, share, equal_nan=True)
    # below 20% the weight is 0.47, from 60% on 0.57, straight between
    expected = np.interp(share, [0.2, 0.6], [0.47, 0.57])
    assert np.allclose(found.weights(), np.where(np.isnan(share), np.nan, expected),
                       equal_nan=True)  # fmt: skip


def _sought(test: AppTest) -> float:
    """Ask for a total two percent above the present one."""
    test.session_state["lines_tabs:zh"] = "单位成本与反推"
    test.run()
    goal = next(each for each in test.number_input if each.key.startswith("lines_seek_total"))
    target = round(goal.value * 1.02, 2)
    goal.set_value(target)
    test.button("lines_seek").click().run()
    return target


def test_a_total_is_met_by_one_line_and_taken() -> None:
    test = _own()
    target = _sought(test)
    assert not test.exception
    assert [each.value for each in test.error] == []
    assert "全区公用经费为" in test.info[0].value
    test.button("lines_seek_take").click().run()
    after = simulate(test.session_state["session"].district, pages.draft_of(test))
    assert after.at("operating_total", 2028)[0] / 10_000 == pytest.approx(target, abs=0.01)


def test_a_total_out_of_reach_is_refused_in_a_sentence() -> None:
    test = _own()
    test.session_state["lines_tabs:zh"] = "单位成本与反推"
    test.run()
    goal = next(each for each in test.number_input if each.key.startswith("lines_seek_total"))
    goal.set_value(0.01)
    test.button("lines_seek").click().run()
    assert not test.exception and len(test.error) == 1


def test_the_rule_book_tells_of_the_lines_of_ones_own() -> None:
    own = pages.opened("rulebook", "zh", changes={"lines": OWN})
    national = pages.opened("rulebook", "zh")
    assert not own.exception and not national.exception
    name = "本区独有的一行"
    named = {**OWN, "lines": [{**OWN["lines"][2], "zh": name}, *OWN["lines"][:2]]}
    result = simulate(
        own.session_state["session"].district,
        pages.draft_of(own).with_changes({"lines": named}),
    )
    from simulator.ui.views.rulebook import _written

    assert name in _written("zh", "own", (2026,), result)[1]


PACK = "notice_nanan_2020"
NAMED = {"zh": "南安市 2020 年办法", "en": "Nan'an 2020"}


def _of_pack(language: str = "zh", **more: object) -> AppTest:
    packs = ["national", "district_plan", PACK]
    return pages.opened("lines", language, changes={"policy": packs, **more})


@pytest.mark.parametrize("language", ["zh", "en"])
def test_lines_of_a_pack_are_shown_with_their_pack(language: str) -> None:
    test = _of_pack(language)
    assert not test.exception and not test.error
    told = pages.said(test)
    name = {"zh": "南安市 2020 年公用经费", "en": "Nan'an 2020"}[language]
    source = {
        "zh": f"这个公式取自政策包 {NAMED['zh']}",
        "en": f"This formula is that of the pack {NAMED['en']}",
    }
    assert name in told and source[language] in told
    assert pages.draft_of(test).lines is None
    for tab in TABS[language]:
        test.session_state[f"lines_tabs:{language}"] = tab
        test.run()
        assert not test.exception and not test.error, tab


@pytest.mark.parametrize("language", ["zh", "en"])
def test_from_a_packs_lines_to_the_national_formula_and_back(language: str) -> None:
    test = _of_pack(language)
    words = {
        "zh": ("回到国家公式", f"回到政策包 {NAMED['zh']} 的公式"),
        "en": ("Back to the national formula", f"Back to the formula of the pack {NAMED['en']}"),
    }
    assert test.button("lines_back").label == words[language][0]
    test.button("lines_back").click().run()
    assert not test.exception and pages.draft_of(test).lines == "national"
    assert test.button("lines_back").label == words[language][1]
    test.button("lines_back").click().run()
    assert not test.exception and pages.draft_of(test).lines is None
    assert NAMED[language] in pages.said(test)


def test_a_packs_lines_are_changed_in_the_scenario() -> None:
    test = _of_pack()
    target = _sought(test)
    test.button("lines_seek_take").click().run()
    assert not test.exception and not test.error
    draft = pages.draft_of(test)
    assert isinstance(draft.lines, Mapping) and draft.lines["id"] == "nanan"
    after = simulate(test.session_state["session"].district, draft)
    assert after.lines is not None and not after.lines.pack
    assert after.at("operating_total", 2028)[0] / 10_000 == pytest.approx(target, abs=0.01)
    assert "这个公式取自政策包" not in pages.said(test)
    assert test.button("lines_back").label == f"回到政策包 {NAMED['zh']} 的公式"
    test.button("lines_back").click().run()
    assert pages.draft_of(test).lines is None and "这个公式取自政策包" in pages.said(test)


def test_gains_on_a_pack_are_against_the_national_formula_all_the_same() -> None:
    test = _of_pack()
    test.session_state["lines_tabs:zh"] = "增减"
    test.run()
    assert not test.exception
    draft, district = pages.draft_of(test), test.session_state["session"].district
    paid = simulate(district, draft)
    national = simulate(district, draft.with_changes({"policy": ["national", "district_plan"]}))
    wanted = gains_table(Printer(paid, "zh"), 2028, national).rows["on_national"].iloc[-1]
    views = test.session_state["kept_views"]
    kept = next(view for key, view in views.items() if key[0] == "line_gains")
    assert kept.rows["on_national"].iloc[-1] == wanted != 0


def test_the_rule_book_tells_of_a_packs_lines() -> None:
    packs = ["national", "district_plan", PACK]
    test = pages.opened("rulebook", "zh", changes={"policy": packs})
    assert not test.exception
    result = simulate(test.session_state["session"].district, pages.draft_of(test))
    from simulator.ui.views.rulebook import _written

    assert result.lines is not None
    text = _written("zh", result.lines.key, (2026,), result)[1]
    assert "南安市 2020 年公用经费分配" in text and "寄宿生" in text


@pytest.mark.parametrize(
    ("language", "place"),
    [("zh", "公式第 1 行 数什么: "), ("en", "Line 1 of the formula, Counted: ")],
)
def test_a_mistake_is_told_by_its_place_in_the_table(language: str, place: str) -> None:
    test = _own(language)
    wrong = {**OWN, "lines": [{**OWN["lines"][0], "counted": "headcount + operating_rate"}]}
    with pytest.raises(FindingsError) as refused:
        pages.draft_of(test).with_changes({"lines": wrong})

    def draw() -> None:
        import streamlit as st

        from simulator.ui.components.lines_refused import told

        st.text(told(st.session_state["finding"]))

    shown = AppTest.from_function(draw, default_timeout=30)
    shown.session_state["finding"] = refused.value.findings[0]
    shown.session_state["session"] = test.session_state["session"]
    shown.run()
    assert not shown.exception
    assert shown.text[0].value.startswith(place)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_published_allocation_is_a_place_to_start_from(language: str) -> None:
    test = pages.opened("lines", language)
    picker = test.selectbox("lines_published")
    assert NAMED[language] in picker.options
    picker.select(PACK).run()
    test.button("lines_start_published").click().run()
    assert not test.exception and not test.error
    lines = pages.draft_of(test).lines
    assert isinstance(lines, Mapping) and lines["id"] == "nanan"
    paid = simulate(test.session_state["session"].district, pages.draft_of(test))
    pack = simulate(
        paid.binding.district,
        pages.draft_of(test).with_changes(
            {"lines": None, "policy": ["national", "district_plan", PACK]}
        ),
    )
    assert paid.at("operating_total", 2028) == pack.at("operating_total", 2028)
