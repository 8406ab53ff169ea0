"""A chart on the page: the finding in words above it, so that it wraps on a narrow screen."""

from __future__ import annotations

import streamlit as st

from simulator.ui.charts import Chart
from simulator.ui.words import safe

QUIET = {"displayModeBar": False}


def draw(chart: Chart, key: str) -> None:
    """The finding, then the chart."""
    # its place is as high whether the finding takes one line or two
    with st.container(key=f"finding_{key}"):
        st.markdown(f"**{safe(chart.title)}**")
    st.plotly_chart(chart.figure, key=f"chart:{key}", config=QUIET, alt=chart.title)
