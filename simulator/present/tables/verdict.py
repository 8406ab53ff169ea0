"""The table of the verdict by year, and the verdict in a line."""

from __future__ import annotations

import pandas as pd

from simulator.present.sentences.verdict import count_words, items_failed, verdict_parts
from simulator.present.table import Column, Printer, Table, word_of
from simulator.present.tables.money import printed_money
from simulator.results.school_counts import schools_counted


def verdict_table(printer: Printer) -> Table:
    """For each planned year: rules met, is the money enough, is the district balanced."""
    verdict = printer.result.verdict
    records = []
    for year, row in verdict.years.iterrows():
        flags = {
            name: flag_text(printer, row[name])
            for name in ("rules_ok", "money_ok", "balanced", "basic_balanced", "all_ok")
        }
        met = f"{row['rules_met']}/{row['rules_total']}"
        gap = printed_money(printer, int(str(year)))["gap"]
        count = count_words(printer, schools_counted(printer.result, int(str(year))))
        records.append({"year": str(year), "rules": met, "schools": count, **flags, "gap": gap})
    words = ("rules", "schools", "rules_ok", "money_ok", "balanced", "basic_balanced", "all_ok")
    columns = (
        Column("year", printer.word("year")),
        *(Column(name, printer.word(f"verdict.{name}")) for name in words),
        printer.column("gap", "yuan"),
    )
    note = printer.note(*verdict_note(printer))
    title = printer.word("table.verdict")
    return Table("verdict", title, columns, pd.DataFrame(records), note, printer.language)


#: Parts that the line of the verdict tells; money has a sentence of its own.
IN_A_LINE = ("balance", "schools", "rules")


def verdict_line(printer: Printer) -> str:
    """The verdict in a line: balanced or not, schools that fail, rules met."""
    parts = {part.id: part.text for part in verdict_parts(printer)}
    return printer.word("comma").join(parts[name] for name in IN_A_LINE)


def verdict_note(printer: Printer) -> list[str]:
    """The verdict in a line, and the items of the evaluation that fail beside it, by name."""
    said = [verdict_line(printer)]
    if items_failed(printer):
        said.append(next(part.text for part in verdict_parts(printer) if part.id == "items"))
    return [printer.word("sentence", text=text) for text in said]


def flag_text(printer: Printer, flag: bool | None) -> str:
    """Yes, no or not computable, in words."""
    if flag is None:
        return word_of("status", "unknown", printer.language)
    return word_of("word", "yes" if flag else "no", printer.language)
