"""A district's own packs on the page of the rule book: loaded, listed, taken out again."""

from __future__ import annotations

import streamlit as st

from simulator.errors import JunhengError
from simulator.incoming import readers
from simulator.results.result import Result
from simulator.results.simulate import policy_of
from simulator.ui import state
from simulator.ui.components import reading
from simulator.ui.words import language, safe, say

#: Which uploads were read last, and what was wrong with them.
READ, WRONG = "packs_read", "packs_wrong"


def show(result: Result) -> None:
    """Load packs of the district's own; below, those in force, each to be taken out."""
    with st.expander(say("packs.title"), key="own_packs"):
        st.caption(say("packs.help"))
        uploaded = st.file_uploader(
            say("packs.uploader"), type=["yaml", "yml"], key="pack_files",
            accept_multiple_files=True,
        )  # fmt: skip
        ids = tuple(each.file_id for each in uploaded)
        if uploaded and st.session_state.get(READ) != ids:
            _read([(each.name, each.getvalue()) for each in uploaded], ids)
            st.rerun()
        if WRONG in st.session_state:
            st.error(safe(st.session_state[WRONG].text(language())), icon=":material/error:")
        for pack in state.session().packs:
            for each in result.findings:
                if each.source == pack.name:
                    st.warning(safe(each.text(language())))
            st.button(
                say("packs.drop", name=safe(pack.name)), key=f"pack_drop:{pack.name}",
                icon=":material/close:", on_click=_drop, args=(pack.name,),
            )  # fmt: skip


def _read(files: list[tuple[str, bytes]], ids: tuple[str, ...]) -> None:
    """Layer what was uploaded after what is there; all of it, or nothing and the reason why."""
    now = state.session()
    policy, done = tuple(now.draft.policy), reading.once(READ, ids)
    try:
        packs = reading.watched(
            lambda tell: readers.packs(files, policy, now.packs, reading.visitor(), tell),
            st.container(), done,
        )  # fmt: skip
        policy_of(policy, packs)
    except JunhengError as error:
        done()
        st.session_state[WRONG] = error
        return
    done()
    st.session_state.pop(WRONG, None)
    state.change(packs=packs)


def _drop(name: str) -> None:
    state.change(packs=tuple(each for each in state.session().packs if each.name != name))
