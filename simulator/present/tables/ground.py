"""Tables of what a result stands on: levers and assumptions, the law's values, findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from simulator import units
from simulator.machine.language import BASE
from simulator.own_formula.lines_in_rows import said_lines
from simulator.policy.load import pack_lines
from simulator.policy.model import PolicyValue
from simulator.present.sentences.idle import idle_mark
from simulator.present.sentences.law import beside
from simulator.present.sentences.lever_rows import rows_in_words
from simulator.present.table import BY_ROW, Column, Printer, Table, citation_text, word_of
from simulator.scenario.formula import lines_in_force
from simulator.scenario.levers import lever_at
from simulator.scenario.naming import choice_label, lever_label, pack_label

#: What the table of levers says of each.
SHOWN = ("lever", "value", "changed", "effect")


def levers_table(printer: Printer) -> Table:
    """Everything the scenario says, and what differs from the scenario it is based on."""
    scenario = printer.result.binding.scenario
    changed = scenario.changed() if scenario.base else {}
    records = [
        {
            "path": path,
            "lever": lever_label(path, printer.language),
            "value": _said(printer, path, value),
            "changed": printer.word("changed") if path in changed else "",
            "effect": idle_mark(printer.result, path, printer.language),
        }
        for path, value in scenario.flat().items()
    ] + _lines_said(printer)
    columns = tuple(Column(name, printer.word(name)) for name in SHOWN)
    columns = (*columns, Column("path", printer.word("key")))
    rows = pd.DataFrame(records, columns=[column.id for column in columns])
    title, own = printer.word("table.levers"), printer.result.lines
    of_pack = (
        printer.word("lines_of_pack", pack=pack_label(own.pack, printer.language))
        if own and own.pack
        else ""
    )
    return Table("levers", title, columns, rows, printer.note(of_pack), printer.language)


def _lines_said(printer: Printer) -> list[dict[str, str]]:
    """The formula lines in force, a line a row; those not in force in the base are marked."""
    scenario, own = printer.result.binding.scenario, printer.result.lines
    before = own
    if scenario.base is not None:
        same = scenario.base.policy == scenario.policy
        packs = printer.result.binding.policy.lines if same else pack_lines(scenario.base.policy)
        before = lines_in_force(scenario.base, packs)
    known = {(each.path, each.text) for each in said_lines(before.content if before else None)}
    return [
        {
            "path": each.path,
            "lever": each.name(printer.language),
            "value": each.text,
            "changed": "" if (each.path, each.text) in known else printer.word("changed"),
            "effect": "",
        }
        for each in said_lines(own.content if own else None)
    ]


def _unit(path: str) -> str:
    found = lever_at(path)
    return found.unit if found else ""


def _said(printer: Printer, path: str, value: Any) -> str:
    """A lever's value in words: a list where it differs from year to year."""
    if isinstance(value, bool):
        return word_of("word", "yes" if value else "no", printer.language)
    if isinstance(value, (int, float)):
        unit = _unit(path)
        if not unit:
            return f"{value:g}"
        return units.with_unit(
            printer.rounded_figure(value, unit), printer.unit_of(unit), printer.language
        )
    if isinstance(value, (list, tuple)):
        if value and isinstance(value[0], Mapping) and "school" in value[0]:
            return rows_in_words(printer, path, value)
        shown = [_said(printer, path, each) for each in value]
        return shown[0] if len(set(shown)) == 1 else printer.word("stop").join(shown)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_said(printer, path, each)}" for key, each in value.items())
    return choice_label(value, printer.language)


def policy_table(printer: Printer) -> Table:
    """The law's values in force in the base year and after, with citation and what to verify."""
    records = [_policy_row(printer, value) for value in values_in_force(printer)]
    columns = (
        Column("parameter", printer.word("parameter")),
        Column("key", printer.word("applies_to")),
        Column("amount", printer.word("value"), f"{BY_ROW}unit_id"),
        Column("since", printer.word("since")),
        Column("document", printer.word("document")),
        Column("article", printer.word("article")),
        Column("title", printer.word("title")),
        Column("date", printer.word("date")),
        Column("verify", printer.word("verify")),
        Column("beside", printer.word("beside")),
        Column("pack", printer.word("pack")),
    )
    rows = pd.DataFrame(records, columns=[*(column.id for column in columns), "id", "unit_id"])
    title = printer.word("table.policy")
    return Table("policy", title, columns, rows, printer.note(), printer.language)


