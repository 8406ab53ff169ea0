from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from simulator.district.reading.load import load_district, load_upload
from simulator.district.sample import sample_district, sample_folder
from simulator.errors import FindingsError
from tests.unit.district.books import good_rows, good_sheets, write_book, write_folder

TABLES = ("schools", "fiscal", "indicators", "district")


def _codes(path: Path) -> list[tuple[str, str]]:
    with pytest.raises(FindingsError) as caught:
        load_district(path)
    return [(each.code, each.cell) for each in caught.value.findings]


def test_a_workbook_and_a_folder_give_the_same_district(tmp_path: Path) -> None:
    book = load_district(write_book(tmp_path / "区县.xlsx", good_sheets()))
    folder = load_district(write_folder(tmp_path / "区县", {t: good_rows(t) for t in TABLES}))
    assert book.fingerprint == folder.fingerprint
    pd.testing.assert_frame_equal(book.schools, folder.schools)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_of_csv_files(tmp_path: Path, encoding: str) -> None:
    tables = {table: good_rows(table) for table in TABLES}
    district = load_district(write_folder(tmp_path / encoding, tables, encoding))
    assert district.name == "测试区"
    assert district.schools.loc["103", "school_name"] == "丙初级中学"


def test_every_value_stands_where_the_model_says(tmp_path: Path) -> None:
    district = load_district(write_book(tmp_path / "d.xlsx", good_sheets()))
    assert (district.name, district.province, district.base_year) == ("测试区", "江苏", 2025)
    assert district.sharing_tier == 4 and district.invented is False
    assert district.settings["share_central"] == 0.5
    assert district.schools.loc["101", "school_type"] == "primary"
    assert district.schools.loc["102", "weak"] == 1.0
    assert district.schools.loc["104", "ownership"] == "private"
    assert district.fiscal.loc[2025, "education_appropriation"] == 14_700_000
    assert district.fiscal.loc[2024, "recurrent_revenue_basis"] == "测试口径"
    assert district.indicators.loc["P2", "base_value"] == 0.96
    assert district.indicators.loc["P7", 2027] == 0.992


def test_what_is_empty_is_unknown_and_never_zero(tmp_path: Path) -> None:
    schools = load_district(write_book(tmp_path / "d.xlsx", good_sheets())).schools
    assert pd.isna(schools.loc["103", "primary_pupils"])
    assert pd.isna(schools.loc["101", "books"])  # no such column in the file
    assert schools.loc["102", "primary_boarders"] == 0.0


def test_types_of_the_frames() -> None:
    district = sample_district()
    texts = ["school_name", "school_type", "ownership", "area"]
    assert all(district.schools[name].dtype == object for name in texts)
    assert (district.schools.drop(columns=texts).dtypes == "float64").all()
    assert district.fiscal.index.dtype == "int64"
    assert district.fiscal["recurrent_revenue_basis"].dtype == object
    assert isinstance(district.schools.index[0], str)


def test_origins_name_the_cell(tmp_path: Path) -> None:
    path = write_book(tmp_path / "区县.xlsx", good_sheets())
    district = load_district(path)
    origin = district.origin("schools", "102", "operating_funds")
    assert origin is not None
    assert (origin.file, origin.sheet, origin.cell) == ("区县.xlsx", "学校", "AA3")
    assert district.origin("fiscal", 2025, "upper_transfers").cell == "E3"  # type: ignore[union-attr]
    assert district.origin("indicators", "P7", 2026).cell == "D3"  # type: ignore[union-attr]
    assert district.origin("district", "", "share_city").cell == "B9"  # type: ignore[union-attr]
    assert district.origin("schools", "101", "books") is None
    assert district.origin("schools", "999", "operating_funds") is None


def test_every_origin_of_the_sample_can_be_listed() -> None:
    district = sample_district()
    keys = list(district.origins)
    assert len(keys) == len(district.origins) == len(set(keys))
    assert ("schools", "9900001", "payroll") in district.origins


def test_english_headings_in_any_order_and_extra_columns(tmp_path: Path) -> None:
    rows = [
        ["Pupils' favourite colour", "Primary pupils", "Type", "School name", "School code"],
        ["blue", 120, "Primary school", "First", "A1"],
        ["red", 80, "teaching_point", "Second", "A2"],
    ]
    book = {"schools": rows, "district": [["name", "base year"], ["X", 2025]]}
    district = load_district(write_book(tmp_path / "d.xlsx", book))
    assert district.schools["primary_pupils"].to_dict() == {"A1": 120.0, "A2": 80.0}
    assert district.extra["schools"].loc["A2"].to_list() == ["red"]
    assert [each.code for each in district.findings] == ["no_fiscal"]
    assert district.indicators.empty and district.fiscal.empty


