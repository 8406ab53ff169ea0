"""Charts of scenarios side by side; each title says the finding."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from simulator import glossary, units
from simulator.present.sentences.verdict import gap_words
from simulator.present.table import Table
from simulator.present.tables.comparison import Sides
from simulator.stages import STAGES
from simulator.ui.charts import COLOURS, LINE, RED, Chart, laid_out, two_lines

#: The least difference of coefficients that an axis spans.
LEAST_RANGE = 0.02
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


def _say(shown: Sides, identifier: str, **params: object) -> str:
    return glossary.text(f"ui.compare.{identifier}", shown.language, **params)


def _lines(shown: Sides, values: Sequence[Sequence[float]], hover: str) -> list[dict[str, Any]]:
    """A line a scenario; they differ in dashes too, for those who do not tell colours apart."""
    colours = (*COLOURS[:3], LINE, *COLOURS[4:])
    return [
        {"type": "scatter", "mode": "lines+markers", "name": label, "x": list(shown.years),
         "y": [None if math.isnan(each) else each for each in line], "hovertemplate": hover,
         "line": {"color": colours[place % len(colours)], "dash": DASHES[place % len(DASHES)],
                  "width": 2.5}, "marker": {"size": 7}}
        for place, (label, line) in enumerate(zip(shown.comparison.labels, values, strict=True))
    ]  # fmt: skip


def gaps(shown: Sides) -> Chart:
    """The gap of each scenario by year, as the tables of money print it."""
    values = [[shown.printed[n][year]["gap"] for year in shown.years]
              for n in range(len(shown.printers))]  # fmt: skip
    unit = glossary.label(f"unit.{shown.money}", shown.language)
    lines = _lines(
        shown, values, f"%{{fullData.name}}<br>%{{x}}: %{{y:,.2f}} {unit}<extra></extra>"
    )
    flat = [(gap, n, year) for n, line in enumerate(values)
            for gap, year in zip(line, shown.years, strict=True)]  # fmt: skip
    if any(math.isnan(gap) for gap, _, _ in flat):
        title = _say(shown, "gap_unknown")
    else:
        gap, place, year = min(flat)
        title = _say(shown, "gap_title", worst=shown.comparison.labels[place], year=year,
                     gap=gap_words(shown.printers[place], gap))  # fmt: skip
    return laid_out(
        lines, title, xaxis={"tickvals": list(shown.years), "fixedrange": True},
        yaxis={"title": {"text": _say(shown, "gap_axis", unit=unit)}, "tickformat": ",.0f",
               "fixedrange": True, "zeroline": True, "zerolinecolor": RED},
    )  # fmt: skip


def waterfall(shown: Sides, other: int, year: int, table: Table) -> Chart:
    """From the base's gap to the other's; the steps are those of the printed table."""
    rows = [row for row in table.records() if row["id"] in ("gap_from", "gap_to")
            or row[str(year)] != 0]  # fmt: skip
    values = [row[str(year)] for row in rows]
    labels = shown.comparison.labels
    words = [str(row["line"]) for row in rows]
    bars = {
        "type": "waterfall", "x": words, "y": values,
        "measure": ["absolute", *["relative"] * (len(rows) - 2), "total"],
        "text": [_step(value, 0 < place < len(rows) - 1) for place, value in enumerate(values)],
        "textposition": "outside", "cliponaxis": False, "constraintext": "none",
        "textangle": 0, "connector": {"line": {"color": "#999999", "width": 1}},
        "increasing": {"marker": {"color": COLOURS[0]}},
        "decreasing": {"marker": {"color": RED}}, "totals": {"marker": {"color": "#777777"}},
        "hovertemplate": "%{x}<br>%{y:,.2f}<extra></extra>",
    }  # fmt: skip
    title = _say(
        shown, "waterfall_title", year=year, base=labels[shown.base], other=labels[other],
        start=gap_words(shown.printer, values[0]), end=gap_words(shown.printer, values[-1]),
    )  # fmt: skip
    unit = glossary.label(f"unit.{shown.money}", shown.language)
    return laid_out(
        [bars], title, showlegend=False,
        xaxis={"fixedrange": True, "automargin": True, "tickvals": words,
               "ticktext": [two_lines(word) for word in words]},
        yaxis={"title": {"text": unit}, "tickformat": ",.0f", "fixedrange": True},
    )  # fmt: skip


def _step(value: float, signed: bool) -> str:
    return units.written(value, 0, signed=signed)


def _range(values: Sequence[Sequence[float]]) -> list[float] | None:
    """From the lowest to the highest coefficient; a difference of nothing is not drawn large."""
    known = [each for line in values for each in line if math.isfinite(each)]
    if not known:
        return None
    middle = (min(known) + max(known)) / 2
    half = max(0.6 * (max(known) - min(known)), LEAST_RANGE / 2)
    return [middle - half, middle + half]


def by_stage(shown: Sides, figure: str, stage: str) -> Chart:
    """One figure of a stage by year and scenario: its standard, or the least CV headroom."""
    position = STAGES.index(stage)
    values = [
        [float(result.at(figure, year)[position]) for year in shown.years]
        for result in shown.comparison.results
    ]
    rate = figure == "operating_rate"
    decimals = 0 if rate else 4
    last = [line[-1] for line in values]
    words = {"stage": glossary.label(f"stage.{stage}", shown.language), "year": shown.years[-1]}
    if not all(map(math.isfinite, last)):
        title = _say(shown, "unknown_title", **words)
    else:
        low, high = (units.written(each, decimals) for each in (min(last), max(last)))  # fmt: skip
        code = f"{'rate' if rate else 'cv'}_{'same' if low == high else 'title'}"
        title = _say(shown, code, **words, low=low, high=high)
    hover = f"%{{fullData.name}}<br>%{{x}}: %{{y:,.{decimals}f}}<extra></extra>"
    axis = (glossary.label("unit.yuan_per_pupil", shown.language) if rate
            else _say(shown, "headroom"))  # fmt: skip
    return laid_out(
        _lines(shown, values, hover), title,
        xaxis={"tickvals": list(shown.years), "fixedrange": True},
        yaxis={"title": {"text": axis}, "fixedrange": True,
               "tickformat": ",.0f" if rate else ".3f",
               **({} if rate else {"range": _range(values)})},
    )  # fmt: skip
