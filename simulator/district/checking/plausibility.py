"""Checks that an experienced officer would make: warnings, which never stop the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from simulator.district.checking.schools import has_stage, labels
from simulator.district.columns import STAGE_PUPILS, columns
from simulator.district.reading.table import BEYOND, TableData, shown
from simulator.findings import Finding

if TYPE_CHECKING:
    from simulator.district.reading.draft import Draft

#: A per-pupil value this many times the median of the schools is a slip until it is explained.
OUTLIER: Final = 20
#: Small schools are judged as if they had this many pupils.
SMALL: Final = 50
#: The median of a column per head beyond these bounds: the whole column is in another unit.
PLAUSIBLE: Final = {
    "operating_funds": (80.0, 60_000.0),
    "repair_spend": (2.0, 20_000.0),
    "equipment_value": (40.0, 200_000.0),
    "payroll": (8_000.0, 1_500_000.0),
}
JUMP: Final = 0.30
#: Jumps are named from this many pupils on.
JUMP_FROM: Final = 100
PUPILS_PER_TEACHER: Final = (2.0, 40.0)


def all_pupils(table: TableData) -> NDArray[np.float64]:
    """Pupils of all stages of each school; unknown where none is known."""
    known = np.array([table.numbers(field) for field in STAGE_PUPILS.values()])
    summed = np.nansum(known, axis=0)
    return np.where(np.isnan(known).all(axis=0), np.nan, summed)


def per_pupil_outliers(table: TableData) -> list[Finding]:
    """A per-pupil value over 20 times the median, or under a twentieth of it."""
    findings = []
    heads = np.maximum(all_pupils(table), SMALL)
    ordinary = ~has_stage(table, "special")
    for known in columns("schools").values():
        if not known.per_pupil or not table.has(known.field):
            continue
        values = table.numbers(known.field)
        rates = np.where(heads > 0, values / heads, np.nan)
        counted = ordinary & (rates > 0) & (values <= BEYOND)  # what is beyond is an error
        if counted.sum() < 3:
            continue
        median = float(np.median(rates[counted]))
        high, low = counted & (rates > OUTLIER * median), counted & (rates * OUTLIER < median)
        slips = high | (low if known.unit == "yuan" and known.field != "repair_spend" else False)
        for row in np.flatnonzero(slips):
            times = rates[row] / median
            findings.append(
                table.finding(
                    "outlier", known.field, int(row), "warning",
                    times=f"{times:.3g}", median=f"{median:,.1f}",
                )
            )  # fmt: skip
    return findings


def whole_columns(table: TableData) -> list[Finding]:
    """A whole column that can only be in another unit."""
    findings = []
    for field, (low, high) in PLAUSIBLE.items():
        heads = table.numbers("staff") if field == "payroll" else all_pupils(table)
        with np.errstate(divide="ignore", invalid="ignore"):
            rates = table.numbers(field) / heads
        rates = rates[np.isfinite(rates) & (rates > 0)]
        if not len(rates):
            continue
        median = float(np.median(rates))
        if not low <= median <= high:
            findings.append(
                table.finding("column_scale", field, severity="warning", value=f"{median:,.2f}")
            )
    return findings


def pupils_unknown(table: TableData) -> list[Finding]:
    """Schools whose pupils of a stage are not known."""
    findings = []
    for stage, field in STAGE_PUPILS.items():
        if stage == "senior" or not table.has(field):
            continue
        for row in np.flatnonzero(has_stage(table, stage) & np.isnan(table.numbers(field))):
            if table.is_empty(field, int(row)):
                findings.append(table.finding("pupils_unknown", field, int(row), "warning"))
    return findings


def jumps(table: TableData) -> list[Finding]:
    """Pupils that changed by more than 30% within a year."""
    findings = []
    for field in STAGE_PUPILS.values():
        if not table.has(field, f"{field}_prior"):
            continue
        now, before = table.numbers(field), table.numbers(f"{field}_prior")
        large = (np.abs(now - before) > JUMP * before) & (np.maximum(now, before) >= JUMP_FROM)
        large &= (now >= 0) & (before >= 0)  # negative counts are named as such
        for row in np.flatnonzero(large):
            change = now[row] / before[row] - 1 if before[row] else np.inf
            findings.append(
                table.finding(
                    "jump", field, int(row), "warning",
                    before=shown(before[row]), change=f"{change:+.0%}",
                )
            )  # fmt: skip
    return findings


def teacher_ratios(table: TableData) -> list[Finding]:
    """Pupils per teacher beyond reason."""
    findings = []
    low, high = PUPILS_PER_TEACHER
    for stage in ("primary", "junior"):
        field = f"{stage}_teachers"
        pupils, teachers = table.numbers(STAGE_PUPILS[stage]), table.numbers(field)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = pupils / teachers
        odd = (pupils >= SMALL) & ((ratio < low) | (ratio > high))
        for row in np.flatnonzero(odd):
            findings.append(
                table.finding(
                    "teacher_ratio", field, int(row), "warning",
                    ratio=f"{ratio[row]:.1f}", pupils=shown(pupils[row]),
                )
            )  # fmt: skip
    return findings


def class_sizes(table: TableData) -> list[Finding]:
    """Classes that cannot hold the pupils, given the largest class."""
    findings = []
    for stage in ("primary", "junior"):
        classes, largest = (
            table.numbers(f"{stage}_classes"),
            table.numbers(f"largest_class_{stage}"),
        )
        pupils = table.numbers(STAGE_PUPILS[stage])
        for row in np.flatnonzero(pupils > classes * largest):
            findings.append(
                table.finding(
                    "class_sizes", f"largest_class_{stage}", int(row), "warning",
                    classes=shown(classes[row]), pupils=shown(pupils[row]),
                )
            )  # fmt: skip
    return findings


def closed_schools(table: TableData) -> list[Finding]:
    """Schools without a pupil that still have classes, staff or money."""
    pupils = all_pupils(table)
    kept = [table.numbers(field) for field in ("staff", "operating_funds", "primary_classes")]
    busy = np.any([np.nan_to_num(each) > 0 for each in kept], axis=0)
    return [
        table.finding("closed_school", "school_name", int(row), "warning")
        for row in np.flatnonzero((pupils == 0) & busy)
    ]


def totals(draft: Draft) -> list[Finding]:
    """The file's own line of totals differs from the sum of its schools."""
    schools = draft.table("schools")
    if schools is None or len(draft.totals) != 1 or not len(draft.totals[0]):
        return []
    stated = draft.totals[0]
    last = len(stated) - 1  # among several, the largest is the total of all
    findings = []
    for field in schools.frame.columns:
        known = columns("schools")[str(field)]
        if known.kind not in {"count", "amount"} or not stated.has(known.field):
            continue
        printed = float(np.fmax.reduce(stated.numbers(known.field)))
        summed = float(np.nansum(schools.numbers(known.field)))
        if np.isfinite(printed) and abs(printed - summed) > max(0.5, 1e-6 * abs(summed)):
            findings.append(
                stated.finding(
                    "total_differs", known.field, last, "warning",
                    sum=shown(round(summed, 2)), **labels(known),
                )
            )  # fmt: skip
    return findings


CHECKS = (
    per_pupil_outliers,
    whole_columns,
    pupils_unknown,
    jumps,
    teacher_ratios,
    class_sizes,
    closed_schools,
)
