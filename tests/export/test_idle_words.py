"""Levers that count for nothing are told as such wherever levers are told."""

from __future__ import annotations

import io
import json
from typing import Any

import openpyxl
import pytest

import simulator as sim
from simulator.compare import compare
from simulator.formats.as_json import machine_text
from simulator.formats.comparison.book import comparison_book
from simulator.glossary import Language
from simulator.present.brief_parts import Teller
from simulator.present.sentences.brief import compared
from simulator.present.sentences.idle import idle_of
from simulator.present.tables.catalogue import table
from simulator.present.tables.comparison import parameters_table, sides, summary_table
from simulator.results.result import Result
from tests.building import scenario_of

MARKS: dict[Language, str] = {
    "zh": "不起作用：现行公式不读取",
    "en": "counts for nothing: the formula in force does not read it",
}
LINE = {"id": "a", "zh": "生均", "en": "Per pupil", "counted": "headcount", "amount": 900}
LINES = {"id": "own", "zh": "本区公式", "en": "Our formula", "per_pupil": "headcount",
         "lines": [{**LINE, "cites": "试"}]}  # fmt: skip
#: One lever that the lines leave without effect, one that goes on counting.
IDLE, COUNTS = "levers.boarding_rate", "levers.training_share"
SAID: dict[str, Any] = {"boarding_rate": 500, "training_share": 0.08}


@pytest.fixture(scope="module")
def results() -> tuple[Result, Result]:
    district = sim.sample_district()
    law = scenario_of(name="law")
    own = scenario_of(name="own", levers=SAID, lines=LINES)
    return sim.simulate(district, law), sim.simulate(district, own)


@pytest.mark.parametrize("language", MARKS)
def test_the_table_of_levers_marks_them(results: tuple[Result, Result], language: Language) -> None:
    rows = {row["path"]: row for row in table(results[1], "levers", language).records()}
    assert rows[IDLE]["effect"] == MARKS[language]
    assert rows[COUNTS]["effect"] == ""


@pytest.mark.parametrize("language", MARKS)
def test_a_comparison_marks_them(results: tuple[Result, Result], language: Language) -> None:
    shown = sides(compare(results, language=language), language, "10k_yuan")
    rows = {row["path"]: row for row in parameters_table(shown).records()}
    assert MARKS[language] in rows[IDLE]["s1"]
    assert MARKS[language] not in rows[IDLE]["s0"]
    assert MARKS[language] not in rows[COUNTS]["s1"]
    does = [str(row) for row in summary_table(shown).records()]
    assert any(MARKS[language] in row for row in does)


@pytest.mark.parametrize("language", MARKS)
def test_the_brief_tells_them(results: tuple[Result, Result], language: Language) -> None:
    from simulator.formats.docx.brief import sections

    teller = Teller(results[1], language)
    said = idle_of(results[1], None, language)
    assert MARKS[language] in said
    assumptions = sections(teller)[1]
    assert said in [getattr(block, "text", "") for block in assumptions.blocks]
    both = Teller(results[0], language, comparison=compare(results, language=language))
    assert any(MARKS[language] in line for line in compared(both))


def test_the_comparisons_workbook_marks_them(results: tuple[Result, Result]) -> None:
    content = comparison_book(compare(results, language="en"), "en")
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [str(c.value) for s in book for row in s.iter_rows() for c in row if c.value]
    assert any(MARKS["en"] in cell and "own" in cell for cell in cells)


def test_nothing_is_told_where_all_count(results: tuple[Result, Result]) -> None:
    district = results[0].binding.district
    found = sim.simulate(district, scenario_of(levers=SAID))
    assert idle_of(found, None, "zh") == ""
    assert not any(row["effect"] for row in table(found, "levers", "zh").records())


def test_machines_read_them_too(results: tuple[Result, Result]) -> None:
    read = json.loads(machine_text(results[1], ("levers", "idle")))
    assert read["idle_levers"] == {IDLE: "lines"}
    assert set(read["levers"]) == {IDLE, COUNTS}
