"""The page of balance: who and what stands in the way, as the inspectors measure it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from simulator.formats.html.school_card import card_page
from simulator.machine.language import BASE
from simulator.present.school_card import school_card
from simulator.present.tables.catalogue import Table
from simulator.results.result import Result
from simulator.stages import STAGES
from simulator.ui import balance_charts, cache, state
from simulator.ui.components import balance_why, chart, checklist, downloads, tabbed, tables, why
from simulator.ui.components.school_filter import school_filter
from simulator.ui.words import label, language, named, safe, say

TABS = ("schools", "variation", "causes", "items", "training", "card")
CAUSES = ("failing", "drivers", "distance", "changes", "scope")
#: Figures behind the columns of the tables, before the indicator's name.
VARIATION = {"mean": "mean", "sd": "sd", "cv": "cv", "headroom": "cv_headroom"}


def show(result: Result) -> None:
    """The verdict of each year, then one subject a tab; only the one in sight is made."""
    st.subheader(say("page.balance"))
    verdict = tables.of(result, "balance_verdict")
    year = _year(result)
    shown: Mapping[str, Callable[[Result, int], None]] = {
        "schools": _schools, "variation": _variation, "causes": _causes, "items": _items,
        "training": _training, "card": _card,
    }  # fmt: skip
    rows = verdict.rows[verdict.rows["year"].astype(str) == str(year)].reset_index(drop=True)
    st.markdown(_sentence(result, rows, year))
    tables.show(
        tables.only(verdict, rows), f"balance_verdict:{year}", hide=("year",),
        asked=balance_why.asked(result, "balance_verdict", year),
    )  # fmt: skip
    for name in tabbed.opened("balance", TABS):
        shown[name](result, year)


def _sentence(result: Result, rows: pd.DataFrame, year: int) -> str:
    """Whether the district is balanced in a year, in both senses: as the verdict on top says.

    The verdict begins with the first planned year; of the base year the stages tell.
    """
    years, parts = result.verdict.years, []
    for name, flag in (("quality", "balanced"), ("basic", "basic_balanced")):
        states = set(rows[f"{name}_id"])
        found = None if "unknown" in states or not states else "fail" not in states
        if year in years.index:
            found = years[flag].to_dict()[year]
        state = "unknown" if found is None else "yes" if found else "no"
        mark = {"yes": "blue", "no": "red", "unknown": "gray"}[state]
        parts.append(f":{mark}-badge[{say(f'balance.verdict.{name}_{state}', year=year)}]")
    return " ".join(parts)


def _year(result: Result) -> int:
    years = list(result.index.years[BASE:])
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    found = left.segmented_control(
        say("year"), years, default=years[-1], key="balance_year", required=True
    )
    applied = bool(result.binding.scenario.get("levers.transitional_rules"))
    st.session_state["balance_transitional"] = applied
    right.toggle(
        say("balance.transitional"), key="balance_transitional",
        on_change=lambda: state.edit(
            {"levers.transitional_rules": st.session_state["balance_transitional"]}
        ),
    )  # fmt: skip
    return found if found in years else years[-1]


def _schools(result: Result, year: int) -> None:
    """The heat map of each stage, with the schools that filters leave."""
    found = tables.of(result, f"indicators_{year}")
    rows = found.rows[(found.rows["reached_unit"] == "share") & (found.rows["status_id"] != "out")]
    kept = school_filter(rows, "balance")
    orders = ("worst", "by_name")
    order = st.segmented_control(
        say("balance.order"), orders, default=orders[0], key="balance_order", required=True,
        format_func=named(orders, lambda each: say(f"balance.{each}")),
    )  # fmt: skip
    if kept.empty:
        st.info(say("balance.nobody"))
        return
    exempt = f"{float(result.at('exempt_share', year)[0]):.0%}"
    st.caption(say("balance.legend", exempt=exempt))
    for stage in dict.fromkeys(kept["stage_id"]):
        here = kept[kept["stage_id"] == stage]
        made = balance_charts.heat_map(
            result, here, str(stage), year, language(), by_name=order == "by_name"
        )
        chart.draw(made, f"heat_{stage}")
    whole = tables.only(found, kept.reset_index(drop=True))
    with st.expander(whole.title, key="balance_indicators"):
        tables.show(
            whole, f"indicators:{year}", hide=("school_id",),
            asked=lambda row, name: _indicator(row, name, year),
        )  # fmt: skip
        downloads.one(whole, "balance_indicators")


def _indicator(row: Mapping[str, Any], name: str, year: int) -> why.Figure | None:
    """The value, standard or share behind a cell of the table of indicators."""
    if name not in ("value", "standard", "reached"):
        return None
    school = None if name == "standard" else str(row["school_id"])
    return why.Figure(f"{name}_{row['indicator_id']}", school, str(row["stage_id"]), year)


def _variation(result: Result, year: int) -> None:
    """Bars against the limit, then means, deviations and coefficients in figures."""
    for stage in STAGES[:2]:
        if (result.index.part_stage == STAGES.index(stage)).any():
            chart.draw(balance_charts.cv_bars(result, stage, year, language()), f"cv_{stage}")
    found = tables.of(result, "balance")
    rows = found.rows[found.rows["year"].astype(str) == str(year)].reset_index(drop=True)
    tables.show(
        tables.only(found, rows), f"balance:{year}", hide=("year",),
        asked=lambda row, name: _coefficient(result, row, name, year),
    )  # fmt: skip
    downloads.one(found, "balance")


def _coefficient(result: Result, row: Mapping[str, Any], name: str, year: int) -> why.Figure | None:
    figure = f"{VARIATION[name]}_{row['indicator_id']}" if name in VARIATION else ""
    if figure not in result.graph.formulas:
        return None
    return why.Figure(figure, None, str(row["stage_id"]), year)


def _causes(result: Result, year: int) -> None:
    """Failing schools, who drives the differences, how far to go, what changed, who is out."""
    cause = st.segmented_control(
        say("balance.cause"), CAUSES, default=CAUSES[0], key="balance_cause", required=True,
        format_func=named(CAUSES, lambda each: say(f"balance.cause.{each}")),
    )  # fmt: skip
    if cause == "changes":
        _changes(result, year)
        return
    found = tables.of(result, f"{cause}_{year}")
    rows = found.rows
    if "type_id" in rows and len(rows):
        rows = school_filter(rows, f"causes_{cause}")
    asked = balance_why.asked(result, str(cause), year)
    kept = tables.only(found, rows.reset_index(drop=True))
    _listed(kept, f"balance_{cause}:{year}", asked)


def _listed(found: Table, key: str, asked: tables.Asked | None = None) -> None:
    st.markdown(f"##### {safe(found.title)}")
    if len(found.rows):
        # the year is chosen above: a column that says nothing else takes the place of others
        one_year = "year" in found.rows and found.rows["year"].nunique() == 1
        tables.show(found, key, asked, hide=("year",) if one_year else ())
        downloads.one(found, key)
    else:
        st.info(say("balance.nobody"))


def _changes(result: Result, year: int) -> None:
    """Since the base year: because of spending, and because pupils left."""
    found = tables.of(result, "changes")
    rows = found.rows[found.rows["year"].astype(str) == str(year)].reset_index(drop=True)
    asked = balance_why.asked(result, "changes", year)
    _listed(tables.only(found, rows), f"balance_changes:{year}", asked)
    if year > result.index.base_year:
        schools = tables.of(result, f"school_changes_{year}")
        kept = school_filter(schools.rows, "changes").reset_index(drop=True)
        each = balance_why.asked(result, "school_changes", year)
        _listed(tables.only(schools, kept), f"balance_school_changes:{year}", each)


def _items(result: Result, year: int) -> None:
    """The items of the evaluation and the points of the plan, one verdict each."""
    found = tables.of(result, "evaluation")
    rows = found.rows[found.rows["year"].astype(str) == str(year)]
    groups = list(dict.fromkeys(rows["group"]))
    group = st.selectbox(say("balance.group"), [say("all"), *groups], key=f"items:{language()}")
    kept = rows[rows["group"] == group] if group in groups else rows
    _listed(tables.only(found, kept.reset_index(drop=True)), f"balance_items:{year}")
    checklist.show(tables.only(found, rows.reset_index(drop=True)))


def _training(result: Result, year: int) -> None:
    """Every school's 5%, on budget and on final account; the bureau's 1.5% beside it."""
    found = tables.of(result, "training")
    kept: pd.DataFrame = school_filter(found.rows, "training", stages=False)
    _listed(tables.only(found, kept.reset_index(drop=True)), "balance_training")
    asked = balance_why.asked(result, "training_bureau", year)
    _listed(tables.of(result, "training_bureau"), "balance_bureau", asked)


def _card(result: Result, year: int) -> None:
    """One school on one page: profile, indicators, what it lacks, its money."""
    names = result.binding.district.schools["school_name"].to_dict()
    school = st.selectbox(
        say("balance.school"), list(names), key="balance_card",
        format_func=named(names, lambda each: str(names[each])),
    )  # fmt: skip
    now = state.session()
    card = cache.view(
        "card", result, school, year, now.language, now.money,
        make=lambda: school_card(result, str(school), now.language, year, now.money),
    )  # fmt: skip
    st.download_button(
        say("balance.card_file"), lambda: card_page(card),
        f"{downloads.clean(card.title)}.html", "text/html", key="card_file",
        icon=":material/print:", on_click="ignore",
    )  # fmt: skip
    with st.container(border=True):
        st.markdown(f"#### {safe(card.title)}")
        facts = (f"{safe(name)} **{safe(text)}**" for name, text in card.profile)
        # a line ends between two facts, not within one
        st.markdown("　".join(fact.replace(" ", "\u00a0") for fact in facts))
        for stage in card.stages:
            st.markdown(f"##### {safe(stage.label)}")
            st.markdown(safe(stage.verdict))
            tables.show(stage.indicators, f"card:{school}:{stage.stage}:{year}")
            if len(stage.lacks.rows):
                st.markdown(f"**{safe(stage.lacks.title)}**")
                tables.show(stage.lacks, f"lacks:{school}:{stage.stage}:{year}")
        st.markdown(f"##### {label('export.table.card_money')}")
        tables.show(card.money, f"card_money:{school}:{year}")
