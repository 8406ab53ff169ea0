"""How pupils are projected: by growth rates, from grade to grade, or by a table of one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from simulator.district.pupils.intake import INTAKE, KINDERGARTEN, SPREAD, USUAL_SPREAD, VARIANT
from simulator.errors import FindingsError, JunhengError
from simulator.results.pupil_books import grade_total
from simulator.results.result import Result
from simulator.scenario.levers import levers
from simulator.scenario.naming import choice_label, lever_label
from simulator.ui import cache, state
from simulator.ui.components import pupils_rows as rows
from simulator.ui.words import label, language, named, safe, say

METHODS, SOURCES, VARIANTS = (
    levers()[path].choices for path in (f"{rows.PUPILS}.method", f"{INTAKE}.method", VARIANT)
)
REFUSED = "pupils_refused"
Changes = dict[str, Any]


def show(result: Result) -> None:
    """The method, what it needs, and a button that checks it and takes it."""
    told()
    said = state.session().draft
    method = st.segmented_control(
        say("pupils.how"), METHODS, default=said.get(f"{rows.PUPILS}.method") or "growth",
        key="pupils_method", required=True,
        format_func=named(METHODS, lambda each: choice_label(each, language())),
    )  # fmt: skip
    st.caption(say(f"pupils.{method}_help"))
    asked: Callable[[Result], Changes] = {
        "growth": lambda _: {}, "cohort": _cohort, "table": _table,
    }[method]  # fmt: skip
    try:
        changes = rows.of_method(asked(result), method)
    except JunhengError as error:  # something is still to be filled in
        st.info(safe(error.text(language())), icon=":material/edit:")
        return
    st.button(
        say("pupils.use"), key="pupils_use", type="primary", icon=":material/check:",
        on_click=use, args=(changes,),
    )  # fmt: skip


def use(changes: Changes) -> None:
    """Take changes that the model can compute; what it cannot is told, and nothing changes."""
    now = state.session()
    try:
        cache.result(now.district, now.draft.with_changes(changes))
        state.edit(changes)
    except FindingsError as error:
        st.session_state[REFUSED] = [each.text(language()) for each in error.findings]
    except JunhengError as error:
        st.session_state[REFUSED] = [error.text(language())]


def told() -> None:
    """Why a change was not taken."""
    for line in st.session_state.pop(REFUSED, ()):
        st.error(safe(line), icon=":material/error:")


def _cohort(result: Result) -> Changes:
    """Where new pupils come from, the variant, and progression from grade to grade."""
    said, years = state.session().draft, result.index.years[2:]
    source = st.segmented_control(
        lever_label(f"{INTAKE}.method", language()), SOURCES,
        default=said.get(f"{INTAKE}.method") or "given", key="pupils_source", required=True,
        format_func=named(SOURCES, lambda each: choice_label(each, language())),
    )  # fmt: skip
    found: Changes = {f"{INTAKE}.method": source}
    if source == "given":
        found |= _given(result)
    else:
        found |= _births(result) if source == "births" else _kindergarten(result)
        found |= _scales(len(years))
    return {**found, **_variant(), **_rates()}


def _given(result: Result) -> Changes:
    years = result.index.years[2:]
    start = grade_total(result, result.index.base_year, "primary", 1)
    known = rows.intake_rows(state.session().draft, years, start)
    names = {stage: label(f"stage.{stage}") for stage in known["stage"]}
    edited = _grid(
        known.assign(stage=known["stage"].map(names)), "intake", fixed=("stage",),
        headings={"stage": say("pupils.stage")},
    )  # fmt: skip
    st.caption(say("pupils.junior_note"))
    return rows.intake_said(edited.assign(stage=known["stage"]), years)


def _births(result: Result) -> Changes:
    years = result.index.years[2:]
    edited = _grid(
        rows.birth_rows(state.session().draft, years), "births", fixed=("born",),
        headings={"born": say("pupils.born"), "births": say("pupils.births")}, whole=("born",),
    )  # fmt: skip
    first = years[0]
    st.caption(say("pupils.births_note", first=first, earlier=first - 7, later=first - 6))
    return rows.births_said(edited)


def _kindergarten(result: Result) -> Changes:
    names = {group: label(f"lever_key.{group}") for group in KINDERGARTEN}
    edited = _grid(rows.kindergarten_rows(state.session().draft), "kindergarten", headings=names)
    st.caption(say("pupils.kindergarten_note", base=result.index.base_year))
    return rows.kindergarten_said(edited)


def _scales(years: int) -> Changes:
    """Survival and in-migration: one number for all years, unless the file gives one a year."""
    said, found = state.session().draft, {}
    places = st.columns(2)
    for place, name in zip(places, ("survival", "in_migration"), strict=True):
        path = f"{INTAKE}.{name}"
        value = said.get(path)
        if isinstance(value, list):
            continue
        found[path] = place.number_input(
            lever_label(path, language()), min_value=0.0, max_value=1.0 if name == "survival"
            else 5.0, value=1.0 if value is None else float(value), step=0.01, format="%.3f",
            key=f"pupils_{name}",
        )  # fmt: skip
    return found


def _variant() -> Changes:
    """The variant, and how far the high and the low one lie from the middle one."""
    said = state.session().draft
    left, right = st.columns(2)
    chosen = left.selectbox(
        lever_label(VARIANT, language()), VARIANTS, key="pupils_variant",
        index=VARIANTS.index(said.get(VARIANT) or "middle"),
        format_func=named(VARIANTS, lambda each: choice_label(each, language())),
    )  # fmt: skip
    spread = said.get(SPREAD)
    percent = right.number_input(
        f"{lever_label(SPREAD, language())} (%)", min_value=0.0, max_value=100.0, step=1.0,
        value=round(100 * (USUAL_SPREAD if spread is None else spread), 4), key="pupils_spread",
    )  # fmt: skip
    return {VARIANT: chosen, SPREAD: round(percent / 100, 6)}


def _rates() -> Changes:
    st.markdown(f"**{say('pupils.rate')}**")
    words = {str(grade): f"{grade} → {grade + 1}" for grade in range(1, 9)}
    edited = _grid(rows.rate_rows(state.session().draft), "rates", headings=words, form="%.4f")
    st.caption(say("pupils.rates_note"))
    return rows.rates_said(edited)


def _table(result: Result) -> Changes:
    """Every school's pupils by year, as they are now, to be changed."""
    years = result.index.years[2:]
    known = rows.table_rows(result)
    names = {stage: label(f"stage.{stage}") for stage in known["stage"].unique()}
    edited = _grid(
        known.assign(stage=known["stage"].map(names)), "table",
        fixed=("school_id", "school_name", "stage"),
        headings={"school_id": say("pupils.code"), "school_name": say("pupils.name"),
                  "stage": say("pupils.stage")},
    )  # fmt: skip
    said = rows.table_said(edited.assign(stage=known["stage"]), years)
    return {f"{rows.PUPILS}.table": said}


def _grid(
    known: pd.DataFrame, key: str, fixed: tuple[str, ...] = (),
    headings: dict[str, str] | None = None, whole: tuple[str, ...] = (), form: str = "%.0f",
) -> pd.DataFrame:  # fmt: skip
    """A table whose cells can be changed; it begins anew where what it shows has changed."""
    texts = {**{name: name for name in map(str, known.columns)}, **(headings or {})}
    config: dict[str, Any] = {}
    for name in map(str, known.columns):
        if pd.api.types.is_numeric_dtype(known[name]):
            config[name] = st.column_config.NumberColumn(
                texts[name], format="%d" if name in whole else form, min_value=0
            )
        else:
            config[name] = st.column_config.TextColumn(texts[name])
    print_ = hash(known.to_csv())
    return st.data_editor(
        known, hide_index=True, width="stretch", disabled=fixed, column_config=config,
        key=f"pupils_{key}:{language()}:{print_}", placeholder="",
    )  # fmt: skip
