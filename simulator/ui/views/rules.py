"""The page of rules: headroom of each, the first year it breaks, and what would restore it."""

from __future__ import annotations

import streamlit as st

from simulator.results.result import Result
from simulator.ui import state
from simulator.ui.components import downloads, mends, tables
from simulator.ui.words import label, named, say

STATUSES = ("", "fail", "unknown", "pass")


def show(result: Result) -> None:
    """One row a rule, then the ways to restore what is broken, then every single check."""
    st.subheader(say("page.rules"))
    found = tables.of(result, "rules")
    tables.show(found, "rules", asked=lambda row, name: tables.rule_figure(result, row, name))
    downloads.one(found, "rules")
    mends.show(result)
    _every_check(result)


def _every_check(result: Result) -> None:
    st.subheader(say("every_check"))
    found = tables.of(result, "checks")
    left, middle, right = st.columns(3)
    years = list(dict.fromkeys(found.rows["year"]))
    rules = list(dict.fromkeys(found.rows["rule"]))
    year = left.selectbox(say("year"), [say("all"), *years], key="checks_year")
    rule = middle.selectbox(say("rule"), [say("all"), *rules], key="checks_rule")
    status = right.selectbox(
        say("status"), STATUSES, key="checks_status",
        format_func=named(STATUSES, lambda each: label(f"status.{each}") if each else say("all")),
    )  # fmt: skip
    rows = found.rows
    rows = rows[rows["year"] == year] if year in years else rows
    rows = rows[rows["rule"] == rule] if rule in rules else rows
    rows = rows[rows["status_id"] == status] if status else rows
    kept = rows.reset_index(drop=True)
    st.caption(say("rows_shown", shown=len(kept), all=len(found.rows)))
    tables.show(
        tables.only(found, kept), f"checks:{year}:{rule}:{status}:{state.session().money}",
        asked=lambda row, name: tables.check_figure(result, row, name),
    )  # fmt: skip
    downloads.one(found, "checks")
