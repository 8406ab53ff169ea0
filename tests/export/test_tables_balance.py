"""Tables of balance: printed figures never contradict the verdict, parts add up."""

from __future__ import annotations

import math

import pytest

import simulator as sim
from simulator.errors import JunhengError
from simulator.law.balance.quantities import QUALITY
from simulator.present.school_card import LINES, school_card
from simulator.present.sentences.beside import held, reaching, staying
from simulator.present.table import Printer
from simulator.present.tables.catalogue import SUBJECTS, table
from simulator.results.checklist import with_checklist
from simulator.results.result import Result
from tests.building import district_of, scenario_of, school
from tests.unit.engine.test_balance import AT_STANDARD

YEARS = (2025, 2026, 2027, 2028)


@pytest.fixture(scope="module")
def result(root: object) -> Result:
    scenario = sim.load_scenario(f"{root}/scenarios/equipment_first.yaml")
    confirmed = with_checklist(sim.sample_district(), {"G1": (True, "规划已批复")})
    return sim.simulate(confirmed, scenario)


def small(*rows: dict[str, object]) -> Result:
    scenario = scenario_of(policy=["national"])
    return sim.simulate(district_of(list(rows)), scenario)


@pytest.mark.parametrize(
    ("value", "limits", "decimals", "printed"),
    [
        (0.84996, [1, 0.85], 4, 0.8499),  # 84.996% of 85% fails: not printed as 85.00%
        (0.85, [1, 0.85], 4, 0.85),
        (0.99996, [1, 0.85], 4, 0.9999),
        (1.00004, [1, 0.85], 4, 1.0),
        (4.1999, [4.2], 2, 4.19),
        (4.2, [4.2], 2, 4.2),
        (0.3, [0.1 + 0.2], 2, 0.3),
        (3.14159, [math.nan], 2, 3.14),
    ],
)
def test_a_value_below_its_limit_is_printed_below_it(value, limits, decimals, printed) -> None:
    assert reaching(value, limits, decimals) == printed


@pytest.mark.parametrize(
    ("value", "printed"), [(0.50004, 0.5001), (0.5, 0.5), (0.49996, 0.5), (0.50016, 0.5002)]
)
def test_a_value_above_its_ceiling_is_printed_above_it(value: float, printed: float) -> None:
    assert staying(value, [0.5], 4) == printed


@pytest.mark.parametrize(
    ("value", "target", "sense", "unit", "printed"),
    [
        (0.899999, 0.9, "at_least", "share", 0.8999),
        (0.150001, 0.15, "at_most", "ratio", 0.1501),
        (0.150001, 0.15, "above", "ratio", 0.1501),
        (0.15, 0.15, "above", "ratio", 0.15),
        (0.034, 0.034001, "below", "share", 0.0339),  # falls by a hair: not printed as equal
        (0.034001, 0.034, "below", "share", 0.034),
        (0.034, math.nan, "below", "share", 0.034),
        (123_456.0, 0.0, "at_least", "yuan", 12.35),
    ],
)
def test_the_way_of_holding_decides_the_rounding(
    result: Result, value: float, target: float, sense: str, unit: str, printed: float
) -> None:
    assert held(Printer(result), value, target, sense, unit) == printed
    assert math.isnan(held(Printer(result), math.nan, target, sense, unit))


def test_a_tracked_value_a_hair_under_its_target_is_not_printed_at_it(root: object) -> None:
    district = sim.sample_district()
    district.indicators.loc["P16", "base_value"] = 0.899999
    scenario = sim.load_scenario(f"{root}/scenarios/steady.yaml")
    rows = table(sim.simulate(district, scenario), "tracked", "en").rows
    row = rows[(rows["id"] == "P16") & (rows["year"] == "2025")].iloc[0]
    assert (row["value"], row["target"], row["status"]) == (0.8999, 0.9, "not met")


