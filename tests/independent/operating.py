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
    book.put("operating_rate", t, rate if t > 0 else base)
    for name in ("boarding", "special"):
        said, law = town.said(f"levers.{name}_rate", t), town.rule(f"{name}_benchmark", t)
        book.put(f"{name}_rate", t, first_known(said, law, 0.0))


def write_heads(town: Town, t: int) -> None:
    """Heads that money goes by: all, boarders, those at the special rate, the rest."""
    book = town.book
    heads = book.put("headcount", t, _counted(town, t, "pupils"))
    book.put("funded_boarders", t, _counted(town, t, "boarders"))
    special = book.put("funded_mainstreamed", t, _counted(town, t, "mainstreamed"))
    paid = special if float(book.at("special_rate", t)) > 0 else 0 * heads
    special = np.where(town.ordinary == 1, paid, heads)
    special = book.put("special_heads", t, special)
    book.put("funded_pupils", t, np.maximum(0.0, heads - special))


def _counted(town: Town, t: int, name: str) -> Array:
    """A group as the scenario counts it: of one autumn, of half years, or of the year's average.

    The base year is the file's, and it counts its own autumn.
    """
    book = town.book
    now, last, two = (
        book.at(each, t) for each in (name, f"{name}_last_year", f"{name}_two_years_ago")
    )
    if t == 0:
        return now
    opening, closing = (town.rule(f"pupil_average_{end}", t) for end in ("opening", "closing"))
    other = {
        "terms": (now + last) / 2,
        "average": (opening * last + closing * now) / (opening + closing),
    }
    lag = town.levers.get("headcount_lag", 0)
    return other.get(town.levers.get("headcount_basis", "lag"), [now, last, two][lag])


def write_funds(town: Town, lines: Lines | None, t: int) -> None:
    """Operating funds of a year by the national formula or the district's own lines.

    Lines pay whom they count, whoever runs the school; the levers then count for nothing.
    """
    book = town.book
    rate = town.of_stage(book.at("operating_rate", t))
    boarding, special = float(book.at("boarding_rate", t)), float(book.at("special_rate", t))
    heating = town.said("levers.heating_rate", t, 0.0)
    premium = town.said("levers.small_class_premium", t, 0.0)
    tilt = town.said("levers.weak_school_tilt", t, 0.0)
    private = town.of_school(1 - town.public) == 1
    # the base year is the file's: private schools are then at the benchmark, whatever is asked
    said = town.levers.get("private_operating", "benchmark") if t > 0 else "benchmark"
    own = np.where(private & (said != "standard"), 0.0, 1.0)
    nothing = private & (said == "none")

    def paid(asked: Any, law: Any) -> Array:
        """The district's amount, or the benchmark for private schools, where there is one."""
        return np.where(nothing, 0.0, np.where(own == 1, asked, first_known(law, asked)))

    rate = paid(rate, town.of_stage(town.rules("operating_benchmark", t)))
    book.put("pupil_rate", t, rate)
    lodging = paid(boarding, town.rule("boarding_benchmark", t))
    caring = paid(special, town.rule("special_benchmark", t))
    heads, funded = book.at("headcount", t), book.at("funded_pupils", t)
    ordinary = town.ordinary == 1
    standard = book.put("pupil_funds", t, np.where(ordinary, funded * rate, 0.0))
    lodged = np.where(lodging > 0, book.at("funded_boarders", t) * lodging, 0.0)
    book.put("boarding_funds", t, np.where(ordinary, lodged, 0.0))
    book.put("special_funds", t, np.where(caring > 0, book.at("special_heads", t) * caring, 0.0))
    warm = (own == 1) & (heating > 0)
    book.put("heating_funds", t, np.where(warm, heads * heating, 0.0))
    short = book.put("small_school_missing", t, missing_heads(town, t, lawful=False))
    each = rate_of_missing(town, t, rate)
    book.put("small_school_topup", t, np.where(short == 0, 0.0, short * each))
    for name, flag, share in (
        ("small_class_funds", "small_class", premium),
        ("weak_school_funds", "weak", tilt),
    ):
        marked = town.of_school(town.column(flag))
        book.put(name, t, np.where((own == 1) & (share > 0), standard * share * marked, 0.0))
    names = (
        "pupil_funds", "boarding_funds", "special_funds", "heating_funds", "small_school_topup",
        "small_class_funds", "weak_school_funds",
    )  # fmt: skip
    found = sum(book.at(name, t) for name in names)
    if lines is not None:
        found = lines.write(t)
    book.put("formula_funds", t, found)


def _owners(town: Town, t: int) -> list[list[int]]:
    """The parts that are small or not together: of one school, or each alone where so asked.

    Of the base year, the school: no lever moves it.
    """
    parts = [p for p in range(len(town.parts)) if town.ordinary[p] == 1]
    if t > 0 and town.levers.get("small_school_unit") == "stage":
        return [[p] for p in parts]
    return [[p for p in parts if town.school[p] == s] for s in sorted(set(town.school[parts]))]


def missing_heads(town: Town, t: int, lawful: bool) -> Array:
    """Heads that small schools are short of their floor: as asked, or by the law alone.

    Funded pupils are counted on both sides, so the stages share what is short by them; a stage
    that nobody is funded at sets no floor.
    """
    funded, found = town.book.at("funded_pupils", t), np.zeros(len(town.parts))
    for parts in _owners(town, t):
        total = funded[parts].sum()
        if np.isnan(total):
            found[parts] = np.nan
        elif total > 0:
            there = [p for p in parts if funded[p] > 0]
            floor = max(_floor(town, t, int(town.stage[p]), total, lawful) for p in there)
            found[parts] = max(0.0, floor - total) * funded[parts] / total
    return found


