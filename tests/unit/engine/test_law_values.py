"""The law's values in a result: aid, repair, posts, rotation, and which packs are cited."""

from __future__ import annotations

import dataclasses
import math
import re
import zipfile

import pandas as pd
import pytest

import simulator as sim
from simulator.machine.language import BASE
from simulator.policy.model import Citation
from simulator.present.rule_book import rule_book, to_markdown
from simulator.present.sentences.explained import source_of
from simulator.present.tables.catalogue import table, table_ids
from simulator.scenario.load import SHIPPED
from tests.building import district_of, scenario_of, school

AIDED = {"primary_boarders": 20, "aided_primary_boarder": 10, "aided_primary_day": 20}
STILL = {"price_growth": 0.0, "pay_growth": 0.0, "recurrent_revenue_growth": 0.0}
#: Pupils stay as they are: last year's were as many.
SAME = {"primary_pupils_prior": 200}


def made(base_year=2025, packs=("national",), levers=None, rows=None, district=None, **growth):
    """One town primary school of 200 pupils under some packs."""
    assumptions = {**STILL, "pupils": {"method": "growth", "primary": 0.0}, **growth}
    said = {"levers": levers} if levers else {}
    scenario = scenario_of(policy=list(packs), assumptions=assumptions, **said)
    found = rows or [school("A", **SAME, **AIDED)]
    return sim.simulate(district_of(found, base_year=base_year, **(district or {})), scenario)


def checks(result, rule):
    return result.checks[result.checks["rule"] == rule]


@pytest.mark.parametrize(
    ("base_year", "amounts"),
    [
        # 10 boarders and 20 day pupils: 1,000 and 500 from autumn 2019, 1,250 and 625 from 2024
        (2018, {2018: 0, 2019: 20_000 * 4 / 12, 2020: 20_000, 2021: 20_000}),
        (2022, {2022: 20_000, 2023: 20_000, 2024: 25_000, 2025: 25_000}),
    ],
)
def test_aid_follows_the_standard_of_each_year(base_year, amounts):
    found = made(base_year).district["aid_total"]
    assert found.to_dict() == pytest.approx(amounts)


def test_an_aid_rate_asked_for_moves_the_planned_years_only():
    levers = {"aid_rate": {"primary_boarder": 2000, "primary_day": 1000}}
    found = made(levers=levers).district["aid_total"]
    assert found.tolist() == [25_000, 40_000, 40_000, 40_000]


def test_aid_below_the_national_standard_is_computed_as_asked_and_told():
    result = made(levers={"aid_rate": {"primary_boarder": 3000, "primary_day": 600}})
    assert result.district["aid_total"].tolist()[1:] == [42_000] * 3
    rows = checks(result, "aid").set_index("year")
    # boarders get more than 1,250, day pupils 25 less than 625: 20 × 25 are missing
    assert rows.loc[2026, ["required", "actual", "headroom", "status"]].tolist() == [
        25_000, 42_000, -500, "fail",
    ]  # fmt: skip
    assert rows.loc[2025, "status"] == "pass"


def test_without_packs_and_levers_no_aid_is_paid_and_none_is_judged():
    result = made(packs=(), rows=[school("A", **SAME)])
    assert result.district["aid_total"].tolist() == [0, 0, 0, 0]
    assert checks(result, "aid").empty


def test_aided_pupils_that_are_not_reported_leave_aid_unknown():
    result = made(rows=[school("A", **SAME, aided_primary_day=None)])
    assert result.district["aid_total"].isna().all()
    assert set(checks(result, "aid")["status"]) == {"unknown"}


def test_repair_without_a_standard_goes_on_at_the_years_prices():
    result = made(price_growth=0.1)
    assert result.district["repair_total"].tolist() == pytest.approx(
        [16_000, 17_600, 19_360, 21_296]
    )
    assert checks(result, "repair").empty


def test_a_provinces_repair_standard_is_a_pack_of_its_own():
    result = made(packs=("national", "guangdong_repair"))
    assert result.district["repair_total"].tolist() == [16_000] * 4  # 200 × 80
    assert checks(result, "repair")["status"].tolist() == ["pass"] * 4
    assert checks(result, "repair")["citation"].iloc[0][0].document == "广东省校舍维修改造生均标准"


def test_repair_of_one_stage_asked_for_leaves_a_mixed_schools_other_stage_unknown():
    levers = {"repair": {"method": "per_pupil", "primary": 90}}
    nine = school("B", "nine_year", primary_pupils_prior=200, junior_pupils_prior=200)
    only = [school("A", **SAME), school("C", "junior", junior_pupils_prior=200), nine]
    found = made(levers=levers, rows=only).school_totals["repair"].xs(2026)
    # A by the lever, C as it spent, B: nobody said what its junior stage is repaired by
    assert found["A"] == 18_000 and found["C"] == 16_000 and math.isnan(found["B"])


