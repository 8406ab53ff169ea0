"""Buildings and student aid: repair by pupil or by area, living-cost aid by pupil aided."""

from __future__ import annotations

from simulator.formulas.language import known_or, previous, ratio, total, where
from simulator.formulas.registry import OWN, formula

SUBJECT = "buildings"
REPAIR = ("guofa_2015_67", "plan P21")


@formula(level="district", unit="ratio", subject=SUBJECT, cites=OWN)
def price_index(planned, price_growth, price_index_last_year):
    """Prices against the base year's."""
    return where(planned, price_index_last_year * (1 + price_growth), 1)


@formula(level="district", unit="ratio", subject=SUBJECT, cites=OWN)
def price_index_last_year(price_index):
    """Last year's prices against the base year's."""
    return previous(price_index)


@formula(level="stage", unit="yuan_per_pupil", subject=SUBJECT, cites=REPAIR)
def repair_rate(asked_repair_rate, repair_floor):
    """Repair money per pupil: as the scenario says, else as the rules in force."""
    return known_or(asked_repair_rate, known_or(repair_floor, 0))


@formula(level="part", unit="yuan", subject=SUBJECT, cites=REPAIR)
def repair_by_pupils(pupils, repair_rate, ordinary_stage):
    """Repair money by pupils; special schools are repaired by area or by their own budget."""
    return where(ordinary_stage, pupils * repair_rate, 0)


@formula(level="school", unit="yuan", subject=SUBJECT, cites=REPAIR)
def school_repair_by_pupils(repair_by_pupils):
    """Repair money of a school by pupils, all stages."""
    return total(repair_by_pupils)


@formula(level="school", unit="yuan", subject=SUBJECT, cites=REPAIR)
def repair_by_area(floor_area, repair_unit_price, repair_life, price_index):
    """Repair money by floor area, unit price and service life."""
    return ratio(floor_area * repair_unit_price * price_index, repair_life)


@formula(level="school", unit="yuan", subject=SUBJECT, cites=REPAIR)
def repair(
    planned,
    public_school,
    repair_by_area_chosen,
    school_repair_by_pupils,
    repair_by_area,
    counted_repair,
):
    """Building repair of a public school: the base year's spending, then by the method chosen."""
    chosen = where(repair_by_area_chosen, repair_by_area, school_repair_by_pupils)
    return where(public_school, where(planned, chosen, counted_repair), 0)


@formula(level="district", unit="yuan", subject=SUBJECT, cites=REPAIR)
def repair_total(repair):
    """Building repair in the whole district."""
    return total(repair)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=REPAIR)
def repair_floor_by_pupils(pupils, repair_floor, ordinary_stage, public_school):
    """The least repair money by the standard in force; private schools see to their own."""
    return where(ordinary_stage * public_school, pupils * repair_floor, 0)


@formula(level="district", unit="yuan", subject=SUBJECT, cites=REPAIR)
def repair_floor_total(repair_floor_by_pupils):
    """The least repair money of the whole district by the standard in force."""
    return total(repair_floor_by_pupils)


@formula(level="district", unit="yuan", subject=SUBJECT, cites=REPAIR)
def repair_headroom(repair_total, repair_floor_total):
    """Repair money beyond the least; negative where it falls short."""
    return repair_total - repair_floor_total


@formula(level="part", unit="yuan", subject=SUBJECT, cites=OWN)
def stage_repair(several_stages, repair, facility_share):
    """Building repair of a school at one stage: shared as its facilities are."""
    return where(repair, repair * where(several_stages, facility_share, 1), 0)


@formula(level="part", unit="yuan", subject="aid", cites="plan P25")
def aid(
    ordinary_stage,
    aided_boarders,
    aided_day,
    asked_boarder_aid,
    asked_day_aid,
):
    """Living-cost aid to the pupils who are entitled to it."""
    boarder_rate, day_rate = known_or(asked_boarder_aid, 0), known_or(asked_day_aid, 0)
    boarders = where(boarder_rate, aided_boarders * boarder_rate, 0)
    day = where(day_rate, aided_day * day_rate, 0)
    return where(ordinary_stage, boarders + day, 0)


@formula(level="district", unit="yuan", subject="aid", cites="plan P25")
def aid_total(aid):
    """Living-cost aid in the whole district."""
    return total(aid)
