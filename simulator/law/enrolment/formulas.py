"""Enrolment: how many pupils, by school, stage and year, and in how many classes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulator.law.inputs import GRADES
from simulator.machine.language import (
    at_base,
    ceil,
    cumulated,
    known_or,
    minimum,
    previous,
    ratio,
    total,
    where,
    whole,
)
from simulator.machine.registry import OWN, Formula, formula, make_formula

SUBJECT = "enrolment"


@formula(level="part", unit="pupil", subject=SUBJECT, cites=OWN)
def pupils_path(observed_pupils, pupil_growth, pupils_path_last_year):
    """Pupils on the projected path, not yet whole: counted or projected, else last year's grown."""
    return known_or(observed_pupils, pupils_path_last_year * (1 + pupil_growth))


@formula(level="part", unit="pupil", subject=SUBJECT, cites=OWN)
def pupils_path_last_year(pupils_path):
    """Pupils on the projected path one autumn earlier."""
    return previous(pupils_path)


@formula(level="part", unit="pupil", subject=SUBJECT, cites=OWN)
def pupils_last_year(pupils):
    """Pupils counted one autumn earlier."""
    return previous(pupils)


@formula(level="part", unit="pupil", subject=SUBJECT, cites=OWN)
def pupils_two_years_ago(pupils_last_year):
    """Pupils counted two autumns earlier."""
    return previous(pupils_last_year)


@formula(level="part", unit="pupil", subject=SUBJECT, cites="jiaocai_2025_5")
def average_pupils(pupils, pupils_last_year, pupil_average_opening, pupil_average_closing):
    """Pupils of the calendar year: eight months of last autumn's count, four of this one's."""
    months = pupil_average_opening + pupil_average_closing
    return ratio(pupil_average_opening * pupils_last_year + pupil_average_closing * pupils, months)


@formula(level="stage", unit="pupil", subject=SUBJECT, cites=OWN)
def stage_pupils(pupils):
    """Pupils of a stage in the whole district."""
    return total(pupils)


@formula(level="stage", unit="pupil", subject=SUBJECT, cites="jiaocai_2025_5")
def stage_average_pupils(average_pupils):
    """Annual-average pupils of a stage in the whole district."""
    return total(average_pupils)


@formula(level="district", unit="pupil", subject=SUBJECT, cites="jiaocai_2025_5")
def district_average_pupils(average_pupils):
    """Annual-average pupils of the district."""
    return total(average_pupils)


@formula(level="part", unit="pupil", subject=SUBJECT, cites=OWN)
def base_pupils(pupils):
    """Pupils counted in the base year."""
    return at_base(pupils)


@formula(level="part", unit="ratio", subject=SUBJECT, cites=OWN)
def pupil_index(pupils_path, base_pupils):
    """This year's path of pupils against the base year's count; groups of pupils follow it."""
    return where(base_pupils, ratio(pupils_path, base_pupils), 1)


@formula(level="part", unit="pupil", subject=SUBJECT, cites=OWN)
def boarders_path(prior_boarders, counted_boarders, pupil_index):
    """Boarders, not yet whole: as counted, else they keep their share of the school's pupils."""
    return known_or(prior_boarders, counted_boarders * pupil_index)


@formula(level="part", unit="pupil", subject=SUBJECT, cites=OWN)
def mainstreamed_path(prior_mainstreamed, counted_mainstreamed, pupil_index):
    """Mainstreamed pupils, not yet whole: as counted, else they keep their share of the pupils."""
    return known_or(prior_mainstreamed, counted_mainstreamed * pupil_index)


@formula(level="part", unit="pupil", subject=SUBJECT, cites=OWN)
def aided_boarders_path(counted_aided_boarders, pupil_index):
    """Boarders who receive living-cost aid, not yet whole: they keep their share of the pupils."""
    return counted_aided_boarders * pupil_index


@formula(level="part", unit="pupil", subject=SUBJECT, cites=OWN)
def aided_day_path(counted_aided_day, pupil_index):
    """Day pupils who receive living-cost aid, not yet whole: they keep their share."""
    return counted_aided_day * pupil_index


def _filled(path):
    """A path as it is added up over schools: what is unknown counts as nobody there."""
    return known_or(path, 0)


def _cumulated(filled):
    """People of a stage added up in the order of school codes, this school included."""
    return cumulated(filled)


