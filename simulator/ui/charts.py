"""Charts people read: titles say the finding, axes carry units, colours suit the colour-blind."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from simulator import glossary, units
from simulator.escaping import Own, chart_texts, written
from simulator.glossary import Language
from simulator.law.balance.measure import coefficient_of_variation
from simulator.machine.language import BASE
from simulator.present.sentences.verdict import cash_words, worst_gap
from simulator.present.tables.catalogue import Printer, printed_money
from simulator.present.tables.money import NEED_LINES
from simulator.results.result import Result
from simulator.stages import STAGES

#: Okabe and Ito's colours.
COLOURS = ("#0072B2", "#56B4E9", "#009E73", "#F0E442", "#E69F00", "#CC79A7")
#: Hatches by which lines differ once all colours are taken.
HATCHES = ("", "/", ".", "x", "-")
LINE, RED, GREY = "#000000", "#D55E00", "rgba(110,110,110,0.45)"
HEIGHT = 400
LEGEND = {"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom",
          "font": {"size": 11}, "traceorder": "normal"}  # fmt: skip
MARGIN = {"l": 10, "r": 10, "t": 24, "b": 10}


def say(identifier: str, language: Language, **params: object) -> str:
    """A title or label of a chart."""
    return glossary.text(f"ui.chart.{identifier}", language, **params)


def two_lines(word: str) -> str:
    """A word for a narrow place under a bar: its last part on a second line."""
    if " " not in word and (word.isascii() or len(word) < 4):
        return word
    parts = word.rsplit(" ", 1) if " " in word else (word[:-2], word[-2:])
    return Own("<br>".join(written(part, "plotly") for part in parts))


def look(place: int) -> dict[str, Any]:
    """The look of the bars of a line: as many lines as one likes, no two alike."""
    hatch = HATCHES[place // len(COLOURS) % len(HATCHES)]
    return {"color": COLOURS[place % len(COLOURS)], "pattern": {"shape": hatch}}


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """A chart and the finding that stands above it."""

    title: str
    figure: go.Figure


def laid_out(data: list[dict[str, Any]], title: str, **layout: Any) -> Chart:
    """A chart with the margins and the legend that all have.

    Not checked by Plotly as it is made, which takes longer than everything else; the tests do.
    """
    shape = {"height": HEIGHT, "margin": MARGIN, "legend": LEGEND, **layout}
    drawn = chart_texts({"data": data, "layout": shape})
    return Chart(title, go.Figure(drawn, _validate=False))


def money(result: Result, printer: Printer) -> Chart:
    """Need by line, stacked, against the money there is, with the gap above each year."""
    language = printer.language
    years = list(result.index.years[BASE:])
    by_year = {year: printed_money(printer, year) for year in years}
    unit = glossary.label(f"unit.{printer.money}", language)
    bars = [
        {
            "type": "bar", "name": say(f"need.{line}", language), "x": years,
            "y": [by_year[year][line] for year in years], "marker": look(place),
            "hovertemplate": f"%{{fullData.name}}<br>%{{y:,.2f}} {unit}<extra></extra>",
        }
        for place, line in enumerate(NEED_LINES)
    ]  # fmt: skip
    there = {
        "type": "scatter", "mode": "lines+markers", "name": glossary.label("available", language),
        "x": years, "y": [by_year[year]["available"] for year in years],
        "line": {"color": LINE, "width": 2.5}, "marker": {"size": 8, "symbol": "diamond"},
        "hovertemplate": f"%{{fullData.name}}<br>%{{y:,.2f}} {unit}<extra></extra>",
    }  # fmt: skip
    return laid_out(
        [*bars, there], _money_title(printer), barmode="stack",
        annotations=[_gap_note(by_year[year], year, language) for year in years],
        xaxis={"tickvals": years, "fixedrange": True},
        yaxis={"title": {"text": unit}, "tickformat": ",.0f", "fixedrange": True},
    )  # fmt: skip


def _gap_note(amounts: dict[str, float], year: int, language: Language) -> dict[str, Any]:
    gap = amounts["gap"]
    tops = [each for each in (amounts["need"], amounts["available"]) if not math.isnan(each)]
    text = (
        glossary.label("status.unknown", language)
        if math.isnan(gap)
        else units.written(gap, 0, signed=True)
    )
    return {
        "x": year, "y": max(tops, default=0), "text": text, "showarrow": False,
        "yshift": 14, "font": {"color": RED if gap < 0 else LINE, "size": 13},
    }  # fmt: skip


def _money_title(printer: Printer) -> str:
    language = printer.language
    worst, gap = worst_gap(printer)
    if math.isnan(gap):
        return say("money_unknown", language)
    return say("money_short" if gap < 0 else "money_enough", language,
               year=worst, amount=cash_words(printer, gap))  # fmt: skip


def per_pupil(result: Result, stage: str, language: Language) -> Chart:
    """Operating funds per pupil, a line a school, with the standard as a band."""
    years = list(result.index.years[BASE:])
    parts = np.flatnonzero(result.index.part_stage == STAGES.index(stage))
    funds = np.stack([result.at("operating_funds_per_pupil", year)[parts] for year in years])
    unit = glossary.label("unit.yuan_per_pupil", language)
    names = result.binding.district.schools["school_name"]
    x, y, text = _broken_lines(result, parts, funds, years, names)
    schools = {
        "type": "scatter", "mode": "lines+markers", "x": x, "y": y, "text": text,
        "name": say("each_school", language), "line": {"color": GREY, "width": 1},
        "marker": {"size": 4, "color": GREY},
        "hovertemplate": f"%{{text}}<br>%{{x}}: %{{y:,.0f}} {unit}<extra></extra>",
    }  # fmt: skip
    return laid_out(
        [schools, *_band(result, stage, years, language)],
        _per_pupil_title(result, parts, stage, language),
        xaxis={"tickvals": years, "fixedrange": True},
        yaxis={"title": {"text": unit}, "tickformat": ",.0f", "fixedrange": True, "type": "log",
               "tickvals": _ticks(funds)},
    )  # fmt: skip


def _broken_lines(
    result: Result, parts: Any, funds: Any, years: list[int], names: Any
) -> tuple[list[Any], list[Any], list[Any]]:
    """Every school's line in one trace: a gap between one school and the next."""
    x: list[Any] = []
    y: list[Any] = []
    text: list[Any] = []
    for column, part in enumerate(parts):
        school = str(names[result.index.parts[part][0]])
        x += [*years, None]
        y += [None if math.isnan(value) else float(value) for value in funds[:, column]] + [None]
        text += [school] * (len(years) + 1)
    return x, y, text


