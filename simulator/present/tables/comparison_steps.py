"""Further tables of a comparison: rules, steps between two gaps, winners and losers, and all."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any, cast

from simulator.compare import AVAILABLE_LINES, NEED_LINES, Combination, Comparison
from simulator.formats.table_files import csv_text, harmless
from simulator.glossary import Language
from simulator.present.table import BY_ROW, Column, MoneyUnit, Printer, Table, word_of
from simulator.present.tables.catalogue import printed_money, table
from simulator.present.tables.comparison import (
    Sides,
    balance_table,
    counts_table,
    money_table,
    parameters_table,
    sides,
    standards_table,
    summary_table,
)

#: Money lines between one gap and the other, and the sign by which a line moves the gap.
STEPS = {**dict.fromkeys(AVAILABLE_LINES, 1.0), **dict.fromkeys(NEED_LINES, -1.0)}


def rules_table(shown: Sides) -> Table:
    """Rule × scenario over the planned years: status, least headroom, first year broken."""
    own = [
        {row["rule_id"]: row for row in table(p.result, "rules", shown.language, p.money).records()}
        for p in shown.printers
    ]
    rules = shown.comparison.rules
    rows = [
        {"id": rule, "rule": word_of("rule", rule, shown.language),
         **{key: value for place, label in enumerate(shown.comparison.labels)
            for key, value in _rule(shown, place, rules[label].loc[rule], own[place].get(rule))},
         "citation": next(each[rule]["citation"] for each in own if rule in each)}
        for rule in rules.index
    ]  # fmt: skip
    columns = [Column("rule", shown.printer.word("rule"))]
    for place, label in enumerate(shown.comparison.labels):
        columns.append(Column(f"s{place}", label))
        head = f"{label} {shown.printer.word('least_headroom')}"
        columns.append(Column(f"h{place}", head, f"{BY_ROW}unit{place}"))
    columns.append(Column("citation", shown.printer.word("citation")))
    return shown.table("rules", columns, rows, shown.printer.word("headroom_note"))


def _rule(shown: Sides, place: int, found: Any, own: Any) -> list[tuple[str, Any]]:
    """One scenario's cells of a rule: passed, or broken first in a year; headroom and unit."""
    status, first = found["status"], found["first"]
    if own is None or not isinstance(status, str):
        return [(f"s{place}", ""), (f"h{place}", ""), (f"unit{place}", "")]
    word = word_of("status", status, shown.language)
    if status == "fail":
        word = shown.say("fails_from", status=word, year=int(first))
    printer, unit = shown.printers[place], own["headroom_unit"]
    plain = "yuan" if unit == printer.money else unit
    headroom = printer.headroom(float(found["headroom"]), plain, status)
    return [(f"s{place}", word), (f"h{place}", headroom), (f"unit{place}", unit)]


def waterfall_table(shown: Sides, other: int) -> Table:
    """From the base's gap to another scenario's, line by line and year by year."""
    base, changed = shown.printed[shown.base], shown.printed[other]
    names = {"gap_from": shown.comparison.labels[shown.base],
             "gap_to": shown.comparison.labels[other]}  # fmt: skip
    decimals = shown.printer.decimals
    rows = []
    for line in ("gap_from", *STEPS, "gap_to"):
        label = (
            shown.say("gap_of", name=names[line]) if line in names else shown.printer.figure(line)
        )
        steps = {
            str(year): _step(line, base[year], changed[year], decimals) for year in shown.years
        }
        rows.append({"id": line, "line": label, **steps})
    columns = (
        Column("line", shown.printer.word("line")),
        *(Column(str(year), str(year), shown.money, decimals) for year in shown.years),
    )
    found = shown.table(f"waterfall#{other + 1}", columns, rows, shown.say("waterfall_note"))
    return _titled(shown, found, other)


def _titled(shown: Sides, found: Table, other: int) -> Table:
    """A table with the name of the scenario that it holds against the base."""
    title = shown.say("table_of", title=found.title, name=shown.comparison.labels[other])
    return replace(found, title=title)


def _step(line: str, base: Any, changed: Any, decimals: int) -> float:
    if line == "gap_from":
        return float(base["gap"])
    if line == "gap_to":
        return float(changed["gap"])
    return round(STEPS[line] * float(changed[line] - base[line]), decimals) + 0.0


