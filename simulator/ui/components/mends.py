"""For each broken rule: what is missing, and which single lever would restore it."""

from __future__ import annotations

import streamlit as st

from simulator.present.sentences.verdict import gap_words
from simulator.present.tables.catalogue import Printer
from simulator.results.result import Result
from simulator.results.seek import Mend, changed_to, mends
from simulator.scenario.naming import lever_label
from simulator.scenario.values import Values
from simulator.ui import cache, state
from simulator.ui.components import sliders
from simulator.ui.components.tables import RULES_BY_ID
from simulator.ui.components.why import figure_text
from simulator.ui.words import label, language, safe, say

#: Pixels that the boxes have; more of them are scrolled to within it.
HEIGHT = 320


def show(result: Result) -> None:
    """A box for each broken rule, in a place that is always as high; else that none is broken."""
    checks = result.checks
    planned = checks[checks["year"] > result.index.base_year]
    broken = list(dict.fromkeys(planned.loc[planned["status"] == "fail", "rule"]))
    st.subheader(say("mends"))
    with st.container(key="mends", height=HEIGHT):
        if not broken:
            st.caption(say("mends_nothing"))
        for rule in broken:
            with st.container(border=True):
                _rule(result, rule)


def _rule(result: Result, rule: str) -> None:
    st.markdown(f"**{label(f'rule.{rule}')}** — {_missing(result, rule)}")
    found = cache.view("mends", result, rule, make=lambda: mends(result, rule))
    if not found:
        st.caption(say("mends_none"))
    for mend in found:
        _mend(result, mend)


def _missing(result: Result, rule: str) -> str:
    """The headroom that is missing in the first year in which the rule is broken."""
    checks = result.checks
    failing = checks[
        (checks["rule"] == rule)
        & (checks["status"] == "fail")
        & (checks["year"] > result.index.base_year)
    ]
    year = int(failing["year"].min())
    row = failing[failing["year"] == year].sort_values("headroom").iloc[0]
    unit = result.graph.unit(RULES_BY_ID[rule].headroom)
    if row["headroom"] == 0:
        return say("mends_equal", year=year)
    amount = figure_text(abs(row["headroom"]), unit, telling_all=True)
    return say("mends_missing", year=year, amount=amount)


def _mend(result: Result, mend: Mend) -> None:
    """A lever, its value, what it does to the money; one click takes it."""
    values = Values(language(), result.index.base_year)
    printer = Printer(result, language(), state.session().money)
    name = lever_label(mend.path.removesuffix(".amount"), language())
    after = changed_to(state.session().draft, mend.path, mend.value)
    left, right = st.columns([5, 1], vertical_alignment="center")
    money = gap_words(printer, printer.rounded(mend.gap))
    text = say("mends_way", lever=name, value=values.text(mend.path, mend.value), gap=money)
    if mend.breaks:
        stop = label("vocabulary.list")
        text += say("mends_breaks", rules=stop.join(label(f"rule.{r}") for r in mend.breaks))
    left.markdown(safe(text))
    changes = {mend.path: mend.value}
    rule = f"{mend.path.rpartition('.')[0]}.rule"
    if after.get(rule) != state.session().draft.get(rule):
        changes[rule] = after.get(rule)
    right.button(
        say("mends_take"), key=f"mend:{mend.rule}:{mend.path}", on_click=sliders.apply,
        args=(changes,),
    )  # fmt: skip
