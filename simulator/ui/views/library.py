"""The page of saved scenarios: save, find, open, rename, share, hand on."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from simulator.errors import JunhengError
from simulator.incoming import readers
from simulator.library.exchange import export_entries
from simulator.library.store import Entry, Library, work_of
from simulator.results.result import Result
from simulator.ui import keeping, state
from simulator.ui.components import library_entry, reading
from simulator.ui.words import language, named, safe, say

#: Entries listed at once; the search finds the others.
MOST = 200


def show(result: Result) -> None:
    """Save what is open; below, everything that was saved, and what can be done with it."""
    st.subheader(say("page.library"))
    try:
        library = keeping.library()
    except JunhengError as error:
        st.error(safe(error.text(language())), icon=":material/error:")
        return
    _tell()
    if not state.session().access.whole:
        st.info(say("library.closed"), icon=":material/lock:")
        return
    with st.expander(say("library.save"), key="library_save", icon=":material/save:"):
        _save(library, result)
    entries = _find(library)
    library_entry.deleted(library)
    library_entry.damaged(library)
    if entries:
        _list(entries)
        library_entry.show(library, entries, result)
    _hand_on(library, entries)


def _tell() -> None:
    """What came of the last action."""
    for kind, line in st.session_state.pop(library_entry.TOLD, ()):
        (st.error if kind == "error" else st.info)(safe(line))


def _save(library: Library, result: Result) -> None:
    """The current scenario under a name; a name that is taken keeps both."""
    now = state.session()
    with st.form("library_save_form"):
        left, right = st.columns(2)
        name = left.text_input(
            say("library.name"), value=now.draft.title(now.language), key="library_name",
            max_chars=library_entry.LONGEST_NAME,
        )  # fmt: skip
        author = right.text_input(
            say("library.author"), value=st.session_state.get("library_last_author", ""),
            max_chars=library_entry.LONGEST_NAME, key="library_author",
        )  # fmt: skip
        note = st.text_area(
            say("library.note"), max_chars=library_entry.LONGEST_NOTE, height=80, key="library_note"
        )
        tags = library_entry.tags_of(library, "library_tags")
        if st.form_submit_button(say("library.take"), icon=":material/save:", type="primary"):
            st.session_state["library_last_author"] = author
            _saved(library, result, name, author, note, tags)


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
        saved = library.save(work)
        library_entry.told(saved.text(now.language))
        # what is open from now on is what was saved: it is called so on every page and file
        library_entry.take(saved.entry.scenario())
    except JunhengError as error:
        library_entry.told(error.text(now.language), "error")
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
    try:
        found = library.entries(text, tags, MOST)
    except JunhengError as error:
        st.error(safe(error.text(language())))
        return ()
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


def _hand_on(library: Library, entries: Sequence[Entry]) -> None:
    """Chosen entries as one file; and such a file made elsewhere."""
    st.markdown(f"##### {say('library.hand_on')}")
    with st.container(key="library_hand_on"):
        left, right = st.columns(2)
    by_id = {each.id: each for each in entries}
    with left:
        kept = [each for each in st.session_state.get("library_chosen", []) if each in by_id]
        st.session_state["library_chosen"] = kept
        chosen = st.multiselect(
            say("library.chosen"), list(by_id), key="library_chosen", placeholder=say("choose"),
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
            _import(library, uploaded)


def _import(library: Library, file: UploadedFile) -> None:
    done = reading.once("library_read", file.file_id)
    try:
        works = reading.watched(
            lambda tell: readers.works(
                file.name, file.getvalue(), reading.visitor(), tell
            ),
            st.container(), done,
        )  # fmt: skip
        found = library.save_all(works)
    except JunhengError as error:
        library_entry.told(error.text(language()), "error")
    else:
        library_entry.told(say("library.imported", count=len(found)))
        for each in found:
            if each.earlier is not None:
                library_entry.told(each.text(language()))
    done()
    st.rerun()
