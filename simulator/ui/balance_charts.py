"""Charts of balance: what share of each standard schools reach, and how far they differ."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from simulator import glossary, units
from simulator.glossary import Language
from simulator.law.balance.quantities import QUALITY
from simulator.machine.language import above
from simulator.present.sentences.beside import staying
from simulator.results.result import Result
from simulator.stages import STAGES
from simulator.ui.charts import COLOURS, LEGEND, LINE, MARGIN, Chart, laid_out, two_lines

#: Colours that the colour-blind tell apart: under the exempt share, nearly, met.
FAR, NEAR, MET_LIGHT, MET = "#E07B39", "#F0E442", "#DEEBF7", "#6BAED6"
INK = "#111111"
GHOST, UNKNOWN = "#BBBBBB", "#D9D9D9"
ROW = 22
#: Shares above this are all drawn in the last colour.
TOP = 1.5


def colours(exempt: float) -> list[list[object]]:
    """Steps, not a gradient: under the exempt share, nearly; then darker the higher."""
    near, met = exempt / TOP, 1 / TOP
    return [[0, FAR], [near, FAR], [near, NEAR], [met, NEAR], [met, MET_LIGHT], [1, MET]]


def shares_of(rows: pd.DataFrame, by_name: bool) -> tuple[list[str], Any]:
    """Schools and their shares (S, 7) as printed: worst on top, or by name; NaN unknown."""
    at = {item.id: place for place, item in enumerate(QUALITY)}
    found: dict[tuple[str, str], list[float]] = {}
    for row in rows.to_dict("records"):
        school = found.setdefault(
            (str(row["school_id"]), str(row["school_name"])), [math.nan] * len(at)
        )
        school[at[row["indicator_id"]]] = float(row["reached"])
    names, shares = [name for _, name in found], np.array(list(found.values()))
    if by_name:
        ranked = sorted(range(len(names)), key=lambda place: names[place])
    else:
        worst = np.nan_to_num(shares, nan=-1.0)
        ranked = np.lexsort((worst.sum(axis=1), worst.min(axis=1))).tolist()
    return [names[place] for place in ranked], shares[ranked]


def heat_map(
    result: Result, rows: pd.DataFrame, stage: str, year: int, language: Language, by_name: bool
) -> Chart:
    """Schools × indicators, coloured by the printed share of the standard reached."""
    names, shares = shares_of(rows, by_name)
    exempt = float(result.at("exempt_share", year)[0])
    printed = [[_share(value, language) for value in row] for row in shares]
    # schools stand at numbered places: two of one name stay two rows
    places = list(range(len(names)))
    heat = {
        "type": "heatmap", "z": np.minimum(shares, TOP), "y": places, "text": printed,
        "customdata": [[name] * len(QUALITY) for name in names],
        "x": [glossary.label(f"short.{item.id}", language) for item in QUALITY],
        "texttemplate": "%{text}", "textfont": {"size": 10, "color": INK}, "hoverongaps": True,
        "hovertemplate": "%{customdata}<br>%{x}: %{text}<extra></extra>", "zmin": 0, "zmax": TOP,
        "colorscale": colours(exempt), "showscale": False, "xgap": 1, "ygap": 1,
    }  # fmt: skip
    return laid_out(
        [heat], _heat_title(result, stage, year, language), showlegend=False,
        height=120 + ROW * max(len(names), 1), plot_bgcolor=UNKNOWN,
        # to the edge of the cells: the ground shows only where a share is not known
        margin={**MARGIN, "pad": 0},
        yaxis={"range": [len(names) - 0.5, -0.5], "automargin": True, "fixedrange": True,
               "tickvals": places, "ticktext": names, "showgrid": False, "zeroline": False},
        xaxis={"side": "top", "automargin": True, "fixedrange": True, "showgrid": False,
               "range": [-0.5, len(QUALITY) - 0.5], **under(language)},
    )  # fmt: skip


def under(language: Language) -> dict[str, Any]:
    """Names of the indicators along an axis, in two lines so that they stand upright."""
    words = [glossary.label(f"short.{item.id}", language) for item in QUALITY]
    return {"tickvals": words, "ticktext": [two_lines(word) for word in words]}


def _share(value: float, language: Language) -> str:
    return units.number(value, "share", language) if math.isfinite(value) else "—"


def _heat_title(result: Result, stage: str, year: int, language: Language) -> str:
    here = result.index.part_stage == STAGES.index(stage)
    inside = here & (result.at("in_scope", year) == 1)
    ok = result.at("school_ok", year)[inside]
    words = {"stage": glossary.label(f"stage.{stage}", language), "year": year, "count": len(ok)}
    unknown = int(np.isnan(ok).sum())
    if unknown:
        return glossary.text("ui.balance.heat_unknown", language, **words, unknown=unknown)
    return glossary.text("ui.balance.heat_title", language, **words, failing=int((ok == 0).sum()))


def cv_bars(result: Result, stage: str, year: int, language: Language) -> Chart:
    """Coefficients of variation against their limit, with last year's as a ghost."""
    position = STAGES.index(stage)
    labels = [glossary.label(f"short.{item.id}", language) for item in QUALITY]
    now = [float(result.at(f"cv_{item.id}", year)[position]) for item in QUALITY]
    limit = float(result.at("cv_limit", year)[position])
    bars: list[dict[str, Any]] = []
    hover = "%{fullData.name}<br>%{x}: %{y:.4f}<extra></extra>"
    if year > result.index.base_year:
        before = [float(result.at(f"cv_{item.id}", year - 1)[position]) for item in QUALITY]
        bars.append({"type": "bar", "x": labels, "y": before, "name": str(year - 1),
                     "marker": {"color": GHOST}, "hovertemplate": hover})  # fmt: skip
    bars.append({
        "type": "bar", "x": labels, "y": now, "name": str(year), "hovertemplate": hover,
        "marker": {"color": [COLOURS[4] if above(value, limit) else COLOURS[0] for value in now]},
        "text": [_coefficient(value, limit, language) for value in now],
        # as large as the rest also over narrow bars
        "textposition": "outside", "cliponaxis": False, "constraintext": "none",
        "textangle": 0, "textfont": {"size": 11},
    })  # fmt: skip
    name = glossary.label("ui.balance.limit", language)
    bars.append({
        "type": "scatter", "mode": "lines", "x": labels, "y": [limit] * len(labels),
        "name": f"{name} {limit:.2f}", "line": {"color": LINE, "dash": "dash"},
        "hoverinfo": "skip",
    })  # fmt: skip
    return laid_out(
        bars, _cv_title(now, limit, stage, year, language), barmode="group", bargap=0.25,
        xaxis={"fixedrange": True, "automargin": True, **under(language)},
        legend={**LEGEND, "yref": "paper", "y": 1.02}, margin={**MARGIN, "t": 40},
        yaxis={"range": [0, _top([*now, limit])], "fixedrange": True, "tickformat": ".2f"},
    )  # fmt: skip


def _top(values: list[float]) -> float:
    """Room above the highest bar for its figure."""
    return 1.12 * max((value for value in values if math.isfinite(value)), default=1.0)


def _coefficient(value: float, limit: float, language: Language) -> str:
    if not math.isfinite(value):
        return units.UNKNOWN[language]
    return f"{staying(value, [limit], 4):.4f}"


def _cv_title(now: list[float], limit: float, stage: str, year: int, language: Language) -> str:
    words = {"stage": glossary.label(f"stage.{stage}", language), "year": year, "count": len(now)}
    unknown = sum(not math.isfinite(value) for value in now)
    if unknown or not math.isfinite(limit):
        return glossary.text("ui.balance.cv_unknown", language, **words, unknown=unknown)
    over = sum(bool(above(value, limit)) for value in now)
    return glossary.text("ui.balance.cv_title", language, **words, over=over, limit=f"{limit:.2f}")
