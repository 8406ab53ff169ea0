"""The page of the district's own formula: its lines as a table, and how it behaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from simulator import glossary, units
from simulator.errors import FindingsError, JunhengError
from simulator.own_formula.line import PREFIX
from simulator.own_formula.sources import graph_sources
from simulator.present.table import YUAN, Printer, Table
from simulator.present.tables.lines import gains_table, lines_table, more_table
from simulator.results.goal import keep_total
from simulator.results.ramps import OnRamp, ramps
from simulator.results.result import Result
from simulator.scenario.formula import LinesInForce
from simulator.scenario.head import NATIONAL_FORMULA
from simulator.scenario.naming import pack_label
from simulator.ui import cache, state
from simulator.ui.charts import COLOURS, Chart, laid_out
from simulator.ui.components import chart, downloads, lines_start, own_columns, tabbed, tables, why
from simulator.ui.components.lines_refused import told
from simulator.ui.components.lines_table import (
    COLUMNS,
    column_rows,
    columns_said,
    rows_of,
    said_by,
)
from simulator.ui.components.school_filter import school_filter
from simulator.ui.words import label, language, named, safe, say

TABS = ("schools", "gains", "ramps", "seek")
SOUGHT = "lines_sought"


def show(result: Result) -> None:
    """The formula as a table; below, what each line pays to whom."""
    st.subheader(say("page.lines"))
    if result.lines is None:
        lines_start.show(result)
        return
    _edit(result, result.lines)
    shown: Mapping[str, Callable[[Result, int], None]] = {
        "schools": _schools, "gains": _gains, "ramps": _ramps, "seek": _seek,
    }  # fmt: skip
    years = list(result.index.years[2:])
    year = st.segmented_control(
        say("year"), years, default=years[-1], key="lines_year", required=True
    )
    for name in tabbed.opened("lines", TABS):
        shown[name](result, year if year in years else years[-1])


def _edit(result: Result, own: LinesInForce) -> None:
    """The lines as an editable table, checked as a whole when they are to be used."""
    said = own.content
    st.markdown(f"**{say('lines.title', name=safe(own.name(language())))}** — {say('lines.table')}")
    if own.pack:
        st.caption(say("lines.of_pack", pack=pack_label(own.pack, language())))
    rows = rows_of(said)
    edited = st.data_editor(
        rows, hide_index=True, num_rows="dynamic", width="stretch",
        key=f"lines_grid:{language()}:{hash(repr(said))}",
        column_config={name: st.column_config.TextColumn(say(f"lines.{name}"))
                       for name in COLUMNS},
    )  # fmt: skip
    st.caption(say("lines.help"))
    columns = own_columns.show(result, said)
    with st.container(horizontal=True):
        st.button(
            say("lines.apply"), key="lines_apply", type="primary", icon=":material/check:",
            on_click=_apply, args=(edited, columns, said),
            disabled=all(now.fillna("").equals(was)
                         for now, was in ((edited, rows), (columns, column_rows(said)))),
        )  # fmt: skip
        lines_start.back(result)
    for line in st.session_state.pop("lines_refused", ()):
        st.error(safe(line), icon=":material/error:")
    with st.expander(say("lines.names", count=len(graph_sources())), key="lines_names"):
        _names()


def _apply(edited: pd.DataFrame, own: pd.DataFrame, said: Mapping[str, Any]) -> None:
    """Take both tables; what is wrong with them is told and nothing changes."""
    try:
        state.edit({"lines": said_by(edited, columns_said(own, said))})
    except FindingsError as error:
        st.session_state["lines_refused"] = [told(each) for each in error.findings]
    except JunhengError as error:
        st.session_state["lines_refused"] = [error.text(language())]


def _names() -> None:
    """Every name that a formula may use, with its meaning and unit."""
    rows = [
        {
            say("lines.name"): name,
            say("lines.meaning"): label(name) if glossary.find(name) else name,
            say("lines.unit"): label(f"unit.{source.unit}"),
        }
        for name, source in sorted(graph_sources().items())
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt=say("lines.names", count=len(rows)))


def _printer(result: Result) -> Printer:
    now = state.session()
    return Printer(result, now.language, now.money)


def _table(result: Result, kind: str, make: Callable[[], Table], *what: Any) -> Table:
    now = state.session()
    return cache.view(kind, result, *what, now.language, now.money, make=make)


def _schools(result: Result, year: int) -> None:
    """Every school by line; what is shown adds up in both directions."""
    found = _table(result, "lines", lambda: lines_table(_printer(result), year), year)
    _listed(found, "lines", lambda row, name: _figure(result, row, name, year))


def _figure(result: Result, row: Mapping[str, Any], name: str, year: int) -> why.Figure | None:
    if not name.startswith(PREFIX) or not row.get("school_id") or name not in result.values:
        return None
    return why.Figure(name, str(row["school_id"]), str(row["stage_id"]), year)


def _listed(found: Table, key: str, asked: tables.Asked | None = None) -> None:
    rows = found.rows.iloc[:-1]
    kept = school_filter(rows, key)
    shown = found if len(kept) == len(rows) else tables.only(found, kept.reset_index(drop=True))
    st.markdown(f"##### {safe(found.title)}")
    tables.show(shown, key, asked=asked)
    downloads.one(found, key)


def _gains(result: Result, year: int) -> None:
    """Against last year, and against the national formula."""
    now = state.session()
    try:
        national = cache.result(now.district, now.draft.with_changes({"lines": NATIONAL_FORMULA}))
    except JunhengError as error:
        st.warning(safe(error.text(language())))
        national = None
    found = _table(
        result, "line_gains", lambda: gains_table(_printer(result), year, national), year
    )
    _listed(found, "line_gains")


def _ramps(result: Result, year: int) -> None:
    """The curve of each ramp with the district's schools on it."""
    found = ramps(result, year)
    if not found:
        st.info(say("lines.no_ramp"))
    for each in found:
        chart.draw(_ramp(result, each), f"ramp_{each.line}")


