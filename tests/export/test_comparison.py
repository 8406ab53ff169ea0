"""Scenarios side by side as they are printed: sums, differences and steps add up as read."""

from __future__ import annotations

import csv
import dataclasses
import io
import math
import re
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

import simulator as sim
from simulator import cli
from simulator.compare import AVAILABLE_LINES, NEED_LINES, Comparison, combine
from simulator.glossary import LANGUAGES, Language
from simulator.present.table import MoneyUnit, Table
from simulator.present.tables.catalogue import table
from simulator.present.tables.comparison import (
    balance_table,
    counts_table,
    money_table,
    parameters_table,
    sides,
    standards_table,
    summary_table,
)
from simulator.present.tables.comparison_steps import (
    combination_table,
    comparison_csv,
    comparison_tables,
    rules_table,
    waterfall_table,
    winners_table,
)
from simulator.results.result import Result
from simulator.scenario.describe import as_sentence, difference
from simulator.scenario.load import SHIPPED
from tests import building

NAMES = ("baseline", "steady", "tight_revenue")


@pytest.fixture(scope="module")
def results() -> list[Result]:
    district = sim.sample_district()
    return [sim.simulate(district, sim.load_scenario(SHIPPED / f"{name}.yaml")) for name in NAMES]


@pytest.fixture(scope="module")
def comparison(results: list[Result]) -> Comparison:
    return sim.compare(results)


def by(found: Table, *names: str) -> dict[Any, dict[str, Any]]:
    return {tuple(row[name] for name in names): row for row in found.records()}


def fen(value: float) -> int:
    """A printed figure of two decimals in whole hundredths."""
    return round(value * 100)


def test_money_is_what_each_scenarios_own_table_prints(
    comparison: Comparison, results: list[Result]
) -> None:
    found = by(money_table(sides(comparison)), "id", "year")
    for place, result in enumerate(results):
        for row in table(result, "money").records():
            for year in ("2026", "2027", "2028"):
                assert found[row["id"], year][f"s{place}"] == row[year]


@pytest.mark.parametrize("money", ["yuan", "10k_yuan"])
def test_printed_differences_add_up(comparison: Comparison, money: MoneyUnit) -> None:
    found = by(money_table(sides(comparison, money=money)), "id", "year")
    for year in map(str, comparison.years):
        for column in ("s0", "s1", "s2", "d1", "d2"):
            part = {name: fen(row[column]) for (name, y), row in found.items() if y == year}
            assert part["need"] == sum(part[line] for line in NEED_LINES)
            assert part["available"] == sum(part[line] for line in AVAILABLE_LINES)
            assert part["gap"] == part["available"] - part["need"]
        row = found["gap", year]
        assert fen(row["d2"]) == fen(row["s2"]) - fen(row["s0"])


@pytest.mark.parametrize("money", ["yuan", "10k_yuan"])
@pytest.mark.parametrize("base", [0, 1, 2])
def test_the_steps_as_printed_lead_from_one_gap_to_the_other(
    results: list[Result], base: int, money: MoneyUnit
) -> None:
    shown = sides(sim.compare(results, base), money=money)
    for other in shown.others:
        found = waterfall_table(shown, other)
        texts = {row["id"]: found.texts()[n] for n, row in enumerate(found.records())}
        for column in range(1, len(found.columns)):
            read = {
                line: fen(float(cells[column].replace(",", "").replace("−", "-")))
                for line, cells in texts.items()
            }
            steps = [value for line, value in read.items() if not line.startswith("gap_")]
            assert len(steps) == len(NEED_LINES) + len(AVAILABLE_LINES)
            assert read["gap_from"] + sum(steps) == read["gap_to"]


def test_a_scenario_against_itself_differs_in_nothing(results: list[Result]) -> None:
    shown = sides(sim.compare([results[1], results[1]]))
    for found in (money_table, standards_table, balance_table, counts_table):
        rows = found(shown).records()
        assert len(rows) > 5
        assert {row["d1"] for row in rows if not math.isnan(row["d1"])} == {0.0}
    same = parameters_table(shown)
    assert same.records() == []
    assert "完全相同" in same.note
    assert {row["change"] for row in winners_table(shown, 1, 2028).records()[:-1]} == {"same"}


def test_parameters_are_what_differs_or_everything(comparison: Comparison) -> None:
    shown = sides(comparison)
    few, all_of_them = parameters_table(shown), parameters_table(shown, everything=True)
    assert len(all_of_them.rows) > len(few.rows)
    assert {row["differs"] for row in few.records()} == {"不同"}
    rows = by(all_of_them, "path")
    assert rows[("levers.operating_rate.junior",)]["s0"] == "按现行规定"
    assert rows[("levers.operating_rate.junior",)]["s1"] == "1,300 元"
    assert rows[("levers.investment.equipment_value.amount",)]["s1"] == "200 万元"
    assert rows[("horizon",)]["s0"] == "3 年"
    assert rows[("policy",)]["differs"] == ""


def test_the_summary_says_what_each_scenarios_verdict_says(
    comparison: Comparison, results: list[Result]
) -> None:
    found = by(summary_table(sides(comparison, "en")), "id")
    for place, result in enumerate(results):
        verdict = result.verdict
        assert found[("rules",)][f"s{place}"] == f"{verdict.rules_met}/{verdict.rules_total}"
        assert found[("identity",)][f"s{place}"] == result.identity[:12]
        gaps = [
            row["gap"] for row in table(result, "verdict", "en").records()
        ]  # the least of the printed ones
        side = "missing" if min(gaps) < 0 else "left"
        amount = f"{round(abs(min(gaps)) * 10_000):,} yuan"
        assert found[("gap",)][f"s{place}"] == f"{amount} {side}"


