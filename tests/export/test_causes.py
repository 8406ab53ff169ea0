"""What cannot be computed begins with the cause and the remedy; a check lists all of it."""

from __future__ import annotations

import math
from pathlib import Path

import openpyxl
import pytest

import simulator as sim
from simulator import cli
from simulator.district.reading.proposal import propose
from simulator.district.sample import sample_district
from simulator.formats.template import template_bytes
from simulator.present.sentences.causes import cause_lines, causes_of, not_computable
from simulator.present.sentences.checked import checked_result, open_lines, unused_lines
from simulator.present.sentences.explained import lines_of
from simulator.results.result import Result
from tests import building


def _made(**levers: object) -> Result:
    """Pay is empty at two schools, equipment at one."""
    rows = [
        building.school("A"),
        building.school("B", payroll=None, equipment_value=None),
        building.school("C", payroll=None),
    ]
    scenario = building.scenario_of(policy=["national"], levers=levers)
    return sim.simulate(building.district_of(rows), scenario)


def test_the_cause_is_a_column_and_all_its_schools() -> None:
    found = _made()
    (cause,) = causes_of(found.explain("need", year=2027), "zh")
    assert (cause.kind, cause.name, cause.places) == (
        "column", "教职工工资总额", ("School B", "School C"),
    )  # fmt: skip
    head, line = cause_lines(found.explain("need", year=2027), "zh")
    assert head == "不可计算，原因如下："
    assert line == "学校数据“教职工工资总额”未填：School B、School C。请补填；确无请填 0。"
    assert cause_lines(found.explain("repair_total", year=2027), "zh") == ()


def test_many_schools_are_counted() -> None:
    rows = [building.school(f"S{n}", payroll=None) for n in range(8)]
    found = sim.simulate(building.district_of(rows), building.scenario_of(policy=["national"]))
    line = cause_lines(found.explain("need", year=2027), "en")[1]
    assert "School S4 and others, 8 in all" in line
    assert "School S5" not in line
    few = sim.simulate(building.district_of(rows[:5]), building.scenario_of(policy=["national"]))
    assert "in all" not in cause_lines(few.explain("need", year=2027), "en")[1]


def test_money_and_packs_have_remedies_of_their_own() -> None:
    fiscal = [{"year": 2024, "recurrent_revenue": 1e8, "education_appropriation": 4e7},
              {"year": 2025, "recurrent_revenue": 1e8, "education_appropriation": ""}]  # fmt: skip
    district = building.district_of([building.school("A")], fiscal)
    found = sim.simulate(district, building.scenario_of(policy=["national"]))
    assert "2025. Fill it in." in cause_lines(found.explain("gap", year=2025), "en")[1]
    bare = sim.simulate(district, building.scenario_of(policy=[]))
    reached = bare.explain("reached_teaching_area", school="A", stage="primary", year=2025)
    lines = cause_lines(reached, "en")
    assert any("packs in force" in line for line in lines[1:])
    one = sim.simulate(district, building.scenario_of(policy=["national"]))
    lines = cause_lines(one.explain("cv_books", stage="primary", year=2025), "en")
    assert "fewer than two schools" in lines[1]


def test_branches_not_taken_are_named_and_not_opened() -> None:
    found = _made()
    trace = found.explain("repair", school="A", year=2027)
    shown = {line.trace.name: line for line in lines_of(trace, "en", 9)}
    assert shown["counted_repair"].folded
    assert shown["counted_repair"].source == "branch not taken"
    assert shown["counted_repair"].formula == ""
    assert shown["repair_by_area"].folded
    assert "repair_unit_price" not in shown
    # the law has no amount per pupil: the base year's spending goes on
    assert shown["school_repair_by_pupils"].folded
    assert not shown["repair_carried_on"].folded
    every = {line.trace.name for line in lines_of(trace, "en", 9, fold=False)}
    assert "repair_unit_price" in every
    base = {line.trace.name: line for line in
            lines_of(found.explain("repair", school="A", year=2025), "en", 9)}  # fmt: skip
    assert not base["counted_repair"].folded


def test_a_value_that_is_known_leaves_its_fallback_folded() -> None:
    held = _made(training_share=0.06)
    trace = held.explain("school_training", school="A", year=2027)
    for line in trace.walk():
        taken = {id(each) for each in line.taken}
        assert taken <= {id(each) for each in line.inputs}
        if not math.isnan(line.value) and line.kind == "formula":
            assert not any(math.isnan(each.value) and not each.inputs and each.kind == "column"
                           for each in line.taken)  # fmt: skip


def test_a_check_lists_what_stays_open_once_a_cause() -> None:
    lines = open_lines(_made(), "en")
    assert len([line for line in lines if "“Payroll”" in line]) == 1
    assert lines[0].startswith("Not computable: Payroll, whole district, ")
    whole = sim.simulate(building.district_of([building.school("A"), building.school("B")]),
                         building.scenario_of(policy=["national"]))  # fmt: skip
    columns = [c for _, found in not_computable(whole, "en") for c in found if c.kind == "column"]
    assert columns == []
    assert open_lines(checked_result(sample_district()), "zh") == [
        "资金、均衡和评估的主要结果均可计算。"
    ]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The filled template with a column of remarks, a sheet of notes, and a school's pay empty."""
    path = tmp_path / "district.xlsx"
    path.write_bytes(template_bytes(sample_district(), "zh"))
    made = openpyxl.load_workbook(path)
    schools = made["学校"]
    heads = {str(cell.value): cell.column for cell in schools[1]}
    pay = next(column for head, column in heads.items() if head.startswith("教职工工资总额"))
    schools.cell(3, pay).value = None
    schools.cell(1, schools.max_column + 1).value = "食堂面积"
    schools.cell(2, schools.max_column).value = 5
    made.create_sheet("值班表")["A1"] = "张三"
    made.save(path)
    return path


def test_the_check_names_columns_and_sheets_that_were_not_used(book: Path) -> None:
    lines = unused_lines(propose(book), "zh")
    assert any("食堂面积" in line and line.startswith("“学校”表中有 1 列未使用") for line in lines)
    assert any("值班表" in line for line in lines)


def test_the_command_checks_the_same(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--district", str(book), "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "食堂面积" in said
    assert "值班表" in said
    assert "不能计算：" in said
    assert "“教职工工资总额”未填：望湖小学" in said


def test_the_command_begins_with_the_cause(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["explain", "need", "--district", str(book), "--lang", "zh", "--depth", "1"]
    assert cli.main(command) == 0
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first == "不可计算，原因如下："
    assert "教职工工资总额" in second
