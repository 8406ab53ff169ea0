"""The page of papers: what is handed up, each with what it holds; figures as on the screen."""

from __future__ import annotations

import streamlit as st

from simulator.results.result import Result
from simulator.ui.components import downloads
from simulator.ui.words import say


def show(result: Result) -> None:
    """A box for each paper: what it is for, and the button that gives it."""
    st.subheader(say("page.papers"))
    st.caption(say("papers.about", identity=result.identity[:8]))
    for name in downloads.PAPERS:
        with st.container(border=True):
            left, right = st.columns([3, 1], vertical_alignment="center")
            left.markdown(f"**{say(f'download_{name}')}**  \n{say(f'papers.{name}')}")
            with right:
                downloads.paper(result, name, ":page")