def test_the_summary_says_in_a_sentence_what_each_scenario_does(comparison: Comparison) -> None:
    """The same words as on screen and in the brief; the base tells itself."""
    found = by(summary_table(sides(comparison, "en")), "id")[("does",)]
    scenarios = comparison.scenarios
    for place in (1, 2):
        clauses = difference(scenarios[0], scenarios[place], "en", 2025)
        assert found[f"s{place}"] == as_sentence(clauses, "en")
    assert found["s1"].startswith("Lets appropriation grow 0.5 points faster")


def test_rules_say_since_when_they_are_broken(
    comparison: Comparison, results: list[Result]
) -> None:
    found = by(rules_table(sides(comparison)), "id")
    checks = results[2].checks
    broken = checks[(checks["rule"] == "no_fall_total") & (checks["status"] == "fail")]
    row = found[("no_fall_total",)]
    assert row["s2"] == f"未达到（{broken['year'].min()} 年起）"
    assert row["h2"] == pytest.approx(broken["headroom"].min() / 10_000, abs=0.005)
    assert row["s1"] == "达到"


def test_winners_and_losers_add_up_as_printed(comparison: Comparison) -> None:
    rows = winners_table(sides(comparison), 1, 2028).records()
    parts, total = rows[:-1], rows[-1]
    assert len(parts) > 40
    for name in ("base", "other", "difference"):
        assert fen(total[name]) == sum(fen(row[name]) for row in parts)
    for row in parts:
        assert fen(row["difference"]) == fen(row["other"]) - fen(row["base"])
    assert {row["stage_id"] for row in parts} == {"primary", "junior", "special"}


def test_two_changes_alone_together_and_only_together(results: list[Result]) -> None:
    """200 pupils · 1,000 yuan; rate +100: 20,000; tilt 0.2: 40,000; both 64,000: only together
    200 · 100 · 0.2 = 4,000."""
    district = building.district_of([building.school("a", weak=1)], operating_rate_primary=1000)
    levers = {"operating_rate": {"primary": 1000}, "hold_harmless": False}
    asked = (levers, {**levers, "operating_rate": {"primary": 1100}},
             {**levers, "weak_school_tilt": 0.2})  # fmt: skip
    runs = [
        sim.simulate(district, building.scenario_of(policy=[], horizon=1, levers=each))
        for each in asked
    ]
    found = by(combination_table(combine(*runs), 2026, "zh", "yuan"), "id")
    row = found[("operating_total",)]
    kinds = ("base", "first", "second", "both", "interaction")
    assert [row[kind] for kind in kinds] == [200_000, 20_000, 40_000, 64_000, 4_000]


def test_other_data_are_said_before_all_else(results: list[Result]) -> None:
    other = building.district_of([building.school("a"), building.school("b", "junior")])
    made = sim.simulate(other, results[0].binding.scenario)
    found = sim.compare([results[0], made])
    for each in comparison_tables(found):
        assert each.note.startswith("这些方案使用的数据不同")
    first = comparison_csv(found, "en").decode("utf-8-sig").splitlines()[0]
    assert "stand on different data" in first


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cell_has_words(comparison: Comparison, language: Language) -> None:
    for found in comparison_tables(comparison, language, everything=True):
        assert len({column.id for column in found.columns}) == len(found.columns)
        texts = found.texts()
        assert texts
        assert not any(re.search(r"\b(nan|None)\b", text) for row in texts for text in row)


def test_csv_holds_every_table_and_no_formula(results: list[Result]) -> None:
    binding = dataclasses.replace(
        results[1].binding,
        scenario=dataclasses.replace(results[1].binding.scenario, name={"zh": "=1+1"}),
    )
    found = sim.compare([results[0], dataclasses.replace(results[1], binding=binding)])
    content = comparison_csv(found)
    assert content.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    titles = {each.title for each in comparison_tables(found)}
    assert titles <= {row[0] for row in rows if row}
    texts = [cell for row in rows for cell in row]
    assert any(text.startswith("'=1+1") for text in texts)
    assert not any(text.startswith("=") for text in texts)


def test_the_command_line_shows_what_the_tables_print(
    comparison: Comparison, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["compare", *NAMES, "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    for row in money_table(sides(comparison)).texts():
        assert all(cell in said for cell in row)
    assert "收支差额变动分解" not in said  # a file holds all tables


def test_the_command_line_writes_what_the_name_asks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = {kind: str(tmp_path / f"out{kind}") for kind in (".xlsx", ".csv", ".docx", "")}
    assert cli.main(["compare", "baseline", "steady", "--xlsx", out[".xlsx"]]) == 0
    assert cli.main(["compare", "baseline", "steady", "--out", out[".csv"]]) == 0
    assert cli.main(["compare", "baseline", "steady", "--out", out[""]]) == 0
    assert cli.main(["brief", "steady", "--out", out[".docx"]]) == 0
    assert "out.docx" in capsys.readouterr().err
    assert len(openpyxl.load_workbook(out[".xlsx"]).sheetnames) >= 10
    assert Path(out[".csv"]).read_bytes().startswith("\ufeff".encode())
    assert (Path(out[""]) / "comparison_money.csv").is_file()
    assert docx.Document(out[".docx"]).paragraphs[0].style.name == "Title"


@pytest.mark.parametrize("names", [["steady"], ["steady"] * 7, ["steady", "nosuch"]])
def test_what_cannot_be_compared_ends_in_a_line(
    names: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["compare", *names, "--lang", "en"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
