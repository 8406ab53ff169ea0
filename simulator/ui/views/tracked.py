"""The page of the plan's targets, and of the law's values that everything stands on."""

from __future__ import annotations

import streamlit as st

from simulator.results.result import Result
from simulator.ui.components import downloads, tables
from simulator.ui.words import safe, say

#: Pixels for the values that are looser than the law.
LOOSER_HEIGHT = 320


def show(result: Result) -> None:
    """Tracked targets by year, then every value in force with its document."""
    st.subheader(say("page.tracked"))
    found = tables.of(result, "tracked")
    if found.rows.empty:
        st.info(say("no_targets"))
    else:
        # the number is part of the source, the id of the data's own making
        tables.show(found, "tracked", hide=("id",))
        downloads.one(found, "tracked")
    for identifier in ("policy", "looser"):
        found = tables.of(result, identifier)
        st.markdown(f"##### {safe(found.title)}")
        # what comes and goes with a lever has a place that is always as high
        with st.container(height=LOOSER_HEIGHT if identifier == "looser" else "content"):
            if found.rows.empty:
                st.caption(say("looser_none"))
                continue
            tables.show(found, identifier)
            downloads.one(found, identifier)