def _whole(path, cumulated):
    """Whole people: schools up to this one, rounded, less those before it, rounded.

    So every figure lies within one of its path and all add up to the rounded total.
    """
    return whole(cumulated) - whole(cumulated - path)


def _whole_of_pupils(path, cumulated, pupils):
    """Whole people of a group, rounded as pupils are; never more than there are pupils."""
    return where(pupils, minimum(pupils, whole(cumulated) - whole(cumulated - path)), 0)


#: Groups of people that are projected, and then handed down to schools as whole persons.
PEOPLE = ("pupils", "boarders", "mainstreamed", "aided_boarders", "aided_day")


def _people_family(group: str) -> Iterator[Formula]:
    """A group's path as it is added up, its running sum, and its whole persons."""
    path, filled, running = f"{group}_path", f"{group}_filled", f"{group}_cumulated"

    def make(function: Any, name: str, arguments: tuple[str, ...]) -> Formula:
        return make_formula(function, arguments, "part", "pupil", SUBJECT, (OWN,), name=name)

    yield make(_filled, filled, (path,))
    yield make(_cumulated, running, (filled,))
    if group == "pupils":
        yield make(_whole, group, (path, running))
    else:
        yield make(_whole_of_pupils, group, (path, running, "pupils"))


def _grade_path(observed, last, path, path_last_year):
    """Pupils of one year of study, not yet whole; where none are given, they change as all do.

    In a school without pupils nobody is in any.
    """
    changed = previous(last) * ratio(path, path_last_year)
    return known_or(observed, where(path, changed, 0))


def _grade_whole(planned, path, cumulated, *grades):
    """Pupils of one year of study: whole persons, which add up to the school's.

    The base year's are as counted; where nobody is, nobody is, whoever else is not known.
    """
    before = cumulated - path
    for each in grades[:-1]:
        before = before + each
    here = where(grades[-1], whole(before + grades[-1]) - whole(before), 0)
    return where(planned, here, grades[-1])


def _grade_family() -> Iterator[Formula]:
    for grade in GRADES:
        arguments = (
            f"observed_grade_{grade}", f"grade_path_{grade}", "pupils_path",
            "pupils_path_last_year",
        )  # fmt: skip
        yield make_formula(
            _grade_path, arguments, "part", "pupil", SUBJECT, (OWN,), name=f"grade_path_{grade}"
        )
        up_to = tuple(f"grade_path_{each}" for each in GRADES[:grade])
        yield make_formula(
            _grade_whole, ("planned", "pupils_path", "pupils_cumulated", *up_to), "part", "pupil",
            SUBJECT, (OWN,), name=f"grade_pupils_{grade}",
        )  # fmt: skip


FAMILY = (*(each for group in PEOPLE for each in _people_family(group)), *_grade_family())


@formula(level="part", unit="class", subject=SUBJECT, cites="jiaodu_2017_6")
def classes_by_grade(
    grade_pupils_1,
    grade_pupils_2,
    grade_pupils_3,
    grade_pupils_4,
    grade_pupils_5,
    grade_pupils_6,
    class_size,
):
    """Classes when no class is larger than the cap, counted year of study by year of study."""
    lower: Any = (
        ceil(ratio(grade_pupils_1, class_size))
        + ceil(ratio(grade_pupils_2, class_size))
        + ceil(ratio(grade_pupils_3, class_size))
    )
    upper: Any = (
        ceil(ratio(grade_pupils_4, class_size))
        + ceil(ratio(grade_pupils_5, class_size))
        + ceil(ratio(grade_pupils_6, class_size))
    )
    return lower + upper


@formula(level="stage", unit="pupil", subject=SUBJECT, cites="jiaodu_2017_6")
def class_size(planned, asked_class_cap, class_cap):
    """The largest class planned for: the scenario's cap, else the one of the rules in force.

    Of the base year, the rules' alone: no lever moves it.
    """
    return where(planned, known_or(asked_class_cap, class_cap), class_cap)


@formula(level="part", unit="class", subject=SUBJECT, cites="jiaodu_2017_6")
def classes(planned, counted_classes, classes_by_grade, pupils, class_size):
    """Classes: as counted in the base year, then as many as the cap asks for."""
    needed = known_or(classes_by_grade, ceil(ratio(pupils, class_size)))
    return where(planned, needed, known_or(counted_classes, needed))
