"""A result for machines: full precision, unknown as null, with the hash of what it stands on."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from simulator.policy.model import Citation

if TYPE_CHECKING:
    from simulator.engine.result import Result

#: What a result is made of, by the names of ``--only``.
SECTIONS = {
    "verdict": "verdict", "money": "district", "figures": "stages", "rules": "checks",
    "schools": "schools", "school_totals": "school_totals", "balance": "balance",
    "tracked": "tracked", "evaluation": "evaluation", "levers": "levers",
}  # fmt: skip


def machine(result: Result, only: Iterable[str] = ()) -> dict[str, Any]:
    """The result as plain numbers, texts and lists; money in yuan, shares as fractions."""
    chosen = tuple(only) or tuple(SECTIONS)
    district, scenario = result.binding.district, result.binding.scenario
    head = {
        "identity": result.identity,
        "district": district.name,
        "invented": district.invented,
        "scenario": scenario.title("en"),
        "policy": list(scenario.policy),
        "base_year": result.index.base_year,
        "horizon": result.index.horizon,
    }
    return {**head, **{SECTIONS[name]: _section(result, name) for name in chosen}}


def machine_text(result: Result, only: Iterable[str] = ()) -> str:
    """The same as JSON."""
    return json.dumps(machine(result, only), ensure_ascii=False, allow_nan=False, indent=1)


def _section(result: Result, name: str) -> Any:
    if name == "verdict":
        return _verdict(result)
    if name == "levers":
        return plain(result.binding.scenario.flat())
    frame: pd.DataFrame = getattr(result, SECTIONS[name])
    if isinstance(frame.index, pd.RangeIndex):
        return records(frame)
    return records(frame.reset_index())


def _verdict(result: Result) -> dict[str, Any]:
    verdict = result.verdict
    return {
        "rules_met": verdict.rules_met,
        "rules_total": verdict.rules_total,
        "gap": plain(verdict.gap),
        "money_ok": verdict.money_ok,
        "balanced_year": verdict.balanced_year,
        "first_year": verdict.first_year,
        "years": records(verdict.years.reset_index()),
    }


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as plain values by column."""
    return [
        {str(key): plain(value) for key, value in row.items()} for row in frame.to_dict("records")
    ]


def plain(value: Any) -> Any:
    """A value as JSON knows it; unknown and infinite numbers are null."""
    if isinstance(value, (str, bool)) or value is None:
        return value
    if isinstance(value, Citation):
        return {name: getattr(value, name) for name in ("document", "article", "date")}
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, (np.bool_,)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    return None if pd.isna(value) else str(value)
