"""The line at the top of every page: whose figures these are, and what they come to."""

from __future__ import annotations

import math

import streamlit as st

from simulator import units
from simulator.engine.result import Result
from simulator.export.tables import Printer, printed_money
from simulator.formulas.language import BASE
from simulator.ui import state
from simulator.ui.words import label, safe, say


def show(result: Result) -> None:
    """District, scenario, base year; balanced when, money, rules met."""
    now = state.session()
    banner = st.container()
    if result.binding.district.invented:
        banner.caption(f":material/science: {say('sample_banner')}")
    changes = len(now.draft.changed())
    name = safe(now.picked.title(now.language))
    title = say("scenario_changed", name=name, count=changes) if changes else name
    where = say("verdict.where", district=safe(result.binding.district.name), scenario=title,
                year=result.index.base_year)  # fmt: skip
    parts = (_balance(result), _money(result), _rules(result))
    st.markdown(f"#### {where}\n" + " ".join(parts))


def worst_gap(result: Result) -> tuple[int, float]:
    """The planned year with the least left over, and that gap as the money table prints it."""
    printer = Printer(result, state.session().language, state.session().money)
    years = result.index.years[BASE + 1 :]
    gaps = {year: printed_money(printer, year)["gap"] for year in years}
    unknown = [year for year, gap in gaps.items() if math.isnan(gap)]
    worst = unknown[0] if unknown else min(gaps, key=lambda year: gaps[year])
    return worst, gaps[worst]


def money_text(amount: float, with_unit: bool = True) -> str:
    """An amount of a table, with its unit; unknown is said to be so."""
    if math.isnan(amount):
        return label("status.unknown")
    unit = state.session().money
    decimals = 0 if unit == "yuan" else 2
    text = f"{amount:,.{decimals}f}".replace("-", "−")
    return units.amount(text, unit, state.session().language) if with_unit else text


def _balance(result: Result) -> str:
    verdict = result.verdict
    if verdict.balanced_year is not None:
        return f":green-badge[{say('verdict.balanced', year=verdict.balanced_year)}]"
    if not verdict.determinable:
        return f":gray-badge[{say('verdict.balance_unknown')}]"
    return f":orange-badge[{say('verdict.not_balanced', year=result.index.years[-1])}]"


def _money(result: Result) -> str:
    """What is left in the tightest year, or the gap of the worst, as the table of money has it."""
    year, gap = worst_gap(result)
    if math.isnan(gap):
        return f":gray-badge[{say('verdict.gap_unknown', year=year)}]"
    colour, words = ("green", "verdict.gap") if gap >= 0 else ("red", "verdict.short")
    return f":{colour}-badge[{say(words, year=year, gap=money_text(gap))}]"


def _rules(result: Result) -> str:
    verdict = result.verdict
    colour = "green" if verdict.rules_met == verdict.rules_total else "red"
    text = say("verdict.rules", met=verdict.rules_met, total=verdict.rules_total)
    return f":{colour}-badge[{text}]"