def test_special_schools_go_on_with_their_own_repair():
    special = {"special_pupils": 60, "special_pupils_prior": 60, "special_classes": 6}
    rows = [school("A", **SAME), school("S", "special", primary_pupils=None, **special)]
    rows[1] = {k: v for k, v in rows[1].items() if not k.startswith("primary_")}
    found = made(packs=("national", "guangdong_repair"), rows=rows).school_totals["repair"]
    assert found.xs("S", level="school_id").tolist() == [16_000] * 4


@pytest.mark.parametrize(
    ("province", "base_year", "price"),
    [("江苏", 2025, 1100), ("河南", 2025, 1100), ("四川", 2025, 1200), ("四川", 2019, 900),
     ("江苏", 2019, 800), ("", 2025, math.nan)],
)  # fmt: skip
def test_repair_by_area_takes_the_unit_amount_of_the_region(province, base_year, price):
    levers = {"repair": {"method": "area", "life": 50}}
    district = {"province": province, "sharing_tier": None}
    result = made(base_year, levers=levers, district=district)
    year = base_year + 1
    assert result.district.at[year, "repair_total"] == pytest.approx(2000 * price / 50, nan_ok=True)
    asked = made(base_year, levers={"repair": {"method": "area", "life": 50, "unit_price": 600}})
    assert asked.district.at[year, "repair_total"] == 24_000


@pytest.mark.parametrize(
    ("area", "base_year", "posts"),
    [("urban", 2012, 210 / 19), ("town", 2012, 210 / 21), ("rural", 2012, None),
     ("town", 2014, 210 / 19), (None, 2012, math.nan), (None, 2014, 210 / 19)],
)  # fmt: skip
def test_posts_before_2014_by_city_town_and_village(area, base_year, posts):
    rows = [school("A", area=area, primary_pupils=210, primary_pupils_prior=210)]
    found = made(base_year, rows=rows)
    value = found.at("posts_by_pupils", base_year)[0]
    assert value == pytest.approx(210 / 23 if posts is None else posts, nan_ok=True)


def test_the_east_had_fifty_yuan_more_until_2019():
    assert made(2018).at("operating_benchmark", 2019)[0] == 650
    assert made(2018, district={"province": "河南"}).at("operating_benchmark", 2019)[0] == 600
    assert made(2018, district={"province": "河南"}).at("operating_benchmark", 2020)[0] == 650


def test_rotation_of_all_teachers_is_the_plans_and_of_eligible_ones_the_nations():
    rows = [school("A", rotation_eligible=10, **SAME)]
    national = made(rows=rows)
    assert checks(national, "rotation").empty
    judged = checks(national, "rotation_eligible")
    # nothing asked: 10% of 10 eligible teachers, 1 of 15
    assert judged["status"].tolist() == ["pass"] * 4
    assert judged["actual"].tolist() == pytest.approx([0.1] * 4)
    assert national.district["rotation_share"].tolist() == pytest.approx([1 / 15] * 4)
    low = made(rows=rows, levers={"rotation_share": 0.05})
    # 5% of 15 teachers are 7.5% of 10
    assert checks(low, "rotation_eligible")["actual"].tolist()[1:] == pytest.approx([0.075] * 3)
    assert checks(low, "rotation_eligible")["status"].tolist()[1:] == ["fail"] * 3
    both = made(packs=("national", "district_plan"), rows=rows)
    assert checks(both, "rotation")["required"].tolist() == [0.15] * 4
    assert checks(both, "rotation_eligible")["required"].tolist() == [0.1] * 4


def test_without_the_optional_column_the_national_rotation_is_not_judged_but_said_in_g11():
    result = made()
    assert checks(result, "rotation_eligible").empty
    found = result.evaluation.set_index(["year", "id"]).loc[(2026, "G11")]
    assert (found["status"], found["note"]) == ("unknown", "evaluation.no_column")
    assert "G11_eligible" in found["because"]


@pytest.mark.parametrize(("share", "status"), [(0.1, "pass"), (0.09, "fail")])
def test_g11_takes_the_eligible_share_from_the_indicators_or_from_the_column(share, status):
    district = district_of([school("A", **SAME)])
    rows = {"G11_eligible": {"name": "合格教师交流", "base_value": share},
            "G11_backbone": {"name": "骨干", "base_value": 0.2}}  # fmt: skip
    frame = pd.DataFrame.from_dict(rows, orient="index")
    tracked = sim.simulate(_with(district, frame), scenario_of(policy=["national"]))
    assert _item(tracked, "G11")["status"] == status
    # the column decides where it is given: 10% of the eligible by default
    given = _with(district_of([school("A", rotation_eligible=10, **SAME)]), frame)
    assert _item(sim.simulate(given, scenario_of(policy=["national"])), "G11")["status"] == "pass"


