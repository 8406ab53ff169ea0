"""Facilities and teachers year by year: money given out, what it buys, who rotates."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.independent.book import (
    Array,
    div,
    over,
    pick,
    raised,
    reaches,
)
from tests.independent.town import Town, of_public

#: Items that money buys: what they are counted for (per pupil or per hundred), what they go with.
BOUGHT = {
    "teaching_area": (1, "site"),
    "sports_area": (1, "site"),
    "equipment_value": (1, "staff"),
    "multimedia_rooms": (100, "site"),
    "computers": (100, "staff"),
    "books": (1, "staff"),
}
#: What was invested in the base year, where the file says.
SPENT = "investment_spend"
TEACHERS = ("teachers", "higher_degree", "backbone", "pe_art", "senior_title")


def write_things(town: Town, t: int) -> None:
    """Money by item given out, what it buys, when that comes, and what schools then have."""
    book = town.book
    total: Any = 0.0
    spent = 0.0
    for item, (_, along) in BOUGHT.items():
        price = town.rule("unit_cost", t, item) * float(book.at("price_index", t))
        price = float(book.put(f"unit_price_{item}", t, price))
        before = np.full(len(town.parts), np.nan)
        if t > 0:
            before = town.carry_parts(book.at(item, t - 1), t, along)
        before = book.put(f"{item}_before", t, before)
        there = before if t == 0 else before + _on_its_way(town, t, item)
        there = book.put(f"{item}_foreseen", t, there)
        listed = sum((row["amount"] for row in _listed(town, t, item)), 0.0)
        book.put(f"listed_total_{item}", t, listed)
        money = book.put(f"investment_{item}", t, _given(town, t, item, there, price))
        total = total + money
        # a sum that is given is known, whoever gets it
        said = town.said(f"levers.investment.{item}.amount", t)
        whole = money.sum() if np.isnan(said) else said
        spent += float(book.put(f"investment_total_{item}", t, whole))
        bought = np.where(np.isnan(money), np.nan, np.where(money > 0, div(money, price), 0.0))
        bought = book.put(f"bought_{item}", t, bought)
        for name, source in (
            (f"bought_before_{item}", f"bought_{item}"),
            (f"bought_two_before_{item}", f"bought_before_{item}"),
        ):
            past = book.at(source, t - 1) if t > 0 else np.zeros(len(bought))
            past = np.full(len(bought), np.nan) if t == 0 and "two" in name else past
            book.put(name, t, town.carry_parts(past, t, along))
        _write_stock(town, t, item, along)
    # as the file reports it: an optional column, shared as facilities are
    reported = town.column(SPENT)
    share = pick(town.of_school(town.several), book.at("facility_share", t), 1.0)
    here = town.of_school(reported)
    here = book.put("base_investment", t, pick(here, here * share, 0.0))
    reported = book.put("public_investment", t, of_public(town, reported))
    whole = book.put("base_investment_total", t, reported.sum())
    if t == 0:
        total, spent = np.where(town.of_school(town.public) == 1, here, 0.0), whole
    book.put("investment", t, total)
    book.put("investment_total", t, spent)


def _arrived(town: Town, t: int, item: str) -> Array:
    """Units that come into use: ordered as many years ago as they take; none before the plan.

    Where nothing is on order nothing comes, whatever it takes.
    """
    book, lead = town.book, town.rule("lead_time", t, item)
    nothing = np.zeros(len(town.parts))
    if t == 0:
        return nothing
    names = (f"bought_{item}", f"bought_before_{item}", f"bought_two_before_{item}")
    if np.isnan(lead):
        return pick(sum(book.at(name, t) for name in names), np.nan, 0.0)
    return nothing if t - lead < 1 else book.at(names[int(lead)], t)


def _write_stock(town: Town, t: int, item: str, along: str) -> None:
    book = town.book
    arrived = book.put(f"arrived_{item}", t, _arrived(town, t, item))
    arrived = book.put(f"school_arrived_{item}", t, town.to_schools(arrived))
    if t == 0:
        stock = _counted(town, item)
    else:
        stock = town.carry_schools(book.at(f"school_{item}", t - 1), t, along) + arrived
        stock = stock + town.opens_with(item, t)
    stock = book.put(f"school_{item}", t, stock)
    here = town.of_school(stock)
    book.put(item, t, pick(here, here * book.at("facility_share", t), 0.0))
    base = book.at(f"school_{item}", 0)
    if t > 0:
        base = town.carry_schools(book.at(f"school_base_{item}", t - 1), t, along)
    base = book.put(f"school_base_{item}", t, base)
    book.put(f"base_{item}", t, town.of_school(base) * book.at("facility_share", t))


def _counted(town: Town, item: str) -> Array:
    """What a school has at the start; leased sports grounds count in towns in transition."""
    counted = town.column(item)
    if item == "sports_area":
        leased = pick(town.area_is("urban"), town.column("leased_sports_area"), 0.0)
        counted = counted + (leased if town.levers.get("transitional_rules") else 0.0)
        for t in range(town.years + 1):
            town.book.put("creditable_sports_area", t, counted)
    return counted


def _listed(town: Town, t: int, item: str) -> list[dict[str, Any]]:
    """The rows of a plan's list that are of one year."""
    rows = town.levers.get("investment", {}).get(item, {}).get("plan", ())
    return [row for row in rows if row["year"] == town.base + t]


