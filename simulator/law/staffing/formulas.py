"""Staff: posts by standard, pay, and teachers who move between schools."""

from __future__ import annotations

from simulator.machine.language import at_base, known_or, maximum, previous, ratio, total, where
from simulator.machine.registry import OWN, formula

SUBJECT = "staffing"
POSTS = "staffing_2014"
AUTHORISED = ("staffing_2014", "plan P22")
ELIGIBLE = "rotation_2014"
ROTATION = ("rotation_2014", "plan P23")


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


@formula(level="school", unit="person", subject=SUBJECT, cites=AUTHORISED)
def posts_over_authorised(school_posts, authorised_posts):
    """Posts by the standard beyond those authorised for the school."""
    return maximum(0, school_posts - authorised_posts)


@formula(level="district", unit="person", subject=SUBJECT, cites=POSTS)
def posts_total(school_posts):
    """Posts by the standard in the whole district."""
    return total(school_posts)


@formula(level="school", unit="person", subject=SUBJECT, cites=AUTHORISED)
def public_posts(public_school, authorised_posts):
    """Posts authorised for a public school; the district authorises none for private ones."""
    return where(public_school, authorised_posts, 0)


@formula(level="school", unit="person", subject=SUBJECT, cites=AUTHORISED)
def public_staff(public_school, staff):
    """Staff in post at a public school; private schools employ their own."""
    return where(public_school, staff, 0)


@formula(level="district", unit="person", subject=SUBJECT, cites=AUTHORISED)
def authorised_total(public_posts):
    """Posts authorised in the whole district."""
    return total(public_posts)


@formula(level="district", unit="person", subject=SUBJECT, cites=AUTHORISED)
def staff_total(public_staff):
    """Staff in post at the public schools of the whole district."""
    return total(public_staff)


@formula(level="district", unit="person", subject=SUBJECT, cites=AUTHORISED)
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


@formula(level="district", unit="person", subject=SUBJECT, cites=ELIGIBLE)
def teachers_total(school_teachers):
    """Full-time teachers of the district in the base year."""
    return total(school_teachers)


@formula(level="district", unit="person", subject=SUBJECT, cites=ELIGIBLE)
def eligible_total(rotation_eligible):
    """Teachers of the district who are eligible to rotate: long enough at their school."""
    return total(rotation_eligible)


@formula(level="district", unit="share", subject=SUBJECT, cites=ELIGIBLE)
def rotation_share_due(rotation_eligible_floor, eligible_total, teachers_total):
    """The share of all full-time teachers that the national least share of eligible ones makes."""
    return ratio(rotation_eligible_floor * eligible_total, teachers_total)


@formula(level="district", unit="share", subject=SUBJECT, cites=ROTATION)
def rotation_share(asked_rotation_share, rotation_floor, rotation_share_due):
    """The share of full-time teachers who move to another school in the year.

    As the scenario says; else the plan's least share of all teachers, else what the national
    least share of eligible teachers comes to; unknown where none of them is.
    """
    return known_or(asked_rotation_share, known_or(rotation_floor, rotation_share_due))


@formula(level="district", unit="share", subject=SUBJECT, cites="plan P23")
def rotation_headroom(rotation_share, rotation_floor):
    """Rotation beyond the plan's least share of all teachers; negative where it falls short."""
    return rotation_share - rotation_floor


@formula(level="district", unit="share", subject=SUBJECT, cites=ELIGIBLE)
def eligible_rotation_share(rotation_share, teachers_total, eligible_total):
    """Teachers who move in the year as a share of those eligible to rotate."""
    return ratio(rotation_share * teachers_total, eligible_total)


@formula(level="district", unit="share", subject=SUBJECT, cites=ELIGIBLE)
def rotation_eligible_headroom(eligible_rotation_share, rotation_eligible_floor):
    """Rotation of eligible teachers beyond the national least share; negative where short."""
    return eligible_rotation_share - rotation_eligible_floor
