"""Which figure stands in a cell of the tables of balance, so that it can be asked "why?"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.results.result import Result
from simulator.results.school_counts import EVALUATED, FAILING
from simulator.ui.components import tables, why

#: Table → column → figure; {id} is the row's indicator.
FIGURES: Mapping[str, Mapping[str, str]] = {
    "balance_verdict": {
        "schools": "evaluated_schools", "failing": "schools_failing",
        "headroom": "least_cv_headroom", "quality": "stage_balanced",
        "composite": "composite_cv", "basic": "stage_basic_balanced",
    },
    "failing": {"met": "indicators_met", "unmet": "indicators_met", "status": "school_ok"},
    "drivers": {"value": "value_{id}", "mean": "mean_{id}", "contribution": "contribution_{id}"},
    "distance": {"cv": "cv_{id}", "limit": "cv_limit", "headroom": "cv_headroom_{id}",
                 "status": "cv_headroom_{id}"},
    "changes": {"base": "mean_base_{id}", "by_spending": "mean_by_spending_{id}",
                "by_pupils": "mean_by_pupils_{id}", "now": "mean_{id}"},
    "school_changes": {"base": "base_value_{id}", "by_spending": "by_spending_{id}",
                       "by_pupils": "by_pupils_{id}", "now": "value_{id}"},
    "scope": {"pupils": "pupils", "reason": "in_scope"},
    "training_bureau": {
        "payroll_total": "payroll_total", "fund": "bureau_training_counted",
        "share": "bureau_training_share", "headroom": "bureau_training_headroom",
        "schools": "school_training_total",
    },
}  # fmt: skip
#: Figures behind the district's line of the verdict: its schools are counted once.
OF_DISTRICT = {"evaluated_schools": EVALUATED, "schools_failing": FAILING}
#: Figures that replace those of a column in the line of the sum.
SUMS = {"contribution_{id}": "variance_{id}"}


def asked(result: Result, table: str, year: int) -> tables.Asked | None:
    """What tells the figure behind a cell of a table; None where no cell has one."""
    columns = FIGURES.get(table)
    if columns is None:
        return None
    return lambda row, name: _figure(result, table, columns.get(name, ""), row, year)


def _figure(
    result: Result, table: str, pattern: str, row: Mapping[str, Any], year: int
) -> why.Figure | None:
    """The figure at the place and in the year that the row is about."""
    school, stage = row.get("school_id") or None, row.get("stage_id") or None
    if table == "balance_verdict" and stage is None:
        pattern = OF_DISTRICT.get(pattern, "")
    if school is None:
        pattern = SUMS.get(pattern, pattern) if row.get("total") else pattern
    name = pattern.format(id=row.get("indicator_id", ""))
    if name not in result.graph.formulas and name not in result.graph.inputs:
        return None
    level = result.graph.level(name)
    if level in ("part", "school") and not isinstance(school, str):
        return None
    return why.Figure(
        name,
        str(school) if level in ("part", "school") else None,
        str(stage) if level in ("part", "stage") else None,
        int(row.get("year") or year),
    )
