"""The line at the top of every page: whose figures these are, and what they come to."""

from __future__ import annotations

import math

import streamlit as st

from simulator import units
from simulator.present.sentences.verdict import DECIDING, verdict_parts
from simulator.present.tables.catalogue import Printer
from simulator.results.result import Result
from simulator.ui import state
from simulator.ui.words import label, safe, say

#: Green is said only of what holds.
COLOURS = {"pass": "green", "fail": "red", "unknown": "gray"}


def show(result: Result) -> None:
    """District, scenario, base year; balanced when, money, rules met."""
    now = state.session()
    banner = st.container()
    if result.binding.district.invented:
        banner.caption(f":material/science: {say('sample_banner')}")
    changes = len(now.draft.changed())
    name = safe(now.picked.title(now.language))
    title = say("scenario_changed", name=name, count=changes) if changes else name
    where = say("verdict.where", district=safe(result.binding.district.name), scenario=title,
                year=result.index.base_year)  # fmt: skip
    st.markdown(f"#### {where}\n{badges(result)}")


def badges(result: Result) -> str:
    """Every part of the verdict; an item of the evaluation only where it fails."""
    parts = verdict_parts(_printer(result))
    return " ".join(
        f":{COLOURS[part.status]}-badge[{part.brief}]"
        for part in parts
        if part.id in DECIDING or part.status == "fail"
    )


def _printer(result: Result) -> Printer:
    now = state.session()
    return Printer(result, now.language, now.money)


def money_text(amount: float) -> str:
    """An amount of a table without its unit; unknown is said to be so."""
    if math.isnan(amount):
        return label("status.unknown")
    return units.written(amount, units.DECIMALS[state.session().money])
