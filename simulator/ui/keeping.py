"""Keeps a visitor's work: drafts that survive a reload, and links that open what was saved."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

import streamlit as st

from simulator.errors import JunhengError
from simulator.library.access import Access
from simulator.library.store import Entry, Library, library_path, open_library
from simulator.policy.own import own_pack
from simulator.results.simulate import policy_of
from simulator.scenario.model import Scenario
from simulator.ui import draft_words, state
from simulator.ui.keys import key
from simulator.ui.words import language, safe, say

#: Names in the address: a visitor's draft, and a link to a saved scenario.
DRAFT, LINK = "draft", "link"
#: Names in the session: the place of the work, what is to be told.
PLACE, TOLD = "keeping", "keeping_told"
LONGEST_KEY = 64


@dataclass(frozen=True, slots=True)
class Place:
    """Where the work of one visit is kept: in which draft, of what time, with what in it.

    ``prints`` is the key of what needs no keeping (any more); ``trouble`` the sentence that was
    told when it could not be kept. ``entry`` and ``link`` are those that a link opened.
    """

    prints: str = ""
    draft: str = ""
    seen: datetime | None = None
    trouble: str = ""
    link: str = ""
    entry: Entry | None = None


def place() -> Place:
    """Where the work of this visit is kept."""
    found: Place = st.session_state.setdefault(PLACE, Place())
    return found


def _now(**values: object) -> None:
    st.session_state[PLACE] = replace(place(), **values)  # type: ignore[arg-type]


@st.cache_resource(show_spinner=False)
def _at(path: str, _file: int) -> Library:
    return open_library(path)


def library() -> Library:
    """The library of this machine, as far as this visit may use it. Raises JunhengError.

    A file that was taken away under the server is made anew.
    """
    path = library_path()
    if not path.exists():
        open_library(path)
    return _at(str(path), path.stat().st_ino).limited(state.session().access)


def restore() -> None:
    """Begin a visit as the address asks, and keep saying in the address what it is.

    A page's own link leaves the address without it: a reload would begin anew.
    """
    if "session" in st.session_state:
        _address()
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
            break
    _now(prints=_prints())


def _address() -> None:
    """The address says the draft or the link of the visit, whatever page it is on."""
    found = place()
    wanted = {DRAFT: found.draft, LINK: found.link if state.session().reading else ""}
    for name, value in wanted.items():
        if value and st.query_params.get(name) != value:
            st.query_params[name] = value


def _tell(line: str) -> None:
    st.session_state.setdefault(TOLD, []).append(line)


def _begin_link(token: str) -> None:
    """Exactly the scenario that a link was made of, to be looked at; nothing else is open."""
    entry = library().linked(token)
    scenario = entry.scenario()
    state.change(
        picked=scenario, draft=state.start_draft(scenario), reading=True, access=Access(entry.id)
    )
    _now(entry=entry, link=token)


def _begin_draft(owner: str) -> None:
    """The draft as it was left; only the district's own file has to be opened again."""
    kept = library().draft(owner)
    if kept is None:
        raise JunhengError("draft_unknown")
    found, now = draft_words.taken(kept.state), state.session()
    state.change(picked=found.picked, draft=found.draft, money=found.money)
    _restore_packs(kept.state.get("packs"), found.draft)
    for each in found.opened:
        state.keep(each)
    if st.query_params.get("lang") is None:
        state.change(language=found.language)
    if found.link:
        state.change(access=_access(found.link))
    _now(draft=owner, seen=kept.kept, link=found.link)
    if found.district != now.district.fingerprint:
        _tell(say("keeping.other_district", name=found.district_name))


def _restore_packs(kept: object, draft: Scenario) -> None:
    """The district's own packs as they were kept; what cannot be restored is told."""
    try:
        packs = tuple(own_pack(str(name), dict(files)) for name, files in kept or ())  # type: ignore[attr-defined]
        policy_of(tuple(draft.policy), packs)
    except (JunhengError, TypeError, ValueError):
        _tell(say("packs.lost"))
        return
    state.change(packs=packs)


def _access(token: str) -> Access:
    """What a visit that began by a link may do; nothing where the link opens nothing any more."""
    try:
        return Access(library().linked(token).id)
    except JunhengError:
        return Access("")


def _prints() -> str:
    """The key of everything that a draft keeps."""
    now = state.session()
    return key(
        now.picked, now.draft, list(now.opened.values()), now.language, now.money,
        now.district.fingerprint, now.packs,
    )  # fmt: skip


def keep() -> None:
    """Keep the visit where something was changed since it was kept last.

    What cannot be kept now is tried again whenever the page is drawn, and told once.
    """
    if state.session().reading or place().prints == _prints():
        return
    try:
        _keep(place().draft or secrets.token_urlsafe(12), place().seen)
    except JunhengError as error:
        line = error.text(language())
        if line != place().trouble:
            st.toast(safe(line), icon=":material/save:", duration="long")
        _now(trouble=line)
        return
    if place().trouble:
        st.toast(say("keeping.again"), icon=":material/save:")
    _now(prints=_prints(), trouble="")
    _address()


def _keep(owner: str, seen: datetime | None) -> None:
    """Keep it in its draft; in one of its own where another window has written there since."""
    content = draft_words.content(place().link)
    try:
        kept = library().keep_draft(owner, content, seen)
    except JunhengError as error:
        if error.code != "draft_elsewhere":
            raise
        owner = secrets.token_urlsafe(12)
        kept = library().keep_draft(owner, content)
        st.toast(say("keeping.elsewhere"), icon=":material/tab:", duration="long")
    _now(draft=owner, seen=kept)


def tell() -> None:
    """What there is to say about the work that was taken up again."""
    for line in st.session_state.pop(TOLD, ()):
        st.warning(safe(line), icon=":material/history:")


def linked() -> Entry | None:
    """The saved scenario that this visit looks at through a link; None where it is one's own."""
    return place().entry if state.session().reading else None


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
    """Go on with the linked scenario as one's own work; the library stays as closed as it was."""
    state.change(reading=False)
    st.query_params.pop(LINK, None)
    state.keep(state.session().picked)
