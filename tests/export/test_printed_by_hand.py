"""Figures as printed: beside limits, in rows that add up, what a school lacks. By hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import simulator as sim
from simulator.present.sentences.beside import empty_cells, exceeding, held, reaching, staying
from simulator.present.table import Column, Printer, Table
from simulator.present.tables.balance_rows import ordinary_parts, stages_there, standing
from simulator.present.tables.drivers import drivers_table, split_of
from simulator.present.tables.items import _floor_status, _training
from simulator.present.tables.money import printed_money
from simulator.present.tables.schools import _fitted, _with_total, schools_table
from tests.building import district_of, scenario_of, school
from tests.export.test_chosen_by_hand import UNKNOWN, YEARS, Word, given


@pytest.fixture(scope="module")
def town() -> sim.Result:
    """Parts A primary, B primary, B junior."""
    rows = [school("A"), school("B", "nine_year")]
    return sim.simulate(district_of(rows), scenario_of(policy=["national"]))


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
