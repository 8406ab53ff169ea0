"""Every reader of outside text takes time in step with its length, whatever stands in the text."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from simulator.district.columns import columns
from simulator.district.reading import cells, headings, package
from simulator.district.reading.files import table_text
from simulator.district.reading.grid import Sheet
from simulator.district.reading.proposal import propose_sheets
from simulator.library.checks import checked_work, folded
from simulator.library.exchange import read_file
from simulator.library.store import Work
from simulator.outside_text import one_form, stray_sign
from simulator.own_formula.grammar import read_formula
from simulator.policy.provinces import tier_of
from simulator.scenario.load import read_scenario
from simulator.strict_yaml import parse
from tests import growth
from tests.fuzz import targets

#: Marks heaped on one letter in the order that takes longest to put right.
MARKS = "\u0315\u0300"


def test_what_grows_with_the_square_is_told_from_what_does_not() -> None:
    def square(size: int) -> object:
        return sum(1 for _ in range(size) for _ in range(size))

    def straight(size: int) -> object:
        return sum(1 for _ in range(size * 500))

    assert not growth.is_linear(square, lambda size: size, 300)
    assert growth.is_linear(straight, lambda size: size, 300)


# Workbooks --------------------------------------------------------------------------------

LINKS = (
    '<Relationships xmlns="x"><Relationship Id="r1" Target="worksheets/sheet1.xml"/>'
    '<Relationship Id="r2" Target="worksheets/sheet2.xml"/></Relationships>'
)
BOOK = (
    '<workbook xmlns="m" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships"><sheets><sheet name="学校" r:id="r1"/></sheets></workbook>'
)


def book(sheet: str, **more: str) -> bytes:
    """A workbook of one sheet with this XML, and other parts."""
    parts = {"xl/workbook.xml": BOOK, "xl/_rels/workbook.xml.rels": LINKS}
    parts |= {"xl/worksheets/sheet1.xml": sheet, **{f"xl/{k}.xml": v for k, v in more.items()}}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


XML = (
    "<c ><f ", "<c ><f/>", "<c ", '<c r="A1" ', '<c r="A1"', '<c r="KZ999999" ', '<c t="e" ',
    't="e" ', '<c t="e"><v>', '<c r="A1"><f>', '<c r="A1"><f><v', '<c r="A1"><f></c', "<f ",
    '<row hidden="1" ', '<row r="1" hidden="true" ', 'hidden="1" ', "<row ", "<x:row ", "<x:",
    "<aaaa", "<!", "<", ">", "<v>", " ", 'r="', "<c >", "<mergeCell ", "<si>",
)  # fmt: skip


@pytest.mark.parametrize("piece", XML)
def test_the_look_into_a_sheet_is_linear(piece: str) -> None:
    def inspected(content: bytes) -> object:
        return package.inspect(content, "区县.xlsx")

    def made(size: int) -> bytes:
        # the sheet opens every search once, so that each piece is met by all of them
        start = '<worksheet><sheetData><x:row hidden=""><c t="e"><f>'
        return book(start + piece * (size // len(piece)))

    assert growth.is_linear(inspected, made, 20_000)


# Tables -----------------------------------------------------------------------------------

TEXTS: Mapping[str, str] = {
    "letters": "a", "marks": MARKS, "wide": "\ufdfa", "units": "(元)", "open": "(", "nested": "(（",
    "years": "2025年", "unit line": "单位：", "total": "合计", "digits": "9", "group": "1,",
    "points": ".", "blank": " ", "percent": "%", "place": "区", "note": "备注：", "lines": "\n甲",
}  # fmt: skip


def _sheet(*rows: list[object]) -> tuple[Sheet, ...]:
    return (Sheet("学校.csv", "学校", rows),)


def _proposed(sheets: tuple[Sheet, ...]) -> object:
    return propose_sheets("学校.csv", sheets)


@pytest.mark.parametrize("text", TEXTS)
def test_a_long_heading_costs_no_more_than_its_length(text: str) -> None:
    known: list[object] = ["学校代码", "学校名称", "学校类型", "小学在校生"]

    def made(size: int) -> tuple[Sheet, ...]:
        long = (TEXTS[text] * size)[:size]
        return _sheet([long], [*known, long, f"甲{long}"], [1, "甲", "小学", 3])

    assert growth.is_linear(_proposed, made, 4_000)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("field", ["school_name", "school_type", "weak", "primary_pupils"])
def test_a_long_cell_costs_no_more_than_its_length(text: str, field: str) -> None:
    known = columns("schools")[field]

    def read(cell: str) -> object:
        cells.is_blank(cell)
        return cells.value(cell, known)

    def refused_or_read(cell: str) -> object:
        try:
            return read(cell)
        except cells.Unreadable as fault:
            return fault

    made = growth.repeated(TEXTS[text])
    assert growth.is_linear(refused_or_read, made, 8_000)


@pytest.mark.parametrize("piece", [",", "\n", '"', '",', '","', "\r", ";", "\t", "a\n", '"\n'])
def test_text_with_commas_is_read_in_step_with_its_length(piece: str) -> None:
    def made(size: int) -> str:
        return "学校代码,学校名称\n" + piece * size

    assert growth.is_linear(lambda text: table_text(text, "学校.csv"), made, 6_000)


def _columns_alike(size: int) -> tuple[Sheet, ...]:
    return _sheet(["学校代码", "学校名称", "学校类型", *["无名列"] * size])


def _columns_empty(size: int) -> tuple[Sheet, ...]:
    """Two rows of headings, the upper one with nothing but its first cells."""
    row: list[object] = ["学校代码", "学校名称", *[None] * size]
    return _sheet(row, [*[None] * size, "小学"], ["1", "甲"])


def _merged(size: int) -> tuple[Sheet, ...]:
    rows: list[list[object]] = [["学校代码", "学校名称"], *[[str(n), "甲"] for n in range(size)]]
    return (Sheet("学校.csv", "学校", rows, ((1, 0, size, 1),) * size),)


def _two_sheets(size: int) -> tuple[Sheet, ...]:
    """The second half of the schools stand on one of two sheets only."""
    one: list[list[object]] = [[str(n), f"校{n}", "小学", 3] for n in range(size)]
    two: list[list[object]] = [[str(n), 5] for n in range(size // 2)]
    return (
        Sheet("学校.xlsx", "学校", [["学校代码", "学校名称", "学校类型", "小学在校生"], *one]),
        Sheet("学校.xlsx", "学校情况", [["学校代码", "教职工数"], *two]),
    )


def _same_names(size: int) -> tuple[Sheet, ...]:
    rows: list[list[object]] = [[str(n), "同名", "小学", 3] for n in range(size)]
    return _sheet(["学校代码", "学校名称", "学校类型", "小学在校生"], *rows)


@pytest.mark.parametrize(
    ("made", "size"),
    [(_columns_alike, 120), (_columns_empty, 120), (_merged, 500), (_two_sheets, 1_000),
     (_same_names, 1_000)],
)  # fmt: skip
def test_many_columns_rows_and_sheets_cost_no_more_than_their_number(
    made: Callable[[int], tuple[Sheet, ...]], size: int
) -> None:
    assert growth.is_linear(_proposed, made, size)


# YAML -------------------------------------------------------------------------------------

YAML: Mapping[str, Callable[[int], str]] = {
    "digits": lambda size: "a: " + "9" * size + "x",
    "points": lambda size: "a: " + "1." * size,
    "underscores": lambda size: "a: 1" + "_" * size + "x",
    "exponents": lambda size: "a: 1e" + "9" * size + "x",
    "signs": lambda size: "a: " + "+" * size,
    "dates": lambda size: "a: " + "2024-" * size,
    "values": lambda size: "a: [" + "1," * size + "1]",
    "numbers that collide": lambda size: "\n".join(f"{(2**61 - 1) * n}: 1" for n in range(size)),
    "keys": lambda size: "\n".join(f"k{n}: 1" for n in range(size)),
    "empty keys": lambda size: "levers:\n" + "\n".join(f"  k{n}:" for n in range(size)),
    "a long key": lambda size: "? " + "k" * size + "\n: [" + "1," * size + "1]",
    "a dotted key": lambda size: "levers: {? " + "a." * size + " : 1}",
    "brackets": lambda size: "[" * size,
    "blank": lambda size: " " * size,
    "quotes": lambda size: "a: '" + "''" * size,
    "lines": lambda size: "a: |\n" + " x\n" * size,
    "marks": lambda size: "name: " + "a" + MARKS * size,
    "aliases": lambda size: "a: &a [1]\nb: [" + "*a," * size + "1]",
    "lines of a formula": lambda size: "lines: {lines: [" + "{id: x}," * size + "]}",
    "a formula": lambda size: "lines: {lines: [{id: a, zh: a, en: a, counted: '" + "(" * size
    + "'}]}",
}  # fmt: skip
READERS: Mapping[str, Callable[[str], object]] = {
    "plain": lambda text: parse(text, "made.yaml"),
    "scenario": lambda text: read_scenario(text, "made.yaml"),
    "lines": lambda text: targets.lines(text.encode()),
    "rules": lambda text: targets.rules(text.encode()),
    "mapping": lambda text: targets.mapping(text.encode()),
}


@pytest.mark.parametrize("text", YAML)
@pytest.mark.parametrize("reader", READERS)
def test_yaml_is_read_in_step_with_its_length(reader: str, text: str) -> None:
    assert growth.is_linear(READERS[reader], YAML[text], 2_000)


@pytest.mark.parametrize("keys", [90_000])
@pytest.mark.parametrize("value", ["1", ""])
@pytest.mark.parametrize("start", ["", "levers:\n"])
def test_ninety_thousand_wrong_keys_are_refused_soon_and_in_short(
    start: str, value: str, keys: int
) -> None:
    text = start + "\n".join(f" {n}: {value}" for n in range(keys))
    began = time.process_time()
    told = growth.refusal(lambda: read_scenario(text, "made.yaml"))
    assert time.process_time() - began < 10
    assert all(len(each) < 10_000 for each in told)


# The library and formulas -----------------------------------------------------------------


def _work(text: str) -> Work:
    return Work(text, text, text, "a" * 64, "b" * 64, "c" * 64, text, text, text, text, (text,))


def _file(text: str) -> bytes:
    records = [{"name": text, "saved": text, "tags": [text]}]
    content: dict[str, Any] = {"format": "junheng.scenarios", "schema": 1, "scenarios": records}
    return json.dumps(content | {"exported": text, "sha256": text}).encode()


OTHERS: Mapping[str, Callable[[str], object]] = {
    "work": lambda text: checked_work(_work(text)),
    "library file": lambda text: read_file(_file(text)),
    "search": folded,
    "one form": one_form,
    "stray signs": stray_sign,
    "formula": lambda text: read_formula(text, {}),
    "year": headings.year_of,
    "province": tier_of,
}


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("reader", OTHERS)
def test_other_texts_are_read_in_step_with_their_length(reader: str, text: str) -> None:
    assert growth.is_linear(OTHERS[reader], growth.repeated(TEXTS[text]), 8_000)


@pytest.mark.parametrize("piece", ["小学在校生", "公用经费", "年", "a"])
def test_a_heading_of_sixty_thousand_signs_is_compared_with_nothing(piece: str) -> None:
    long = (piece * 60_000)[:60_000]
    began = time.process_time()
    assert headings.near(headings.Heading(long, long, None), "schools") == ()
    assert time.process_time() - began < 1
    assert headings.match(long, "schools").column is None
