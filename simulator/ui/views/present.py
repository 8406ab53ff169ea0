"""The page for a meeting room: the verdict in large letters, three charts, no controls."""

from __future__ import annotations

import functools

import streamlit as st

from simulator.present.sentences.verdict import count_words, gap_words, verdict_parts, worst_gap
from simulator.present.table import Printer
from simulator.results.result import Result
from simulator.results.school_counts import schools_counted
from simulator.stages import STAGES
from simulator.ui import balance_charts, cache, charts, state
from simulator.ui.components import chart
from simulator.ui.words import language, safe, say

#: The sides of the screen are empty while it is shown to others.
LOOK = """<style>
[data-testid="stSidebar"],[data-testid="stExpandSidebarButton"]{display:none}
[data-testid="stMetricValue"]{font-size:2.2rem}
[data-testid="stMetricLabel"] p{font-size:1.25rem}
.st-key-present_charts p{font-size:1.15rem}
@media (min-width:1200px){.st-key-present_charts [data-testid="stMarkdown"]{min-height:3.8rem}}
</style>"""


def show(result: Result) -> None:
    """One scenario at a time, turned like pages."""
    st.html(LOOK)
    _turn()
    now = state.session()
    name = result.binding.scenario.title(now.language)
    st.title(f"{safe(result.binding.district.name)} · {safe(name)}")
    question = now.picked.question.get(now.language)
    st.markdown(f"### {safe(question)}" if question else " ")
    _verdict(result)
    with st.container(key="present_charts"):
        printer = Printer(result, now.language, now.money)
        drawn = [
            cache.view("present_money", result, now.language, now.money,
                       make=lambda: charts.money(result, printer)),
            *(cache.view("present_stage", result, stage, now.language,
                         make=functools.partial(_of_stage, result, stage))
              for stage in STAGES[:2] if (result.index.part_stage == STAGES.index(stage)).any()),
        ]  # fmt: skip
        for place, (column, made) in enumerate(zip(st.columns(len(drawn)), drawn, strict=True)):
            with column:
                chart.draw(made, f"present_{place}")


def _of_stage(result: Result, stage: str) -> charts.Chart:
    return balance_charts.cv_bars(result, stage, result.index.years[-1], language())


def _turn() -> None:
    """To the scenario before and after, in the order in which they can be picked."""
    there = state.scenarios()
    found, places = list(there.values()), list(there)
    place_of = state.place_of(state.session().picked)
    here = places.index(place_of) if place_of is not None else 0
    reading = state.session().reading
    left, middle, right = st.columns([1, 3, 1], vertical_alignment="center")
    left.button(
        say("present.previous"), key="present_previous", icon=":material/arrow_back:",
        on_click=state.pick, args=(found[here - 1],), width="stretch", disabled=reading,
    )  # fmt: skip
    place = say("present.place", number=here + 1, count=len(found))
    middle.markdown(
        f"<div style='text-align:center;padding-bottom:1rem'>{place}</div>", unsafe_allow_html=True
    )
    right.button(
        say("present.next"), key="present_next", icon=":material/arrow_forward:",
        on_click=state.pick, args=(found[(here + 1) % len(found)],), width="stretch",
        disabled=reading,
    )  # fmt: skip


def _verdict(result: Result) -> None:
    """Balanced when, money in the tightest year, rules met: the same as in the line above."""
    now, found = state.session(), result.verdict
    printer = Printer(result, now.language, now.money)
    parts = {part.id: part for part in verdict_parts(printer)}
    last = result.index.years[-1]
    year, gap = worst_gap(printer)
    texts = {
        "balanced": _balance(parts["balance"].status, found.balanced_year, last),
        "money": gap_words(printer, gap),
        "schools": count_words(printer, schools_counted(result, last)),
        "rules": f"{found.rules_met}/{found.rules_total}",
    }
    with st.container(key="present_verdict"):
        places = st.columns(len(texts))
    for place, (name, text) in zip(places, texts.items(), strict=True):
        place.metric(say(f"present.{name}", year=year if name == "money" else last), text)
    if parts["items"].status == "fail":
        st.caption(parts["items"].text)


def _balance(status: str, first: int | None, last: int) -> str:
    """Balanced from when, in as few words as a large letter takes."""
    code = "lost" if status == "fail" and first is not None else status
    return say(f"present.balance.{code}", year=first, last=last)
