from __future__ import annotations

from pathlib import Path

import pytest

from simulator.district.reading.load import load_district
from simulator.district.reading.mapping import load_map, recall, remember, save_map
from simulator.district.reading.proposal import ColumnFound, Proposal, confirm, propose
from simulator.errors import FindingsError, JunhengError
from tests.unit.district.books import GOOD, good_sheets, write_book

ODD = "公用经费预计"


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A good workbook with one heading that is only close to a known one."""
    sheets = good_sheets()
    sheets["学校"][0][sheets["学校"][0].index("公用经费预算")] = ODD
    sheets["随记"] = [["电话记录"], ["无"]]
    return write_book(tmp_path / "d.xlsx", sheets)


def _found(proposal: Proposal, heading: str) -> ColumnFound:
    return next(each for each in proposal.columns if each.heading == heading)


def test_every_column_is_shown_with_its_meaning_and_values(odd: Path) -> None:
    proposal = propose(odd)
    pupils = _found(proposal, "小学在校生")
    assert (pupils.sheet, pupils.place, pupils.field) == ("学校", "G", "primary_pupils")
    assert (pupils.certainty, pupils.values, pupils.factor) == ("known", (600, 48, 360), 1.0)
    assert _found(proposal, "2026").field == "2026"
    assert _found(proposal, "中央分担比例").place == "7"  # the row of a turned sheet
    assert proposal.unused_sheets == ("随记",)
    assert len([each for each in proposal.columns if each.sheet == "学校"]) == 30


def test_what_is_not_certain_is_asked_and_not_used(odd: Path) -> None:
    proposal = propose(odd)
    asked = _found(proposal, ODD)
    assert (asked.field, asked.certainty, asked.near[0]) == (None, "unsure", "operating_funds")
    assert proposal.usable
    assert proposal.district().schools["operating_funds"].isna().all()
    assert proposal.district().extra["schools"][ODD].tolist()[0] == 486_000


def test_a_confirmed_heading_is_used_and_remembered(odd: Path, tmp_path: Path) -> None:
    proposal = propose(odd)
    mapped = confirm(proposal, {("学校", ODD): "operating_funds"})
    assert load_district(odd, mapped).fingerprint == load_district(GOOD).fingerprint
    remember(tmp_path / "kept", proposal.shape, mapped)
    again = propose(odd)
    assert recall(tmp_path / "kept", again.shape) == mapped
    used = propose(odd, mapped)
    assert _found(used, ODD).certainty == "confirmed"
    assert used.district().fingerprint == load_district(GOOD).fingerprint
    assert used.shape == proposal.shape


def test_a_file_of_another_shape_is_not_confused_with_it(odd: Path, tmp_path: Path) -> None:
    remember(tmp_path / "kept", propose(odd).shape, {"学校": {ODD: "operating_funds"}})
    other = propose(write_book(tmp_path / "e.xlsx", good_sheets()))
    assert recall(tmp_path / "kept", other.shape) is None


def test_a_known_column_may_be_set_aside(odd: Path) -> None:
    mapped = confirm(propose(odd), {("学校", "小学寄宿生"): None})
    assert load_district(odd, mapped).schools["primary_boarders"].isna().all()


def test_a_mapping_file_goes_out_and_comes_back(tmp_path: Path) -> None:
    mapped = {"学校": {ODD: "operating_funds", "备注": None}}
    save_map(tmp_path / "map.yaml", mapped)
    assert load_map(tmp_path / "map.yaml") == mapped


@pytest.mark.parametrize(
    ("text", "code"),
    [("学校: {甲: no_such_field}", "map_field"), ("- 甲", "map_shape"), ("学校: 甲", "map_shape"),
     ("a: [", "yaml_place"), ("!!python/object/apply:os.system [ls]", "yaml_tag"),
     ("\x00", "yaml_syntax"), ("学校: &a {甲: null}\n财政: *a", "yaml_alias"),
     ("学校: " + "[" * 99, "yaml_deep"), ("# " + "长" * 400_000, "yaml_large")],
)  # fmt: skip
def test_bad_mapping_files_are_refused(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "map.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(JunhengError) as caught:
        load_map(tmp_path / "map.yaml")
    assert caught.value.code == code
    assert "map.yaml" in caught.value.text("zh") and "map.yaml" in caught.value.text("en")


def test_a_mapping_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(JunhengError) as caught:
        load_map(tmp_path / "map.yaml")
    assert caught.value.code == "yaml_missing"


def test_the_files_own_totals_stand_beside_the_sums(tmp_path: Path) -> None:
    sheets = good_sheets()
    line: list = [None] * len(sheets["学校"][0])
    line[1], line[6], line[10] = "合计", 1_000, 60
    sheets["学校"].append(line)
    proposal = propose(write_book(tmp_path / "d.xlsx", sheets))
    shown = [(each.field, each.cell, each.printed, each.summed) for each in proposal.totals]
    assert shown == [("primary_pupils", "G7", 1_000, 1_008), ("special_pupils", "K7", 60, 60)]
    assert [each.code for each in proposal.findings] == ["total_differs"]


def test_a_file_with_errors_is_shown_but_cannot_be_used(tmp_path: Path) -> None:
    sheets = good_sheets()
    sheets["学校"][1][6] = "六百"
    proposal = propose(write_book(tmp_path / "d.xlsx", sheets))
    assert not proposal.usable and len(proposal.columns) > 40
    with pytest.raises(FindingsError):
        proposal.district()
