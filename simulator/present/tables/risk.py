"""Tables of how sure a scenario is: chances, bands, what moves a figure, where rules turn."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from simulator import glossary, units
from simulator.glossary import Language
from simulator.present.table import Column, Printer, Table
from simulator.risk.draws import METHODS
from simulator.risk.judged import JUDGED
from simulator.risk.uncertainty import Uncertainty
from simulator.risk.worst import worst
from simulator.scenario.levers import lever_at
from simulator.scenario.naming import lever_label
from simulator.stages import STAGES

#: The quantiles that the table of bands shows.
SHOWN: Final = (0.1, 0.5, 0.9)


def say(identifier: str, language: Language, **params: object) -> str:
    """A word or sentence of the glossary of risk."""
    return glossary.text(f"risk.{identifier}", language, **params)


def judged_label(rule: str, language: Language) -> str:
    """A rule, or what the verdict sums up, in words."""
    return glossary.label(f"risk.judged.{rule}" if rule in JUDGED else f"rule.{rule}", language)


def figure_label(printer: Printer, name: str) -> str:
    """A figure in words, with its stage."""
    for stage in STAGES:
        figure = name.removesuffix(f"_{stage}")
        if figure != name and figure in printer.result.graph.formulas:
            word = glossary.label(f"stage.{stage}", printer.language)
            return say("of_stage", printer.language, figure=printer.figure(figure), stage=word)
    return printer.figure(name)


def unit_of(printer: Printer, name: str) -> str:
    """The unit of a figure of the district's table."""
    formulas = printer.result.graph.formulas
    names = [name, *(name.removesuffix(f"_{stage}") for stage in STAGES)]
    return str(next(formulas[each].unit for each in names if each in formulas))


def risk_tables(found: Uncertainty, printer: Printer) -> list[Table]:
    """The chances of the rules, the first year of balance, and the bands of the figures."""
    return [chances_table(found, printer), first_year_table(found, printer),
            bands_table(found, printer)]  # fmt: skip


def drawn_note(found: Uncertainty, language: Language) -> str:
    """How many draws there were, of which kind, by which seed."""
    assert found.method in METHODS
    method = say(f"method.{found.method}", language)
    return say("drawn", language, draws=found.draws, seed=found.seed, method=method)


def chances_table(found: Uncertainty, printer: Printer) -> Table:
    """For each rule the share of draws in which it holds, by year, and how sure that is."""
    language = printer.language
    rows = []
    for rule, table in found.probability.groupby("rule", sort=False):
        shares = {str(row.year): row.share for row in table.itertuples()}
        error = max(_off(row) for row in table.to_dict("records"))
        rows.append({"rule": judged_label(str(rule), language), **shares, "error": error})
    columns = (
        Column("rule", say("column.rule", language)),
        *(Column(str(year), str(year), "share", 2) for year in found.years),
        Column("error", say("column.error", language), "share", 2),
    )
    note = printer.note(drawn_note(found, language), worst_words(found, printer))
    frame = pd.DataFrame(rows)
    return Table("chances", say("table.chances", language), columns, frame, note, language)


def _off(row: dict[Any, Any]) -> float:
    """How far the true share may lie from the share of the draws, in 95 of 100 cases."""
    return float(max(row["high"] - row["share"], row["share"] - row["low"]))


def first_year_table(found: Uncertainty, printer: Printer) -> Table:
    """The share of draws by the first year of balance, and by that in which all is well."""
    language = printer.language
    rows = [
        {
            "what": judged_label(row["what"], language),
            "year": say("in_none", language) if row["year"] is pd.NA else str(row["year"]),
            "share": row["share"],
            "error": _off(row),
        }
        for row in found.first_year.to_dict("records")
    ]
    columns = (
        Column("what", say("column.what", language)),
        Column("year", say("column.first_year", language)),
        Column("share", say("column.share", language), "share", 2),
        Column("error", say("column.error", language), "share", 2),
    )
    title = say("table.first_year", language)
    return Table("first_year", title, columns, pd.DataFrame(rows), "", language)


def bands_table(found: Uncertainty, printer: Printer) -> Table:
    """Each figure by year: what it exceeds in nine draws of ten, in half, in one of ten."""
    language = printer.language
    kept = found.quantiles[found.quantiles["quantile"].isin(SHOWN)]
    rows = []
    for (name, year), table in kept.groupby(["figure", "year"], sort=False):
        unit = unit_of(printer, str(name))
        values = dict(zip(table["quantile"], table["value"], strict=True))
        shown = {f"q{share}": printer.rounded_figure(values[share], unit) for share in SHOWN}
        label = figure_label(printer, str(name))
        rows.append({"figure": label, "year": str(year), **shown, "unit": printer.unit_of(unit)})
    columns = (
        Column("figure", say("column.figure", language)),
        Column("year", printer.word("year")),
        *(Column(f"q{s}", say("column.quantile", language, share=round(s * 100)), "*unit")
          for s in SHOWN),
    )  # fmt: skip
    title = say("table.bands", language)
    return Table("bands", title, columns, pd.DataFrame(rows), drawn_note(found, language), language)


