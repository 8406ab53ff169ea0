"""Random districts and scenarios for plans: small, with money that is sometimes not enough."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulator.district.model import District
from simulator.scenario.model import Scenario
from tests.building import district_of, scenario_of, school

#: Per pupil: what a school has of each, around what the standards ask for.
OWNED = {"teaching_area": 4.9, "sports_area": 8.5, "equipment_value": 2300.0,
         "multimedia_rooms": 0.025}  # fmt: skip
TEACHERS = {"higher_degree": 0.055, "backbone": 0.0115, "pe_art": 0.0105}
KINDS = ("primary", "primary", "junior", "junior", "primary", "nine_year", "primary")


def drawn_district(seed: int) -> District:
    """Four to seven schools; the appropriation leaves a little, or a lot, over the need."""
    rng = np.random.default_rng(seed)
    rows = [_school(rng, n, KINDS[n]) for n in range(int(rng.integers(4, 8)))]
    if rng.random() < 0.4:  # too small to be evaluated, teachers of its own
        rows.append(_point(rng))
    spent = sum(row["payroll"] + row["operating_funds"] + row["repair_spend"] for row in rows)
    rich = float(rng.uniform(1.03, 1.35))
    revenue = 5 * spent
    money = [
        {"year": 2024, "recurrent_revenue": revenue / 1.04,
         "education_appropriation": spent * rich / 1.05},
        {"year": 2025, "recurrent_revenue": revenue, "education_appropriation": spent * rich},
    ]  # fmt: skip
    return district_of(rows, money)


def _school(rng: np.random.Generator, number: int, kind: str) -> dict[str, Any]:
    row = school(f"S{number}", kind, weak=int(rng.random() < 0.3))
    stages = [s for s in ("primary", "junior") if f"{s}_pupils" in row]
    total = 0
    for stage in stages:
        pupils = int(np.clip(rng.lognormal(6.0, 0.5), 120, 1500))
        total += pupils
        row[f"{stage}_pupils"] = pupils
        row[f"{stage}_pupils_prior"] = int(pupils * rng.uniform(0.96, 1.06))
        row[f"{stage}_teachers"] = round(pupils / 14)
        for name, share in TEACHERS.items():
            row[f"{stage}_{name}"] = round(pupils * share * rng.uniform(0.8, 1.3))
        row[f"{stage}_classes"] = int(np.ceil(pupils / 40))
    for item, each in OWNED.items():
        row[item] = round(total * each * float(rng.uniform(0.75, 1.25)))
    row["staff"] = round(total / 12.5)
    row["authorised_posts"] = row["staff"] + 5
    row["payroll"] = row["staff"] * 120_000
    row["operating_funds"] = total * int(rng.uniform(750, 1150))
    row["training_spend"] = row["operating_funds"] * 0.06
    row["repair_spend"] = total * 100
    row["floor_area"] = total * 8
    return row


def _point(rng: np.random.Generator) -> dict[str, Any]:
    row = _school(rng, 9, "primary")
    row |= {"school_type": "teaching_point", "primary_pupils": 60, "primary_pupils_prior": 62}
    return row | {"primary_teachers": 12, "primary_higher_degree": 11, "primary_backbone": 6,
                  "primary_pe_art": 5}  # fmt: skip


def drawn_scenario(seed: int) -> Scenario:
    """Growth of money, pay and pupils, rates and switches as they may be asked for."""
    rng = np.random.default_rng(10_000 + seed)
    horizon = int(rng.integers(2, 5))

    def each(low: float, high: float) -> float:
        return round(float(rng.uniform(low, high)), 4)

    levers: dict[str, Any] = {
        "appropriation": {"margin": each(-0.01, 0.05)},
        "operating_rate": {"primary": each(720, 1200), "junior": each(940, 1500)},
        "hold_harmless": bool(rng.random() < 0.4),
        "headcount_lag": int(rng.integers(0, 2)),
        "training_pots": str(rng.choice(["additive", "alternative"])),
    }
    if rng.random() < 0.5:
        amount = [int(each(0, 400_000)) for _ in range(horizon)]
        levers["investment"] = {"equipment_value": {"amount": amount, "rule": "lowest_first"}}
    if rng.random() < 0.3:
        levers["carry_over"] = True
    assumptions = {
        "recurrent_revenue_growth": each(0.01, 0.06),
        "pupils": {"method": "growth", "primary": each(-0.05, 0.02), "junior": each(-0.03, 0.03)},
        "pay_growth": each(-0.005, 0.04),
        "price_growth": each(0.0, 0.03),
    }
    return scenario_of(policy=["national", "district_plan"], horizon=horizon, levers=levers,
                       assumptions=assumptions)  # fmt: skip
