"""Buildings and student aid: repair by pupil or by area, living-cost aid by pupil aided.

Repair without a lever: by the standard per pupil of a province's pack; where no pack has one, a
school's spending of the base year goes on at the year's prices. So a national result hangs on no
province's amount, and no school's repair falls to nothing because nobody said a standard.
"""

from __future__ import annotations

from simulator.machine.language import (
    above,
    known,
    known_or,
    maximum,
    previous,
    ratio,
    total,
    where,
)
from simulator.machine.registry import OWN, formula

SUBJECT = "buildings"
REPAIR = ("guofa_2015_67", "plan P21")
AID = ("guofa_2015_67", "plan P25")


@formula(level="district", unit="ratio", subject=SUBJECT, cites=OWN)
def price_index(planned, price_growth, price_index_last_year):
    """Prices against the base year's."""
    return where(planned, price_index_last_year * (1 + price_growth), 1)


@formula(level="district", unit="ratio", subject=SUBJECT, cites=OWN)
def price_index_last_year(price_index):
    """Last year's prices against the base year's."""
    return previous(price_index)


@formula(level="stage", unit="yuan_per_pupil", subject=SUBJECT, cites=REPAIR)
def repair_rate(planned, asked_repair_rate, repair_floor):
    """Repair money per pupil: as the scenario says, else as the packs in force; else unknown.

    Of the base year, the packs' alone: no lever moves it.
    """
    return where(planned, known_or(asked_repair_rate, repair_floor), repair_floor)


@formula(level="part", unit="flag", subject=SUBJECT, cites=REPAIR)
def repair_rated(repair_rate, ordinary_stage):
    """1 where a stage has an amount of repair money per pupil; special stages have none."""
    return known(repair_rate) * ordinary_stage


@formula(level="school", unit="flag", subject=SUBJECT, cites=REPAIR)
def repair_by_pupils_in_force(repair_rated):
    """1 for a school of which some stage has an amount of repair money per pupil."""
    return above(total(repair_rated), 0)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=REPAIR)
def repair_by_pupils(pupils, repair_rate, ordinary_stage):
    """Repair money by pupils; special schools are repaired by area or by their own budget."""
    return where(ordinary_stage, pupils * repair_rate, 0)


@formula(level="school", unit="yuan", subject=SUBJECT, cites=REPAIR)
def school_repair_by_pupils(repair_by_pupils):
    """Repair money of a school by pupils, all stages."""
    return total(repair_by_pupils)


@formula(level="district", unit="yuan_per_m2", subject=SUBJECT, cites=REPAIR)
def repair_unit_price(asked_repair_unit_price, repair_price_benchmark):
    """Repair money per square metre: as the scenario says, else the unit amount of the region."""
    return known_or(asked_repair_unit_price, repair_price_benchmark)


@formula(level="school", unit="yuan", subject=SUBJECT, cites=REPAIR)
def repair_by_area(floor_area, repair_unit_price, repair_life, price_index):
    """Repair money by floor area, unit price and service life."""
    return ratio(floor_area * repair_unit_price * price_index, repair_life)


@formula(level="school", unit="yuan", subject=SUBJECT, cites=REPAIR)
def repair_carried_on(counted_repair, price_index):
    """The base year's repair spending at the year's prices."""
    return counted_repair * price_index


@formula(level="school", unit="yuan", subject=SUBJECT, cites=REPAIR)
def repair(
    planned,
    public_school,
    repair_by_area_chosen,
    repair_by_pupils_in_force,
    school_repair_by_pupils,
    repair_by_area,
    repair_carried_on,
    counted_repair,
):
    """Building repair of a public school: the base year's spending, then by the method chosen.

    By pupils, a school whose stages have no amount per pupil goes on with what it spent.
    """
    by_pupils = where(repair_by_pupils_in_force, school_repair_by_pupils, repair_carried_on)
    chosen = where(repair_by_area_chosen, repair_by_area, by_pupils)
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


