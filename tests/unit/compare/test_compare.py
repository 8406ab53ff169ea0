"""Scenarios side by side: nothing against itself, parts that add up, notes on other ground."""

from __future__ import annotations

import dataclasses
import itertools
import math
from pathlib import Path

import numpy as np
import pytest

import simulator as sim
from simulator.compare import (
    AVAILABLE_LINES,
    NEED_LINES,
    Comparison,
    combine,
    compare,
    interaction,
)
from simulator.errors import JunhengError
from simulator.glossary import Language
from simulator.results.result import Result
from tests import building

SCENARIOS = Path("scenarios")


@pytest.fixture(scope="module")
def results() -> list[Result]:
    district = sim.sample_district()
    names = ("baseline", "steady", "tight_revenue")
    return [sim.simulate(district, sim.load_scenario(SCENARIOS / f"{name}.yaml")) for name in names]


@pytest.fixture(scope="module")
def comparison(results: list[Result]) -> Comparison:
    return sim.compare(results)


def test_a_scenario_against_itself_is_all_zeros(results: list[Result]) -> None:
    same = compare([results[1], results[1]])
    found = same.differences.to_numpy()
    assert found.size > 100
    assert (found == 0).all()
    assert not same.parameters["differs"].any()
    assert same.notes == ()
    for year in same.years:
        steps = same.waterfall(0, 1, year)
        assert (steps[[*AVAILABLE_LINES, *NEED_LINES]] == 0).all()
        assert steps["gap_from"] == steps["gap_to"]
        schools = same.schools(1, year)
        assert (schools["difference"] == 0).all()
        assert set(schools["change"]) == {"same"}


def test_running_again_gives_the_same_hash_and_figures(results: list[Result]) -> None:
    again = sim.simulate(sim.sample_district(), sim.load_scenario(SCENARIOS / "steady.yaml"))
    assert again.identity == results[1].identity
    for name, values in again.values.items():
        np.testing.assert_array_equal(values, results[1].values[name])


def test_the_waterfall_adds_up_to_the_difference(comparison: Comparison) -> None:
    for first, second in itertools.permutations(range(3), 2):
        for year in comparison.years:
            steps = comparison.waterfall(first, second, year)
            parts = steps.drop(["gap_from", "gap_to"])
            assert set(parts.index) == {*AVAILABLE_LINES, *NEED_LINES}
            # exactly: the sum of all, rounded once, is the other gap to the last bit
            assert math.fsum([steps["gap_from"], *parts]) == steps["gap_to"]
            assert parts["appropriation"] == pytest.approx(
                comparison.outcomes.at[("appropriation", "", year), comparison.labels[second]]
                - comparison.outcomes.at[("appropriation", "", year), comparison.labels[first]],
                abs=1e-6,
            )


def test_the_waterfall_adds_up_to_the_last_bit_between_any_two(results: list[Result]) -> None:
    district = results[0].binding.district
    runs = [sim.simulate(district, sim.load_scenario(path)) for path in SCENARIOS.glob("*.yaml")]
    checked = 0
    for first, second in itertools.permutations(runs, 2):
        found = compare([first, second])
        for year in found.years:
            steps = found.waterfall(0, 1, year)
            assert math.fsum(steps.drop("gap_to")) == steps["gap_to"]
            checked += 1
    assert checked >= len(runs) * (len(runs) - 1)


def test_differences_are_outcomes_less_the_bases(results: list[Result]) -> None:
    found = compare(results, base=1)
    gap = found.outcomes.loc[("gap", "", 2028)]
    assert found.differences.loc[("gap", "", 2028)].tolist() == [
        gap.iloc[0] - gap.iloc[1],
        0,
        gap.iloc[2] - gap.iloc[1],
    ]


def test_outcomes_are_the_results_own_figures(
    comparison: Comparison, results: list[Result]
) -> None:
    for label, result in zip(comparison.labels, results, strict=True):
        row = result.district.loc[2027]
        column = comparison.outcomes[label]
        assert column["need", "", 2027] == row["need"]
        assert column["operating_rate", "junior", 2027] == row["operating_rate_junior"]
        assert column["rules_met", "", 2027] == result.verdict.years.at[2027, "rules_met"]


def test_lines_of_need_add_up(comparison: Comparison) -> None:
    total = comparison.outcomes.loc[list(NEED_LINES)].groupby("year").sum()
    need = comparison.outcomes.loc["need"].groupby("year").sum()
    np.testing.assert_allclose(total, need, rtol=1e-12)


