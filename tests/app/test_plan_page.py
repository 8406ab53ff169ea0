"""The page that seeks a plan: the question, the search, its plan made the scenario, ways out."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from simulator.district.sample import sample_district
from simulator.plan.found import Plan
from simulator.results.simulate import simulate
from simulator.scenario.load import load_scenario
from simulator.ui.components.plan_job import Job
from tests.app import pages

#: Enough money: the appropriation grows three points faster than recurrent revenue.
ENOUGH = {"levers.appropriation.margin": 0.03}


def _sought(test: AppTest) -> AppTest:
    """Press the button, wait for the search to end, draw the page again."""
    test.button("plan_seek").click().run()
    job: Job = test.session_state["plan_job"]
    assert job.thread is not None
    job.thread.join(60)
    return test.run()


def _plan(test: AppTest) -> Plan:
    found: Plan = test.session_state["plan_job"].found
    return found


def test_the_question_is_asked_in_words() -> None:
    """Of as many schools as the line at the top counts: those evaluated in the plan's year."""
    result = simulate(sample_district(), load_scenario("scenarios/steady.yaml"))
    count = int((result.at("school_evaluated", 2028) == 1).sum())
    test = pages.opened("plan", "zh")
    assert f"怎样花钱最少，使 {count} 所参评学校在 2028 年全部达到优质均衡" in pages.said(test)
    assert f"/{count}]" in test.markdown[0].value
    english = pages.opened("plan", "en")
    assert f"what is the cheapest way for the {count} evaluated schools" in pages.said(english)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_plan_becomes_the_scenario_and_is_judged_there_as_private_schools_are(
    language: str,
) -> None:
    test = _sought(pages.opened("plan", language, changes=ENOUGH))
    assert not test.exception and not test.error
    found = _plan(test)
    assert found.found and found.check.agrees
    test.button("plan_adopt").click().run()
    assert not test.exception
    # every public school passes, one private school does not: red, not green
    head = pages.said(test)
    assert "1/43" in head
    no = "至 2028 年未达到优质均衡" if language == "zh" else "not balanced by 2028"
    assert f":red-badge[{no}]" in head
    assert pages.draft_of(test).get("levers.investment.teaching_area.rule") == "list"
    assert test.button("plan_adopt").disabled
    # what was adopted can be taken back
    test.button("undo").click().run()
    assert pages.draft_of(test).get("levers.investment.teaching_area.plan") is None


def test_where_there_is_no_plan_the_contradiction_and_ways_out_are_told() -> None:
    test = _sought(pages.opened("plan", "zh"))
    words = pages.said(test)
    assert "没有任何规划能在 2028 年使公办学校全部达标" in words
    assert "无法同时成立" in words and "增加资金" in words
    found = _plan(test)
    assert len(found.ways) >= 3
    growth = next(n for n, way in enumerate(found.ways) if way.code == "growth")
    test.button(f"plan_way_{growth}").click().run()
    assert pages.draft_of(test).get("levers.appropriation.margin") == pytest.approx(
        0.005 + float(found.ways[growth].params["points"])
    )
    # the answer shown is of the earlier conditions, and says so
    assert "以下是按先前条件求得的规划" in pages.said(test)
    assert _plan(_sought(test)).found


def test_the_answer_tells_the_verdicts_what_is_on_top_and_what_was_set_aside() -> None:
    test = _sought(pages.opened("plan", "zh", changes=ENOUGH))
    words, found = pages.said(test), _plan(test)
    # the verdicts stand side by side, each with its own colour
    sides = [each.value for each in test.markdown if each.value.startswith("**规划")]
    assert [side.split("**")[1] for side in sides] == ["规划前", "规划后", "规划后且举办者补齐"]
    assert all(":red-badge[至 2028 年未达到优质均衡]" in side for side in sides[:2])
    assert "34/43" in sides[0] and "1/43" in sides[1] and "0/43" in sides[2]
    assert ":blue-badge[2028 年达到优质均衡]" in sides[2]
    assert found.on_top and "在公式之外追加公用经费" in words
    assert "只为“生均教育支出逐年增长”而花的" in words
    assert "方案自带的投入未计入，由规划重新安排：仪器设备 600\\.00 万元" in words
    test.button("plan_adopt").click().run()
    rows = pages.draft_of(test).get("levers.operating_extra")
    assert [dict(row) for row in rows] == found.extra


