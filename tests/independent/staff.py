"""Staff, pay and training: posts by standard, the payroll, the schools' and the bureau's pots."""

from __future__ import annotations

import numpy as np

from tests.independent.book import Array, div, first_known, over, pick
from tests.independent.town import Town, of_public


def write_staff(town: Town, t: int) -> None:
    """Posts by standard, staff and pay of a year; who is paid by the district is public."""
    book = town.book
    by_pupils = div(book.at("pupils", t), town.of_stage(town.rules("pupils_per_staff", t)))
    by_pupils = book.put("posts_by_pupils", t, by_pupils)
    by_class = book.at("classes", t) * town.of_stage(town.rules("staff_per_class", t))
    by_class = book.put("posts_by_classes", t, by_class)
    kinds = np.array(town.kinds)
    rural = np.where(kinds == "primary", town.area_is("rural"), 0.0)
    village = town.of_school(np.where(kinds == "teaching_point", 1.0, rural)) * town.ordinary
    posts = pick(village, (by_pupils + by_class) / 2, by_pupils)
    extra = first_known(town.rule("small_class_extra_posts", t), 0.0)
    posts = book.put("posts", t, posts * (1 + town.of_school(town.column("small_class")) * extra))
    posts = book.put("school_posts", t, town.to_schools(posts))
    authorised, staff = _followed(town, t, "authorised_posts"), _followed(town, t, "staff")
    book.put("posts_over_authorised", t, np.maximum(0.0, posts - authorised))
    book.put("posts_total", t, posts.sum())
    authorised = book.put("public_posts", t, of_public(town, authorised))
    room = float(book.put("authorised_total", t, authorised.sum()))
    there = book.put("public_staff", t, of_public(town, staff))
    there = float(book.put("staff_total", t, there.sum()))
    book.put("staff_headroom", t, room - there)
    _write_pay(town, t, staff)


def _followed(town: Town, t: int, name: str) -> Array:
    """Staff or authorised posts of a school, moved along with staff."""
    book = town.book
    if t == 0:
        return book.put(f"followed_{name}", 0, town.column(name))
    before = town.carry_schools(book.at(f"followed_{name}", t - 1), t, "staff")
    return book.put(f"followed_{name}", t, before + town.opens_with(name, t))


def _write_pay(town: Town, t: int, staff: Array) -> None:
    book = town.book
    growth = town.said("assumptions.pay_growth", t, 0.0)
    if t == 0:
        pay = of_public(town, town.column("payroll"))
    else:
        pay = town.carry_schools(book.at("payroll", t - 1), t, "staff") * (1 + growth)
        pay = of_public(town, pay)
    pay = book.put("payroll", t, pay)
    # private schools' staff is not on the district's payroll: their pay is not known
    book.put("mean_pay", t, div(pay, of_public(town, staff)))
    teachers = town.by_stage("primary_teachers", "junior_teachers")
    if t > 0:
        teachers = town.carry_parts(book.at("counted_teachers", t - 1), t, "staff")
    teachers = book.put("counted_teachers", t, teachers)
    whole = book.put("school_teachers", t, town.to_schools(teachers))
    share = pick(town.of_school(town.several), div(teachers, town.of_school(whole)), 1.0)
    share = book.put("pay_share", t, share)
    here = town.of_school(pay)
    book.put("stage_pay", t, pick(here, here * share, 0.0))
    total = float(book.put("payroll_total", t, pay.sum()))
    book.put("district_mean_pay", t, div(total, book.at("staff_total", t)))
    book.put("base_mean_pay", t, book.at("district_mean_pay", 0))


def write_training(town: Town, t: int) -> None:
    """The schools' share of operating funds and the bureau's share of pay: two pots."""
    book = town.book
    floor = town.rule("training_floor_share", t)
    share = book.put("training_share", t, first_known(town.said("levers.training_share", t), floor))
    funds = book.at("school_operating", t)
    spent = share * funds if t > 0 else town.column("training_spend")
    spent = book.put("school_training", t, spent)
    least = book.put("school_training_floor", t, floor * funds)
    book.put("school_training_headroom", t, spent - least)
    book.put("school_training_share", t, div(spent, funds))
    total = float(book.put("school_training_total", t, spent.sum()))
    law = town.rule("bureau_training_floor_share", t)
    asked = first_known(town.said("levers.bureau_training_share", t), law, 0.0)
    asked = float(book.put("bureau_share", t, asked))
    pay = float(book.at("payroll_total", t))
    fund = asked * pay
    # the base year is the law's: no lever moves it
    instead = t > 0 and town.levers.get("training_pots") == "alternative"
    fund = float(book.put("bureau_training", t, np.maximum(0, fund - total) if instead else fund))
    counted = float(book.put("bureau_training_counted", t, fund + total if instead else fund))
    floor = float(book.put("bureau_training_floor", t, law * pay))
    book.put("bureau_training_headroom", t, counted - floor)
    book.put("bureau_training_share", t, div(counted, pay))
    final, tagged = town.column("operating_funds_final"), town.column("training_tagged")
    final = book.put("training_share_final", t, div(town.column("training_spend_final"), final))
    own = town.column("operating_funds")
    book.put("training_share_tagged", t, div(town.column("training_spend") + tagged, own))
    book.put("training_final_short", t, over(town.rule("training_floor_share", t), final))
