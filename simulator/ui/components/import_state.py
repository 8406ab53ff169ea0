"""A file on its way in: sheets as read, meanings confirmed, cells mended; not yet in use."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import streamlit as st

from simulator.district.reading.files import TEXTS, open_bytes
from simulator.district.reading.grid import Sheet
from simulator.district.reading.package import MOST_SHEETS
from simulator.district.reading.proposal import Proposal, confirm, propose_sheets
from simulator.district.reading.roll_forward import pasted
from simulator.errors import JunhengError
from simulator.ui import state
from simulator.ui.components import import_memory
from simulator.ui.components.import_memory import Remembered

PLACE = "import"
#: (sheet, cell address) → the value that the visitor put in its place.
Mended = Mapping[tuple[str, str], str]
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True, slots=True, eq=False)
class Incoming:
    """One upload: the file's content (none for a pasted table), its sheets, what was answered."""

    name: str
    sheets: tuple[Sheet, ...]
    content: bytes | None = None
    mapped: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    mended: Mended = field(default_factory=dict)
    memory: Remembered | None = None


def current() -> Incoming | None:
    """What is on its way in; None where nothing is."""
    found: Incoming | None = st.session_state.get(PLACE)
    return found


def forget() -> None:
    """Drop what was on its way in; the district in use stays."""
    for name in (PLACE, "import_proposal"):
        st.session_state.pop(name, None)


def begin(files: Sequence[tuple[str, bytes]]) -> None:
    """Open one workbook, or several CSV files together. Raises JunhengError."""
    several = len(files) > 1
    if len(files) > MOST_SHEETS:
        raise JunhengError("data_file_sheets", file=files[0][0], most=MOST_SHEETS)
    if several and any(Path(name).suffix.lower() not in TEXTS for name, _ in files):
        raise JunhengError("import_several")
    sheets = tuple(sheet for name, content in files for sheet in open_bytes(content, name))
    name = files[0][0] if not several else f"{files[0][0]} +{len(files) - 1}"
    _start(Incoming(name, sheets, None if several else files[0][1]))


def begin_pasted(text: str, table: str) -> None:
    """Open a table pasted from a spreadsheet. Raises JunhengError."""
    _start(Incoming(f"{table}.csv", (pasted(text, table),)))


def _start(incoming: Incoming) -> None:
    forget()
    proposal = propose_sheets(incoming.name, incoming.sheets)
    try:
        known = import_memory.recalled(proposal)
    except JunhengError:  # damaged: told, and asked anew
        st.session_state["import_map_damaged"], known = True, None
    st.session_state[PLACE] = (
        incoming if known is None else replace(incoming, mapped=known.mapped, memory=known)
    )


def ask_again() -> None:
    """Use nothing that was remembered: every heading that is not certain is asked."""
    incoming = current()
    if incoming is not None:
        st.session_state[PLACE] = replace(incoming, mapped={}, memory=None)


def proposal(incoming: Incoming) -> Proposal:
    """What was recognised, with answers and mended cells; worked out once for each state."""
    kept = st.session_state.get("import_proposal")
    if kept is not None and kept[0] is incoming:
        found: Proposal = kept[1]
        return found
    sheets = [with_cells(sheet, incoming.mended) for sheet in incoming.sheets]
    found = propose_sheets(incoming.name, sheets, incoming.mapped)
    st.session_state["import_proposal"] = (incoming, found)
    return found


def answer(answers: Mapping[tuple[str, str], str | None], who: str = "") -> None:
    """Take what the visitor says that headings mean, and remember it for files of this shape."""
    incoming = current()
    if incoming is None:
        return
    before = proposal(incoming)
    mapped = confirm(before, answers)
    st.session_state[PLACE] = replace(incoming, mapped=mapped)
    if not state.session().access.whole:
        return
    try:
        import_memory.keep(before.shape, mapped, who)
    except (OSError, JunhengError):
        st.session_state["import_not_remembered"] = True


def mend(cells: Mended) -> None:
    """Put values in the place of cells; the file itself stays as it is."""
    incoming = current()
    if incoming is not None:
        st.session_state[PLACE] = replace(incoming, mended={**incoming.mended, **cells})


def with_cells(sheet: Sheet, mended: Mended) -> Sheet:
    """The sheet with some cells replaced; an empty value empties the cell."""
    mine = {cell: value for (name, cell), value in mended.items() if name == sheet.name}
    if not mine:
        return sheet
    rows = [list(row) for row in sheet.rows]
    broken = dict(sheet.broken)
    for cell, value in mine.items():
        row, column = place_of(cell)
        if row < len(rows):
            rows[row] += [None] * (column + 1 - len(rows[row]))
            rows[row][column] = _value(value)
            broken.pop((row, column), None)
    return replace(sheet, rows=rows, broken=broken)


def place_of(cell: str) -> tuple[int, int]:
    """The row and column, from 0, of an address such as F12. Raises ValueError."""
    found = _CELL.fullmatch(cell)
    if found is None:
        raise ValueError(cell)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def is_cell(cell: str) -> bool:
    """Whether a place is one single cell."""
    return _CELL.fullmatch(cell) is not None


def _value(text: str) -> Any:
    """A typed value as a file would hold it: the reader judges everything but emptiness."""
    return text.strip() or None