def test_only_what_differs_is_marked(comparison: Comparison) -> None:
    marked = comparison.parameters.index[comparison.parameters["differs"]]
    assert set(marked) == {
        "assumptions.recurrent_revenue_growth",
        "assumptions.upper_transfers_growth",
        "levers.appropriation.margin",
        "levers.operating_rate.primary",
        "levers.operating_rate.junior",
        "levers.investment.equipment_value.amount",
        "levers.investment.equipment_value.rule",
    }


def test_the_same_value_in_another_form_does_not_differ(results: list[Result]) -> None:
    binding = results[0].binding
    path = "assumptions.pay_growth"
    by_year = binding.scenario.with_changes({path: [binding.scenario.get(path)] * 3})
    found = compare([results[0], sim.simulate(binding.district, by_year)])
    assert not found.parameters.at[path, "differs"]


@pytest.mark.parametrize(("language", "name"), [("zh", "稳步提升"), ("en", "Steady rise")])
def test_labels_follow_the_language(results: list[Result], language: Language, name: str) -> None:
    found = compare(results, language=language)
    assert found.labels[1] == name
    assert list(found.outcomes.columns) == list(found.labels)


def test_equal_names_are_told_apart(results: list[Result]) -> None:
    def named(name: str) -> Result:
        binding = results[0].binding
        scenario = dataclasses.replace(binding.scenario, name={"zh": name})
        return dataclasses.replace(
            results[0], binding=dataclasses.replace(binding, scenario=scenario)
        )

    found = compare([named("甲"), named("甲"), named("甲 (2)"), named("甲")])
    assert len(set(found.labels)) == 4
    assert found.labels[0] == "甲 (1)"


def test_order_of_edits_does_not_matter(results: list[Result]) -> None:
    edits = {
        "levers.operating_rate.junior": 1400,
        "levers.training_share": 0.06,
        "assumptions.pay_growth": 0.02,
    }
    identities = set()
    for order in itertools.permutations(edits):
        scenario = results[0].binding.scenario
        for path in order:
            scenario = scenario.with_changes({path: edits[path]})
        identities.add(sim.simulate(results[0].binding.district, scenario).identity)
    assert len(identities) == 1


def test_other_data_packs_and_years_are_said_first(results: list[Result]) -> None:
    base = results[0]
    scenario = base.binding.scenario
    other = building.district_of([building.school("a"), building.school("b", "junior")])
    data = sim.simulate(other, scenario)
    assert compare([base, data]).notes == ("compare.other_data",)
    packs = sim.simulate(base.binding.district, dataclasses.replace(scenario, policy=("national",)))
    assert compare([base, packs]).notes == ("compare.other_packs",)
    years = sim.simulate(base.binding.district, dataclasses.replace(scenario, horizon=2))
    found = compare([base, years])
    assert found.notes == ("compare.other_years",)
    assert found.years == (2026, 2027)
    assert found.note_lines[0].startswith("这些方案的规划年度不同")


def test_schools_of_other_data_are_unknown_not_nothing(results: list[Result]) -> None:
    other = building.district_of([building.school("a")])
    found = compare([results[0], sim.simulate(other, results[0].binding.scenario)])
    schools = found.schools(1, 2026)
    assert set(schools["change"]) == {"unknown"}
    assert schools["difference"].isna().all()


def test_winners_and_losers(results: list[Result]) -> None:
    """A junior rate 100 yuan higher gives 100 yuan a funded pupil more, and primary nothing."""
    schools = [building.school("p"), building.school("j", "junior")]
    district = building.district_of(schools, operating_rate_primary=800, operating_rate_junior=1100)
    levers = {"operating_rate": {"primary": 800, "junior": 1200}, "hold_harmless": False}
    asked = [
        sim.simulate(district, building.scenario_of(policy=[], horizon=1, levers=each))
        for each in (
            {**levers, "operating_rate": {"primary": 800, "junior": 1100}},
            levers,
            {**levers, "operating_rate": {"primary": 700, "junior": 1100}},
        )
    ]
    more = compare([asked[0], asked[1]]).schools(1, 2026)
    assert more.loc[("j", "junior"), "difference"] == pytest.approx(200 * 100)
    assert more.loc[("j", "junior"), "per_pupil"] == pytest.approx(100)
    assert more["change"].to_dict() == {("p", "primary"): "same", ("j", "junior"): "gains"}
    less = compare([asked[0], asked[2]]).schools(1, 2026)
    assert less["change"].to_dict() == {("p", "primary"): "loses", ("j", "junior"): "same"}