def test_a_school_a_hair_under_the_exempt_share_is_not_printed_at_it() -> None:
    # 1,699,920 of 2,000,000 yuan: 84.996%
    rows = [school("A", **{**AT_STANDARD, "equipment_value": 1_699_920}), school("B")]
    result = small(*rows)
    shown = table(result, "indicators_2025").rows
    row = shown[(shown["school_id"] == "A") & (shown["indicator_id"] == "equipment_value")].iloc[0]
    assert (row["reached"], row["status_id"]) == (0.8499, "below")
    assert row["value"] == 1699.92
    failing = table(result, "failing_2025", "en").rows.set_index("school_id")
    assert failing.at["A", "unmet"] == "Equipment 84.99%"
    assert failing.at["A", "met"] == 6


def test_the_status_of_an_indicator_says_what_the_share_says(result: Result) -> None:
    for year in YEARS:
        rows = table(result, f"indicators_{year}").rows
        judged = rows[rows["status_id"].isin(["met", "nearly", "below"])]
        assert len(judged) > 300
        for share, status in zip(judged["reached"], judged["status_id"], strict=True):
            assert status == ("met" if share >= 1 else "nearly" if share >= 0.85 else "below")


def test_the_base_year_stands_beside_every_coefficient(result: Result) -> None:
    rows = table(result, "balance").rows.set_index(
        ["year", "stage_id", "evaluation_id", "indicator_id"]
    )
    row = rows.loc[("2028", "primary", "quality", "equipment_value")]
    base = rows.loc[("2025", "primary", "quality", "equipment_value")]
    assert row["base_cv"] == base["cv"] and row["base_mean"] == base["mean"]
    assert row["cv"] < row["base_cv"]  # money went to the schools with the least
    assert row["headroom"] == pytest.approx(row["limit"] - row["cv"])
    composite = rows.loc[("2028", "primary", "basic", "composite")]
    assert (composite["limit"], composite["status_id"]) == (0.65, "pass")


def test_the_verdict_rests_on_failing_schools_and_coefficients(result: Result) -> None:
    rows = table(result, "balance_verdict").rows.set_index(["year", "stage_id"])
    for (year, stage), row in rows.iterrows():
        failing = table(result, f"failing_{year}").rows
        if not stage:  # the district: each school once
            assert row["failing"] == failing["school_id"].nunique() < len(failing)
            continue
        assert row["failing"] == (failing["stage_id"] == stage).sum()
        over = result.balance.query(
            "year == @year and stage == @stage and evaluation == 'quality' and status == 'fail'",
            local_dict={"year": int(year), "stage": stage},
        )
        assert row["over"] == len(over)
        good = row["failing"] == 0 and row["over"] == 0
        assert row["quality_id"] == ("pass" if good else "fail")
        assert row["basic_id"] == "pass"
    assert rows.at[("2025", "primary"), "over"] == 1  # fails by a hair on one indicator
    assert "国教督办函〔2019〕30号" in table(result, "balance_verdict").note


def test_what_cannot_be_computed_names_the_empty_cell() -> None:
    result = small(school("A"), school("B", primary_backbone=None), school("C"))
    rows = table(result, "balance", "en").rows.set_index(["year", "evaluation_id", "indicator_id"])
    row = rows.loc[("2025", "quality", "backbone")]
    assert row["status_id"] == "unknown" and "School B" in row["remark"]
    failing = table(result, "failing_2025", "en").rows.set_index("school_id")
    assert failing.at["B", "status_id"] == "unknown"
    assert "School B" in failing.at["B", "remark"]


def test_one_school_alone_is_said_to_be_too_few() -> None:
    rows = table(small(school("A")), "balance", "zh").rows
    assert set(rows["remark"]) == {"参评学校不足两所或均值为零"}


def test_excluded_schools_are_named_with_rule_and_citation() -> None:
    special = {name: None for name in school("S") if "primary" in name}
    point = {"primary_pupils": 49, "primary_pupils_prior": 49, "primary_boarders": 0}
    result = small(
        school("A"),
        school("B"),
        school("P", "teaching_point", **point),
        school("S", "special", **special, special_pupils=30, special_pupils_prior=30),
    )
    rows = table(result, "scope_2025", "zh").rows.set_index("school_id")
    assert rows["reason"].to_dict() == {
        "P": "不足 50 人的教学点不参评",
        "S": "特殊教育学校（班）不参评",
    }
    assert all("教督〔2017〕6号" in cited for cited in rows["citation"])


