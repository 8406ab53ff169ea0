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
    """Prices, repair by pupil or by area, and living-cost aid."""
    book = town.book
    before = float(book.at("price_index", t - 1)) if t > 0 else np.nan
    book.put("price_index_last_year", t, before)
    index = before * (1 + town.said("assumptions.price_growth", t, 0.0)) if t > 0 else 1.0
    index = float(book.put("price_index", t, index))
    said = town.levers.get("repair", {})
    law = town.rules("repair_floor", t)
    asked = np.array([said.get(k, np.nan) for k in STAGES], float)
    rate = book.put("repair_rate", t, first_known(asked, law, 0.0))
    pupils, ordinary = book.at("pupils", t), town.ordinary == 1
    public = town.of_school(town.public) == 1
    paid = np.where(ordinary & public, pupils * town.of_stage(rate), 0.0)
    paid = book.put("repair_by_pupils", t, paid)
    paid = book.put("school_repair_by_pupils", t, town.to_schools(paid))
    price, life = (float(said.get(key, np.nan)) for key in ("unit_price", "life"))
    area = sited(town, t, "floor_area")
    by_area = book.put("repair_by_area", t, div(area * price * index, life))
    chosen = by_area if said.get("method") == "area" else paid
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
    book = town.book
    law = town.law.named_by("primary_boarder")
    found = np.zeros(len(town.parts))
    for kind, where in (("boarder", "boarder"), ("day", "day")):
        names = [f"aided_{k}_{where}" for k in STAGES[:2]]
        counted = town.by_stage(*names)
        if t > 0:
            counted = town.carry_parts(book.at(f"counted_aided_{kind}", t - 1), t, "pupils")
        counted = book.put(f"counted_aided_{kind}", t, counted)
        asked = town.levers.get("aid_rate", {}) if t > 0 else {}
        rates = [
            first_known(
                float(asked.get(f"{k}_{kind}", np.nan)),
                town.rule(law, t, f"{k}_{kind}") if law else np.nan,
                0.0,
            )
            for k in STAGES
        ]
        rate = town.of_stage(rates)
        found = found + np.where(rate > 0, counted * rate, 0.0)
    aid = found * book.at("pupil_index", t)
    aid = book.put("aid", t, np.where(town.ordinary == 1, aid, 0.0))
    book.put("aid_total", t, aid.sum())


def write_money(town: Town, t: int) -> None:
    """Need by line, the money there is, the gap between the two, and what a stage costs."""
    book = town.book
    lines = (
        "operating_total", "payroll_total", "bureau_training", "repair_total", "aid_total",
        "investment_total",
    )  # fmt: skip
    need = float(book.put("need", t, sum(float(book.at(line, t)) for line in lines)))
    book.put("base_need", t, book.at("need", 0))
    book.put("need_growth", t, div(need, book.at("need", 0)) - 1 if t > 0 else 0.0)
    _write_given(town, t)
    parts = ("operating_funds", "stage_pay", "stage_repair", "aid", "investment")
    direct = book.put("direct_need", t, sum(book.at(part, t) for part in parts))
    stage = book.put("stage_need", t, town.to_stages(direct))
    available = float(book.at("available", t))
    book.put("gap", t, available - need)
    # what is spent: the need, scaled down in proportion where the money is not enough
    scale = float(book.put("paid_share", t, pick(over(need, available), div(available, need), 1.0)))
    spent = book.put("stage_cost", t, stage * scale)
    book.put("cost_per_pupil", t, div(spent, book.at("stage_average_pupils", t)))
    spent = book.put("district_cost", t, need * scale)
    book.put("district_cost_per_pupil", t, div(spent, book.at("district_average_pupils", t)))


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
    book.put("available", t, float(book.at("appropriation", t)) * share + transfers)
    civil = filed("civil_servant_mean_pay", t) if t <= 0 else np.nan
    book.put("pay_ratio", t, div(book.at("district_mean_pay", t), civil))