def test_rules_by_scenario(comparison: Comparison, results: list[Result]) -> None:
    for label, result in zip(comparison.labels, results, strict=True):
        met = (comparison.rules[label]["status"] == "pass").sum()
        assert met == result.verdict.rules_met
    broken = comparison.rules[comparison.labels[2]]
    checks = results[2].checks
    planned = checks[(checks["rule"] == "no_fall_total") & (checks["year"] > 2025)]
    assert broken.at["no_fall_total", "headroom"] == planned["headroom"].min()


def test_each_alone_both_and_what_they_do_only_together(results: list[Result]) -> None:
    """Half of 100 yuan more for 200 pupils, then a fifth of it for training: the money multiplies.

    need = 200 · rate · (1 + tilt): 200·1000 = 200,000; rate 1,100: +20,000; tilt 0.2: +40,000;
    both 200·1,100·1.2 = 264,000: +64,000; together only: 64,000 − 20,000 − 40,000 = 4,000.
    """
    district = building.district_of([building.school("a", weak=1)], operating_rate_primary=1000)
    scenario = building.scenario_of(
        policy=[], horizon=1, levers={"operating_rate": {"primary": 1000}, "hold_harmless": False}
    )
    base = sim.simulate(district, scenario)
    found = interaction(
        base,
        {"levers.operating_rate.primary": 1100},
        {"levers.weak_school_tilt": 0.2},
        "operating_total",
        2026,
    )
    assert found.to_dict() == pytest.approx(
        {"base": 200_000, "first": 20_000, "second": 40_000, "both": 64_000, "interaction": 4_000}
    )


def test_changes_that_set_one_value_differently_are_not_combined(results: list[Result]) -> None:
    base = results[0].binding
    changed = [
        sim.simulate(base.district, base.scenario.with_changes({"levers.training_share": share}))
        for share in (0.06, 0.07)
    ]
    with pytest.raises(JunhengError, match=r"levers\.training_share"):
        combine(results[0], *changed)


def test_changes_on_other_ground_are_not_combined(results: list[Result]) -> None:
    other = building.district_of([building.school("a")])
    with pytest.raises(JunhengError) as raised:
        combine(results[0], results[1], sim.simulate(other, results[2].binding.scenario))
    assert raised.value.code == "combine_ground"


@pytest.mark.parametrize("count", [0, 1, 7])
def test_two_to_six_scenarios(results: list[Result], count: int) -> None:
    with pytest.raises(JunhengError) as raised:
        compare([results[0]] * count)
    assert raised.value.code == "compare_number"


@pytest.mark.parametrize("base", [-1, 3])
def test_the_base_is_one_of_them(results: list[Result], base: int) -> None:
    with pytest.raises(JunhengError) as raised:
        compare(results, base)
    assert raised.value.code == "compare_base"


def test_years_that_do_not_meet_are_refused(results: list[Result]) -> None:
    early = building.district_of([building.school("a")], base_year=2015, fiscal=[
        {"year": 2014, "recurrent_revenue": 1e8, "education_appropriation": 4e7},
        {"year": 2015, "recurrent_revenue": 1.1e8, "education_appropriation": 4.2e7},
    ])  # fmt: skip
    with pytest.raises(JunhengError) as raised:
        compare([results[0], sim.simulate(early, building.scenario_of(policy=[]))])
    assert raised.value.code == "compare_years"


def test_what_is_not_computable_stays_so() -> None:
    district = building.district_of([building.school("a", payroll=None)])
    results = [
        sim.simulate(
            district, building.scenario_of(policy=[], horizon=1, levers={"training_share": s})
        )
        for s in (0.05, 0.06)
    ]
    found = compare(results)
    assert math.isnan(found.differences.loc[("need", "", 2026)].iloc[1])
    assert math.isnan(found.waterfall(0, 1, 2026)["gap_to"])


def test_the_public_name_is_callable_however_the_room_was_loaded(results: list[Result]) -> None:
    for _ in range(2):
        assert sim.compare(results[:2]).labels == compare(results[:2]).labels
