"""Where a formula of the district's own begins: the national one, or one that was published."""

from __future__ import annotations

import functools

import streamlit as st

from simulator.own_formula.sources import NATIONAL
from simulator.policy.load import pack_lines, shipped_packs
from simulator.results.result import Result
from simulator.scenario.head import NATIONAL_FORMULA
from simulator.scenario.naming import pack_label
from simulator.strict_yaml import read_yaml
from simulator.ui import state
from simulator.ui.words import language, named, say


@functools.cache
def _published() -> tuple[str, ...]:
    """The shipped packs that hold a formula."""
    return tuple(pack for pack in shipped_packs() if pack_lines((pack,)) is not None)


def show(result: Result) -> None:
    """The national formula, to start from; back to the formula of the packs where they have one."""
    st.info(say("lines.national"))
    with st.container(horizontal=True):
        st.button(
            say("lines.start"), key="lines_start", icon=":material/edit_note:",
            on_click=lambda: state.edit({"lines": dict(read_yaml(NATIONAL).data)}),
        )  # fmt: skip
        if result.binding.policy.lines:
            back(result)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            say("lines.published"), _published(), key="lines_published",
            format_func=named(_published(), lambda pack: pack_label(pack, language())),
        )  # fmt: skip
        st.button(
            say("lines.start_published"), key="lines_start_published", on_click=_start_from,
            args=(chosen,),
        )  # fmt: skip
    st.caption(say("lines.published_note"))


def _start_from(pack: str) -> None:
    """Write a published formula into the scenario, to be changed there."""
    found = pack_lines((pack,))
    if found is not None:
        state.edit({"lines": dict(found.content)})


def back(result: Result) -> None:
    """From lines of the scenario's own to the packs' (else the national ones), or to these."""
    lines, said = result.binding.policy.lines, result.binding.scenario.lines
    to_pack = lines is not None and said is not None
    pack = pack_label(lines.pack, language()) if lines else ""
    st.button(
        say("lines.back_to_pack", pack=pack) if to_pack else say("lines.back"), key="lines_back",
        on_click=lambda: state.edit({"lines": NATIONAL_FORMULA if lines and not said else None}),
    )  # fmt: skip
