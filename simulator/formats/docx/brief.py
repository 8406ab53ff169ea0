"""The brief (汇报稿): a report of one result as a .docx, every sentence made from its figures."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from simulator.compare import Comparison
from simulator.formats.docx.charts import balance_chart, money_chart, steps_chart
from simulator.formats.docx.page import Page
from simulator.formats.table_files import save
from simulator.glossary import Language
from simulator.machine.language import BASE
from simulator.present.brief_parts import (
    Block,
    Listed,
    Picture,
    Section,
    Shown,
    Teller,
    Text,
    shortened,
)
from simulator.present.sentences import brief as text
from simulator.present.sentences.idle import idle_of
from simulator.present.table import Column, MoneyUnit, Table, word_of
from simulator.present.tables.catalogue import table
from simulator.present.tables.comparison import money_table, parameters_table, sides, summary_table
from simulator.present.tables.comparison_steps import waterfall_table
from simulator.results.result import Result
from simulator.scenario.describe import speaking
from simulator.scenario.values import Values, plain

NUMERALS = "一二三四五六七八九十"
#: Facts of the comparison that a brief repeats.
FACTS = ("verdict", "rules", "money", "gap", "first_year", "balanced_year")


def brief_bytes(
    result: Result,
    language: Language = "zh",
    comparison: Comparison | None = None,
    money: MoneyUnit = "10k_yuan",
) -> bytes:
    """The brief as a .docx file; with a comparison it also says what the others do otherwise."""
    teller = Teller(result, language, money, comparison)
    page = Page.new(language, text.title(teller))
    page.title(text.title(teller), text.subtitle(teller))
    page.text(Text(text.summary(teller), strong=True))
    for number, section in enumerate(sections(teller), start=1):
        mark = f"{NUMERALS[number - 1]}、" if language == "zh" else f"{number}. "
        page.heading(mark + section.title)
        _write(page, teller, section.blocks)
    for number, section in enumerate(annexes(teller), start=1):
        page.turn(landscape=any(isinstance(b, Shown) and b.wide for b in section.blocks))
        page.heading(teller.say("annex", number=number, title=section.title))
        _write(page, teller, section.blocks)
    invented = result.binding.district.invented
    page.edges(teller.printer.word("invented") if invented else "")
    return page.content()


def write_brief(
    result: Result,
    path: str | Path,
    language: Language = "zh",
    comparison: Comparison | None = None,
    money: MoneyUnit = "10k_yuan",
) -> Path:
    """Write the brief whole or not at all."""
    return save(path, brief_bytes(result, language, comparison, money))


def _write(page: Page, teller: Teller, blocks: tuple[Block, ...]) -> None:
    for block in blocks:
        if isinstance(block, Text):
            page.text(block)
        elif isinstance(block, Listed):
            page.listed(block)
        elif isinstance(block, Shown):
            caption = teller.say("table", number=page.tables + 1, title=block.table.title)
            page.table(block, caption)
        else:
            caption = teller.say("picture", number=page.pictures + 1, title=block.title)
            key = teller.say("key", key=teller.joined(block.key)) if block.key else ""
            page.picture(block, caption, key)


def sections(teller: Teller) -> list[Section]:
    """The parts of the brief, in the order of a report."""
    begins, clauses = text.assumptions(teller)
    parts: dict[str, list[Block | None]] = {
        "asked": [Text(each) for each in text.asked(teller)],
        "assumptions": [Text(begins), Listed(tuple(clauses)),
                        *map(Text, _of_no_effect(teller)), Text(text.ground(teller))],
        "outcome": [Text(text.outcome(teller)), Shown(_bare(teller, teller.table("verdict")))],
        "money": [*map(Text, text.money(teller)),
                  Shown(_bare(teller, teller.table("money"))), money_chart(teller)],
        "rules": [*map(Text, text.rules(teller)), Shown(_rules(teller)),
                  *map(Text, text.balance(teller)), balance_chart(teller),
                  Shown(_balance(teller))],
    }  # fmt: skip
    if teller.comparison is not None:
        parts["compared"] = list(_compared(teller))
    parts["risks"] = [Listed(tuple(text.risks(teller)))]
    return [_section(teller, f"section.{name}", blocks) for name, blocks in parts.items()]


def _of_no_effect(teller: Teller) -> list[str]:
    """Which of the scenario's own assumptions and levers count for nothing."""
    base = speaking(teller.result.binding.scenario).base
    return list(filter(None, [idle_of(teller.result, base, teller.language)]))


def annexes(teller: Teller) -> list[Section]:
    """Every school, every assumption and lever, and where the figures come from."""
    binding, result = teller.result.binding, teller.result
    origin = [
        teller.say("origin_data", district=binding.district.name),
        binding.district.fingerprint,
        teller.say("origin_packs"),
        binding.policy.fingerprint,
        teller.say("origin_scenario"),
        binding.scenario.fingerprint,
        teller.say("origin_result"),
        result.identity,
        teller.say("origin_trace"),
    ]  # fmt: skip
    return [
        _section(teller, "annex.schools", [Shown(_schools(teller), wide=True)]),
        _section(teller, "annex.levers", [Shown(_levers(teller))]),
        _section(teller, "annex.origin", [*map(Text, origin)]),
    ]


