"""Tables of balance: coefficients of variation, indicators, schools that fail, scope."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from simulator.law.balance.indicators import QUALITY_CITE
from simulator.law.balance.quantities import INDICATORS, QUALITY
from simulator.machine.language import BASE, at_least
from simulator.present.sentences.beside import empty_cells, reaching, staying
from simulator.present.table import BY_ROW, Column, Printer, Table, citation_text, word_of
from simulator.present.tables.balance_rows import (
    INDICATOR_UNITS,
    made,
    ordinary_parts,
    profile_columns,
    profile_of,
    stages_there,
    standing,
)
from simulator.results.school_counts import EVALUATED, FAILING
from simulator.stages import STAGES
from simulator.units import DECIMALS


def balance_table(printer: Printer) -> Table:
    """Coefficients of variation against their limits, the base year's beside them.

    Quality balance's seven, each with its limit; basic balance's eight and their mean.
    """
    frame = printer.result.balance
    base = frame[frame["year"] == printer.result.index.base_year]
    keys = ["stage", "evaluation", "indicator"]
    before = {tuple(row[key] for key in keys): row for row in base.to_dict("records")}
    records = [
        _variation(printer, row, before[row["stage"], row["evaluation"], row["indicator"]])
        for row in frame.to_dict("records")
    ]
    columns = (
        *(Column(name, printer.word(name)) for name in ("year", "stage", "evaluation")),
        Column("indicator", printer.word("indicator")),
        *(Column(name, printer.word(name), f"{BY_ROW}unit_id") for name in MEANS),
        *(Column(name, printer.word(name), "ratio", 4) for name in ("cv", "base_cv")),
        *(Column(name, printer.word(name), f"{BY_ROW}limit_unit") for name in LIMITS),
        *(Column(name, printer.word(name)) for name in ("status", "remark")),
    )
    return made(printer, "balance", columns, records, printer.word("balance_note"))


MEANS = ("mean", "sd", "base_mean")
LIMITS = ("limit", "headroom")


def _variation(printer: Printer, row: dict[Any, Any], base: dict[Any, Any]) -> dict[str, Any]:
    unit = INDICATOR_UNITS.get(row["indicator"], "")
    figures = {"mean": row["mean"], "sd": row["sd"], "base_mean": base["mean"]}
    limit = row["limit"]
    cv, base_cv = (staying(each["cv"], [limit], 4) for each in (row, base))
    return {
        "year": str(row["year"]),
        "stage": word_of("stage", row["stage"], printer.language),
        "stage_id": row["stage"],
        "evaluation": printer.word(f"evaluation.{row['evaluation']}"),
        "evaluation_id": row["evaluation"],
        "indicator_id": row["indicator"],
        "indicator": word_of("indicator", row["indicator"], printer.language),
        **{key: printer.rounded_figure(each, unit or "number") for key, each in figures.items()},
        "cv": cv,
        "base_cv": base_cv,
        "limit": printer.rounded_figure(limit, "ratio"),
        "headroom": round(limit - cv, 4) + 0.0,
        "unit_id": printer.unit_of(unit),
        "limit_unit": "" if not row["status"] else "ratio",
        "status": word_of("status", row["status"], printer.language),
        "status_id": row["status"],
        "remark": _why(printer, row) if math.isnan(row["cv"]) else "",
    }


def _why(printer: Printer, row: dict[Any, Any]) -> str:
    """What keeps a coefficient of variation from being computed."""
    composite = row["indicator"] == "composite"
    name = "composite_cv" if composite else f"cv_{row['indicator']}"
    found = empty_cells(printer.result, name, None, row["stage"], row["year"], printer.language)
    return printer.word("empty_cells", cells=found) if found else printer.word("too_few")


def balance_verdict_table(printer: Printer) -> Table:
    """The verdict on quality and basic balance by year and stage, and what it rests on."""
    result = printer.result
    records = []
    for year in result.index.years[BASE:]:
        stages = [_stage_verdict(printer, stage, year) for stage in stages_there(printer)]
        records += [*stages, _district_verdict(printer, year, stages)]
    columns = (
        Column("year", printer.word("year")),
        Column("stage", printer.word("stage")),
        Column("schools", printer.word("schools_evaluated"), "school"),
        Column("failing", printer.word("schools_that_fail"), "school"),
        Column("over", printer.word("cvs_over"), "number"),
        Column("headroom", printer.figure("least_cv_headroom"), "ratio", 4),
        Column("quality", printer.word("evaluation.quality")),
        Column("composite", printer.figure("composite_cv"), "ratio", 4),
        Column("basic", printer.word("evaluation.basic")),
    )
    relaxed = result.at("transitional_rules", result.index.base_year)[0] == 1
    notes = [printer.word("transitional_on" if relaxed else "transitional_off")]
    notes.append(printer.word("schools_once"))
    return made(printer, "balance_verdict", columns, records, *notes)


def _district_verdict(printer: Printer, year: int, stages: list[dict[str, Any]]) -> dict[str, Any]:
    """The district's line: distinct schools, and the verdict over its stages."""
    result = printer.result
    found: dict[str, Any] = dict.fromkeys(("headroom", "composite"), "")
    for kind in ("quality", "basic"):
        states = {str(row[f"{kind}_id"]) for row in stages}
        status = next((each for each in ("fail", "unknown", "pass") if each in states), "unknown")
        found[kind] = word_of("status", status, printer.language)
        found[f"{kind}_id"] = status
    return {
        **found,
        "year": str(year),
        "stage": printer.word("district"),
        "stage_id": "",
        "schools": float(result.at(EVALUATED, year)[0]),
        "failing": float(result.at(FAILING, year)[0]),
        "over": math.fsum(row["over"] for row in stages),
    }


