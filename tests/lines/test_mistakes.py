"""Mistakes in a set of lines: each at its key, with its reason, all at once."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from simulator.errors import FindingsError
from simulator.own_formula.read import read_lines
from tests.lines.making import SOURCES, a_set

BASE = {"id": "base", "counted": "pupils", "amount": 650}


def _codes(*lines: Mapping[str, object], **more: object) -> list[tuple[str, str]]:
    with pytest.raises(FindingsError) as caught:
        a_set(*lines, **more)
    for finding in caught.value.findings:
        assert finding.text("zh") and finding.text("en")
    return [(each.code.removeprefix("lines_"), each.column) for each in caught.value.findings]


WRONG = [
    ({**BASE, "pay": 1}, "unknown_key", "lines.0.pay"),
    ({"counted": "pupils", "amount": 1}, "missing", "lines.0.id"),
    ({**BASE, "id": "Base"}, "id", "lines.0.id"),
    ({**BASE, "id": "pupils"}, "twice", "lines.0.id"),
    ({**BASE, "zh": ""}, "words", "lines.0.zh"),
    ({**BASE, "counted": "pupls"}, "formula", "lines.0.counted"),
    ({**BASE, "amount": "pupils"}, "unit", "lines.0.amount"),
    ({**BASE, "amount": "x"}, "formula", "lines.0.amount"),
    ({**BASE, "amount": True}, "not_number", "lines.0.amount"),
    ({**BASE, "amount": float("nan")}, "number", "lines.0.amount"),
    ({**BASE, "amount": {"first": 1}}, "figures", "lines.0.amount"),
    ({**BASE, "amount": {"share": 0.2, "of": "none"}}, "no_line", "lines.0.amount.of"),
    ({**BASE, "amount": {"share": 0.2}}, "missing", "lines.0.amount.of"),
    ({**BASE, "path": "curved"}, "choice", "lines.0.path"),
    ({**BASE, "stages": ["senior"]}, "choice", "lines.0.stages"),
    ({**BASE, "stages": "primary"}, "not_list", "lines.0.stages"),
    ({**BASE, "ramp": {"measure": "poor", "points": [[1, 1]]}}, "points", "lines.0.ramp.points"),
    ({**BASE, "ramp": {"measure": "poor", "points": [[1, 1], [0, 2]]}},
     "points", "lines.0.ramp.points"),
    ({**BASE, "bands": [{"below": 200, "as": 200}, {"below": 100, "as": 100}]},
     "bands", "lines.0.bands.1.below"),
    ({**BASE, "areas": {"rural": 1.2, "town": 1}}, "missing", "lines.0.areas.urban"),
    ({**BASE, "factor": "pupils"}, "unit", "lines.0.factor"),
    ({**BASE, "when": "pupils"}, "unit", "lines.0.when"),
    ({**BASE, "bounds": {"least_per_pupil": -1}}, "number", "lines.0.bounds.least_per_pupil"),
    ({**BASE, "bounds": {"least_per_pupil": 9, "most_per_pupil": 1}},
     "crossed", "lines.0.bounds.most_per_pupil"),
    ({**BASE, "protection": {}}, "protects_nothing", "lines.0.protection"),
    ({**BASE, "protection": {"least": 1, "per_pupil": 1}},
     "not_flag", "lines.0.protection.per_pupil"),
    ({**BASE, "protection": {"least": 1, "against": "pupils"}},
     "unit", "lines.0.protection.against"),
    ({**BASE, "since": "2026"}, "year", "lines.0.since"),
    ({**BASE, "since": 2027, "until": 2026}, "years", "lines.0.until"),
    ({**BASE, "into": "need"}, "no_subtotal", "lines.0.into"),
    ({**BASE, "sharing": {"county": 0.5}}, "unknown_key", "lines.0.sharing.county"),
    ({"id": "base"}, "pays_nothing", "lines.0"),
    ({"id": "base", "lump_sum": 9, "bands": [{"below": 100, "as": 100}]},
     "bands_of_nothing", "lines.0.bands"),
    ({**BASE, "path": "straight"}, "straight_without_years", "lines.0.path"),
    ({"id": "base", "counted": "pupils"}, "missing", "lines.0.amount"),
    ({**BASE, "lump_sum": "much"}, "not_number", "lines.0.lump_sum"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "code", "key"), WRONG)
def test_a_wrong_line_says_where_and_why(line: dict[str, object], code: str, key: str) -> None:
    assert _codes(line) == [(code, key)]


def test_all_mistakes_are_told_at_once() -> None:
    found = _codes(
        {**BASE, "amount": "pupils", "since": 0},
        {"id": "base", "counted": "area +", "amount": 1},
        pots=[{"id": "pot", "zh": "盘子", "en": "pot", "rule": "by_luck", "shared": "nothing",
               "amount": 5, "paid_in": 0.5}],
        mode="fast",
    )  # fmt: skip
    assert {code for code, _ in found} == {
        "unit", "year", "formula", "choice", "no_line", "paid_in", "unknown_key", "twice",
    }  # fmt: skip


def test_what_follows_from_a_mistake_is_not_told_as_another() -> None:
    wrong = {**BASE, "counted": "pupils + area", "amount": "last_year"}
    heir = {"id": "heir", "counted": "pupils", "amount": {"share": 0.5, "of": "base"}}
    user = {"id": "user", "counted": "pupils", "amount": "base_rate * 2"}
    assert _codes(wrong, heir, user) == [("formula", "lines.0.counted")]


def test_a_line_inside_a_subtotal_is_borne_with_it() -> None:
    inside = {**BASE, "into": "part", "sharing": {"central": 0.5}}
    subtotals = [{"id": "part", "zh": "小计", "en": "part"}]
    assert _codes(inside, subtotals=subtotals) == [("shared_inside", "lines.0.sharing")]


def test_a_broken_measure_is_told_once() -> None:
    measures = [{"id": "weighted", "zh": "加权", "en": "weighted", "formula": "pupls"}]
    line = {"id": "cost", "counted": "weighted", "amount": 1}
    assert _codes(line, measures=measures) == [("formula", "measures.0.formula")]


def test_lines_that_need_one_another_are_named_as_a_circle() -> None:
    lines: list[dict[str, object]] = [
        {"id": "one", "counted": "two * 0.5", "amount": 1},
        {"id": "two", "counted": "pupils", "amount": {"share": 0.1, "of": "three"}},
        {"id": "three", "counted": "pupils + one / base_rate", "amount": 1},
    ]
    head = {"id": "own", "zh": "本县", "en": "own", "per_pupil": "pupils"}
    named = [{"zh": "行", "en": "line", **line} for line in (BASE, lines[2], lines[1], lines[0])]
    with pytest.raises(FindingsError) as caught:
        read_lines({**head, "lines": named}, SOURCES)
    circle = caught.value.findings[0].value.split(" → ")
    assert (len(circle), set(circle), circle[0]) == (4, {"one", "two", "three"}, circle[-1])


def test_a_line_of_its_own_total_is_a_circle() -> None:
    assert _codes(
        {**BASE, "counted": "total / 1"},
    ) == [("circle", "lines.0")]


def test_per_pupil_divides_by_pupils() -> None:
    assert _codes(BASE, per_pupil="last_year") == [("unit", "per_pupil")]


@pytest.mark.parametrize("data", [None, 3, [], "lines", {"lines": 3}, {"lines": []}, {1: 2}])
def test_what_is_no_set_is_refused_with_findings(data: object) -> None:
    with pytest.raises(FindingsError):
        read_lines(data, {})
