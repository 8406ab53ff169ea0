"""Why a figure is what it is: a window that goes from any figure down to cells and the law."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

import streamlit as st

from simulator import units
from simulator.errors import JunhengError
from simulator.machine.trace import Trace
from simulator.present.sentences.causes import cause_lines
from simulator.present.sentences.explained import Line, lines_of, value_text
from simulator.present.table import YUAN
from simulator.results.result import Result
from simulator.ui import state
from simulator.ui.words import label, language, safe, say

#: Lines of the whole tree that are shown at once.
MOST_LINES = 400
DEPTH = 12


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a result by name and place."""

    name: str
    school: str | None = None
    stage: str | None = None
    year: int | None = None


def button(figure: Figure, key: str) -> None:
    """A small "why?" beside a figure."""
    if st.button(say("why"), key=f"why:{key}", type="tertiary", icon=":material/help:"):
        ask(figure)


def ask(figure: Figure) -> None:
    """Open the window for a figure at the end of this run."""
    st.session_state["why"] = [figure]
    st.session_state["why_asked"] = True


def show(result: Result) -> None:
    """The window, if a figure was asked for in this run."""
    if st.session_state.pop("why_asked", False) and st.session_state.get("why"):
        st.dialog(say("why_title"), width="large")(_window)(result)


def _window(result: Result) -> None:
    path: list[Figure] = st.session_state["why"]
    try:
        trace = _trace(result, path[-1])
    except JunhengError as error:
        st.error(safe(error.text(language())))
        return
    if len(path) > 1:
        st.button(
            say("why_back"), icon=":material/arrow_back:", key="why_back", on_click=_back,
        )  # fmt: skip
    _head(trace)
    _inputs(trace)
    _tree(trace)


def _trace(result: Result, figure: Figure) -> Trace:
    return result.explain(figure.name, figure.school, figure.stage, figure.year)


def _back() -> None:
    st.session_state["why"].pop()


def _deeper(figure: Figure) -> None:
    st.session_state["why"].append(figure)


def figure_text(value: float, unit: str, *, telling_all: bool = False) -> str:
    """A figure with its unit, money in the unit that the visitor chose."""
    if unit == "yuan":
        money = state.session().money
        value, unit = value / YUAN[money], money
    return units.with_unit(value, unit, language(), telling_all=telling_all)


def line_text(line: Line) -> str:
    """A line's figure; a lever that the scenario leaves alone is not set."""
    if line.trace.lever is not None and math.isnan(line.value):
        return value_text(line, language())
    return figure_text(line.value, line.unit)


def _head(trace: Trace) -> None:
    line = next(lines_of(trace, language(), depth=0))
    where = " · ".join(part for part in (safe(line.place), line.when) if part)
    st.markdown(f"**{safe(line.label)}**" + (f" · {where}" if where else ""))
    causes = cause_lines(trace, language())
    if causes:
        st.warning("\n".join([causes[0], *(f"- {safe(each)}" for each in causes[1:])]))
    st.markdown(f"### {safe(line_text(line))}")
    if line.formula:
        st.markdown(safe(line.formula))
    if line.source:
        st.caption(f"{say('why_source')} {safe(line.source)}")


def _inputs(trace: Trace) -> None:
    """What it is made of, each with a way further down."""
    if not trace.inputs:
        return
    st.markdown(f"**{say('why_inputs')}**")
    for number, child in enumerate(trace.taken):
        _row(number, child)
    left = [child for child in trace.inputs if child not in trace.taken]
    if left:
        names = label("export.stop").join(
            next(lines_of(child, language(), depth=0)).label for child in left
        )
        st.caption(say("why_not_taken", names=safe(names)))


def _row(number: int, child: Trace) -> None:
    line = next(lines_of(child, language(), depth=0))
    left, middle, right = st.columns([5, 3, 1], vertical_alignment="center")
    where = " · ".join(part for part in (safe(line.place), line.when) if part)
    with left.container(gap=None):
        st.markdown(f"{safe(line.label)}" + (f" :gray[{where}]" if where else ""))
        if line.source:
            st.caption(safe(line.source))
    middle.markdown(f"**{safe(line_text(line))}**")
    if child.inputs and not child.rest:
        school, stage = child.place
        figure = Figure(child.name, school, stage, child.year)
        right.button(
            "", icon=":material/chevron_right:", key=f"why_deeper:{number}", help=say("why_open"),
            on_click=_deeper, args=(figure,),
        )  # fmt: skip


def _tree(trace: Trace) -> None:
    """The whole tree as one table."""
    box = st.expander(say("why_tree"), key="why_tree", on_change="rerun")
    if not box.open:
        return
    lines = list(lines_of(trace, language(), DEPTH, MOST_LINES))
    with box:
        st.dataframe([_record(line) for line in lines], hide_index=True, height=420)
        if len(lines) == MOST_LINES:
            st.caption(say("why_cut", count=MOST_LINES))


def _record(line: Line) -> dict[str, str]:
    return {
        say("why_figure"): f"{'　' * line.depth}{line.label}",
        say("why_place"): line.place,
        label("export.year"): line.when,
        label("export.value"): line_text(line),
        say("why_formula"): line.formula,
        say("why_from"): line.source,
    }


def selected(key: str, seen: object) -> bool:
    """Whether a selection is new; one that was answered does not open its window again."""
    mark = hashlib.sha256(repr(seen).encode()).hexdigest()
    before = st.session_state.get(f"answered:{key}")
    st.session_state[f"answered:{key}"] = mark
    return before != mark
