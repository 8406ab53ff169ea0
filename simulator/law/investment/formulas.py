"""Investment: money by item and year, given to schools by rule, bought at unit costs."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.law.balance.quantities import FACILITIES, QUALITY, TEACHER_COUNTS
from simulator.law.giving_out import sharing_of
from simulator.machine.language import (
    above,
    at_least,
    equal,
    known_or,
    previous,
    ratio,
    total,
    where,
)
from simulator.machine.registry import OWN, Formula, formula, make_formula

SUBJECT = "investment"
SPLIT = "jiaodu_2017_6"


@formula(level="part", unit="pupil", subject="balance", cites=SPLIT)
def weighted_pupils(pupils, split_weight):
    """Pupils weighted as mixed schools are split: primary 1, junior 1.1."""
    return where(above(pupils, 0), pupils * split_weight, 0)


@formula(level="school", unit="pupil", subject="balance", cites=SPLIT)
def school_weighted_pupils(weighted_pupils, has_senior, senior_pupils, senior_split_weight):
    """Weighted pupils of a school, all stages, senior pupils with their own weight."""
    senior = where(has_senior, senior_pupils * senior_split_weight, 0)
    return total(weighted_pupils) + senior


@formula(level="part", unit="share", subject="balance", cites=SPLIT)
def facility_share(weighted_pupils, school_weighted_pupils, several_stages):
    """The share of a mixed school's facilities that counts for a stage."""
    return where(several_stages, ratio(weighted_pupils, school_weighted_pupils), 1)


def _split(school_stock, facility_share):
    """A school's quantity that counts for a stage."""
    return where(school_stock, school_stock * facility_share, 0)


def _before(stock):
    """A stage's quantity one year earlier."""
    return previous(stock)


def _bought(investment, unit_cost, price_index):
    """Units bought with the year's money at the year's unit cost."""
    return where(above(investment, 0), ratio(investment, unit_cost * price_index), 0)


def _bought_before(bought):
    """Units bought one year earlier."""
    return previous(bought)


def _arrived(planned, lead_time, bought, bought_before, two_before):
    """Units that come into use in the year, after the lead time."""
    late = where(equal(lead_time, 1), bought_before, two_before)
    arriving = where(equal(lead_time, 0), bought, late)
    # where nothing was bought nothing comes, whatever the lead time
    coming = known_or(arriving, where(bought + bought_before + two_before, arriving, 0))
    return where(planned, coming, 0)


def _foreseen(planned, before, lead_time, bought_before, two_before):
    """What a stage has and what is ordered for it: by this the year's money is given out."""
    late = where(equal(lead_time, 2), bought_before + two_before, bought_before)
    ordered = where(equal(lead_time, 0), 0, late)
    # where nothing was ordered nothing is on its way, whatever the lead time
    coming = known_or(ordered, where(bought_before + two_before, ordered, 0))
    return where(planned, before + coming, before)


def _arrived_at_school(arrived):
    """Units that come into use at a school in the year, all stages."""
    return total(arrived)


def _school_stock(planned, stock_before, arrived, counted):
    """A school's quantity: as counted in the base year, and what has come into use since."""
    return where(planned, previous(stock_before) + arrived, counted)


def _listed_total(listed):
    """Money for one item that a plan's list gives to named schools."""
    return total(listed)


def _invested(invested, listed_total):
    """Money for one item in the whole district: what is given out by rule, and by a list.

    It is known also where what a school gets of it is not.
    """
    return invested + listed_total


def _facility_family(item: str, unit: str) -> Iterator[Formula]:
    """The formulas of one facility: money, purchase, arrival, stock."""

    def make(function, name, arguments, level, in_unit, cites=OWN, operator=False):
        return make_formula(
            function, arguments, level, in_unit, SUBJECT, (cites,), operator, name=name
        )

    times = {quality.id: quality.times for quality in QUALITY}
    standard = f"standard_{item}" if item in times else "no_standard"
    given = (f"invest_{item}", f"invest_rule_{item}", f"unit_price_{item}", f"listed_{item}")
    foreseen, lead = f"{item}_foreseen", f"lead_time_{item}"
    seen = (foreseen, "pupils", standard, "receives_investment")
    share = sharing_of(times.get(item, 1))
    yield make(share, f"investment_{item}", given + seen, "part", "yuan", OWN, True)
    yield make(
        _price, f"unit_price_{item}", (f"unit_cost_{item}", "price_index"), "district", "yuan"
    )
    bought = (f"investment_{item}", f"unit_cost_{item}", "price_index")
    yield make(_bought, f"bought_{item}", bought, "part", unit)
    yield make(_bought_before, f"bought_before_{item}", (f"bought_{item}",), "part", unit)
    yield make(
        _bought_before, f"bought_two_before_{item}", (f"bought_before_{item}",), "part", unit
    )
    orders = (f"bought_before_{item}", f"bought_two_before_{item}")
    yield make(_foreseen, foreseen, ("planned", f"{item}_before", lead, *orders), "part", unit)
    arrived = (
        "planned",
        lead,
        f"bought_{item}",
        f"bought_before_{item}",
        f"bought_two_before_{item}",
    )
    yield make(_arrived, f"arrived_{item}", arrived, "part", unit)
    yield make(_arrived_at_school, f"school_arrived_{item}", (f"arrived_{item}",), "school", unit)
    counted = CREDITED.get(item, f"counted_{item}")
    stock = ("planned", f"school_{item}", f"school_arrived_{item}", counted)
    yield make(_school_stock, f"school_{item}", stock, "school", unit)
    yield make(_split, f"{item}", (f"school_{item}", "facility_share"), "part", unit, SPLIT)
    yield make(_before, f"{item}_before", (f"{item}",), "part", unit)
    named = f"listed_total_{item}"
    yield make(_listed_total, named, (f"listed_{item}",), "district", "yuan")
    whole = (f"invest_{item}", named)
    yield make(_invested, f"investment_total_{item}", whole, "district", "yuan")


