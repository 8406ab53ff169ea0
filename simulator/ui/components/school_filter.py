"""Filters that leave some schools of a table: stage, type, area, weak ones, a part of a name."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from simulator.ui.words import label, language, say


def school_filter(rows: pd.DataFrame, key: str, stages: bool = True) -> pd.DataFrame:
    """The rows that are left; ``rows`` say school, type, area, stage and weak of each."""
    with st.container(key=f"filters_{key}"):
        places = st.columns(5 if stages else 4, vertical_alignment="bottom")
    typed = places[0].text_input(say("search"), key=f"{key}_search", placeholder=say("search_hint"))
    left = rows
    fields = [("school_type", "column.school_type"), ("area", "column.area")]
    if stages:
        fields.insert(0, ("stage", "ui.stage"))
    for place, (name, word) in zip(places[1:], fields, strict=False):
        left = _matching(place, left, rows, name, word, key)
    if places[-1].toggle(say("only_weak"), key=f"{key}_weak"):
        left = left[left["weak"].astype(bool)]
    if typed:
        left = left[left["school_name"].str.contains(typed, case=False, regex=False)]
    return left


def _matching(
    place: Any, left: pd.DataFrame, rows: pd.DataFrame, name: str, word: str, key: str
) -> pd.DataFrame:
    options = [each for each in dict.fromkeys(rows[name]) if each]
    chosen = place.multiselect(
        label(word), options, key=f"{key}_{name}:{language()}", placeholder=say("all")
    )
    return left[left[name].isin(chosen)] if chosen else left