def _band(result: Result, stage: str, years: list[int], language: Language) -> list[dict[str, Any]]:
    """The benchmark below, the district's standard above."""
    position = STAGES.index(stage)
    low = [float(result.at("operating_benchmark", year)[position]) for year in years]
    high = [float(result.at("operating_rate", year)[position]) for year in years]
    lines = [
        ("operating_benchmark", low, {"color": RED, "dash": "dash", "width": 2}, None),
        ("operating_rate", high, {"color": COLOURS[0], "width": 3}, "tonexty"),
    ]
    return [
        {"type": "scatter", "mode": "lines", "x": years, "y": values, "line": line, "fill": fill,
         "fillcolor": "rgba(0,114,178,0.15)", "name": glossary.label(name, language),
         "hovertemplate": "%{fullData.name}<br>%{x}: %{y:,.0f}<extra></extra>"}
        for name, values, line, fill in lines
        if not all(map(math.isnan, values))
    ]  # fmt: skip


def _ticks(funds: Any) -> list[float]:
    """Round amounts for the logarithmic axis."""
    known = funds[np.isfinite(funds) & (funds > 0)]
    if not known.size:
        return []
    steps = (500, 700, 1000, 1500, 2000, 3000, 5000, 7000, 10_000, 15_000, 20_000, 50_000)
    return [step for step in steps if known.min() * 0.8 <= step <= known.max() * 1.2]


def _per_pupil_title(result: Result, parts: Any, stage: str, language: Language) -> str:
    """How far schools differ, weighted by pupils, in the base year and in the last."""
    name = glossary.label(f"stage.{stage}", language)
    years = result.index.years[BASE:]
    before, after = (
        coefficient_of_variation(
            result.at("operating_funds", year)[parts], result.at("average_pupils", year)[parts]
        )
        for year in (years[0], years[-1])
    )
    if not (np.isfinite(before) and np.isfinite(after)):
        return say("per_pupil_unknown", language, stage=name)
    step = round(after, 3) - round(before, 3)
    code = "converges" if step < 0 else "diverges" if step > 0 else "keeps"
    return say(f"per_pupil_{code}", language, stage=name, first=years[0], last=years[-1],
               before=f"{before:.3f}", after=f"{after:.3f}")  # fmt: skip
