"""What can be done with one saved scenario: open, copy, delete, link, rename, note."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import streamlit as st

from simulator.errors import JunhengError
from simulator.library.store import Entry, Library, Saved
from simulator.library.sweeping import TRASH
from simulator.results.result import Result
from simulator.scenario.describe import describe
from simulator.scenario.model import Scenario
from simulator.ui import keeping, state
from simulator.ui.keys import key
from simulator.ui.words import language, named, safe, say

#: Names in the session: what is to be told, and the entry deleted last.
TOLD, DELETED = "library_told", "library_deleted"
LONGEST_NAME, LONGEST_NOTE = 60, 2_000


def told(line: str, kind: str = "done") -> None:
    """Remember a sentence to be told at the top of the page."""
    st.session_state.setdefault(TOLD, []).append((kind, line))


def tags_of(library: Library, place: str, chosen: Sequence[str] = ()) -> list[str]:
    """A choice of tags in use and new ones."""
    return st.multiselect(
        say("library.tags"), sorted({*library.tags(), *chosen}), key=place,
        accept_new_options=True, help=say("library.tags_help"), placeholder=" ",
    )  # fmt: skip


def show(library: Library, entries: Sequence[Entry], result: Result) -> None:
    """What can be done with one of them."""
    by_id = {each.id: each for each in entries}
    if st.session_state.get("library_which") not in by_id:
        st.session_state["library_which"] = entries[0].id
    chosen = st.selectbox(
        say("library.which"), list(by_id), key="library_which",
        format_func=named(by_id, lambda each: by_id[each].title(language())),
    )  # fmt: skip
    entry = by_id[chosen]
    with st.container(border=True, key="library_one"):
        binding = result.binding
        for line in entry.warnings(
            binding.district.fingerprint, binding.policy.fingerprint, language()
        ):
            st.caption(f":material/warning: {safe(line)}")
        _says(entry)
        with st.container(horizontal=True):
            for name, icon, act in (
                ("open", "folder_open", _open), ("duplicate", "content_copy", _duplicate),
                ("delete", "delete", _delete),
            ):  # fmt: skip
                st.button(
                    say(f"library.{name}"), key=f"library_{name}", icon=f":material/{icon}:",
                    on_click=act, args=(library, entry),
                )  # fmt: skip
        _link(library, entry)
        with st.expander(say("library.change"), key="library_change"):
            _change(library, entry)


def _says(entry: Entry) -> None:
    """What the scenario says against its base, in sentences."""
    try:
        scenario, year = entry.scenario(), state.session().district.base_year
        # one that changes nothing says what the scenario it stands on says
        lines = describe(scenario, language(), year) or (
            describe(scenario.base, language(), year) if scenario.base else []
        )
    except JunhengError as error:
        st.error(safe(error.text(language())))
        return
    if entry.work.note:
        st.markdown(safe(entry.work.note))
    st.markdown("\n".join(f"- {safe(line)}" for line in lines))


def _open(library: Library, entry: Entry) -> None:
    try:
        scenario = library.open(entry.id).scenario()
    except JunhengError as error:
        told(error.text(language()), "error")
        return
    take(scenario)
    told(say("library.opened", name=entry.name))


def take(scenario: Scenario) -> None:
    """Open a saved scenario: it stands among those that can be picked, and is picked."""
    state.keep(scenario)
    state.pick(scenario)


def _duplicate(library: Library, entry: Entry) -> None:
    name = say("library.copy_of", name=entry.name)[:LONGEST_NAME]
    _try(lambda: library.duplicate(entry.id, name, entry.work.author))


def _try(act: Callable[[], object]) -> None:
    """Do it and tell what came of it, or why not."""
    try:
        found = act()
    except JunhengError as error:
        told(error.text(language()), "error")
        return
    if isinstance(found, Saved):
        told(found.text(language()))


def _delete(library: Library, entry: Entry) -> None:
    """Into the trash, as it was seen; what somebody changed meanwhile is looked at first."""
    try:
        library.delete(entry.id, entry)
    except JunhengError as error:
        told(error.text(language()), "error")
        return
    st.session_state[DELETED] = (entry.id, entry.name)


def deleted(library: Library) -> None:
    """The entry deleted last, and the trash: what lies there can be brought back for 30 days."""
    if DELETED in st.session_state:
        identifier, name = st.session_state[DELETED]
        st.button(
            say("library.restore", name=safe(name)), key="library_restore",
            icon=":material/undo:", on_click=_restore, args=(library, identifier),
        )  # fmt: skip
    thrown = library.trash()
    if thrown:
        with st.expander(say("library.trash", count=len(thrown)), key="library_trash"):
            _trash(library, thrown)


def _trash(library: Library, thrown: Sequence[tuple[Entry, datetime]]) -> None:
    by_id = {each.id: (each, when) for each, when in thrown}
    st.caption(say("library.trash_days", days=TRASH.days))
    chosen = st.selectbox(
        say("library.trash_which"), list(by_id), key="library_trash_which",
        format_func=named(by_id, lambda each: say(
            "library.thrown", entry=by_id[each][0].title(language()),
            time=f"{by_id[each][1].astimezone():%Y-%m-%d %H:%M}",
        )),
    )  # fmt: skip
    st.button(
        say("library.trash_restore"), key="library_trash_restore", icon=":material/undo:",
        on_click=_restore, args=(library, chosen),
    )  # fmt: skip


def damaged(library: Library) -> None:
    """Records that cannot be used: told each in a sentence, to be deleted; the others stay."""
    for each in library.damaged():
        left, right = st.columns([5, 1], vertical_alignment="center")
        left.warning(safe(each.error.text(language())), icon=":material/report:")
        right.button(
            say("library.discard"), key=f"library_discard:{each.number}", icon=":material/delete:",
            on_click=_discard, args=(library, each.number), width="stretch",
        )  # fmt: skip


def _discard(library: Library, number: int) -> None:
    _try(lambda: library.discard(number))


def _restore(library: Library, identifier: str) -> None:
    _try(lambda: library.restore(identifier))
    st.session_state.pop(DELETED, None)


def _link(library: Library, entry: Entry) -> None:
    """A link that opens exactly this, and nothing of one's drafts."""
    if entry.link is None:
        st.button(
            say("library.share"), key="library_share", icon=":material/link:",
            on_click=lambda: _try(lambda: library.share(entry.id)),
        )  # fmt: skip
        return
    st.caption(say("library.link"))
    st.code(f"{_address()}?{keeping.LINK}={entry.link}", language=None)
    st.button(
        say("library.unshare"), key="library_unshare", icon=":material/link_off:",
        on_click=lambda: _try(lambda: library.unshare(entry.id)),
    )  # fmt: skip


