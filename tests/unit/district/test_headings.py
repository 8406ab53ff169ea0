from __future__ import annotations

import pytest

from simulator.district.reading.headings import match, near, take_apart, year_of


@pytest.mark.parametrize(
    ("heading", "field", "factor"),
    [
        ("教职工工资总额（万元）", "payroll", 1e4),
        ("公用经费预算（单位：万元）", "operating_funds", 1e4),
        ("公用经费预算\n(元)", "operating_funds", 1.0),
        ("教学仪器设备值[千元]", "equipment_value", 1e3),
        ("教学仪器设备值，万元", "equipment_value", 1e4),
        ("其中：培训费", "training_spend", 1.0),
        ("小学在校生（上年）", "primary_pupils_prior", 1.0),
        ("小学 在校生数（人）", "primary_pupils", 1.0),
        ("OPERATING FUNDS BUDGET (10k yuan)", "operating_funds", 1e4),
        ("primary_pupils", "primary_pupils", 1.0),
        ("校舍建筑面积(㎡)", "floor_area", 1.0),
        ("体育运动场馆面积（公顷）", "sports_area", 1e4),
        ("图书（万册）", "books", 1e4),
        ("教学及辅助用房面积（不含室内体育）（平方米）", "teaching_area", 1.0),
    ],
)
def test_headings_with_their_units(heading: str, field: str, factor: float) -> None:
    found = match(heading, "schools")
    assert found.column is not None
    assert (found.column.field, found.factor) == (field, factor)


def test_a_unit_that_cannot_be_the_columns_is_not_applied() -> None:
    assert match("小学在校生（万元）", "schools").factor is None
    assert match("教职工工资总额（㎡）", "schools").factor is None


@pytest.mark.parametrize("heading", ["公用经费预计", "小学在校学生总数目", "小学班主任数"])
def test_what_is_only_close_is_never_taken(heading: str) -> None:
    assert match(heading, "schools").column is None


def test_what_is_close_is_named_for_asking() -> None:
    names = [each.field for each in near(take_apart("公用经费预计"), "schools")]
    assert names[0] == "operating_funds"
    assert near(take_apart("校长手机号码"), "schools") == ()


@pytest.mark.parametrize(
    ("heading", "year"),
    [(2026, 2026), (2026.0, 2026), ("2026", 2026), ("2026年", 2026), ("2026年计划值", 2026),
     ("2026年度目标", 2026), ("合计", None), ("26", None), (26, None), ("3205001", None)],
)  # fmt: skip
def test_years_in_headings(heading: object, year: int | None) -> None:
    assert year_of(heading) == year
