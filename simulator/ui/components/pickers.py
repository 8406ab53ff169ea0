"""What is shown and how: language, unit of money, scenario; saving and loading one."""

from __future__ import annotations

import streamlit as st

from simulator.errors import JunhengError
from simulator.incoming import readers
from simulator.scenario.describe import describe
from simulator.scenario.model import Scenario
from simulator.scenario.write import dump_scenario
from simulator.ui import state
from simulator.ui.components import library_entry, reading
from simulator.ui.components.downloads import clean
from simulator.ui.words import label, language, named, safe, say

LANGUAGES = {"zh": "中文", "en": "EN"}
MONEY = ("10k_yuan", "yuan")
LONGEST_NAME = 60


def show(reading: bool = False) -> None:
    """Language and unit in one row, then the scenario; who only reads picks none."""
    with st.container(horizontal=True, gap="small"):
        _language()
        _money()
    if not reading:
        _scenario()
        _save_and_load()


def _language() -> None:
    st.session_state["language"] = language()
    st.segmented_control(
        label_of("language"), list(LANGUAGES), key="language", required=True,
        format_func=LANGUAGES.__getitem__, on_change=_spoken, label_visibility="collapsed",
    )  # fmt: skip


def label_of(name: str) -> str:
    """The accessible name of a control that needs none to be seen."""
    return say(name)


def _spoken() -> None:
    chosen = st.session_state["language"]
    st.query_params["lang"] = chosen
    state.change(language=chosen)


def _money() -> None:
    st.session_state["money"] = state.session().money
    st.segmented_control(
        say("unit_of_money"), MONEY, key="money", required=True,
        format_func=named(MONEY, lambda each: label(f"unit.{each}")), label_visibility="collapsed",
        on_change=lambda: state.change(money=st.session_state["money"]),
    )  # fmt: skip


def _scenario() -> None:
    """Which scenario is open, the question it answers, and what was changed in it."""
    now = state.session()
    found = state.scenarios()
    names = list(found)
    st.session_state["scenario"] = state.place_of(now.picked)
    st.selectbox(
        say("scenario"), names, key="scenario", on_change=_picked,
        format_func=state.titles().__getitem__,
        placeholder=say("scenario"),
    )  # fmt: skip
    question = now.picked.question.get(now.language)
    if question:
        st.caption(safe(question))
    # always there: where it came and went the sliders below would move under one's hand
    with st.expander(say("what_changed"), key="what_changed"):
        lines = [say("unchanged")]
        if now.draft.changed():
            lines = describe(now.draft, now.language, now.district.base_year)
        st.markdown("\n".join(f"- {safe(line)}" for line in lines))


def _picked() -> None:
    chosen = state.scenarios().get(st.session_state["scenario"])
    if chosen is not None:
        state.pick(chosen)


def _save_and_load() -> None:
    box = st.popover(
        say("save_load"), icon=":material/folder_open:", width="stretch", key="save_load",
        on_change="rerun",
    )  # fmt: skip
    if box.open:
        with box:
            _keep()
            _load()


def _keep() -> None:
    """Keep the draft under a name, and as a file."""
    now = state.session()
    suggested = say("copy_of", name=now.picked.title(now.language))
    name = st.text_input(say("scenario_name"), value=suggested, max_chars=LONGEST_NAME)
    if st.button(say("keep"), icon=":material/bookmark_add:", disabled=not name.strip()):
        _kept(name.strip())
    st.download_button(
        say("save_file"), lambda: dump_scenario(_named(name)),
        f"{clean(name)}.yaml", "application/yaml", on_click="ignore",
        icon=":material/download:", disabled=not name.strip(),
    )  # fmt: skip


def _named(name: str) -> Scenario:
    """The draft under a name of its own, based on nothing. Raises JunhengError."""
    return state.session().draft.with_changes({"name": name.strip()}).alone()


def _kept(name: str) -> None:
    if name in state.titles().values():
        st.error(say("name_taken", name=safe(name)))
        return
    try:
        found = _named(name)
    except JunhengError as error:
        st.error(safe(error.text(language())))
        return
    library_entry.take(found)
    st.rerun()


def _load() -> None:
    """Open a scenario's file."""
    uploaded = st.file_uploader(say("load_file"), type=["yaml", "yml"], key="scenario_file")
    if uploaded is None or st.session_state.get("scenario_read") == uploaded.file_id:
        return
    done = reading.once("scenario_read", uploaded.file_id)
    try:
        found = reading.watched(
            lambda tell: readers.scenario(
                uploaded.name, uploaded.getvalue(), reading.visitor(), tell
            ),
            st.container(), done,
        )  # fmt: skip
    except JunhengError as error:
        done()
        st.error(safe(error.text(language())))
        return
    done()
    library_entry.take(found)
    st.rerun()