def winners_table(shown: Sides, other: int, year: int, figure: str = "operating_funds") -> Table:
    """What each school and stage gets in both scenarios in a year, and who gains or loses.

    Rows hold ``change`` (gains, loses, same, unknown), ``stage_id`` and ``school_id`` to filter
    by; the last row is the sum of those printed.
    """
    found = shown.comparison.schools(other, year, figure)
    printer = shown.printer
    rows = []
    # rounded to their sum, so that the last line is the line of the table of money
    printed = [printer.shared(found[side].tolist()) for side in ("base", "other")]
    for place, (key, row) in enumerate(found.iterrows()):
        school, stage = cast("tuple[str, str]", key)
        amounts = [round(each[place], printer.decimals) for each in printed]
        rows.append({
            "school_id": school, "stage_id": stage, "school_name": _name(shown, other, school),
            "stage": word_of("stage", stage, shown.language),
            "base": amounts[0], "other": amounts[1],
            "difference": _less(amounts, printer.decimals),
            "per_pupil": printer.rounded_figure(float(row["per_pupil"]), "yuan_per_pupil"),
            "change": row["change"], "change_text": shown.say(f"change.{row['change']}"),
        })  # fmt: skip
    total = {name: printer.total([row[name] for row in rows]) for name in ("base", "other")}
    total["difference"] = _less([total["base"], total["other"]], printer.decimals)
    rows.append({**dict.fromkeys(rows[0], ""), "school_name": printer.word("total"), **total})
    columns = (
        Column("school_id", printer.figure("column.school_id")),
        Column("school_name", printer.figure("column.school_name")),
        Column("stage", printer.word("stage")),
        *(Column(side, shown.comparison.labels[place], shown.money, printer.decimals)
          for side, place in (("base", shown.base), ("other", other))),
        Column("difference", shown.say("difference"), shown.money, printer.decimals),
        Column("per_pupil", shown.say("per_pupil"), "yuan_per_pupil", 2),
        Column("change_text", shown.say("change")),
    )  # fmt: skip
    note = shown.say("winners_note", figure=printer.figure(figure), year=year)
    return _titled(shown, shown.table(f"schools#{other + 1}_{year}", columns, rows, note), other)


def _less(amounts: list[float], decimals: int) -> float:
    return round(amounts[1] - amounts[0], decimals) + 0.0


def _name(shown: Sides, other: int, school: str) -> str:
    """A school's name in whichever of the two districts has it."""
    for place in (other, shown.base):
        schools = shown.printers[place].result.binding.district.schools
        if school in schools.index:
            return str(schools.at[school, "school_name"])
    return school


def combination_table(
    found: Combination, year: int, language: Language = "zh", money: MoneyUnit = "10k_yuan"
) -> Table:
    """Two changes: each alone, both, and what they do only together, as printed money."""
    kinds = ("first", "second", "both")
    shown = sides(Comparison((found.base, found.first, found.second, found.both)), language, money)
    printed = [printed_money(Printer(r.result, language, money), year) for r in shown.printers]
    decimals = shown.printer.decimals
    rows = []
    for line in ("gap", *STEPS, "need", "available"):
        start = printed[0][line]
        parts = [round(each[line] - start, decimals) + 0.0 for each in printed[1:]]
        row = {"id": line, "line": shown.printer.figure(line), "base": start}
        row |= dict(zip(kinds, parts, strict=True))
        rows.append({**row, "interaction": round(parts[2] - parts[0] - parts[1], decimals) + 0.0})
    titles = shown.comparison.labels
    heads = {
        "base": titles[0],
        "first": shown.say("alone", name=titles[1]),
        "second": shown.say("alone", name=titles[2]),
        "both": shown.say("both"),
        "interaction": shown.say("interaction"),
    }
    columns = (
        Column("line", shown.printer.word("line")),
        *(Column(name, head, money, decimals) for name, head in heads.items()),
    )
    return shown.table(f"combination#{year}", columns, rows, shown.say("interaction_note"))


def comparison_tables(
    comparison: Comparison,
    language: Language | None = None,
    money: MoneyUnit = "10k_yuan",
    *,
    everything: bool = False,
) -> list[Table]:
    """Every table of a comparison; ``everything`` also lists parameters that do not differ."""
    shown = sides(comparison, language, money)
    last = shown.years[-1]
    return [
        summary_table(shown),
        parameters_table(shown, everything=everything),
        money_table(shown),
        standards_table(shown),
        balance_table(shown),
        counts_table(shown),
        rules_table(shown),
        *(waterfall_table(shown, other) for other in shown.others),
        *(winners_table(shown, other, last) for other in shown.others),
    ]


def comparison_csv(
    comparison: Comparison, language: Language | None = None, money: MoneyUnit = "10k_yuan"
) -> bytes:
    """The tables of a comparison as one CSV file, each under its title; warnings come first."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    for found in comparison_tables(comparison, language, money):
        if buffer.tell() == 0:
            lines = sides(comparison, language, money).comparison.note_lines
            writer.writerows([harmless(line)] for line in lines)
        writer.writerow([harmless(found.title)])
        buffer.write(csv_text(found))
        writer.writerow([])
    return buffer.getvalue().encode("utf-8-sig")
