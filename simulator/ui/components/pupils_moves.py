"""Schools that close, merge or open, as tables to fill in."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from simulator.district.pupils.moves import MOVES, NEW, OPENS_WITH
from simulator.errors import JunhengError
from simulator.results.result import Result
from simulator.ui import state
from simulator.ui.components import pupils_rows as rows
from simulator.ui.components.pupils_how import REFUSED, told, use
from simulator.ui.words import label, language, say

#: The tables in the order of an officer's work, and the words above and below each.
SHOWN = {MOVES: "moves", NEW: "new", OPENS_WITH: "opens"}
#: What a choice is called on screen: the glossary's family of each column.
CHOICES = {"takes": "takes", "type": "school_type", "area": "area",
           "item": "column"}  # fmt: skip


def show(result: Result) -> None:
    """Three tables, and a button that checks them together and takes them."""
    told()
    edited = {path: _table(result, path, word) for path, word in SHOWN.items()}
    st.button(
        say("pupils.use"), key="pupils_moves_use", type="primary", icon=":material/check:",
        on_click=_use, args=(edited,),
    )  # fmt: skip


def _use(edited: dict[str, pd.DataFrame]) -> None:
    try:
        use({path: rows.schools_said(_ids(table), path) for path, table in edited.items()})
    except JunhengError as error:
        table, what = (error.params[name] for name in ("table", "what"))
        words = {"table": say(f"pupils.{SHOWN[str(table)]}"), "what": say(f"pupils.{what}")}
        told_as = JunhengError(error.code, row=error.params["row"], **words)
        st.session_state[REFUSED] = [told_as.text(language())]


def _table(result: Result, path: str, word: str) -> pd.DataFrame:
    st.markdown(f"**{say(f'pupils.{word}')}**")
    known = _words(rows.school_rows(state.session().draft, path))
    print_ = hash(known.to_csv())
    edited = st.data_editor(
        known, hide_index=True, width="stretch", num_rows="dynamic",
        key=f"pupils_{word}:{language()}:{print_}", placeholder="",
        column_config={str(name): _column(result, path, str(name)) for name in known.columns},
    )  # fmt: skip
    st.caption(say(f"pupils.{word}_help"))
    return edited


def _column(result: Result, path: str, name: str) -> Any:
    """One column: a year, a share, a school or another choice, or plain words."""
    words = say("pupils.code" if name == "school" and path != MOVES else f"pupils.{name}")
    if name == "year":
        years = [int(year) for year in result.index.years[2:]]
        return st.column_config.SelectboxColumn(words, options=years)
    if name in ("share", "amount"):
        most = 100.0 if name == "share" else None
        return st.column_config.NumberColumn(words, min_value=0.0, max_value=most)
    if name in ("school", "into") and path == MOVES:
        return st.column_config.SelectboxColumn(words, options=_schools(result))
    if name in CHOICES:
        options = [_word(name, each) for each in rows.TABLES[path][name]]
        return st.column_config.SelectboxColumn(words, options=options)
    return st.column_config.TextColumn(words)


def _schools(result: Result) -> list[str]:
    """Every school by code and name, new ones among them."""
    names = result.binding.district.schools["school_name"]
    return [f"{code} {name}" for code, name in names.items()]


def _word(name: str, choice: str) -> str:
    return label(f"{CHOICES[name]}.{choice}")


def _words(table: pd.DataFrame) -> pd.DataFrame:
    """The choices of a table in words, schools with their names."""
    found = table.copy()
    for name in CHOICES.keys() & set(found.columns):
        found[name] = [_word(name, str(each)) for each in found[name]]
    if "into" in found:
        names = _named()
        for name in ("school", "into"):
            found[name] = [names.get(str(each), str(each)) for each in found[name]]
    return found


def _named() -> dict[str, str]:
    now = state.session()
    known = {
        str(code): f"{code} {name}" for code, name in now.district.schools["school_name"].items()
    }
    new = {row["school"]: f"{row['school']} {row['name']}" for row in now.draft.get(NEW) or ()}
    return {**known, **new}


def _ids(table: pd.DataFrame) -> pd.DataFrame:
    """Words back to the ids that a scenario says."""
    found = table.copy()
    for name in CHOICES.keys() & set(found.columns):
        path = next(path for path, columns in rows.TABLES.items() if name in columns)
        back = {_word(name, each): each for each in rows.TABLES[path][name]}
        found[name] = [back.get(each, each) for each in found[name]]
    if "into" in found:
        back = {words: code for code, words in _named().items()}
        for name in ("school", "into"):
            found[name] = [back.get(each, each) for each in found[name]]
    return found