def rate_of_missing(town: Town, t: int, rate: Array) -> Array:
    """What a missing head is paid: the lowest rate of those stages that somebody is funded at."""
    funded, found = town.book.at("funded_pupils", t), np.array(rate)
    for parts in _owners(town, t):
        there = [p for p in parts if funded[p] != 0]
        found[parts] = rate[there].min() if there else np.nan
    return found


def _floor(town: Town, t: int, stage: int, funded: float, lawful: bool) -> float:
    """The heads that a school of so many is paid for at least, by the lever or by law."""
    said = town.levers.get("small_school_floor", {}).get(STAGES[stage])
    if said is None or t == 0 or lawful:
        return float(first_known(town.rules("small_school_floor", t)[stage], 0.0))
    bands = said if isinstance(said, list) else [{"below": said, "as": said}]
    return next((float(band["as"]) for band in bands if funded < band["below"]), 0.0)


def write_paid(town: Town, t: int) -> None:
    """What is paid in the end: the base year's budget, then held, from a pot, or by formula.

    A mixed school's budget of the base year is its stages' as its pupils, boarders and special
    pupils at the base year's rates: the page is silent, and additions belong to the whole school.
    """
    book = town.book
    funds = book.at("formula_funds", t)
    names = ("pupil_funds", "boarding_funds", "special_funds")
    book.put("basic_funds", t, sum(book.at(name, t) for name in names))
    base = book.put("base_weight", t, book.at("basic_funds", 0))
    whole = book.put("school_base_weight", t, town.to_schools(base))
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
    paid = held if np.isnan(pot) else given
    if t == 0:
        paid = np.where(town.of_school(town.public) == 1, base, funds)
    paid = book.put("operating_funds", t, paid)
    _write_ordinary(town, t, held, paid)
    book.put("operating_funds_per_head", t, div(paid, heads))
    book.put("operating_funds_per_pupil", t, div(paid, book.at("pupils", t)))
    book.put("school_operating", t, town.to_schools(paid))
    book.put("stage_operating", t, town.to_stages(paid))
    book.put("operating_total", t, book.at("school_operating", t).sum())


def _held(town: Town, t: int, funds: Array) -> Array:
    """Funds by the formula; where held, the part by pupils and standard falls for no head.

    What is held is what was paid for them last year, of the base year's budget too.
    """
    book = town.book
    names = ("pupil_funds", "small_class_funds", "weak_school_funds")
    standard = sum(book.at(name, t) for name in names)
    own_lines = town.lines is not None
    if own_lines:
        standard = book.at("ordinary_asked", t)
    else:
        book.put("ordinary_asked", t, standard)
        for kind, name in KINDS.items():
            book.put(f"{kind}_asked", t, book.at(name, t))
    if own_lines or not town.levers.get("hold_harmless") or t == 0:
        book.put("protected_ordinary", t, standard)
        return funds
    funded = book.at("funded_pupils", t)
    before = town.carry_parts(book.at("ordinary_by_formula", t - 1), t, "pupils")
    then = town.carry_parts(book.at("funded_pupils", t - 1), t, "pupils")
    least = pick(over(then, 0), div(before, then) * funded, 0.0)
    held = book.put("protected_ordinary", t, np.maximum(standard, least))
    return funds + held - standard


#: Whose money is told apart, and the figure of the national formula that is theirs.
KINDS = {
    "boarding": "boarding_funds",
    "special": "special_funds",
    "small_school": "small_school_topup",
    "weak_school": "weak_school_funds",
}


def _write_ordinary(town: Town, t: int, held: Array, paid: Array) -> None:
    """What reaches pupils at the standard: as asked, cut or raised as all is by budget or pot."""
    book = town.book
    share = book.put("operating_paid_share", t, pick(over(held, 0), div(paid, held), 0.0))
    found = book.at("protected_ordinary", t) * share
    if t == 0:
        names = ("boarding_funds", "special_funds", "heating_funds")
        found = first_known(found, paid - sum(book.at(name, t) for name in names))
    found = book.put("ordinary_by_formula", t, found)
    book.put("ordinary_paid_per_pupil", t, div(found, book.at("funded_pupils", t)))
    book.put("ordinary_paid", t, np.where(town.ordinary == 1, found, 0.0))
    for kind in KINDS:
        book.put(f"{kind}_paid", t, book.at(f"{kind}_asked", t) * share)
    book.put("weak_schools_total", t, book.at("weak_school_paid", t).sum())


def write_sharing(town: Town, t: int) -> None:
    """Who bears operating funds: the benchmark part by level of government, the rest local."""
    book = town.book
    special = book.at("special_heads", t)
    special = np.where(special == 0, 0.0, special * town.rule("special_benchmark", t))
    names = ("ordinary_due", "small_school_floor_funds", "boarding_due")
    book.put("benchmark_funds", t, sum(book.at(name, t) for name in names) + special)
    shared = np.minimum(book.at("benchmark_funds", t), book.at("operating_funds", t))
    shared = book.put("shared_funds", t, shared)
    total = float(book.put("shared_total", t, shared.sum()))
    tier = town.settings.get("sharing_tier")
    law = town.rule("central_share", t, str(tier)) if tier else np.nan
    said, own = (town.levers.get("sharing", {}) if t > 0 else {}), town.settings
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
