"""Moves of pupils between schools: who may move where, and the shares that result."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulator.district.model import District
from simulator.district.pupils.cohort import project_cohort
from simulator.district.pupils.moves import MOVES, NEW, OPENS_WITH, reorganised
from simulator.errors import JunhengError
from tests.building import district_of, school

GRADES = {f"grade_{g}": n for g, n in enumerate((30, 32, 34, 34, 35, 35), 1)}


@pytest.fixture(scope="module")
def district() -> District:
    return district_of([
        school("A", **GRADES), school("B", **GRADES), school("N9", "nine_year"),
        school("J", "junior"),
    ])  # fmt: skip


def move(school_id: str, into: str, share: float = 1.0, year: int = 2026,
         takes: str = "staff") -> dict[str, Any]:  # fmt: skip
    return {"year": year, "school": school_id, "into": into, "share": share, "takes": takes}


NEW_ROW = {"school": "X", "name": "新校", "type": "primary", "area": "urban"}


def test_nothing_said_changes_nothing(district: District) -> None:
    assert reorganised(district, {}) == (district, None)


def test_shares_go_where_the_rows_say(district: District) -> None:
    rows = [move("A", "B", 0.75), move("A", "N9", 0.25), move("B", "N9", 0.5, 2027)]
    _, moves = reorganised(district, {MOVES: rows})
    assert moves is not None
    first, since = moves.matrix(2026, "pupils"), moves.since_base(2027, "pupils")
    assert first.tolist() == [[0, 0.75, 0.25, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    # of A's pupils 0.75 went to B, half of whom went on with B's own
    assert since[0].tolist() == [0, 0.375, 0.625, 0]
    assert (since.sum(axis=1) == 1).all()
    assert moves.closed(2025).tolist() == [0, 0, 0, 0]
    assert moves.closed(2026).tolist() == [1, 0, 0, 0]


def test_what_goes_along_is_as_said(district: District) -> None:
    for takes, staff, site in (("pupils", 0, 0), ("staff", 1, 0), ("all", 1, 1)):
        _, moves = reorganised(district, {MOVES: [move("A", "B", takes=takes)]})
        assert moves is not None
        assert moves.matrix(2026, "pupils")[0, 1] == 1
        assert moves.matrix(2026, "staff")[0, 1] == staff
        assert moves.matrix(2026, "site")[0, 1] == site


def test_a_new_school_has_nothing_and_the_data_stay_the_districts(district: District) -> None:
    found, moves = reorganised(district, {NEW: [NEW_ROW], OPENS_WITH: [
        {"school": "X", "item": "books", "amount": 5000}]})  # fmt: skip
    assert found.fingerprint == district.fingerprint
    row = found.schools.loc["X"]
    assert row["primary_pupils"] == row["staff"] == row["grade_1"] == row["books"] == 0
    assert np.isnan(row["junior_pupils"]) and np.isnan(row["grade_7"])
    assert len(district.schools) == 4
    # with another scenario, what this one added is gone again
    again, _ = reorganised(found, {NEW: [{**NEW_ROW, "school": "Y"}]})
    assert list(again.schools.index) == [*district.schools.index, "Y"]
    assert reorganised(found, {})[0] is district
    assert moves is not None and moves.opens_with == {("X", "books"): 5000}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({MOVES: [move("A", "Z")]}, "moves_school"),
        ({MOVES: [move("Z", "A")]}, "moves_school"),
        ({MOVES: [move("A", "A")]}, "moves_self"),
        ({MOVES: [move("A", "B", year=2025)]}, "moves_year"),
        ({MOVES: [move("N9", "A")]}, "moves_stage"),
        ({MOVES: [move("J", "A")]}, "moves_stage"),
        ({MOVES: [move("A", "B", 0.6), move("A", "N9", 0.5)]}, "moves_over"),
        ({NEW: [{**NEW_ROW, "school": "A"}]}, "new_school_known"),
        ({NEW: [{**NEW_ROW, "name": "School B"}]}, "new_school_known"),
        ({NEW: [NEW_ROW, {**NEW_ROW, "name": "又一所"}]}, "new_school_known"),
        ({NEW: [NEW_ROW], OPENS_WITH: [{"school": "A", "item": "books", "amount": 1}]},
         "opens_with_school"),
        ({NEW: [NEW_ROW], OPENS_WITH: [{"school": "X", "item": "books", "amount": 1}] * 2},
         "opens_with_twice"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_words(
    district: District, said: dict[str, Any], code: str
) -> None:
    with pytest.raises(JunhengError) as caught:
        reorganised(district, said)
    assert caught.value.code == code
    assert "{" not in caught.value.text("zh") + caught.value.text("en")


def test_cohorts_move_grade_by_grade_and_new_pupils_go_where_the_old_went() -> None:
    pair = district_of([school("A", **GRADES), school("B", **GRADES)])
    _, moves = reorganised(pair, {MOVES: [move("A", "B", year=2027)]})
    found = project_cohort(pair, (2026, 2027, 2028), 1.0, {"primary": (60.0, 50.0, 40.0)}, moves)
    alone = project_cohort(pair, (2026, 2027, 2028), 1.0, {"primary": (60.0, 50.0, 40.0)})
    assert found.loc[(2026, "A", "primary")].equals(alone.loc[(2026, "A", "primary")])
    assert (found.loc[(2027, "A", "primary")] == 0).all()
    both = alone.loc[(2027, "A", "primary")] + alone.loc[(2027, "B", "primary")]
    assert found.loc[(2027, "B", "primary")].tolist() == both.tolist()
    assert found.loc[(2028, "B", "primary"), "grade_1"] == 40
