"""A plan on the page: its sentences, what is bought, who moves, money, schools, and the proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from simulator import units
from simulator.plan import Plan, Watch, Wishes
from simulator.plan.frontier import frontier
from simulator.plan.ways_rules import WayOut
from simulator.present.sentences.plan import PlanWords
from simulator.present.sentences.plan_told import beyond_lines, owners_lines, told_lines
from simulator.present.table import YUAN, Printer, Table
from simulator.present.tables.plan import plan_table
from simulator.ui import cache, plan_charts, state
from simulator.ui.components import chart, downloads, plan_job, tables, verdict
from simulator.ui.keys import key
from simulator.ui.words import language, safe, say

TABS = ("purchases", "extra", "moves", "money", "schools", "proof", "frontier")
#: Rows that the visitor has fixed by hand, as wishes have them.
FIXED = "plan_fixed"
FRONTIER = "plan_frontier_job"


def _printer(found: Plan) -> Printer:
    now = state.session()
    return Printer(found.ground.result, now.language, now.money)


def _of(found: Plan, name: str) -> Table:
    now = state.session()
    return cache.view(
        "plan_table", found.ground.result, found, name, now.language, now.money,
        make=lambda: plan_table(found, name, now.language, now.money),
    )  # fmt: skip


def headline(found: Plan) -> None:
    """What came of it: rules that stay broken first, and what the answer tells beside the plan."""
    words = PlanWords(found, _printer(found))
    owners = owners_lines(words)
    if owners:
        each = "\n".join(f"- {safe(line)}" for line in owners[1:])
        st.warning(f"{safe(owners[0])}\n{each}", icon=":material/domain_disabled:")
    beyond = beyond_lines(words)
    if beyond:
        st.warning("\n".join(f"- {safe(line)}" for line in beyond), icon=":material/gavel:")
    lines = words.headline()
    st.markdown(f"##### {safe(lines[0])}")
    for line in lines[1:]:
        st.markdown(f":material/verified: {safe(line)}")
    if found.found:
        _verdicts(words)
    told = told_lines(words)
    if told:
        st.markdown("\n".join(f"- {safe(line)}" for line in told))


def _verdicts(words: PlanWords) -> None:
    """The verdicts side by side: before, after, and if owners of private schools do their part."""
    names = list(words.results())
    for name, place in zip(names, st.columns(len(names)), strict=True):
        with place.container(border=True, height="stretch"):
            head = words.say(f"column.verdict_{name}")
            st.markdown(f"**{head}**\n\n{verdict.badged(words.parts(name))}")


def plan_found(found: Plan) -> None:
    """The plan in tabs; only the one in sight is made."""
    shown: dict[str, Callable[[Plan], None]] = {
        "purchases": _purchases, "extra": _extra, "moves": _moves, "money": _money,
        "schools": _schools, "proof": _proof, "frontier": _frontier,
    }  # fmt: skip
    names = [say(f"plan.tab.{name}") for name in TABS]
    opened = st.tabs(names, key=f"plan_tabs:{language()}", on_change="rerun")
    for name, tab in zip(TABS, opened, strict=True):
        if tab.open:
            with tab:
                shown[name](found)


def _listed(table: Table, key: str) -> None:
    if not len(table.rows):
        st.info(say("plan.none"))
        return
    tables.show(table, key)
    downloads.one(table, key)


def _purchases(found: Plan) -> None:
    """What is bought; ticked rows stay as they are, with their amount, when it is sought anew."""
    table = _of(found, "purchases")
    if not len(table.rows):
        st.info(say("plan.none"))
        return
    rows = table.rows.iloc[:-1]
    fixed = {_place(row): row["amount"] for row in fixed_now().get("purchases", ())}
    scale = YUAN[state.session().money]
    grid = pd.DataFrame(
        {
            "fix": [_place(row) in fixed for row in found.purchases],
            **{c.id: list(rows[c.id]) for c in table.columns if c.id != "units"},
        }
    )
    names = {c.id: table.heading(c) for c in table.columns}
    edited = st.data_editor(
        grid, hide_index=True, key=f"plan_grid:{id(found)}:{language()}:{scale}",
        disabled=[c for c in grid.columns if c not in ("fix", "amount")], height=420,
        column_config={
            "fix": st.column_config.CheckboxColumn(say("plan.fix"), help=say("plan.fix_help")),
            **{name: st.column_config.Column(word) for name, word in names.items()},
            "amount": st.column_config.NumberColumn(names["amount"], min_value=0.0,
                                                    format="localized"),
        },
    )  # fmt: skip
    total = table.rows.iloc[-1]["amount"]
    money = units.amount(units.written(total, 2), state.session().money, language())
    st.caption(" ".join(filter(None, (say("plan.total", total=money), tables.note_of(table)))))
    _fix(found, edited, rows, scale)
    downloads.one(table, "plan_purchases")


def _place(row: Any) -> tuple[Any, ...]:
    return row["school"], row["item"], row["year"]


def _fix(found: Plan, edited: pd.DataFrame, rows: pd.DataFrame, scale: float) -> None:
    """Keep the ticked rows for the next search; an amount that was not changed stays exact."""
    kept = []
    for place, row in enumerate(found.purchases):
        if edited["fix"].iloc[place]:
            amount = float(edited["amount"].iloc[place])
            same = amount == float(rows["amount"].iloc[place])
            kept.append({
                **{key: row[key] for key in ("item", "school", "stage", "year")},
                "amount": row["amount"] if same else amount * scale,
            })  # fmt: skip
    if kept != list(fixed_now().get("purchases", ())):
        st.button(
            say("plan.fix_take", count=len(kept)), key="plan_fix", icon=":material/push_pin:",
            on_click=lambda: st.session_state.update({FIXED: {"purchases": tuple(kept)}}),
        )  # fmt: skip


def fixed_now() -> dict[str, tuple[dict[str, Any], ...]]:
    """What the visitor has fixed by hand for the next search."""
    found: dict[str, tuple[dict[str, Any], ...]] = st.session_state.get(FIXED, {})
    return found


def with_fixed(wishes: Wishes) -> Wishes:
    """The conditions with what is fixed by hand; it stands in place of the scenario's own."""
    rows = fixed_now().get("purchases", ())
    if not rows:
        return wishes
    left, right = st.columns([3, 1], vertical_alignment="center")
    left.caption(f":material/push_pin: {say('plan.fixed_now', count=len(rows))}")
    right.button(say("plan.unfix"), key="plan_unfix", on_click=_forget, width="stretch")
    places = {_place(row) for row in rows}
    others = [row for row in wishes.purchases if _place(row) not in places]
    return replace(wishes, purchases=(*others, *rows))


