"""Floors: what is due to pupils of each kind by law, and what is paid to them, part by part."""

from __future__ import annotations

import numpy as np

from tests.independent.book import Array, div, over, pick
from tests.independent.operating import missing_heads, rate_of_missing
from tests.independent.town import Town

#: Each kind of pupils: how the page names what is due to them, and whom the rule speaks of.
LEVELS = {"ordinary": "stage", "boarding": "district", "special": "district"}
HEADS = {
    "ordinary": "ordinary_funded",
    "boarding": "boarding_entitled",
    "special": "special_entitled",
}


def write_due(town: Town, t: int) -> None:
    """What the benchmarks in force give to pupils, boarders, special pupils and small schools."""
    book, ordinary = town.book, town.ordinary == 1
    funded = book.at("funded_pupils", t)
    special = np.where(ordinary, book.at("funded_mainstreamed", t), book.at("headcount", t))
    benchmark = town.of_stage(town.rules("operating_benchmark", t))
    for kind, heads, law in (
        ("ordinary", np.where(ordinary, funded, 0.0), benchmark),
        ("boarding", np.where(ordinary, book.at("funded_boarders", t), 0.0),
         town.rule("boarding_benchmark", t)),
        ("special", special, town.rule("special_benchmark", t)),
    ):  # fmt: skip
        counted = book.put(HEADS[kind], t, heads)
        book.put(f"{kind}_due", t, np.where(counted == 0, 0.0, counted * law))
    book.put("school_funded", t, town.to_schools(book.at("ordinary_funded", t)))
    short = book.put("lawful_small_missing", t, missing_heads(town, t, lawful=True))
    each = rate_of_missing(town, t, benchmark)
    book.put("small_school_floor_funds", t, np.where(short == 0, 0.0, short * each))


def write_floors(town: Town, t: int) -> None:
    """Whether every part is paid what is due; one that gets more does not help another."""
    for kind, level in LEVELS.items():
        _write_floor(town, t, kind, level)
    book = town.book
    due = book.at("ordinary_due", t) + book.at("small_school_floor_funds", t)
    due = book.put("small_due_of_part", t, due)
    due = book.put("small_school_required", t, town.to_schools(due))
    paid = book.at("ordinary_paid", t) + book.at("small_school_paid", t)
    paid = book.put("small_paid_of_part", t, paid)
    paid = book.put("small_school_actual", t, town.to_schools(paid))
    book.put("small_school_headroom", t, paid - due)
    book.put("small_school_applies", t, town.to_schools(book.at("lawful_small_missing", t)))


def _write_floor(town: Town, t: int, kind: str, level: str) -> None:
    book = town.book

    def whole(values: Array) -> Array:
        return town.to_stages(values) if level == "stage" else np.array([values.sum()])

    heads = book.at(HEADS[kind], t)
    paid, due = book.at(f"{kind}_paid", t), book.at(f"{kind}_due", t)
    count = book.put(f"{kind}_entitled_total", t, whole(heads))
    money = book.put(f"{kind}_paid_total", t, whole(paid))
    short = book.put(f"{kind}_short", t, np.maximum(0.0, due - paid))
    missing = book.put(f"{kind}_missing", t, whole(short))
    beyond = book.put(f"{kind}_beyond", t, paid - due)
    beyond = book.put(f"{kind}_surplus", t, whole(beyond))
    book.put(f"{kind}_headroom", t, pick(over(missing, 0), -missing, beyond))
    mean = book.put(f"{kind}_paid_mean", t, div(money, count))
    mean = town.of_stage(mean) if level == "stage" else mean[0]
    # a part with nobody says nothing: it stands at the mean of all
    each = book.put(f"{kind}_paid_per_head", t, pick(over(heads, 0), div(paid, heads), mean))
    groups = [town.stage == k for k in range(3)] if level == "stage" else [town.stage >= 0]
    lowest = [each[here].min() if here.any() else np.nan for here in groups]
    book.put(f"{kind}_paid_lowest", t, lowest)
