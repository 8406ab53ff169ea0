"""The page of comparing: 2 to 6 scenarios, what differs, what comes out, who gains or loses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from simulator.compare import MOST, Comparison, combine, compare
from simulator.errors import JunhengError
from simulator.formats.comparison.book import comparison_book
from simulator.formats.docx.brief import brief_bytes
from simulator.present.table import Table
from simulator.present.tables.balance_rows import profile_of
from simulator.present.tables.comparison import (
    Sides,
    balance_table,
    counts_table,
    money_table,
    parameters_table,
    sides,
    standards_table,
    summary_table,
)
from simulator.present.tables.comparison_steps import (
    combination_table,
    comparison_csv,
    rules_table,
    waterfall_table,
    winners_table,
)
from simulator.results.result import Result
from simulator.scenario.model import Scenario
from simulator.scenario.naming import lever_label
from simulator.stages import STAGES
from simulator.ui import cache, compare_charts, state
from simulator.ui.components import chart, downloads, tabbed, tables
from simulator.ui.components.school_filter import school_filter
from simulator.ui.words import language, named, safe, say

TABS = ("summary", "parameters", "money", "standards", "rules", "schools", "combination")
#: The scenario with its changes, before those that can be picked.
CURRENT = ""
#: Pixels for what the scenarios do; more is scrolled to within it.
DOES_HEIGHT = 220
CHANGES = ("gains", "loses", "same", "unknown")


def show(result: Result) -> None:
    """Choose scenarios, then one subject a tab; only the one in sight is made."""
    st.subheader(say("page.compare"))
    chosen, base = _choose()
    if len(chosen) < 2:
        st.info(say("compare.choose"))
        return
    shown = _sides(chosen, base)
    if shown is None:
        return
    for line in shown.comparison.note_lines:
        st.warning(safe(line), icon=":material/warning:")
    _files(shown)
    parts: Mapping[str, Callable[[Sides], None]] = {
        "summary": _summary, "parameters": _parameters, "money": _money,
        "standards": _standards, "rules": _rules, "schools": _schools,
        "combination": _combination,
    }  # fmt: skip
    for name in tabbed.opened("compare", TABS):
        parts[name](shown)


def _choose() -> tuple[list[str], str]:
    """The scenarios by name, the current one first; and the one they are held against."""
    found = {CURRENT: state.session().draft, **state.scenarios()}
    word = named(found, lambda name: _title(name, found[name]))
    kept = st.session_state.get("compare_kept") or [CURRENT, "baseline"]
    if "compare_which" not in st.session_state:
        st.session_state["compare_which"] = [name for name in kept if name in found]
    with st.container(key="compare_choice"):
        left, right = st.columns([2, 1])
    chosen = left.multiselect(
        say("compare.which"), list(found), key="compare_which", max_selections=MOST,
        format_func=word, placeholder=say("choose"),
    )  # fmt: skip
    st.session_state["compare_kept"] = chosen
    if st.session_state.get("compare_base") not in chosen:
        st.session_state["compare_base"] = chosen[-1] if chosen else None
    base = right.selectbox(
        say("compare.base"), chosen, key="compare_base", format_func=word,
        placeholder=say("choose"),
    )  # fmt: skip
    return chosen, base or CURRENT


def _title(name: str, scenario: Scenario) -> str:
    if name == CURRENT:
        return say("compare.current", name=scenario.title(language()))
    return scenario.title(language())


def _sides(chosen: list[str], base: str) -> Sides | None:
    """The comparison of what was chosen; a scenario that cannot be computed is told."""
    now = state.session()
    there = state.scenarios()
    results = []
    for name in chosen:
        scenario = now.draft if name == CURRENT else there[name]
        try:
            results.append(cache.result(now.district, scenario))
        except JunhengError as error:
            st.error(f"{safe(scenario.title(now.language))}: {safe(error.text(now.language))}")
            return None
    try:
        return cache.view(
            "compare", results[0], results, chosen.index(base),
            now.language, now.money,
            make=lambda: sides(compare(results, chosen.index(base), now.language), None, now.money),
        )  # fmt: skip
    except JunhengError as error:
        st.error(safe(error.text(now.language)))
        return None


def _files(shown: Sides) -> None:
    """The comparison as a live workbook, as CSV, and in the brief of the base."""
    found: Comparison = shown.comparison
    base = found.results[shown.base]
    files: tuple[tuple[str, Callable[[], bytes], str, str], ...] = (
        ("file", lambda: comparison_book(found, shown.language, shown.money), "xlsx",
         downloads.XLSX),
        ("csv", lambda: comparison_csv(found, shown.language, shown.money), "csv", "text/csv"),
        ("brief", lambda: brief_bytes(base, shown.language, found, shown.money), "docx",
         downloads.DOCX),
    )  # fmt: skip
    with st.container(horizontal=True):
        for name, make, ending, kind in files:
            st.download_button(
                say(f"compare.{name}"), make, downloads.file_name(base, f"compare_{name}", ending),
                kind,
                key=f"compare_{name}", icon=":material/download:", on_click="ignore",
            )  # fmt: skip


def _listed(found: Table, key: str) -> None:
    st.markdown(f"##### {safe(found.title)}")
    tables.show(found, key)
    downloads.one(found, key)


def _summary(shown: Sides) -> None:
    chart.draw(compare_charts.gaps(shown), "compare_gaps")
    found = summary_table(shown)
    does = found.rows["id"] == "does"
    told = found.records()[int(does.argmax())]
    # sentences are read as sentences, not in the cells of a table
    st.markdown(f"##### {safe(found.title)}")
    with st.container(height=DOES_HEIGHT, border=False):
        st.markdown("\n".join(
            f"- **{safe(name)}**{say('compare.colon')}{safe(str(told[f's{place}']))}"
            for place, name in enumerate(shown.comparison.labels)
        ))  # fmt: skip
    tables.show(tables.only(found, found.rows[~does].reset_index(drop=True)), "compare_summary")
    downloads.one(found, "compare_summary")
    _listed(counts_table(shown), "compare_counts")


def _parameters(shown: Sides) -> None:
    everything = st.toggle(say("compare.everything"), key="compare_everything")
    _listed(parameters_table(shown, everything=everything), f"compare_parameters:{everything}")


def _other(shown: Sides, key: str) -> int:
    """One of the scenarios beside the base."""
    labels = shown.comparison.labels
    found: int = st.selectbox(
        say("compare.other"), list(shown.others), key=key,
        format_func=named(shown.others, lambda place: labels[place]),
    )  # fmt: skip
    return found


def _year(shown: Sides, key: str) -> int:
    years = list(shown.years)
    found = st.segmented_control(say("year"), years, default=years[-1], key=key, required=True)
    return found if found in years else years[-1]


def _money(shown: Sides) -> None:
    """Money by year and scenario; then, step by step, from the base's gap to another's."""
    other = _other(shown, "compare_money_other")
    year = _year(shown, "compare_money_year")
    steps = waterfall_table(shown, other)
    known = all(row[str(year)] == row[str(year)] for row in steps.records())
    if known:
        chart.draw(compare_charts.waterfall(shown, other, year, steps), "compare_waterfall")
    _listed(steps, "compare_waterfall")
    _listed(money_table(shown), "compare_money")


def _standards(shown: Sides) -> None:
    for figure in ("operating_rate", "least_cv_headroom"):
        with st.container(key=f"compare_{figure}"):
            for place, stage in zip(st.columns(2), STAGES[:2], strict=True):
                with place:
                    made = compare_charts.by_stage(shown, figure, stage)
                    chart.draw(made, f"compare_{figure}_{stage}")
    _listed(standards_table(shown), "compare_standards")
    _listed(balance_table(shown), "compare_balance")


def _rules(shown: Sides) -> None:
    _listed(rules_table(shown), "compare_rules")


def _schools(shown: Sides) -> None:
    """Who gains and who loses against the base, with filters; the last row adds up."""
    other = _other(shown, "compare_schools_other")
    year = _year(shown, "compare_schools_year")
    found = winners_table(shown, other, year)
    rows = found.rows.iloc[:-1].assign(**_profiles(shown, other, found))
    counts = {name: int((rows["change"] == name).sum()) for name in CHANGES}
    st.caption(say("compare.schools_kept", **counts))
    kept = school_filter(rows, "compare")
    words = list(dict.fromkeys(rows["change_text"]))
    wanted = st.multiselect(
        say("compare.change"), words, key=f"compare_change:{language()}", placeholder=say("all")
    )
    kept = kept[kept["change_text"].isin(wanted)] if wanted else kept
    only = tables.only(found, kept.reset_index(drop=True))
    _listed(only if len(kept) < len(rows) else found, f"compare_schools:{year}")


def _profiles(shown: Sides, other: int, found: Table) -> dict[str, list[Any]]:
    """Type, area and weakness of each row's school, to filter by."""
    result = shown.comparison.results[other]
    printer = shown.printers[other]
    profiles = [
        profile_of(printer, row["school_id"], row["stage_id"])
        if row["school_id"] in result.index.school_position
        else {}
        for row in found.records()[:-1]
    ]
    return {
        name: [each.get(name, "") for each in profiles] for name in ("school_type", "area", "weak")
    }


def _combination(shown: Sides) -> None:
    """Two changes to the base: each alone, both, and what only both together do."""
    if len(shown.others) < 2:
        st.info(say("compare.combine_needs"))
        return
    labels = shown.comparison.labels
    first = _other(shown, "compare_first")
    rest = [place for place in shown.others if place != first]
    second = st.selectbox(
        say("compare.second"), rest, key=f"compare_second:{first}",
        format_func=named(rest, lambda place: labels[place]),
    )  # fmt: skip
    year = _year(shown, "compare_combination_year")
    results = shown.comparison.results
    base, one, two = (results[place] for place in (shown.base, first, second))
    try:
        found = cache.view("combination", base, one, two, make=lambda: combine(base, one, two))
    except JunhengError as error:
        st.error(safe(_why_not(error)))
        return
    _listed(combination_table(found, year, language(), shown.money), "compare_combination")


def _why_not(error: JunhengError) -> str:
    """Why two changes cannot be combined, with the levers by their names."""
    paths = str(error.params.get("paths", ""))
    if not paths:
        return error.text(language())
    names = [lever_label(path, language()) for path in paths.split(", ")]
    return JunhengError(error.code, paths=say("plan.joint").join(names)).text(language())
