from __future__ import annotations

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from simulator.district.reading.files import open_bytes
from simulator.district.reading.load import load_district, load_upload
from simulator.district.reading.proposal import propose, propose_sheets
from simulator.formats.marked_workbook import _title, annotated
from tests.unit.district.books import GOOD, good_sheets, write_book

KEPT = Path(__file__).parent / "kept"


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    sheets = good_sheets()
    sheets["学校"][1][6] = "六百"
    sheets["学校"][3][9] = 400  # a jump: a warning at the pupils of now
    sheets["学校"][2][1] = "=HYPERLINK(1)"
    return write_book(tmp_path / "d.xlsx", sheets)


def test_cells_are_coloured_and_commented(bad: Path) -> None:
    findings = propose(bad).findings
    book = openpyxl.load_workbook(BytesIO(annotated(bad.read_bytes(), "d.xlsx", findings)))
    wrong, odd = book["学校"]["G2"], book["学校"]["I4"]
    assert wrong.fill.fgColor.rgb.endswith("F8CBAD") and odd.fill.fgColor.rgb.endswith("FFE699")
    assert wrong.comment.text == "“六百”不是数字。请填数字；不清楚的留空。"
    assert book["学校"]["G3"].comment is None
    assert book["学校"]["B2"].value == "甲小学"


def test_findings_are_listed_errors_first(bad: Path) -> None:
    findings = propose(bad).findings
    book = openpyxl.load_workbook(BytesIO(annotated(bad.read_bytes(), "d.xlsx", findings, "en")))
    rows = list(book["findings"].values)
    assert rows[0] == ("Place", "Severity", "Problem", "Mend")
    assert [row[1] for row in rows[1:]] == ["Error", "Warning"]
    assert rows[1][0] == "d.xlsx › 学校 › G2"


def test_the_marked_workbook_is_read_like_the_one_before(tmp_path: Path) -> None:
    good = write_book(tmp_path / "d.xlsx", good_sheets())
    marked = annotated(good.read_bytes(), "d.xlsx", load_district(good).findings)
    assert load_upload(marked, "d.xlsx").fingerprint == load_district(GOOD).fingerprint


@pytest.mark.parametrize("name", ["good.xls", "good.ods"])
def test_other_formats_are_written_anew(name: str) -> None:
    content = (KEPT / name).read_bytes()
    marked = annotated(content, name, load_district(KEPT / name).findings)
    assert load_upload(marked, "d.xlsx").fingerprint == load_district(GOOD).fingerprint


def test_a_csv_is_marked_too_and_no_text_becomes_a_formula() -> None:
    content = "学校代码,学校名称,办学类型,小学在校生\n1,=1+1,小学,x\n".encode()
    findings = propose(GOOD).findings
    book = openpyxl.load_workbook(BytesIO(annotated(content, "schools.csv", findings)))
    assert book["schools"]["B2"].data_type == "s"
    assert book["schools"]["B2"].value == "=1+1"


@pytest.mark.parametrize(
    "name",
    ["学校[终稿].csv", "a:b*c?.csv", "'学校'.csv", "长" * 60 + ".csv", "....csv", "=1+1.csv",
     "\u202e学校.csv", "a\x07b.csv", "<b>学校</b>.csv", " .csv", "检查结果.csv"],
)  # fmt: skip
def test_a_file_of_any_name_is_read_and_marked(name: str) -> None:
    content = "学校代码,学校名称,学校类型,小学在校生\x07,\x02\n1,甲\x1b,小学,六百,x\n".encode()
    found = propose_sheets(name, open_bytes(content, name)).findings
    assert any(each.code == "text_sign" for each in found)
    book = openpyxl.load_workbook(BytesIO(annotated(content, name, found)))
    assert len(book.sheetnames) == 2
    assert all(len(each) <= 31 and "\x07" not in each for each in book.sheetnames)


def test_sheets_whose_names_are_cut_to_the_same_stay_apart() -> None:
    names = ["长" * 40 + end for end in ("甲", "乙", "丙")]
    taken: list[str] = []
    for name in names:
        taken.append(_title(name, taken))
    assert len(set(taken)) == 3 and {len(each) for each in taken} == {31}
