"""Operating funds: standards on their way, heads that money goes by, top-ups, holds and pots."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.independent.book import (
    STAGES,
    Array,
    div,
    first_known,
    nearest,
    over,
    pick,
    raised,
)
from tests.independent.lines import Lines
from tests.independent.town import Town


def ways(shape: Any, years: int) -> list[float]:
    """The share of the way from the base standard to the target, by planned year."""
    if isinstance(shape, list):
        return [float(each) for each in shape]
    bend = {"front": lambda x: x * (2 - x), "back": lambda x: x * x}.get(shape, lambda x: x)
    return [bend(n / years) for n in range(1, years + 1)]


def write_rates(town: Town, t: int) -> None:
    """The standards of a year: per pupil by stage, for boarders, for special pupils."""
    book, settings = town.book, town.settings
    benchmark, law0 = town.rules("operating_benchmark", t), town.rules("operating_benchmark", 0)
    own = [settings.get(f"operating_rate_{k}", np.nan) for k in STAGES]
    base = book.put("base_rate", t, first_known(np.array(own, float), law0))
    book.put("base_benchmark", t, law0)
    asked = town.levers.get("operating_rate", {})
    target = first_known(np.array([asked.get(k, np.nan) for k in STAGES], float), base)
    target = book.put("target_rate", t, target)
    shape = town.levers.get("operating_path", "linear")
    share = ways(shape, town.years)[t - 1] if t > 0 else 0.0
    if shape == "geometric":
        way = base * np.power(div(target, base), share)
    else:
        way = (1 - share) * base + share * target
    way = book.put("path_rate", t, first_known(way, target))
    floor = first_known(benchmark, 0.0)
    lifted = np.where(floor > target, way, np.maximum(way, floor))
    lifted = book.put("lawful_rate", t, np.where(np.isnan(target), np.nan, lifted))
    before = book.at("operating_rate", t - 1) if t > 0 else np.full(3, np.nan)
    before = book.put("rate_last_year", t, before)
    growth = town.said("levers.rate_growth", t, 0.0)
    grown = np.maximum(lifted, first_known(before, 0.0) * (1 + growth))
    rate = grown if growth > 0 else lifted
    book.put("operating_rate", t, rate if t > 0 else first_known(base, lifted))
    for name in ("boarding", "special"):
        said, law = town.said(f"levers.{name}_rate", t), town.rule(f"{name}_benchmark", t)
        book.put(f"{name}_rate", t, first_known(said, law, 0.0))


def write_heads(town: Town, t: int) -> None:
    """Heads that money goes by: all, boarders, those at the special rate, the rest."""
    book = town.book
    pupils, last = book.at("pupils", t), book.at("pupils_last_year", t)
    basis, lag = town.levers.get("headcount_basis", "lag"), town.levers.get("headcount_lag", 0)
    two = book.at("pupils_two_years_ago", t)
    heads = {"terms": (pupils + last) / 2, "average": book.at("average_pupils", t)}.get(
        basis, [pupils, last, two][lag]
    )
    # the base year is the file's, and it counts its own autumn
    heads = book.put("headcount", t, heads if t > 0 else pupils)
    prior = basis == "lag" and lag == t + 1  # the heads of the autumn before the base year
    names = ("primary_boarders_prior", "junior_boarders_prior")
    share = _shares(town, t, "boarders")
    book.put("boarders", t, share * pupils)
    book.put("funded_boarders", t, _lagged(town, t, share * heads, names, prior))
    names = ("mainstreamed_primary_prior", "mainstreamed_junior_prior")
    share = _shares(town, t, "mainstreamed")
    book.put("mainstreamed", t, share * pupils)
    paid = np.minimum(_lagged(town, t, share * heads, names, prior), heads)
    paid = paid if float(book.at("special_rate", t)) > 0 else 0 * heads
    special = np.where(town.ordinary == 1, paid, heads)
    special = book.put("special_heads", t, special)
    book.put("funded_pupils", t, heads - special)


def _lagged(town: Town, t: int, share: Array, names: tuple[str, str], prior: bool) -> Array:
    """A group at the heads that count: the column of the year before, else its share of them."""
    if not prior or t < 1:
        return share
    return first_known(town.carry_parts(town.by_stage(*names), t, "pupils"), share)


def _shares(town: Town, t: int, group: str) -> Array:
    """The share of a part's pupils who are in a group: the base year's, of those there now."""
    names = {"boarders": ("primary_boarders", "junior_boarders")}.get(
        group, ("mainstreamed_primary", "mainstreamed_junior")
    )
    counted = town.by_stage(*names) if t == 0 else None
    if counted is None:
        counted = town.carry_parts(town.book.at(f"counted_{group}", t - 1), t, "pupils")
    counted = town.book.put(f"counted_{group}", t, counted)
    base = town.book.at("base_pupils", t)
    return pick(base, div(counted, base), 0.0)


def write_funds(town: Town, lines: Lines | None, t: int) -> None:
    """Operating funds of a year by the national formula or the district's own lines."""
    book = town.book
    rate = town.of_stage(book.at("operating_rate", t))
    boarding, special = float(book.at("boarding_rate", t)), float(book.at("special_rate", t))
    heating = town.said("levers.heating_rate", t, 0.0)
    premium = town.said("levers.small_class_premium", t, 0.0)
    tilt = town.said("levers.weak_school_tilt", t, 0.0)
    private = town.of_school(1 - town.public)
    benchmark = town.levers.get("private_operating", "benchmark") == "benchmark"
    if benchmark and private.any():
        law = town.of_stage(town.rules("operating_benchmark", t))
        rate = np.where(private == 1, law, rate)
    own = np.where((private == 1) & benchmark, 0.0, 1.0)
    heads, funded = book.at("headcount", t), book.at("funded_pupils", t)
    ordinary = town.ordinary == 1
    book.put("pupil_funds", t, np.where(ordinary, funded * rate, 0.0))
    standard = book.at("pupil_funds", t)
    lodged = book.at("funded_boarders", t) * boarding if boarding > 0 else 0.0
    book.put("boarding_funds", t, np.where(ordinary, lodged, 0.0))
    book.put("special_funds", t, book.at("special_heads", t) * special if special > 0 else 0 * own)
    book.put("heating_funds", t, heads * heating * own if heating > 0 else 0 * own)
    book.put("small_school_topup", t, _topup(town, t, rate))
    for name, flag, share in (
        ("small_class_funds", "small_class", premium),
        ("weak_school_funds", "weak", tilt),
    ):
        marked = town.of_school(town.column(flag))
        book.put(name, t, standard * share * marked * own if share > 0 else 0 * own)
    names = (
        "pupil_funds", "boarding_funds", "special_funds", "heating_funds", "small_school_topup",
        "small_class_funds", "weak_school_funds",
    )  # fmt: skip
    found = sum(book.at(name, t) for name in names)
    if lines is not None:
        found = lines.write(t)
    if town.levers.get("private_operating") == "none":
        found = np.where(private == 1, 0.0, found)
    book.put("formula_funds", t, found)