def _with(district, indicators):
    return dataclasses.replace(district, indicators=indicators)


def _item(result, identifier):
    return result.evaluation.set_index(["year", "id"]).loc[(result.index.base_year, identifier)]


def test_a_point_without_a_standard_in_force_says_which_pack_is_missing():
    found = _item(made(packs=("national", "district_plan")), "P21")
    assert (found["status"], found["note"]) == ("unknown", "evaluation.no_standard")


@pytest.fixture(scope="module")
def national():
    """The sample district under the law alone."""
    scenario = sim.load_scenario(SHIPPED / "steady.yaml").with_changes({"policy": ("national",)})
    return sim.simulate(sim.sample_district(), scenario)


def test_no_point_of_the_plan_is_cited_or_judged_under_the_law_alone(national):
    cites = [cite for row in national.checks["citation"] for cite in row]
    assert cites and not [cite for cite in cites if str(cite).startswith("plan")]
    assert not national.evaluation["id"].str.startswith("P").any()
    assert not [cite for row in national.evaluation["citation"] for cite in row if "plan" in cite]
    for name in ("need", "rotation_share", "posts_over_authorised", "aid_total"):
        place = {"school": "9900001"} if name == "posts_over_authorised" else {}
        trace = national.explain(name, year=2026, **place)
        told = [source_of(line, "zh") for line in trace.walk()]
        assert not [text for text in told if "三年规划" in text], name


def test_the_rule_book_under_the_law_alone_names_no_point_of_the_plan(national):
    policy, years = national.binding.policy, national.index.years[BASE:]
    for language, plan in (("zh", "区县三年规划 P"), ("en", "District three-year plan, P")):
        alone = to_markdown(rule_book(national.graph, language, policy=policy, years=years))
        assert plan not in alone
        assert plan in to_markdown(rule_book(national.graph, language))


PLAN_POINT = re.compile(r"(三年规划|three-year plan)[ ,，]*P[0-9]")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_table_book_or_brief_under_the_law_alone_names_a_point_of_the_plan(
    national, language, tmp_path
):
    tables = [table(national, name, language) for name in table_ids(national)]
    said = {each.id: "\n".join([each.note, *(" ".join(row) for row in each.texts())])
            for each in tables}  # fmt: skip
    assert [name for name, text in said.items() if PLAN_POINT.search(text)] == []
    assert not PLAN_POINT.search(_book(national, tmp_path, language))
    # under the plan they are cited: the walk would find them
    plan = sim.simulate(sim.sample_district(), sim.load_scenario(SHIPPED / "steady.yaml"))
    texts = table(plan, "rules", language).texts()
    assert PLAN_POINT.search(" ".join(" ".join(row) for row in texts))
    assert PLAN_POINT.search(_book(plan, tmp_path, language))


def _book(result, folder, language):
    """Everything that the workbook of a result says."""
    result.to_workbook(folder / "live.xlsx", language)
    with zipfile.ZipFile(folder / "live.xlsx") as book:
        return "\n".join(book.read(name).decode() for name in book.namelist() if "sheet" in name)


def test_a_check_cites_what_set_the_value_in_force(national):
    found = checks(national, "benchmark")["citation"].iloc[0][0]
    assert isinstance(found, Citation)
    assert (found.document, found.article) == ("财政部、教育部2023年春季公布", "文号待核实")
    special = checks(national, "special")["citation"].iloc[0][0]
    assert special.document == "财政部、教育部2025年春季公布"
    for language, words in (("zh", "文号待核实"), ("en", "number to verify")):
        rows = table(national, "rules", language).rows.set_index("rule_id")
        assert words in rows.at["benchmark", "citation"]


@pytest.mark.parametrize(
    ("language", "benchmark", "evaluation"), [("zh", "7,000", "8,000"), ("en", "7,000", "8,000")]
)
def test_the_two_amounts_for_special_pupils_name_each_other(
    national, language, benchmark, evaluation
):
    rows = table(national, "policy", language).rows.set_index("id")
    assert evaluation in rows.at["special_benchmark", "beside"]
    assert benchmark in rows.at["special_evaluation_floor", "beside"]
    assert rows.at["boarding_benchmark", "beside"] == ""
    for name in ("rules", "checks"):
        assert evaluation in table(national, name, language).note
    items = table(national, "evaluation", language).rows.set_index("id")
    assert all(benchmark in text for text in items.loc[["G7"], "remark"])
    law = next(line for line in national.explain("special_rate", year=2027).walk() if line.law)
    assert evaluation in source_of(law, language)
    policy, years = national.binding.policy, national.index.years[BASE:]
    book = rule_book(national.graph, language, policy=policy, years=years)
    rule = next(each for each in book.rules if each.id == "special")
    assert evaluation in rule.definition
