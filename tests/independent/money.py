"""Repair, aid, need, the money there is and the gap between the two."""

from __future__ import annotations

import numpy as np

from tests.independent.book import STAGES, Array, div, first_known, over, pick
from tests.independent.town import Town, of_public

#: What the district sheet may say of the appropriation: whether transfers are in it, whether it
#: is all education's, and the share of compulsory education then.
INCLUDES = "appropriation_includes_transfers"
SCOPE = "appropriation_scope"
SHARE = "compulsory_share"


def _said_yes(town: Town, name: str) -> bool:
    return bool(float(town.settings.get(name, 0)))


def write_buildings(town: Town, t: int) -> None:
    """Prices, repair by pupil or by area, and living-cost aid.

    The page is silent on a school for which nobody says an amount per pupil: what it spent on
    repair in the base year then goes on at the year's prices.
    """
    book = town.book
    before = float(book.at("price_index", t - 1)) if t > 0 else np.nan
    book.put("price_index_last_year", t, before)
    index = before * (1 + town.said("assumptions.price_growth", t, 0.0)) if t > 0 else 1.0
    index = float(book.put("price_index", t, index))
    # no lever moves the base year
    said = town.levers.get("repair", {}) if t > 0 else {}
    law = town.rules("repair_floor", t)
    asked = np.array([said.get(k, np.nan) for k in STAGES], float)
    rate = book.put("repair_rate", t, first_known(asked, law))
    pupils, ordinary = book.at("pupils", t), town.ordinary == 1
    public = town.of_school(town.public) == 1
    paid = np.where(ordinary, pupils * town.of_stage(rate), 0.0)
    paid = book.put("repair_by_pupils", t, paid)
    paid = book.put("school_repair_by_pupils", t, town.to_schools(paid))
    price, life = (float(said.get(key, np.nan)) for key in ("unit_price", "life"))
    area = sited(town, t, "floor_area")
    by_area = book.put("repair_by_area", t, div(area * price * index, life))
    rated = (ordinary & ~np.isnan(town.of_stage(rate))).astype(float)
    rated = town.to_schools(book.put("repair_rated", t, rated)) > 0
    book.put("repair_by_pupils_in_force", t, rated)
    carried = book.put("repair_carried_on", t, sited(town, t, "repair_spend") * index)
    chosen = by_area if said.get("method") == "area" else np.where(rated, paid, carried)
    repair = of_public(town, chosen if t > 0 else town.column("repair_spend"))
    repair = book.put("repair", t, repair)
    total = float(book.put("repair_total", t, repair.sum()))
    floor = np.where(ordinary & public, pupils * town.of_stage(law), 0.0)
    floor = book.put("repair_floor_by_pupils", t, floor)
    floor = float(book.put("repair_floor_total", t, floor.sum()))
    book.put("repair_headroom", t, total - floor)
    here, share = town.of_school(repair), book.at("facility_share", t)
    several = town.of_school(town.several)
    book.put("stage_repair", t, pick(here, here * pick(several, share, 1.0), 0.0))
    _write_aid(town, t)


def sited(town: Town, t: int, name: str) -> Array:
    """What stays with the site, of schools; a school that closed has given up what nobody took."""
    book = town.book
    if t == 0:
        return book.put(f"sited_{name}", 0, town.column(name))
    before = town.carry_schools(book.at(f"sited_{name}", t - 1), t, "site")
    here = book.put(f"sited_{name}", t, before + town.opens_with(name, t))
    return np.where(town.left(t) == 1, 0.0, here)


def _write_aid(town: Town, t: int) -> None:
    """Aid of the pupils entitled to it, and what the national standard would give them."""
    book = town.book
    law = town.law.named_by("primary_boarder")
    ordinary = town.ordinary == 1
    paid, due, short = (np.zeros(len(town.parts)) for _ in range(3))
    for kind, group in (("boarder", "aided_boarders"), ("day", "aided_day")):
        asked = town.levers.get("aid_rate", {}) if t > 0 else {}
        least = np.array([town.rule(law, t, f"{k}_{kind}") if law else np.nan for k in STAGES])
        said = np.array([float(asked.get(f"{k}_{kind}", np.nan)) for k in STAGES])
        rate = book.put(f"{kind}_aid_rate", t, first_known(said, least, 0.0))
        heads, each = book.at(group, t), town.of_stage(rate)
        given = book.put(f"{kind}_aid", t, np.where(each == 0, 0.0, heads * each))
        asked_for = book.put(f"{kind}_aid_due", t, heads * town.of_stage(least))
        paid, due = paid + given, due + asked_for
        short = short + np.maximum(0.0, asked_for - given)
    aid = book.put("aid", t, np.where(ordinary, paid, 0.0))
    book.put("aid_total", t, aid.sum())
    due = book.put("aid_due", t, np.where(ordinary, due, 0.0))
    short = town.to_stages(book.put("aid_short", t, short))
    here = book.put("stage_aid", t, town.to_stages(aid))
    due = book.put("stage_aid_due", t, town.to_stages(due))
    book.put("stage_aid_short", t, short)
    book.put("aid_headroom", t, pick(short, -short, here - due))


