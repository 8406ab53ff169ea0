"""The page of pupils: projected by cohorts, schools merged, wrong rows told in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulator.district.pupils.moves import MOVES, NEW, OPENS_WITH
from simulator.errors import JunhengError
from simulator.results.simulate import simulate
from simulator.ui.components import pupils_rows as rows
from tests.app import pages
from tests.building import scenario_of

TABS = {
    "zh": ("走势", "推算方法", "撤并与新建", "明细与账目"),
    "en": ("Outlook", "Projection", "Closing and opening", "Details and books"),
}
COHORT: dict[str, Any] = {
    "assumptions.pupils.method": "cohort", "assumptions.pupils.primary": None,
    "assumptions.pupils.junior": None, "assumptions.pupils.intake.primary": [3000, 2800, 2600],
}  # fmt: skip
MOVE = {"year": 2027, "school": "9900002", "into": "9900001", "share": 0.4, "takes": "staff"}
NEW_ROW = {"school": "X", "name": "新校", "type": "primary", "area": "urban"}
YEARS = (2026, 2027, 2028)


def _tab(language: str, place: int, changes: dict[str, Any] | None = None) -> Any:
    test = pages.opened("pupils", language, changes=changes or {})
    test.session_state[f"pupils_tabs:{language}"] = TABS[language][place]
    return test.run()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("changes", [{}, COHORT, {MOVES: [MOVE], NEW: [NEW_ROW]}])
def test_every_tab_opens(language: str, changes: dict[str, Any]) -> None:
    for place in range(len(TABS[language])):
        test = _tab(language, place, changes)
        assert not test.exception and not test.error, TABS[language][place]


def test_the_path_says_how_many_there_will_be() -> None:
    said = pages.said(_tab("zh", 0, COHORT))
    # 23,383 − 4,444 − 4,151 − 3,979 + 3,000 + 2,800 + 2,600 = 19,209
    assert "小学在校生 2025 年 23,383 人，2028 年 19,209 人" in said
    assert "高、中、低方案对照" in said
    assert "高、中、低方案只用于按年级推算" in pages.said(_tab("zh", 0))


def test_cohorts_are_taken_from_the_page() -> None:
    test = _tab("zh", 1)
    test.session_state["pupils_method"] = "cohort"
    test.run()
    test.number_input("pupils_spread").set_value(8.0).run()
    test.selectbox("pupils_variant").select("high").run()
    test.button("pupils_use").click().run()
    assert not test.exception and not test.error
    draft = pages.draft_of(test)
    assert draft.get("assumptions.pupils.method") == "cohort"
    assert draft.get("assumptions.pupils.primary") is None
    # it begins from this year's first grade in every year
    assert draft.get("assumptions.pupils.intake.primary") == [3340, 3340, 3340]
    assert draft.get("assumptions.pupils.spread") == 0.08
    assert draft.get("assumptions.pupils.variant") == "high"
    test.session_state["pupils_method"] = "growth"
    test.run()
    test.button("pupils_use").click().run()
    assert pages.draft_of(test).get("assumptions.pupils.method") == "growth"
    assert not [path for path in pages.draft_of(test).flat() if "intake" in path]


@pytest.mark.parametrize(("source", "word"), [("births", "出生人数"), ("kindergarten", "大班")])
def test_what_is_still_to_be_filled_in_is_asked_for(source: str, word: str) -> None:
    test = _tab("zh", 1, COHORT)
    test.session_state["pupils_source"] = source
    test.run()
    assert not test.exception and not test.error
    assert any(word in each.value for each in test.info)
    assert "pupils_use" not in {each.key for each in test.button}


def test_births_that_do_not_reach_far_enough_are_named() -> None:
    born = {"method": "births", "births": {2019: 3600, 2020: 3300, 2021: 3000, 2022: 2700}}
    test = _tab("zh", 1, {**COHORT, "assumptions.pupils.intake.primary": None,
                          "assumptions.pupils.intake": born})  # fmt: skip
    assert not test.error
    longer = test.session_state["session"].draft.with_horizon(4)
    with pytest.raises(JunhengError) as caught:
        simulate(test.session_state["session"].district, longer)
    assert caught.value.text("zh") == "推算 2029 年入学人数缺少 2023 年出生人数。"


def test_a_table_of_pupils_is_taken_as_it_stands() -> None:
    test = _tab("en", 1)
    test.session_state["pupils_method"] = "table"
    test.run()
    test.button("pupils_use").click().run()
    assert not test.exception and not test.error
    draft = pages.draft_of(test)
    now = test.session_state["session"].district
    before = simulate(now, pages.draft_of(_tab("en", 1)))
    found = simulate(now, draft)
    assert np.abs(found.at("pupils", 2028) - before.at("pupils", 2028)).max() < 0.01


def test_moves_are_shown_by_name_and_kept_when_used_again() -> None:
    test = _tab("zh", 2, {MOVES: [MOVE], NEW: [NEW_ROW]})
    before = pages.draft_of(test)
    test.button("pupils_moves_use").click().run()
    assert not test.exception and not test.error
    assert pages.draft_of(test).fingerprint == before.fingerprint


def test_rows_say_what_they_were_made_of() -> None:
    opens = {"school": "X", "item": "books", "amount": 5000}
    said = scenario_of(assumptions={"schools": {
        "moves": [MOVE], "new": [NEW_ROW], "opens_with": [opens]}})  # fmt: skip
    for path, expected in ((MOVES, MOVE), (NEW, NEW_ROW), (OPENS_WITH, opens)):
        table = rows.school_rows(said, path)
        assert rows.schools_said(table, path) == [expected]
        empty = pd.DataFrame([dict.fromkeys(table.columns)])
        assert rows.schools_said(empty, path) is None
    assert rows.school_rows(said, MOVES).at[0, "share"] == 40


def test_a_row_with_a_gap_is_named() -> None:
    table = pd.DataFrame([MOVE, {**MOVE, "into": None}])
    with pytest.raises(JunhengError) as caught:
        rows.schools_said(table, MOVES)
    assert caught.value.params == {"table": MOVES, "row": 2, "what": "into"}


def test_tables_of_new_pupils_say_what_they_were_made_of() -> None:
    births = {2019: 900.0, 2020: 850.0, 2021: 800.0, 2022: 700.0}
    said = scenario_of(policy=[], assumptions={"pupils": {
        "method": "cohort", "progression": {g: 0.9 + g / 100 for g in range(1, 9)},
        "intake": {"primary": [300, 280, 260]}}})  # fmt: skip
    assert rows.intake_said(rows.intake_rows(said, YEARS, 1), YEARS) == {
        "assumptions.pupils.intake.primary": [300, 280, 260],
        "assumptions.pupils.intake.junior": None,
    }
    assert rows.rates_said(rows.rate_rows(said)) == {
        "assumptions.pupils.progression": said.get("assumptions.pupils.progression")
    }
    born = said.with_changes({"assumptions.pupils.intake": {"method": "births", "births": births}})
    assert list(rows.birth_rows(born, YEARS)["born"]) == [2019, 2020, 2021, 2022]
    assert rows.births_said(rows.birth_rows(born, YEARS)) == {
        "assumptions.pupils.intake.births": births
    }
    gap = rows.intake_rows(said, YEARS, 1)
    gap.loc[0, "2027"] = np.nan
    with pytest.raises(JunhengError) as caught:
        rows.intake_said(gap, YEARS)
    assert caught.value.code == "intake_gap"
