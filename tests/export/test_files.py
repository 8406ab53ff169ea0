"""Files read back: what was printed, harmless text, whole or not at all."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import simulator as sim
from simulator.errors import JunhengError
from simulator.formats import table_files as files
from simulator.present.table import Column, Table
from simulator.present.tables.catalogue import all_tables, table

MADE = Table(
    "made",
    "Made: a/b",
    (
        Column("name", "Name"),
        Column("money", "Money", "10k_yuan", 2),
        Column("share", "Share", "share", 2),
        Column("value", "Value", "*unit_id"),
    ),
    pd.DataFrame(
        [
            {"name": "=1+1", "money": 1234.5, "share": 0.05, "value": 2.0, "unit_id": "person"},
            {
                "name": "育才",
                "money": float("nan"),
                "share": -0.1,
                "value": 0.5,
                "unit_id": "share",
            },
        ]
    ),
    note="@note",
    language="en",
)


def _read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_is_read_back_as_printed() -> None:
    content = files.csv_bytes(MADE)
    assert content.startswith(b"\xef\xbb\xbf")
    assert _read(content) == [
        ["Name", "Money (10k yuan)", "Share (%)", "Value", "Unit"],
        ["'=1+1", "1234.50", "5.00%", "2.0", "persons"],
        ["育才", "not computable", "-10.00%", "50.00%", "%"],
        [],
        ["'@note"],
    ]


def test_a_workbook_is_read_back_with_figures_as_figures() -> None:
    book = openpyxl.load_workbook(io.BytesIO(files.xlsx_bytes([MADE, MADE])))
    assert book.sheetnames == ["Made  a b", "Made  a b 2"]
    rows = list(book["Made  a b"].iter_rows(values_only=True))
    assert rows[1] == ("=1+1", 1234.5, 0.05, 2.0, "persons")
    assert rows[2][1] == "not computable"
    cell = book["Made  a b"]["A2"]
    # a text, not a formula, and kept one by Excel when it is edited
    assert cell.data_type == "s" and cell.quotePrefix
    assert book["Made  a b"]["C2"].number_format == "0.00%"
    assert book["Made  a b"].freeze_panes == "A2"


@given(st.text(max_size=30))
def test_no_text_is_taken_for_a_formula(text: str) -> None:
    clean = files.harmless(text)
    assert not clean.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert not any(ord(letter) < 32 and letter != "\n" for letter in clean)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("\t=1", "'=1"),
        ("\x00=1", "'=1"),
        ("a\x07b", "ab"),
        ("5 - 3", "5 - 3"),
        ("＝1", "'＝1"),
    ],
)
def test_harmless_texts(text: str, expected: str) -> None:
    assert files.harmless(text) == expected


@given(st.lists(st.text(max_size=60), max_size=6))
def test_sheet_names_are_allowed_and_unlike(titles: list[str]) -> None:
    taken: set[str] = set()
    for title in titles:
        name = files.sheet_name(title, taken)
        assert 0 < len(name) <= 31 and not set(name) & set("[]:*?/\\")
        assert name.casefold() not in taken
        taken.add(name.casefold())


def test_every_table_of_the_sample_is_written_and_labelled(tmp_path: Path, root: Path) -> None:
    scenario = sim.load_scenario(root / "scenarios" / "steady.yaml")
    result = sim.simulate(sim.sample_district(), scenario)
    tables = all_tables(result)
    written = files.write_folder(tables, tmp_path / "out")
    assert [path.stem for path in written] == [each.id for each in tables]
    assert all("虚构" in path.read_text(encoding="utf-8-sig") for path in written)
    book = openpyxl.load_workbook(files.write_xlsx(tables, tmp_path / "all.xlsx"))
    notes = [str(sheet.cell(sheet.max_row, 1).value) for sheet in book]
    assert len(notes) == len(tables) and all("虚构" in note for note in notes)
    money = _read(files.csv_bytes(table(result, "money")))
    need = [float(cell) for cell in money[7][1:]]
    lines = [[float(cell) for cell in row[1:]] for row in money[1:7]]
    assert money[7][0] == table(result, "money").rows["line"][6]
    assert need == pytest.approx([sum(year) for year in zip(*lines, strict=True)], abs=1e-6)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(JunhengError, match="nowhere"):
        files.write_csv(MADE, tmp_path / "nowhere" / "x.csv")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(JunhengError, match="cannot be written"):
        files.write_folder([MADE], tmp_path / "file")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
