"""Staff: posts by standard, pay, and teachers who move between schools."""

from __future__ import annotations

from simulator.formulas.language import (
    at_base,
    known_or,
    maximum,
    previous,
    ratio,
    total,
    where,
)
from simulator.formulas.registry import OWN, formula

SUBJECT = "staffing"
POSTS = "guobanfa_2001_74"


@formula(level="part", unit="person", subject=SUBJECT, cites=POSTS)
def posts_by_pupils(pupils, pupils_per_staff):
    """Posts by the number of pupils per member of staff."""
    return ratio(pupils, pupils_per_staff)


@formula(level="part", unit="person", subject=SUBJECT, cites=(POSTS, "plan P8"))
def posts_by_classes(classes, staff_per_class):
    """Posts by the number of classes."""
    return classes * staff_per_class


@formula(level="part", unit="person", subject=SUBJECT, cites=(POSTS, "plan P22"))
def posts(
    posts_by_pupils,
    posts_by_classes,
    village_school,
    ordinary_stage,
    small_class,
    small_class_extra_posts,
):
    """Posts: by pupils; for village schools and teaching points the mean of both ways.

    Schools that teach in small classes get a share more.
    """
    mean = ratio(posts_by_pupils + posts_by_classes, 2)
    standard = where(village_school * ordinary_stage, mean, posts_by_pupils)
    return standard * (1 + small_class * known_or(small_class_extra_posts, 0))


@formula(level="school", unit="person", subject=SUBJECT, cites=POSTS)
def school_posts(posts):
    """Posts of a school by the standard, all stages."""
    return total(posts)


@formula(level="school", unit="person", subject=SUBJECT, cites="plan P22")
def posts_over_authorised(school_posts, authorised_posts):
    """Posts by the standard beyond those authorised for the school."""
    return maximum(0, school_posts - authorised_posts)


@formula(level="district", unit="person", subject=SUBJECT, cites=POSTS)
def posts_total(school_posts):
    """Posts by the standard in the whole district."""
    return total(school_posts)


@formula(level="school", unit="person", subject=SUBJECT, cites="plan P22")
def public_posts(public_school, authorised_posts):
    """Posts authorised for a public school; the district authorises none for private ones."""
    return where(public_school, authorised_posts, 0)


@formula(level="school", unit="person", subject=SUBJECT, cites="plan P22")
def public_staff(public_school, staff):
    """Staff in post at a public school; private schools employ their own."""
    return where(public_school, staff, 0)


@formula(level="district", unit="person", subject=SUBJECT, cites="plan P22")
def authorised_total(public_posts):
    """Posts authorised in the whole district."""
    return total(public_posts)


@formula(level="district", unit="person", subject=SUBJECT, cites="plan P22")
def staff_total(public_staff):
    """Staff in post at the public schools of the whole district."""
    return total(public_staff)


@formula(level="district", unit="person", subject=SUBJECT, cites="plan P22")
def staff_headroom(authorised_total, staff_total):
    """Authorised posts that are free; negative where more staff are in post."""
    return authorised_total - staff_total


@formula(level="school", unit="yuan_per_person", subject=SUBJECT, cites=OWN)
def mean_pay(payroll, public_staff):
    """Mean yearly pay of a school's staff; unknown where the file names none."""
    return ratio(payroll, public_staff)


@formula(level="school", unit="yuan", subject=SUBJECT, cites=OWN)
def payroll_last_year(payroll):
    """Last year's pay of those who are on the staff."""
    return previous(payroll)


@formula(level="school", unit="yuan", subject=SUBJECT, cites=("compulsory_law 42", "plan P10"))
def payroll(planned, public_school, payroll_last_year, pay_growth, counted_payroll):
    """Pay of a public school's staff: as reported in the base year, then raised each year.

    What is reported stands, whatever the file says of the number of staff.
    """
    raised = payroll_last_year * (1 + pay_growth)
    return where(public_school, where(planned, raised, counted_payroll), 0)


@formula(level="school", unit="person", subject=SUBJECT, cites=OWN)
def school_teachers(counted_teachers):
    """Full-time teachers of a school in the base year, all stages."""
    return total(counted_teachers)


@formula(level="part", unit="share", subject=SUBJECT, cites=OWN)
def pay_share(several_stages, counted_teachers, school_teachers):
    """The share of a school's pay that goes to a stage: by its full-time teachers."""
    return where(several_stages, ratio(counted_teachers, school_teachers), 1)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=OWN)
def stage_pay(payroll, pay_share):
    """Pay of the staff of a school at one stage."""
    return where(payroll, payroll * pay_share, 0)


@formula(level="district", unit="yuan", subject=SUBJECT, cites="compulsory_law 42")
def payroll_total(payroll):
    """Pay of all staff of the district."""
    return total(payroll)


@formula(level="district", unit="yuan_per_person", subject=SUBJECT, cites="education_law 56")
def district_mean_pay(payroll_total, staff_total):
    """Mean yearly pay of the district's staff."""
    return ratio(payroll_total, staff_total)


@formula(level="district", unit="yuan_per_person", subject=SUBJECT, cites="jiaodu_2017_6")
def base_mean_pay(district_mean_pay):
    """Mean yearly pay of the district's staff in the base year."""
    return at_base(district_mean_pay)


@formula(level="district", unit="share", subject=SUBJECT, cites="plan P23")
def rotation_share(asked_rotation_share, rotation_floor):
    """The share of full-time teachers who move to another school in the year."""
    return known_or(asked_rotation_share, rotation_floor)


@formula(level="district", unit="share", subject=SUBJECT, cites="plan P23")
def rotation_headroom(rotation_share, rotation_floor):
    """Rotation beyond the floor; negative where it falls short."""
    return rotation_share - rotation_floor
