"""What the reading process says is what reading here says: the same values, the same refusals."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from simulator.district.reading.files import open_bytes
from simulator.district.reading.mended import with_cells
from simulator.district.reading.proposal import Proposal, propose_sheets
from simulator.district.sample import sample_district, sample_folder
from simulator.errors import FindingsError, JunhengError
from simulator.formats.marked_workbook import annotated
from simulator.formats.template import template_bytes
from simulator.incoming import ask, readers
from simulator.incoming.ask import Progress
from simulator.library.exchange import read_file
from simulator.policy.own import uploaded_pack
from simulator.scenario.load import SHIPPED, load_scenario, read_scenario
from tests.fuzz import targets
from tests.unit.district.books import good_sheets, write_book

REJECTS = Path(__file__).resolve().parents[2] / "rejects"
NOTHING: dict[Any, Any] = {}


def _here(name: str, files: list[tuple[str, bytes]], mapped: Any, mended: Any) -> Proposal:
    sheets = [
        with_cells(sheet, mended) for file, content in files for sheet in open_bytes(content, file)
    ]
    return propose_sheets(name, sheets, mapped)


def _same(name: str, files: list[tuple[str, bytes]], mapped: Any = NOTHING,
          mended: Any = NOTHING) -> Proposal:  # fmt: skip
    """What is read apart, where it is what is read here."""
    there = readers.proposal(name, files, mapped, mended, "one")
    here = _here(name, files, mapped, mended)
    for part in ("source", "shape", "findings", "totals", "unused_sheets"):
        # as they are written, for two figures that are not known are equal here
        assert repr(getattr(there, part)) == repr(getattr(here, part)), part
    factors = [replace(each, factor=float(each.factor)) for each in here.columns]
    assert repr(list(there.columns)) == repr(factors)
    assert list(there.read.tables) == list(here.read.tables)
    for table, held in here.read.tables.items():
        found = there.read.tables[table]
        pd.testing.assert_frame_equal(found.frame, held.frame.reset_index(drop=True))
        pd.testing.assert_frame_equal(
            found.extra, held.extra.reset_index(drop=True), check_dtype=False
        )
        assert list(found.places) == list(held.places)
        for field, place in held.places.items():
            for row in range(len(held)):
                assert found.places[field].cell(row) == place.cell(row)
                assert found.places[field].number(row) == place.number(row)
    return there


@pytest.fixture(scope="module")
def sample() -> bytes:
    return template_bytes(sample_district(), "zh")


def test_the_sample_is_the_same_district_with_the_same_cells(sample: bytes) -> None:
    found = _same("区县.xlsx", [("区县.xlsx", sample)]).district()
    assert found.fingerprint == sample_district().fingerprint
    assert dict(found.origins) == dict(
        _here("区县.xlsx", [("区县.xlsx", sample)], {}, {}).district().origins
    )


def test_several_files_with_a_mended_cell_and_a_confirmed_heading() -> None:
    files = [(path.name, path.read_bytes()) for path in sorted(sample_folder().glob("*.csv"))]
    schools = dict(files)["schools.csv"].decode("utf-8-sig")
    heading = schools.split(",")[2].split("\n")[0]
    changed = [
        (
            name,
            schools.replace(heading, "不知何列", 1).encode() if name == "schools.csv" else content,
        )
        for name, content in files
    ]
    field = _here("x", files, {}, {}).columns
    meant = next(each.field for each in field if each.heading == heading)
    mapped = {"schools": {"不知何列": meant, "没有的列": None}}
    _same("schools.csv +3", changed, mapped, {("schools", "A2"): "9999999"})


@pytest.mark.parametrize("path", sorted(REJECTS.glob("schools.*.csv"))[::6], ids=lambda p: p.stem)
def test_what_is_wrong_is_told_the_same(path: Path) -> None:
    good = [(each.name, each.read_bytes()) for each in sorted((REJECTS / "good").glob("*.csv"))]
    files = [(n, path.read_bytes() if n == "schools.csv" else c) for n, c in good]
    assert _same("d", files).findings


def test_dates_and_other_cells_in_columns_that_are_not_used(tmp_path: Path) -> None:
    place = write_book(tmp_path / "a.xlsx", good_sheets())
    book = openpyxl.load_workbook(place)
    sheet = book["学校"]
    right = sheet.max_column + 1
    import datetime as dt

    odd = [dt.datetime(2024, 9, 1), dt.time(8, 30), True, 1e30, "\u200b", dt.timedelta(hours=30)]  # noqa: DTZ001
    sheet.cell(1, right, "备注一")
    for row, value in enumerate(odd, start=2):
        sheet.cell(row, right, value)
    out = io.BytesIO()
    book.save(out)
    _same("a.xlsx", [("a.xlsx", out.getvalue())])


def test_schools_on_two_sheets_keep_the_place_of_each_value() -> None:
    one = "学校代码,学校名称,办学类型,小学在校生\n1,甲,小学,30\n2,乙,小学,\n"
    two = "学校代码,教职工数,小学在校生\n1,5,\n2,6,44\n"
    found = _same("x", [("学校.csv", one.encode()), ("学校情况.csv", two.encode())])
    table = found.read.table("schools")
    assert table is not None
    assert table.places["primary_pupils"].of(1).sheet.name in {"学校", "学校情况"}


def test_a_marked_workbook_is_the_same(tmp_path: Path) -> None:
    content = write_book(tmp_path / "a.xlsx", good_sheets()).read_bytes()
    proposal = _here("a.xlsx", [("a.xlsx", content)], {}, {})
    told = readers.marked(("a.xlsx", content), {}, {}, "en", "one")
    here = annotated(content, "a.xlsx", proposal.findings, "en")
    cells = [
        [[cell.value for cell in row] for row in sheet.iter_rows()]
        for made in (told, here) for sheet in openpyxl.load_workbook(io.BytesIO(made))
    ]  # fmt: skip
    half = len(cells) // 2
    assert half and cells[:half] == cells[half:]


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml"))[:4], ids=lambda path: path.stem)
def test_a_scenario_is_the_same(path: Path) -> None:
    found = readers.scenario(path.name, path.read_bytes(), "one")
    assert found.fingerprint == load_scenario(path).fingerprint
    assert found.name == load_scenario(path).name and found.source == path.name


def _both(apart: Callable[[], object], here: Callable[[], object]) -> JunhengError:
    """The refusal, which is the same apart and here, in both languages."""
    told = []
    for run in (apart, here):
        with pytest.raises(JunhengError) as caught:
            run()
        told.append(caught.value)
    assert [told[0].text(each) for each in ("zh", "en")] == [
        told[1].text(each) for each in ("zh", "en")
    ]
    assert type(told[0]) is type(told[1])
    return told[0]


SCENARIOS = {
    "levers:\n  no_such: 1\n  other: {2026: x}\nhorizon: 99\n": FindingsError,
    "a: [": JunhengError, "a: &a [*a]": JunhengError, "": JunhengError, "[" * 50: JunhengError,
    "based_on: ../../etc/passwd\n": JunhengError,
    "lines: {id: x, zh: 甲, en: a, lines: [{id: a, zh: 甲, en: a, counted: pupils +}]}\n":
    FindingsError,
}  # fmt: skip


@pytest.mark.parametrize("text", SCENARIOS)
def test_a_scenario_is_refused_in_the_same_words(text: str) -> None:
    error = _both(
        lambda: readers.scenario("甲.yaml", text.encode(), "one"),
        lambda: read_scenario(text, "甲.yaml"),
    )
    assert isinstance(error, SCENARIOS[text])


def test_a_scenario_that_is_no_text_is_refused() -> None:
    with pytest.raises(JunhengError) as caught:
        readers.scenario("甲.yaml", b"\xff\xfe\x00", "one")
    assert caught.value.code == "yaml_encoding"


def test_a_file_of_saved_scenarios_is_the_same_or_refused_in_the_same_words() -> None:
    content = targets._library()
    assert readers.works("a.json", content, "one") == read_file(content)
    for wrong in (b"{}", content.replace(b'"schema": 1', b'"schema": 2'), content[:-9], b"[" * 99):
        _both(lambda w=wrong: readers.works("a.json", w, "one"), lambda w=wrong: read_file(w))


def test_packs_are_layered_and_refused_as_here() -> None:
    good = (
        "operating_benchmark: {unit: yuan_per_pupil, zh: 区定, en: Ours, by: stage, bound: floor,"
        " values: [{from: 2026-09-01, value: {primary: 1080}, cites: {document: 区发〔2026〕1号,"
        " article: 第三条, title_zh: 办法, title_en: Measures}}]}\n"
    ).encode()
    first, second = uploaded_pack("甲.yaml", good), uploaded_pack("乙.yaml", good)
    law = ("national",)
    assert readers.packs([("甲.yaml", good)], law, (), "one") == (first,)
    assert readers.packs([("乙.yaml", good)], law, (first,), "one") == (first, second)
    again = readers.packs([("甲.yaml", good + b"\n")], law, (first, second), "one")
    assert [each.name for each in again] == ["乙", "甲"]
    from simulator.results.simulate import policy_of

    wrong = good.replace(b"benchmark", b"benchmrk", 1)
    _both(
        lambda: readers.packs([("甲.yaml", wrong)], law, (), "one"),
        lambda: policy_of(law, (uploaded_pack("甲.yaml", wrong),)),
    )


def test_it_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask, "TOLD_AFTER", 0)
    files = [(path.name, path.read_bytes()) for path in sorted(sample_folder().glob("*.csv"))]
    told: list[Progress] = []
    readers.proposal("x", files, {}, {}, "one", told.append)
    seen = list(dict.fromkeys((each.state, each.number, each.of) for each in told))
    assert seen == [("reading", number, 4) for number in (1, 2, 3, 4)] + [("checking", 4, 4)]
    assert told[-1].rows == sum(np.char.count(c.decode().strip(), "\n") + 1 for _, c in files)
