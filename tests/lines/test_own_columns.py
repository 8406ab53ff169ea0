"""Columns of the district's own workbook: declared, counted, traced, refused where wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import simulator as sim
from simulator.district.reading.own_columns import extra_headings, extra_numbers
from simulator.errors import FindingsError, JunhengError
from simulator.own_formula.lines_in_rows import said_lines
from simulator.own_formula.own_columns import missing_headings
from simulator.results.own_lines import own_formula
from simulator.results.result import Result
from simulator.ui.components.lines_table import column_rows, columns_said
from tests.app import pages
from tests.building import district_of, scenario_of, school
from tests.export import workbook_sheets as sheets

MIGRANT = {"id": "migrant", "zh": "随迁子女", "en": "Migrant pupils", "unit": "pupil",
           "heading": "随迁子女数"}  # fmt: skip
DISTANCE = {
    "id": "distance",
    "zh": "距县城",
    "en": "Distance",
    "unit": "km",
    "heading": "距县城公里",
}
SPECIAL = {"id": "special", "zh": "特色班", "en": "Special classes", "unit": "class",
           "heading": {"primary": "小学特色班"}}  # fmt: skip
HEATED = {"id": "heated", "zh": "集中供暖", "en": "Heated", "unit": "flag", "heading": "供暖"}
OWN: dict[str, Any] = {
    "id": "own", "zh": "本区", "en": "Own", "per_pupil": "headcount",
    "columns": [MIGRANT, DISTANCE, SPECIAL, HEATED],
    "lines": [
        {"id": "base", "zh": "基本", "en": "Base", "counted": "headcount", "amount": 800},
        {"id": "mig", "zh": "随迁", "en": "Migrants", "counted": "migrant",
         "amount": {"share": 0.2, "of": "base"}},
        {"id": "far", "zh": "偏远", "en": "Far away", "lump_sum": 20000, "when": "distance > 10"},
        {"id": "spec", "zh": "特色", "en": "Special", "counted": "special", "amount": 5000},
        {"id": "heat", "zh": "取暖", "en": "Heating", "counted": "headcount * (1 - heated)",
         "amount": 60},
    ],
}  # fmt: skip
CELLS = [
    {"随迁子女数": 30, "距县城公里": 5.5, "小学特色班": 2, "供暖": "是"},
    {"随迁子女数": "80", "距县城公里": "12", "小学特色班": 1, "供暖": "否"},
]


def built(**changes: Any) -> sim.District:
    rows = [{**cells, **changes} for cells in CELLS]
    return district_of([school("A", **rows[0]), school("B", "nine_year", **rows[1])])


def run(district: sim.District, **more: Any) -> Result:
    return sim.simulate(district, scenario_of(policy=["national"], lines=OWN, **more))


def test_own_columns_pay_by_hand() -> None:
    found = run(built())
    # parts: A primary, B primary, B junior; B's two stages of 200 share its 80 migrants
    assert found.at("line_mig", 2027).tolist() == [30 * 160, 40 * 160, 40 * 160]
    assert found.at("line_far", 2027).tolist() == [0, 10_000, 10_000]
    assert found.at("line_spec", 2027).tolist() == [10_000, 5_000, 0]
    assert found.at("line_heat", 2027).tolist() == [0, 12_000, 12_000]


def test_a_figure_leads_to_the_cell_of_the_own_column() -> None:
    trace = run(built()).explain("line_mig", school="B", stage="junior", year=2027)
    (leaf,) = [line for line in trace.walk() if line.name == "line_migrant"]
    assert (leaf.value, leaf.kind, leaf.item.words) == (
        80,
        "column",
        ("随迁子女", "Migrant pupils"),
    )
    assert leaf.origin is not None and leaf.origin.cell.endswith("3")


def test_the_workbook_has_cells_for_own_columns(tmp_path: Any) -> None:
    found = run(built())
    path = tmp_path / "book.xlsx"
    found.to_workbook(path, language="en")
    cells = sheets.figures(path)
    assert cells["line_migrant", None, "B", None] == 80
    assert cells["line_special", None, "A", "primary"] == 2


def test_what_the_file_does_not_have_is_unknown_and_named() -> None:
    district = district_of([school("A", 随迁子女数=30), school("B")])
    found = run(district)
    assert np.isnan(found.at("line_mig", 2027)[1]) and np.isnan(found.at("line_far", 2027)).all()
    own = own_formula(found.binding.scenario, found.binding.policy)
    assert own is not None
    assert missing_headings(own.compiled.lines, district) == ["距县城公里", "小学特色班", "供暖"]
    trace = found.explain("operating_funds", school="B", stage="primary", year=2027)
    assert "line_migrant" in {line.name for line in trace.unknown_cells()}


def test_a_cell_that_is_no_number_is_told_with_its_school() -> None:
    with pytest.raises(JunhengError) as caught:
        run(built(随迁子女数="约八十"))
    assert caught.value.code == "extra_number"
    assert "约八十" in caught.value.text("zh") and "School A" in caught.value.text("en")
    for beyond in ("1e99", 1.1e15, -1e30):
        with pytest.raises(JunhengError, match="larger than any"):
            run(built(随迁子女数=beyond))
    assert extra_headings(built()) == ["随迁子女数", "距县城公里", "小学特色班", "供暖"]
    assert extra_numbers(built(), "供暖", "flag").tolist() == [1, 0]


def test_own_columns_go_along_with_the_pupils() -> None:
    pair = district_of([school("A", **CELLS[0]), school("B", **CELLS[1])])
    move = {"year": 2027, "school": "B", "into": "A", "share": 1, "takes": "staff"}
    found = run(pair, assumptions={"schools": {"moves": [move]}})
    assert found.at("line_migrant", 2026).tolist() == [30, 80]
    assert found.at("line_migrant", 2027).tolist() == [110, 0]
    assert found.at("line_distance", 2027).tolist() == [5.5, 12]


def test_equal_data_but_for_an_own_column_that_counts_are_told_apart() -> None:
    one, other = run(built()), run(built(随迁子女数=31))
    assert one.binding.district.fingerprint == other.binding.district.fingerprint
    assert one.identity != other.identity
    national = [
        sim.simulate(each, scenario_of(policy=["national"])).identity
        for each in (one.binding.district, other.binding.district)
    ]
    assert national[0] == national[1]


@pytest.mark.parametrize(
    ("column", "code", "key"),
    [
        ({**MIGRANT, "id": "pupils"}, "twice", "columns.0.id"),
        ({**MIGRANT, "id": "Own"}, "id", "columns.0.id"),
        ({**MIGRANT, "unit": "sacks"}, "no_unit", "columns.0.unit"),
        ({**MIGRANT, "heading": ""}, "words", "columns.0.heading"),
        ({**MIGRANT, "heading": {}}, "missing", "columns.0.heading"),
        ({**MIGRANT, "heading": {"senior": "x"}}, "unknown_key", "columns.0.heading.senior"),
        ({**MIGRANT, "range": 5}, "unknown_key", "columns.0.range"),
        ({key: MIGRANT[key] for key in ("id", "zh", "en", "heading")}, "missing", "columns.0.unit"),
        ("migrant", "not_mapping", "columns.0"),
    ],
)
def test_a_wrong_column_says_where_and_why(column: Any, code: str, key: str) -> None:
    lines = {**OWN, "columns": [column], "lines": OWN["lines"][:1]}
    with pytest.raises(FindingsError) as caught:
        scenario_of(lines=lines)
    found = {(each.code.removeprefix("lines_"), each.column) for each in caught.value.findings}
    assert (code, f"lines.{key}") in found
    assert all(each.text("zh") and each.text("en") for each in caught.value.findings)


def test_units_of_own_columns_are_checked() -> None:
    wrong = {**OWN, "lines": [{**OWN["lines"][0], "counted": "migrant + distance"}]}
    with pytest.raises(FindingsError) as caught:
        scenario_of(lines=wrong)
    assert "公里" in caught.value.findings[0].text("zh")


def test_the_table_on_screen_says_what_it_was_made_of() -> None:
    assert columns_said(column_rows(OWN), OWN)["columns"] == OWN["columns"]
    empty = column_rows({})
    assert "columns" not in columns_said(empty, OWN)
    assert [each.path for each in said_lines(OWN)][:2] == ["lines.migrant", "lines.distance"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_tells_of_headings_that_are_missing(language: str) -> None:
    test = pages.opened("lines", language, changes={"lines": OWN})
    assert not test.exception and not test.error
    assert len(test.warning) == 4
    assert "随迁子女数" in test.warning[0].value
