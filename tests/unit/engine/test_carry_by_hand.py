"""Schools that merge, open and close: who goes with whom, in which year. Small, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import simulator as sim
from simulator.district.pupils.moves import MOVES, NEW, OPENS_WITH
from simulator.law.reorganisation.carrying import shifted
from simulator.law.reorganisation.graph import kind_of
from tests.building import district_of, scenario_of, school

YEARS = (2025, 2026, 2027, 2028)


def test_shares_go_from_school_to_school() -> None:
    # half of the first and all of the third go to the second; the fourth stays as it is
    shares = np.array([[0.5, 0.5, 0, 0], [0, 1, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1]])
    values = np.array([[8.0, 100, 3, np.nan], [80, 1, 30, 7]])
    found = shifted(values, shares)
    np.testing.assert_allclose(found, [[4, 107, 0, np.nan], [40, 71, 0, 7]])
    # an unknown one hides only those whom it reaches
    values = np.array([np.nan, 100, 3, 7])
    np.testing.assert_allclose(shifted(values, shares), [np.nan, np.nan, 0, 7])
    np.testing.assert_allclose(shifted(values, np.eye(4)), values)


def test_what_stays_with_the_site_and_what_goes_along() -> None:
    kinds = {item: kind_of(item) for item in ("books", "computers", "teaching_area",
                                              "sports_area")}  # fmt: skip
    assert kinds == {"books": "staff", "computers": "staff", "teaching_area": "site",
                     "sports_area": "site"}  # fmt: skip


#: D stands before the others in the sheet, and is not touched. Parts: D A C primary, C junior, …
ROWS = [
    school("D", primary_pupils=50, primary_pupils_prior=50),
    school("A", primary_boarders=30, staff=10, payroll=1_000_000, music_rooms=1),
    school("C", "nine_year", primary_boarders=8, junior_boarders=4, staff=30, payroll=3_000_000,
           music_rooms=2),
]  # fmt: skip


def merged(*, takes: str = "staff", share: float = 1.0, year: int = 2027, **more: Any) -> Any:
    move = {"year": year, "school": "A", "into": "C", "share": share, "takes": takes}
    schools = {MOVES.rpartition(".")[2]: [move], **more}
    said = {"policy": ["national"], "assumptions": {"schools": schools}}
    return sim.simulate(district_of(ROWS), scenario_of(**said))


def of(result: Any, name: str, identifier: str, stage: str = "primary") -> list[float]:
    level = result.graph.level(name)
    place = (result.index.school_position[identifier] if level == "school"
             else result.index.part_position[identifier, stage])  # fmt: skip
    return [float(result.at(name, year)[place]) for year in YEARS]


def test_a_school_merges_into_one_of_two_stages_and_each_stage_stays_its_own() -> None:
    found = merged()
    assert of(found, "pupils", "A") == [200, 200, 0, 0]
    assert of(found, "pupils", "C") == [200, 200, 400, 400]
    assert of(found, "pupils", "C", "junior") == [200] * 4
    assert of(found, "boarders", "C") == [8, 8, 38, 38]
    assert of(found, "boarders", "C", "junior") == [4] * 4
    assert of(found, "staff", "C") == [30, 30, 40, 40]
    assert of(found, "payroll", "C") == pytest.approx([3e6, 3e6, 4e6, 4e6])
    assert of(found, "teachers", "C") == [15, 15, 30, 30]
    assert of(found, "teachers", "C", "junior") == [15] * 4
    # who is not touched stays as before
    assert of(found, "pupils", "D") == [50] * 4
    assert of(found, "payroll", "D") == [2e6] * 4
    # last year's pupils of those who are here now
    assert of(found, "pupils_last_year", "C") == [210, 200, 400, 400]
    assert of(found, "pupils_last_year", "A")[2:] == [0, 0]


def test_rooms_are_given_up_or_taken_over() -> None:
    assert of(merged(), "music_rooms", "A") == [1, 1, 0, 0]
    assert of(merged(), "music_rooms", "C") == [2] * 4
    assert of(merged(takes="all"), "music_rooms", "C") == [2, 2, 3, 3]
    assert of(merged(), "floor_area", "A") == [2000, 2000, 0, 0]
    assert of(merged(), "school_books", "C") == [6000, 6000, 12_000, 12_000]
    assert of(merged(), "school_teaching_area", "C") == [1000] * 4
    assert of(merged(takes="all"), "school_teaching_area", "C") == [1000, 1000, 2000, 2000]


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_a_quarter_goes_in_its_year(year: int) -> None:
    found = merged(share=0.25, year=year)
    since = [each >= year for each in YEARS]
    assert of(found, "pupils", "A") == [150 if moved else 200 for moved in since]
    assert of(found, "pupils", "C") == [250 if moved else 200 for moved in since]
    assert of(found, "staff", "A") == [7.5 if moved else 10 for moved in since]
    assert of(found, "staff", "C") == [32.5 if moved else 30 for moved in since]


def test_a_new_school_opens_with_what_it_is_given_from_its_year_on() -> None:
    new = {"school": "X", "name": "新校", "type": "primary", "area": "town"}
    given = [{"school": "X", "item": "music_rooms", "amount": 3},
             {"school": "X", "item": "books", "amount": 500}]  # fmt: skip
    key = {"new": NEW.rpartition(".")[2], "with": OPENS_WITH.rpartition(".")[2]}
    move = {"year": 2027, "school": "A", "into": "X", "share": 0.5, "takes": "staff"}
    said = {key["new"]: [new], key["with"]: given, MOVES.rpartition(".")[2]: [move]}
    found = sim.simulate(
        district_of(ROWS), scenario_of(policy=["national"], assumptions={"schools": said})
    )
    assert of(found, "pupils", "X") == [0, 0, 100, 100]
    assert of(found, "music_rooms", "X") == [0, 0, 3, 3]
    assert of(found, "music_rooms", "A") == [1] * 4
    # its own 500 and half of A's
    assert of(found, "school_books", "X") == [0, 0, 3500, 3500]
    assert of(found, "opened_books", "X") == [0, 0, 500, 0]
