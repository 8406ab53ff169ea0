"""Under a lever that counts for nothing: why."""

from __future__ import annotations

import streamlit as st

from simulator.present.sentences.idle import idle_mark
from simulator.results.result import Result
from simulator.scenario.levers import Lever
from simulator.ui.words import language


def show(result: Result, lever: Lever) -> None:
    """Why a lever counts for nothing under the formula in force, where it does."""
    marks = (idle_mark(result, path, language()) for path in (lever.path, *lever.paths))
    if mark := next(filter(None, marks), ""):
        st.caption(mark)
