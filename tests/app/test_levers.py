"""Sliders, undo, reset, scenarios: what is moved is what is computed."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from simulator.scenario.levers import levers
from simulator.ui.components.lever_sections import SECTIONS
from tests.app import pages

MARGIN = "lever:levers.appropriation.margin:"
RATE = "lever:levers.operating_rate.primary:"


def _slide(test: AppTest, key: str, value: float) -> AppTest:
    return test.slider(key=key).set_value(value).run()


def test_a_slider_changes_the_draft_and_the_verdict() -> None:
    test = pages.opened("overview", "zh", scenario="baseline")
    before = pages.said(test)
    _slide(test, MARGIN, 1.0)
    assert pages.draft_of(test).get("levers.appropriation.margin") == pytest.approx(0.01)
    after = pages.said(test)
    assert "已改 1 项" in after
    assert before != after


def test_what_was_moved_is_marked_and_can_be_reset_alone() -> None:
    test = pages.opened("overview", "en")
    _slide(test, RATE, 1200.0)
    _slide(test, MARGIN, 2.0)
    assert test.slider(key=RATE).label.startswith(":orange[")
    test.button(key="reset:levers.operating_rate.primary").click().run()
    assert set(pages.draft_of(test).changed()) == {"levers.appropriation.margin"}
    assert test.slider(key=RATE).value == 1000.0


def test_undo_and_redo_go_back_and_forth() -> None:
    test = pages.opened("overview", "en")
    _slide(test, RATE, 1200.0)
    _slide(test, RATE, 1300.0)
    test.button(key="undo").click().run()
    assert test.slider(key=RATE).value == 1200.0
    test.button(key="undo").click().run()
    assert pages.draft_of(test).changed() == {}
    test.button(key="redo").click().run()
    assert test.slider(key=RATE).value == 1200.0


def test_reset_all_leaves_the_scenario_as_it_was_picked() -> None:
    test = pages.opened("overview", "en")
    _slide(test, RATE, 1200.0)
    _slide(test, MARGIN, 2.0)
    test.button(key="reset_all").click().run()
    assert pages.draft_of(test).changed() == {}


def test_a_lever_can_be_set_year_by_year() -> None:
    test = pages.opened("overview", "en")
    test.toggle(key="sliders_by_year").set_value(True).run()
    _slide(test, "lever:levers.appropriation.margin:1", 3.0)
    assert pages.draft_of(test).get("levers.appropriation.margin") == [0.005, 0.03, 0.005]


BOARDING = "levers.boarding_rate"


def test_the_other_years_of_a_lever_in_force_by_law_keep_the_law() -> None:
    """Nothing said, the law gives 300 a boarder: 350 in the first year leaves 300 in the others."""
    test = pages.opened("overview", "en", scenario="baseline", changes={BOARDING: None})
    assert pages.draft_of(test).get(BOARDING) is None
    test.toggle(key="sliders_by_year").set_value(True).run()
    keys = [f"lever:{BOARDING}:{place}" for place in range(3)]
    assert [test.slider(key=key).value for key in keys] == [300.0, 300.0, 300.0]
    _slide(test, keys[0], 350.0)
    assert pages.draft_of(test).get(BOARDING) == [350.0, 300.0, 300.0]
    _slide(test, keys[2], 400.0)
    assert pages.draft_of(test).get(BOARDING) == [350.0, 300.0, 400.0]


def test_another_scenario_is_picked_and_undo_brings_the_draft_back() -> None:
    test = pages.opened("overview", "en")
    _slide(test, RATE, 1200.0)
    test.selectbox(key="scenario").set_value("tight_revenue").run()
    assert pages.draft_of(test).get("levers.operating_rate.primary") != 1200.0
    test.button(key="undo").click().run()
    assert pages.draft_of(test).get("levers.operating_rate.primary") == 1200.0


def test_every_lever_with_a_slider_has_a_place_in_a_section() -> None:
    starts = [start for group in SECTIONS.values() for each in group.values() for start in each]
    for lever in levers().values():
        if lever.slider is not None:
            assert any(lever.path == s or lever.path.startswith(f"{s}.") for s in starts)


def test_a_lever_under_the_legal_floor_is_computed_and_the_rule_reported() -> None:
    test = pages.opened("rules", "en")
    _slide(test, RATE, 650.0)
    assert "rules met 17/17" not in pages.said(test)


def test_a_way_to_restore_a_rule_is_taken_with_one_click_and_restores_it() -> None:
    test = pages.opened("rules", "en", scenario="baseline")
    assert "rules met 15/17" in pages.said(test)
    test.button(key="mend:growth_total:levers.appropriation.margin").click().run()
    assert pages.draft_of(test).get("levers.appropriation.margin") == pytest.approx(0.005)
    assert "rules met 16/17" in pages.said(test)


def test_every_section_opens() -> None:
    test = pages.opened("overview", "zh")
    seen = 0
    for words, sections in zip(("形势假设", "政策措施"), SECTIONS.values(), strict=True):
        test.session_state["slider_groups:zh"] = words
        for section in sections:
            test.session_state[f"section_{section}"] = True
        test.run()
        assert not test.exception
        seen += len(test.slider)
    assert seen == sum(len(lever.slider_paths) for lever in levers().values())


def test_why_opens_the_trace_of_the_figure() -> None:
    test = pages.opened("overview", "en")
    test.button(key="why:metric:gap").click().run()
    assert "Money available" in pages.said(test)
    assert [each.name for each in test.session_state["why"]] == ["gap"]


def test_money_on_a_slider_is_said_in_each_language() -> None:
    """Two million yuan of equipment a year: 200 units of ten thousand, or 2 million."""
    path = "levers.investment.equipment"
    for language, shown, words in (("zh", 200.0, "万元"), ("en", 2.0, "million yuan")):
        test = pages.opened("overview", language)
        test.session_state["section_investment"] = True
        test.run()
        slider = next(each for each in test.slider if path in str(each.key))
        assert slider.value == shown and words in slider.proto.format