def values_in_force(printer: Printer) -> list[PolicyValue]:
    """Each value that is in force in some year of the run, once."""
    policy = printer.result.binding.policy
    found: dict[tuple[Any, ...], PolicyValue] = {}
    for year in printer.result.index.years[BASE:]:
        for value in policy.in_force(year):
            place = (value.parameter, value.key, value.since, value.pack, value.months)
            found[place] = value
    return sorted(found.values(), key=lambda value: (value.parameter, value.key or "", value.since))


def _policy_row(printer: Printer, value: PolicyValue) -> dict[str, Any]:
    policy = printer.result.binding.policy
    declared = policy.parameters()[value.parameter]
    chinese = printer.language == "zh"
    cited = value.citation
    return {
        "id": value.parameter,
        "parameter": declared.zh if chinese else declared.en,
        "key": key_text(printer, value.key),
        "amount": value.amount,
        "unit_id": value.unit,
        "since": value.since.isoformat(),
        "document": cited.document_in(printer.language),
        "article": cited.article_in(printer.language),
        "title": cited.title_zh if chinese else cited.title_en,
        "date": cited.date,
        "verify": printer.word("to_verify") if value.verify else "",
        "beside": beside(policy, value, printer.result.index.years[-1], printer.language),
        "pack": pack_label(value.pack, printer.language),
    }


def key_text(printer: Printer, key: str | None) -> str:
    """What a value is for: a stage, a tier, an item."""
    if key and ":" in key:
        return printer.word("stop").join(key_text(printer, part) for part in key.split(":"))
    for kind in (
        "stage",
        "indicator",
        "facility",
        "school_type",
        "sharing_tier",
        "region",
        "aided",
        "area",
    ):
        word = word_of(kind, key, printer.language)
        if word != key:
            return word
    return key or ""


def findings_table(printer: Printer) -> Table:
    """What the check of data and packs found and did not stop the run: place, message, mend."""
    records = [
        {
            "severity": printer.word(f"severity.{finding.severity}"),
            "place": finding.place(),
            "message": finding.message(printer.language),
            "mend": finding.mend(printer.language),
        }
        for finding in printer.result.findings
    ]
    names = ("severity", "place", "message", "mend")
    columns = tuple(Column(name, printer.word(name)) for name in names)
    rows = pd.DataFrame(records, columns=list(names))
    note = printer.note("" if records else printer.word("no_findings"))
    title = printer.word("table.findings")
    return Table("findings", title, columns, rows, note, printer.language)


def looser_table(printer: Printer) -> Table:
    """Values of later packs that are looser than the law, which stays in force."""
    policy = printer.result.binding.policy
    year = printer.result.index.years[-1]
    records = [
        {
            "parameter": _policy_row(printer, each.asked)["parameter"],
            "key": key_text(printer, each.asked.key),
            "asked": each.asked.amount,
            "law": each.in_force.amount,
            "unit_id": each.asked.unit,
            "pack": pack_label(each.asked.pack, printer.language),
            "citation": citation_text(each.in_force.citation, printer.language),
        }
        for each in policy.looser_than_law(year)
    ]
    columns = (
        Column("parameter", printer.word("parameter")),
        Column("key", printer.word("applies_to")),
        Column("asked", printer.word("asked"), f"{BY_ROW}unit_id"),
        Column("law", printer.word("law"), f"{BY_ROW}unit_id"),
        Column("pack", printer.word("pack")),
        Column("citation", printer.word("citation")),
    )
    rows = pd.DataFrame(records, columns=[*(column.id for column in columns), "unit_id"])
    title = printer.word("table.looser")
    return Table("looser", title, columns, rows, printer.note(), printer.language)
