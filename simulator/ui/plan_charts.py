"""Charts of a plan: schools before and after, money by year, and what more equality costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from simulator import glossary, units
from simulator.escaping import Own
from simulator.law.balance.quantities import QUALITY
from simulator.plan.found import Plan
from simulator.plan.frontier import Point
from simulator.plan.problem import ITEMS
from simulator.present.sentences.plan import PlanWords
from simulator.present.table import Printer, Table
from simulator.stages import STAGES
from simulator.ui.balance_charts import TOP, colours
from simulator.ui.charts import COLOURS, GREY, LINE, Chart, laid_out, look

ROW = 20


def before_and_after(plan: Plan, stage: str, printer: Printer) -> Chart:
    """Schools × indicators in the target year, without the plan and with it; worst on top."""
    language = printer.language
    year = plan.problem.years[plan.solved.decision.problem.target]
    results = (plan.ground.result, plan.result)
    index = plan.result.index
    here = index.part_stage == STAGES.index(stage)
    parts = np.flatnonzero(here & (plan.result.at("in_scope", year) == 1))
    shares = [
        np.stack([each.at(f"reached_{item.id}", year)[parts] for item in QUALITY], axis=1)
        for each in results
    ]
    order = np.lexsort((shares[0].sum(axis=1), np.nan_to_num(shares[0], nan=-1).min(axis=1)))
    names = [PlanWords(plan, printer).school(index.parts[part][0]) for part in parts[order]]
    failing = [int(each.at("schools_failing", year)[STAGES.index(stage)]) for each in results]
    exempt = float(plan.result.at("exempt_share", year)[0])
    title = glossary.text(
        "ui.plan.heat_title", language, stage=glossary.label(f"stage.{stage}", language),
        year=year, before=len(parts) - failing[0], after=len(parts) - failing[1],
        count=len(parts),
    )  # fmt: skip
    maps = [
        _heat(share[order], names, exempt, printer, axis)
        for share, axis in zip(shares, ("x", "x2"), strict=True)
    ]
    heads = [_head(word, place, language) for word, place in (("before", 0.24), ("after", 0.76))]
    upright = {"side": "top", "fixedrange": True, "tickangle": -45, "automargin": True}
    return laid_out(
        maps, title, height=190 + ROW * max(len(names), 1), annotations=heads, showlegend=False,
        margin={"l": 10, "r": 10, "t": 50, "b": 34, "pad": 0},
        xaxis={**upright, "domain": [0, 0.49]}, xaxis2={**upright, "domain": [0.51, 1]},
        yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True},
    )  # fmt: skip


def _head(word: str, place: float, language: Any) -> dict[str, Any]:
    return {
        "text": Own(f"<b>{glossary.label(f'ui.plan.heat_{word}', language)}</b>"), "x": place,
        "y": -0.004, "xref": "paper", "yref": "paper", "yanchor": "top", "showarrow": False,
    }  # fmt: skip


def _heat(
    shares: Any, names: list[str], exempt: float, printer: Printer, axis: str
) -> dict[str, Any]:
    printed = [[units.number(value, "share", printer.language) for value in row] for row in shares]
    labels = [glossary.label(f"short.{item.id}", printer.language) for item in QUALITY]
    # a level that is held to its standard may lie a rounding error under it
    drawn = np.where(shares >= 1 - 1e-9, np.maximum(shares, 1.0), shares)
    drawn = np.where((shares < exempt) & (shares >= exempt - 1e-9), exempt, drawn)
    return {
        "type": "heatmap", "z": np.minimum(drawn, TOP), "x": labels, "y": names, "xaxis": axis,
        "text": printed, "hovertemplate": "%{y}<br>%{x}: %{text}<extra></extra>",
        "zmin": 0, "zmax": TOP, "showscale": False, "xgap": 1, "ygap": 1,
        "colorscale": colours(exempt),
    }  # fmt: skip


def money(plan: Plan, table: Table, printer: Printer) -> Chart:
    """Purchases by item and year, stacked, against the money there is."""
    rows = {row["id"]: row for row in table.records()}
    years = list(plan.problem.years)
    unit = glossary.label(f"unit.{printer.money}", printer.language)
    hover = f"%{{fullData.name}}<br>%{{x}}: %{{y:,.2f}} {unit}<extra></extra>"
    bars = [
        {"type": "bar", "name": rows[item]["line"], "x": years, "hovertemplate": hover,
         "y": [rows[item][str(year)] for year in years], "marker": look(place)}
        for place, item in enumerate((*ITEMS, "extra"))
    ]  # fmt: skip
    there = {
        "type": "scatter", "mode": "lines+markers", "name": rows["there"]["line"], "x": years,
        "y": [rows["there"][str(year)] for year in years], "hovertemplate": hover,
        "line": {"color": LINE, "width": 2.5}, "marker": {"size": 8, "symbol": "diamond"},
    }  # fmt: skip
    left = {year: rows["left"][str(year)] for year in years}
    tight = min(left, key=lambda year: left[year])
    total = printer.total([rows["spent"][str(year)] for year in years])
    title = glossary.text(
        "ui.plan.money_title", printer.language, year=tight,
        total=units.with_unit(total, printer.money, printer.language),
        left=units.with_unit(left[tight], printer.money, printer.language),
    )  # fmt: skip
    return laid_out(
        [*bars, there], title, barmode="stack", xaxis={"tickvals": years, "fixedrange": True},
        yaxis={"title": {"text": unit}, "tickformat": ",.0f", "fixedrange": True},
    )  # fmt: skip


def frontier(points: Sequence[Point], printer: Printer) -> Chart | None:
    """Cost against the worst coefficient by its limit; None where no point is known."""
    known = sorted((p for p in points if math.isfinite(p.cost)), key=lambda p: p.ratio)
    if not known:
        return None
    language = printer.language
    unit = glossary.label(f"unit.{printer.money}", language)
    costs = [printer.rounded(point.cost) for point in known]
    shares = [units.number(point.ratio, "share", language) for point in known]
    line = {
        "type": "scatter", "mode": "lines+markers", "x": [point.ratio for point in known],
        "y": costs, "text": shares, "line": {"color": COLOURS[0], "width": 2.5},
        "marker": {"size": 8}, "showlegend": False,
        "hovertemplate": f"%{{text}}: %{{y:,.2f}} {unit}<extra></extra>",
    }  # fmt: skip
    title = glossary.text(
        "ui.plan.frontier_title", language, loose=shares[-1], tight=shares[0],
        low=units.with_unit(costs[-1], printer.money, language),
        high=units.with_unit(costs[0], printer.money, language),
    )  # fmt: skip
    limit = {"type": "line", "x0": 1, "x1": 1, "yref": "paper", "y0": 0, "y1": 1,
             "line": {"dash": "dash", "color": GREY}}  # fmt: skip
    x = {"title": {"text": glossary.label("ui.plan.frontier_x", language)}, "tickformat": ".0%"}
    y = {"title": {"text": glossary.text("ui.plan.frontier_y", language, unit=unit)}}
    return laid_out(
        [line], title, shapes=[limit], xaxis={**x, "fixedrange": True},
        yaxis={**y, "tickformat": ",.0f", "fixedrange": True, "rangemode": "tozero"},
    )  # fmt: skip
