"""Charts of balance: what share of each standard schools reach, and how far they differ."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from simulator import glossary
from simulator.engine.result import Result
from simulator.formulas.items import QUALITY
from simulator.glossary import Language
from simulator.stages import STAGES
from simulator.units import number

#: Colours that the colour-blind tell apart: under the exempt share, nearly, met.
FAR, NEAR, MET, GHOST, LIMIT = "#D55E00", "#F0E442", "#0072B2", "#BBBBBB", "#000000"
CELL_HEIGHT = 22


def evaluated_parts(result: Result, stage: str, year: int) -> np.ndarray:
    """Positions of the evaluated parts of a stage, in the sheet's order."""
    here = result.index.part_stage == STAGES.index(stage)
    return np.flatnonzero(here & (result.at("in_scope", year) == 1))


def reached_matrix(result: Result, stage: str, year: int) -> tuple[list[str], np.ndarray]:
    """School ids and shares of the seven standards reached, the worst school first."""
    parts = evaluated_parts(result, stage, year)
    shares = np.stack([result.at(f"reached_{item.id}", year)[parts] for item in QUALITY], axis=1)
    worst = np.nan_to_num(shares, nan=-1.0)
    if not len(parts):
        return [], shares
    order = np.lexsort((worst.sum(axis=1), worst.min(axis=1)))
    return [result.index.parts[part][0] for part in parts[order]], shares[order]


def heat_map(
    result: Result, stage: str, year: int, language: Language, keep: set[str] | None = None
) -> go.Figure:
    """Schools × indicators, coloured by the share of the standard reached; worst on top."""
    schools, shares = reached_matrix(result, stage, year)
    if keep is not None:
        rows = [row for row, school in enumerate(schools) if school in keep]
        schools, shares = [schools[row] for row in rows], shares[rows]
    names = result.binding.district.schools["school_name"]
    exempt = float(result.at("exempt_share", year)[0])
    labels = [glossary.label(f"short.{item.id}", language) for item in QUALITY]
    printed = [[number(value, "share", language) for value in row] for row in shares]
    figure = go.Figure(
        go.Heatmap(
            z=np.minimum(shares, 1.5),
            x=labels,
            y=[str(names[school]) for school in schools],
            text=printed,
            texttemplate="%{text}",
            textfont={"size": 10},
            hovertemplate="%{y}<br>%{x}: %{text}<extra></extra>",
            zmin=0,
            zmax=1.5,
            colorscale=_scale(exempt),
            showscale=False,
            xgap=1,
            ygap=1,
        )
    )
    failing = int(result.at("schools_failing", year)[STAGES.index(stage)])
    title = glossary.text(
        "chart.heat_map", language, stage=glossary.label(f"stage.{stage}", language),
        year=year, failing=failing, count=len(evaluated_parts(result, stage, year)),
    )  # fmt: skip
    height = 150 + CELL_HEIGHT * max(len(schools), 1)
    figure.update_layout(title=title, height=height, margin={"l": 10, "r": 10, "t": 60, "b": 10})
    figure.update_yaxes(autorange="reversed", automargin=True)
    figure.update_xaxes(side="top", automargin=True)
    return figure


def _scale(exempt: float) -> list[list[object]]:
    """Steps, not a gradient: under the exempt share, nearly, met."""
    near, met = exempt / 1.5, 1 / 1.5
    return [[0, FAR], [near, FAR], [near, NEAR], [met, NEAR], [met, "#9ECAE1"], [1, MET]]


def cv_bars(result: Result, stage: str, year: int, language: Language) -> go.Figure:
    """Coefficients of variation against their limit, with last year's as a ghost."""
    position = STAGES.index(stage)
    labels = [glossary.label(f"short.{item.id}", language) for item in QUALITY]
    now = [float(result.at(f"cv_{item.id}", year)[position]) for item in QUALITY]
    limit = float(result.at("cv_limit", year)[position])
    figure = go.Figure()
    if year > result.index.base_year:
        before = [float(result.at(f"cv_{item.id}", year - 1)[position]) for item in QUALITY]
        figure.add_bar(
            x=labels, y=before, name=str(year - 1), marker_color=GHOST, opacity=0.6,
            hovertemplate="%{x}: %{y:.4f}<extra></extra>",
        )  # fmt: skip
    colours = [FAR if value > limit else MET for value in now]
    figure.add_bar(
        x=labels, y=now, name=str(year), marker_color=colours,
        text=[number(value, "ratio", language) for value in now], textposition="outside",
        hovertemplate="%{x}: %{y:.4f}<extra></extra>",
    )  # fmt: skip
    figure.add_hline(
        y=limit, line={"color": LIMIT, "dash": "dash"},
        annotation_text=glossary.text("chart.limit", language, limit=f"{limit:.2f}"),
    )  # fmt: skip
    over = sum(value > limit for value in now)
    title = glossary.text(
        "chart.cv_bars", language, stage=glossary.label(f"stage.{stage}", language),
        year=year, over=over, count=len(now),
    )  # fmt: skip
    figure.update_layout(
        title=title, height=360, barmode="group", margin={"l": 10, "r": 10, "t": 60, "b": 10},
        legend={"orientation": "h", "y": -0.35}, yaxis_title=glossary.label("unit.ratio", language),
    )  # fmt: skip
    figure.update_yaxes(rangemode="tozero")
    return figure
