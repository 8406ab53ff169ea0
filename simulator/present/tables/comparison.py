"""Tables of scenarios side by side: the same on screen, in a workbook, in CSV, in a brief.

Money is what the tables of each scenario print, so that differences, totals and the steps from
one gap to the other add up as they are read.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, cast

import pandas as pd

from simulator import glossary, units
from simulator.compare import BETTER, MONEY, Comparison
from simulator.compare.outcomes import BALANCE_OUTCOMES, STAGE_OUTCOMES
from simulator.glossary import Language
from simulator.own_formula.lines_in_rows import said_lines
from simulator.present.sentences.idle import marked, with_idle
from simulator.present.sentences.verdict import count_words, gap_words
from simulator.present.table import Column, MoneyUnit, Printer, Table, word_of
from simulator.present.tables.catalogue import printed_money, table, verdict_line
from simulator.present.tables.verdict import flag_text
from simulator.results.result import Result
from simulator.results.school_counts import FAILING, schools_counted
from simulator.scenario.describe import as_sentence, describe, difference
from simulator.scenario.naming import pack_label
from simulator.scenario.values import Values, plain

COUNTS = ("rules_met", FAILING, "schools_failing")
#: Characters of a content hash that are printed.
HASH = 12


@dataclass(frozen=True)
class Sides:
    """Scenarios side by side in one language and unit of money."""

    comparison: Comparison
    money: MoneyUnit = "10k_yuan"

    @property
    def language(self) -> Language:
        """The language of every word."""
        return self.comparison.language

    @property
    def base(self) -> int:
        """The place of the scenario that the others are held against."""
        return self.comparison.base

    @property
    def years(self) -> tuple[int, ...]:
        """The planned years that all of them have."""
        return self.comparison.years

    @cached_property
    def printers(self) -> tuple[Printer, ...]:
        """What prints each scenario's own tables."""
        return tuple(Printer(each, self.language, self.money) for each in self.comparison.results)

    @property
    def printer(self) -> Printer:
        """What prints words and units."""
        return self.printers[self.base]

    @property
    def others(self) -> tuple[int, ...]:
        """The places of the scenarios beside the base."""
        return tuple(place for place in range(len(self.printers)) if place != self.base)

    def say(self, identifier: str, **params: object) -> str:
        """A word or sentence of comparing."""
        return glossary.text(f"compare.{identifier}", self.language, **params)

    @cached_property
    def printed(self) -> tuple[Mapping[int, Mapping[str, float]], ...]:
        """Each scenario's money by year and line, as its own tables print it."""
        return tuple(
            {year: printed_money(printer, year) for year in self.years} for printer in self.printers
        )

    def scenario_columns(self, unit: str = "text", decimals: int = 0) -> tuple[Column, ...]:
        """A column for each scenario, headed by its name."""
        labels = self.comparison.labels
        return tuple(Column(f"s{n}", name, unit, decimals) for n, name in enumerate(labels))

    def difference_columns(self, unit: str, decimals: int) -> tuple[Column, ...]:
        """A column for what each scenario has more or less than the base."""
        labels = self.comparison.labels
        return tuple(
            Column(f"d{n}", self.say("less_base", name=labels[n]), unit, decimals)
            for n in self.others
        )

    def values(self, figures: Sequence[float], decimals: int) -> dict[str, float]:
        """Printed figures and their differences from the base's, by column."""
        found = {f"s{place}": value for place, value in enumerate(figures)}
        less = {f"d{n}": round(figures[n] - figures[self.base], decimals) for n in self.others}
        return {**found, **{key: value + 0.0 for key, value in less.items()}}

    def note(self, *lines: str) -> str:
        """Warnings of other data, packs and years first, then what the table says itself."""
        base = self.say("base_note", name=self.comparison.labels[self.base])
        invented = any(each.result.binding.district.invented for each in self.printers)
        words = [self.printer.word("invented")] if invented else []
        assumed = dict.fromkeys(each.assumed_none() for each in self.printers)
        said = [*self.comparison.note_lines, *words, *assumed, base, *lines]
        return " ".join(line for line in said if line)

    def table(
        self, name: str, columns: Sequence[Column], rows: Sequence[Any], *lines: str
    ) -> Table:
        """A table of the comparison, named ``comparison_…``."""
        frame = pd.DataFrame(list(rows), columns=None if rows else [each.id for each in columns])
        title = self.say(f"table.{name.partition('#')[0]}")
        note = self.note(*lines)
        identifier = f"comparison_{name.replace('#', '_')}"
        return Table(identifier, title, tuple(columns), frame, note, self.language)


