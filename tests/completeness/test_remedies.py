"""Rows of the fiscal sheet, two missing columns at once, and remedies that do what they say."""

from __future__ import annotations

import dataclasses
import json
from itertools import combinations

import pandas as pd
import pytest

import simulator as sim
from simulator import cli
from simulator.completeness.table import Blocked, completeness_of, remedies
from simulator.district.assumed import ALLOWED, filled
from simulator.present.sentences.completeness import lines
from tests import building
from tests.completeness.removing import ground, turned, unknown, without

PAIRS = ("payroll", "books", "junior_boarders", "primary_pupils", "operating_funds", "floor_area")


def _open(table: pd.DataFrame) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """What each output waits for."""
    rows = zip(table["group"], table["output"], table["blocked_by"], strict=True)
    return {(group, name): {each[:2] for each in blocked} for group, name, blocked in rows}


@pytest.mark.parametrize("name", ["sample", "1", "4"])
def test_a_figure_of_the_fiscal_sheet_is_named_where_it_blocks(name: str) -> None:
    district, scenario, _, before = ground(name)
    blocking = 0
    for year in district.fiscal.index:
        for column in district.fiscal.columns:
            if column == "recurrent_revenue_basis" or pd.isna(district.fiscal.at[year, column]):
                continue
            table = district.fiscal.copy()
            table.loc[year, column] = float("nan")
            result = sim.simulate(dataclasses.replace(district, fiscal=table), scenario)
            found, waits = turned(before, unknown(result)), completeness_of(result)
            named = {
                (group, output)
                for group, output, blocked in waits[["group", "output", "blocked_by"]].to_numpy()
                if Blocked("fiscal", column, (str(year),)) in blocked and (group, output) in before
            }
            assert found <= named, (year, column)
            assert {key for key in named if not before[key]} <= found, (year, column)
            blocking += bool(found)
    assert blocking >= 3


@pytest.mark.parametrize("name", ["sample", "1", "4"])
def test_a_row_of_the_fiscal_sheet_is_one_remedy(name: str) -> None:
    district, scenario, _, before = ground(name)
    year = district.base_year - 1
    result = sim.simulate(
        dataclasses.replace(district, fiscal=district.fiscal.drop(year)), scenario
    )
    found, waits = turned(before, unknown(result)), _open(completeness_of(result))
    assert found
    assert all(("fiscal_row", str(year)) in waits[key] for key in found)
    assert not any(cause[0] == "fiscal" for causes in waits.values() for cause in causes)


@pytest.mark.parametrize("name", ["sample", "1"])
def test_of_two_missing_columns_both_are_named_and_one_alone_unlocks_what_it_says(
    name: str,
) -> None:
    district, scenario, result, _ = ground(name)
    there = [column for column in PAIRS if district.schools[column].notna().any()]
    both_block = 0
    for pair in combinations(there, 2):
        waits = completeness_of(sim.simulate(without(district, *pair), scenario))
        mends = remedies(waits).set_index(["source", "column"])["unlocks"]
        for left, back in (pair, pair[::-1]):
            now = _open(completeness_of(sim.simulate(without(district, left), scenario)))
            opened = {key for key, causes in _open(waits).items() if causes and not now[key]}
            said = {key for key, causes in _open(waits).items() if causes == {("schools", back)}}
            assert mends.get(("schools", back), 0) == len(said), (left, back)
            assert said <= opened, (left, back)
            # a rule found broken settles an item; one found to speak of nobody is settled itself
            assert {group for group, _ in opened - said} <= {"item", "rule"}, (left, back)
        both_block += sum(
            causes >= {("schools", each) for each in pair} for causes in _open(waits).values()
        )
    assert both_block
    assert _open(completeness_of(result))