@formula(level="stage", unit="yuan_per_pupil", subject="aid", cites=AID)
def boarder_aid_rate(planned, asked_boarder_aid, aid_benchmark_boarder):
    """Living-cost aid per boarder: the national standard in the base year, then as asked or it.

    Where no pack has a standard and the scenario asks for none, none is paid.
    """
    standard = known_or(aid_benchmark_boarder, 0)
    return where(planned, known_or(asked_boarder_aid, standard), standard)


@formula(level="stage", unit="yuan_per_pupil", subject="aid", cites=AID)
def day_aid_rate(planned, asked_day_aid, aid_benchmark_day):
    """Living-cost aid per day pupil: the national standard in the base year, then as asked or it.

    Where no pack has a standard and the scenario asks for none, none is paid.
    """
    standard = known_or(aid_benchmark_day, 0)
    return where(planned, known_or(asked_day_aid, standard), standard)


@formula(level="part", unit="yuan", subject="aid", cites=AID)
def boarder_aid(aided_boarders, boarder_aid_rate):
    """Living-cost aid to boarders."""
    return where(boarder_aid_rate, aided_boarders * boarder_aid_rate, 0)


@formula(level="part", unit="yuan", subject="aid", cites=AID)
def day_aid(aided_day, day_aid_rate):
    """Living-cost aid to day pupils."""
    return where(day_aid_rate, aided_day * day_aid_rate, 0)


@formula(level="part", unit="yuan", subject="aid", cites=AID)
def aid(ordinary_stage, boarder_aid, day_aid):
    """Living-cost aid to the pupils who are entitled to it."""
    return where(ordinary_stage, boarder_aid + day_aid, 0)


@formula(level="district", unit="yuan", subject="aid", cites=AID)
def aid_total(aid):
    """Living-cost aid in the whole district."""
    return total(aid)


@formula(level="part", unit="yuan", subject="aid", cites=AID)
def boarder_aid_due(aided_boarders, aid_benchmark_boarder):
    """Living-cost aid that the national standard gives to boarders."""
    return aided_boarders * aid_benchmark_boarder


@formula(level="part", unit="yuan", subject="aid", cites=AID)
def day_aid_due(aided_day, aid_benchmark_day):
    """Living-cost aid that the national standard gives to day pupils."""
    return aided_day * aid_benchmark_day


@formula(level="part", unit="yuan", subject="aid", cites=AID)
def aid_due(ordinary_stage, boarder_aid_due, day_aid_due):
    """Living-cost aid that the national standard gives to the pupils entitled to it."""
    return where(ordinary_stage, boarder_aid_due + day_aid_due, 0)


@formula(level="stage", unit="yuan", subject="aid", cites=AID)
def stage_aid(aid):
    """Living-cost aid at a stage."""
    return total(aid)


@formula(level="stage", unit="yuan", subject="aid", cites=AID)
def stage_aid_due(aid_due):
    """Living-cost aid that the national standard asks for at a stage."""
    return total(aid_due)


@formula(level="part", unit="yuan", subject="aid", cites=AID)
def aid_short(boarder_aid_due, boarder_aid, day_aid_due, day_aid):
    """What boarders and day pupils get less than the standard; neither pays for the other."""
    return maximum(0, boarder_aid_due - boarder_aid) + maximum(0, day_aid_due - day_aid)


@formula(level="stage", unit="yuan", subject="aid", cites=AID)
def stage_aid_short(aid_short):
    """What pupils of a stage get less than the national standard of living-cost aid."""
    return total(aid_short)


@formula(level="stage", unit="yuan", subject="aid", cites=AID)
def aid_headroom(stage_aid, stage_aid_due, stage_aid_short):
    """Living-cost aid beyond the national standard; negative where some pupils get less."""
    return where(stage_aid_short, -1 * stage_aid_short, stage_aid - stage_aid_due)
