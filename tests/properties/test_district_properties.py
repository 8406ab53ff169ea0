"""What must hold of any district data, not of one example."""

from __future__ import annotations

import math
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.district.columns import columns
from simulator.district.pupils.projection import project_cohort
from simulator.district.pupils.splitting import split_school
from simulator.district.reading import cells
from simulator.district.reading.files import open_bytes
from simulator.district.reading.grid import letters, position
from simulator.district.reading.headings import match
from simulator.district.reading.load import load_upload
from simulator.district.sample import sample_district
from simulator.errors import JunhengError
from simulator.formats.template import template_bytes

counts = st.integers(0, 5_000)
SAMPLE = sample_district()
FILLED = template_bytes(SAMPLE)


def _speaks(error: JunhengError) -> None:
    assert error.text("zh") and error.text("en")


@given(st.floats(0, 1e9), counts, counts, counts)
def test_split_parts_never_exceed_the_whole(total: float, a: int, b: int, c: int) -> None:
    parts = split_school(total, a, b, c)
    if a + b + c == 0:
        assert all(math.isnan(part) for part in parts.values())
        return
    assert all(part >= 0 for part in parts.values())
    senior = total * 1.32 * c / (a + 1.1 * b + 1.32 * c)
    assert sum(parts.values()) + senior == pytest.approx(total, rel=1e-9, abs=1e-9)


@given(st.floats(0, 1e9), counts, counts, st.integers(2, 9))
def test_split_depends_on_proportions_only(total: float, a: int, b: int, times: int) -> None:
    once, more = split_school(total, a, b), split_school(total, times * a, times * b)
    assert list(once.values()) == pytest.approx(list(more.values()), nan_ok=True)


@given(st.integers(-(10**12), 10**12))
def test_whole_numbers_survive_every_way_of_writing_them(value: int) -> None:
    wide = str.maketrans("0123456789-,", "０１２３４５６７８９－，")
    for written in (value, str(value), f"{value:,}", f" {value} ", f"{value:,}".translate(wide)):
        assert cells.number(written) == float(value)


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_unknown_or_refused(text: str) -> None:
    try:
        found = cells.number(text, percent=True)
    except cells.Unreadable:
        return
    assert math.isnan(found) or math.isfinite(found)
    if math.isnan(found):
        assert cells.is_blank(text)


@given(st.integers(0, 20_000), st.integers(0, 18_000))
def test_addresses_go_out_and_come_back(row: int, column: int) -> None:
    assert position(f"{letters(column)}{row + 1}") == (row, column)


@given(st.text(max_size=40))
def test_any_heading_is_read_without_failing(text: str) -> None:
    found = match(text, "schools")
    assert found.column is None or found.column.field in columns("schools")


@given(st.permutations(list(SAMPLE.schools.index)))
@settings(max_examples=10, deadline=None)
def test_the_order_of_schools_does_not_matter(order: list[str]) -> None:
    import dataclasses

    mixed = dataclasses.replace(SAMPLE, schools=SAMPLE.schools.loc[order])
    assert mixed.fingerprint == SAMPLE.fingerprint
    read = load_upload(template_bytes(mixed), "d.xlsx")
    assert read.fingerprint == SAMPLE.fingerprint
    assert read.schools.index.tolist() == order


rates = st.dictionaries(st.integers(1, 8), st.floats(0.5, 1.2), min_size=8, max_size=8)


@given(rates, st.lists(st.floats(0, 9_000), min_size=3, max_size=3))
@settings(max_examples=25, deadline=None)
def test_cohorts_keep_the_books(progression: dict[int, float], intake: list[float]) -> None:
    years = (2026, 2027, 2028)
    found = project_cohort(SAMPLE, years, progression, {"primary": intake})
    grades = [SAMPLE.schools[[f"grade_{g}" for g in range(1, 7)]].sum().to_numpy()]
    for new in intake:
        moved = grades[-1][:-1] * [progression[g] for g in range(1, 6)]
        grades.append(np.array([new, *moved]))
    totals = found["pupils"].xs("primary", level="stage").groupby("year").sum()
    assert totals.to_list() == pytest.approx([each.sum() for each in grades[1:]])
    junior = found["grade_1"].xs("junior", level="stage").groupby("year").sum()
    assert junior.to_list() == pytest.approx([each[-1] * progression[6] for each in grades[:-1]])


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_a_damaged_workbook_ends_in_a_sentence(data: st.DataObject) -> None:
    """Bytes changed, cut out or doubled anywhere: read, or refused in words; never a crash."""
    content = bytearray(FILLED)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        how = data.draw(st.sampled_from(["flip", "cut", "double", "zero"]))
        length = data.draw(st.integers(1, 64))
        piece = bytes(content[place : place + length])
        if how == "flip":
            content[place] ^= data.draw(st.integers(1, 255))
        elif how == "cut":
            del content[place : place + length]
        elif how == "double":
            content[place:place] = piece
        else:
            content[place : place + length] = bytes(len(piece))
    try:
        district = load_upload(bytes(content), "d.xlsx")
    except JunhengError as error:
        _speaks(error)
    else:
        assert len(district.schools) > 0


@given(st.binary(max_size=400), st.sampled_from([".xlsx", ".xls", ".csv", ".ods"]))
@settings(max_examples=40, deadline=None)
def test_any_bytes_end_in_a_sentence(content: bytes, suffix: str) -> None:
    starts = {
        ".xlsx": b"PK\x03\x04",
        ".xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        ".ods": b"PK\x03\x04",
    }
    for each in (content, starts.get(suffix, b"") + content):
        try:
            open_bytes(each, f"d{suffix}")
        except JunhengError as error:
            _speaks(error)


cell = st.one_of(
    st.none(), st.integers(-10, 10**9), st.floats(allow_nan=False), st.text(max_size=12),
    st.booleans(), st.sampled_from(["小学", "合计", "—", "12%", "注：", "2025年", "1,234", "是"]),
)  # fmt: skip


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_values_under_known_headings_are_read_or_named(data: st.DataObject) -> None:
    """A table of anything: a district, or findings that each speak both languages."""
    import xlsxwriter

    chosen = data.draw(
        st.lists(st.sampled_from(list(columns("schools"))), unique=True, max_size=12)
    )
    heads = ["school_id", "school_name", "school_type", *chosen]
    rows = data.draw(st.lists(st.lists(cell, min_size=len(heads), max_size=len(heads)), max_size=6))
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False,
                                        "nan_inf_to_errors": True})  # fmt: skip
    for name, table in {
        "学校": [heads, *rows],
        "区县": [["name", "x"], ["base_year", 2025]],
    }.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(table):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, column, value)
                elif value is not None:
                    sheet.write(number, column, value)
    book.close()
    try:
        district = load_upload(buffer.getvalue(), "d.xlsx")
    except JunhengError as error:
        _speaks(error)
    else:
        assert not district.schools.index.has_duplicates
        assert isinstance(district.schools, pd.DataFrame)
