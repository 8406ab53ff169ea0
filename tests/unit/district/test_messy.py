"""Workbooks as officers really have them: each must come out as the same district."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulator.district.reading.load import load_district
from simulator.errors import FindingsError
from tests.unit.district.books import GOOD, Rows, good_sheets, write_book, write_folder

KEPT = Path(__file__).parent / "kept"
Sheets = dict[str, Rows]
Mess = Callable[[Sheets], dict[str, Any] | None]


@pytest.fixture(scope="module")
def good() -> str:
    return load_district(GOOD).fingerprint


def _column(sheets: Sheets, heading: str) -> int:
    return sheets["学校"][0].index(heading)


def _each(sheets: Sheets, change: Callable[[Any], Any], *headings: str) -> None:
    for heading in headings:
        column = _column(sheets, heading)
        for row in sheets["学校"][1:]:
            if row[column] is not None:
                row[column] = change(row[column])


def title_row(sheets: Sheets) -> None:
    sheets["学校"].insert(0, ["2025年测试区义务教育学校基本情况统计表"])


def title_and_reporting_lines(sheets: Sheets) -> None:
    sheets["学校"][:0] = [
        ["附件2"],
        ["2025年测试区义务教育学校基本情况统计表"],
        ["填报单位：测试区教育局", None, None, "填报日期：2025年9月20日", None, "单位：人、元"],
    ]


def merged_title(sheets: Sheets) -> dict[str, Any]:
    title_row(sheets)
    return {"merges": {"学校": ["A1:AD1"]}}


def blank_rows_and_columns_before(sheets: Sheets) -> None:
    sheets["学校"] = [[], [], *([None, None, *row] for row in sheets["学校"])]


def blank_rows_between(sheets: Sheets) -> None:
    rows = sheets["学校"]
    sheets["学校"] = [rows[0], [], rows[1], rows[2], [], [], *rows[3:]]


def totals_below(sheets: Sheets) -> None:
    rows = sheets["学校"]
    sums: list[Any] = ["合计", None, None]
    for column in range(3, len(rows[0])):
        numbers = [row[column] for row in rows[1:] if isinstance(row[column], int)]
        sums.append(sum(numbers) if numbers else None)
    rows.append(sums)


def totals_above(sheets: Sheets) -> None:
    totals_below(sheets)
    sheets["学校"].insert(1, sheets["学校"].pop())


def subtotals_inside(sheets: Sheets) -> None:
    rows = sheets["学校"]
    pupils = _column(sheets, "小学在校生")
    for place, name, value in ((3, "城关镇小计", 648), (6, "镇区小计", 360)):
        line: list[Any] = [None] * len(rows[0])
        line[1], line[pupils] = name, value
        rows.insert(place, line)


def notes_below(sheets: Sheets) -> None:
    sheets["学校"] += [
        [],
        ["注：1.在校生为2025年秋季数；2.公用经费为年初预算数。"],
        ["填表人：张某", None, None, "审核人：李某", None, "负责人：王某"],
    ]


def serial_numbers_and_remarks(sheets: Sheets) -> None:
    for number, row in enumerate(sheets["学校"]):
        row.insert(0, "序号" if number == 0 else number)
        row.append("备注" if number == 0 else "无异常" if number == 2 else None)


def serial_numbers_filled_down(sheets: Sheets) -> None:
    serial_numbers_and_remarks(sheets)
    width = len(sheets["学校"][0])
    sheets["学校"] += [[number, *[None] * (width - 1)] for number in range(6, 30)]


def thousands_separators(sheets: Sheets) -> None:
    _each(sheets, lambda value: f"{value:,}", "公用经费预算", "教职工工资总额", "小学在校生")


def full_width_digits(sheets: Sheets) -> None:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    _each(sheets, lambda value: str(value).translate(wide), "小学在校生", "公用经费预算", "一年级")


def dashes_where_there_is_nothing(sheets: Sheets) -> None:
    marks = ["—", "-", "/", "——", "\u3000"]
    for number, row in enumerate(sheets["学校"][1:]):
        row[:] = [marks[number] if cell is None else cell for cell in row]


def numbers_as_text(sheets: Sheets) -> None:
    for row in sheets["学校"][1:]:
        row[:] = [f" {cell} " if isinstance(cell, int) else cell for cell in row]


def units_behind_figures(sheets: Sheets) -> None:
    _each(sheets, lambda value: f"{value}人", "小学在校生", "小学专任教师")
    _each(sheets, lambda value: f"{value / 10_000:.4f}万元", "公用经费预算")


def codes_as_numbers(sheets: Sheets) -> None:
    _each(sheets, int, "学校代码")


def ten_thousand_yuan_in_headings(sheets: Sheets) -> None:
    money = ("教职工工资总额", "公用经费预算", "培训费预算")
    _each(sheets, lambda value: value / 10_000, *money)
    for heading in money:
        sheets["学校"][0][_column(sheets, heading)] = f"{heading}\n（万元）"


def hundred_million_yuan_in_fiscal(sheets: Sheets) -> None:
    sheets["财政"][0][1] = "财政经常性收入（亿元）"
    for row in sheets["财政"][1:]:
        row[1] = int(row[1]) / 100_000_000


def line_breaks_and_spaces_in_headings(sheets: Sheets) -> None:
    head = sheets["学校"][0]
    head[:] = [f" {text[:2]}\n{text[2:]}\u3000" if len(text) > 3 else text for text in head]


def headings_of_the_statistics_system(sheets: Sheets) -> None:
    other = {
        "学校代码": "学校标识码",
        "学校名称": "学校（机构）名称",
        "小学在校生": "小学在校学生数",
        "小学专任教师": "小学专任教师数",
        "小学县级以上骨干教师数": "小学骨干教师",
        "在编教职工": "在编教职工数",
        "公用经费预算": "年度公用经费预算",
        "培训费预算": "其中：培训费",
        "教学及辅助用房面积": "教学及辅助用房面积（不含室内体育用房）",
        "校舍建筑面积": "校舍建筑总面积（平方米）",
    }
    head = sheets["学校"][0]
    head[:] = [other.get(text, text) for text in head]


def years_in_headings(sheets: Sheets) -> None:
    head = sheets["学校"][0]
    head[_column(sheets, "小学在校生")] = "2025年小学在校生"
    head[_column(sheets, "小学在校生（上年）")] = "2024年小学在校生数"
    head[_column(sheets, "初中在校生")] = "初中在校生（2025年）"
    head[_column(sheets, "初中在校生（上年）")] = "2024年秋季初中在校生"


def headings_printed_again(sheets: Sheets) -> None:
    rows = sheets["学校"]
    rows.insert(4, list(rows[0]))


GROUPS = {
    "小学": {"小学在校生": "在校生", "小学在校生（上年）": "在校生（上年）", "小学寄宿生": "寄宿生",
             "小学班级数": "班级数", "小学最大班额": "最大班额", "小学专任教师": "专任教师",
             "一年级": "一年级", "二年级": "二年级", "三年级": "三年级", "四年级": "四年级",
             "五年级": "五年级", "六年级": "六年级", "小学困难寄宿生": "困难寄宿生",
             "小学困难非寄宿生": "困难非寄宿生", "小学县级以上骨干教师数": "县级以上骨干教师数"},
    "初中": {"初中在校生": "在校生", "初中在校生（上年）": "在校生（上年）"},
    "经费情况": {"教职工工资总额": "教职工工资总额", "公用经费预算": "公用经费预算",
             "培训费预算": "其中：培训费"},
}  # fmt: skip


def _two_levels(sheets: Sheets) -> list[tuple[str, int, int]]:
    """Sorts the columns into groups; returns the groups and the columns they reach over."""
    rows = sheets["学校"]
    grouped = [name for group in GROUPS.values() for name in group]
    order = [name for name in rows[0] if name not in grouped] + grouped
    places = [rows[0].index(name) for name in order]
    body = [[row[place] for place in places] for row in rows[1:]]
    upper: list[Any] = [name if name not in grouped else None for name in order]
    lower: list[Any] = [None] * len(order)
    reach = []
    start = len(order) - len(grouped)
    for title, group in GROUPS.items():
        upper[start] = title
        lower[start : start + len(group)] = list(group.values())
        reach.append((title, start, start + len(group) - 1))
        start += len(group)
    sheets["学校"] = [upper, lower, *body]
    return reach


def _letters(column: int) -> str:
    return chr(65 + column) if column < 26 else "A" + chr(65 + column - 26)


def two_level_headings_merged(sheets: Sheets) -> dict[str, Any]:
    reach = _two_levels(sheets)
    first = reach[0][1]
    across = [f"{_letters(start)}1:{_letters(end)}1" for _, start, end in reach]
    down = [f"{_letters(column)}1:{_letters(column)}2" for column in range(first)]
    return {"merges": {"学校": across + down}}


def two_level_headings_under_a_title(sheets: Sheets) -> dict[str, Any]:
    reach = _two_levels(sheets)
    title_and_reporting_lines(sheets)
    across = [f"{_letters(start)}4:{_letters(end)}4" for _, start, end in reach]
    down = [f"{_letters(column)}4:{_letters(column)}5" for column in range(reach[0][1])]
    return {"merges": {"学校": ["A2:T2", *across, *down]}}


def two_level_headings_not_merged(sheets: Sheets) -> None:
    _two_levels(sheets)


def stages_on_separate_sheets(sheets: Sheets) -> None:
    rows = sheets.pop("学校")
    head = rows[0]
    common = ["学校代码", "学校名称", "办学类型"]
    own = {
        "小学": [name for name in head if name.startswith("小学") or name.endswith("年级")],
        "初中": [name for name in head if name.startswith("初中")],
    }
    rest = [name for name in head if name not in {*common, *own["小学"], *own["初中"]}]
    sheets["学校"] = _picked(rows, common + rest)
    for stage, names in own.items():
        part = _picked(rows, common + names, lambda row, s=stage: row[head.index(f"{s}在校生")])
        part[0] = [name.removeprefix(stage) for name in part[0]]
        sheets[f"{stage}情况"] = part


def _picked(rows: Rows, names: list[str], kept: Callable[[list[Any]], Any] | None = None) -> Rows:
    places = [rows[0].index(name) for name in names]
    body = [row for row in rows[1:] if kept is None or kept(row) is not None]
    return [[row[place] for place in places] for row in [rows[0], *body]]


def money_on_its_own_sheet_by_code(sheets: Sheets) -> None:
    rows = sheets["学校"]
    money = ["教职工工资总额", "公用经费预算", "培训费预算"]
    sheets["学校"] = _picked(rows, [name for name in rows[0] if name not in money])
    sheets["经费表"] = _picked(rows, ["学校代码", "学校名称", *money])
    sheets["经费表"][1:] = sheets["经费表"][:0:-1]  # in another order


def money_on_its_own_sheet_by_name(sheets: Sheets) -> None:
    rows = sheets["学校"]
    money = ["教职工工资总额", "公用经费预算", "培训费预算", "在编教职工"]
    sheets["学校"] = _picked(rows, [name for name in rows[0] if name not in money])
    sheets["经费表"] = _picked(rows, ["学校名称", *money])


def schools_split_by_area(sheets: Sheets) -> None:
    rows = sheets.pop("学校")
    sheets["城区学校"] = [rows[0], rows[1], rows[5]]
    sheets["乡镇学校"] = [list(rows[0]), *rows[2:5]]


def sheets_without_telling_names(sheets: Sheets) -> None:
    for number, name in enumerate(list(sheets), start=1):
        sheets[f"Sheet{number}"] = sheets.pop(name)


def further_sheets(sheets: Sheets) -> None:
    sheets["填表说明"] = [["一、本表由各区县教育局填报。"], ["二、单位：元。"]]
    sheets["数据字典"] = [["代码", "含义"], [1, "公办"], [2, "民办"]]


def years_as_columns(sheets: Sheets) -> None:
    sheets["财政"] = [list(line) for line in zip(*sheets["财政"], strict=True)]
    sheets["财政"][0] = ["项目", "2024年", "2025年"]


def years_as_columns_with_units_beside(sheets: Sheets) -> None:
    years_as_columns(sheets)
    units = ["单位", "万元", None, "万元", "元", "元/人"]
    for row, unit in zip(sheets["财政"], units, strict=True):
        row.insert(1, unit)
        if unit == "万元":
            row[2:] = [int(each) / 10_000 for each in row[2:]]


def years_as_columns_under_a_title(sheets: Sheets) -> None:
    years_as_columns(sheets)
    sheets["财政"].insert(0, ["测试区财政基本情况"])


def district_as_one_row(sheets: Sheets) -> None:
    sheets["区县"] = [list(line) for line in zip(*sheets["区县"], strict=True)][0:2]
    sheets["区县"] = [row[1:] for row in sheets["区县"]]


def district_with_remarks(sheets: Sheets) -> None:
    for number, row in enumerate(sheets["区县"]):
        row.append("说明" if number == 0 else f"第{number}项")


def percentages_as_text(sheets: Sheets) -> None:
    for row in sheets["指标"][1:]:
        row[2:] = [f"{float(str(each).rstrip('%')) * (1 if '%' in str(each) else 100):.1f}％"
                   for each in row[2:]]  # fmt: skip


def years_with_words_in_indicators(sheets: Sheets) -> None:
    sheets["指标"][0] = ["指标编号", "指标名称", "现状值", "2026年计划值", "2027年目标"]


def english_and_chinese_mixed(sheets: Sheets) -> None:
    head = sheets["学校"][0]
    english = {
        "学校代码": "School ID",
        "办学类型": "Type of school",
        "小学在校生": "primary_pupils",
        "公用经费预算": "Operating funds budget (yuan)",
        "办别": "Ownership",
    }
    for chinese, other in english.items():
        head[_column(sheets, chinese)] = other


def words_instead_of_codes(sheets: Sheets) -> None:
    kinds = {
        "小学": "完小",
        "教学点": "小学教学点",
        "初级中学": "普通初中",
        "九年一贯制": "九年一贯制学校",
        "特殊教育": "特教学校",
    }
    _each(sheets, kinds.__getitem__, "办学类型")
    _each(sheets, {"是": "√", "否": "×"}.__getitem__, "薄弱学校")
    _each(sheets, {"公办": "公立", "民办": "私立"}.__getitem__, "办别")


def everything_at_once(sheets: Sheets) -> dict[str, Any]:
    thousands_separators(sheets)
    dashes_where_there_is_nothing(sheets)
    merges = two_level_headings_under_a_title(sheets)
    notes_below(sheets)
    years_as_columns_with_units_beside(sheets)
    percentages_as_text(sheets)
    further_sheets(sheets)
    return merges


MESSES: tuple[Mess, ...] = (
    title_row, title_and_reporting_lines, merged_title, blank_rows_and_columns_before,
    blank_rows_between, totals_below, totals_above, subtotals_inside, notes_below,
    serial_numbers_and_remarks, serial_numbers_filled_down, thousands_separators,
    full_width_digits, dashes_where_there_is_nothing, numbers_as_text, units_behind_figures,
    codes_as_numbers, ten_thousand_yuan_in_headings, hundred_million_yuan_in_fiscal,
    line_breaks_and_spaces_in_headings, headings_of_the_statistics_system, years_in_headings,
    headings_printed_again, two_level_headings_merged, two_level_headings_under_a_title,
    two_level_headings_not_merged, stages_on_separate_sheets, money_on_its_own_sheet_by_code,
    money_on_its_own_sheet_by_name, schools_split_by_area, sheets_without_telling_names,
    further_sheets, years_as_columns, years_as_columns_with_units_beside,
    years_as_columns_under_a_title, district_as_one_row, district_with_remarks,
    percentages_as_text, years_with_words_in_indicators, english_and_chinese_mixed,
    words_instead_of_codes, everything_at_once,
)  # fmt: skip


def _told(path: Path) -> str:
    try:
        district = load_district(path)
    except FindingsError as error:
        return error.text("zh")
    return "\n".join(each.text("zh") for each in district.findings) or district.fingerprint


@pytest.mark.parametrize("mess", MESSES, ids=lambda mess: mess.__name__)
def test_it_comes_out_as_the_same_district(tmp_path: Path, good: str, mess: Mess) -> None:
    sheets = good_sheets()
    how = mess(sheets) or {}
    assert _told(write_book(tmp_path / "d.xlsx", sheets, **how)) == good


def test_there_are_at_least_thirty() -> None:
    assert len({mess.__name__ for mess in MESSES}) >= 30


@pytest.mark.parametrize("name", ["good.xls", "good.ods"])
def test_older_and_open_formats(good: str, name: str) -> None:
    """Saved by LibreOffice from the good workbook."""
    assert _told(KEPT / name) == good
    origin = load_district(KEPT / name).origin("schools", "102", "operating_funds")
    assert origin is not None and (origin.sheet, origin.cell) == ("学校", "AA3")


@pytest.mark.parametrize("mess", [two_level_headings_not_merged, totals_below, notes_below])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_messy_tables_saved_as_csv(tmp_path: Path, good: str, mess: Mess, encoding: str) -> None:
    sheets = good_sheets()
    mess(sheets)
    names = {"学校": "schools", "财政": "fiscal", "指标": "indicators", "区县": "district"}
    tables = {names[name]: rows for name, rows in sheets.items()}
    assert _told(write_folder(tmp_path / "d", tables, encoding)) == good


def test_subtotals_are_no_schools_and_not_compared(tmp_path: Path) -> None:
    def edit(sheets: Sheets) -> None:
        subtotals_inside(sheets)
        totals_below(sheets)
        for row in sheets["学校"]:
            if str(row[1]).endswith("小计"):
                row[_column(sheets, "小学在校生")] = 1

        sheets["学校"][-1][_column(sheets, "小学在校生")] = 1_008  # 600 + 48 + 360

    assert _edited(tmp_path, edit) == []


def test_a_unit_above_the_table_is_used_and_said(tmp_path: Path, good: str) -> None:
    sheets = good_sheets()
    _each(sheets, lambda value: value / 10_000, "教职工工资总额", "公用经费预算", "培训费预算")
    sheets["学校"].insert(0, ["2025年学校经费情况表", None, "单位：万元、人"])
    district = load_district(write_book(tmp_path / "d.xlsx", sheets))
    assert district.fingerprint == good
    assert [(each.code, each.value) for each in district.findings] == [("table_unit", "万元")]


def test_origins_of_a_turned_sheet_name_its_own_cells(tmp_path: Path) -> None:
    sheets = good_sheets()
    years_as_columns_under_a_title(sheets)
    district = load_district(write_book(tmp_path / "d.xlsx", sheets))
    origin = district.origin("fiscal", 2025, "education_appropriation")
    assert origin is not None and origin.cell == "C5"  # third column, under title and three rows


def test_origins_of_several_sheets_name_the_right_one(tmp_path: Path) -> None:
    sheets = good_sheets()
    money_on_its_own_sheet_by_code(sheets)
    district = load_district(write_book(tmp_path / "d.xlsx", sheets))
    origin = district.origin("schools", "105", "payroll")
    assert origin is not None and (origin.sheet, origin.cell) == ("经费表", "C2")
    origin = district.origin("schools", "105", "special_pupils")
    assert origin is not None and (origin.sheet, origin.cell) == ("学校", "K6")


def _edited(tmp_path: Path, edit: Callable[[Sheets], None]) -> list[tuple[str, str, str]]:
    sheets = good_sheets()
    edit(sheets)
    path = write_book(tmp_path / "d.xlsx", sheets)
    try:
        found = load_district(path).findings
    except FindingsError as error:
        found = error.findings
    return [(each.code, each.sheet, each.cell) for each in found]


def test_a_school_missing_on_one_sheet_is_named(tmp_path: Path) -> None:
    def edit(sheets: Sheets) -> None:
        money_on_its_own_sheet_by_code(sheets)
        sheets["经费表"].pop()

    assert ("schools_missing", "经费表", "") in _edited(tmp_path, edit)


def test_a_name_that_no_other_sheet_has_is_named(tmp_path: Path) -> None:
    def edit(sheets: Sheets) -> None:
        money_on_its_own_sheet_by_name(sheets)
        sheets["经费表"][2][0] = "乙小学"

    assert ("name_without_code", "经费表", "A3") in _edited(tmp_path, edit)


def test_sheets_that_contradict_each_other_are_named(tmp_path: Path) -> None:
    def edit(sheets: Sheets) -> None:
        money_on_its_own_sheet_by_code(sheets)
        sheets["经费表"][1][1] = "戊学校"

    assert ("sheets_differ", "经费表", "B2") in _edited(tmp_path, edit)


def test_two_district_sheets_are_one_too_many(tmp_path: Path) -> None:
    def edit(sheets: Sheets) -> None:
        sheets["基本信息"] = [list(row) for row in sheets["区县"]]

    assert ("sheet_twice", "基本信息", "") in _edited(tmp_path, edit)


def test_a_total_that_does_not_match_is_named_at_its_cell(tmp_path: Path) -> None:
    def edit(sheets: Sheets) -> None:
        totals_below(sheets)
        sheets["学校"][6][_column(sheets, "公用经费预算")] += 1_000

    assert _edited(tmp_path, edit) == [("total_differs", "学校", "AA7")]
