"""The page of schools: what each gets in a year; totals are the sums of what is printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from simulator.present.tables.catalogue import Table
from simulator.results.result import Result
from simulator.ui.components import downloads, tables, why
from simulator.ui.words import label, language, named, safe, say

KINDS = ("schools", "school_totals")


def show(result: Result) -> None:
    """A table of one year, filtered, with its totals under it."""
    st.subheader(say("page.schools"))
    years = list(result.index.years[1:])
    with st.container(key="schools_top"):
        left, right = st.columns(2)
    year = left.segmented_control(
        say("year"), years, default=years[-1], key="schools_year", required=True
    )
    kind = right.segmented_control(
        say("table"), KINDS, default=KINDS[0], key="schools_kind", required=True,
        format_func=named(KINDS, lambda each: say(f"kind.{each}")),
    )  # fmt: skip
    year = year if year in years else years[-1]
    found = tables.of(result, f"{kind}_{year}")
    kept = _filtered(result, found)
    st.caption(say("schools_shown", shown=len(kept), all=int((found.rows["total"] == 0).sum())))
    if kept.empty:
        st.info(say("nothing_matches"))
        return
    tables.show(
        replace(found, rows=kept, note=""), f"schools:{kind}", hide=("school_id",),
        asked=lambda row, name: _figure(result, row, name, int(year)),
    )  # fmt: skip
    _totals(found, kept)
    if len(kept) == (found.rows["total"] == 0).sum():
        _bridge(found)
    downloads.one(tables.only(found, kept), f"schools_{kind}")


def _filtered(result: Result, found: Table) -> pd.DataFrame:
    """The rows of schools that the filters leave."""
    rows = found.rows[found.rows["total"] == 0]
    schools = result.binding.district.schools
    with st.container(key="filters_schools"):
        words, kinds, stages, areas = st.columns(4, vertical_alignment="bottom")
    typed = words.text_input(say("search"), key="schools_search", placeholder=say("search_hint"))
    chosen = _choose(kinds, "school_type", rows["school_type"])
    if chosen:
        rows = rows[rows["school_type"].isin(chosen)]
    if rows["stage"].astype(bool).any():
        wanted = _choose(stages, "stage", rows["stage"])
        rows = rows[rows["stage"].isin(wanted)] if wanted else rows
    else:
        only = stages.toggle(say("only_weak"), key="schools_weak")
        weak: list[str] = list(schools.index[schools["weak"] == 1]) if "weak" in schools else []
        rows = rows[rows["school_id"].isin(weak)] if only else rows
    where = _choose(areas, "area", rows["area"])
    rows = rows[rows["area"].isin(where)] if where else rows
    if typed:
        rows = rows[rows["school_name"].str.contains(typed, case=False, regex=False)]
    return rows.reset_index(drop=True)


def _choose(place: Any, name: str, values: pd.Series) -> list[str]:
    options = [each for each in dict.fromkeys(values) if each]
    return list(place.multiselect(
        label(f"column.{name}") if name != "stage" else say("stage"), options,
        key=f"schools_{name}:{language()}", placeholder=say("all"),
    ))  # fmt: skip


def _totals(found: Table, kept: pd.DataFrame) -> None:
    """The printed figures of the rows above, added up as they stand."""
    last = found.rows[found.rows["total"] == 1].iloc[0]
    added = [c for c in found.columns if c.numeric and last[c.id] != ""]
    row: dict[str, Any] = {"school_name": say("total_of", count=len(kept))}
    for column in added:
        values = pd.to_numeric(kept[column.id], errors="coerce")
        row[column.id] = (
            float("nan") if values.isna().any() else round(float(values.sum()), column.decimals)
        )
    columns = [c for c in found.columns if c.id == "school_name" or c in added]
    shown = Table("totals", say("total_of", count=len(kept)), tuple(columns),
                  pd.DataFrame([row]), "", found.language)  # fmt: skip
    tables.show(shown, "school_sums")


def _bridge(found: Table) -> None:
    """From the sum of all schools to the table of money: what no row of a school holds."""
    lines = found.rows[found.rows["total"] == 2]
    if lines.empty:
        return
    columns = [c for c in found.columns if c.id == "school_name" or (lines[c.id] != "").any()]
    shown = Table("bridge", safe(label("export.bridge_note")), tuple(columns),
                  lines.reset_index(drop=True), "", found.language)  # fmt: skip
    st.caption(shown.title)
    tables.show(shown, "school_bridge")


def _figure(result: Result, row: Mapping[str, Any], name: str, year: int) -> why.Figure | None:
    """The figure that stands in a cell."""
    graph = result.graph
    known = name in graph.formulas or name in graph.inputs
    if not known or name not in result.values:
        return None
    level = graph.level(name)
    if level == "part":
        return why.Figure(name, str(row["school_id"]), str(row["stage_id"]), year)
    return why.Figure(name, str(row["school_id"]), None, year) if level == "school" else None
