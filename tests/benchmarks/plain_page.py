"""The page that the screen is held against: one slider and one empty chart."""

import plotly.graph_objects as go
import streamlit as st

st.slider("A slider", 0.0, 100.0, 50.0, 0.5)
st.plotly_chart(go.Figure(), key="chart")
