"""The page that seeks a plan: what is asked, the search, the plan with its proof, or why not."""

from __future__ import annotations

from typing import Any

import streamlit as st

from simulator import glossary, units
from simulator.errors import JunhengError
from simulator.formats.table_files import xlsx_bytes
from simulator.plan import Objective, Plan, Watch, Wishes
from simulator.plan import plan as seek
from simulator.plan.build import build_problem, lay_ground
from simulator.plan.problem import Problem
from simulator.present.table import Printer
from simulator.present.tables.plan import plan_tables
from simulator.results.result import Result
from simulator.results.school_counts import schools_counted
from simulator.ui import cache, state
from simulator.ui.components import plan_conditions, plan_job, plan_shown
from simulator.ui.components.downloads import XLSX, file_name
from simulator.ui.keys import key
from simulator.ui.words import language, safe, say


def show(result: Result) -> None:
    """The conditions in sentences, the search, and what came of it."""
    st.subheader(say("page.plan"))
    objective, wishes = plan_conditions.ask(result)
    wishes = plan_shown.with_fixed(wishes)
    try:
        problem = cache.view("plan_problem", result, wishes, make=lambda: _problem(result, wishes))
    except JunhengError as error:
        st.error(safe(error.text(language())), icon=":material/error:")
        return
    _question(result, problem, objective, wishes)
    asked = key(result, objective, wishes)
    st.button(
        say("plan.seek"), type="primary", icon=":material/route:", key="plan_seek",
        on_click=_begin, args=(asked, result, objective, wishes),
    )  # fmt: skip
    plan_job.watch()
    job = plan_job.current()
    if job is None or job.running:
        return
    plan_job.problem(job)
    if job.found is not None:
        _found(result, job.found, current=job.key == asked or _adopted(result, job.found))


def _problem(result: Result, wishes: Wishes) -> Problem:
    binding = result.binding
    return build_problem(lay_ground(binding.district, binding.scenario, binding.policy), wishes)


def _begin(asked: str, result: Result, objective: Objective, wishes: Wishes) -> None:
    binding = result.binding

    def work(watch: Watch) -> Plan:
        return seek(
            binding.district, binding.scenario, objective, policy=binding.policy,
            wishes=wishes, watch=watch,
        )  # fmt: skip

    plan_job.begin(asked, work)


def _question(result: Result, problem: Problem, objective: Objective, wishes: Wishes) -> None:
    """What is asked, in the officer's words."""
    printer = _printer(result)
    money = say("plan.joint").join(
        glossary.text(
            "plan.in_year",
            printer.language,
            year=year,
            amount=units.with_unit(printer.cash(amount), printer.money, printer.language),
        )
        for year, amount in zip(problem.years, problem.envelope.tolist(), strict=True)
    )
    # as the line at the top counts them: those evaluated in the year that is asked for
    schools = schools_counted(result, wishes.target or result.index.years[-1]).counted
    question, rules = plan_conditions.sentences(result, objective, wishes, money, schools)
    with st.container(border=True):
        st.markdown(f"**{say('plan.asked')}**  \n{safe(question)}")
        st.markdown("\n".join(f"- {safe(rule)}" for rule in rules))


def _printer(result: Result) -> Printer:
    now = state.session()
    return Printer(result, now.language, now.money)


def _adopted(result: Result, found: Plan) -> bool:
    """Whether what is computed now is this very plan."""
    return found.found and found.result.identity == result.identity


def _found(result: Result, found: Plan, current: bool) -> None:
    now = state.session()
    if _adopted(result, found):
        st.info(say("plan.adopted"), icon=":material/check_circle:")
    elif not current:
        st.warning(say("plan.outdated"), icon=":material/history:")
    plan_shown.headline(found)
    left, right = st.columns(2)
    if found.found:
        left.button(
            say("plan.adopt"), icon=":material/check:", key="plan_adopt", width="stretch",
            on_click=_adopt, args=(found,), disabled=_adopted(result, found),
        )  # fmt: skip
    place = right if found.found else left
    place.download_button(
        say("plan.file"), lambda: xlsx_bytes(plan_tables(found, now.language, now.money)),
        file_name(result, "plan", "xlsx"),
        XLSX, key="plan_file", on_click="ignore", width="stretch",
        icon=":material/download:",
    )  # fmt: skip
    if found.found:
        plan_shown.plan_found(found)
    else:
        plan_shown.no_plan(found)


#: What a plan decides of a scenario: purchases, moves, operating funds above the formula.
DECIDED = (
    "levers.investment.", "levers.rotation", "levers.operating_extra", "levers.carry_over",
)  # fmt: skip


def _adopt(found: Plan) -> None:
    """The plan's purchases and moves become the draft's own."""
    levers: dict[str, Any] = found.scenario().flat()
    paths = [
        path for path in {**levers, **state.session().draft.flat()} if path.startswith(DECIDED)
    ]
    state.edit({path: levers.get(path) for path in paths})
