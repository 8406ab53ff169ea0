"""Very many mistakes, and very large files, end in a text that somebody can read."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.district.reading.files import open_sheets, table_text
from simulator.district.reading.package import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, MOST_SHEETS
from simulator.district.reading.proposal import propose_sheets
from simulator.errors import FindingsError, JunhengError
from simulator.findings import Finding
from simulator.own_formula.read import read_lines
from simulator.own_formula.sources import graph_sources
from simulator.scenario.levers import known_paths
from simulator.scenario.load import KEYS, read_scenario

MOST_KEYS = 2 * (len(known_paths()) + len(KEYS))


@pytest.mark.parametrize("count", [1, 200, 201, 5_000])
def test_no_more_findings_are_told_than_an_officer_can_read(count: int) -> None:
    error = FindingsError("f", [Finding("error", "not_a_number", value=n) for n in range(count)])
    for language in ("zh", "en"):
        told = error.text(language).split("\n")
        assert len(told) == 1 + min(count, 200) + (count > 200)
        assert (str(count - 200) in told[-1]) == (count > 200)
    assert len(error.findings) == count


@pytest.mark.parametrize("keys", [MOST_KEYS - 1, MOST_KEYS])
def test_a_scenario_of_more_keys_than_there_are_is_refused_whole(keys: int) -> None:
    # the name, which every scenario has, and the group are keys too
    text = "levers:\n" + "\n".join(f"  key{n}: 1" for n in range(keys - 1))
    with pytest.raises(JunhengError) as caught:
        read_scenario(text, "made.yaml")
    assert (caught.value.code == "scenario_keys") == (keys == MOST_KEYS)
    assert isinstance(caught.value, FindingsError) == (keys < MOST_KEYS)


@pytest.mark.parametrize("keys", [19, 20, 21, 5_000])
def test_wrong_keys_of_formula_lines_are_told_one_by_one_up_to_twenty(keys: int) -> None:
    line = {"id": "a", "zh": "甲", "en": "a", "counted": "pupils", "amount": 1}
    whole = {"id": "x", "zh": "甲", "en": "x", "lines": [line]}
    with pytest.raises(FindingsError) as caught:
        read_lines(whole | {f"key{n}": 1 for n in range(keys)}, graph_sources())
    told = [each for each in caught.value.findings if each.code == "lines_unknown_key"]
    assert len(told) == min(keys, 20) + (keys > 20)
    if keys > 20:
        assert "key20" in str(told[-1].value)


@pytest.mark.parametrize(("funds", "fine"), [("1e15", True), ("1.001e15", False), ("1e99", False)])
def test_a_figure_beyond_reason_is_an_error(root: Path, funds: str, fine: bool) -> None:
    good = root / "tests" / "rejects" / "good" / "schools.csv"
    text = good.read_text(encoding="utf-8-sig").replace("486000", funds, 1)
    found = propose_sheets("d", (table_text(text, "schools.csv"),)).findings
    beyond = [each for each in found if each.code == "value_out_of_range"]
    assert bool(beyond) != fine
    assert all(len(each.text("zh")) < 200 for each in beyond)


@pytest.mark.parametrize(
    ("rows", "columns", "fine"),
    [(MOST_ROWS, 1, True), (MOST_ROWS + 1, 1, False), (1, MOST_COLUMNS, True),
     (1, MOST_COLUMNS + 1, False), (MOST_CELLS // MOST_COLUMNS + 1, MOST_COLUMNS, False)],
)  # fmt: skip
def test_text_beyond_any_table_ends_at_once(rows: int, columns: int, fine: bool) -> None:
    text = ("," * (columns - 1) + "\n") * rows if columns > 1 else "a\n" * rows
    if fine:
        assert len(table_text(text, "学校.csv").rows) == rows
    else:
        with pytest.raises(JunhengError) as caught:
            table_text(text, "学校.csv")
        assert caught.value.code == "data_sheet_large"


@pytest.mark.parametrize("count", [MOST_SHEETS, MOST_SHEETS + 1])
def test_a_folder_of_very_many_files_is_refused(tmp_path: Path, count: int) -> None:
    for number in range(count):
        (tmp_path / f"{number}.csv").write_text("学校代码,学校名称\n1,甲\n", encoding="utf-8")
    if count == MOST_SHEETS:
        assert len(open_sheets(tmp_path)) == count
    else:
        with pytest.raises(JunhengError, match="more than 200 sheets"):
            open_sheets(tmp_path)
