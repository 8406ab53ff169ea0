"""The table of schools that do not pass the 6-of-7 rule, and what would bring them over."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from simulator.law.balance.indicators import QUALITY_CITE
from simulator.law.balance.quantities import QUALITY
from simulator.present.sentences.beside import empty_cells, reaching
from simulator.present.sentences.verdict import count_words
from simulator.present.table import Column, Printer, Table, citation_text, word_of
from simulator.present.tables.balance_rows import made, ordinary_parts, profile_columns, profile_of
from simulator.results.school_counts import schools_counted
from simulator.results.shortfalls import cheapest_school, cost_of_school
from simulator.units import with_unit


def failing_table(printer: Printer, year: int) -> Table:
    """Evaluated schools that do not pass the 6-of-7 rule, the worst first, and what it takes."""
    result = printer.result
    failing = result.at("school_failing", year)
    here = [part for part in ordinary_parts(printer) if failing[part] != 0]
    records = sorted((_failing(printer, part, year) for part in here), key=lambda row: row["order"])
    columns = (
        *profile_columns(printer),
        Column("met", printer.word("met_count"), "number"),
        Column("unmet", printer.word("unmet")),
        Column("status", printer.word("status")),
        Column("cost", printer.word("cost_to_pass"), printer.unit_of("yuan"), printer.decimals),
        Column("remark", printer.word("remark")),
    )
    notes = [counted_note(printer, year), rule_note(printer, year), cheapest_note(printer, year)]
    return made(printer, "failing", columns, records, *notes, year=year)


def counted_note(printer: Printer, year: int) -> str:
    """How many distinct schools fail, of how many, and how many school-stages that is."""
    count = schools_counted(printer.result, year)
    schools = count_words(printer, count)
    return printer.word("failing_counted", schools=schools, stages=count.stages)


def rule_note(printer: Printer, year: int) -> str:
    """The school rule in a sentence, with its citation."""
    needed, exempt = (
        float(printer.result.at(name, year)[0]) for name in ("indicators_needed", "exempt_share")
    )
    return printer.word(
        "rule_note", total=len(QUALITY), needed=f"{needed:g}", exempt=f"{exempt * 100:g}%",
        source=citation_text((QUALITY_CITE,), printer.language),
    )  # fmt: skip


def cheapest_note(printer: Printer, year: int) -> str:
    """The failing school that money brings over the line most cheaply, in a sentence."""
    found = cheapest_school(printer.result, year)
    if found is None:
        failing = schools_counted(printer.result, year).failing
        return printer.word("no_cheapest") if failing else ""
    school, stage, cost = found
    named = profile_of(printer, school, stage)
    money = with_unit(printer.rounded(cost), printer.money, printer.language)
    return printer.word("cheapest", school=named["school_name"], stage=named["stage"], money=money)


def _failing(printer: Printer, part: int, year: int) -> dict[str, Any]:
    result = printer.result
    school, stage = result.index.parts[part]
    unmet = unmet_of(printer, part, year)
    known = not math.isnan(result.at("school_failing", year)[part])
    cost = cost_of_school(result, school, stage, year) if known else float("nan")
    people = known and math.isnan(cost)
    remark = "" if not people else printer.word("needs_teachers")
    if not known:
        cells = empty_cells(result, "school_ok", school, stage, year, printer.language)
        remark = printer.word("empty_cells", cells=cells)
    shares = [float(result.at(f"reached_{item.id}", year)[part]) for item in QUALITY]
    status = "fail" if known else "unknown"
    return {
        **profile_of(printer, school, stage),
        "met": float(result.at("indicators_met", year)[part]),
        "unmet": printer.word("stop").join(unmet),
        "status": word_of("status", status, printer.language),
        "status_id": status,
        "cost": "" if people else printer.rounded(cost),
        "remark": remark,
        "order": np.nanmin([*shares, np.inf]),
    }


def unmet_of(printer: Printer, part: int, year: int) -> list[str]:
    """The indicators that a part does not meet, each with the share of the standard reached."""
    result = printer.result
    exempt = float(result.at("exempt_share", year)[0])
    found = []
    for item in QUALITY:
        if result.at(f"met_{item.id}", year)[part] == 0:
            share = reaching(float(result.at(f"reached_{item.id}", year)[part]), [1, exempt], 4)
            name = word_of("short", item.id, printer.language)
            found.append(f"{name} {with_unit(share, 'share', printer.language)}")
    return found