def _forget() -> None:
    st.session_state.pop(FIXED, None)


def _extra(found: Plan) -> None:
    _listed(_of(found, "extra"), "plan_extra")


def _moves(found: Plan) -> None:
    _listed(_of(found, "moves"), "plan_moves")


def _money(found: Plan) -> None:
    table = _of(found, "money")
    chart.draw(plan_charts.money(found, table, _printer(found)), "plan_money")
    _listed(table, "plan_money")


def _schools(found: Plan) -> None:
    for stage in found.problem.stages:
        if (found.problem.part_stage == found.problem.stages.index(stage)).any():
            made = plan_charts.before_and_after(found, stage, _printer(found))
            chart.draw(made, f"plan_heat_{stage}")
    _listed(_of(found, "exemptions"), "plan_exemptions")


def _proof(found: Plan) -> None:
    _listed(_of(found, "certificate"), "plan_certificate")
    done = "prices" in found.__dict__
    if not done and not st.button(say("plan.prices"), key="plan_prices", icon=":material/sell:"):
        return
    with st.spinner(say("plan.prices")):
        _listed(_of(found, "prices"), "plan_prices")


def _frontier(found: Plan) -> None:
    """What more equality costs, in about ten plans, sought beside the page."""
    job = plan_job.current(FRONTIER)
    mine = job is not None and job.key == key(found)
    if not mine:
        st.button(
            say("plan.frontier"), key="plan_frontier", icon=":material/show_chart:",
            on_click=_begin_frontier, args=(found,),
        )  # fmt: skip
        return
    plan_job.watch(FRONTIER)
    if job is None or job.running:
        return
    plan_job.problem(job)
    if job.found is None:
        return
    made = plan_charts.frontier(job.found, _printer(found))
    if made is None:
        st.info(say("plan.frontier_none"))
    else:
        chart.draw(made, "plan_frontier")


def _begin_frontier(found: Plan) -> None:
    def work(watch: Watch) -> Any:
        return frontier(found.problem, "equity", replace(watch, seconds=120.0))

    plan_job.begin(key(found), work, FRONTIER)


def no_plan(found: Plan) -> None:
    """The rules that contradict one another, and the ways out."""
    words = PlanWords(found, _printer(found))
    for rules in words.conflicts():
        with st.container(border=True):
            st.markdown(safe(words.say("contradict", count=len(rules))))
            st.markdown("\n".join(f"1. {safe(rule)}" for rule in rules))
    if found.released:
        st.caption(safe(words.released()))
    if found.ways:
        st.markdown(f"**{words.say('ways')}**")
    for number, way in enumerate(found.ways):
        left, right = st.columns([4, 1], vertical_alignment="center")
        left.markdown(f"- {safe(words.way_with_cost(way))}")
        changes = _changes(found, way)
        if changes:
            right.button(
                say("plan.apply"), key=f"plan_way_{number}", width="stretch",
                on_click=state.edit, args=(changes,),
            )  # fmt: skip
    downloads.one(_of(found, "ways"), "plan_ways")


def _changes(found: Plan, way: WayOut) -> dict[str, Any]:
    """The levers that make a way out; none where it is not the scenario's to change."""
    scenario = state.session().draft
    if way.code == "year":
        return {"horizon": scenario.horizon + 1}
    if way.code == "growth":
        before = scenario.get("levers.appropriation.margin") or 0.0
        points = float(way.params["points"])
        more = [each + points for each in before] if isinstance(before, list) else before + points
        return {"levers.appropriation.margin": more}
    if way.code == "carry_over":
        return {"levers.carry_over": True}
    return {}
