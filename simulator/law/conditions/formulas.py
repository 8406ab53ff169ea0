"""School conditions that the evaluation asks of the government: rooms, size, classes, pay."""

from __future__ import annotations

from simulator.machine.language import (
    above,
    ceil,
    known_or,
    largest,
    maximum,
    minimum,
    ratio,
    total,
    where,
)
from simulator.machine.registry import OWN, formula

SUBJECT = "conditions"
QUALITY = "jiaodu_2017_6"


@formula(level="school", unit="class", subject=SUBJECT, cites=OWN)
def school_classes(classes):
    """Classes of a school, all stages."""
    return total(classes)


@formula(level="school", unit="pupil", subject=SUBJECT, cites=OWN)
def school_pupils(pupils):
    """Pupils of a school, all stages of compulsory education."""
    return total(pupils)


@formula(level="school", unit="room", subject=SUBJECT, cites=QUALITY)
def art_rooms_due(school_classes, classes_per_art_room, special_school):
    """Music rooms, and as many art rooms, that a school should have: one for every 12 classes."""
    return where(special_school, 0, ceil(ratio(school_classes, classes_per_art_room)))


@formula(level="school", unit="room", subject=SUBJECT, cites=QUALITY)
def music_rooms_lacking(art_rooms_due, music_rooms):
    """Music rooms that a school lacks."""
    return where(art_rooms_due, maximum(0, art_rooms_due - music_rooms), 0)


@formula(level="school", unit="room", subject=SUBJECT, cites=QUALITY)
def art_rooms_lacking(art_rooms_due, art_rooms):
    """Art rooms that a school lacks."""
    return where(art_rooms_due, maximum(0, art_rooms_due - art_rooms), 0)


@formula(level="school", unit="flag", subject=SUBJECT, cites=QUALITY)
def lacks_rooms(music_rooms_lacking, art_rooms_lacking):
    """1 for a school that lacks a music or an art room; one kind is enough, if known alone."""
    surely = above(known_or(music_rooms_lacking, 0) + known_or(art_rooms_lacking, 0), 0)
    return where(surely, 1, above(music_rooms_lacking + art_rooms_lacking, 0))


@formula(level="district", unit="school", subject=SUBJECT, cites=QUALITY)
def schools_lacking_rooms(lacks_rooms):
    """Schools that lack music or art rooms."""
    return total(lacks_rooms)


@formula(level="school", unit="flag", subject=SUBJECT, cites=QUALITY)
def oversized(school_pupils, school_size_cap, special_school):
    """1 for a school with more pupils than the cap of its type."""
    return where(special_school, 0, above(school_pupils, school_size_cap))


@formula(level="district", unit="school", subject=SUBJECT, cites=QUALITY)
def schools_oversized(oversized):
    """Schools with more pupils than the cap of their type."""
    return total(oversized)


@formula(level="part", unit="pupil", subject=SUBJECT, cites=QUALITY)
def largest_class(planned, class_size, counted_largest_class, ordinary_stage):
    """The largest class: as counted, then as large as the scenario plans for."""
    return where(ordinary_stage, where(planned, class_size, counted_largest_class), 0)


@formula(level="stage", unit="pupil", subject=SUBJECT, cites=QUALITY)
def stage_largest_class(largest_class):
    """The largest class of a stage."""
    return largest(largest_class)


@formula(level="district", unit="ratio", subject=SUBJECT, cites=QUALITY)
def pay_ratio(district_mean_pay, civil_servant_pay):
    """Mean pay of school staff against that of local civil servants."""
    return ratio(district_mean_pay, civil_servant_pay)


@formula(level="school", unit="share", subject="training", cites=("caijiao_2006_5", QUALITY))
def training_share_final(training_final, operating_final):
    """Teacher training as a share of operating funds, by the final account."""
    return ratio(training_final, operating_final)


@formula(level="school", unit="share", subject="training", cites=("caijiao_2006_5", QUALITY))
def training_share_tagged(counted_training, training_tagged, counted_operating):
    """Teacher training with tagged spending booked elsewhere, as a share of operating funds."""
    return ratio(counted_training + training_tagged, counted_operating)


@formula(level="school", unit="flag", subject="training", cites=("caijiao_2006_5", QUALITY))
def training_final_short(training_share_final, training_floor_share):
    """1 for a school whose final account shows less teacher training than the least share."""
    return above(training_floor_share, training_share_final)


@formula(level="stage", unit="ratio", subject=SUBJECT, cites="plan P9")
def teacher_cv_headroom(cv_headroom_higher_degree, cv_headroom_backbone):
    """How far the teachers' coefficients of variation stay under their limits."""
    return minimum(cv_headroom_higher_degree, cv_headroom_backbone)


@formula(level="district", unit="year", subject=SUBJECT, cites="plan P1")
def plan_years(planned_years):
    """Years that the plan covers."""
    return planned_years
