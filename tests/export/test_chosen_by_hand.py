"""Sentences that choose: the largest line, the worst year, the least room, who fails. By hand."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

import simulator as sim
from simulator.engine.judge import Verdict
from simulator.export import brief_text
from simulator.export.balance_rows import ordinary_parts, stages_there, standing
from simulator.export.beside import empty_cells, exceeding, held, reaching, staying
from simulator.export.brief_parts import Teller
from simulator.export.table import Column, Printer, Table
from simulator.export.tables_drivers import drivers_table, split_of
from simulator.export.tables_items import _floor_status, _training
from simulator.export.tables_money import printed_money
from simulator.export.tables_schools import _fitted, _with_total, schools_table
from simulator.export.verdict_parts import Part, overall, shown_gap, verdict_parts, worst_gap
from tests.building import district_of, scenario_of, school

UNKNOWN = math.nan
YEARS = (2026, 2027, 2028)


@pytest.fixture(scope="module")
def town() -> sim.Result:
    """Parts A primary, B primary, B junior."""
    rows = [school("A"), school("B", "nine_year")]
    return sim.simulate(district_of(rows), scenario_of(policy=["national"]))


def given(result: sim.Result, **values: Any) -> sim.Result:
    made = dict(result.values)
    for name, value in values.items():
        found = np.array(value, dtype=float)
        made[name] = found[:, np.newaxis] if found.ndim == 1 else found
    return dataclasses.replace(result, values=made)


class Coded(Teller):
    """Says the name of a sentence and what is in it, in place of words."""

    def say(self, identifier: str, **params: object) -> str:
        """The name of a sentence with its parameters in order."""
        if identifier == "comma":
            return ", "
        return f"{identifier}({', '.join(f'{key}={params[key]}' for key in sorted(params))})"


class Word(Printer):
    """Prints the name of a word and what is in it."""

    def word(self, identifier: str, **params: object) -> str:
        """The name of a word with its parameters in order."""
        if identifier == "stop":
            return "; "
        return f"{identifier}({', '.join(f'{key}={params[key]}' for key in sorted(params))})"


#: Yuan by line of need in 2026, 2027 and 2028.
NEED = {
    "operating_total": (100, 100, 100), "payroll_total": (400, 500, 300),
    "bureau_training": (10, 10, 10), "repair_total": (50, 50, 50), "aid_total": (20, 20, 20),
    "investment_total": (0, 0, 320),
}  # fmt: skip


def funded(result: sim.Result, money: tuple[float, ...], **more: Any) -> sim.Result:
    """The needs above, 580, 680 and 800 in all, and so much money in each year."""
    lines = {name: [0.0, 0.0, *values] for name, values in {**NEED, **more}.items()}
    gaps = [0.0, 0.0] + [
        amount - sum(line[2 + place] for line in lines.values())
        for place, amount in enumerate(money)
    ]
    return given(result, **lines, appropriation=[0, 0, *money], upper_transfers=[0] * 5,
                 carried_over=[0] * 5, gap=gaps)  # fmt: skip


def told(result: sim.Result) -> Coded:
    return Coded(result, "en", "yuan")


def test_money_tells_the_first_and_the_last_year_and_the_largest_line_of_the_last(town) -> None:
    said, worst = brief_text.money(told(funded(town, (600, 700, 790))))
    need, available, largest = said.split(") ")
    # from 580 to 800; from 600 to 790; of 800 in 2028 investment is 320: 40.0%
    assert "first=2026, last=2028" in need
    assert "now=800 yuan" in need and "was=580 yuan" in need and "more(amount=220 yuan" in need
    assert "now=790 yuan" in available and "was=600 yuan" in available
    assert "more(amount=190 yuan" in available
    assert "amount=320 yuan" in largest and "share=40.0%" in largest and "year=2028" in largest
    assert f"line={town.graph.label('investment_total', 'en')}" in largest
    # 600 − 580, 700 − 680, 790 − 800
    assert worst == "money_short(gap=10 yuan, year=2028, years=2028)"


def test_what_falls_and_what_stays_is_told(town: sim.Result) -> None:
    falling, _ = brief_text.money(told(funded(town, (900, 900, 800))))
    assert "less(amount=100 yuan)" in falling
    still, _ = brief_text.money(told(funded(town, (900, 900, 900.3))))
    assert "unmoved()" in still
    unknown, _ = brief_text.money(told(funded(town, (900, 900, UNKNOWN))))
    assert "not computable" in unknown


def test_without_any_need_there_is_no_largest_line(town: sim.Result) -> None:
    nothing = dict.fromkeys(NEED, (0, 0, 0))
    said, _ = brief_text.money(told(funded(town, (1, 2, 3), **nothing)))
    assert "largest" not in said
    # one line of a yuan is all of the need
    one = {**nothing, "aid_total": (0, 0, 1)}
    said, _ = brief_text.money(told(funded(town, (1, 2, 3), **one)))
    assert "share=100.0%" in said


@pytest.mark.parametrize(
    ("money", "expected"),
    [
        ((600, 700, 900), "money_enough(gap=20 yuan, year=2026)"),
        ((600, 690, 900), "money_enough(gap=10 yuan, year=2027)"),
        ((580, 700, 900), "money_enough(gap=0 yuan, year=2026)"),
        ((500, 600, 790), "money_short(gap=80 yuan, year=2026, years=2026, 2027, 2028)"),
        ((579, 700, 900), "money_short(gap=1 yuan, year=2026, years=2026)"),
        ((579, UNKNOWN, 900), "money_unknown()"),
    ],
)
def test_the_worst_year_of_the_money(town: sim.Result, money: Any, expected: str) -> None:
    assert brief_text.money_verdict(told(funded(town, money))) == expected


def test_the_first_year_that_is_not_known_comes_before_all(town: sim.Result) -> None:
    year, gap = worst_gap(Printer(funded(town, (1, UNKNOWN, UNKNOWN)), "en", "yuan"))
    assert year == 2027 and math.isnan(gap)


def test_a_gap_is_exact_where_its_print_is_on_the_other_side(town: sim.Result) -> None:
    # 0.4 yuan are missing in 2026 and 0.4 are left in 2027: neither is printed as nought
    printer = Printer(funded(town, (579.6, 680.4, 800)), "en", "yuan")
    assert shown_gap(printer, 2026) == pytest.approx(-0.4)
    assert shown_gap(printer, 2027) == 0
    assert shown_gap(printer, 2028) == 0
    assert worst_gap(printer)[0] == 2026


RULE = ("growth_total", "growth_pay", "no_fall_total")


def checked(result: sim.Result, *rows: tuple[str, float, str]) -> sim.Result:
    """The result with these checks alone: (rule, headroom of every planned year, status)."""
    first = result.checks.iloc[0].to_dict()
    made = [
        {**first, "rule": rule, "year": year, "subject": "district", "stage": None,
         "school_id": None, "headroom": room if year > 2025 else 1e9, "unit": "yuan",
         "status": status if year > 2025 else "pass", "citation": ("education_law 56",)}
        for rule, room, status in rows
        for year in (2025, *YEARS)
    ]  # fmt: skip
    other = dataclasses.replace(result)
    other.__dict__["checks"] = pd.DataFrame(made)
    return other


def test_rules_name_those_that_are_broken_and_the_least_room_in_money(town) -> None:
    rules = (("growth_total", 500.0, "pass"), ("no_fall_total", 300.0, "pass"),
             ("repair", -70.0, "fail"), ("training_bureau", 0.0, "fail"))  # fmt: skip
    said = brief_text.rules(told(checked(town, *rules)))
    assert said[0].startswith("rules(met=2, total=4")
    assert said[1].startswith("broken(missing=70") and "year=2026" in said[1]
    assert said[2].startswith("broken_equal(") and "year=2026" in said[2]
    assert said[3].startswith("tightest(amount=300 yuan")
    assert len(said) == 4


def test_no_room_left_is_no_room_to_tell(town: sim.Result) -> None:
    said = brief_text.rules(told(checked(town, ("growth_total", 0.0, "pass"))))
    assert len(said) == 1
    one = brief_text.rules(told(checked(town, ("growth_total", 1.0, "pass"))))
    assert one[1].startswith("tightest(amount=1 yuan")


def balanced(result: sim.Result, *cvs: float) -> sim.Result:
    """The seven CVs of the primary stage in the last year, others 0.1; the limit is 0.5."""
    table = result.balance.copy()
    table.loc[:, ["cv", "limit", "status"]] = (0.1, 0.5, "pass")
    last = table[(table["year"] == 2028) & (table["stage"] == "primary")
                 & (table["evaluation"] == "quality")].index  # fmt: skip
    for place, cv in zip(last, cvs, strict=False):
        table.loc[place, "cv"] = cv
        table.loc[place, "status"] = "unknown" if math.isnan(cv) else (
            "fail" if cv > 0.5 else "pass")  # fmt: skip
    other = dataclasses.replace(result)
    other.__dict__["balance"] = table
    return other


def test_cvs_above_their_limit_are_named_and_those_not_known_are_counted(town) -> None:
    said = brief_text.balance(told(balanced(town, 0.61234, 0.4, UNKNOWN, 0.7, UNKNOWN)))
    assert len(said) == 3
    assert said[0].startswith("above_limit(limit=0.50") and "0.6123" in said[0]
    assert "0.7000" in said[0] and "0.4" not in said[0].replace("0.40", "")
    assert "year=2028" in said[0]
    assert said[1].startswith("cv_unknown(count=2")
    assert said[2].startswith("within_limit(count=7, limit=0.50")
    (both, junior) = brief_text.balance(told(balanced(town, *[UNKNOWN] * 7)))
    assert both.startswith("cv_unknown(count=7") and junior.startswith("within_limit(count=7")


def verdict(result: sim.Result, *flags: tuple[Any, Any, Any]) -> sim.Result:
    """The result with (rules, money, balance) of its planned years."""
    rows = [{"rules_ok": a, "money_ok": b, "balanced": c, "basic_balanced": c,
             "all_ok": (a, b, c) == (True, True, True), "rules_met": 3, "rules_total": 5}
            for a, b, c in flags]  # fmt: skip
    years = pd.DataFrame(rows, index=pd.Index(YEARS, name="year"), dtype=object)
    balance = [year for year, row in zip(YEARS, rows, strict=True) if row["balanced"] is True]
    other = dataclasses.replace(result)
    other.__dict__["verdict"] = Verdict(years, 3, 5, 0.0, None, balance[0] if balance else None)
    return other


GOOD = (True, True, True)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (GOOD, "all_met(year=2027)"),
        ((False, True, True), "not_met(last=2028, what=wanting.rules_ok())"),
        (
            (False, False, None),
            ("not_met(last=2028, what=wanting.rules_ok(), wanting.money_ok())"
             "not_known(what=wanting.balanced())"),
        ),
        ((True, None, None), "not_known(what=wanting.money_ok(), wanting.balanced())"),
    ],
)  # fmt: skip
def test_the_outcome_names_what_stands_in_the_way(town, last, expected: str) -> None:
    made = verdict(town, (True, True, False), GOOD, last)
    assert brief_text._outcome(told(made)) == expected


def test_risks_are_told_from_figures(town: sim.Result) -> None:
    made = funded(town, (580 - 58, 700, 800 - 8))
    made = given(made, schools_failing=[[0, 0, 0]] * 4 + [[2, 1, 0]], school_fails=[[0, 1]] * 5,
                 school_evaluated=[[1, 1]] * 5, posts_over_authorised=[[0, 1]] * 5)  # fmt: skip
    said = brief_text.risks(told(made))
    # 58 of 580 are 10%, 8 of 800 are 1%
    assert said[0] == "risk_gap(gap=58 yuan, share=10.0%, year=2026)"
    assert said[1] == "risk_gap(gap=8 yuan, share=1.0%, year=2028)"
    broken = made.verdict.rules_total - made.verdict.rules_met
    assert [each for each in said if each.startswith("risk_rules")] == [
        f"risk_rules(count={broken})"
    ] * (broken > 0)
    schools = next(each for each in said if each.startswith("risk_schools"))
    assert "schools=1/2" in schools and "year=2028" in schools
    assert schools.count("stage_count(") == 2 and "count=2" in schools
    posts = next(each for each in said if each.startswith("risk_posts"))
    assert posts == "risk_posts(count=1, year=2028)"


def test_schools_of_one_stage_alone_are_named_alone(town: sim.Result) -> None:
    made = given(town, schools_failing=[[0, 0, 0]] * 4 + [[0, 1, 0]],
                 posts_over_authorised=[[0, 0]] * 5)  # fmt: skip
    said = brief_text.risks(told(made))
    schools = next(each for each in said if each.startswith("risk_schools"))
    assert schools.count("stage_count(") == 1 and "stage=Junior" in schools
    assert not [each for each in said if each.startswith("risk_posts")]
    unknown = given(made, schools_failing=[[0, 0, 0]] * 4 + [[UNKNOWN, 0, 0]])
    assert not [e for e in brief_text.risks(told(unknown)) if e.startswith("risk_schools")]


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (("pass", "pass", "pass", "pass", "pass"), "pass"),
        (("pass", "pass", "pass", "pass", "fail"), "fail"),  # items too
        (("pass", "pass", "pass", "pass", "unknown"), "pass"),  # items do not decide
        (("unknown", "pass", "pass", "pass", "pass"), "unknown"),
        (("pass", "pass", "pass", "unknown", "pass"), "unknown"),
        (("unknown", "fail", "pass", "pass", "pass"), "fail"),
    ],
)
def test_the_whole_verdict_from_its_parts(statuses: Any, expected: str) -> None:
    names = ("balance", "money", "schools", "rules", "items")
    parts = [Part(name, status, "", "") for name, status in zip(names, statuses, strict=True)]
    assert overall(parts) == expected


def parts_of(result: sim.Result) -> dict[str, Part]:
    return {part.id: part for part in verdict_parts(Word(result, "en", "yuan"))}


def test_balance_that_is_lost_and_balance_that_lasts(town: sim.Result) -> None:
    lost = parts_of(verdict(town, GOOD, GOOD, (True, True, False)))["balance"]
    assert (lost.status, lost.text) == ("fail", "part.balance_lost(last=2028, year=2026)")
    never = parts_of(verdict(town, *[(True, True, False)] * 3))["balance"]
    assert never.text == "part.not_balanced(last=2028, year=None)"
    good = parts_of(verdict(town, (True, True, False), GOOD, GOOD))["balance"]
    assert (good.status, good.text) == ("pass", "part.balanced(last=2028, year=2027)")
    hidden = parts_of(verdict(town, GOOD, GOOD, (True, True, None)))["balance"]
    assert (hidden.status, hidden.text.split("(")[0]) == ("unknown", "part.balance_unknown")


def test_money_is_left_or_missing(town: sim.Result) -> None:
    short = parts_of(funded(town, (600, 600, 900)))["money"]
    assert (short.status, short.text) == (
        "fail", "part.gap_short(gap=gap_missing(amount=80 yuan), year=2027)",
    )  # fmt: skip
    left = parts_of(funded(town, (600, 700, 805)))["money"]
    assert left.text == "part.gap_left(gap=gap_left(amount=5 yuan), year=2028)"


def listed(result: sim.Result, *statuses: str) -> sim.Result:
    """The first items of the evaluation with these statuses in the last year, the rest met."""
    table = result.evaluation.copy()
    table["status"] = np.where(table["year"] == 2027, "fail", "pass")
    last = table[table["year"] == 2028].index
    table.loc[last[: len(statuses)], "status"] = list(statuses)
    other = dataclasses.replace(result)
    other.__dict__["evaluation"] = table
    return other


def test_six_items_are_named_and_a_seventh_is_counted(town: sim.Result) -> None:
    six = parts_of(listed(town, *["fail"] * 6))["items"]
    assert six.status == "fail"
    assert "and_more" not in six.text and six.text.count("; ") == 5 and "count=6" in six.text
    seven = parts_of(listed(town, *["fail"] * 7, "unknown"))["items"]
    assert "and_more(count=1)" in seven.text and seven.text.count("; ") == 5
    assert seven.brief == "part.items_brief(count=7, year=2028)"
    unknown = parts_of(listed(town, "unknown", "pass", "unknown"))["items"]
    assert (unknown.status, unknown.text) == ("unknown", "part.items_unknown(count=2, year=2028)")
    met = parts_of(listed(town))["items"]
    assert (met.status, met.text) == ("pass", "part.items_met(count=0, year=2028)")


@pytest.mark.parametrize(
    ("value", "limit", "printed"),
    [(0.5, 0.5, 0.5), (0.50001, 0.5, 0.5001), (0.49999, 0.5, 0.5), (0.6, 0.5, 0.6),
     (0.4, 0.5, 0.4), (UNKNOWN, 0.5, UNKNOWN), (0.4, UNKNOWN, 0.4)],
)  # fmt: skip
def test_what_must_exceed_is_printed_above_where_it_does(value, limit, printed) -> None:
    assert exceeding(value, limit, 4) == pytest.approx(printed, nan_ok=True, abs=1e-12)


@pytest.mark.parametrize(
    ("value", "limits", "printed"),
    [(84.996, [85.0], 84.99), (85.0, [85.0], 85.0), (84.999, [UNKNOWN, 85.0], 84.99),
     (86.0, [85.0, 86.004], 85.99), (90.0, [85.0], 90.0), (1.0, [UNKNOWN], 1.0)],
)  # fmt: skip
def test_what_must_be_reached_is_printed_below_where_it_is_not(value, limits, printed) -> None:
    if value == 86.0:  # 86.00 and 86.004 would print alike: a digit less
        assert reaching(value, limits, 2) == printed
    assert reaching(value, limits, 2) == pytest.approx(printed, abs=1e-9)
    assert staying(-value, [-each for each in limits], 2) == pytest.approx(-printed, abs=1e-9)


def test_a_value_is_held_by_its_sense_and_unit(town: sim.Result) -> None:
    printer = Printer(town, "en", "10k_yuan")
    assert held(printer, 12_345.0, 1.0, "at_least", "yuan") == 1.23
    assert held(printer, 0.849996, 0.85, "at_least", "share") == 0.8499
    assert held(printer, 0.50004, 0.5, "at_most", "ratio") == 0.5001
    assert held(printer, 0.00001, 0.0, "above", "share") == 0.0001
    assert held(printer, 0.03399, 0.034, "below", "share") == 0.0339
    assert held(printer, 0.034, 0.034, "below", "share") == 0.034
    assert held(printer, 3.14159, 4.0, "at_least", "unit_without_decimals") == 3.14


def test_two_empty_cells_are_named_and_a_third_is_counted() -> None:
    rows = [school(name, equipment_value=None) for name in "AB"] + [school("C"), school("D")]
    two = sim.simulate(district_of(rows), scenario_of(policy=["national"]))
    place = ("cv_equipment_value", None, "primary", 2026)
    assert "(" not in empty_cells(two, *place, "en").replace("(yuan)", "")
    assert empty_cells(two, *place, "en").count("; ") == 1
    rows[2]["equipment_value"] = None
    three = sim.simulate(district_of(rows), scenario_of(policy=["national"]))
    assert empty_cells(three, *place, "en").endswith(" … (3)")
    assert empty_cells(three, *place, "zh").endswith(" …（3）")
    assert empty_cells(two, "pupils", "A", "primary", 2026, "en") == ""


@pytest.mark.parametrize(
    ("scope", "reached", "word"),
    [(1, 1.0, "met"), (1, 1 - 1e-10, "met"), (1, 0.999, "nearly"), (1, 0.85, "nearly"),
     (1, 0.85 - 1e-10, "nearly"), (1, 0.849, "below"), (0, 1.2, "out"), (1, UNKNOWN, "unknown"),
     (UNKNOWN, 1.0, "unknown"), (0, UNKNOWN, "out"), (1, 1.5, "met")],
)  # fmt: skip
def test_how_a_school_stands(scope: float, reached: float, word: str) -> None:
    assert standing(scope, reached, 0.85) == word


def test_ordinary_parts_and_stages_leave_special_schools_out() -> None:
    special = {name: value for name, value in school("S", "special", special_pupils=30).items()
               if not name.startswith("primary_") and "_primary" not in name}  # fmt: skip
    rows = [special, school("A"), school("B", "junior")]
    printer = Printer(sim.simulate(district_of(rows), scenario_of(policy=["national"])))
    assert [printer.result.index.parts[part] for part in ordinary_parts(printer)] == [
        ("A", "primary"), ("B", "junior"),
    ]  # fmt: skip
    assert stages_there(printer) == ["primary", "junior"]


@pytest.mark.parametrize(
    ("amounts", "whole", "fitted"),
    [
        # each is rounded, the digit that is left goes to the one rounded most the other way
        ([1.4, 1.4, 1.2], 4, [2, 1, 1]),
        ([1.5, 1.5, 1.0], 4, [1, 2, 1]),
        ([1.6, 1.7, 0.0], 3, [1, 2, 0]),
        ([2.0, 3.0], 5, [2, 3]),
        ([0.4, 2.4, 0.4], 3, [0, 3, 0]),
        ([UNKNOWN, 2.4], UNKNOWN, [UNKNOWN, 2]),
    ],
)
def test_a_rows_components_add_up_to_what_is_printed_for_it(town, amounts, whole, fitted) -> None:
    found = _fitted(Printer(town, "en", "yuan"), amounts, whole)
    assert found.tolist() == pytest.approx(fitted, nan_ok=True)


def test_a_table_ends_with_the_sum_of_what_is_printed(town: sim.Result) -> None:
    rows = pd.DataFrame({"school_name": ["A", "B"], "x": [1.25, 2.5], "y": [1.0, UNKNOWN],
                         "rate": [3.0, 4.0]})  # fmt: skip
    last = _with_total(Printer(town, "en", "10k_yuan"), rows, ("x", "y")).iloc[-1]
    assert last["x"] == 3.75 and math.isnan(last["y"]) and last["rate"] == ""
    assert last["total"] == 1
    assert _with_total(Printer(town, "en", "yuan"), rows, ("x",)).iloc[-1]["x"] == 3.75
    assert _with_total(Printer(town), rows, ("x",))["total"].tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("spending", "pupils", "shown"),
    [
        # 1.004 + 0.004 + 0.004 = 1.012: 1.00 + 0.00 + 0.01 = 1.01; the larger takes the last digit
        (0.0044, 0.0040, [1.0, 0.01, 0.0, 1.01]),
        (0.0040, 0.0044, [1.0, 0.0, 0.01, 1.01]),
        (-0.0044, 0.0021, [1.0, 0.0, 0.0, 1.0]),
        (0.5, -0.25, [1.0, 0.5, -0.25, 1.25]),
    ],
)
def test_both_changes_lead_from_the_base_to_what_is_there(town, spending, pupils, shown) -> None:
    now = 1.004 + spending + pupils
    names = ("base_value_books", "by_spending_books", "by_pupils_books", "value_books")
    made = given(town, **{name: [[0, value, 0]] * 5 for name, value in zip(
        names, (1.004, spending, pupils, now), strict=True)})  # fmt: skip
    row = split_of(Printer(made, "en"), "", "books", 1, 2026)
    assert [row[name] for name in ("base", "by_spending", "by_pupils", "now")] == pytest.approx(
        shown, abs=1e-9
    )


def test_under_the_sum_of_schools_stands_what_it_leaves_out(town: sim.Result) -> None:
    rows = schools_table(Printer(town, "en", "yuan"), 2027).records()
    sums, other, bureau, whole = rows[-4:]
    assert [row["total"] for row in rows] == [0, 0, 0, 1, 2, 2, 2]
    for name in ("operating_funds", "stage_pay", "stage_repair", "aid", "investment"):
        assert whole[name] - sums[name] == pytest.approx(other[name]), name
    # a nine-year school's pay is all of its two stages': nothing is left out
    assert other["stage_pay"] == 0 and math.copysign(1, other["stage_pay"]) == 1
    money = printed_money(Printer(town, "en", "yuan"), 2027)
    assert whole["direct_need"] == money["need"]
    assert whole["stage_pay"] == money["payroll_total"] == 4_000_000
    assert bureau["direct_need"] == money["bureau_training"] == 0
    trained = given(town, bureau_training=[60_000] * 5)
    assert (
        schools_table(Printer(trained, "en", "yuan"), 2027).records()[-2]["direct_need"] == 60_000
    )
    # pay that no part has: a line of its own
    more = given(town, payroll_total=[4_000_100.0] * 5)
    other = schools_table(Printer(more, "en", "yuan"), 2027).records()[-3]
    assert other["stage_pay"] == 100 and other["direct_need"] == 100


@pytest.mark.parametrize(
    ("value", "unit", "status", "printed"),
    [(-0.3, "yuan", "fail", -0.3), (-0.3, "yuan", "pass", 0), (-70.2, "yuan", "fail", -70),
     (-0.00001, "share", "fail", -0.00001), (-0.5, "person", "fail", -0.5)],
)  # fmt: skip
def test_what_is_missing_is_never_printed_as_nought(town, value, unit, status, printed) -> None:
    found = Printer(town, "en", "yuan").headroom(value, unit, status)
    assert found == pytest.approx(printed, abs=1e-12)
    tenth = Printer(town, "en", "10k_yuan").headroom(value, unit, status)
    if unit == "yuan" and status == "fail":
        assert tenth == pytest.approx(value / 10_000 if value > -50 else -0.01, abs=1e-9)


#: 2,500, 1,500, 500 yuan a pupil and so on: the mean is 1,500, the two ends drive the difference.
def many(count: int) -> sim.Result:
    rows = [school("ABCDEFGH"[place], equipment_value=200 * (500 + 100 * place))
            for place in range(count)]  # fmt: skip
    return sim.simulate(district_of(rows), scenario_of(policy=["national"]))


@pytest.mark.parametrize(("count", "rows"), [(6, 7), (7, 7), (8, 7)])
def test_of_seven_drivers_five_are_named_and_the_rest_is_one_line(count: int, rows: int) -> None:
    table = drivers_table(Word(many(count), "en", "yuan"), 2026)
    found = [row for row in table.records() if row["indicator_id"] == "equipment_value"]
    assert len(found) == rows
    sizes = [row["contribution"] for row in found]
    assert math.fsum(sizes[:-1]) == pytest.approx(sizes[-1])
    assert [row["total"] for row in found] == [0] * (rows - 1) + [1]
    assert math.fsum(row["share"] for row in found[:-1]) == pytest.approx(1)
    assert found[-1]["share"] == 1
    named = sizes[: min(count, 6) if count == 6 else 5]
    assert named == sorted(named, reverse=True)
    if count > 6:
        assert found[-2]["school_name"] == f"the_rest(count={count - 5})"
        # mean 800 (or 850): what the others are away from it, squared, by their share of pupils
        mean = 500 + 50 * (count - 1)
        away = sorted((500 + 100 * place - mean) ** 2 for place in range(count))
        assert sizes[-2] == pytest.approx(sum(away[: count - 5]) / count, abs=1e-3)


def test_without_a_difference_there_is_no_share(town: sim.Result) -> None:
    table = drivers_table(Printer(town, "en"), 2026)
    place = ("equipment_value", "junior")
    found = [row for row in table.records() if (row["indicator_id"], row["stage_id"]) == place]
    assert all(math.isnan(row["share"]) for row in found)
    assert found[-1]["contribution"] == 0


@pytest.mark.parametrize(
    ("share", "floor", "status"),
    [(0.05, 0.05, "pass"), (0.05 - 1e-10, 0.05, "pass"), (0.0499, 0.05, "fail"),
     (UNKNOWN, 0.05, "unknown"), (0.05, UNKNOWN, "unknown")],
)  # fmt: skip
def test_a_share_of_training_against_its_floor(share, floor, status) -> None:
    assert _floor_status(share, floor) == status


def test_training_of_a_school_as_printed(town: sim.Result) -> None:
    shares = [[0.9, 0.9], [0.04, 0.049996], [0.05, 0.06], [0.049996, 0.07], [0.08, 0.09]]
    made = given(town, school_training_share=shares, training_floor_share=[0.05] * 5,
                 training_share_tagged=[[0.05, UNKNOWN]] * 5,
                 training_share_final=[[UNKNOWN, 0.04]] * 5)  # fmt: skip
    first, second = (_training(Printer(made, "en", "yuan"), place) for place in (0, 1))
    # the base year's of each, never rounded over the floor
    assert (first["budget"], first["budget_status_id"]) == (0.04, "fail")
    assert (second["budget"], second["budget_status_id"]) == (0.0499, "fail")
    assert (first["tagged"], first["tagged_status_id"]) == (0.05, "pass")
    assert (second["tagged"], second["tagged_status_id"]) == ("", "")
    assert (first["final"], second["final"], second["final_status_id"]) == ("", 0.04, "fail")
    assert [first[str(year)] for year in YEARS] == [0.05, 0.0499, 0.08]
    assert (first["operating_budget"], first["training_30216"]) == (200_000, 10_000)


def test_a_cell_is_read_by_its_unit() -> None:
    columns = [Column("a", "A", "yuan", 0), Column("b", "B", "*unit"), Column("c", "C"),
               Column("d", "D", "share"), Column("e", "E", "number", 4)]  # fmt: skip
    rows = pd.DataFrame([
        {"a": 1234.0, "b": 2.5, "unit": "m2", "c": "x", "d": 0.125, "e": 0.12345},
        {"a": UNKNOWN, "b": 0.004, "unit": "yuan_per_pupil", "c": None, "d": UNKNOWN, "e": ""},
        {"a": -0.4, "b": 1.0, "unit": "", "c": UNKNOWN, "d": 1.0, "e": -2.0},
    ])  # fmt: skip
    texts = Table("t", "T", tuple(columns), rows, "", "en").texts()
    assert texts[0] == ["1,234", "2.5 m²", "x", "12.50%", "0.1235"]
    assert texts[1] == ["not computable", "0.004 yuan per pupil", "", "not computable", ""]
    assert texts[2] == ["0", "", "", "100.00%", "−2.0000"]
