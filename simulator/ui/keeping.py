"""Keeps a visitor's work: drafts that survive a reload, and links that open what was saved."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, get_args

import streamlit as st

from simulator import glossary
from simulator.errors import JunhengError
from simulator.export.table import MoneyUnit
from simulator.scenario.load import read_scenario
from simulator.scenario.model import Scenario
from simulator.scenario.store import Entry, Library, library_path, open_library
from simulator.scenario.write import dump_scenario
from simulator.ui import cache, state
from simulator.ui.words import language, safe, say

#: Names in the address: a visitor's draft, and a link to a saved scenario.
DRAFT, LINK = "draft", "link"
#: Names in the session: what was kept last, the entry that a link opened, what is to be told.
KEPT, LINKED, TOLD = "draft_kept", "linked", "keeping_told"
LONGEST_KEY, LONGEST_NAME = 64, 120


@st.cache_resource(show_spinner=False)
def _at(path: str) -> Library:
    return open_library(path)


def library() -> Library:
    """The library of this machine. Raises JunhengError where it cannot be opened."""
    return _at(str(library_path()))


def restore() -> None:
    """Begin a session as the address asks: with a draft that was kept, or a link's scenario."""
    if "session" in st.session_state:
        return
    state.session()
    for name, begin in ((LINK, _begin_link), (DRAFT, _begin_draft)):
        asked = st.query_params.get(name)
        if asked:
            try:
                begin(asked[:LONGEST_KEY])
            except JunhengError as error:
                _tell(error.text(language()))
                st.query_params.pop(name, None)
            return


def _tell(line: str) -> None:
    st.session_state.setdefault(TOLD, []).append(line)


def _begin_link(token: str) -> None:
    """Exactly the scenario that a link was made of, to be looked at."""
    entry = library().linked(token)
    scenario = entry.scenario()
    state.change(picked=scenario, draft=state.start_draft(scenario))
    st.session_state[LINKED] = entry


def _begin_draft(key: str) -> None:
    """The draft as it was left; only the district's own file has to be opened again."""
    found = library().draft(key)
    if found is None:
        raise JunhengError("draft_unknown")
    picked, draft = _read(found.state)
    now, money = state.session(), found.state.get("money")
    state.change(picked=picked, draft=draft)
    if isinstance(money, str) and money in get_args(MoneyUnit):
        state.change(money=money)
    if st.query_params.get("lang") is None:
        state.change(language=glossary.as_language(str(found.state.get("language", "zh"))))
    st.session_state[KEPT] = _prints()
    if found.state.get("district") != now.district.fingerprint:
        name = str(found.state.get("district_name", ""))[:LONGEST_NAME]
        _tell(say("keeping.other_district", name=name))


def _read(kept: Mapping[str, Any]) -> tuple[Scenario, Scenario]:
    """The scenario that was picked, and the draft over it. Raises JunhengError."""
    try:
        picked_text, draft_text = str(kept["picked"]), str(kept["draft"])
    except KeyError as error:
        raise JunhengError("draft_unknown") from error
    picked = read_scenario(picked_text, "draft")
    same = [each for each in cache.shipped().values() if each.fingerprint == picked.fingerprint]
    picked = same[0] if same else picked
    whole = read_scenario(draft_text, "draft")
    return picked, state.start_draft(picked).with_changes(_differences(picked, whole))


def _differences(picked: Scenario, draft: Scenario) -> dict[str, Any]:
    """What the draft says otherwise, by path; None takes a value back."""
    before, after = picked.flat(), draft.flat()
    found = {
        path: after.get(path)
        for path in dict.fromkeys([*before, *after])
        if before.get(path) != after.get(path)
    }
    heads = {name: getattr(draft, name) for name in state.HEAD
             if getattr(draft, name) != getattr(picked, name)}  # fmt: skip
    return {**found, **heads}


def _prints() -> tuple[str, ...]:
    now = state.session()
    return (
        now.picked.fingerprint, now.draft.fingerprint, now.language, now.money,
        now.district.fingerprint,
    )  # fmt: skip


def keep() -> None:
    """Keep the draft where something was changed since it was kept last."""
    now = state.session()
    if LINKED in st.session_state:
        return
    fresh = KEPT not in st.session_state and not now.draft.changed() and not now.past
    if fresh or st.session_state.get(KEPT) == _prints():
        return
    st.session_state[KEPT] = _prints()
    key = st.query_params.get(DRAFT) or secrets.token_urlsafe(12)
    content = {
        "picked": dump_scenario(now.picked.alone()),
        "draft": dump_scenario(now.draft.alone()),
        "language": now.language,
        "money": now.money,
        "district": now.district.fingerprint,
        "district_name": now.district.name,
    }
    try:
        library().keep_draft(key[:LONGEST_KEY], content)
    except JunhengError as error:
        if not st.session_state.get("keeping_failed"):
            st.session_state["keeping_failed"] = True
            st.toast(error.text(language()), icon=":material/save:", duration="long")
        return
    if st.query_params.get(DRAFT) != key:
        st.query_params[DRAFT] = key


def tell() -> None:
    """What there is to say about the work that was taken up again."""
    for line in st.session_state.pop(TOLD, ()):
        st.warning(safe(line), icon=":material/history:")


def linked() -> Entry | None:
    """The saved scenario that this visit looks at through a link; None where it is one's own."""
    found: Entry | None = st.session_state.get(LINKED)
    return found


def banner(district: str, policy: str) -> None:
    """Says that this is a copy to be read, and lets one go on with it as one's own."""
    entry = linked()
    if entry is None:
        return
    left, right = st.columns([4, 1], vertical_alignment="center")
    left.info(safe(say("keeping.linked", entry=entry.title(language()))), icon=":material/lock:")
    right.button(say("keeping.continue"), key="link_continue", on_click=_own, width="stretch")
    for line in entry.warnings(district, policy, language()):
        st.warning(safe(line), icon=":material/warning:")


def _own() -> None:
    """Go on with the linked scenario as one's own work."""
    entry = st.session_state.pop(LINKED)
    st.query_params.pop(LINK, None)
    state.keep(entry.name, state.session().picked)
