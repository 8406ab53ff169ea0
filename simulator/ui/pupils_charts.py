"""The chart of pupils: each stage over the years, its variants beside it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from simulator import glossary
from simulator.district.pupils.grades import GRADED
from simulator.glossary import Language
from simulator.machine.language import BASE
from simulator.results.result import Result
from simulator.stages import STAGES
from simulator.ui.charts import COLOURS, RED, Chart, laid_out

COLOUR = {"primary": COLOURS[0], "junior": RED}
DASH = {"high": "dot", "middle": "solid", "low": "dash"}


def path(result: Result, variants: Mapping[str, Result], language: Language) -> Chart:
    """Pupils of each stage by year; the chosen scenario's numbers stand in the title."""
    years = list(result.index.years[BASE:])
    lines = [
        _line(found, stage, variant, years, language, alone=len(variants) == 1)
        for stage in GRADED
        for variant, found in variants.items()
    ]
    unit = _say("people", language)
    return laid_out(
        lines, _title(result, years, language),
        xaxis={"tickvals": years, "fixedrange": True},
        yaxis={"tickformat": ",.0f", "fixedrange": True, "rangemode": "tozero"},
        annotations=[{"xref": "paper", "yref": "paper", "x": 0, "y": 1.06, "xanchor": "left",
                      "text": unit, "showarrow": False}],
    )  # fmt: skip


def _say(word: str, language: Language, **params: object) -> str:
    return glossary.text(f"ui.pupils.{word}", language, **params)


def _line(
    found: Result, stage: str, variant: str, years: list[int], language: Language, *, alone: bool
) -> dict[str, Any]:
    name = glossary.label(f"stage.{stage}", language)
    if not alone:
        word = glossary.label(f"lever_choice.{variant}", language)
        name = _say("line", language, stage=name, variant=word)
    return {
        "type": "scatter", "mode": "lines+markers", "name": name, "x": years,
        "y": [_pupils(found, stage, year) for year in years],
        "line": {"color": COLOUR[stage], "dash": DASH[variant],
                 "width": 3 if variant == "middle" else 1.5},
        "marker": {"size": 6},
        "hovertemplate": "%{fullData.name}<br>%{x}: %{y:,.0f}<extra></extra>",
    }  # fmt: skip


def _pupils(found: Result, stage: str, year: int) -> float | None:
    value = float(found.at("stage_pupils", year)[STAGES.index(stage)])
    return value if math.isfinite(value) else None


def _title(result: Result, years: list[int], language: Language) -> str:
    ends = {f"{stage}{place}": _pupils(result, stage, year)
            for stage in GRADED for place, year in enumerate((years[0], years[-1]))}  # fmt: skip
    if any(value is None for value in ends.values()):
        return _say("chart_unknown", language)
    shown = {name: f"{value:,.0f}" for name, value in ends.items()}
    return _say("chart_title", language, first=years[0], last=years[-1], **shown)
