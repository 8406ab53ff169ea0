"""Growth rules, floors and conditions: what is asked of a year and the room that is left."""

from __future__ import annotations

import numpy as np

from tests.independent.book import STAGES, div, first_known, over, pick, round_up
from tests.independent.money import sited
from tests.independent.town import Town


def write_growth(town: Town, t: int) -> None:
    """What each growth rule asks of a year, and the yuan that could be cut before it breaks."""
    book = town.book
    given, last = float(book.at("appropriation", t)), float(book.at("appropriation_last_year", t))
    revenue, before = (float(book.at(n, t)) for n in ("recurrent_revenue", "revenue_last_year"))
    asked = float(book.put("growth_total_required", t, div(last * revenue, before)))
    book.put("growth_total_headroom", t, given - asked)
    book.put("no_fall_total_headroom", t, given - last)
    heads = book.at("stage_average_pupils", t)
    operating = book.put(
        "operating_per_average_pupil", t, div(book.at("stage_operating", t), heads)
    )
    for rule, name, actual, count in (
        ("growth_per_pupil", "cost_per_pupil", book.at("cost_per_pupil", t), heads),
        (
            "growth_pay",
            "district_mean_pay",
            book.at("district_mean_pay", t),
            book.at("staff_total", t),
        ),
        ("growth_operating", "operating_per_average_pupil", operating, heads),
    ):
        required = book.put(f"{rule}_required", t, book.at(name, t - 1))
        book.put(f"{rule}_headroom", t, (actual - required) * count)
    everybody = book.at("district_average_pupils", t)
    required = book.put("no_fall_per_pupil_required", t, book.at("district_cost_per_pupil", t - 1))
    book.put(
        "no_fall_per_pupil_headroom",
        t,
        (book.at("district_cost_per_pupil", t) - required) * everybody,
    )


def write_floors(town: Town, t: int) -> None:
    """Room above the floors of the law, and the conditions that schools must meet."""
    book = town.book
    rate, law = book.at("operating_rate", t), town.rules("operating_benchmark", t)
    over_law = town.of_stage(rate - law) * book.at("funded_pupils", t)
    found = book.put("rate_headroom_of_part", t, np.where(town.ordinary == 1, over_law, np.nan))
    book.put("rate_headroom", t, town.to_stages(found))
    for name in ("boarding", "special"):
        room = book.at(f"{name}_rate", t) - town.rule(f"{name}_benchmark", t)
        book.put(f"{name}_headroom", t, room)
    cap = town.rules("class_cap", t)
    book.put("class_size_headroom", t, cap - book.at("class_size", t))
    law_share = town.rule("rotation_floor", t)
    share = first_known(town.said("levers.rotation_share", t), law_share)
    share = float(book.put("rotation_share", t, share))
    book.put("rotation_headroom", t, share - law_share)
    book.put("plan_years", t, float(town.years))
    said = town.levers.get("small_school_floor", {})
    least = []
    for k, stage in enumerate(STAGES):
        bands = said.get(stage)
        bands = bands[0]["as"] if isinstance(bands, list) else bands
        law_floor = town.rules("small_school_floor", t)[k]
        least.append(law_floor if bands is None else float(bands))
    book.put("small_floor_least", t, least)
    _write_conditions(town, t)


def _write_conditions(town: Town, t: int) -> None:
    book = town.book
    classes = book.put("school_classes", t, town.to_schools(book.at("classes", t)))
    pupils = book.put("school_pupils", t, town.to_schools(book.at("pupils", t)))
    each = town.rule("classes_per_art_room", t)
    due = round_up(div(classes, each))
    due = book.put("art_rooms_due", t, np.where(town.special_school == 1, 0.0, due))
    lacking = []
    for room in ("music", "art"):
        there = sited(town, t, f"{room}_rooms")
        short = pick(due, np.maximum(0.0, due - there), 0.0)
        lacking.append(book.put(f"{room}_rooms_lacking", t, short))
    known = [over(short, 0) for short in lacking]
    # a school that lacks one kind lacks rooms, whatever is known of the other
    lacks = np.where((known[0] == 1) | (known[1] == 1), 1.0, known[0] + known[1])
    book.put("schools_lacking_rooms", t, book.put("lacks_rooms", t, lacks).sum())
    cap = np.array([town.rule("school_size_cap", t, kind) for kind in town.kinds])
    large = np.where(town.special_school == 1, 0.0, over(pupils, cap))
    book.put("schools_oversized", t, book.put("oversized", t, large).sum())
