"""The tables of a district's own formula lines: who gets what by which line, who gains or loses."""

from __future__ import annotations

import math
from typing import Any

from simulator.errors import JunhengError
from simulator.own_formula.line import PREFIX
from simulator.present.table import Column, Printer, Table
from simulator.present.tables.balance_rows import made, profile_columns, profile_of
from simulator.results.line_breakdown import breakdown, gains, gains_on_last_year, line_names
from simulator.results.line_breakdown import one_more_yuan as yuan_more
from simulator.results.result import Result

TOTAL = "line_total"


def lines_table(printer: Printer, year: int) -> Table:
    """Every part of a school by line; rows and columns add up as they are printed."""
    result = printer.result
    found = breakdown(result, year)
    names = line_names(result)
    records: list[dict[str, Any]] = []
    # the totals of parts first, to the sum of the district; then the lines within each of them
    totals = printer.shared([sum(row) for row in found[list(names)].to_numpy().tolist()])
    rows = zip(result.index.parts, found.to_dict("records"), totals, strict=True)
    for (school, stage), row, printed in rows:
        known = printed if math.isfinite(printed) else None
        cells = printer.shared([float(row[name]) for name in names], known)
        amounts = dict(zip(names, cells, strict=True))
        records.append({**profile_of(printer, school, stage), **amounts, TOTAL: printed})
    sums = {name: printer.total([record[name] for record in records]) for name in (*names, TOTAL)}
    blank: dict[str, Any] = dict.fromkeys(records[0], "") if records else {}
    records.append({**blank, "school_name": printer.word("total"), **sums})
    records += [{**blank, **row} for row in _bridge(printer, year, sums[TOTAL])]
    columns = (
        *profile_columns(printer),
        *(printer.column(name, "yuan", result.graph.label(name, printer.language))
          for name in names),
        printer.column(TOTAL, "yuan", printer.word("total")),
    )  # fmt: skip
    return made(printer, "lines", columns, records, year=year)


def _bridge(printer: Printer, year: int, lines: float) -> list[dict[str, Any]]:
    """From the sum of the lines to what is paid, where pots and amounts on top change it."""
    paid = printer.rounded(float(printer.result.at("operating_total", year)[0]))
    rest = printer.total([paid, -lines])
    if rest == 0 or not math.isfinite(rest):
        return []
    said = {printer.word("lines.rest"): rest, printer.figure("operating_total"): paid}
    return [{"school_name": name, TOTAL: amount} for name, amount in said.items()]


def gains_table(printer: Printer, year: int, national: Result | None) -> Table:
    """What each part gets more or less than last year, and than by the national formula."""
    result = printer.result
    last = gains_on_last_year(result, year)
    other = gains(result, national, year) if national is not None else None
    records: list[dict[str, Any]] = []
    # rounded to their sum: the last line is the line of the table of money
    shares = printer.shared(result.at("operating_funds", year).tolist())
    for place, (school, stage) in enumerate(result.index.parts):
        records.append({
            **profile_of(printer, school, stage),
            "now": round(shares[place], printer.decimals),
            "on_last_year": printer.rounded(float(last.iloc[place])),
            "on_national": printer.rounded(float(other.iloc[place])) if other is not None
            else math.nan,
        })  # fmt: skip
    names = ("now", "on_last_year", "on_national")
    sums = {name: printer.total([record[name] for record in records]) for name in names}
    blank: dict[str, Any] = dict.fromkeys(records[0], "") if records else {}
    records.append({**blank, "school_name": printer.word("total"), **sums})
    columns = (
        *profile_columns(printer),
        *(printer.column(name, "yuan", printer.word(f"lines.{name}")) for name in names),
    )
    return made(printer, "line_gains", columns, records, year=year)


def more_table(printer: Printer) -> Table:
    """What one more yuan (or one more point of a share) on each line costs, by year."""
    result = printer.result
    years = result.index.years[2:]
    records = []
    for name in line_names(result):
        try:
            costs = yuan_more(result, name.removeprefix(PREFIX))
        except JunhengError:
            # its amount is a figure of the law or a lever: it is changed there
            costs = dict.fromkeys(years, math.nan)
        label = result.graph.label(name, printer.language)
        records.append(
            {"line": label, **{str(year): printer.rounded(costs[year]) for year in years}}
        )
    columns = (
        Column("line", printer.word("line")),
        *(printer.column(str(year), "yuan", str(year)) for year in years),
    )
    return made(printer, "line_yuan", columns, records, printer.word("lines.yuan_note"))
