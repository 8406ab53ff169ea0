"""Random scenarios for random districts: every assumption and lever, over one to ten years."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tests.independent.making_lines import lines_of
from tests.independent.making_pupils import Dice, Random, moves, parts, pupils

ITEMS = (
    "teaching_area",
    "sports_area",
    "equipment_value",
    "multimedia_rooms",
    "computers",
    "books",
)
KINDS = ("teachers", "higher_degree", "backbone", "pe_art", "senior_title")


def scenario_of(
    random: Random, schools: pd.DataFrame, base_year: int, graded: bool, keys: set[str]
) -> dict[str, Any]:
    """The content of a scenario file for a district's schools."""
    years = int(random.integers(1, 11))
    dice = Dice(random, years)
    packs = dice.one_of(["national"], ["national", "district_plan"], ["national", "district_plan"])
    if dice.chance(0.06):
        packs = []
    assumptions: dict[str, Any] = {
        "recurrent_revenue_growth": dice.yearly(-0.02, 0.08),
        "pupils": pupils(dice, schools, base_year, graded),
    }
    for name in ("pay_growth", "price_growth", "upper_transfers_growth"):
        if dice.chance(0.7):
            assumptions[name] = dice.yearly(-0.02, 0.07)
    if dice.chance(0.2):
        opening = assumptions["pupils"]["method"] != "table"
        assumptions["schools"] = moves(dice, schools, base_year, opening)
    levers = {**_money(dice), **_operating(dice, schools), **_rest(dice)}
    levers |= _newer(dice, keys)
    if "headcount_basis" in levers:  # a lag belongs to one basis alone
        levers.pop("headcount_lag", None)
    if dice.chance(0.5):
        levers["investment"] = _investment(dice, schools, base_year)
    if dice.chance(0.2):
        levers["rotation"] = _rotation(dice, schools, base_year)
    found = {
        "name": "made",
        "policy": packs,
        "horizon": years,
        "assumptions": assumptions,
        "levers": {key: value for key, value in levers.items() if value not in ({}, [])},
    }
    if dice.chance(0.2) and not levers.get("hold_harmless"):
        found["lines"] = lines_of(dice, base_year)
    return found


def _money(dice: Dice) -> dict[str, Any]:
    found: dict[str, Any] = {}
    rule = dice.one_of("revenue_plus", "plus", "series", None)
    if rule == "revenue_plus":
        found["appropriation"] = {"rule": rule, "margin": dice.yearly(-0.01, 0.02)}
    elif rule == "plus":
        found["appropriation"] = {"rule": rule, "amount": dice.yearly(-3e6, 6e6, 2)}
    elif rule == "series":
        values = [dice.number(3e7, 2e8, 2) for _ in range(dice.years)]
        found["appropriation"] = {"rule": rule, "values": values}
    if dice.chance(0.2):
        shares = np.round(np.diff([0, *np.sort(dice.random.integers(0, 101, 3)) / 100, 1]), 2)
        levels = ("central", "province", "city", "county")
        found["sharing"] = {k: float(v) for k, v in zip(levels, shares, strict=True)}
    return found


def _operating(dice: Dice, schools: pd.DataFrame) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if dice.chance(0.7):
        found["operating_rate"] = {"primary": dice.number(600, 1800, 0)}
        if dice.chance(0.8):
            found["operating_rate"]["junior"] = dice.number(800, 2300, 0)
    own = sorted(dice.number(0, 1) for _ in range(dice.years))
    found["operating_path"] = dice.one_of("linear", "front", "back", "geometric", "linear", own)
    if dice.chance(0.3):
        found["rate_growth"] = dice.yearly(0, 0.05)
    if dice.chance(0.5):
        found["headcount_lag"] = dice.one_of(0, 1, 2)
    if dice.chance(0.5):
        found["small_school_floor"] = _floors(dice)
    for name, low, high in (
        ("boarding_rate", 150, 500),
        ("special_rate", 5000, 9000),
        ("heating_rate", 0, 90),
        ("small_class_premium", 0, 0.3),
        ("weak_school_tilt", 0, 0.25),
    ):
        if dice.chance(0.4):
            found[name] = dice.yearly(low, high)
    if dice.chance(0.3):
        found["hold_harmless"] = dice.chance(0.8)
    if dice.chance(0.2):
        heads = sum(float(schools[f"{s}_pupils"].sum()) for s, _ in _stages_in(schools))
        found["operating_pot"] = {
            "rule": dice.one_of("prorate", "level_up"),
            "amount": dice.yearly(heads * 600, heads * 2500, 2),
        }
    return found


