"""Makes the sample district: invented schools with figures like a real district's.

``python -m simulator.district.sample`` writes the files again; the seed makes them the same.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from simulator import glossary
from simulator.district import sample_fit
from simulator.district.columns import Table, column, columns
from simulator.district.pupils.splitting import split_school
from simulator.district.sample_money import add_money, fiscal_rows
from simulator.district.sample_plan import (
    GRADE_SHAPE,
    INDICATOR_FIELDS,
    INDICATORS,
    PLAN,
    PRIOR,
    SENIOR_PUPILS,
    SPECIAL_PUPILS,
)
from simulator.whole_files import write_text

SEED: Final = 20250901
BASE_YEAR: Final = 2025
School = dict[str, Any]


def make_sample() -> dict[Table, list[dict[str, Any]]]:
    """Every table of the sample district, row by row, by field."""
    rng = np.random.default_rng(SEED)
    schools = [_school(number, entry, rng) for number, entry in enumerate(PLAN)]
    for stage in ("primary", "junior"):
        for indicator in sample_fit.TARGETS[stage]:
            _fit(schools, stage, indicator, rng)
    for school in schools:
        _people(school, rng)
        _rooms(school, rng)
    add_money(schools, rng)
    return {
        "schools": schools,
        "fiscal": fiscal_rows(schools, BASE_YEAR),
        "indicators": [dict(zip(INDICATOR_FIELDS, row, strict=True)) for row in INDICATORS],
        "district": [_district()],
    }


def _district() -> dict[str, Any]:
    return {
        "name": "示范区（虚构）",
        "province": "江苏",
        "sharing_tier": 4,
        "base_year": BASE_YEAR,
        "appropriation_includes_transfers": 0,
        "appropriation_scope": "compulsory",
        "school_system": "six_three",
        "unit_note": "金额单位为元；全部数据均为虚构。",
        "operating_rate_primary": 800,
        "operating_rate_junior": 1100,
        "share_central": 0.5,
        "share_province": 0.2,
        "share_city": 0.1,
        "share_county": 0.2,
        "invented": 1,
    }


def _school(number: int, entry: tuple[Any, ...], rng: np.random.Generator) -> School:
    """A school's name, kind and pupils."""
    name, kind, area, primary, junior, primary_board, junior_board, mark = entry
    school: School = {
        "school_id": f"9900{number + 1:03d}",
        "school_name": name,
        "school_type": kind,
        "ownership": "private" if mark == "private" else "public",
        "area": area,
        "weak": float(mark == "weak"),
        "small_class": float(mark == "small_class"),
    }
    if kind == "special":
        now, before = SPECIAL_PUPILS
        return school | {
            "special_pupils": now,
            "special_pupils_prior": before,
            "special_classes": 12,
        }
    if kind in {"complete_secondary", "nine_year"}:
        school["senior_pupils"] = SENIOR_PUPILS if kind == "complete_secondary" else 0
    for stage, about, boarding in (
        ("primary", primary, primary_board),
        ("junior", junior, junior_board),
    ):
        if about:
            school |= _pupils(stage, about, boarding, school, rng)
    return school


def _pupils(
    stage: str, about: int, boarding: float, school: School, rng: np.random.Generator
) -> School:
    shape = np.array(GRADE_SHAPE[stage]) * rng.normal(1.0, 0.035, len(GRADE_SHAPE[stage]))
    grades = np.maximum(1, np.round(about / len(shape) * shape)).astype(int)
    total = int(grades.sum())
    first = 1 if stage == "primary" else 7
    few = about < 100
    heads = 0 if few else int(rng.binomial(total, 0.0022))
    cap = 30 if school["small_class"] else 43 if stage == "primary" else 46
    classes = np.ceil(grades / cap).astype(int)
    if few:
        classes = np.array([max(2, round(total / 18))])
    largest = int(np.ceil(grades / np.ceil(grades / cap)).max()) if not few else 0
    boarders = round(total * boarding)
    return {
        f"{stage}_pupils": total,
        f"{stage}_pupils_prior": round(total * PRIOR[stage] * float(rng.normal(1.0, 0.012))),
        **{f"grade_{first + each}": int(count) for each, count in enumerate(grades)},
        f"{stage}_boarders": boarders,
        f"mainstreamed_{stage}": heads,
        f"aided_{stage}_boarder": round(boarders * 0.12),
        f"aided_{stage}_day": round((total - boarders) * float(rng.uniform(0.008, 0.03))),
        f"{stage}_classes": int(classes.sum()),
        f"largest_class_{stage}": largest or min(total, int(np.ceil(total / classes.sum())) + 3),
    }


def in_scope(school: School, stage: str) -> bool:
    """Whether a school counts in a stage's balance: no teaching points under 50 pupils."""
    pupils = int(school.get(f"{stage}_pupils", 0))
    return pupils >= 50 if school["school_type"] == "teaching_point" else pupils > 0


def stage_share(school: School, stage: str) -> float:
    """The share of a school's facilities that belongs to a stage."""
    counts = [school.get(f"{each}_pupils", 0) or 0 for each in ("primary", "junior", "senior")]
    return split_school(1.0, *counts)[stage]


