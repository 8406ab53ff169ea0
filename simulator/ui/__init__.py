"""The screen: the only room that knows Streamlit."""

from simulator.ui.frame import show as show
from simulator.ui.looks import ICON as ICON
