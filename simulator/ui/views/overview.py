"""The first page: is the money enough, do schools come together, what stands in the way."""

from __future__ import annotations

import math
from typing import Any, Literal

import streamlit as st

from simulator import units
from simulator.present.sentences.verdict import count_words, overall, verdict_parts
from simulator.present.tables.catalogue import Printer, printed_money
from simulator.results.result import Result
from simulator.results.school_counts import FAILING, schools_counted
from simulator.stages import STAGES
from simulator.ui import cache, charts, state
from simulator.ui.components import tables, verdict, why
from simulator.ui.components.chart import draw
from simulator.ui.words import label, language, named, say

#: Heights of what stands in the way and of the rules below: more is scrolled to within them.
PARTS_HEIGHT, RULES_HEIGHT = 250, 388


def show(result: Result) -> None:
    """Figures, two charts, what is not met."""
    _figures(result)
    with st.container(key="two_charts"):
        left, right = st.columns(2)
    with left:
        _money(result)
    with right:
        _per_pupil(result)
    _in_the_way(result)


def _figures(result: Result) -> None:
    """Four figures of the last year, each against the scenario as it was picked."""
    now = state.session()
    before = cache.result(now.district, now.picked)
    printer = Printer(result, now.language, now.money)
    year = min(result.index.years[-1], before.index.years[-1])
    old, new = (printed_money(Printer(each, now.language, now.money), year)
                for each in (before, result))  # fmt: skip
    with st.container(key="four_figures"):
        columns = st.columns(4)
    for column, name in zip(columns, ("need", "available", "gap"), strict=False):
        with column.container(border=True, height="stretch"):
            _metric(name, year, new[name], new[name] - old[name], printer)
    with columns[3].container(border=True, height="stretch"):
        _failing(result, before, year)


def _metric(name: str, year: int, value: float, moved: float, printer: Printer) -> None:
    small = math.isnan(moved) or abs(moved) < 10**-printer.decimals
    unit = label(f"unit.{printer.money}")
    st.metric(
        say("metric", name=label(name), year=year, unit=unit),
        verdict.money_text(value), help=say("metric_help"),
        **_delta("" if small else units.written(moved, printer.decimals, signed=True),
                 "inverse" if name == "need" else "normal"),
    )  # fmt: skip
    why.button(why.Figure(name, year=year), key=f"metric:{name}")


def _delta(moved: str, colour: Literal["normal", "inverse"]) -> dict[str, Any]:
    """The line under a figure; where nothing moved it says so, and takes the same place."""
    if moved:
        return {"delta": moved, "delta_color": colour}
    return {"delta": say("metric_same"), "delta_color": "off", "delta_arrow": "off"}


def _failing(result: Result, before: Result, year: int) -> None:
    """Distinct schools that fail the rule of six out of seven, of those that are evaluated."""
    now = state.session()
    old, new = (schools_counted(each, year) for each in (before, result))
    moved = new.failing - old.failing
    st.metric(
        say("metric_failing", year=year), count_words(Printer(result, now.language), new),
        help=say("metric_failing_help"),
        **_delta(units.written(moved, 0, signed=True) if moved else "", "inverse"),
    )  # fmt: skip
    why.button(why.Figure(FAILING, year=year), key="metric:failing")


def _money(result: Result) -> None:
    now = state.session()
    printer = Printer(result, now.language, now.money)
    figure = cache.view(
        "money", result, now.language, now.money, make=lambda: charts.money(result, printer)
    )
    draw(figure, "money")


def _per_pupil(result: Result) -> None:
    present = [stage for stage in STAGES if stage in {each for _, each in result.index.parts}]
    stage = st.session_state.get("overview_stage") or present[0]
    figure = cache.view(
        "per_pupil", result, language(), stage,
        make=lambda: charts.per_pupil(result, stage, language()),
    )  # fmt: skip
    draw(figure, "per_pupil")
    st.segmented_control(
        say("stage"), present, default=present[0], key="overview_stage", required=True,
        format_func=named(present, lambda each: label(f"stage.{each}")),
        label_visibility="collapsed",
    )  # fmt: skip


def _in_the_way(result: Result) -> None:
    """What fails or is not known, then all rules, broken ones first: always as high."""
    with st.container(key="in_the_way", height=PARTS_HEIGHT):
        _parts(result)
    found = tables.of(result, "rules")
    checks = result.checks
    planned = checks[checks["year"] > result.index.base_year]
    broken = set(planned.loc[planned["status"] != "pass", "rule"])
    st.markdown(f"##### {say('in_the_way', count=len(broken), all=len(found.rows))}")
    rows = found.rows.sort_values(
        "rule_id", key=lambda ids: ~ids.isin(broken), kind="stable"
    ).reset_index(drop=True)
    tables.show(
        tables.only(found, rows), "overview_rules", tallest=RULES_HEIGHT,
        asked=lambda row, name: tables.rule_figure(result, row, name),
    )  # fmt: skip


def _parts(result: Result) -> None:
    """Every part of the verdict that does not hold; green only where all of them hold."""
    now = state.session()
    parts = verdict_parts(Printer(result, now.language, now.money))
    last = result.index.years[-1]
    if overall(parts) == "pass":
        st.success(say("all_met", last=last), icon=":material/check:")
    wanting = [part for part in parts if part.status != "pass"]
    if not wanting:
        return
    rules = next(part for part in parts if part.id == "rules")
    head = say("wanting" if rules in wanting else "wanting_beside_rules", last=last)
    lines = [f"- {part.text}" + (say("items_where") if part.id == "items" else "")
             for part in wanting]  # fmt: skip
    st.markdown("\n".join([f"##### {head}", *lines]))