def test_units_in_headings_are_converted(tmp_path: Path) -> None:
    sheets = good_sheets()
    head = sheets["学校"][0]
    money = head.index("公用经费预算"), head.index("培训费预算")
    for column in money:
        head[column] = f"{head[column]}（万元）"
        for row in sheets["学校"][1:]:
            row[column] = row[column] / 10_000
    converted = load_district(write_book(tmp_path / "d.xlsx", sheets))
    plain = load_district(write_book(tmp_path / "e.xlsx", good_sheets()))
    assert converted.fingerprint == plain.fingerprint


def test_all_errors_come_at_once_with_their_places(tmp_path: Path) -> None:
    sheets = good_sheets()
    head = sheets["学校"][0]
    sheets["学校"][1][head.index("小学寄宿生")] = "二十"
    sheets["学校"][3][head.index("初中在校生")] = -5
    sheets["财政"][2][1] = "约6亿"
    assert _codes(write_book(tmp_path / "d.xlsx", sheets)) == [
        ("not_a_number", "R2"),
        ("not_a_number", "B3"),
        ("value_negative", "I4"),
    ]


def test_an_error_reads_as_one_line_each(tmp_path: Path) -> None:
    sheets = good_sheets()
    sheets["学校"][1][sheets["学校"][0].index("小学寄宿生")] = "二十"
    with pytest.raises(FindingsError) as caught:
        load_district(write_book(tmp_path / "d.xlsx", sheets))
    told = caught.value.text("zh").splitlines()
    assert len(told) == 2
    assert told[1] == "d.xlsx › 学校 › R2: “二十”不是数字。 请填数字；不清楚的留空。"


def test_no_schools_and_no_district_sheet(tmp_path: Path) -> None:
    rows = [["备忘"], ["无关内容"]]
    assert _codes(write_book(tmp_path / "d.xlsx", {"随记": rows})) == [
        ("sheet_missing", ""),
        ("sheet_missing", ""),
        ("no_fiscal", ""),
    ]


def test_merged_cells_among_the_data_are_refused(tmp_path: Path) -> None:
    path = write_book(tmp_path / "d.xlsx", good_sheets(), merges={"学校": ["E2:E4"]})
    assert ("merged_cells", "E2:E4") in _codes(path)


def test_hidden_rows_are_read_and_named(tmp_path: Path) -> None:
    path = write_book(tmp_path / "d.xlsx", good_sheets(), hidden={"学校": [3, 4]})
    district = load_district(path)
    assert len(district.schools) == 5
    assert [(each.code, each.value) for each in district.findings] == [("hidden_rows", "3, 4")]


def test_codes_of_too_many_digits_are_refused(tmp_path: Path) -> None:
    sheets = good_sheets()
    sheets["学校"][1][0] = 3205001234567890123
    assert _codes(write_book(tmp_path / "d.xlsx", sheets)) == [("code_digits", "A2")]


def test_a_share_under_a_heading_in_per_cent_is_asked_about(tmp_path: Path) -> None:
    sheets = good_sheets()
    sheets["指标"][0][2] = "基年值（%）"
    sheets["指标"][1][2], sheets["指标"][2][2] = 96, 0.99
    assert _codes(write_book(tmp_path / "d.xlsx", sheets)) == [("percent_or_share", "C3")]
    sheets["指标"][2][2] = 99
    district = load_district(write_book(tmp_path / "e.xlsx", sheets))
    assert district.indicators["base_value"].to_dict() == {"P2": 0.96, "P7": 0.99}


def test_an_upload_is_read_like_a_file(tmp_path: Path) -> None:
    path = write_book(tmp_path / "d.xlsx", good_sheets())
    assert load_upload(path.read_bytes(), "d.xlsx").fingerprint == load_district(path).fingerprint


def test_the_sample_is_read_by_the_same_reader() -> None:
    assert load_district(sample_folder()).fingerprint == sample_district().fingerprint


def test_the_fingerprint_follows_the_values_and_nothing_else(tmp_path: Path) -> None:
    sheets = good_sheets()
    before = load_district(write_book(tmp_path / "a.xlsx", sheets)).fingerprint
    sheets["学校"][1:] = sheets["学校"][:0:-1]
    assert load_district(write_book(tmp_path / "b.xlsx", sheets)).fingerprint == before
    sheets["学校"][0].append("备用列")
    assert load_district(write_book(tmp_path / "c.xlsx", sheets)).fingerprint == before
    sheets["学校"][1][sheets["学校"][0].index("公用经费预算")] += 0.01
    assert load_district(write_book(tmp_path / "d.xlsx", sheets)).fingerprint != before
