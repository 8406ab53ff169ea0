"""Cost per pupil with and without investment, in words: a year of building breaks the rule."""

from __future__ import annotations

import numpy as np

from simulator import glossary
from simulator.machine.language import BASE
from simulator.present.table import Printer, word_of
from simulator.present.tables.money import stages_there
from simulator.results.judge import status_of
from simulator.stages import STAGES

RULE = "growth_per_pupil"
COST, RUNNING = "cost_per_pupil", "running_cost_per_pupil"


def running_words(printer: Printer) -> str:
    """Whether cost per pupil rises without investment, by stage and year; nothing unjudged.

    Where the base year's investment is not known, that the first year is judged without it.
    """
    if RULE not in set(printer.result.checks["rule"]):
        return ""
    stages = [stage for stage in stages_there(printer) if stage in ("primary", "junior")]
    said = printer.word("semicolon").join(_of_stage(printer, stage) for stage in stages)
    words = [printer.word("running_cost", said=said)]
    if any(_base_unknown(printer, stage) for stage in stages):
        words.append(printer.word("investment_unknown", year=printer.result.index.base_year + 1))
    return glossary.run_on(words, printer.language)


def statuses(printer: Printer, stage: str) -> dict[int, str]:
    """pass, fail or unknown of each planned year, by cost without investment."""
    at, index = STAGES.index(stage), printer.result.index
    values = printer.result.values[RUNNING][:, at]
    now, before = values[BASE + 1 :], values[BASE:-1]
    found = status_of(now, before, now - before, strict=True)
    return dict(zip(index.years[BASE + 1 :], found, strict=True))


def _of_stage(printer: Printer, stage: str) -> str:
    found = statuses(printer, stage)
    years = (
        printer.word("in_year", year=year, status=word_of("status", status, printer.language))
        for year, status in found.items()
    )
    name = word_of("stage", stage, printer.language)
    return printer.word("stage_years", stage=name, years=printer.word("stop").join(years))


def _base_unknown(printer: Printer, stage: str) -> bool:
    at, base = STAGES.index(stage), printer.result.index.base_year
    whole, running = (printer.result.at(name, base)[at] for name in (COST, RUNNING))
    return bool(np.isnan(whole) and np.isfinite(running))