def test_a_column_that_may_be_declared_none_is_known_once_it_is() -> None:
    district, scenario, _, _ = ground("sample")
    declared = 0
    for column in ALLOWED:
        bare = without(district, column)
        waits = completeness_of(sim.simulate(bare, scenario))
        blocked = [each for row in waits["blocked_by"] for each in row if each.column == column]
        if not blocked:
            continue
        assert {each.remedy for each in blocked} == {"assumed_none"}, column
        schools, cells = filled(bare.schools, [column])
        told = dataclasses.replace(bare, schools=schools, assumed=cells)
        mended = _open(completeness_of(sim.simulate(told, scenario)))
        assert not any(("schools", column) in causes for causes in mended.values()), column
        declared += 1
    assert declared >= 5
    # what none may be said of is to be filled in
    waits = completeness_of(sim.simulate(without(district, "payroll"), scenario))
    assert {e.remedy for row in waits["blocked_by"] for e in row if e.column == "payroll"} == {
        "column"
    }


def test_the_remedy_that_unlocks_most_stands_first() -> None:
    district, scenario, _, _ = ground("sample")
    table = completeness_of(sim.simulate(without(district, "payroll", "books"), scenario))
    mends = remedies(table)
    assert mends.iloc[0]["column"] == "payroll"
    assert list(mends["unlocks"]) == sorted(mends["unlocks"], reverse=True)
    waiting = table[table["blocked_by"].map(len) > 0]
    assert list(waiting["unlocks"]) == sorted(waiting["unlocks"], reverse=True)
    assert list(table.index[: len(waiting)]) == list(waiting.index)


def test_a_column_that_no_figure_reads_is_not_named() -> None:
    rows = [building.school("A"), building.school("B", ownership="private", payroll=None)]
    district = building.district_of(rows)
    table = sim.completeness(district, building.scenario_of(policy=["national"]))
    # a private school's pay is no part of the need, so its empty cell keeps nothing back
    light = table.set_index(["group", "output"])["computable"]
    assert light["money", "need"] == "all"
    assert not [e for row in table["blocked_by"] for e in row if e.column == "payroll"]


def test_some_schools_may_be_computable_where_the_total_is_not() -> None:
    rows = [building.school("A"), building.school("B", payroll=None)]
    scenario = building.scenario_of(policy=["national"])
    table = sim.completeness(building.district_of(rows), scenario).set_index(["group", "output"])
    assert table.at[("money", "payroll_total"), "computable"] == "some"
    assert table.at[("money", "payroll_total"), "blocked_by"] == (
        Blocked("schools", "payroll", ("B",)),
    )
    assert table.at[("money", "operating_total"), "computable"] == "all"
    bare = sim.completeness(
        building.district_of([{**row, "payroll": None} for row in rows]), scenario
    )
    assert (
        bare.set_index(["group", "output"]).at[("money", "payroll_total"), "computable"] == "none"
    )


def test_the_plan_waits_for_what_it_refuses() -> None:
    district, scenario, _, _ = ground("sample")
    for column in ("books", "computers", "teaching_area", "primary_backbone", "payroll"):
        bare = without(district, column)
        table = sim.completeness(bare, scenario).set_index(["group", "output"])
        try:
            sim.plan(bare, scenario) if column not in ("books", "computers") else None
            refused = False
        except sim.JunhengError:
            refused = True
        assert (table.at[("plan", "plan"), "computable"] == "none") == refused, column
        named = [each.column for each in table.at[("plan", "plan"), "blocked_by"]]
        assert named == ([column] if refused else []), column


def test_the_command_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["completeness", "--lang", "en", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    table = sim.completeness(sim.sample_district())
    assert [row["output"] for row in told["outputs"]] == list(table["output"])
    assert [row["unlocks"] for row in told["remedies"]] == list(remedies(table)["unlocks"])
    assert cli.main(["completeness", "--lang", "zh"]) == 0
    assert "资金·" in capsys.readouterr().out


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_cause_has_words(language: str) -> None:
    district, scenario, _, _ = ground("sample")
    bare = without(
        district, *(c for c in district.schools.columns if district.schools[c].dtype == float)
    )
    bare = dataclasses.replace(bare, fiscal=bare.fiscal.iloc[:0])
    said = list(lines(sim.completeness(bare, scenario), district, language))
    assert len(said) > 60
    assert not [line for line in said if "{" in line or "_" in line]
