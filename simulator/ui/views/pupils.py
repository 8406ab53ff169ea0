"""The page of pupils: how many there will be, and which schools close, merge or open."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from simulator.errors import JunhengError
from simulator.present.table import Printer
from simulator.present.tables.pupils import VARIANTS, pupil_variants_table
from simulator.results.result import Result
from simulator.ui import cache, pupils_charts, state
from simulator.ui.components import chart, downloads, pupils_how, pupils_moves, tabbed, tables
from simulator.ui.components.school_filter import school_filter
from simulator.ui.words import language, safe, say

METHOD, VARIANT = "assumptions.pupils.method", "assumptions.pupils.variant"
TABS = ("chart", "how", "moves", "books")


def show(result: Result) -> None:
    """The path of pupils, how it is projected, what happens to schools, the books."""
    st.subheader(say("page.pupils"))
    shown: Mapping[str, Callable[[Result], None]] = {
        "chart": _path, "how": pupils_how.show, "moves": pupils_moves.show, "books": _books,
    }  # fmt: skip
    for name in tabbed.opened("pupils", TABS):
        shown[name](result)


def _path(result: Result) -> None:
    """The chart, and the variants side by side with what they do to the money."""
    found = _variants(result)
    chart.draw(pupils_charts.path(result, found, language()), "pupils_path")
    if len(found) < len(VARIANTS):
        st.caption(say("pupils.no_variants"))
        return
    now = state.session()
    made = pupil_variants_table(Printer(result, now.language, now.money), found)
    st.markdown(f"##### {made.title}")
    tables.show(made, "pupil_variants")
    downloads.one(made, "pupil_variants")


def _variants(result: Result) -> dict[str, Result]:
    """The scenario in its three variants; itself alone where nothing varies."""
    now = state.session()
    if now.draft.get(METHOD) != "cohort":
        return {"middle": result}
    try:
        return {
            name: cache.result(now.district, now.draft.with_changes({VARIANT: name}))
            for name in VARIANTS
        }
    except JunhengError as error:
        st.warning(safe(error.text(language())))
        return {"middle": result}


def _books(result: Result) -> None:
    """The books of the stages, pupils by grade and by school."""
    for name in ("pupil_books", "pupil_grades"):
        found = tables.of(result, name)
        st.markdown(f"##### {safe(found.title)}")
        tables.show(found, name)
        downloads.one(found, name)
    found = tables.of(result, "pupil_schools")
    st.markdown(f"##### {safe(found.title)}")
    rows = found.rows.iloc[:-1]
    kept = school_filter(rows, "pupil_schools")
    tables.show(
        found if len(kept) == len(rows) else tables.only(found, kept.reset_index(drop=True)),
        "pupil_schools",
    )
    downloads.one(found, "pupil_schools")
