"""The sample's figures are traced to the cells of the workbook that can be downloaded."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
import pytest

from simulator import glossary
from simulator.district.sample import sample_district
from simulator.formats.template import template_bytes
from simulator.glossary import LANGUAGES, Language
from simulator.present.sentences.explained import lines_of
from simulator.results.simulate import simulate
from tests import building


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_of_the_sample_stands_in_the_cell_it_is_traced_to(language: Language) -> None:
    district = sample_district()
    book = openpyxl.load_workbook(io.BytesIO(template_bytes(district, language)))
    frames = {"schools": district.schools, "fiscal": district.fiscal,
              "indicators": district.indicators}  # fmt: skip
    seen = 0
    for table, row, field in district.origins:
        origin = district.origin(table, row, field)
        assert origin is not None
        value = book[glossary.label(origin.sheet, language)][origin.cell].value
        if table == "district":
            # the appropriation is for compulsory education alone: no share of it is given; and
            # nothing is declared to be none where it is empty
            assert value is not None or field in {"compulsory_share", "assumed_none"}
            continue
        frame = frames[table]
        kept = {str(column): column for column in frame.columns}
        keys = {str(key): key for key in frame.index}
        held = frame.at[keys[row], kept[field]] if field in kept else row
        if isinstance(held, (int, float)) and not pd.isna(held) and not isinstance(value, str):
            assert value == pytest.approx(held), (table, row, field)
            seen += 1
    assert seen > 1_000
    assert district.origin("schools", "no such school", "payroll") is None


def test_the_window_names_the_file_that_can_be_downloaded() -> None:
    result = simulate(sample_district(), building.scenario_of(policy=["national"]))
    trace = result.explain("upper_transfers", year=2025)
    for language, name in (("zh", "示例区县.xlsx › 财政 › "), ("en", "sample_district.xlsx › ")):
        sources = [line.source for line in lines_of(trace, language, 9)]  # type: ignore[arg-type]
        assert any(source.startswith(name) for source in sources)