def _price(unit_cost, price_index):
    """Unit cost of the year."""
    return unit_cost * price_index


def _teachers(planned, before, moved, counted):
    """Teachers of one kind at a stage: as counted, and those who moved in or out since."""
    return where(planned, previous(before) + moved, counted)


@formula(level="part", unit="flag", subject=SUBJECT, cites=OWN)
def receives_investment(in_scope, public_school):
    """Whether money is given out to a school by rule: evaluated ones, private ones aside."""
    return in_scope * public_school


@formula(level="part", unit="yuan", subject=SUBJECT, cites=OWN)
def base_investment(counted_investment, several_stages, facility_share):
    """What the file reports as invested in a school, shared between stages as facilities are."""
    return where(
        counted_investment, counted_investment * where(several_stages, facility_share, 1), 0
    )


@formula(level="school", unit="yuan", subject=SUBJECT, cites=OWN)
def public_investment(public_school, counted_investment):
    """What the file reports as invested in a public school; private ones see to their own."""
    return where(public_school, counted_investment, 0)


@formula(level="district", unit="yuan", subject=SUBJECT, cites=OWN)
def base_investment_total(public_investment):
    """What the file reports as invested in the whole district."""
    return total(public_investment)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=OWN)
def investment(
    planned,
    public_school,
    base_investment,
    investment_teaching_area,
    investment_sports_area,
    investment_equipment_value,
    investment_multimedia_rooms,
    investment_computers,
    investment_books,
):
    """Investment in a school's facilities at one stage: as reported, then all items together."""
    areas = investment_teaching_area + investment_sports_area
    sets = investment_equipment_value + investment_multimedia_rooms
    given = areas + sets + investment_computers + investment_books
    return where(planned, given, where(public_school, base_investment, 0))


@formula(level="district", unit="yuan", subject=SUBJECT, cites=OWN)
def investment_total(
    planned,
    base_investment_total,
    investment_total_teaching_area,
    investment_total_sports_area,
    investment_total_equipment_value,
    investment_total_multimedia_rooms,
    investment_total_computers,
    investment_total_books,
):
    """Investment in the whole district: as the base year's file reports, then all items."""
    areas = investment_total_teaching_area + investment_total_sports_area
    sets = investment_total_equipment_value + investment_total_multimedia_rooms
    given = areas + sets + investment_total_computers + investment_total_books
    return where(planned, given, base_investment_total)


@formula(level="part", unit="person", subject="balance", cites="procedure_2019_30")
def creditable_pe_art(
    counted_pe_art,
    shared_pe_art,
    transitional_rules,
    rural_school,
    base_pupils,
    shared_teacher_pupils,
    scope_teaching_point_pupils,
):
    """PE and art teachers that count: where the transitional rules are on, shared ones too.

    They count in rural schools and teaching points of 50 to 99 pupils.
    """
    small = above(shared_teacher_pupils, base_pupils)
    eligible = rural_school * small * at_least(base_pupils, scope_teaching_point_pupils)
    credited = where(eligible, shared_pe_art, 0)
    return counted_pe_art + where(transitional_rules, credited, 0)


@formula(level="school", unit="m2", subject="balance", cites="procedure_2019_30")
def creditable_sports_area(counted_sports_area, leased_sports_area, transitional_rules, in_town):
    """Sports area that counts: where the transitional rules are on, leased venues too.

    They count in over-dense city centres, under contract and within a ten-minute walk.
    """
    leased = where(in_town, leased_sports_area, 0)
    return counted_sports_area + where(transitional_rules, leased, 0)


#: What is counted at the start where it is not the plain column.
CREDITED = {"pe_art": "creditable_pe_art", "sports_area": "creditable_sports_area"}

FAMILY = (
    *(each for item in FACILITIES for each in _facility_family(item.id, item.unit)),
    *(
        make_formula(
            _teachers,
            ("planned", name, f"moved_{name}", CREDITED.get(name, f"counted_{name}")),
            "part",
            "person",
            "staffing",
            ("plan P23",),
            name=name,
        )
        for name in TEACHER_COUNTS
    ),
)
