"""Growth rules, floors and conditions: what is asked of a year and the room that is left."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.independent.book import div, first_known, over, pick, round_up
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
    pay = book.at("district_mean_pay", t)
    staff = book.at("staff_total", t)
    _write_rise(town, t, "growth_pay", "district_mean_pay", pay, staff)
    name = "operating_per_average_pupil"
    _write_rise(town, t, "growth_operating", name, operating, heads)
    _write_cost(town, t, "growth_per_pupil", "cost_per_pupil", "running_cost_per_pupil", heads)
    everybody = book.at("district_average_pupils", t)
    names = ("district_cost_per_pupil", "district_running_per_pupil")
    _write_cost(town, t, "no_fall_per_pupil", *names, everybody)


def _write_rise(town: Town, t: int, rule: str, name: str, actual: Any, count: Any) -> None:
    required = town.book.put(f"{rule}_required", t, town.book.at(name, t - 1))
    town.book.put(f"{rule}_headroom", t, (actual - required) * count)


def _write_cost(town: Town, t: int, rule: str, name: str, running: str, count: Any) -> None:
    """Cost per pupil against last year's: both without investment where last year's is unknown.

    The base year's investment is an optional column; what is not reported blocks only itself.
    """
    book = town.book
    last, without = book.at(name, t - 1), book.at(running, t - 1)
    for figure, value in ((name, last), (running, without)):
        book.put(f"{figure.removesuffix('_per_pupil') if 'district' in figure else figure}"
                 "_last_year", t, value)  # fmt: skip
    now = np.where(np.isnan(last), book.at(running, t), book.at(name, t))
    now = book.put(f"{rule}_actual", t, now)
    required = book.put(f"{rule}_required", t, first_known(last, without))
    book.put(f"{rule}_headroom", t, (now - required) * count)


def write_conditions(town: Town, t: int) -> None:
    """Room under the cap of classes, rotation, and the conditions that schools must meet."""
    book = town.book
    cap = town.rules("class_cap", t)
    book.put("class_size_headroom", t, cap - book.at("stage_largest_class", t))
    _write_rotation(town, t)
    book.put("plan_years", t, float(town.years))
    _write_rooms(town, t)


def _write_rotation(town: Town, t: int) -> None:
    """Teachers who move: of all of them by the plan, of those eligible by the national rule."""
    book, law = town.book, town.rule("rotation_floor", t)
    all_teachers = float(book.put("teachers_total", t, book.at("school_teachers", t).sum()))
    eligible = float(book.put("eligible_total", t, town.column("rotation_eligible").sum()))
    least = town.rule("rotation_eligible_floor", t)
    due = float(book.put("rotation_share_due", t, div(least * eligible, all_teachers)))
    share = first_known(town.said("levers.rotation_share", t), law, due)
    share = float(book.put("rotation_share", t, share))
    book.put("rotation_headroom", t, share - law)
    share = float(book.put("eligible_rotation_share", t, div(share * all_teachers, eligible)))
    book.put("rotation_eligible_headroom", t, share - least)


def _write_rooms(town: Town, t: int) -> None:
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