def _fit(schools: list[School], stage: str, indicator: str, rng: np.random.Generator) -> None:
    """Gives every part of a stage its count of one indicator's quantity."""
    split = indicator in sample_fit.SPLIT
    field = indicator if split else f"{stage}_{indicator}"
    parts = [school for school in schools if school.get(f"{stage}_pupils", 0)]
    target = sample_fit.TARGETS[stage][indicator]
    measured = _parts([each for each in parts if in_scope(each, stage)], stage, field, split)
    begun = [each.get(field, np.nan) for each in parts if in_scope(each, stage)]
    start = np.where(measured.movable, sample_fit.draw(measured, target, rng), begun)
    step = sample_fit.STEPS.get(indicator, 1.0)
    limit = np.full(len(start), np.inf)
    fitted = sample_fit.fit(measured, start, target, step, limit, rng)
    for school, value in zip((s for s in parts if in_scope(s, stage)), fitted, strict=True):
        school[field] = int(value)
    for school in parts:
        if not in_scope(school, stage):
            per_pupil = target[1] / target[0] * float(rng.uniform(0.9, 1.5))
            school[field] = int(round(per_pupil * school[f"{stage}_pupils"] / step) * step)


def _parts(schools: Sequence[School], stage: str, field: str, split: bool) -> sample_fit.Parts:
    return sample_fit.Parts(
        np.array([school[f"{stage}_pupils"] for school in schools], dtype=float),
        np.array([stage_share(school, stage) if split else 1.0 for school in schools]),
        np.array([field not in school for school in schools]),
    )


def _people(school: School, rng: np.random.Generator) -> None:
    """Teachers, staff and posts."""
    teachers = 0
    for stage in ("primary", "junior"):
        if f"{stage}_pupils" not in school:
            continue
        degrees, classes = school[f"{stage}_higher_degree"], school[f"{stage}_classes"]
        count = max(
            int(np.ceil(degrees / rng.uniform(0.90, 0.985))),
            int(np.ceil(classes * (1.35 if stage == "primary" else 2.3))),
            school[f"{stage}_backbone"] + 1,
            school[f"{stage}_pe_art"] + 1,
        )
        school[f"{stage}_teachers"] = count
        school[f"{stage}_senior_title"] = round(count * float(rng.uniform(0.42, 0.66)))
        teachers += count
    if school["school_type"] == "special":
        teachers = 46
    public = school["ownership"] == "public"
    school["staff"] = round(teachers * 1.04) if public else round(teachers * 0.15)
    spare = float(rng.uniform(0.99, 1.06)) if public else 1.0
    school["authorised_posts"] = round(school["staff"] * spare)


def _rooms(school: School, rng: np.random.Generator) -> None:
    """Buildings and what stands in them beyond the seven indicators."""
    pupils = {
        stage: school.get(f"{stage}_pupils", 0) or 0
        for stage in ("primary", "junior", "senior", "special")
    }
    heads = sum(pupils.values())
    if school["school_type"] == "special":
        school |= {"teaching_area": 3150, "sports_area": 3600}
        school |= {"equipment_value": 1_860_000, "multimedia_rooms": 14}
    boarders = (school.get("primary_boarders") or 0) + (school.get("junior_boarders") or 0)
    area = school["teaching_area"] * float(rng.uniform(1.55, 1.95)) + 6 * boarders
    classes = sum(school.get(f"{stage}_classes", 0) for stage in ("primary", "junior"))
    wanted = int(np.ceil(classes / 12))
    school["floor_area"] = round(area)
    school["computers"] = round(heads * float(rng.normal(0.14, 0.025))) + 5
    school["books"] = round(heads * float(rng.normal(27, 5.0))) + 200
    school["music_rooms"] = max(0, wanted - int(rng.random() < 0.12))
    school["art_rooms"] = max(0, wanted - int(rng.random() < 0.15))


def write_sample(tables: Mapping[Table, Sequence[Mapping[str, Any]]], folder: Path) -> None:
    """Writes each table as a CSV file with Chinese headings."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        write_text(folder / f"{name}.csv", csv_text(name, rows))


def csv_text(name: Table, rows: Sequence[Mapping[str, Any]]) -> str:
    """A table as CSV; the district sheet as two columns, item and value."""
    fields = list(columns(name)) + [each for each in rows[0] if each not in columns(name)]
    if name != "district":
        fields = [each for each in fields if any(each in row for row in rows)]
    lines = [[heading(name, each) for each in fields]]
    lines += [[written(name, each, row.get(each)) for each in fields] for row in rows]
    if name == "district":
        lines = [["项目", "值"], *([head, value] for head, value in zip(*lines, strict=True))]
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(lines)
    return buffer.getvalue()


def heading(name: Table, field: str) -> str:
    """The Chinese heading of a field; a planned year stands as it is."""
    return column(name, field).label("zh") if field in columns(name) else field


def written(name: Table, field: str, value: object) -> str:
    """A value as an officer writes it."""
    if value is None:
        return ""
    known = columns(name).get(field)
    if known is not None and known.kind == "flag":
        return "是" if value else "否"
    if known is not None and known.kind == "choice":
        return glossary.label(f"{field}.{value}", "zh")
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e5 else str(value)
