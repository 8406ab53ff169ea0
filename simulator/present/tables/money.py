"""Tables of money and of the verdict: printed parts add up to printed totals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from simulator.district.checking.taken import BESIDE_THE_GAP
from simulator.machine.language import BASE
from simulator.present.table import Column, Printer, Table, word_of
from simulator.stages import STAGES

#: Lines of need in the order of the budget; they add up to the need.
NEED_LINES = (
    "operating_total", "payroll_total", "bureau_training", "repair_total", "aid_total",
    "investment_total",
)  # fmt: skip
AVAILABLE_LINES = ("appropriation", "upper_transfers", "carried_over")
SHARING_LINES = ("central_operating", "province_operating", "city_operating", "county_operating")
#: Per-pupil figures and rates of a stage.
STAGE_FIGURES = (
    "stage_pupils", "stage_average_pupils", "operating_rate", "operating_benchmark",
    "operating_per_average_pupil", "cost_per_pupil", "running_cost_per_pupil",
)  # fmt: skip
#: Special education has no rate of its stage: its pupils are funded by the special rate.
NO_RATE, RATES = ("special",), ("operating_rate", "operating_benchmark")
DISTRICT_FIGURES = (
    "district_average_pupils", "district_cost_per_pupil", "district_mean_pay",
    "school_training_total", "bureau_training_share", "recurrent_revenue",
)  # fmt: skip


def shown_years(printer: Printer) -> tuple[int, ...]:
    """The base year and the planned years."""
    return printer.result.index.years[BASE:]


def amount(printer: Printer, name: str, year: int) -> float:
    """One figure of the district in one year, in yuan; unknown where it was not computed."""
    if name not in printer.result.values:
        return math.nan
    return float(printer.result.at(name, year)[0])


def printed_money(printer: Printer, year: int) -> dict[str, float]:
    """The year's lines, need, available money and gap as printed: they add up."""
    found: dict[str, float] = {}
    for total, lines in (("need", NEED_LINES), ("available", AVAILABLE_LINES)):
        # each line by itself, so that it reads the same in every table; the totals are sums
        parts = [printer.rounded(amount(printer, name, year)) for name in lines]
        found.update(zip(lines, parts, strict=True))
        found[total] = printer.total(parts)
    found["gap"] = printer.total([found["available"], -found["need"]])
    return found


def money_table(printer: Printer) -> Table:
    """Need by line, the money there is, and the gap, year by year."""
    names = (*NEED_LINES, "need", *AVAILABLE_LINES, "available", "gap")
    years = shown_years(printer)
    by_year = {year: printed_money(printer, year) for year in years}
    rows = pd.DataFrame(
        [
            {
                "id": name,
                "line": printer.figure(name),
                **{str(y): by_year[y][name] for y in years},
            }
            for name in names
        ]
    )
    columns = (
        Column("line", printer.word("line")),
        *(printer.column(str(year), "yuan", str(year)) for year in years),
    )
    said = (printer.word("money_note"), revenue_note(printer), *appropriation_notes(printer))
    note = printer.note(*said)
    return Table("money", printer.word("table.money"), columns, rows, note, printer.language)


def revenue_note(printer: Printer) -> str:
    """What the district's recurrent revenue covers; printed wherever it is used."""
    fiscal = printer.result.binding.district.fiscal
    if "recurrent_revenue_basis" not in fiscal:
        return ""
    said = [str(text) for text in fiscal["recurrent_revenue_basis"] if isinstance(text, str)]
    basis = "；".join(dict.fromkeys(text for text in said if text))
    return printer.word("revenue_basis", basis=basis) if basis else ""


def appropriation_notes(printer: Printer) -> list[str]:
    """How the appropriation is taken where the district does not say; told beside the gap."""
    found = printer.result.findings
    return [each.message(printer.language) for each in found if each.code in BESIDE_THE_GAP]


def sharing_table(printer: Printer) -> Table:
    """Who bears the operating funds, by level of government and year."""
    years = shown_years(printer)
    records: list[dict[str, Any]] = [
        {"id": name, "line": printer.figure(name)} for name in (*SHARING_LINES, "operating_total")
    ]
    for year in years:
        parts = printer.shared([amount(printer, name, year) for name in SHARING_LINES])
        for record, value in zip(records, [*parts, printer.total(parts)], strict=True):
            record[str(year)] = value
    columns = (
        Column("line", printer.word("line")),
        *(printer.column(str(year), "yuan", str(year)) for year in years),
    )
    title = printer.word("table.sharing")
    rows = pd.DataFrame(records)
    return Table("sharing", title, columns, rows, printer.note(), printer.language)


def figures_table(printer: Printer) -> Table:
    """The district's per-pupil figures and rates: by stage, then of the whole district."""
    records = [
        _figure(printer, name, stage)
        for name in STAGE_FIGURES
        for stage in stages_there(printer)
        if stage not in NO_RATE or name not in RATES
    ]
    records += [_figure(printer, name, None) for name in DISTRICT_FIGURES]
    records = [record for record in records if record]
    years = [str(year) for year in shown_years(printer)]
    columns = (
        Column("figure", printer.word("figure")),
        Column("stage", printer.word("stage")),
        *(Column(year, year, "*unit_id") for year in years),
    )
    title = printer.word("table.figures")
    rows = pd.DataFrame(records)
    note = printer.note(revenue_note(printer))
    return Table("figures", title, columns, rows, note, printer.language)


def stages_there(printer: Printer) -> Sequence[str]:
    """The stages that the district has."""
    present = {stage for _, stage in printer.result.index.parts}
    return [stage for stage in STAGES if stage in present]


def _figure(printer: Printer, name: str, stage: str | None) -> dict[str, Any]:
    result = printer.result
    if name not in result.values:
        return {}
    unit = result.graph.unit(name)
    position = STAGES.index(stage) if stage else 0
    record: dict[str, Any] = {
        "id": name,
        "figure": printer.figure(name),
        "stage": word_of("stage", stage, printer.language) or printer.word("district"),
        "unit_id": printer.unit_of(unit),
    }
    for year in shown_years(printer):
        value = float(result.at(name, year)[position])
        record[str(year)] = printer.rounded_figure(value, unit)
    return record