def _topup(town: Town, t: int, rate: Array) -> Array:
    """Missing heads of small schools: by the school, at its lowest rate, shared by pupils."""
    book = town.book
    heads, funded = book.at("headcount", t), book.at("funded_pupils", t)
    if town.levers.get("small_school_unit", "school") == "stage":
        owners = [[p] for p in range(len(heads))]
    else:
        owners = [list(np.flatnonzero(town.school == s)) for s in range(len(town.names))]
    found = np.zeros(len(heads))
    for parts in owners:
        ordinary = [p for p in parts if town.ordinary[p] == 1]
        if not ordinary:
            continue
        total, there = funded[ordinary].sum(), heads[ordinary].sum()
        if np.isnan(total):
            found[ordinary] = np.nan
        elif there > 0:
            floor = max(_floor(town, t, int(town.stage[p]), total) for p in ordinary)
            missing = max(0.0, floor - total)
            share = heads[ordinary] / there
            found[ordinary] = missing * rate[ordinary].min() * share if missing > 0 else 0.0
    return found


def _floor(town: Town, t: int, stage: int, funded: float) -> float:
    """The heads that a school of so many is paid for at least, by the lever or by law."""
    said = town.levers.get("small_school_floor", {}).get(STAGES[stage]) if t > 0 else None
    if said is None:
        return float(first_known(town.rules("small_school_floor", t)[stage], 0.0))
    bands = said if isinstance(said, list) else [{"below": said, "as": said}]
    return next((float(band["as"]) for band in bands if funded < band["below"]), 0.0)


