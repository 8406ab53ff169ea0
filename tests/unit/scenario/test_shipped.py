"""The scenarios that come with the product: each asks its question and runs on the sample."""

from __future__ import annotations

from pathlib import Path

import pytest

import simulator as sim
from simulator.results.result import Result
from simulator.scenario.load import load_scenario, shipped_scenarios
from simulator.scenario.model import in_language

SCENARIOS = {path.stem: path for path in shipped_scenarios()}


def test_the_baseline_comes_first_and_the_asked_ones_are_there() -> None:
    assert next(iter(SCENARIOS)) == "baseline"
    assert {"steady", "front_loaded", "tight_revenue"} < set(SCENARIOS)


@pytest.mark.parametrize("path", SCENARIOS.values(), ids=SCENARIOS)
def test_each_opens_with_its_question_in_both_languages(path: Path) -> None:
    first, second = path.read_text(encoding="utf-8").splitlines()[:2]
    assert first.startswith("# Question: ") and first.endswith("?")
    assert second.startswith("# 问题：") and second.endswith("？")
    scenario = load_scenario(path)
    assert in_language(scenario.question, "zh").endswith("？")
    assert in_language(scenario.question, "en").endswith("?")
    assert scenario.title("zh") != scenario.title("en")


@pytest.mark.parametrize("path", SCENARIOS.values(), ids=SCENARIOS)
def test_each_says_only_what_differs_from_its_base(path: Path) -> None:
    scenario = load_scenario(path)
    if scenario.base is not None:
        base = scenario.base.flat()
        assert [key for key, value in scenario.own.items() if base.get(key) == value] == []


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    district = sim.sample_district()
    return {name: sim.simulate(district, load_scenario(path)) for name, path in SCENARIOS.items()}


def test_no_two_scenarios_are_the_same(results: dict[str, Result]) -> None:
    assert len({result.identity for result in results.values()}) == len(SCENARIOS)


def test_the_baseline_pays_what_the_rules_in_force_ask(
    results: dict[str, Result],
) -> None:
    checks = results["baseline"].checks.query("year == 2028").set_index("rule")
    # nothing is said on training, repair and rotation, so the floor itself is paid: no headroom
    for rule in ("training_bureau", "repair", "rotation"):
        assert checks.at[rule, "status"] == "pass"
        assert checks.at[rule, "headroom"] == pytest.approx(0, abs=0.01)


def test_they_answer_their_questions(results: dict[str, Result]) -> None:
    gap = {name: result.district["gap"] for name, result in results.items()}
    need = {name: result.district["need"] for name, result in results.items()}
    # a revenue that falls leaves a gap where the steady path has money left
    assert gap["steady"].loc[2028] > 0 > gap["tight_revenue"].loc[2028]
    # front-loading costs more in the first year; both standards stand at the end
    assert need["front_loaded"].loc[2026] > need["steady"].loc[2026]
    rates = [
        results[name].at("operating_rate", 2028)[:2].tolist() for name in ("front_loaded", "steady")
    ]
    assert rates == [[1000, 1300], [1000, 1300]]
    # counting training together saves money, fewer pupils do too
    assert need["training_together"].loc[2028] < need["steady"].loc[2028]
    assert need["falling_rolls"].loc[2028] < need["steady"].loc[2028]
    assert need["small_classes"].loc[2028] > need["steady"].loc[2028]
    # money for facilities narrows what differs between schools
    spread = {
        n: results[n].at("cv_equipment_value", 2028)[0] for n in ("baseline", "equipment_first")
    }
    assert spread["equipment_first"] < spread["baseline"]
