"""The page of saved scenarios: save, find, open, rename, share, hand on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from simulator.engine.result import Result
from simulator.errors import JunhengError
from simulator.scenario.describe import describe
from simulator.scenario.store import Entry, Library, Saved, work_of
from simulator.scenario.store_file import export_entries, import_entries
from simulator.ui import keeping, state
from simulator.ui.words import language, named, safe, say

#: Entries listed at once; the search finds the others.
MOST = 200
#: Names in the session: what is to be told, and the entry deleted last.
TOLD, DELETED = "library_told", "library_deleted"
LONGEST_NAME, LONGEST_NOTE = 60, 2_000


def show(result: Result) -> None:
    """Save what is open; below, everything that was saved, and what can be done with it."""
    st.subheader(say("page.library"))
    try:
        library = keeping.library()
    except JunhengError as error:
        st.error(error.text(language()), icon=":material/error:")
        return
    _tell()
    with st.expander(say("library.save"), key="library_save", icon=":material/save:"):
        _save(library, result)
    entries = _find(library)
    _deleted(library)
    if entries:
        _list(entries)
        _one(library, entries, result)
    _hand_on(library, entries)


def _tell() -> None:
    """What came of the last action."""
    for kind, line in st.session_state.pop(TOLD, ()):
        (st.error if kind == "error" else st.success)(safe(line))


def _told(line: str, kind: str = "done") -> None:
    st.session_state.setdefault(TOLD, []).append((kind, line))


def _save(library: Library, result: Result) -> None:
    """The current scenario under a name; a name that is taken keeps both."""
    now = state.session()
    with st.form("library_save_form"):
        left, right = st.columns(2)
        name = left.text_input(
            say("library.name"), value=now.draft.title(now.language), max_chars=LONGEST_NAME,
            key="library_name",
        )  # fmt: skip
        author = right.text_input(
            say("library.author"), value=st.session_state.get("library_last_author", ""),
            max_chars=LONGEST_NAME, key="library_author",
        )  # fmt: skip
        note = st.text_area(
            say("library.note"), max_chars=LONGEST_NOTE, height=80, key="library_note"
        )
        tags = _tags(library, "library_tags", ())
        if st.form_submit_button(say("library.take"), icon=":material/save:", type="primary"):
            st.session_state["library_last_author"] = author
            _saved(library, result, name, author, note, tags)


def _tags(library: Library, key: str, chosen: Sequence[str]) -> list[str]:
    return st.multiselect(
        say("library.tags"), sorted({*library.tags(), *chosen}), default=list(chosen), key=key,
        accept_new_options=True, help=say("library.tags_help"), placeholder=" ",
    )  # fmt: skip


def _saved(
    library: Library, result: Result, name: str, author: str, note: str, tags: Sequence[str]
) -> None:
    now, binding = state.session(), result.binding
    try:
        work = work_of(
            now.draft, name.strip(), district=binding.district.fingerprint,
            policy=binding.policy.fingerprint, district_name=binding.district.name,
            author=author.strip(), note=note.strip(), tags=tags,
        )  # fmt: skip
        _told(library.save(work).text(now.language))
    except JunhengError as error:
        _told(error.text(now.language), "error")
    st.rerun()


def _find(library: Library) -> tuple[Entry, ...]:
    """The entries that the words and tags leave, the latest first."""
    left, right = st.columns([2, 1])
    text = left.text_input(
        say("library.search"), key="library_search", placeholder=say("library.search_hint")
    )
    tags = right.multiselect(
        say("library.with_tags"), library.tags(), key="library_with_tags", placeholder=say("all")
    )
    found = library.entries(text, tags, MOST)
    if found:
        st.caption(say("library.found", count=len(found)))
    else:
        st.info(say("library.none" if text or tags else "library.empty"))
    return found


def _list(entries: Sequence[Entry]) -> None:
    rows = [
        {
            say("library.name"): each.name,
            say("library.version"): each.version,
            say("library.author"): each.work.author,
            say("library.saved_at"): f"{each.saved.astimezone():%Y-%m-%d %H:%M}",
            say("library.note"): each.work.note,
            say("library.tags"): say("plan.joint").join(each.work.tags),
            say("library.district"): each.work.district_name,
            say("library.identity"): each.identity[:12],
        }
        for each in entries
    ]
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, alt=say("page.library"), key="library_list",
        column_config={say("library.version"): st.column_config.Column(width="small")},
    )  # fmt: skip


def _one(library: Library, entries: Sequence[Entry], result: Result) -> None:
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
        lines = describe(entry.scenario(), language(), state.session().district.base_year)
    except JunhengError as error:
        st.error(error.text(language()))
        return
    if entry.work.note:
        st.markdown(safe(entry.work.note))
    st.markdown("\n".join(f"- {safe(line)}" for line in lines))


def _open(library: Library, entry: Entry) -> None:
    try:
        scenario = library.open(entry.id).scenario()
    except JunhengError as error:
        _told(error.text(language()), "error")
        return
    state.keep(entry.name, scenario)
    state.pick(scenario)
    _told(say("library.opened", name=entry.name))


def _duplicate(library: Library, entry: Entry) -> None:
    name = say("library.copy_of", name=entry.name)[:LONGEST_NAME]
    _try(lambda: library.duplicate(entry.id, name, entry.work.author))


def _try(act: Callable[[], object]) -> None:
    """Do it and tell what came of it, or why not."""
    try:
        found = act()
    except JunhengError as error:
        _told(error.text(language()), "error")
        return
    if isinstance(found, Saved):
        _told(found.text(language()))


def _delete(library: Library, entry: Entry) -> None:
    try:
        library.delete(entry.id)
    except JunhengError as error:
        _told(error.text(language()), "error")
        return
    st.session_state[DELETED] = (entry.id, entry.name)


def _deleted(library: Library) -> None:
    """The entry deleted last can be brought back."""
    if DELETED not in st.session_state:
        return
    identifier, name = st.session_state[DELETED]
    st.button(
        say("library.restore", name=name), key="library_restore", icon=":material/undo:",
        on_click=_restore, args=(library, identifier),
    )  # fmt: skip


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
    with st.form(f"library_change_form:{entry.id}"):
        name = st.text_input(
            say("library.name"), value=entry.name, max_chars=LONGEST_NAME,
            key=f"library_new_name:{entry.id}",
        )  # fmt: skip
        note = st.text_area(
            say("library.note"), value=entry.work.note, max_chars=LONGEST_NOTE, height=80,
            key=f"library_new_note:{entry.id}",
        )  # fmt: skip
        tags = _tags(library, f"library_new_tags:{entry.id}", entry.work.tags)
        if st.form_submit_button(say("library.apply"), icon=":material/check:"):
            if note != entry.work.note or tuple(tags) != entry.work.tags:
                _try(lambda: library.annotate(entry.id, note.strip(), tags))
            if name.strip() != entry.name:
                _try(lambda: library.rename(entry.id, name.strip()))
            st.rerun()


def _hand_on(library: Library, entries: Sequence[Entry]) -> None:
    """Chosen entries as one file; and such a file made elsewhere."""
    st.markdown(f"##### {say('library.hand_on')}")
    left, right = st.columns(2)
    by_id = {each.id: each for each in entries}
    with left:
        kept = [each for each in st.session_state.get("library_chosen", []) if each in by_id]
        st.session_state["library_chosen"] = kept
        chosen = st.multiselect(
            say("library.chosen"), list(by_id), key="library_chosen", placeholder=" ",
            format_func=named(by_id, lambda each: by_id[each].title(language())),
        )  # fmt: skip
        st.download_button(
            say("library.file"), lambda: export_entries([by_id[each] for each in chosen]),
            f"{say('library.file_name')}.json", "application/json", key="library_file",
            disabled=not chosen, on_click="ignore", icon=":material/download:",
        )  # fmt: skip
    with right:
        uploaded = st.file_uploader(say("library.import"), type=["json"], key="library_import")
        if uploaded is not None and st.session_state.get("library_read") != uploaded.file_id:
            st.session_state["library_read"] = uploaded.file_id
            _import(library, uploaded.getvalue())


def _import(library: Library, content: bytes) -> None:
    try:
        found = import_entries(library, content)
    except JunhengError as error:
        _told(error.text(language()), "error")
    else:
        _told(say("library.imported", count=len(found)))
        for each in found:
            if each.earlier is not None:
                _told(each.text(language()))
    st.rerun()
