"""Tables of what is judged: rules with headroom, tracked targets."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from simulator import glossary
from simulator.law.rules import BY_PARAMETER, RULES
from simulator.present.sentences.beside import held
from simulator.present.sentences.growth import running_words
from simulator.present.sentences.law import twin_text
from simulator.present.table import BY_ROW, Column, Printer, Table, citation_text, word_of
from simulator.present.tables.money import revenue_note
from simulator.results.evaluation import SENSES

HEADROOM = {rule.id: rule.headroom for rule in RULES}


def checks_table(printer: Printer) -> Table:
    """Every rule by year and subject: required, actual, headroom, status, citation."""
    records = [_check(printer, row) for row in printer.result.checks.to_dict("records")]
    columns = (
        Column("year", printer.word("year")),
        Column("rule", printer.word("rule")),
        Column("subject", printer.word("subject")),
        Column("required", printer.word("required"), f"{BY_ROW}unit_id"),
        Column("actual", printer.word("actual"), f"{BY_ROW}unit_id"),
        Column("headroom", printer.word("headroom"), f"{BY_ROW}headroom_unit"),
        Column("status", printer.word("status")),
        Column("citation", printer.word("citation")),
    )
    note = printer.note(printer.word("headroom_note"), *_notes(printer))
    rows = pd.DataFrame(records)
    return Table("checks", printer.word("table.checks"), columns, rows, note, printer.language)


def _notes(printer: Printer) -> tuple[str, ...]:
    """Beside rules: what revenue covers, values with a counterpart, cost without investment."""
    return revenue_note(printer), twin_note(printer), running_words(printer)


def twin_note(printer: Printer) -> str:
    """The rules judged by a value that has a counterpart, each with the counterpart."""
    policy, year = printer.result.binding.policy, printer.result.index.years[-1]
    language, colon = printer.language, glossary.label("vocabulary.colon", printer.language)
    said = []
    for rule in dict.fromkeys(printer.result.checks["rule"]):
        twin = twin_text(policy, BY_PARAMETER.get(rule, ""), year, language)
        if twin:
            said.append(f"{word_of('rule', rule, language)}{colon}{twin}")
    return printer.word("stop").join(said)


def _check(printer: Printer, row: dict[Any, Any]) -> dict[str, Any]:
    headroom_unit = printer.result.graph.unit(HEADROOM[row["rule"]])
    return {
        "year": str(row["year"]),
        "rule_id": row["rule"],
        "rule": word_of("rule", row["rule"], printer.language),
        "subject": subject_of(printer, row["school_id"], row["stage"]),
        "school_id": row["school_id"],
        "stage": row["stage"],
        "required": printer.rounded_figure(row["required"], row["unit"]),
        "actual": printer.rounded_figure(row["actual"], row["unit"]),
        "headroom": printer.headroom(row["headroom"], headroom_unit, row["status"]),
        "unit_id": printer.unit_of(row["unit"]),
        "headroom_unit": printer.unit_of(headroom_unit),
        "status_id": row["status"],
        "status": word_of("status", row["status"], printer.language),
        "citation": citation_text(row["citation"], printer.language),
    }


def subject_of(printer: Printer, school: Any, stage: Any) -> str:
    """Whom a check is about: a school by its name, a stage, or the district."""
    if isinstance(school, str):
        return str(printer.result.binding.district.schools.at[school, "school_name"])
    return word_of("stage", stage, printer.language) or printer.word("district")


def rules_table(printer: Printer) -> Table:
    """One row a rule: where it stands each year, the least headroom, the first year it breaks."""
    checks = printer.result.checks
    records = [
        _rule(printer, str(rule), checks[checks["rule"] == rule])
        for rule in dict.fromkeys(checks["rule"])
    ]
    years = [str(year) for year in dict.fromkeys(checks["year"])]
    columns = (
        Column("rule", printer.word("rule")),
        *(Column(year, year) for year in years),
        Column("headroom", printer.word("least_headroom"), f"{BY_ROW}headroom_unit"),
        Column("first", printer.word("first_broken")),
        Column("citation", printer.word("citation")),
    )
    note = printer.note(printer.word("rules_note"), *_notes(printer))
    rows = pd.DataFrame(records)
    return Table("rules", printer.word("table.rules"), columns, rows, note, printer.language)


def _rule(printer: Printer, rule: str, checks: pd.DataFrame) -> dict[str, Any]:
    unit = printer.result.graph.unit(HEADROOM[rule])
    planned = checks[checks["year"] > printer.result.index.base_year]
    least = planned["headroom"].min() if planned["headroom"].notna().all() else math.nan
    broken = planned.loc[planned["status"] == "fail", "year"]
    by_year = {
        str(year): _statuses(printer, rows["status"].tolist())
        for year, rows in checks.groupby("year", sort=True)
    }
    return {
        "rule_id": rule,
        "rule": word_of("rule", rule, printer.language),
        **by_year,
        "headroom": printer.headroom(float(least), unit, "fail" if len(broken) else "pass"),
        "headroom_unit": printer.unit_of(unit),
        "first": str(broken.min()) if len(broken) else printer.word("none"),
        "citation": citation_text(checks["citation"].iloc[0], printer.language),
    }


def _statuses(printer: Printer, found: list[str]) -> str:
    """One word for all the subjects of a rule; where some fail, how many."""
    failing = found.count("fail")
    if failing:
        word = word_of("status", "fail", printer.language)
        return word if len(found) == 1 else f"{word} {failing}/{len(found)}"
    return word_of("status", "unknown" if "unknown" in found else "pass", printer.language)


def tracked_table(printer: Printer) -> Table:
    """The plan's tracked targets by year: value, target, status."""
    policy = printer.result.binding.policy.parameters()
    records = []
    for row in printer.result.tracked.to_dict("records"):
        declared = policy.get(f"target_{row['id']}")
        unit = declared.unit if declared else "number"
        records.append(
            {
                "year": str(row["year"]),
                "id": row["id"],
                "name": row["name"],
                "value": held(printer, row["value"], row["target"], _sense(row["direction"]), unit),
                "target": printer.rounded_figure(row["target"], unit),
                "unit_id": printer.unit_of(unit),
                "direction": word_of("export.direction", row["direction"], printer.language),
                "status": word_of("status", row["status"], printer.language),
                "citation": citation_text(row["citation"], printer.language),
            }
        )
    columns = (
        Column("year", printer.word("year")),
        Column("id", printer.word("number")),
        Column("name", printer.word("target_name")),
        Column("value", printer.word("value"), f"{BY_ROW}unit_id"),
        Column("target", printer.word("target"), f"{BY_ROW}unit_id"),
        Column("direction", printer.word("direction")),
        Column("status", printer.word("status")),
        Column("citation", printer.word("citation")),
    )
    rows = pd.DataFrame(records, columns=_columns(columns, "unit_id"))
    title = printer.word("table.tracked")
    return Table("tracked", title, columns, rows, printer.note(), printer.language)


def _sense(direction: str) -> str:
    """The way a tracked value is held against its target."""
    return SENSES.get(direction, "at_least")


def _columns(columns: tuple[Column, ...], *more: str) -> list[str]:
    return [*(column.id for column in columns), *more]
