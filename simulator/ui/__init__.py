"""The screen: the only room that knows Streamlit."""

from simulator.ui.frame import show as show
