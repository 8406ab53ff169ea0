"""Bringing in one's own file: recognised, asked, mended, used; and the wrong things on purpose."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from simulator.district.reading.grid import Sheet
from simulator.district.reading.mended import place_of, with_cells
from simulator.district.sample import sample_district, sample_folder
from simulator.findings import Finding
from simulator.formats.template import template_bytes
from simulator.library.store import library_path
from simulator.ui.components import import_file, import_memory, import_state
from tests.app import pages

LANGUAGES = ("zh", "en")


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUNHENG_HOME", str(tmp_path / "home"))


def _uploaded(test: AppTest, *files: tuple[str, bytes]) -> AppTest:
    test.file_uploader("district_file").set_value(
        [(name, content, "application/octet-stream") for name, content in files]
    ).run()
    return test


def _template() -> bytes:
    return template_bytes(sample_district(), "zh")


def _changed(cell: str, value: object) -> bytes:
    """The filled template with one cell of the schools' sheet changed."""
    import io

    book = openpyxl.load_workbook(io.BytesIO(_template()))
    sheet = book.worksheets[0] if "学校" not in book.sheetnames else book["学校"]
    sheet[cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell_of(heading: str, row: int) -> str:
    """The address of a column of the schools' sheet in the template, by its heading."""
    import io

    book = openpyxl.load_workbook(io.BytesIO(_template()))
    sheet = book["学校"]
    for line in sheet.iter_rows(min_row=1, max_row=6):
        for cell in line:
            if str(cell.value).startswith(heading):
                found = cell.column_letter
                first = next(
                    r for r in range(cell.row, 20) if str(sheet[f"A{r}"].value) == "9900001"
                )
                return f"{found}{first + row}"
    raise AssertionError(heading)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_good_file_is_shown_before_it_is_used(language: str) -> None:
    test = _uploaded(pages.opened("data", language), ("区县.xlsx", _template()))
    assert not test.exception and not test.error
    assert test.session_state["session"].district.origins == sample_district().origins
    before = test.session_state["session"].district
    test.button("import_use").click().run()
    used = test.session_state["session"].district
    assert used is not before and used.fingerprint == sample_district().fingerprint
    origin = used.origin("schools", "9900001", "primary_pupils")
    assert origin is not None and origin.file == "区县.xlsx"
    assert import_state.PLACE not in test.session_state


def test_an_error_is_mended_right_there() -> None:
    cell = _cell_of("小学在校生", 0)
    test = _uploaded(pages.opened("data", "zh"), ("区县.xlsx", _changed(cell, "一千")))
    assert not test.exception
    assert test.button("import_use").disabled
    right = int(sample_district().schools.at["9900001", "primary_pupils"])
    test.session_state[import_state.PLACE] = _mended(test, cell, f"{right:,}")
    test.run()
    assert not test.exception and not test.button("import_use").disabled
    test.button("import_use").click().run()
    found = test.session_state["session"].district
    assert found.schools.at["9900001", "primary_pupils"] == right


def _mended(test: AppTest, cell: str, value: str) -> import_state.Incoming:
    from dataclasses import replace

    incoming: import_state.Incoming = test.session_state[import_state.PLACE]
    return replace(incoming, mended={("学校", cell): value})


def test_several_csv_files_are_one_district() -> None:
    files = [(path.name, path.read_bytes()) for path in sorted(sample_folder().glob("*.csv"))]
    test = _uploaded(pages.opened("data", "zh"), *files)
    assert not test.exception and not test.error
    test.button("import_use").click().run()
    assert test.session_state["session"].district.fingerprint == sample_district().fingerprint


def test_a_heading_that_is_not_certain_is_asked_and_remembered() -> None:
    cell = _cell_of("小学在校生", 0)
    head = _cell_of("小学在校生", -1)
    for row in range(-1, -6, -1):
        head = _cell_of("小学在校生", row)
        if str(_value(head)).startswith("小学在校生"):
            break
    content = _changed(head, "小学生在校数合")
    test = _uploaded(pages.opened("data", "zh"), ("区县.xlsx", content))
    assert not test.exception
    assert "这些列的含义不能确定" in pages.said(test), cell
    asked = test.selectbox("import_means_0")
    assert "小学生在校数合" in asked.label
    asked.set_value("primary_pupils")
    test.text_input("import_who").set_value("李*会计")
    next(b for b in test.button if "确认" in b.label).click().run()
    assert not test.exception
    assert "这些列的含义不能确定" not in pages.said(test)
    # the same shape is not asked about again, in another visit
    again = _uploaded(pages.opened("data", "zh"), ("另一份.xlsx", content))
    assert "这些列的含义不能确定" not in pages.said(again)
    assert not again.button("import_use").disabled
    # it is told whose answers these are, and what they say; they can be asked anew
    told = pages.read("\n".join(each.value for each in again.info))
    assert "李*会计" in told and "小学生在校数合" in told and f"{datetime.now():%Y-%m-%d}" in told  # noqa: DTZ005
    again.button("import_again").click().run()
    assert "这些列的含义不能确定" in pages.said(again) and again.button("import_use").disabled


def test_a_remembered_answer_does_not_change_what_a_heading_means() -> None:
    upload = ("区县.xlsx", _template())
    test = _uploaded(pages.opened("data", "zh"), upload)
    proposal = test.session_state["import_proposal"][1]
    column = next(each for each in proposal.columns if each.field == "primary_pupils")
    import_memory.keep(proposal.shape, {column.sheet: {column.heading: "junior_pupils"}}, "")
    again = _uploaded(pages.opened("data", "zh"), upload)
    assert not again.exception and not again.button("import_use").disabled
    told = "\n".join(each.value for each in again.warning)
    assert column.heading.split("（")[0] in told and "未留名的同事" in told
    again.button("import_use").click().run()
    assert again.session_state["session"].district.fingerprint == sample_district().fingerprint


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"a: &a [*a]", b"x: {y: no_such_field}"])
def test_remembered_answers_that_are_damaged_are_told_and_asked_anew(damage: bytes) -> None:
    head = _cell_of("小学在校生", 0)
    while not str(_value(head)).startswith("小学在校生"):
        head = head.rstrip("0123456789") + str(place_of(head)[0])
    content = _changed(head, "小学生在校数合")
    test = _uploaded(pages.opened("data", "zh"), ("d.xlsx", content))
    test.selectbox("import_means_0").set_value("primary_pupils")
    next(button for button in test.button if "确认" in button.label).click().run()
    kept = list((library_path().parent / "maps").glob("*.yaml"))
    assert len(kept) == 1
    kept[0].write_bytes(damage)
    again = _uploaded(pages.opened("data", "zh"), ("d.xlsx", content))
    assert not again.exception and not again.error
    assert "已损坏" in pages.said(again)
    assert again.selectbox("import_means_0")