def _address() -> str:
    """The address of the first page of this server."""
    url = str(st.context.url or "")
    return url.split("?", maxsplit=1)[0].rsplit("/", 1)[0] + "/" if "/" in url else ""


def _change(library: Library, entry: Entry) -> None:
    """Name, note and tags as they are now; what was changed elsewhere is written over by nobody."""
    places = tuple(f"library_new_{each}:{entry.id}" for each in ("name", "note", "tags"))
    drawn = f"library_drawn:{entry.id}"
    here = all(each in st.session_state for each in places)
    if not here or st.session_state.get(drawn) != key(entry):
        st.session_state[drawn] = key(entry)
        values = (entry.name, entry.work.note, list(entry.work.tags))
        st.session_state.update(zip(places, values, strict=True))
    name, note, tags = places
    with st.form(f"library_change_form:{entry.id}"):
        st.text_input(say("library.name"), max_chars=LONGEST_NAME, key=name)
        st.text_area(say("library.note"), max_chars=LONGEST_NOTE, height=80, key=note)
        tags_of(library, tags, st.session_state[tags])
        st.form_submit_button(
            say("library.apply"), icon=":material/check:", on_click=_apply,
            args=(library, entry, *places),
        )  # fmt: skip


def _apply(library: Library, seen: Entry, name: str, note: str, tags: str) -> None:
    """Write what was typed over what was ``seen``; what cannot be written is said with it."""
    typed = {each: st.session_state[each] for each in (name, note, tags)}
    work = seen.work
    try:
        if (typed[note], tuple(typed[tags])) != (work.note, work.tags):
            seen = library.annotate(seen.id, typed[note].strip(), typed[tags], seen)
        if typed[name].strip() != seen.name:
            told(library.rename(seen.id, typed[name].strip(), seen).text(language()))
    except JunhengError as error:
        told(error.text(language()), "error")
        told(say("library.typed", name=typed[name], note=typed[note]), "error")
