"""Tables of what drives the differences, how far they are from the limit, what changed them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from simulator import units
from simulator.law.balance.indicators import QUANTITY_UNITS
from simulator.law.balance.quantities import QUALITY
from simulator.machine.language import BASE
from simulator.present.sentences.beside import staying
from simulator.present.table import BY_ROW, Column, Printer, Table, word_of
from simulator.present.tables.balance_rows import (
    INDICATOR_UNITS,
    made,
    ordinary_parts,
    profile_columns,
    profile_of,
    stages_there,
)
from simulator.results.distance import distances, drivers
from simulator.results.shortfalls import MONEY_CAN_BUY
from simulator.stages import STAGES

#: Schools named for an indicator before the rest becomes one line that makes the sum exact.
NAMED = 5


def drivers_table(printer: Printer, year: int) -> Table:
    """Each indicator's largest contributions to S², the rest in one line: they add up to S²."""
    records = [
        row
        for stage in stages_there(printer)
        for item in QUALITY
        for row in _drivers(printer, item.id, stage, year)
    ]
    columns = (
        Column("stage", printer.word("stage")),
        Column("indicator", printer.word("indicator")),
        Column("school_name", printer.word("school")),
        Column("value", printer.word("value"), f"{BY_ROW}unit_id"),
        Column("mean", printer.word("mean"), f"{BY_ROW}unit_id"),
        Column("contribution", printer.word("contribution"), "number", 4),
        Column("share", printer.word("share_of_variance"), "share"),
    )
    return made(printer, "drivers", columns, records, printer.word("drivers_note"), year=year)


def _drivers(printer: Printer, indicator: str, stage: str, year: int) -> list[dict[str, Any]]:
    found = drivers(printer.result, indicator, stage, year)
    unit = INDICATOR_UNITS[indicator]
    mean = printer.rounded_figure(found["mean"].iloc[0] if len(found) else math.nan, unit)
    same = {
        "stage": word_of("stage", stage, printer.language),
        "stage_id": stage,
        "indicator_id": indicator,
        "indicator": word_of("indicator", indicator, printer.language),
    }
    whole = float(found["contribution"].sum(skipna=False)) if len(found) else math.nan
    last = {
        **same, "school_id": "", "school_name": printer.word("variance"), "value": "",
        "mean": mean, "unit_id": unit, "contribution": units.half_up(whole, 4)
        if math.isfinite(whole) else math.nan,
        "share": 1.0 if whole > 0 else math.nan, "total": 1,
    }  # fmt: skip
    if not math.isfinite(whole):
        return [last]
    names = printer.result.binding.district.schools["school_name"]
    cut = NAMED if len(found) > NAMED + 1 else len(found)
    parts = [*found["contribution"][:cut], found["contribution"][cut:].sum()]
    sizes = units.round_to_total(parts, 4)
    shares = units.round_to_total([part / whole for part in parts] if whole else parts, 4)
    rows = [
        {
            **same, "school_id": school, "school_name": str(names[school]),
            "value": printer.rounded_figure(value, unit), "mean": mean, "unit_id": unit,
            "contribution": size, "share": share if whole else math.nan, "total": 0,
        }
        for school, value, size, share in zip(
            found.index[:cut], found["value"], sizes, shares, strict=False
        )
    ]  # fmt: skip
    rest = {
        **same, "school_id": "", "school_name": printer.word("the_rest", count=len(found) - cut),
        "value": "", "mean": mean, "unit_id": unit, "contribution": sizes[-1],
        "share": shares[-1] if whole else math.nan, "total": 0,
    }  # fmt: skip
    return [*rows, *([rest] if len(found) > cut else []), last]


def distance_table(printer: Printer, year: int) -> Table:
    """Each indicator against its limit and standard, and what would bring it there."""
    records = [
        _distance(printer, row) for row in distances(printer.result, year).to_dict("records")
    ]
    quantity = f"{BY_ROW}quantity_unit"
    money = (printer.unit_of("yuan"), printer.decimals)
    columns = (
        Column("stage", printer.word("stage")),
        Column("indicator", printer.word("indicator")),
        *(Column(name, printer.word(name), "ratio", 4) for name in ("cv", "limit", "headroom")),
        Column("status", printer.word("status")),
        Column("added", printer.word("added_to_limit"), quantity),
        Column("moved", printer.word("moved_to_limit"), quantity),
        Column("school_added", printer.word("school_added"), quantity),
        Column("below", printer.word("below_standard"), "school"),
        Column("lacking", printer.word("lacking"), quantity),
        Column("cost", printer.word("cost_to_limit"), *money),
        Column("school", printer.word("school_alone")),
        Column("school_cost", printer.word("school_cost"), *money),
        Column("lacking_cost", printer.word("lacking_cost"), *money),
    )
    return made(printer, "distance", columns, records, printer.word("distance_note"), year=year)


