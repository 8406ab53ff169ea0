"""The live workbook as a file: what is locked, named, printed, cited, and harmless."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import simulator as sim
from simulator import cli
from simulator.errors import JunhengError
from simulator.formats.live_workbook import workbook_bytes
from simulator.formats.live_workbook.looks import GIVEN_COLOUR
from simulator.law import FORMULAS, INPUTS
from simulator.machine import language
from simulator.machine import sheet_formula as excel
from simulator.machine.symbols import GATHERING, REACHING, Call, Name
from simulator.machine.wording import in_words
from simulator.results.result import Result
from simulator.scenario.load import SHIPPED
from tests import building
from tests.export.workbook_sheets import recalculated

HOSTILE = ("=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(A1)", "＝1", "－2")
#: Functions of 2007 and before, which Excel, WPS and LibreOffice all have.
FUNCTIONS = {
    "ABS", "COUNT", "IF", "IFERROR", "INT", "ISERROR", "MAX", "MIN", "NA", "ROW", "SQRT", "SUM",
    "SUMIF", "SUMIFS", "SUMPRODUCT",
}  # fmt: skip


@pytest.fixture(scope="module")
def result() -> Result:
    kinds = ("primary", "nine_year", "junior", "teaching_point", "primary", "primary")
    schools = [
        building.school(f"S{number}", kind, school_name=name)
        for number, (kind, name) in enumerate(zip(kinds, HOSTILE, strict=True))
    ]
    del schools[0]["staff"]
    scenario = building.scenario_of(
        policy=["national", "district_plan"],
        assumptions={"recurrent_revenue_growth": [0.04, 0.05, 0.06]},
        levers={"investment": {"books": {"amount": 90_000, "rule": "lowest_first"}}},
    )
    return sim.simulate(building.district_of(schools), scenario)


@pytest.fixture(scope="module")
def book(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("book") / "book.xlsx"
    result.to_workbook(path, language="en")
    return openpyxl.load_workbook(path)


def _cells(sheet: Any) -> list[Any]:
    return [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_names_that_look_like_formulas_are_written_as_text(book: Any) -> None:
    for title in ("School data", "Schools"):
        names = [cell for cell in book[title]["B"] if cell.row > 5]
        assert [cell.value for cell in names] == list(HOSTILE)
        # a text, and kept one by Excel when it is edited
        assert all(cell.data_type == "s" and cell.quotePrefix for cell in names)


def test_given_cells_are_coloured_and_open_and_all_others_locked(book: Any) -> None:
    counted = {True: 0, False: 0}
    for sheet in book:
        assert sheet.protection.sheet and not sheet.protection.password
        for cell in _cells(sheet):
            given = cell.fill.fgColor.rgb == "FF" + GIVEN_COLOUR.removeprefix("#")
            assert cell.protection.locked is not given, cell.coordinate
            assert not (given and cell.data_type == "f"), cell.coordinate
            counted[given] += 1
    assert counted[True] > 500 and counted[False] > 5_000


def test_every_formula_uses_functions_that_all_programs_have(book: Any) -> None:
    formulas = [cell.value for sheet in book for cell in _cells(sheet) if cell.data_type == "f"]
    bare = [re.sub(r"'[^']*'!|\"[^\"]*\"", "", formula) for formula in formulas]
    used = {name for formula in bare for name in re.findall(r"([A-Z][A-Z0-9.]*)\(", formula)}
    assert used <= FUNCTIONS
    assert max(map(len, formulas)) < 8192  # the longest that Excel takes


def test_every_word_of_the_vocabulary_has_a_form_in_the_sheet() -> None:
    special = REACHING
    assert set(language.WORDS) == set(excel.WORDS) | {"ratio"} | special
    assert set(excel.GATHERED) == set(GATHERING)
    with pytest.raises(JunhengError, match="unheard"):
        excel.translate(Call("unheard", (Name("x"),)), lambda name, word: excel.Piece(name))


@pytest.mark.parametrize(
    ("word", "blank", "expected"),
    [
        ("known_or", "A1", "IF(COUNT(A1),A1,7)"),
        ("known_or", "", "IFERROR(A1,7)"),
        ("at_least", "", "IF((A1)>=(7-7E-09),1,0)"),
        ("ratio", "", "A1/7"),
    ],
)
def test_words_as_sheets_say_them(word: str, blank: str, expected: str) -> None:
    names = {"value": excel.Piece("A1", blank=blank), "seven": excel.number(7)}
    call = Call(word, (Name("value"), Name("seven")))
    said = excel.translate(call, lambda name, _: names[name]).text
    # 7 less what counts as equal to it: 7 × 1e-9
    assert said.replace("6.999999993", "(7-7E-09)") == expected


def test_parameters_have_names_that_lead_to_their_cells(result: Result, book: Any) -> None:
    names = book.defined_names
    assert names["revenue_growth"].attr_text == "'Assumptions and levers'!$H$8:$J$8"
    row = book["Assumptions and levers"]["H8":"J8"][0]
    assert [cell.value for cell in row] == [0.04, 0.05, 0.06]
    above = {"district", "stage"}
    held = [each for each in INPUTS if each.kind == "parameter" and each.level in above]
    for leaf in held:
        suffixes = ("_primary", "_junior", "_special") if leaf.level == "stage" else ("",)
        assert all(f"{leaf.name}{suffix}" in names for suffix in suffixes), leaf.name


def test_looks_depend_on_names_not_on_cells_of_other_sheets(book: Any) -> None:
    # Excel refuses a condition of looks that speaks of another sheet, but takes a name
    ranges = [each for sheet in book for each in sheet.conditional_formatting]
    conditions = [rule for each in ranges for rule in each.rules if rule.type == "expression"]
    named = {rule.formula[0].removesuffix("=0") for rule in conditions}
    assert "stands_investment_books_2027" in named and named <= set(book.defined_names)
    assert all("!" not in rule.formula[0] for rule in conditions)


def test_sheets_have_frozen_headings_and_are_set_up_for_print(book: Any) -> None:
    for sheet in book:
        assert sheet.freeze_panes and sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9 and sheet.print_title_rows


def test_every_formula_is_listed_in_words_with_its_source_and_place(
    result: Result, book: Any
) -> None:
    rows = {row[1].value: row for row in book["Formulas and sources"].iter_rows(min_row=4)}
    assert rows.keys() == {each.name for each in FORMULAS}
    for formula in FORMULAS:
        row = rows[formula.name]
        if not formula.operator:
            assert row[4].value == in_words(formula.expression, "en")
        assert row[5].value and row[6].value, formula.name
        title, _, area = row[7].hyperlink.location.replace("'", "").rpartition("!")
        cells = [cell for cells in book[title][area] for cell in cells]
        kinds = {cell.data_type for cell in cells if cell.value is not None}
        assert kinds <= ({"n"} if formula.operator else {"f"}), formula.name
        assert kinds or formula.name == "pot_additions"


def test_what_is_not_known_has_no_value_and_what_rests_on_it_none(
    result: Result, book: Any, tmp_path: Path
) -> None:
    given = book["School data"]
    column = next(cell.column_letter for cell in given[4] if cell.value == "staff")
    assert given[f"{column}6"].value is None  # S0 did not say; not 0
    path = tmp_path / "again.xlsx"
    result.to_workbook(path, language="en")
    shown = openpyxl.load_workbook(path, data_only=True)["District totals"]
    row = next(row for row in shown.iter_rows(min_row=4) if row[3].value == "staff_total")
    assert row[4].value == "#N/A"


def test_a_workbook_in_chinese_has_chinese_headings(result: Result, tmp_path: Path) -> None:
    path = tmp_path / "簿.xlsx"
    result.to_workbook(path)
    book = openpyxl.load_workbook(path, read_only=True)
    assert book.sheetnames[:3] == ["说明", "前提与措施", "政策取值"]
    heads = next(book["全区汇总"].iter_rows(min_row=3, max_row=3, max_col=5, values_only=True))
    assert heads == ("指标", "学段", "单位", "标识", "各年相同")


def test_progress_is_told_and_a_place_that_cannot_be_written_is_named(
    result: Result, tmp_path: Path
) -> None:
    told: list[float] = []
    workbook_bytes(result, "zh", told.append)
    assert told == sorted(told) and told[-1] == 1 and len(told) > 10
    with pytest.raises(JunhengError, match="nowhere"):
        result.to_workbook(tmp_path / "nowhere" / "book.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [("run", "--json", "--workbook"), ("workbook",)])
def test_the_command_line_writes_the_same_workbook(
    arguments: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "live.xlsx"
    assert cli.main([*arguments, str(path), "--scenario", "steady", "--lang", "en"]) == 0
    assert f"Written: {path}" in capsys.readouterr().err
    found = openpyxl.load_workbook(path, read_only=True)
    identity = next(
        row[1] for row in found["About"].iter_rows(values_only=True) if row[0] == "Content hash"
    )
    district, scenario = sim.sample_district(), sim.load_scenario(SHIPPED / "steady.yaml")
    assert identity == sim.simulate(district, scenario).identity


def test_a_run_of_some_figures_has_cells_for_those_and_what_they_need(tmp_path: Path) -> None:
    scenario = sim.load_scenario(SHIPPED / "steady.yaml")
    sim.simulate(sim.sample_district(), scenario, wanted=["growth_total_headroom"]).to_workbook(
        tmp_path / "some.xlsx", language="en"
    )
    book = openpyxl.load_workbook(tmp_path / "some.xlsx", data_only=True)
    listed = {row[1] for row in book["Formulas and sources"].iter_rows(min_row=4, values_only=True)}
    assert {"growth_total_headroom", "growth_total_required", "recurrent_revenue"} <= listed
    assert "need" not in listed


def test_the_tree_of_the_gap_follows_its_cells(tmp_path: Path) -> None:
    """Every line's value, calculated anew by LibreOffice, is the engine's and refers to a cell."""
    result = sim.simulate(sim.sample_district(), sim.load_scenario(SHIPPED / "steady.yaml"))
    source = tmp_path / "book.xlsx"
    result.to_workbook(source, language="en")
    title = "Where the gap comes from"
    cached = openpyxl.load_workbook(source, data_only=True)[title]
    again = openpyxl.load_workbook(recalculated(source, tmp_path / "again"), data_only=True)[title]
    formulas = openpyxl.load_workbook(source)[title]
    assert cached["D4"].value == pytest.approx(result.district["gap"].iloc[-1])
    counted = 0
    for row in range(4, cached.max_row + 1):
        before, after = cached.cell(row, 4).value, again.cell(row, 4).value
        if isinstance(before, float | int) and not isinstance(before, bool):
            assert after == pytest.approx(before, rel=1e-9, abs=0.005), formulas.cell(row, 1).value
            counted += str(formulas.cell(row, 4).value).startswith("=")
        else:
            assert after in (None, "", "#N/A"), formulas.cell(row, 1).value
    assert counted > 100
    rest = [
        row[3].value for row in formulas.iter_rows(min_row=4) if "the other" in str(row[0].value)
    ]
    assert all(str(each).startswith("=SUM(") for each in rest)