@pytest.mark.parametrize("year", [2025, 2028])
def test_contributions_as_printed_add_up_to_the_variance(result: Result, year: int) -> None:
    rows = table(result, f"drivers_{year}").rows
    groups = rows.groupby(["stage_id", "indicator_id"])
    assert len(groups) == 14
    for (stage, indicator), found in groups:
        parts, whole = found[found["total"] == 0], found[found["total"] == 1].iloc[0]
        assert parts["contribution"].sum() == pytest.approx(whole["contribution"], abs=1e-9)
        assert parts["share"].sum() == pytest.approx(1, abs=1e-9)
        deviation = result.stages.at[(year, stage), f"sd_{indicator}"]
        assert whole["contribution"] == pytest.approx(deviation**2, abs=5e-5)


def test_the_distance_names_the_school_that_alone_would_do(result: Result) -> None:
    rows = table(result, "distance_2025").rows.set_index(["stage_id", "indicator_id"])
    row = rows.loc[("primary", "backbone")]
    assert row["status_id"] == "fail" and row["cv"] > row["limit"] and row["school"]
    assert row["cost"] == "" and row["added"] == 0.1 and row["moved"] == 0.1
    within = rows.loc[("primary", "equipment_value")]
    assert within["cost"] == 0 and within["school"] == "" and within["lacking_cost"] > 0


@pytest.mark.parametrize("name", ["changes", "school_changes_2027"])
def test_both_changes_as_printed_add_up(result: Result, name: str) -> None:
    rows = table(result, name).rows
    assert len(rows) > 40
    for row in rows.to_dict("records"):
        added = row["base"] + row["by_spending"] + row["by_pupils"]
        assert added == pytest.approx(row["now"], abs=1e-9), row


def test_nothing_spent_is_no_change_because_of_spending(result: Result) -> None:
    # the path buys nothing of these; shares of mixed schools move with their pupils alone
    rows = table(result, "school_changes_2028").rows
    unspent = rows[rows["indicator_id"].isin(["sports_area", "backbone"])]
    assert set(unspent["by_spending"]) == {0}
    assert unspent["by_pupils"].abs().max() > 0


def test_every_item_has_one_verdict_a_year_with_citation_and_state(result: Result) -> None:
    rows = table(result, "evaluation", "zh").rows
    assert len(rows) == 51 * 4 and not rows.duplicated(["year", "id"]).any()
    assert all(rows["citation"]) and all(rows["status"])
    first = rows[rows["year"] == "2026"].set_index("id")
    assert (first.at["G1", "status"], first.at["G1", "remark"]) == ("已落实", "规划已批复")
    assert first.at["Q3", "status"] == "待确认"
    assert first.at["G5", "citation"] == "教督〔2017〕6号 政府保障程度第5项"
    assert first.at["P9", "citation"] == "区县三年规划 P9"
    assert first.at["G9", "remark"].startswith("未填报")


def test_items_in_english_hold_no_chinese_but_documents(result: Result) -> None:
    shown = table(result, "evaluation", "en")
    texts = [cell for row in shown.texts() for cell in row]
    left = [text for text in texts if any("\u4e00" <= sign <= "\u9fff" for sign in text)]
    kept = ("教督〔2017〕6号", "规划已批复")
    assert [text for text in left if not text.startswith(kept)] == []


