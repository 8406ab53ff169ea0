"""One verdict with its parts, and one count of schools, on every page and in every file."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import simulator as sim
from simulator.compare.outcomes import outcome_values
from simulator.formats.as_json import machine
from simulator.present.brief_parts import Teller
from simulator.present.sentences.brief import money_verdict, outcome, risks
from simulator.present.sentences.verdict import gap_words, overall, verdict_parts, worst_gap
from simulator.present.tables.catalogue import Printer, table
from simulator.present.tables.comparison import counts_table, sides, summary_table
from simulator.results.result import Result
from simulator.results.school_counts import EVALUATED, FAILING, SchoolCount, schools_counted
from simulator.ui.components.balance_why import asked
from tests import building
from tests.app import pages


def _schools(*kinds: str, **fields: Any) -> list[dict[str, Any]]:
    """Schools that fail at every stage they have: nothing is there to teach with."""
    return [
        {**building.school(f"{kind}{n}", kind), "teaching_area": 1.0, "sports_area": 1.0, **fields}
        for n, kind in enumerate(kinds)
    ]


@pytest.fixture(scope="module")
def result() -> Result:
    """Two nine-year schools and a primary that fail at every stage: 3 schools, 5 school-stages."""
    rows = _schools("nine_year", "nine_year", "primary")
    return sim.simulate(building.district_of(rows), building.scenario_of(policy=["national"]))


def test_a_school_that_fails_at_two_stages_counts_once(result: Result) -> None:
    year = result.index.years[-1]
    assert schools_counted(result, year) == SchoolCount(failing=3, unknown=0, counted=3, stages=5)
    assert result.at(FAILING, year)[0] == 3
    assert result.at(EVALUATED, year)[0] == 3
    assert result.at("schools_failing", year).tolist() == [3, 2, 0]


def test_a_school_fails_on_what_is_known_and_is_else_not_judged() -> None:
    """The junior stage of both is unknown: one fails at primary, the other may still pass."""
    rows = [{**building.school(f"N{n}", "nine_year"), "junior_backbone": ""} for n in range(2)]
    rows[0] |= {"primary_higher_degree": 0, "primary_backbone": 0}
    district = building.district_of(rows)
    found = sim.simulate(district, building.scenario_of(policy=["national"]))
    year = found.index.base_year
    failing = {
        found.index.parts[part]: float(flag)
        for part, flag in enumerate(found.at("school_failing", year))
    }
    assert failing["N0", "primary"] == 1
    count = schools_counted(found, year)
    certain = {school for (school, _), flag in failing.items() if flag == 1}
    doubtful = {school for (school, _), flag in failing.items() if np.isnan(flag)} - certain
    assert (count.failing, count.unknown, count.counted) == (len(certain), len(doubtful), 2)
    assert count.status == "fail"


def test_every_place_tells_the_same_number_of_schools(result: Result) -> None:
    """Overview, balance, compare, brief, JSON: 3 of 3 distinct schools, never 5."""
    year = result.index.years[-1]
    verdict = table(result, "verdict", "en").records()[-1]
    assert verdict["schools"] == "3/3"
    district = table(result, "balance_verdict", "en").records()[-1]
    assert (district["stage"], district["failing"], district["schools"]) == ("District", 3, 3)
    assert "3/3; that is 5 school-stages" in table(result, f"failing_{year}", "en").note
    assert outcome_values(result, [year])[FAILING, "", year] == 3
    shown = sides(sim.compare([result, result], 0, "en"))
    facts = {row["id"]: row for row in summary_table(shown).records()}
    assert facts["schools"]["s0"] == "3/3"
    counts = {(row["id"], row["stage_id"]): row["s0"] for row in counts_table(shown).records()
              if row["year"] == str(year)}  # fmt: skip
    assert counts[FAILING, ""] == 3
    assert counts["schools_failing", "primary"] == 3
    told = [each for each in risks(Teller(result, "en")) if "fall short of what" in each]
    assert len(told) == 1
    assert "3/3 evaluated schools" in told[0]
    assert machine(result)["verdict"]["years"][-1]["schools"] == {
        "failing": 3, "unknown": 0, "counted": 3,
    }  # fmt: skip
    json.dumps(machine(result)["verdict"])
    parts = {part.id: part for part in verdict_parts(Printer(result, "en"))}
    assert parts["schools"].text.endswith(": 3/3")


def test_the_window_behind_the_number_of_schools_opens_that_number(result: Result) -> None:
    year = result.index.years[-1]
    rows = table(result, "balance_verdict", "en").records()
    find = asked(result, "balance_verdict", year)
    assert find is not None
    for row in rows:
        for column in ("schools", "failing"):
            figure = find(row, column)
            assert figure is not None
            trace = result.explain(figure.name, figure.school, figure.stage, figure.year)
            assert trace.value == row[column]
            assert trace.evaluate() == row[column]
    assert find(rows[-1], "composite") is None


def test_the_overview_counts_distinct_schools_and_opens_that_count() -> None:
    test = pages.opened("overview", "en")
    session = test.session_state["session"]
    found = sim.simulate(session.district, session.draft)
    count = schools_counted(found, found.index.years[-1])
    assert count.stages != count.failing
    shown = {each.label: each.value for each in test.metric}
    year = found.index.years[-1]
    assert shown[f"Schools that fail / evaluated, {year}"] == f"{count.failing}/{count.counted}"
    test.button(key="why:metric:failing").click().run()
    assert f"### {count.failing} schools" in pages.said(test)


def _judged(result: Result, **flags: list[Any]) -> Result:
    """The result with other flags of its verdict."""
    years = result.verdict.years.copy()
    for name, values in flags.items():
        years[name] = np.array(values, dtype=object)
    years["all_ok"] = np.array(
        [all(row) for row in zip(*(years[n] for n in ("rules_ok", "money_ok", "balanced")),
                                 strict=True)], dtype=object)  # fmt: skip
    first = {name: next((int(y) for y in years.index if years[name][y] is True), None)
             for name in ("all_ok", "balanced")}  # fmt: skip
    verdict = replace(result.verdict, years=years, first_year=first["all_ok"],
                      balanced_year=first["balanced"])  # fmt: skip
    changed = replace(result)
    changed.__dict__["verdict"] = verdict
    return changed


ALL = [True, True, True]


def test_nothing_is_well_while_a_part_fails(result: Result) -> None:
    """Every rule met, money enough, balanced: still not well while schools or items fail."""
    well = _judged(result, rules_ok=ALL, money_ok=ALL, balanced=ALL)
    parts = {part.id: part for part in verdict_parts(Printer(well))}
    assert [parts[name].status for name in ("balance", "rules", "money")] == ["pass"] * 3
    assert parts["schools"].status == "fail"
    assert overall(tuple(parts.values())) == "fail"
    only_items = [replace(part, status="fail" if part.id == "items" else "pass")
                  for part in parts.values()]  # fmt: skip
    assert overall(only_items) == "fail"
    passed = [replace(part, status="pass") for part in parts.values()]
    assert overall(passed) == "pass"
    doubtful = [replace(part, status="unknown" if part.id == "money" else "pass")
                for part in passed]  # fmt: skip
    assert overall(doubtful) == "unknown"
    papers = [replace(part, status="unknown" if part.id == "items" else "pass") for part in passed]
    assert overall(papers) == "pass"


def test_a_balance_that_is_lost_again_is_none(result: Result) -> None:
    lost = _judged(result, rules_ok=ALL, money_ok=ALL, balanced=[True, True, False])
    part = verdict_parts(Printer(lost, "en"))[0]
    assert (part.id, part.status) == ("balance", "fail")
    assert part.text == "balanced in 2026, no longer in 2028"
    assert lost.verdict.first_year == 2026
    assert lost.verdict.lasting_year is None
    assert "From 2026" not in outcome(Teller(lost, "en"))
    gained = _judged(result, rules_ok=ALL, money_ok=ALL, balanced=[True, False, True])
    assert gained.verdict.lasting_year == 2028
    assert outcome(Teller(gained, "en")).startswith("From 2028 on every rule is met")
    always = _judged(result, rules_ok=ALL, money_ok=ALL, balanced=ALL)
    assert always.verdict.lasting_year == 2026


def test_items_that_fail_are_named_beside_the_verdict(result: Result) -> None:
    crowded = building.scenario_of(policy=["national"], levers={"class_cap": {"primary": 60}})
    result = sim.simulate(result.binding.district, crowded)
    frame = result.evaluation
    last = frame[(frame["year"] == result.index.years[-1]) & (frame["status"] == "fail")]
    assert len(last)
    part = next(p for p in verdict_parts(Printer(result, "en")) if p.id == "items")
    assert part.status == "fail"
    assert part.text.startswith(f"{len(last)} item(s)")
    assert str(last["id"].iloc[0]) in part.text
    assert part.text in table(result, "verdict", "en").note
    assert part.text in outcome(Teller(result, "en"))


def _money(gaps: list[float]) -> Result:
    """A district whose planned years are left with these yuan."""
    rows = _schools("primary")
    held = sim.simulate(building.district_of(rows), building.scenario_of(policy=["national"]))
    need = [float(held.at("need", year)[0]) for year in held.index.years[2:]]
    given = [a + b for a, b in zip(need, gaps, strict=True)]
    levers = {"appropriation": {"rule": "series", "values": given}}
    scenario = building.scenario_of(policy=["national"], levers=levers)
    return sim.simulate(held.binding.district, scenario)


def test_the_verdicts_gap_is_the_smallest_of_the_years() -> None:
    """50,000 left, then 120,000 missing, then 300,000 left: the verdict tells the 120,000."""
    found = _money([50_000.0, -120_000.0, 300_000.0])
    assert found.verdict.gap == pytest.approx(-120_000)
    assert found.verdict.money_ok is False
    printer = Printer(found, "en")
    assert worst_gap(printer) == (2027, -12.0)
    part = next(p for p in verdict_parts(printer) if p.id == "money")
    assert part.text == "worst in 2027: 120,000 yuan missing"
    left = Printer(_money([50_000.0, 120_000.0, 300_000.0]), "en")
    assert left.result.verdict.gap == pytest.approx(50_000)
    part = next(p for p in verdict_parts(left) if p.id == "money")
    assert part.text == "tightest in 2026: 50,000 yuan left"


def test_a_gap_that_rounding_would_hide_is_told_with_more_digits() -> None:
    """12 yuan are missing: 0.00 in units of 10,000, and still missing."""
    found = _money([50_000.0, -12.0, 50_000.0])
    printer = Printer(found, "zh")
    assert found.verdict.money_ok is False
    assert table(found, "money").records()[-1]["2027"] == 0
    part = next(p for p in verdict_parts(printer) if p.id == "money")
    assert (part.status, part.text) == ("fail", "2027 年缺口最大，缺口 0.001 万元")
    assert "0.001 万元" in money_verdict(Teller(found))


def test_less_than_half_a_fen_is_no_gap() -> None:
    found = _money([-0.004, 0.0, 0.0])
    assert found.verdict.money_ok is True
    assert _money([-0.006, 0.0, 0.0]).verdict.money_ok is False


def test_a_surplus_is_called_left_and_a_shortage_missing(result: Result) -> None:
    for language, words in (("zh", ("结余 5.00 万元", "缺口 5.00 万元")),
                            ("en", ("50,000 yuan left", "50,000 yuan missing"))):  # fmt: skip
        printer = Printer(result, language)  # type: ignore[arg-type]
        assert (gap_words(printer, 5.0), gap_words(printer, -5.0)) == words
    assert gap_words(Printer(result, "en"), float("nan")) == "not computable"


def test_the_page_is_green_only_where_all_is_well() -> None:
    """Steady meets all 15 rules; schools fail and items fail: no green sentence, both named."""
    test = pages.opened("overview", "en")
    assert "rules met 17/17" in pages.said(test)
    assert not test.success
    said = pages.said(test)
    assert "Every rule is met through 2028; what is not met" in said
    assert "schools that fail in 2028" in said
    assert "item(s) of the evaluation and the plan are not met" in said