def _distance(printer: Printer, row: dict[Any, Any]) -> dict[str, Any]:
    indicator = row["indicator"]
    bought = indicator in MONEY_CAN_BUY
    unit = printer.unit_of(QUANTITY_UNITS.get(indicator, "person"))
    names = printer.result.binding.district.schools["school_name"]
    cv = staying(row["cv"], [row["limit"]], 4)
    within = row["headroom"] >= 0 or cv <= row["limit"]
    status = "unknown" if math.isnan(row["headroom"]) else "pass" if within else "fail"

    def amount(name: str) -> float:
        return printer.rounded_figure(row[name], QUANTITY_UNITS.get(indicator, "person"))

    def money(name: str) -> float | str:
        return printer.rounded(row[name]) if bought else ""

    alone = isinstance(row["school_id"], str)
    return {
        "stage": word_of("stage", row["stage"], printer.language),
        "stage_id": row["stage"],
        "indicator_id": indicator,
        "indicator": word_of("indicator", indicator, printer.language),
        "cv": cv,
        "limit": printer.rounded_figure(row["limit"], "ratio"),
        "headroom": round(row["limit"] - cv, 4) + 0.0,
        "status": word_of("status", status, printer.language),
        "status_id": status,
        "below": row["below"],
        "lacking": amount("lacking"),
        "added": amount("added"),
        "moved": "" if bought else amount("moved"),
        "quantity_unit": unit,
        "school_id": row["school_id"],
        "school": str(names[row["school_id"]]) if alone else "",
        "school_added": amount("school_added") if alone else "",
        "school_cost": money("school_cost") if alone else "",
        "cost": money("cost"),
        "lacking_cost": money("lacking_cost"),
    }


def changes_table(printer: Printer) -> Table:
    """The change of each district mean since the base year: spending and pupils add up to it."""
    result = printer.result
    records = [
        {
            "year": str(year),
            "stage": word_of("stage", stage, printer.language),
            "stage_id": stage,
            **split_of(printer, "mean_", item.id, STAGES.index(stage), year),
        }
        for year in result.index.years[BASE + 1 :]
        for stage in stages_there(printer)
        for item in QUALITY
    ]
    heads = (Column("year", printer.word("year")), Column("stage", printer.word("stage")))
    columns = (*heads, *_split_columns(printer))
    return made(printer, "changes", columns, records, printer.word("changes_note"))


def school_changes_table(printer: Printer, year: int) -> Table:
    """The change of each part's indicators since the base year, split in the same way."""
    parts = printer.result.index.parts
    records = [
        {**profile, **split_of(printer, "", item.id, part, year)}
        for part in ordinary_parts(printer)
        for profile in (profile_of(printer, *parts[part]),)
        for item in QUALITY
    ]
    columns = (*profile_columns(printer), *_split_columns(printer))
    note = printer.word("changes_note")
    return made(printer, "school_changes", columns, records, note, year=year)


SPLIT = ("base", "by_spending", "by_pupils", "now")


def _split_columns(printer: Printer) -> tuple[Column, ...]:
    return (
        Column("indicator", printer.word("indicator")),
        *(Column(name, printer.word(f"change_{name}"), f"{BY_ROW}unit_id") for name in SPLIT),
    )


def split_of(
    printer: Printer, level: str, indicator: str, entity: int, year: int
) -> dict[str, Any]:
    """Base value, both changes and the value, printed so that they add up."""
    now = f"mean_{indicator}" if level else f"value_{indicator}"
    base = f"mean_base_{indicator}" if level else f"base_value_{indicator}"
    names = (base, f"{level}by_spending_{indicator}", f"{level}by_pupils_{indicator}", now)
    exact = [float(printer.result.at(name, year)[entity]) for name in names]
    unit = INDICATOR_UNITS[indicator]
    shown = [printer.rounded_figure(value, unit) for value in exact]
    if np.isfinite(shown).all():
        # the larger change takes the last digit that rounding leaves over
        larger = 1 if abs(exact[1]) > abs(exact[2]) else 2
        left = shown[3] - shown[0] - shown[3 - larger]
        shown[larger] = round(left, units.DECIMALS.get(unit, 2)) + 0.0
    return {
        "indicator_id": indicator,
        "indicator": word_of("indicator", indicator, printer.language),
        **dict(zip(SPLIT, shown, strict=True)),
        "unit_id": unit,
    }
