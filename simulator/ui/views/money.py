"""The page of money: need by line, who bears it, and the district's rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from simulator.results.result import Result
from simulator.stages import STAGES
from simulator.ui.components import downloads, tables, why
from simulator.ui.words import label, safe, say

SHOWN = ("money", "sharing", "figures", "verdict")


def show(result: Result) -> None:
    """Four tables, each with its file."""
    st.subheader(say("page.money"))
    for identifier in SHOWN:
        found = tables.of(result, identifier)
        if identifier == "verdict":  # its remark is the line at the top of the page
            found = replace(found, note="")
        st.markdown(f"##### {safe(found.title)}")
        asked = None if identifier == "verdict" else _asked(result, identifier)
        tables.show(found, identifier, asked=asked)
        downloads.one(found, identifier)


def _asked(result: Result, identifier: str) -> tables.Asked:
    def figure(row: Mapping[str, Any], name: str) -> why.Figure | None:
        if not name.isdigit() or row["id"] not in result.values:
            return None
        stage = _stage_of(str(row.get("stage", ""))) if identifier == "figures" else None
        return why.Figure(str(row["id"]), None, stage, int(name))

    return figure


def _stage_of(words: str) -> str | None:
    """The stage that a word of the table means."""
    return next((stage for stage in STAGES if label(f"stage.{stage}") == words), None)
