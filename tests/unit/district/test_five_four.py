"""Five years of primary school and four of junior: checks, cohorts and the engine know it."""

from __future__ import annotations

from typing import Any

import pytest

import simulator as sim
from simulator.district.pupils.cohort import project_cohort
from simulator.errors import FindingsError
from simulator.results.pupil_books import books, study_years
from tests.building import district_of, scenario_of, school

PRIMARY = {f"grade_{grade}": 40 for grade in range(1, 6)}
JUNIOR = {"grade_6": 60, "grade_7": 50, "grade_8": 50, "grade_9": 40}
COHORT = {"policy": [], "assumptions": {"pupils": {
    "method": "cohort", "progression": 1.0, "intake": {"primary": [44, 30, 30]}}}}  # fmt: skip


def rows() -> list[dict[str, Any]]:
    return [school("P", **PRIMARY), school("J", "junior", **JUNIOR)]


def test_grade_six_belongs_to_junior_school() -> None:
    district = district_of(rows(), school_system="五四制")
    assert district.primary_years == 5
    found = project_cohort(district, (2026,), 1.0, {"primary": (44.0,)})
    primary, junior = found.loc[(2026, "P", "primary")], found.loc[(2026, "J", "junior")]
    assert [primary[f"grade_{study}"] for study in range(1, 7)] == [44, 40, 40, 40, 40, 0]
    # the fifth grade's 40 move up, the sixth's 60 become the seventh
    assert [junior[f"grade_{study}"] for study in range(1, 7)] == [40, 60, 50, 50, 0, 0]


def test_the_same_file_does_not_fit_six_years() -> None:
    with pytest.raises(FindingsError) as caught:
        district_of(rows())
    found = {(each.code, each.column) for each in caught.value.findings}
    assert ("wrong_stage", "grade_6") in found


def test_grades_must_add_up_in_their_own_system() -> None:
    wrong = [school("P", **PRIMARY), school("J", "junior", **{**JUNIOR, "grade_6": 61})]
    with pytest.raises(FindingsError) as caught:
        district_of(wrong, school_system="five_four")
    assert [each.code for each in caught.value.findings] == ["grades_sum"]


def test_an_unknown_system_is_named() -> None:
    with pytest.raises(FindingsError) as caught:
        district_of(rows(), school_system="七二制")
    assert any(each.value == "七二制" for each in caught.value.findings)


def test_the_engine_counts_classes_and_books_by_the_system() -> None:
    district = district_of(rows(), school_system="五四")
    result = sim.simulate(district, scenario_of(**COHORT))
    assert study_years(result, "primary") == 5 and study_years(result, "junior") == 4
    place = result.index.part_position["J", "junior"]
    by_study = [result.at(f"grade_pupils_{study}", 2025)[place] for study in range(1, 7)]
    assert by_study == [60, 50, 50, 40, 0, 0]
    kept = {(each.year, each.stage): each for each in books(result)}
    # primary 200 − 40 + 44 = 204; junior 200 − 40 (the ninth grade) + 40 = 200
    first = kept[2026, "primary"]
    assert (first.before, first.leaving, first.entering, first.other, first.now) == (
        200, 40, 44, 0, 204,
    )  # fmt: skip
    assert kept[2026, "junior"].now == 200
    trace = result.explain("observed_grade_1", school="J", stage="junior", year=2025)
    assert trace.origin is not None and trace.origin.cell.rstrip("0123456789")


def test_six_three_is_what_is_not_said_and_what_is() -> None:
    six = [school("P", **{f"grade_{g}": n for g, n in enumerate((34, 34, 33, 33, 33, 33), 1)})]
    assert district_of(six).primary_years == 6
    assert district_of(six, school_system="六三学制").primary_years == 6