def sides(
    comparison: Comparison, language: Language | None = None, money: MoneyUnit = "10k_yuan"
) -> Sides:
    """A comparison as it is printed, in its own language or another."""
    chosen = language or comparison.language
    return Sides(replace(comparison, language=chosen), money)


def summary_table(shown: Sides) -> Table:
    """What comes out of each scenario at a glance, and what it stands on."""
    facts = [_facts(shown, place) for place in range(len(shown.printers))]
    rows = [
        {"id": name, "fact": shown.say(f"fact.{name}"),
         **{f"s{place}": each[name] for place, each in enumerate(facts)}}
        for name in facts[0]
    ]  # fmt: skip
    columns = (Column("fact", shown.say("fact")), *shown.scenario_columns())
    return shown.table("summary", columns, rows)


def _facts(shown: Sides, place: int) -> dict[str, str]:
    printer = shown.printers[place]
    result, verdict = printer.result, printer.result.verdict
    none = printer.word("none")
    gaps = [shown.printed[place][year]["gap"] for year in shown.years]
    return {
        "verdict": verdict_line(printer),
        "does": _does(shown, place),
        "rules": f"{verdict.rules_met}/{verdict.rules_total}",
        "schools": count_words(printer, schools_counted(result, result.index.years[-1])),
        "money": flag_text(printer, verdict.money_ok),
        "gap": _least(shown, gaps),
        "first_year": str(verdict.first_year or none),
        "balanced_year": str(verdict.balanced_year or none),
        "district": result.binding.district.name,
        "data": result.binding.district.fingerprint[:HASH],
        "packs": f"{_packs(shown, result)} {result.binding.policy.fingerprint[:HASH]}",
        "years": f"{result.index.base_year + 1}–{result.index.years[-1]}",
        "identity": result.identity[:HASH],
    }


def _does(shown: Sides, place: int) -> str:
    """What a scenario does otherwise than the base, in a sentence; the base's own for itself."""
    year = shown.printers[place].result.index.base_year
    base, scenario = (shown.comparison.scenarios[each] for each in (shown.base, place))
    if place == shown.base:
        clauses, before = describe(scenario, shown.language, year), scenario.base
    else:
        clauses, before = difference(base, scenario, shown.language, year), base
    said = as_sentence(clauses, shown.language)
    return with_idle(said, shown.printers[place].result, before, shown.language)


def _least(shown: Sides, gaps: Sequence[float]) -> str:
    """The smallest of printed gaps, left or missing; unknown where one of them is."""
    if not all(map(math.isfinite, gaps)):
        return units.UNKNOWN[shown.language]
    return gap_words(shown.printer, min(gaps))


def _packs(shown: Sides, result: Result) -> str:
    names = [pack_label(pack, shown.language) for pack in result.binding.policy.packs]
    return shown.say("comma").join(names) or shown.say("no_packs")


def parameters_table(shown: Sides, *, everything: bool = False) -> Table:
    """Parameter × scenario: what differs, or with ``everything`` all that they say."""
    found = shown.comparison.parameters
    words = _labels(shown)
    rows = []
    for path, differs in found["differs"].items():
        if differs or everything:
            said = {f"s{n}": _value(shown, n, str(path)) for n in range(len(shown.printers))}
            label = words.get(str(path)) or shown.say(f"frame.{path}")
            mark = shown.say("differs") if differs else ""
            rows.append({"path": path, "parameter": label, **said, "differs": mark})
    columns = (
        Column("parameter", shown.say("parameter")),
        *shown.scenario_columns(),
        Column("differs", shown.say("differs")),
    )
    return shown.table("parameters", columns, rows, "" if rows else shown.say("nothing_differs"))