def _ramp(result: Result, ramp: OnRamp) -> Chart:
    names = result.binding.district.schools["school_name"]
    weights, known = ramp.weights(), np.isfinite(ramp.measure)
    x = [point[0] for point in ramp.points]
    inside = ramp.measure[known].tolist()
    ends = [min([*x, *inside]), *x, max([*x, *inside])]
    line = {
        "type": "scatter", "mode": "lines", "x": ends, "showlegend": False, "hoverinfo": "skip",
        "y": np.interp(ends, x, [point[1] for point in ramp.points]).tolist(),
        "line": {"color": COLOURS[0], "width": 2.5},
    }  # fmt: skip
    schools = {
        "type": "scatter", "mode": "markers", "x": inside, "y": weights[known].tolist(),
        "text": [str(names[result.index.parts[place][0]]) for place in np.flatnonzero(known)],
        "marker": {"color": COLOURS[4], "size": 8}, "name": say("lines.each"),
        "hovertemplate": "%{text}<br>%{x:.3f} → %{y:.3f}<extra></extra>",
    }  # fmt: skip
    name = result.graph.label(f"{PREFIX}{ramp.line}", language())
    if known.all() and len(inside):
        title = say("lines.ramp_title", line=name, count=len(inside),
                    low=f"{weights.min():.3f}", high=f"{weights.max():.3f}")  # fmt: skip
    else:
        title = say("lines.ramp_unknown", line=name, unknown=int((~known).sum()))
    return laid_out(
        [line, schools], title, xaxis={"title": {"text": ramp.text}, "fixedrange": True},
        yaxis={"title": {"text": say("lines.weight")}, "fixedrange": True},
    )  # fmt: skip


def _seek(result: Result, year: int) -> None:
    """What one more yuan on each line costs; one line changed so that a total is met."""
    found = _table(result, "line_yuan", lambda: more_table(_printer(result)))
    st.markdown(f"##### {safe(found.title)}")
    tables.show(found, "line_yuan")
    money = state.session().money
    lines = [
        name.removeprefix(PREFIX).removesuffix("_amount")
        for name in result.graph.inputs
        if name.startswith(PREFIX) and name.endswith("_amount")
    ]
    if not lines:
        return
    st.markdown(f"##### {say('lines.seek')}")
    left, middle, right = st.columns([2, 2, 1], vertical_alignment="bottom")
    line = left.selectbox(
        say("lines.seek_line"), lines, key="lines_seek_line",
        format_func=named(lines, lambda each: _title(result, each)),
    )  # fmt: skip
    now = float(result.at("operating_total", year)[0]) / YUAN[money]
    total = middle.number_input(
        say("lines.seek_total", unit=label(f"unit.{money}")), min_value=0.0,
        value=round(now, 2), key=f"lines_seek_total:{money}:{year}",
    )  # fmt: skip
    if right.button(say("lines.seek_go"), key="lines_seek", width="stretch"):
        try:
            st.session_state[SOUGHT] = keep_total(result, line, year, total * YUAN[money])
        except JunhengError as error:
            st.session_state.pop(SOUGHT, None)
            st.error(safe(_why_not(error)), icon=":material/error:")
    _sought(result)


def _why_not(error: JunhengError) -> str:
    """Why a goal is not met, with the figure by its name."""
    params = dict(error.params)
    if glossary.find(str(params.get("name", ""))):
        params["name"] = label(str(params["name"]))
    return JunhengError(error.code, **params).text(language())


def _title(result: Result, line: str) -> str:
    return result.graph.label(f"{PREFIX}{line}", language())


def _sought(result: Result) -> None:
    """What was found, to be taken or left."""
    found = st.session_state.get(SOUGHT)
    own = result.lines.content if result.lines else {}
    if found is None or found.path.split(".")[1] not in {
        str(line["id"]) for line in own.get("lines", ())
    }:
        return
    printer = _printer(result)
    total = units.with_unit(printer.cash(found.amount), printer.money, printer.language)
    st.info(safe(say(
        "lines.seek_found", line=_title(result, found.path.split(".")[1]),
        times=f"{found.value:.6g}", year=found.goal.year, total=total,
    )))  # fmt: skip
    st.button(say("lines.seek_take"), key="lines_seek_take", on_click=_take, args=(found.scenario,))


def _take(scenario: Any) -> None:
    state.edit({"lines": scenario.lines})
    st.session_state.pop(SOUGHT, None)
