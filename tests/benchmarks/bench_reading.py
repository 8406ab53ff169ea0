"""A large workbook read and checked, against the bare reading by the underlying library."""

from __future__ import annotations

import io

import pandas as pd
import xlsxwriter
from python_calamine import CalamineWorkbook

from simulator.district.columns import columns
from simulator.district.reading.files import open_bytes
from simulator.district.reading.proposal import propose_sheets
from simulator.district.sample import sample_district
from tests.benchmarks import Row, side_by_side, slower_row

SCHOOLS, COLUMNS = 10_000, 40


def workbook() -> bytes:
    """The sample's schools over and over under new codes and names; 40 columns."""
    district = sample_district()
    kept = [name for name in columns("schools") if name in district.schools][: COLUMNS - 1]
    rows = district.schools.reset_index().to_dict("records")
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "nan_inf_to_errors": False})
    sheet = book.add_worksheet("学校")
    names = list(dict.fromkeys(["school_id", *kept]))
    sheet.write_row(0, 0, [columns("schools")[name].label("zh") for name in names])
    for number in range(SCHOOLS):
        row = rows[number % len(rows)]
        own = {"school_id": f"S{number:05d}", "school_name": f"{row['school_name']}{number}"}
        for place, name in enumerate(names):
            value = own.get(name, row[name])
            if not pd.isna(value):
                sheet.write(number + 1, place, value)
    about = book.add_worksheet("区县")
    about.write_row(0, 0, ["项目", "值"])
    about.write_row(1, 0, ["区县名称", "大区"])
    about.write_row(2, 0, ["基年", 2025])
    book.close()
    return buffer.getvalue()


def _bare(content: bytes) -> int:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


def run() -> list[Row]:
    content = workbook()
    found = propose_sheets("big.xlsx", open_bytes(content, "big.xlsx"))
    read = found.read.table("schools")
    assert read is not None and len(read) == SCHOOLS, found.findings[:3]
    pair = side_by_side(
        lambda: propose_sheets("big.xlsx", open_bytes(content, "big.xlsx")),
        lambda: _bare(content),
        5,
    )
    return [
        slower_row(
            f"A workbook of {SCHOOLS:,} schools and {COLUMNS} columns read, recognised and "
            "checked, against the library's bare reading",
            f"读入、识别并检查 {SCHOOLS:,} 所学校 {COLUMNS} 列的工作簿，对照底层库直接读取",
            pair, 2,
        )
    ]  # fmt: skip
