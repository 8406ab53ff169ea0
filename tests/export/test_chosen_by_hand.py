"""Sentences that choose: the largest line, the worst year, the least room, who fails. By hand."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

import simulator as sim
from simulator.present.brief_parts import Teller
from simulator.present.sentences import brief as brief_text
from simulator.present.sentences.verdict import Part, overall, shown_gap, verdict_parts, worst_gap
from simulator.present.table import Printer
from simulator.results.judge import Verdict
from tests.building import district_of, given, scenario_of, school

UNKNOWN = math.nan
YEARS = (2026, 2027, 2028)


@pytest.fixture(scope="module")
def town() -> sim.Result:
    """Parts A primary, B primary, B junior."""
    rows = [school("A"), school("B", "nine_year")]
    return sim.simulate(district_of(rows), scenario_of(policy=["national"]))


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
    said, worst, *_ = brief_text.money(told(funded(town, (600, 700, 790))))
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
    falling, *_ = brief_text.money(told(funded(town, (900, 900, 800))))
    assert "less(amount=100 yuan)" in falling
    still, *_ = brief_text.money(told(funded(town, (900, 900, 900.3))))
    assert "unmoved()" in still
    unknown, *_ = brief_text.money(told(funded(town, (900, 900, UNKNOWN))))
    assert "not computable" in unknown


def test_without_any_need_there_is_no_largest_line(town: sim.Result) -> None:
    nothing = dict.fromkeys(NEED, (0, 0, 0))
    said, *_ = brief_text.money(told(funded(town, (1, 2, 3), **nothing)))
    assert "largest" not in said
    # one line of a yuan is all of the need
    one = {**nothing, "aid_total": (0, 0, 1)}
    said, *_ = brief_text.money(told(funded(town, (1, 2, 3), **one)))
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
