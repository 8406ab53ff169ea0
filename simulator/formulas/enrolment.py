"""Enrolment: how many pupils, by school, stage and year, and in how many classes."""

from __future__ import annotations

from typing import Any

from simulator.formulas.inputs import GRADES
from simulator.formulas.language import at_base, ceil, known_or, previous, ratio, total, where
from simulator.formulas.registry import OWN, Formula, formula, make_formula

SUBJECT = "enrolment"


@formula(level="part", unit="pupil", subject=SUBJECT, cites=OWN)
def pupils(observed_pupils, pupil_growth, pupils_last_year):
    """Pupils counted in autumn; where no count or projection is given, last year's grow."""
    return known_or(observed_pupils, pupils_last_year * (1 + pupil_growth))


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
def pupil_index(pupils, base_pupils):
    """This year's pupils against the base year's; groups of pupils follow it."""
    return where(base_pupils, ratio(pupils, base_pupils), 1)


@formula(level="part", unit="pupil", subject=SUBJECT, cites=OWN)
def boarders(counted_boarders, pupil_index):
    """Boarders, who keep their share of the school's pupils."""
    return counted_boarders * pupil_index


@formula(level="part", unit="pupil", subject=SUBJECT, cites=OWN)
def mainstreamed(counted_mainstreamed, pupil_index):
    """Pupils with special needs in ordinary classes, who keep their share of the pupils."""
    return counted_mainstreamed * pupil_index


def _grade(observed, last, pupils, pupils_last_year):
    """Pupils of one year of study; where none are given, last year's change as all pupils do."""
    return known_or(observed, previous(last) * ratio(pupils, pupils_last_year))


def _grade_family() -> tuple[Formula, ...]:
    return tuple(
        make_formula(
            _grade,
            (f"observed_grade_{grade}", f"grade_pupils_{grade}", "pupils", "pupils_last_year"),
            "part",
            "pupil",
            SUBJECT,
            (OWN,),
            name=f"grade_pupils_{grade}",
        )
        for grade in GRADES
    )


FAMILY = _grade_family()


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
def class_size(asked_class_cap, class_cap):
    """The largest class: the scenario's cap, else the one of the rules in force."""
    return known_or(asked_class_cap, class_cap)


@formula(level="part", unit="class", subject=SUBJECT, cites="jiaodu_2017_6")
def classes(planned, counted_classes, classes_by_grade, pupils, class_size):
    """Classes: as counted in the base year, then as many as the cap asks for."""
    needed = known_or(classes_by_grade, ceil(ratio(pupils, class_size)))
    return where(planned, needed, known_or(counted_classes, needed))
