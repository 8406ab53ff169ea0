"""The money of the sample district: what its schools cost, and what it is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

School = dict[str, Any]
RATES: Final = {"primary": 800, "junior": 1100}
BOARDING: Final = 300
SPECIAL: Final = 7000
COUNTED_AS: Final = 100
REPAIR: Final = {"primary": 80, "junior": 100}
AID: Final = {
    "aided_primary_boarder": 1000,
    "aided_primary_day": 500,
    "aided_junior_boarder": 1250,
    "aided_junior_day": 625,
}
BUREAU_TRAINING: Final = 0.015
#: Schools whose training share falls short of 5%, by their place in the plan.
SHORT: Final = {2: 0.041, 12: 0.0365, 21: 0.045, 37: 0.0475}
#: What is left of the money of the base year, as a share of the need.
MARGIN: Final = 0.014
TRANSFERS: Final = 0.085
BASIS: Final = (
    "一般公共预算收入扣除专项收入、罚没收入、国有资源有偿使用收入等一次性收入，"
    "加返还性收入和财力性转移支付（虚构示例）"
)
#: Growth over the year before: recurrent revenue, appropriation, transfers, civil servants' pay.
GROWTH: Final = {2024: (0.039, 0.0465, 0.03, 0.035), 2025: (0.042, 0.0485, 0.032, 0.033)}
CIVIL_SERVANT_PAY: Final = 0.985


def add_money(schools: Sequence[School], rng: np.random.Generator) -> None:
    """Adds each school's pay, operating funds, training and repair."""
    for number, school in enumerate(schools):
        pay = {"urban": 119_000, "town": 120_500, "rural": 124_000}[school["area"]]
        school["payroll"] = round(school["staff"] * pay * float(rng.normal(1.0, 0.02)) / 100) * 100
        funds = operating_funds(school)
        share = SHORT.get(number, float(rng.uniform(0.0505, 0.068)))
        school["operating_funds"] = funds
        school["training_spend"] = round(funds * share / 100) * 100
        school["repair_spend"] = sum(
            rate * school.get(f"{stage}_pupils", 0) for stage, rate in REPAIR.items()
        )
        school["investment_spend"] = 0
        final = round(funds * float(rng.uniform(0.97, 1.0)) / 100) * 100
        done = round(school["training_spend"] * float(rng.uniform(0.93, 1.0)) / 100) * 100
        school["operating_funds_final"], school["training_spend_final"] = final, done
        school["training_tagged"] = round(funds * float(rng.choice([0, 0, 0.004])) / 100) * 100


def operating_funds(school: School) -> int:
    """Operating funds by the formula at the standards in force, mainstreamed pupils apart."""
    total = SPECIAL * school.get("special_pupils", 0)
    for stage, rate in RATES.items():
        pupils = school.get(f"{stage}_pupils", 0)
        if pupils:
            apart = school[f"mainstreamed_{stage}"]
            funded = pupils - apart
            total += rate * max(funded, COUNTED_AS) + SPECIAL * apart
            total += BOARDING * school[f"{stage}_boarders"]
    return int(total)


def need(schools: Sequence[School]) -> float:
    """What the district must pay in the base year."""
    aid = sum(rate * school.get(field, 0) for school in schools for field, rate in AID.items())
    pay = sum(school["payroll"] for school in schools)
    funds = sum(school["operating_funds"] + school["repair_spend"] for school in schools)
    return float(funds + pay * (1 + BUREAU_TRAINING) + aid)


def fiscal_rows(schools: Sequence[School], base_year: int) -> list[dict[str, Any]]:
    """Three years of fiscal history that end in the base year with little to spare."""
    money = need(schools) * (1 + MARGIN)
    mean_pay = sum(each["payroll"] for each in schools) / sum(each["staff"] for each in schools)
    values = np.array([
        money * (1 - TRANSFERS) / 0.205,
        money * (1 - TRANSFERS),
        money * TRANSFERS,
        mean_pay * CIVIL_SERVANT_PAY,
    ])  # fmt: skip
    rows = []
    for year in range(base_year, base_year - 3, -1):
        rows.append(_row(year, values))
        values = values / (1 + np.array(GROWTH.get(year, (0.0, 0.0, 0.0, 0.0))))
    return rows[::-1]


def _row(year: int, values: np.ndarray) -> dict[str, Any]:
    revenue, appropriation, transfers = (
        round(float(each) / 10_000) * 10_000 for each in values[:3]
    )
    return {
        "year": year,
        "recurrent_revenue": revenue,
        "recurrent_revenue_basis": BASIS,
        "education_appropriation": appropriation,
        "upper_transfers": transfers,
        "civil_servant_mean_pay": round(float(values[3]) / 100) * 100,
    }
