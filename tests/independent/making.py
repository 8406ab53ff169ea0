"""Random districts for the independent model: every type of school, holes, and scenarios to match.

A seed makes one district and one scenario, always the same; a failing seed can be made alone.
"""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

import simulator as sim
from simulator.district.columns import Table, columns
from simulator.district.model import District
from simulator.scenario.load import read_scenario
from tests.independent.making_pupils import STAGES_OF
from tests.independent.making_scenario import scenario_of

TYPES = {
    "primary": 0.38,
    "teaching_point": 0.13,
    "junior": 0.15,
    "nine_year": 0.14,
    "complete_secondary": 0.07,
    "twelve_year": 0.05,
    "special": 0.08,
}
FAST = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
#: Columns that a school cannot do without, or that say what kind of school it is.
KEPT = ("school_id", "school_name", "school_type", "ownership", "area", "weak", "small_class")


@dataclass
class Made:
    """A district as tables, as an officer would write them, and a scenario as a file's content."""

    seed: int
    schools: pd.DataFrame
    fiscal: pd.DataFrame
    settings: dict[str, Any]
    scenario: dict[str, Any]
    tags: set[str] = field(default_factory=set)

    @functools.cached_property
    def loaded(self) -> tuple[Any, Any]:
        """The district and the scenario as the product holds them, built from these tables."""
        text = yaml.dump(self.scenario, Dumper=FAST, allow_unicode=True, sort_keys=False)
        settings = dict(self.settings)
        tier = settings.pop("sharing_tier", None)
        district = District(
            name=settings.pop("name"), province=settings.pop("province"),
            base_year=settings.pop("base_year"), sharing_tier=tier, settings=settings,
            schools=_typed("schools", self.schools.set_index("school_id")),
            fiscal=_typed("fiscal", self.fiscal.set_index("year")),
            indicators=pd.DataFrame(columns=["name", "base_value"]), extra={}, findings=(),
            invented=False, origins={},
        )  # fmt: skip
        return district, read_scenario(text, "made.yaml")

    def from_files(self) -> tuple[Any, Any]:
        """The same, read by the product from files as an officer's would be."""
        with tempfile.TemporaryDirectory() as folder:
            here = Path(folder)
            self.schools.to_csv(here / "schools.csv", index=False)
            self.fiscal.to_csv(here / "fiscal.csv", index=False)
            pd.DataFrame([self.settings]).to_csv(here / "district.csv", index=False)
            text = yaml.safe_dump(self.scenario, allow_unicode=True, sort_keys=False)
            (here / "scenario.yaml").write_text(text, encoding="utf-8")
            return sim.load_district(here), sim.load_scenario(here / "scenario.yaml")


