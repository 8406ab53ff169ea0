"""Every check of a district's data: errors stop the run, warnings stay visible."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from simulator import glossary
from simulator.district.assumed import declarations
from simulator.district.checking import plausibility as check_sense
from simulator.district.checking import schools as check_schools
from simulator.district.columns import KEYS, TABLES, Table, column, columns
from simulator.district.pupils.grades import PRIMARY_YEARS, USUAL
from simulator.district.reading.draft import Draft
from simulator.district.reading.table import BEYOND, TableData, shown
from simulator.findings import Finding

#: From here on every float64 is a whole number, and rounding the largest overflows.
EVERY_NUMBER_WHOLE = 2.0**53
SHARES = ("share_central", "share_province", "share_city", "share_county")
#: Tables that a district cannot do without.
NEEDED: tuple[Table, ...] = ("schools", "district")
Check = Callable[[TableData], list[Finding]]


def check(draft: Draft) -> tuple[Finding, ...]:
    """All findings of a file at once, in the order of its sheets."""
    findings = [*draft.findings, *missing_sheets(draft)]
    for name in TABLES:
        table = draft.table(name)
        if table is None or (name not in NEEDED and not len(table)):
            continue
        for each in CHECKS[name]:
            findings += each(table)
        if name == "schools":
            for by_grade in check_schools.BY_GRADE:
                findings += by_grade(table, primary_years(draft))
    findings += fiscal_years(draft)
    findings += check_sense.totals(draft)
    return tuple(findings)


def primary_years(draft: Draft) -> int:
    """Years of primary school as the district sheet says; six where it does not."""
    district = draft.table("district")
    said = district.texts("school_system")[:1] if district is not None else ()
    return PRIMARY_YEARS[(said[0] if said else None) or USUAL]


def missing_sheets(draft: Draft) -> list[Finding]:
    """Tables that no sheet holds."""
    findings = [
        Finding("error", "sheet_missing", draft.source, params=_names(name))
        for name in NEEDED
        if draft.table(name) is None
    ]
    fiscal = draft.table("fiscal")
    if fiscal is None or not len(fiscal):
        findings.append(Finding("warning", "no_fiscal", draft.source, params=_names("fiscal")))
    return findings


def _names(table: Table) -> dict[str, str]:
    return {
        "zh_table": glossary.label(f"sheet.{table}", "zh"),
        "en_table": glossary.label(f"sheet.{table}", "en"),
    }


def missing_columns(table: TableData) -> list[Finding]:
    """Required columns that the sheet lacks."""
    return [
        table.finding("column_missing", each.field, **check_schools.labels(each))
        for each in columns(table.table).values()
        if each.required and not table.has(each.field)
    ]


def no_rows(table: TableData) -> list[Finding]:
    """A sheet with headings only."""
    if len(table):
        return []
    return [Finding("error", "sheet_empty", table.source, table.sheet, value=table.sheet)]


def empty_required(table: TableData) -> list[Finding]:
    """Rows without a code, a name or a type."""
    findings = []
    for each in columns(table.table).values():
        if not each.required or not table.has(each.field):
            continue
        values = table.frame[each.field]
        for row in np.flatnonzero(values.isna().to_numpy()):
            if table.is_empty(each.field, int(row)):
                findings.append(
                    table.finding(
                        "value_missing", each.field, int(row), **check_schools.labels(each)
                    )
                )
    return findings


def duplicates(table: TableData) -> list[Finding]:
    """Two rows with the same code, year or id."""
    field = KEYS.get(table.table)
    if field is None or not table.has(field):
        return []
    first: dict[object, int] = {}
    findings = []
    for row, value in enumerate(table.frame[field].tolist()):
        if pd.isna(value):
            continue
        if value in first:
            other = table.places[field].cell(first[value])
            findings.append(table.finding("duplicate_key", field, row, other=other))
        first.setdefault(value, row)
    return findings


def ranges(table: TableData) -> list[Finding]:
    """Negative counts and amounts, fractions of persons, values out of range."""
    findings = []
    for field in table.frame.columns:
        if str(field) not in columns(table.table):
            continue
        known = column(table.table, str(field))
        if not known.numeric or known.kind == "flag":
            continue
        values = table.numbers(known.field)
        low = known.minimum if known.minimum is not None else -BEYOND
        high = known.maximum if known.maximum is not None else BEYOND
        below, above = values < low, (values > high) | np.isinf(values)
        part = np.zeros(len(values), dtype=bool)
        if known.kind in {"count", "year"}:
            fine = np.where(np.abs(values) < EVERY_NUMBER_WHOLE, values, 0.0)
            part = ~below & ~above & (np.abs(fine - np.round(fine)) > 1e-9)
        negative = "value_negative" if low == 0 else "value_out_of_range"
        for code, where in ((negative, below), ("value_out_of_range", above), ("not_whole", part)):
            for row in np.flatnonzero(where):
                limits: dict[str, Any] = {"low": shown(low), "high": shown(high)}
                findings.append(table.finding(code, known.field, int(row), **limits))
    return findings


def fiscal_years(draft: Draft) -> list[Finding]:
    """The base year or the year before it is missing, or years after it stand there.

    A later year is no error, but it is not used: planned years follow the scenario.
    """
    fiscal, district = draft.table("fiscal"), draft.table("district")
    if fiscal is None or district is None or not fiscal.has("year"):
        return []
    if not len(fiscal) or not len(district):
        return []
    base = district.numbers("base_year")[0]
    if not np.isfinite(base):
        return []
    known = set(fiscal.numbers("year").tolist())
    missing = [("error", "fiscal_year_missing", y) for y in (base - 1, base) if y not in known]
    later = [("warning", "fiscal_planned", y) for y in sorted(known) if y > base]
    return [
        Finding(
            severity, code, fiscal.source, fiscal.sheet,  # type: ignore[arg-type]
            column=fiscal.places["year"].heading, value=int(year), params={"base": int(base)},
        )
        for severity, code, year in (*missing, *later)
    ]  # fmt: skip


def shares_add_up(table: TableData) -> list[Finding]:
    """The shares of the levels of government do not add up to one."""
    if not table.has(*SHARES) or not len(table):
        return []
    shares = [float(table.numbers(field)[0]) for field in SHARES]
    whole = sum(shares)
    if not np.isfinite(whole) or abs(whole - 1) < 1e-6 or max(shares) > 1:
        return []
    return [table.finding("shares_sum", SHARES[-1], 0, value=f"{whole:.2%}")]


def tracked_shares(table: TableData) -> list[Finding]:
    """Tracked targets of the district plan are shares: 96 for 96% is a slip."""
    findings = []
    for field in ["base_value", *[each for each in table.frame.columns if str(each).isdigit()]]:
        values = table.numbers(field)
        for row, name in enumerate(table.texts("id")):
            if name and name[:1] == "P" and name[1:2].isdigit() and values[row] > 1:
                findings.append(table.finding("tracked_above_one", field, row))
    return findings


COMMON: Sequence[Check] = (no_rows, missing_columns, empty_required, duplicates, ranges)
CHECKS: dict[Table, Sequence[Check]] = {
    "schools": (*COMMON, *check_schools.CHECKS, *check_sense.CHECKS),
    "fiscal": COMMON,
    "indicators": (*COMMON, tracked_shares),
    "district": (*COMMON, shares_add_up, declarations),
}