def worst_words(found: Uncertainty, printer: Printer) -> str:
    """The worst tenth of the draws in sentences; nothing where the money is unknown."""
    told, language = worst(found), printer.language
    if told is None:
        return ""
    mean, least = (money(printer, value) for value in (told.gap, told.least))
    share = units.number(told.share, "share", language)
    said = [say("worst.gap", language, share=share, mean=mean, least=least)]
    stop = say("list", language)
    if told.away:
        parts = [
            say(f"worst.{'above' if away > 0 else 'below'}", language, points=_points(away),
                driver=glossary.label(f"risk.driver.{driver}", language))
            for driver, away in told.away
        ]  # fmt: skip
        said.append(say("worst.away", language, parts=stop.join(parts)))
    if told.broken:
        names = stop.join(judged_label(rule, language) for rule, _ in told.broken)
        said.append(say("worst.broken", language, rules=names))
    return glossary.run_on(said, language)


def money(printer: Printer, yuan: float) -> str:
    """An amount as it is read in a sentence: what is missing is called missing."""
    unit = printer.unit_of("yuan")
    text = units.with_unit(abs(printer.rounded(yuan)), unit, printer.language)
    return say("missing" if yuan < 0 else "left", printer.language, amount=text)


def _points(away: float) -> str:
    return units.written(abs(away) * 100, 2)


def sensitivity_table(rows: pd.DataFrame, figure: str, printer: Printer) -> Table:
    """Each lever and assumption: its range, what either end does, and where rules turn."""
    language, unit = printer.language, unit_of(printer, figure)
    shown = [_lever_row(row, printer, unit) for row in rows.to_dict("records")]
    effect = {"unit": printer.unit_of(unit)}
    columns = (
        Column("lever", say("column.lever", language)),
        *(Column(name, say(f"column.{name}", language), "*lever_unit")
          for name in ("now", "low", "high")),
        *(Column(name, say(f"column.{name}", language), "*unit")
          for name in ("effect_low", "effect_high")),
        Column("flips", say("column.flips", language)),
    )  # fmt: skip
    title = say("table.sensitivity", language, figure=figure_label(printer, figure))
    frame = pd.DataFrame([{**row, **effect} for row in shown])
    return Table("sensitivity", title, columns, frame, printer.note(), language)


def _lever_row(row: dict[Any, Any], printer: Printer, unit: str) -> dict[str, Any]:
    lever = lever_at(row["lever"])
    assert lever is not None
    at_ends = {
        name: printer.rounded_figure(row[name], unit) for name in ("effect_low", "effect_high")
    }
    ranged = {
        name: printer.cash(row[name]) if lever.unit == "yuan" else row[name]
        for name in ("now", "low", "high")
    }
    turns = (_flip_words(rule, value, lever.unit, printer) for rule, value in row["flips"])
    return {
        "lever": lever_label(row["lever"], printer.language),
        **ranged,
        "lever_unit": printer.unit_of(lever.unit),
        **at_ends,
        "flips": say("list", printer.language).join(turns),
    }


def _flip_words(rule: str, value: float, unit: str, printer: Printer) -> str:
    shown = printer.cash(value) if unit == "yuan" else value
    text = units.with_unit(shown, printer.unit_of(unit), printer.language)
    return say("flip", printer.language, rule=judged_label(rule, printer.language), value=text)


def breaks_table(rows: pd.DataFrame, printer: Printer) -> Table:
    """Which fall of revenue's growth first breaks which rule, the least fall first."""
    language = printer.language
    shown = [
        {
            "rule": judged_label(row["rule"], language),
            "fall": units.half_up(row["fall"] * 100, 3),
            "year": str(row["year"]),
        }
        for row in rows.to_dict("records")
    ]
    columns = (
        Column("rule", say("column.rule", language)),
        Column("fall", say("column.fall", language), "number", 3),
        Column("year", say("column.breaks_in", language)),
    )
    frame = pd.DataFrame(shown, columns=["rule", "fall", "year"])
    note = say("breaks_note", language)
    return Table("breaks", say("table.breaks", language), columns, frame, note, language)