def _section(teller: Teller, name: str, blocks: list[Any]) -> Section:
    kept = (block for block in blocks if block is not None)
    full = tuple(block for block in kept if not (isinstance(block, Listed) and not block.items))
    return Section(teller.say(name), full)


def _bare(teller: Teller, found: Table) -> Table:
    """A table without the remark on invented data, which stands at the head of every page."""
    return replace(found, note=found.note.replace(teller.printer.word("invented"), "").strip())


def _rules(teller: Teller) -> Table:
    """The rules without their citations, which the annex of the workbook holds in full."""
    years = [str(year) for year in teller.years]
    return _bare(teller, teller.table("rules", ("rule", *years, "headroom", "citation")))


def _balance(teller: Teller) -> Table:
    """Coefficients of variation in the base year and the last, against the limit, by stage."""
    rows = teller.result.balance
    rows = rows[rows["evaluation"] == "quality"].set_index(["stage", "indicator", "year"])
    base, last = teller.result.index.years[BASE], teller.years[-1]
    stages = list(dict.fromkeys(rows.index.get_level_values("stage")))
    records, columns = [], [Column("indicator", teller.printer.word("indicator"))]
    for stage in stages:
        word = word_of("stage", stage, teller.language)
        heads = {f"{stage}_{y}": teller.say("cv_of", stage=word, year=y) for y in (base, last)}
        columns += [Column(name, head, "ratio", 4) for name, head in heads.items()]
        columns.append(Column(f"{stage}_limit", teller.say("limit_of", stage=word), "ratio", 2))
    for indicator in dict.fromkeys(rows.index.get_level_values("indicator")):
        record: dict[str, Any] = {"indicator": word_of("indicator", indicator, teller.language)}
        for stage in stages:
            for year in (base, last):
                cv = rows["cv"].get((stage, indicator, year), math.nan)
                record[f"{stage}_{year}"] = float(cv)
            limit = rows["limit"].get((stage, indicator, last), math.nan)
            record[f"{stage}_limit"] = float(limit)
        records.append(record)
    title = teller.say("table.balance")
    names = [column.id for column in columns]
    frame = pd.DataFrame(records, columns=names)
    return Table("brief_balance", title, tuple(columns), frame, "", teller.language)


def _levers(teller: Teller) -> Table:
    """Every assumption and lever, its value as the sentences say it, and what was changed."""
    found = teller.table("levers", ("lever", "value", "changed"))
    scenario = teller.result.binding.scenario
    values = Values(teller.language, teller.result.index.base_year)
    said = [values.text(path, plain(scenario.get(path))) for path in found.rows["path"]]
    return _bare(teller, replace(found, rows=found.rows.assign(value=said)))


def _compared(teller: Teller) -> Iterator[Block | None]:
    """The other scenarios: what they do, their verdicts, parameters, money, and the steps."""
    assert teller.comparison is not None
    shown = sides(teller.comparison, teller.language, teller.money)
    for sentence in text.compared(teller):
        yield Text(sentence)
    facts = summary_table(shown)
    kept = facts.rows[facts.rows["id"].isin(FACTS)]
    yield Shown(_bare(teller, replace(facts, rows=kept)))
    labels = [f"s{place}" for place in range(len(shown.printers))]
    parameters = parameters_table(shown)
    if len(parameters.rows):
        yield Shown(_bare(teller, shortened(parameters, ("parameter", *labels))))
    money = money_table(shown)
    ends = money.rows["id"].isin(("need", "available", "gap"))
    yield Shown(_bare(teller, replace(money, rows=money.rows[ends])))
    for other in shown.others:
        yield steps_chart(teller, other)
        yield Shown(_bare(teller, waterfall_table(shown, other)))


def _schools(teller: Teller) -> Table:
    """Every school and stage: pupils, operating funds by year, per pupil, money in all."""
    years = (teller.result.index.years[BASE], *teller.years)
    last = years[-1]
    tables = {year: table(teller.result, f"schools_{year}", teller.language, teller.money)
              for year in years}  # fmt: skip
    rows = tables[last].rows.copy()
    for year, found in tables.items():
        rows[f"funds_{year}"] = found.rows["operating_funds"]
    by_id = {column.id: column for column in tables[last].columns}
    funds = by_id["operating_funds"]
    columns = [by_id[name] for name in ("school_id", "school_name", "stage")]
    columns.append(replace(by_id["pupils"], label=teller.say("pupils_of", year=last)))
    columns += [
        replace(funds, id=f"funds_{year}", label=teller.say("funds_of", year=year))
        for year in years
    ]
    each = by_id["operating_funds_per_pupil"]
    columns.append(replace(each, label=teller.say("per_pupil_last", year=last)))
    columns.append(replace(by_id["direct_need"], label=teller.say("need_of", year=last)))
    title = teller.say("table.schools")
    return Table("brief_schools", title, tuple(columns), rows, "", teller.language)


__all__ = ["Picture", "annexes", "brief_bytes", "sections", "write_brief"]