def test_training_shows_every_view_and_leaves_what_is_not_reported_blank() -> None:
    result = small(
        school("A", operating_funds_final=200_000, training_spend_final=9_998,
               training_tagged=2_000, training_spend=8_000),
        school("B"),
    )  # fmt: skip
    rows = table(result, "training", "en").rows.set_index("school_id")
    a, b = rows.loc["A"], rows.loc["B"]
    # 8,000 of 200,000; with 2,000 tagged 10,000; final account 9,998: 4.999% is not 5%
    assert (a["budget"], a["budget_status_id"]) == (0.04, "fail")
    assert (a["tagged"], a["tagged_status_id"]) == (0.05, "pass")
    assert (a["final"], a["final_status_id"]) == (0.0499, "fail")
    assert (b["budget"], b["final"], b["tagged"]) == (0.05, "", "")


def test_the_bureau_pot_stands_beside_the_schools(result: Result) -> None:
    rows = table(result, "training_bureau", money="yuan").rows
    assert list(rows["year"]) == [str(year) for year in YEARS]
    for row in rows.to_dict("records"):
        assert row["fund"] == pytest.approx(0.015 * row["payroll_total"], abs=1)
        assert row["status_id"] == "pass" and row["schools"] > 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_table_of_balance_is_printed_in_both_languages(result: Result, language: str) -> None:
    for name in SUBJECTS["balance"]:
        made = table(result, name, language)  # type: ignore[arg-type]
        assert made.title and len(made.rows)
        assert {len(row) for row in made.texts()} == {len(made.columns)}
        assert all(made.heading(column).strip() for column in made.columns)


def test_a_card_says_who_the_school_is_what_it_has_and_what_it_lacks(result: Result) -> None:
    mixed = next(
        school for school, stage in result.index.parts
        if stage == "junior" and (school, "primary") in result.index.part_position
    )  # fmt: skip
    card = school_card(result, mixed, "en", 2025)
    assert [stage.stage for stage in card.stages] == ["primary", "junior"]
    pupils = result.at("pupils", 2025)[result.index.part_position[mixed, "primary"]]
    assert dict(card.profile)["Pupils · Primary"] == f"{pupils:,.0f} pupils"
    for stage in card.stages:
        assert list(stage.indicators.rows["indicator_id"]) == [item.id for item in QUALITY]
        below = stage.indicators.rows.query("status_id in ('nearly', 'below')")
        assert set(stage.lacks.rows["indicator_id"]) == set(below["indicator_id"])
    assert card.year == 2025 and str(card.year) in card.title


def test_the_money_of_a_card_adds_up_and_is_the_school_s(result: Result) -> None:
    card = school_card(result, "9900001", "zh", money="yuan")
    lines = card.money.rows.set_index("id")
    for year in map(str, YEARS):
        assert lines.at["direct_need", year] == lines.loc[list(LINES), year].sum()
        exact = result.school_totals.at[(int(year), "9900001"), "school_training"]
        assert lines.at["school_training", year] == pytest.approx(exact, abs=0.5)
    assert card.money.texts()[0][0] == "公用经费"


def test_a_card_passes_fails_or_is_out() -> None:
    point = {"primary_pupils": 49, "primary_pupils_prior": 49, "primary_boarders": 0}
    near = {**AT_STANDARD, "equipment_value": 1_999_000, "teaching_area": 4499}
    result = small(
        school("A", **AT_STANDARD), school("B", **near), school("C", primary_backbone=None),
        school("P", "teaching_point", **point),
    )  # fmt: skip
    found = {name: school_card(result, name, "en", 2025).stages[0] for name in "ABCP"}
    assert {name: card.status for name, card in found.items()} == {
        "A": "pass", "B": "fail", "C": "unknown", "P": "out",
    }  # fmt: skip
    assert found["B"].verdict.startswith("Fails: 5 of 7 met")
    # one of the two may stay near: the 1,000 yuan of equipment are the cheaper one
    assert "1,000 yuan" in found["B"].lacks.note
    assert "School C" in found["C"].verdict


def test_a_card_of_no_school_or_year_is_refused(result: Result) -> None:
    with pytest.raises(JunhengError, match="nobody"):
        school_card(result, "nobody")
    with pytest.raises(JunhengError, match="2024"):
        school_card(result, "9900001", year=2024)
