from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from simulator.district.columns import columns
from simulator.district.reading.load import load_district
from simulator.district.sample import sample_district
from simulator.errors import FindingsError
from simulator.formats.template import write_template
from simulator.glossary import LANGUAGES, Language


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_filled_template_reads_back_as_the_identical_sample(
    tmp_path: Path, language: Language
) -> None:
    sample = sample_district()
    again = load_district(write_template(tmp_path / "t.xlsx", filled=True, language=language))
    assert again.fingerprint == sample.fingerprint
    pd.testing.assert_frame_equal(again.schools, sample.schools)
    pd.testing.assert_frame_equal(again.fiscal, sample.fiscal)
    pd.testing.assert_frame_equal(again.indicators, sample.indicators)
    assert dict(again.settings) == dict(sample.settings)
    assert again.invented and again.findings == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_empty_template_says_what_must_be_filled_in(tmp_path: Path, language: Language) -> None:
    with pytest.raises(FindingsError) as caught:
        load_district(write_template(tmp_path / "t.xlsx", filled=False, language=language))
    errors = [each.code for each in caught.value.findings if each.severity == "error"]
    assert errors == ["sheet_empty", "value_missing", "value_missing"]


def test_every_column_has_its_heading_unit_and_note(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_template(tmp_path / "t.xlsx"))
    sheet = book["学校"]
    assert [sheet.cell(1, 1).value, sheet.cell(1, 8).value] == ["学校代码", "小学在校生（人）"]
    assert sheet.max_column == len(columns("schools"))
    for cell in sheet[1]:
        assert cell.comment is not None and len(cell.comment.text) > 5


def test_lists_and_ranges_guard_the_cells(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_template(tmp_path / "t.xlsx", language="en"))
    rules = book["schools"].data_validations.dataValidation
    lists = [rule.formula1 for rule in rules if rule.type == "list"]
    assert '"Public,Private"' in lists
    assert any("Nine-year school" in each for each in lists)
    whole = [rule for rule in rules if rule.type == "whole"]
    assert len(whole) > 30
    assert all(float(rule.formula1) == 0 for rule in whole)  # none may be negative


def test_the_tracked_points_of_the_plan_come_with_the_filled_template(tmp_path: Path) -> None:
    district = load_district(write_template(tmp_path / "t.xlsx", filled=True))
    assert {"P2", "P16", "P26"} <= set(district.indicators.index)


def test_an_old_file_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "t.xlsx"
    target.write_bytes(b"old")
    write_template(target)
    assert target.read_bytes().startswith(b"PK")
    assert [each.name for each in tmp_path.iterdir()] == ["t.xlsx"]