def write_paid(town: Town, t: int) -> None:
    """What is paid in the end: the base year's budget, then held, from a pot, or by formula."""
    book = town.book
    funds = book.at("formula_funds", t)
    base = book.put("base_formula_funds", t, book.at("formula_funds", 0))
    whole = book.put("school_base_formula_funds", t, town.to_schools(base))
    counted = town.of_school(town.column("operating_funds"))
    share = pick(town.of_school(town.several), div(base, town.of_school(whole)), 1.0)
    base = book.put("base_operating", t, pick(counted, counted * share, 0.0))
    held = book.put("protected_funds", t, _held(town, t, funds))
    total = float(book.put("protected_total", t, held.sum()))
    pot = town.said("levers.operating_pot.amount", t)
    lifting = town.levers.get("operating_pot", {}).get("rule") == "level_up"
    heads = book.at("headcount", t)
    extra = np.full(len(heads), np.nan)
    left = pot - total
    if lifting and left >= 0 and not np.isnan(heads).any():
        extra = raised(held, heads, left)
    extra = book.put("pot_additions", t, extra)
    if lifting and left > 1e-9 * max(1.0, abs(total)):
        given = held + extra
    else:
        given = div(held * pot, total)
    given = book.put("funds_from_pot", t, given)
    paid = base if t == 0 else held if np.isnan(pot) else given
    paid = book.put("operating_funds", t, paid)
    book.put("operating_funds_per_head", t, div(paid, heads))
    book.put("operating_funds_per_pupil", t, div(paid, book.at("pupils", t)))
    book.put("school_operating", t, town.to_schools(paid))
    book.put("stage_operating", t, town.to_stages(paid))
    book.put("operating_total", t, book.at("school_operating", t).sum())


def _held(town: Town, t: int, funds: Array) -> Array:
    """Funds by the formula; where held, the part by pupils and standard falls for no head."""
    book = town.book
    heads = book.at("headcount", t)
    standard = sum(
        book.at(name, t) for name in ("pupil_funds", "small_class_funds", "weak_school_funds")
    )
    book.put("held_part", t, standard)
    if not town.levers.get("hold_harmless") or t == 0:
        return funds
    funded = book.at("funded_pupils", t)
    before = town.carry_parts(book.at("held_part", t - 1), t, "pupils")
    then = town.carry_parts(book.at("funded_pupils", t - 1), t, "pupils")
    least = np.where(over(then, 0) == 1, div(before, then) * funded, standard)
    least = np.where(heads > 0, least, 0.0)
    return funds + np.maximum(0.0, least - standard)


def write_sharing(town: Town, t: int) -> None:
    """Who bears operating funds: the benchmark part by level of government, the rest local."""
    book = town.book
    heads, funded = book.at("headcount", t), book.at("funded_pupils", t)
    benchmark = town.of_stage(town.rules("operating_benchmark", t))
    boarding, special = town.rule("boarding_benchmark", t), town.rule("special_benchmark", t)
    missing = np.where(town.ordinary == 1, _topup(town, t, benchmark), 0.0)
    plain = funded * benchmark + missing + book.at("funded_boarders", t) * boarding
    plain = np.where(town.ordinary == 1, plain, 0.0)
    book.put("benchmark_funds", t, plain + book.at("special_heads", t) * special + 0 * heads)
    shared = np.minimum(book.at("benchmark_funds", t), book.at("operating_funds", t))
    shared = book.put("shared_funds", t, shared)
    total = float(book.put("shared_total", t, shared.sum()))
    tier = town.settings.get("sharing_tier")
    law = town.rule("central_share", t, str(tier)) if tier else np.nan
    said, own = town.levers.get("sharing", {}), town.settings
    left = float(book.at("operating_total", t))
    for level, otherwise in (("central", law), ("province", 0.0), ("city", 0.0)):
        part = first_known(
            said.get(level, np.nan), float(own.get(f"share_{level}", np.nan)), otherwise
        )
        part = float(book.put(f"{level}_part", t, part))
        left -= float(book.put(f"{level}_operating", t, total * part))
    book.put("county_operating", t, left)


def whole_units(value: Array, unit: float | None) -> Array:
    """Amounts in whole yuan or fen, a half up."""
    return value if unit is None else nearest(value / unit) * unit
