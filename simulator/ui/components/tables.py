"""Tables on screen: the same text as in the exports, sortable, and a "why?" behind each figure."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from simulator import units
from simulator.law.rules import RULES
from simulator.present.tables.catalogue import Table, table
from simulator.results.result import Result
from simulator.ui import cache, state
from simulator.ui.components import why
from simulator.ui.words import label, language, safe, say

#: Which figure stands in a cell, by row and column id; None where there is nothing to explain.
Asked = Callable[[Mapping[str, Any], str], why.Figure | None]
RULES_BY_ID = {rule.id: rule for rule in RULES}
ROW_HEIGHT, HEAD_HEIGHT, TALLEST = 35, 38, 670
#: Pixels of a Chinese sign, of a figure or capital, of any other sign, of the space beside a
#: cell's text, and the most that a column takes: longer texts are read by a double click.
CHINESE, FIGURE, LETTER, PADDING, WIDEST = 14.0, 7.5, 6.5, 20, 460


def of(result: Result, identifier: str) -> Table:
    """A table of a result in the visitor's language and unit of money."""
    now = state.session()
    return cache.view(
        "table", result, identifier, now.language, now.money,
        make=lambda: table(result, identifier, now.language, now.money),
    )  # fmt: skip


def show(
    found: Table,
    key: str,
    asked: Asked | None = None,
    hide: tuple[str, ...] = (),
    tallest: int = TALLEST,
) -> None:
    """One table; a cell that is clicked opens the window that explains it."""
    columns = [column for column in found.columns if column.id not in hide]
    frame = _styled(found, columns)
    height = min(HEAD_HEIGHT + ROW_HEIGHT * max(len(found.rows), 1), tallest)
    event = st.dataframe(
        frame, hide_index=True, key=f"table:{key}:{language()}", height=height, width="stretch",
        column_config=_config(found, columns), alt=found.title,
        placeholder=units.UNKNOWN[language()],
        on_select="rerun" if asked else "ignore", selection_mode="single-cell",
    )  # fmt: skip
    if asked:
        st.caption(say("click_for_why"))
        _answer(found, columns, key, event, asked)
    if note_of(found):
        st.caption(safe(note_of(found)))


def note_of(found: Table) -> str:
    """The remarks under a table; that data are invented is said once, at the head of the page."""
    return found.note.replace(label("export.invented"), "").strip()


def _styled(found: Table, columns: list[Any]) -> Any:
    """Figures stay figures, so that they sort; what is read is the text of the exports."""
    texts = {column.id: [found.text(column, row) for row in found.records()] for column in columns}
    if any(column.unit.startswith("*") for column in columns):
        return pd.DataFrame({c.id: texts[c.id] for c in columns})
    frame = found.rows[[column.id for column in columns]].reset_index(drop=True)
    for column in columns:
        if column.numeric and (frame[column.id].astype(str) == "").any():
            # a place where no figure belongs is empty: drawn as a figure it would read "unknown"
            frame[column.id] = texts[column.id]
        elif column.numeric:
            frame[column.id] = pd.to_numeric(frame[column.id], errors="coerce")
    lookup = {column.id: iter(texts[column.id]) for column in columns}
    return frame.style.format({name: _in_turn(each) for name, each in lookup.items()})


def _in_turn(texts: Iterator[str]) -> Callable[[Any], str]:
    """The printed texts of a column, one after the other."""
    return lambda _: next(texts)


def _config(found: Table, columns: list[Any]) -> dict[str, Any]:
    """Headings with units; the first words stay in sight when the table is moved sideways."""
    first = columns[0].id if columns else ""
    return {
        column.id: st.column_config.Column(
            found.heading(column), pinned=column.id == first,
            width=_width(found, column), alignment="right" if column.numeric else "left",
        )
        for column in columns
    }  # fmt: skip


def _width(found: Table, column: Any) -> int:
    """Pixels for the longest text of a column: the grid itself looks at the first rows only."""
    texts = {found.text(column, row) for row in found.records()}
    widest = max(map(_pixels, texts | {found.heading(column)}))
    return min(round(widest) + PADDING, WIDEST)


def _pixels(text: str) -> float:
    """How wide a text is drawn."""
    return sum(
        CHINESE if unicodedata.east_asian_width(sign) in "WF"
        else FIGURE if sign.isdigit() or sign.isupper() else LETTER
        for sign in text
    )  # fmt: skip


def _answer(found: Table, columns: list[Any], key: str, event: Any, asked: Asked) -> None:
    cells = event["selection"].get("cells") or []
    if not cells or not why.selected(key, cells):
        if not cells:
            why.selected(key, None)
        return
    row, name = cells[0]
    names = {column.id for column in columns}
    record = found.records()[row] if row < len(found.rows) else {}
    figure = asked(record, name) if name in names else None
    if figure is not None:
        why.ask(figure)


def only(found: Table, rows: pd.DataFrame) -> Table:
    """The same table with some of its rows."""
    return replace(found, rows=rows)


def rule_figure(result: Result, row: Mapping[str, Any], name: str) -> why.Figure | None:
    """The headroom behind a cell of the table of rules: of its year, of the worst place."""
    rule = str(row["rule_id"])
    checks = result.checks[result.checks["rule"] == rule]
    if name.isdigit():
        checks = checks[checks["year"] == int(name)]
    elif name != "headroom":
        return None
    worst = checks.sort_values("headroom", na_position="first").iloc[0]
    return _check(rule, worst)


def check_figure(result: Result, row: Mapping[str, Any], name: str) -> why.Figure | None:
    """What was required, what there is, or the headroom of one check."""
    if name not in ("required", "actual", "headroom"):
        return None
    checks = result.checks
    same = checks[(checks["rule"] == row["rule_id"]) & (checks["year"] == int(row["year"]))]
    place = (row["school_id"], row["stage"])
    for _, each in same.iterrows():
        if (each["school_id"], each["stage"]) == place:
            return _check(str(row["rule_id"]), each, name)
    return None


def _check(rule: str, check: Any, what: str = "headroom") -> why.Figure:
    name = getattr(RULES_BY_ID[rule], what)
    return why.Figure(name, check["school_id"], check["stage"], int(check["year"]))