def _stage_verdict(printer: Printer, stage: str, year: int) -> dict[str, Any]:
    result, place = printer.result, STAGES.index(stage)

    def at(name: str) -> float:
        return float(result.at(name, year)[place])

    rooms = [at(f"cv_headroom_{item.id}") for item in QUALITY]
    known = all(map(math.isfinite, rooms))
    quality, basic = (_flag_status(at(name)) for name in VERDICTS)
    return {
        "year": str(year),
        "stage": word_of("stage", stage, printer.language),
        "stage_id": stage,
        "schools": at("evaluated_schools"),
        "failing": at("schools_failing"),
        "over": float(sum(not at_least(room, 0) for room in rooms)) if known else math.nan,
        "headroom": reaching(at("least_cv_headroom"), [0], 4),
        "quality": word_of("status", quality, printer.language),
        "quality_id": quality,
        "composite": staying(at("composite_cv"), [at("composite_cv_limit")], 4),
        "basic": word_of("status", basic, printer.language),
        "basic_id": basic,
    }


VERDICTS = ("stage_balanced", "stage_basic_balanced")


def _flag_status(flag: float) -> str:
    return "unknown" if math.isnan(flag) else "pass" if flag == 1 else "fail"


def indicators_table(printer: Printer, year: int) -> Table:
    """Every part by every indicator: value, standard, share of the standard reached."""
    parts = printer.result.index.parts
    records = [
        {**profile, **indicator_row(printer, part, indicator.id, year)}
        for part in ordinary_parts(printer)
        for profile in (profile_of(printer, *parts[part]),)
        for indicator in INDICATORS
    ]
    columns = (
        Column("school_id", printer.figure("column.school_id")),
        *profile_columns(printer),
        Column("indicator", printer.word("indicator")),
        Column("value", printer.word("value"), f"{BY_ROW}unit_id"),
        Column("standard", printer.word("standard"), f"{BY_ROW}unit_id"),
        Column("reached", printer.word("reached"), f"{BY_ROW}reached_unit"),
        Column("status", printer.word("status")),
    )
    return made(printer, "indicators", columns, records, printer.word("reached_note"), year=year)


def indicator_row(printer: Printer, part: int, indicator: str, year: int) -> dict[str, Any]:
    """One indicator of a part as printed: value, standard, share reached, how it stands."""
    result = printer.result
    unit = INDICATOR_UNITS[indicator]
    value = float(result.at(f"value_{indicator}", year)[part])
    found = {
        "indicator_id": indicator,
        "indicator": word_of("indicator", indicator, printer.language),
        "unit_id": unit,
    }
    if indicator not in {item.id for item in QUALITY}:
        plain = printer.rounded_figure(value, unit)
        return {**found, "value": plain, "standard": "", "reached": "", "reached_unit": "",
                "status": "", "status_id": ""}  # fmt: skip
    standard = float(result.at(f"standard_{indicator}", year)[result.index.part_stage[part]])
    reached = float(result.at(f"reached_{indicator}", year)[part])
    exempt = float(result.at("exempt_share", year)[0])
    status = standing(result.at("in_scope", year)[part], reached, exempt)
    return {
        **found,
        "value": reaching(value, [standard, standard * exempt], DECIMALS[unit]),
        "standard": printer.rounded_figure(standard, unit),
        "reached": reaching(reached, [1.0, exempt], 4),
        "reached_unit": "share",
        "status": printer.word(f"standing.{status}"),
        "status_id": status,
    }


def scope_table(printer: Printer, year: int) -> Table:
    """Schools that are not evaluated in a year, each with the rule and its citation."""
    result = printer.result
    scope = result.at("in_scope", year)
    records = [_out_of_scope(printer, int(part), year) for part in np.flatnonzero(scope != 1)]
    columns = (
        *profile_columns(printer),
        Column("pupils", printer.figure("pupils"), "pupil"),
        Column("reason", printer.word("scope_rule")),
        Column("citation", printer.word("citation")),
    )
    return made(printer, "scope", columns, records, printer.word("scope_note"), year=year)


def _out_of_scope(printer: Printer, part: int, year: int) -> dict[str, Any]:
    result = printer.result
    school, stage = result.index.parts[part]
    pupils = float(result.at("pupils", year)[part])
    law = result.binding.policy.value("scope_teaching_point_pupils", year)
    limit = f"{law.amount:g}" if law else "?"
    if stage == "special":
        reason = "special"
    elif math.isnan(result.at("in_scope", year)[part]):
        reason = "unknown"
    else:
        reason = "empty" if pupils == 0 else "point"
    cited = law.citation if law and reason == "point" else (QUALITY_CITE,)
    return {
        **profile_of(printer, school, stage),
        "pupils": printer.rounded_figure(pupils, "pupil"),
        "reason": printer.word(f"scope.{reason}", limit=limit),
        "reason_id": reason,
        "citation": citation_text(cited, printer.language),
    }
