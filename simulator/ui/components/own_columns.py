"""Columns of the district's own workbook, declared so that formula lines may count them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from simulator.district.reading.own_columns import extra_headings
from simulator.own_formula.own_columns import missing_headings
from simulator.results.own_lines import own_formula
from simulator.results.result import Result
from simulator.ui.components.lines_table import OWN_COLUMN, OWN_UNITS, column_rows
from simulator.ui.words import language, safe, say


def show(result: Result, said: Mapping[str, Any]) -> pd.DataFrame:
    """The table to fill in, and which headings there are; what it says now."""
    district, rows = result.binding.district, column_rows(said)
    own = own_formula(result.binding.scenario, result.binding.policy)
    for heading in missing_headings(own.compiled.lines, district) if own else ():
        st.warning(say("lines.no_heading", heading=safe(heading)))
    with st.expander(say("lines.columns", count=len(rows)), key="lines_columns"):
        edited = st.data_editor(
            rows, hide_index=True, num_rows="dynamic", width="stretch", column_config=_config(),
            key=f"lines_columns:{language()}:{hash(repr(said))}",
        )  # fmt: skip
        known = extra_headings(district)
        there = "、".join(known) if language() == "zh" else ", ".join(known)
        st.caption(say("lines.columns_help", headings=safe(there or "—")))
    return edited


def _config() -> dict[str, Any]:
    """Headings; what a column holds is chosen, all else is written."""
    kinds: dict[Any, str] = {unit: say(f"lines.kind.{unit}") for unit in OWN_UNITS}
    config: dict[str, Any] = {
        name: st.column_config.TextColumn(say(f"lines.column.{name}")) for name in OWN_COLUMN
    }
    config["unit"] = st.column_config.SelectboxColumn(
        say("lines.column.unit"), options=list(OWN_UNITS), format_func=kinds.__getitem__
    )
    return config