def _labels(shown: Sides) -> dict[str, str]:
    """What the levers are called in the tables of each scenario, by path."""
    tables = (table(p.result, "levers", shown.language).records() for p in shown.printers)
    return {str(row["path"]): str(row["lever"]) for rows in tables for row in rows}


def _value(shown: Sides, place: int, path: str) -> str:
    """What one scenario says of a parameter, as the sentences about it say it."""
    result = shown.printers[place].result
    scenario = result.binding.scenario
    if path == "policy":
        return _packs(shown, result)
    if path == "horizon":
        return shown.say("horizon", years=scenario.horizon)
    if path.startswith("lines."):
        own = result.lines
        lines = {each.path: each.text for each in said_lines(own.content if own else None)}
        return lines.get(path, "")
    text = Values(shown.language, result.index.base_year).text(path, plain(scenario.get(path)))
    return text if scenario.get(path) is None else marked(text, result, path, shown.language)


def money_table(shown: Sides) -> Table:
    """Need by line, money available and gap of each scenario, by year, with the differences."""
    decimals = shown.printer.decimals
    rows = [
        {"id": name, "year": str(year), "line": shown.printer.figure(name),
         "judged": BETTER.get(name, 0),
         **shown.values([money[year][name] for money in shown.printed], decimals)}
        for year in shown.years
        for name in MONEY
    ]  # fmt: skip
    columns = (
        Column("year", shown.printer.word("year")),
        Column("line", shown.printer.word("line")),
        *shown.scenario_columns(shown.money, decimals),
        *shown.difference_columns(shown.money, decimals),
    )
    return shown.table("money", columns, rows)


def standards_table(shown: Sides) -> Table:
    """Per-pupil standards and costs by year and stage."""
    return _stage_table(shown, "standards", STAGE_OUTCOMES, "yuan_per_pupil", 2)


def balance_table(shown: Sides) -> Table:
    """Coefficients of variation by year and stage, and their least headroom."""
    names = tuple(name for name in BALANCE_OUTCOMES if name not in COUNTS)
    return _stage_table(shown, "balance", names, "ratio", 4)


def counts_table(shown: Sides) -> Table:
    """Rules met, and schools that do not reach what a school must, by year."""
    return _stage_table(shown, "counts", COUNTS, "number", 0)


def _stage_table(
    shown: Sides, name: str, figures: Sequence[str], unit: str, decimals: int
) -> Table:
    rows = []
    for key, values in shown.comparison.outcomes.iterrows():
        figure, stage, year = cast("tuple[str, str, int]", key)
        if figure in figures and values.notna().any():
            printed = [_rounded(float(value), decimals) for value in values]
            rows.append({
                "id": figure, "stage_id": stage, "year": str(year),
                "figure": _figure(shown, figure),
                "stage": word_of("stage", stage, shown.language) or shown.printer.word("district"),
                "judged": BETTER.get(figure, 0),
                **shown.values(printed, decimals),
            })  # fmt: skip
    columns = (
        Column("year", shown.printer.word("year")),
        Column("stage", shown.printer.word("stage")),
        Column("figure", shown.printer.word("figure")),
        *shown.scenario_columns(unit, decimals),
        *shown.difference_columns(unit, decimals),
    )
    return shown.table(name, columns, sorted(rows, key=lambda row: str(row["year"])))


def _figure(shown: Sides, name: str) -> str:
    return shown.say("rules_met") if name == "rules_met" else shown.printer.figure(name)


def _rounded(value: float, decimals: int) -> float:
    return units.half_up(value, decimals) + 0.0 if math.isfinite(value) else math.nan
