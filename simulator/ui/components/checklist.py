"""Documents that officers confirm by hand: a state and a remark each, kept with the district."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from simulator.present.tables.catalogue import Table
from simulator.results.checklist import with_checklist
from simulator.ui import state
from simulator.ui.words import label, language, say

#: The states of a document, by how the table of items calls them.
STATES = {"unknown": "open", "pass": "done", "fail": "missing"}
DONE: dict[str, bool | None] = {"open": None, "done": True, "missing": False}


def show(found: Table) -> None:
    """The documents of the last year in an editable grid; taken over with one button."""
    rows = found.rows[found.rows["kind_id"] == "document"].reset_index(drop=True)
    if rows.empty:
        return
    words = {name: say(f"balance.state.{name}") for name in DONE}
    st.markdown(f"##### {say('balance.checklist')}")
    st.caption(say("balance.checklist_help"))
    grid = pd.DataFrame(
        {
            "id": rows["id"],
            "item": rows["item"],
            "state": [words[STATES[each]] for each in rows["status_id"]],
            "remark": rows["remark"],
        }
    )
    edited = st.data_editor(
        grid, hide_index=True, key=f"checklist:{language()}:{_version()}",
        disabled=["id", "item"], width="stretch",
        column_config={
            "id": st.column_config.TextColumn(label("export.number"), width=60),
            "item": st.column_config.TextColumn(say("balance.item"), width="large"),
            "state": st.column_config.SelectboxColumn(
                say("balance.state"), options=list(words.values()), required=True
            ),
            "remark": st.column_config.TextColumn(say("balance.remark"), max_chars=500),
        },
    )  # fmt: skip
    changes = changed(grid, edited, {word: DONE[name] for name, word in words.items()})
    st.button(
        say("balance.checklist_save"), key="checklist_save", disabled=not changes,
        icon=":material/check:", on_click=_take, args=(changes,),
    )  # fmt: skip


def _version() -> str:
    return state.session().district.fingerprint[:8]


def changed(
    before: pd.DataFrame, after: pd.DataFrame, meaning: dict[str, Any]
) -> dict[str, tuple[bool | None, str]]:
    """The rows that differ: (done, remark) by the item's id."""
    found = {}
    for (_, old), (_, new) in zip(before.iterrows(), after.iterrows(), strict=True):
        if old["state"] != new["state"] or old["remark"] != new["remark"]:
            found[str(new["id"])] = (meaning[new["state"]], str(new["remark"] or "").strip())
    return found


def _take(changes: dict[str, tuple[bool | None, str]]) -> None:
    state.open_district(with_checklist(state.session().district, changes))
