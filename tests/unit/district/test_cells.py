from __future__ import annotations

import datetime
import math

import pytest

from simulator.district.columns import column
from simulator.district.reading import cells
from simulator.district.reading.table import shown


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (12, 12.0),
        (12.5, 12.5),
        ("1,234", 1234.0),
        ("1,234,567.89", 1234567.89),
        ("１２３４", 1234.0),  # full-width digits
        ("１，２３４．５", 1234.5),
        (" 1 234 ", 1234.0),
        ("（50）", -50.0),  # an accountant's negative
        ("-3", -3.0),
        ("￥1,200元", 1200.0),
        ("12.5万", 125000.0),
        ("12.5万元", 125000.0),
        ("3.2亿元", 320000000.0),
        ("35人", 35.0),
        ("1.2e3", 1200.0),
        ("'88", 88.0),
    ],
)
def test_numbers_as_people_write_them(written: object, meant: float) -> None:
    assert cells.number(written) == meant


@pytest.mark.parametrize("mark", [None, "", " ", "—", "——", "-", "／", "…", "N/A", "暂缺", "　"])
def test_marks_for_no_figure_are_unknown_and_never_zero(mark: object) -> None:
    assert math.isnan(cells.number(mark))
    assert cells.is_blank(mark)


@pytest.mark.parametrize(
    "written",
    ["六百", "1,23", "12,34,567", "12a", "1.2.3", "无", "12-15", "约300", True,
     datetime.date(2025, 9, 1), datetime.time(1, 2), datetime.timedelta(hours=3), ".", "+", "e5"],
)  # fmt: skip
def test_what_is_no_number_is_refused_and_not_guessed(written: object) -> None:
    with pytest.raises(cells.Unreadable, match="not_a_number"):
        cells.number(written)


def test_percentages_only_where_a_share_is_meant() -> None:
    assert cells.number("96%", percent=True) == 0.96
    assert cells.number("９６．５％", percent=True) == 0.965
    with pytest.raises(cells.Unreadable, match="percent_here"):
        cells.number("96%")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("是", 1.0), ("√", 1.0), ("Yes", 1.0), (1, 1.0), (True, 1.0), ("1", 1.0),
     ("否", 0.0), ("×", 0.0), ("no", 0.0), (0, 0.0), (0.0, 0.0)],
)  # fmt: skip
def test_yes_and_no(written: object, meant: float) -> None:
    assert cells.flag(written) == meant


def test_a_flag_left_empty_is_unknown() -> None:
    assert math.isnan(cells.flag(None))
    assert math.isnan(cells.flag("—"))
    with pytest.raises(cells.Unreadable, match="not_a_flag"):
        cells.flag(2)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("小学", "primary"),
        ("九年一贯制学校", "nine_year"),
        ("初中", "junior"),
        ("完中", "complete_secondary"),
        ("special school", "special"),
        ("教学点", "teaching_point"),
        (" 十二年一贯制 ", "twelve_year"),
    ],
)
def test_types_of_schools(written: str, meant: str) -> None:
    assert cells.choice(written, "school_type") == meant


def test_a_code_stored_as_a_number_loses_its_point_but_not_its_digits() -> None:
    assert cells.text(3205001.0) == "3205001"
    with pytest.raises(cells.Unreadable, match="code_digits"):
        cells.text(1.234567890123456e18)  # 19 digits: a number keeps 15


@pytest.mark.parametrize("written", [2025, 2025.0, "2025", "2025年", "2025年度", "２０２５年"])
def test_years(written: object) -> None:
    assert cells.value(written, column("fiscal", "year")) == 2025.0


def test_a_year_as_a_date() -> None:
    assert cells.year(datetime.date(2025, 1, 1)) == 2025.0


def test_a_text_is_as_long_as_a_name_may_be_and_no_longer() -> None:
    assert cells.text("长" * 200) == "长" * 200
    with pytest.raises(cells.Unreadable, match="text_long"):
        cells.text("长" * 201)


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x85", "\u202e", "\u2066", "\ud800"])
def test_a_text_with_a_sign_that_nobody_sees_is_refused(sign: str) -> None:
    with pytest.raises(cells.Unreadable, match="text_sign"):
        cells.text(f"甲{sign}小学")
    assert cells.text("甲\n小学") == "甲\n小学"  # a line broken within a cell is seen


@pytest.mark.parametrize(
    ("value", "seen"),
    [(3.0, 3), (0.5, 0.5), (1e15, 10**15), (1.1e15, "1.1e+15"), (-1e99, "-1e+99"), ("甲", "甲"),
     ("长" * 81, "长" * 80 + "…"), ("长" * 80, "长" * 80)],
)  # fmt: skip
def test_a_value_is_quoted_in_short(value: object, seen: object) -> None:
    assert shown(value) == seen