def write_money(town: Town, t: int) -> None:
    """Need by line, the money there is, the gap between the two, and what a stage costs."""
    book = town.book
    lines = ("operating_total", "payroll_total", "bureau_training", "repair_total", "aid_total")
    running = float(book.put("running_need", t, sum(float(book.at(line, t)) for line in lines)))
    need = float(book.put("need", t, running + float(book.at("investment_total", t))))
    book.put("base_need", t, book.at("need", 0))
    book.put("need_growth", t, div(need, book.at("need", 0)) - 1 if t > 0 else 0.0)
    _write_given(town, t)
    parts = ("operating_funds", "stage_pay", "stage_repair", "aid")
    direct = book.put("running_direct_need", t, sum(book.at(part, t) for part in parts))
    running_stage = book.put("running_stage_need", t, town.to_stages(direct))
    direct = book.put("direct_need", t, direct + book.at("investment", t))
    stage = book.put("stage_need", t, town.to_stages(direct))
    available = float(book.at("available", t))
    gap = book.put("gap", t, available - need)
    book.put("left_over", t, np.maximum(0.0, gap) if t > 0 else 0.0)
    # what is spent: the need, scaled down in proportion where the money is not enough; where no
    # investment is reported, the rest of the need
    asked = float(first_known(need, running))
    scale = pick(over(asked, available), div(available, asked), 1.0)
    scale = float(book.put("paid_share", t, scale))
    heads, everybody = book.at("stage_average_pupils", t), book.at("district_average_pupils", t)
    for name, value, count in (
        ("stage_cost", stage, heads), ("running_stage_cost", running_stage, heads),
        ("district_cost", need, everybody), ("running_cost", running, everybody),
    ):  # fmt: skip
        spent = book.put(name, t, value * scale)
        book.put(PER_PUPIL[name], t, div(spent, count))


#: What is spent, and the same by annual-average pupils.
PER_PUPIL = {
    "stage_cost": "cost_per_pupil",
    "running_stage_cost": "running_cost_per_pupil",
    "district_cost": "district_cost_per_pupil",
    "running_cost": "district_running_per_pupil",
}


def _carried_over(town: Town, t: int) -> float:
    """What was left of a planned year's money, where the scenario carries it over."""
    book = town.book
    last = book.at("left_over", t - 1) if t > 0 else 0.0
    last = float(book.put("left_last_year", t, last))
    carries = t > 0 and town.levers.get("carry_over", False)
    return float(book.put("carried_over", t, last if carries else 0.0))


def _write_given(town: Town, t: int) -> None:
    book, fiscal = town.book, town.fiscal

    def filed(name: str, year: int) -> float:
        if town.base + year not in fiscal.index or name not in fiscal:
            return np.nan
        return float(fiscal.at[town.base + year, name])

    growth = town.said("assumptions.recurrent_revenue_growth", t, 0.0)
    rule = town.levers.get("appropriation", {}).get("rule", "revenue_plus")
    columns = {
        "recurrent_revenue": ("recurrent_revenue", "revenue_last_year"),
        "education_appropriation": ("appropriation", "appropriation_last_year"),
        "upper_transfers": ("upper_transfers", "transfers_last_year"),
    }
    for column, (name, last) in columns.items():
        if t == 0:
            book.put(name, -1, filed(column, -1))
        before = float(book.put(last, t, book.at(name, t - 1)))
        rise = before * (1 + growth)
        if name == "upper_transfers":
            rise = before * (1 + town.said("assumptions.upper_transfers_growth", t, 0.0))
        if name == "appropriation":
            margin = town.said("levers.appropriation.margin", t, 0.0)
            rise = {
                "revenue_plus": before * (1 + growth + margin),
                "plus": before + town.said("levers.appropriation.amount", t, 0.0),
                "series": town.said("levers.appropriation.values", t),
            }[rule]
        book.put(name, t, rise if t > 0 else filed(column, 0))
    transfers = 0.0 if _said_yes(town, INCLUDES) else float(book.at("upper_transfers", t))
    share = float(town.settings.get(SHARE, 1.0)) if town.settings.get(SCOPE) == "all" else 1.0
    kept = float(book.put("compulsory_appropriation", t, book.at("appropriation", t) * share))
    book.put("available", t, kept + transfers + _carried_over(town, t))
    civil = filed("civil_servant_mean_pay", t) if t <= 0 else np.nan
    book.put("pay_ratio", t, div(book.at("district_mean_pay", t), civil))
