"""What the tables of balance share: who a row is about, how a school stands, the table made."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from simulator.law.balance.quantities import INDICATORS
from simulator.present.table import Column, Printer, Table, word_of
from simulator.stages import STAGES

INDICATOR_UNITS = {indicator.id: indicator.unit for indicator in INDICATORS}
#: Who a row is about, in the order of the columns.
PROFILE = ("school_name", "school_type", "area", "stage")


def profile_of(printer: Printer, school: str, stage: str) -> dict[str, Any]:
    """Who a row is about, in words, with the ids that pages filter by."""
    row = printer.result.binding.district.schools.loc[school]
    words = {
        name: word_of(name, row[name] if isinstance(row[name], str) else "", printer.language)
        for name in ("school_type", "area")
    }
    return {
        "school_id": school,
        "school_name": str(row["school_name"]),
        **words,
        "stage": word_of("stage", stage, printer.language),
        "stage_id": stage,
        "type_id": row["school_type"],
        "area_id": row["area"],
        "weak": row["weak"] == 1,
    }


def profile_columns(printer: Printer) -> tuple[Column, ...]:
    """The columns that say who a row is about."""
    kinds = (Column(name, printer.figure(f"column.{name}")) for name in PROFILE[:3])
    return (*kinds, Column("stage", printer.word("stage")))


def made(
    printer: Printer, name: str, columns: tuple[Column, ...], records: list[dict[str, Any]],
    *remarks: str, year: int | None = None,
) -> Table:  # fmt: skip
    """A table with its title and notes; of one year where a year is given."""
    title = printer.word(f"table.{name}", year=year)
    names = dict.fromkeys([*(column.id for column in columns), *(records[0] if records else ())])
    rows = pd.DataFrame(records, columns=list(names))
    identifier = name if year is None else f"{name}_{year}"
    return Table(identifier, title, columns, rows, printer.note(*remarks), printer.language)


def ordinary_parts(printer: Printer) -> list[int]:
    """Positions of the primary and junior parts."""
    return [int(p) for p in np.flatnonzero(printer.result.index.part_stage < len(STAGES[:2]))]


def standing(in_scope: float, reached: float, exempt: float) -> str:
    """met, nearly (the exempt share or more), below, unknown, or out of scope."""
    if in_scope == 0:
        return "out"
    if not math.isfinite(reached) or not math.isfinite(in_scope):
        return "unknown"
    if reached >= 1 - 1e-9:
        return "met"
    return "nearly" if reached >= exempt - 1e-9 else "below"


def stages_there(printer: Printer) -> list[str]:
    """The ordinary stages that the district has."""
    there = set(printer.result.index.part_stage.tolist())
    return [stage for position, stage in enumerate(STAGES[:2]) if position in there]
