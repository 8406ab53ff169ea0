"""The line at the top of every page: whose figures these are, and what they come to."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from simulator import units
from simulator.present.sentences.verdict import Part, overall, verdict_parts
from simulator.present.tables.catalogue import Printer
from simulator.results.result import Result
from simulator.ui import state
from simulator.ui.words import label, safe, say

#: Green is said only where everything holds; a part that holds beside one that fails is blue.
COLOURS = {"pass": "blue", "fail": "red", "unknown": "gray"}


def show(result: Result) -> None:
    """District, scenario, base year; balanced when, money, rules met; how much was changed."""
    now = state.session()
    banner = st.container()
    if result.binding.district.invented:
        banner.caption(f":material/science: {say('sample_banner')}")
    where = say("verdict.where", district=safe(result.binding.district.name),
                scenario=safe(now.picked.title(now.language)),
                year=result.index.base_year)  # fmt: skip
    with st.container(key="verdict"):
        st.markdown(f"#### {where}\n{badges(result)} {_changes(len(now.draft.changed()))}")


def badges(result: Result) -> str:
    """Every part of the verdict, always as many of them: no line comes or goes."""
    return badged(verdict_parts(_printer(result)))


def badged(parts: Sequence[Part]) -> str:
    """Parts of a verdict as badges, each in its own colour."""
    whole = overall(parts) == "pass"
    return " ".join(f":{colour(part.status, whole=whole)}-badge[{part.brief}]" for part in parts)


def colour(status: str, *, whole: bool) -> str:
    """The colour of a part; green only where the whole verdict holds."""
    return "green" if whole and status == "pass" else COLOURS[status]


def _changes(count: int) -> str:
    """Whether the scenario is as it was picked."""
    return f":orange-badge[{say('changed', count=count)}]" if count else (
        f":gray-badge[{say('unchanged')}]"
    )  # fmt: skip


def _printer(result: Result) -> Printer:
    now = state.session()
    return Printer(result, now.language, now.money)


def money_text(amount: float) -> str:
    """An amount of a table without its unit; unknown is said to be so."""
    if math.isnan(amount):
        return label("status.unknown")
    return units.written(amount, units.DECIMALS[state.session().money])