def _floors(dice: Dice) -> dict[str, Any]:
    """Floors of small schools: one number, or size bands that leave no hole."""
    return {
        stage: dice.one_of(
            dice.number(50, 320, 0),
            [{"below": 100, "as": 100}, {"below": 200, "as": 200}],
            [{"below": 60, "as": 60}, {"below": 120, "as": 120}, {"below": 300, "as": 300}],
        )
        for stage in ("primary", "junior")
        if dice.chance(0.8)
    }


def _stages_in(schools: pd.DataFrame) -> list[tuple[str, str]]:
    return [(s, s) for s in ("primary", "junior", "special") if f"{s}_pupils" in schools]


def _rest(dice: Dice) -> dict[str, Any]:
    """Staff, training, repair, aid and the like."""
    found: dict[str, Any] = {}
    for name, low, high in (
        ("training_share", 0.02, 0.09),
        ("bureau_training_share", 0.005, 0.03),
        ("rotation_share", 0.05, 0.25),
    ):
        if dice.chance(0.5):
            found[name] = dice.yearly(low, high)
    if dice.chance(0.3):
        found["training_pots"] = dice.one_of("additive", "alternative")
    if dice.chance(0.15):
        found["transitional_rules"] = True
    if dice.chance(0.6):
        found["repair"] = dice.one_of(
            {
                "method": "per_pupil",
                "primary": dice.number(50, 160),
                "junior": dice.number(60, 200),
            },
            {
                "method": "area",
                "unit_price": dice.number(600, 1300),
                "life": dice.number(20, 60, 0),
            },
        )
    if dice.chance(0.5):
        stages = ("primary", "junior", "special")
        found["class_cap"] = {s: dice.number(12, 50, 0) for s in stages if dice.chance(0.7)}
    if dice.chance(0.7):
        kinds = ("primary_boarder", "junior_boarder", "primary_day", "junior_day")
        found["aid_rate"] = {kind: dice.number(300, 1800, 0) for kind in kinds if dice.chance(0.9)}
    return found


def _newer(dice: Dice, keys: set[str]) -> dict[str, Any]:
    """Levers that the product may still have to learn; only those that it is said to know."""
    drawn = {
        "headcount_basis": dice.one_of(None, "terms", "average"),
        "private_operating": dice.one_of(None, "benchmark", "standard", "none"),
        "small_school_unit": dice.one_of(None, "school", "stage"),
    }
    return {key: value for key, value in drawn.items() if key in keys and value is not None}


def _investment(dice: Dice, schools: pd.DataFrame, base_year: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in ITEMS:
        if not dice.chance(0.4):
            continue
        rule = dice.one_of("lowest_first", "proportional", "per_pupil", "list")
        if rule == "list":
            plan = [
                {"school": school, "stage": stage, "year": base_year + 1 + n, "amount": amount}
                for school, stage in parts(schools)
                for n in range(dice.years)
                if dice.chance(0.3) and (amount := dice.number(1e4, 4e5, 2)) > 0
            ]
            found[item] = {"rule": rule, "plan": plan}
        else:
            found[item] = {"rule": rule, "amount": dice.yearly(1e5, 4e6, 2)}
    return found


def _rotation(dice: Dice, schools: pd.DataFrame, base_year: int) -> list[dict[str, Any]]:
    taught = [part for part in parts(schools) if part[1] != "special"]
    if not taught:
        return []
    return [
        {
            "school": school, "stage": stage, "kind": dice.one_of(*KINDS),
            "year": base_year + int(dice.random.integers(1, dice.years + 1)),
            "teachers": dice.number(-2, 2, 0),
        }
        for school, stage in (dice.one_of(*taught) for _ in range(6))
    ]  # fmt: skip
