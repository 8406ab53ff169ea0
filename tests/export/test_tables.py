"""Tables as printed: parts add up to totals, unknown is said to be unknown."""

from __future__ import annotations

import math

import pytest

import simulator as sim
from simulator import units
from simulator.errors import JunhengError
from simulator.present.table import Table
from simulator.present.tables.catalogue import all_tables, table, table_ids
from simulator.present.tables.money import AVAILABLE_LINES, NEED_LINES
from simulator.present.tables.schools import COMPONENTS, OTHER_NEEDS
from simulator.results.result import Result
from tests.building import district_of, scenario_of, school


@pytest.fixture(scope="module")
def result(root: object) -> Result:
    return sim.simulate(sim.sample_district(), sim.load_scenario(f"{root}/scenarios/steady.yaml"))


@pytest.fixture(scope="module")
def without_revenue() -> Result:
    """A district whose accounts name no appropriation."""
    money = [
        {"year": 2024, "recurrent_revenue": 100e6, "education_appropriation": None},
        {"year": 2025, "recurrent_revenue": 105e6, "education_appropriation": None},
    ]
    district = district_of([school("1"), school("2", "nine_year")], money)
    return sim.simulate(district, scenario_of(policy=["national", "district_plan"]))


@pytest.mark.parametrize("money", ["yuan", "10k_yuan"])
def test_printed_lines_add_up_to_the_need_and_the_gap(result: Result, money: str) -> None:
    rows = table(result, "money", "zh", money).rows.set_index("id")  # type: ignore[arg-type]
    for year in ("2025", "2026", "2027", "2028"):
        column = rows[year].astype(float)
        need, available = column[list(NEED_LINES)].sum(), column[list(AVAILABLE_LINES)].sum()
        assert column["need"] == pytest.approx(need, abs=1e-6)
        assert column["available"] == pytest.approx(available, abs=1e-6)
        assert column["gap"] == pytest.approx(available - need, abs=1e-6)
        # a line is the engine's figure rounded by itself, so every table prints it the same
        yuan = float(result.district.at[int(year), "payroll_total"])
        assert column["payroll_total"] == units.half_up(yuan / (1 if money == "yuan" else 1e4),
                                                        0 if money == "yuan" else 2)  # fmt: skip


@pytest.mark.parametrize("year", [2025, 2028])
def test_printed_schools_add_up_both_ways(result: Result, year: int) -> None:
    rows = table(result, f"schools_{year}").rows
    parts, total = rows[rows["total"] == 0], rows[rows["total"] == 1].iloc[0]
    for name in (*COMPONENTS, "adjustment", "operating_funds", *OTHER_NEEDS, "direct_need"):
        assert total[name] == pytest.approx(parts[name].astype(float).sum(), abs=1e-6), name
    components = parts[[*COMPONENTS, "adjustment"]].astype(float).sum(axis=1)
    assert components.to_numpy() == pytest.approx(parts["operating_funds"].astype(float), abs=1e-6)
    needs = parts[["operating_funds", *OTHER_NEEDS]].astype(float).sum(axis=1)
    assert needs.to_numpy() == pytest.approx(parts["direct_need"].astype(float), abs=1e-6)


@pytest.mark.parametrize("year", [2025, 2026, 2028])
def test_the_schools_total_is_the_line_of_the_money_table(result: Result, year: int) -> None:
    money = table(result, "money").rows.set_index("id")[str(year)]
    rows = table(result, f"schools_{year}").rows
    parts = rows[rows["total"] == 1].iloc[0]
    whole = table(result, f"school_totals_{year}").rows.iloc[-1]
    assert parts["operating_funds"] == whole["school_operating"] == money["operating_total"]
    assert parts["stage_pay"] == whole["payroll"] == money["payroll_total"]
    assert whole["repair"] == money["repair_total"]


def test_shared_operating_funds_add_up_to_the_line_of_the_money_table(result: Result) -> None:
    sharing = table(result, "sharing").rows.set_index("id")["2027"].astype(float)
    assert sharing["operating_total"] == pytest.approx(sharing.iloc[:-1].sum(), abs=1e-6)
    assert (
        sharing["operating_total"]
        == table(result, "money").rows.set_index("id").at["operating_total", "2027"]
    )


def test_the_verdict_and_the_money_table_print_the_same_gap(result: Result) -> None:
    verdict = table(result, "verdict").rows.set_index("year")["gap"]
    gaps = table(result, "money").rows.set_index("id").loc["gap"]
    assert all(verdict[year] == gaps[year] for year in ("2026", "2027", "2028"))
    assert "17/17" in table(result, "verdict").texts()[0]


@pytest.mark.parametrize(("language", "word"), [("zh", "不可计算"), ("en", "not computable")])
def test_unknown_is_said_to_be_unknown(without_revenue: Result, language: str, word: str) -> None:
    printed = table(without_revenue, "money", language)  # type: ignore[arg-type]
    by_line = dict(zip(printed.rows["id"], printed.texts(), strict=True))
    assert by_line["appropriation"][1] == word
    assert by_line["available"][1] == by_line["gap"][1] == word
    assert by_line["need"][1] != word
    assert math.isnan(float(printed.rows.set_index("id").at["gap", "2025"]))


def test_every_export_of_the_sample_says_that_it_is_invented(result: Result) -> None:
    for language, word in (("zh", "虚构"), ("en", "Invented")):
        tables = all_tables(result, language)  # type: ignore[arg-type]
        assert all(word in each.note for each in tables)
        assert [each.id for each in tables] == table_ids(result)


def test_a_real_district_is_not_called_invented(without_revenue: Result) -> None:
    assert "虚构" not in table(without_revenue, "money").note


def test_headroom_of_a_check_is_in_its_own_unit(result: Result) -> None:
    rows = table(result, "checks").rows
    g2 = rows[(rows["rule_id"] == "growth_per_pupil") & (rows["year"] == "2026")].iloc[0]
    # cost per pupil is in yuan per pupil, what could be cut is money
    assert (g2["unit_id"], g2["headroom_unit"]) == ("yuan_per_pupil", "10k_yuan")
    exact = result.checks.query("rule == 'growth_per_pupil' and year == 2026").iloc[0]
    assert g2["headroom"] == pytest.approx(exact["headroom"] / 1e4, abs=0.005)


def test_policy_values_name_their_document_and_what_is_to_verify(result: Result) -> None:
    rows = table(result, "policy").rows
    benchmark = rows[(rows["id"] == "operating_benchmark") & (rows["since"] == "2023-01-01")]
    assert set(benchmark["document"]) == {"财政部、教育部2023年春季公布"}
    assert sorted(benchmark["amount"]) == [720, 940]
    assert set(rows["verify"]) == {"", "待核实"}


def test_an_unknown_table_names_those_there_are(result: Result) -> None:
    with pytest.raises(JunhengError, match="money") as caught:
        table(result, "moneys")
    assert caught.value.params["name"] == "moneys"


def test_every_table_has_one_text_a_column(result: Result) -> None:
    def lengths(printed: Table) -> set[int]:
        return {len(row) for row in printed.texts()} - {len(printed.columns)}

    assert [each.id for each in all_tables(result, "en", "yuan") if lengths(each)] == []