def _value(cell: str) -> object:
    import io

    return openpyxl.load_workbook(io.BytesIO(_template()))["学校"][cell].value


WRONG = {
    "picture.xlsx": b"\x89PNG\r\n\x1a\n" + b"\0" * 64,
    "empty.csv": b"",
    "nonsense.xlsx": b"PK\x03\x04" + b"broken" * 20,
    "text.xlsx": "这不是工作簿".encode(),
}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_file_that_cannot_be_opened_leaves_everything_as_it_was(name: str) -> None:
    test = _uploaded(pages.opened("data", "zh"), (name, WRONG[name]))
    assert not test.exception
    assert len(test.error) == 1 and name in pages.read(test.error[0].value)
    assert test.session_state["session"].district.invented
    assert import_state.PLACE not in test.session_state


def test_two_workbooks_at_once_are_refused_in_a_sentence() -> None:
    test = _uploaded(pages.opened("data", "zh"), ("a.xlsx", _template()), ("b.xlsx", _template()))
    assert "一次只能打开一个工作簿" in test.error[0].value


def test_a_table_in_gb18030_and_a_pasted_one() -> None:
    files = [
        (path.name, path.read_text(encoding="utf-8-sig").encode("gb18030"))
        for path in sorted(sample_folder().glob("*.csv"))
    ]
    test = _uploaded(pages.opened("data", "zh"), *files)
    test.button("import_use").click().run()
    assert test.session_state["session"].district.fingerprint == sample_district().fingerprint
    pasted = pages.opened("data", "zh")
    pasted.text_area("paste_text").set_value("学校名称\t办学类型\n甲小学\t小学")
    next(b for b in pasted.button if b.label == "读取").click().run()
    assert not pasted.exception
    # codes and pupils are missing: said, and nothing is used
    assert pasted.button("import_use").disabled


def test_a_finding_without_a_cell_is_not_mended_here() -> None:
    at = Finding("error", "x", sheet="学校", cell="F12")
    column = Finding("error", "x", sheet="学校", column="小学在校生")
    found = import_file.mended_cells([at, column, at], ["5", "6", " "])
    assert found == ({("学校", "F12"): "5"}, 1)


def test_mended_cells_stand_in_their_place_only() -> None:
    sheet = Sheet("a.xlsx", "学校", [["x", "y"], [1, 2]], broken={(1, 1): "formula"})
    found = with_cells(sheet, {("学校", "B2"): "7", ("别的", "A1"): "z"})
    assert found.rows == [["x", "y"], [1, "7"]] and not found.broken
    assert with_cells(sheet, {("学校", "D1"): ""}).rows[0] == ["x", "y", None, None]
    assert place_of("AB10") == (9, 27)
