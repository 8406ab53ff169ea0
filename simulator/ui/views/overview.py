"""The first page: is the money enough, do schools come together, what stands in the way."""

from __future__ import annotations

import math

import streamlit as st

from simulator.engine.result import Result
from simulator.export.tables import Printer, printed_money
from simulator.stages import STAGES
from simulator.ui import cache, charts, state
from simulator.ui.components import tables, verdict, why
from simulator.ui.components.chart import draw
from simulator.ui.words import label, language, named, say


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
        verdict.money_text(value, with_unit=False),
        delta=None if small else f"{moved:+,.{printer.decimals}f}",
        delta_color="inverse" if name == "need" else "normal", help=say("metric_help"),
    )  # fmt: skip
    why.button(why.Figure(name, year=year), key=f"metric:{name}")


def _failing(result: Result, before: Result, year: int) -> None:
    """Schools that fail the rule of six out of seven."""
    old, new = (_count(each, year) for each in (before, result))
    unknown = math.isnan(new)
    st.metric(
        say("metric_failing", year=year), label("status.unknown") if unknown else f"{new:.0f}",
        delta=None if unknown or math.isnan(old) or new == old else f"{new - old:+.0f}",
        delta_color="inverse", help=say("metric_help"),
    )  # fmt: skip
    why.button(
        why.Figure("schools_failing", stage=(_evaluated(result) or STAGES)[0], year=year),
        key="metric:failing",
    )


def _count(result: Result, year: int) -> float:
    """Failing schools over the stages that the district has; unknown where one is."""
    counts = result.at("schools_failing", year)
    return float(sum(counts[STAGES.index(each)] for each in _evaluated(result)))


def _evaluated(result: Result) -> list[str]:
    present = {stage for _, stage in result.index.parts}
    return [stage for stage in STAGES[:2] if stage in present]


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
    """Rules that are broken, in one table; where to mend them is on the page of rules."""
    checks = result.checks
    planned = checks[checks["year"] > result.index.base_year]
    broken = list(dict.fromkeys(planned.loc[planned["status"] != "pass", "rule"]))
    if not broken:
        st.success(say("all_rules_met", last=result.index.years[-1]), icon=":material/check:")
        return
    st.markdown(f"##### {say('in_the_way', count=len(broken))}")
    found = tables.of(result, "rules")
    rows = found.rows[found.rows["rule_id"].isin(broken)].reset_index(drop=True)
    tables.show(
        tables.only(found, rows), "overview_rules",
        asked=lambda row, name: tables.rule_figure(result, row, name),
    )  # fmt: skip