def _given(town: Town, t: int, item: str, there: Array, price: float) -> Array:
    """One item's money of a year by its rule; what is on its way counts as there."""
    book = town.book
    said = town.levers.get("investment", {}).get(item, {})
    found = np.zeros(len(town.parts))
    if t == 0 or not said:
        return found
    if said["rule"] == "list":
        for row in _listed(town, t, item):
            found[town.parts.index((row["school"], row["stage"]))] += row["amount"]
        return found
    money = town.said(f"levers.investment.{item}.amount", t)
    scope, pupils = book.at("in_scope", t), book.at("pupils", t)
    outside = (scope == 0) | (town.of_school(town.public) == 0)
    heads = np.where(outside, 0.0, pupils * scope)
    if money == 0:
        return found
    standard = town.of_stage(town.rules(f"standard_{item}", t)) / BOUGHT[item][0]
    if np.isnan(standard[heads > 0]).any():
        standard = None
    # by pupils alone, nothing else is looked at: neither what is there nor what it costs
    if said["rule"] == "per_pupil" or (said["rule"] == "proportional" and standard is None):
        return money * heads / heads.sum()
    weight = np.where(heads == 0, 0.0, heads if standard is None else heads * standard)
    there = np.where(heads == 0, 0.0, there)
    if np.isnan([*there, *weight]).any():
        return found * np.nan
    if said["rule"] == "proportional":
        lacking = np.maximum(0.0, weight - there)
        by = lacking if lacking.sum() > 0 else weight
        return money * by / by.sum()
    return raised(there, weight, money / price) * price


def _on_its_way(town: Town, t: int, item: str) -> Array:
    """Units ordered in earlier years of the plan that had not come into use a year ago."""
    book, lead = town.book, town.rule("lead_time", t, item)
    found = np.zeros(len(town.parts))
    for ordered in range(1, t):
        if not ordered + lead <= t - 1:
            units = book.at(f"bought_{item}", ordered)
            units = units if lead >= 0 else np.where(units == 0, 0.0, np.nan)
            for year in range(ordered + 1, t + 1):
                units = town.carry_parts(units, year, BOUGHT[item][1])
            found = found + units
    return found


def write_teachers(town: Town, t: int) -> None:
    """Teachers of each kind: as counted, and those who rotated in or out since."""
    book = town.book
    _write_credited(town, t)
    for kind in TEACHERS:
        if t == 0:
            start = town.by_stage(f"primary_{kind}", f"junior_{kind}")
            now = book.at("creditable_pe_art", 0) if kind == "pe_art" else start
        else:
            now = town.carry_parts(book.at(kind, t - 1), t, "staff")
            now = now + _rotated(town, t, kind)
        book.put(kind, t, now)
        base = book.at(kind, 0)
        if t > 0:
            base = town.carry_parts(book.at(f"base_{kind}", t - 1), t, "staff")
        book.put(f"base_{kind}", t, base)


def _rotated(town: Town, t: int, kind: str) -> Array:
    found = np.zeros(len(town.parts))
    for row in town.levers.get("rotation", ()):
        if row["kind"] == kind and row["year"] == town.base + t:
            found[town.parts.index((row["school"], row["stage"]))] += row["teachers"]
    return found


def _write_credited(town: Town, t: int) -> None:
    """PE and art teachers that count: in transition shared ones too, in rural schools of 50–99."""
    counted = town.by_stage("primary_pe_art", "junior_pe_art")
    if town.levers.get("transitional_rules"):
        pupils = town.book.at("base_pupils", t)
        shared = town.by_stage("primary_pe_art_shared", "junior_pe_art_shared")
        low, high = (
            town.rule(name, t) for name in ("scope_teaching_point_pupils", "shared_teacher_pupils")
        )
        eligible = town.of_school(town.area_is("rural")) * over(high, pupils) * reaches(pupils, low)
        counted = counted + pick(eligible, shared, 0.0)
    town.book.put("creditable_pe_art", t, counted)
