"""Junheng on screen: page setup, then whatever the screen's room shows."""

from __future__ import annotations

import streamlit as st

from simulator import ui

st.set_page_config(
    page_title="均衡 Junheng", page_icon=ui.ICON, layout="wide",
    initial_sidebar_state="expanded",
)  # fmt: skip
ui.show()