def _typed(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """A table with every column that the product knows: numbers as numbers, texts as texts."""
    found = {}
    for name, known in columns(table).items():
        if name == frame.index.name:
            continue
        given = frame[name] if name in frame else pd.Series([None] * len(frame), frame.index)
        if known.numeric:
            found[name] = pd.to_numeric(given).astype(float)
        else:
            found[name] = pd.Series([v if isinstance(v, str) else None for v in given],
                                    frame.index, dtype=object)  # fmt: skip
    return pd.DataFrame(found, index=frame.index)


def made(seed: int, keys: Iterable[str] = ()) -> Made:
    """The district and the scenario of a seed; ``keys`` are newer levers that may be used."""
    random = np.random.default_rng(seed)
    base_year = int(random.integers(2022, 2027))
    five_four = random.random() < 0.2
    graded = random.random() < 0.6
    count = int(random.integers(3, 26))
    codes = random.permutation(np.arange(100, 100 + 3 * count))[:count]
    private = random.random() < 0.25
    rows = [_school(random, f"S{code}", graded, five_four, private) for code in codes]
    schools = pd.DataFrame(rows)
    settings = _settings(random, base_year, five_four)
    fiscal = _fiscal(random, base_year, schools)
    scenario = scenario_of(random, schools, base_year, graded, set(keys))
    cohort = scenario["assumptions"]["pupils"]["method"] == "cohort"
    schools = _with_holes(random, schools, cohort)
    _say_more(np.random.default_rng([seed, 1]), schools, settings, set(keys))
    _say_rest(np.random.default_rng([seed, 2]), schools, scenario)
    found = Made(seed, schools, fiscal, settings, scenario)
    found.tags = tags_of(found)
    return found


def _school(
    random: np.random.Generator, code: str, graded: bool, five_four: bool, private: bool
) -> dict[str, Any]:
    kind = str(random.choice(list(TYPES), p=list(TYPES.values())))
    row: dict[str, Any] = {
        "school_id": code,
        "school_name": f"School {code}",
        "school_type": kind,
        "ownership": "private" if private and random.random() < 0.4 else "public",
        "area": str(random.choice(["urban", "town", "rural"])),
        "weak": int(random.random() < 0.2),
        "small_class": int(random.random() < 0.2),
    }
    for stage in STAGES_OF[kind]:
        row |= _stage(random, stage, kind, graded, five_four)
    if kind in ("complete_secondary", "twelve_year"):
        row["senior_pupils"] = int(random.integers(50, 900))
    everybody = sum(row.get(f"{stage}_pupils", 0) for stage in ("primary", "junior", "special"))
    return row | _whole_school(random, everybody)


def _stage(
    random: np.random.Generator, stage: str, kind: str, graded: bool, five_four: bool
) -> dict[str, Any]:
    """What a school has at one stage; some schools are nearly empty, a few are quite."""
    years = {"primary": 5 if five_four else 6, "junior": 4 if five_four else 3, "special": 1}[stage]
    size = 6 if kind == "teaching_point" else 25 if stage == "special" else 45
    each = random.poisson(size * random.lognormal(0, 0.8), years)
    if random.random() < 0.03:
        each[:] = 0
    pupils = int(each.sum())
    before = max(0, round(pupils * random.uniform(0.9, 1.12)))
    row: dict[str, Any] = {f"{stage}_pupils": pupils, f"{stage}_pupils_prior": before}
    if stage == "special":
        return row | {"special_classes": int(np.ceil(pupils / 10))}
    if graded:
        first = 1 if stage == "primary" else 6 if five_four else 7
        row |= {f"grade_{first + n}": int(value) for n, value in enumerate(each)}
    boarders = int(random.integers(0, pupils // 2 + 1)) if random.random() < 0.6 else 0
    aided = int(random.integers(0, boarders + 1))
    classes = int(np.ceil(pupils / random.uniform(22, 52)))
    row |= {
        f"{stage}_boarders": boarders,
        f"mainstreamed_{stage}": int(random.integers(0, min(pupils, 8) + 1)),
        f"aided_{stage}_boarder": aided,
        f"aided_{stage}_day": int(random.integers(0, (pupils - boarders) // 3 + 1)),
        f"{stage}_classes": classes,
        f"largest_class_{stage}": min(pupils, int(pupils / max(classes, 1) * 1.1) + 1),
    }
    return row | _teachers(random, stage, pupils)


def _teachers(random: np.random.Generator, stage: str, pupils: int) -> dict[str, int]:
    teachers = max(1, int(pupils / random.uniform(9, 20))) if pupils else 0
    low = {"higher_degree": 0.3, "backbone": 0.0, "pe_art": 0.0, "senior_title": 0.2}
    row = {f"{stage}_teachers": teachers}
    for name, least in low.items():
        row[f"{stage}_{name}"] = int(teachers * random.uniform(least, least + 0.6))
    row[f"{stage}_pe_art_shared"] = int(random.integers(0, 3))
    return row


def _whole_school(random: np.random.Generator, pupils: int) -> dict[str, Any]:
    heads = pupils + 5
    staff = int(heads / random.uniform(8, 18)) if random.random() > 0.03 else 0
    operating = round(heads * random.uniform(700, 1900), 2)
    final = round(operating * random.uniform(0.8, 1.1), 2)
    area = round(heads * random.uniform(4, 22), 1)
    return {
        "authorised_posts": int(staff * random.uniform(0.9, 1.2)),
        "staff": staff,
        "payroll": round((staff or 2) * random.uniform(80_000, 160_000), 2),
        "operating_funds": operating,
        "training_spend": round(operating * random.uniform(0, 0.12), 2),
        "training_tagged": round(operating * random.uniform(0, 0.03), 2),
        "operating_funds_final": final,
        "training_spend_final": round(final * random.uniform(0.02, 0.09), 2),
        "repair_spend": round(heads * random.uniform(20, 160), 2),
        "floor_area": area,
        "teaching_area": round(area * random.uniform(0.3, 0.9), 1),
        "leased_sports_area": round(heads * random.uniform(0, 2), 1),
        "sports_area": round(heads * random.uniform(4, 15), 1),
        "equipment_value": round(heads * random.uniform(900, 4000), 2),
        "multimedia_rooms": int(heads * random.uniform(0.01, 0.05)),
        "computers": int(heads * random.uniform(0.05, 0.3)),
        "books": int(heads * random.uniform(10, 45)),
        "music_rooms": int(random.integers(0, 4)),
        "art_rooms": int(random.integers(0, 4)),
    }


def _settings(random: np.random.Generator, base_year: int, five_four: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"name": "Made", "province": "江苏", "base_year": base_year}
    if five_four:
        found["school_system"] = "five_four"
    if random.random() < 0.7:
        found["sharing_tier"] = int(random.integers(1, 6))
    if random.random() < 0.6:
        found["operating_rate_primary"] = int(random.integers(600, 1300))
        found["operating_rate_junior"] = int(random.integers(800, 1700))
    if random.random() < 0.3:
        cuts = np.sort(random.integers(0, 101, 3)) / 100
        parts = np.round(np.diff([0, *cuts, 1]), 2)
        for level, share in zip(("central", "province", "city", "county"), parts, strict=True):
            found[f"share_{level}"] = float(share)
    return found


def _fiscal(random: np.random.Generator, base_year: int, schools: pd.DataFrame) -> pd.DataFrame:
    spent = float(schools["payroll"].sum() + schools["operating_funds"].sum())
    revenue = spent * random.uniform(2, 6)
    money = spent * random.uniform(0.85, 1.25)
    rows = []
    for year in range(base_year - 1 - int(random.random() < 0.3), base_year + 1):
        revenue *= random.uniform(0.95, 1.12)
        money *= random.uniform(0.95, 1.12)
        row = {
            "year": year,
            "recurrent_revenue": round(revenue, 2),
            "recurrent_revenue_basis": "made",
            "education_appropriation": round(money, 2),
            "upper_transfers": round(money * random.uniform(0, 0.15), 2),
            "civil_servant_mean_pay": round(random.uniform(90_000, 130_000), 2),
        }
        for name in ("recurrent_revenue", "education_appropriation", "upper_transfers"):
            if random.random() < 0.03:
                row[name] = None
        rows.append(row)
    return pd.DataFrame(rows)


def _with_holes(random: np.random.Generator, schools: pd.DataFrame, whole: bool) -> pd.DataFrame:
    """Some cells emptied, in some districts whole columns; where cohorts go, grades are kept."""
    found = schools.copy()
    share = float(random.choice([0.0, 0.0, 0.01, 0.04, 0.15]))
    for name in found.columns:
        must = name in KEPT or (whole and name.startswith("grade_")) or name.endswith("_pupils")
        if not must and share > 0:
            empty = random.random(len(found)) < (1 if random.random() < 0.02 else share)
            found[name] = found[name].mask(empty)
    if random.random() < 0.15:
        found["area"] = found["area"].mask(random.random(len(found)) < 0.2)
    if random.random() < 0.06 and not whole:
        place = int(random.integers(len(found)))
        for stage in STAGES_OF[found["school_type"].iloc[place]]:
            found.loc[place, f"{stage}_pupils"] = np.nan
    return found


def _say_more(
    random: np.random.Generator, schools: pd.DataFrame, settings: dict[str, Any], keys: set[str]
) -> None:
    """Columns that the product may still have to learn; drawn apart, so that no seed changes."""
    for stage in ("primary", "junior"):
        for name in (f"{stage}_boarders", f"mainstreamed_{stage}"):
            if name not in schools or f"{name}_prior" not in keys:
                continue
            most = schools[f"{stage}_pupils_prior"].fillna(0)
            before = (schools[name] * random.uniform(0.8, 1.2)).round()
            schools[f"{name}_prior"] = before.where(before <= most, most)
    if "appropriation_includes_transfers" in keys:
        settings["appropriation_includes_transfers"] = int(random.random() < 0.5)
    if {"appropriation_scope", "compulsory_share"} <= keys and random.random() < 0.5:
        settings["appropriation_scope"] = "all"
        settings["compulsory_share"] = round(random.uniform(0.5, 0.9), 4)


def _say_rest(random: np.random.Generator, schools: pd.DataFrame, scenario: dict[str, Any]) -> None:
    """Optional columns of some districts, and money carried over; drawn apart as well."""
    heads = sum(schools[f"{s}_pupils"].fillna(0) for s in ("primary", "junior", "special")
                if f"{s}_pupils" in schools)  # fmt: skip
    if random.random() < 0.5:
        spent = (heads * random.uniform(50, 900, len(schools))).round(2)
        schools["investment_spend"] = spent.mask(random.random(len(schools)) < 0.05)
    if random.random() < 0.5:
        teachers = sum(schools[f"{s}_teachers"].fillna(0) for s in ("primary", "junior")
                       if f"{s}_teachers" in schools)  # fmt: skip
        schools["rotation_eligible"] = (teachers * random.uniform(0, 1, len(schools))).round()
    if random.random() < 0.3:
        scenario["levers"]["carry_over"] = True


def tags_of(found: Made) -> set[str]:
    """What is special about a district and its scenario, for whoever looks at some of them only."""
    levers = found.scenario["levers"]
    said = found.scenario["assumptions"]
    seen = {
        "private": (found.schools["ownership"] == "private").any(),
        "lag": levers.get("headcount_lag", 0) > 0 or levers.get("headcount_basis", "lag") != "lag",
        "pot": "operating_pot" in levers,
        "hold": levers.get("hold_harmless", False),
        "lines": "lines" in found.scenario,
        "moves": "schools" in said,
        "bands": "small_school_floor" in levers,
        "investment": "investment" in levers,
        "no_packs": not found.scenario["policy"],
        said["pupils"]["method"]: True,
    }
    return {"any", *(tag for tag, on in seen.items() if on)}