def test_cost_per_pupil_is_waived_by_a_switch_and_the_answer_says_so() -> None:
    test = pages.opened("plan", "zh", changes=ENOUGH)
    assert "生均教育支出、生均公用经费逐年增长" in pages.said(test)
    test.toggle("plan:waive").set_value(True).run()
    assert "生均教育支出逐年增长一条按要求免去" in pages.said(test)
    test = _sought(test)
    found = _plan(test)
    assert found.wishes.waive_growth_per_pupil and found.check.agrees
    words = pages.said(test)
    assert "按要求免去：生均教育费用逐步增长" in words and ":red-badge[达标规则 16/17]" in words


def test_private_schools_that_fail_are_named_first_and_their_owners_may_be_counted_on() -> None:
    test = _sought(pages.opened("plan", "zh", changes=ENOUGH))
    warned = test.warning[0].value
    assert "1 所民办学校未达标" in warned and "启明学校小学部" in warned and "自筹约" in warned
    assert "全区不能认定优质均衡" in pages.said(test)
    test.toggle("plan:owners").set_value(True).run()
    assert "按要求假定其短板由举办者自筹补齐" in pages.said(test)
    test = _sought(test)
    found, words = _plan(test), pages.said(test)
    assert found.standing == "owners" and found.check.agrees and found.check.balanced
    assert "在举办者自筹补齐 1 所民办学校短板的前提下，2028 年全面达到优质均衡" in words


def test_a_rule_that_no_purchase_can_mend_stands_before_the_answer() -> None:
    changes = {**ENOUGH, "assumptions.pay_growth": -0.01}
    test = _sought(pages.opened("plan", "zh", changes=changes))
    assert _plan(test).beyond
    warned = " ".join(each.value for each in test.warning)
    assert "教师工资逐步增长" in warned and "无法补救" in warned


def test_conditions_are_kept_when_the_page_is_left() -> None:
    test = pages.opened("plan", "zh")
    test.selectbox("plan:target").set_value(2027).run()
    test.multiselect("plan:untouched").set_value(["9900001"]).run()
    assert "不动这些学校：育林小学" in pages.said(test)
    chosen = test.session_state["plan_chosen"]
    assert chosen["target"] == 2027 and chosen["untouched"] == ["9900001"]
    again = pages.opened("plan", "zh")
    again.session_state["plan_chosen"] = dict(chosen)
    again.run()
    fresh = AppTest.from_function(pages._draw, kwargs={"name": "plan"}, default_timeout=30)
    fresh.session_state["session"] = test.session_state["session"]
    fresh.session_state["plan_chosen"] = dict(chosen)
    fresh.run()
    assert fresh.selectbox("plan:target").value == 2027
    assert "在 2027 年全部达到优质均衡" in pages.said(fresh)


def test_a_search_that_is_cancelled_changes_nothing() -> None:
    test = pages.opened("plan", "zh")
    before = pages.draft_of(test).fingerprint
    test.button("plan_seek").click().run()
    job: Job = test.session_state["plan_job"]
    job.cancel.set()
    assert job.thread is not None
    job.thread.join(60)
    test.run()
    assert pages.draft_of(test).fingerprint == before
    assert job.found is not None or "已取消" in pages.said(test)
    assert not test.exception


def test_every_tab_of_a_plan_opens() -> None:
    test = _sought(pages.opened("plan", "en", changes=ENOUGH))
    seen = {}
    for name in (
        "Purchases",
        "Operating funds",
        "Teachers",
        "Money",
        "Before and after",
        "Proof",
        "Trade-off",
    ):
        test.session_state["plan_tabs:en"] = name
        test.run()
        assert not test.exception and not test.error
        keys = {each.key for each in test.button}
        seen[name] = ("plan_prices" in keys, "plan_frontier" in keys)
    assert seen["Proof"] == (True, False) and seen["Trade-off"] == (False, True)
    assert seen["Money"] == (False, False)
