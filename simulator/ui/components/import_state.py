"""A file on its way in: its bytes, meanings confirmed, cells mended; not yet in use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import streamlit as st

from simulator.district.reading.files import TEXTS
from simulator.district.reading.mended import Mended
from simulator.district.reading.package import MOST_SHEETS
from simulator.district.reading.proposal import Proposal, confirm
from simulator.errors import JunhengError
from simulator.glossary import Language
from simulator.incoming import readers
from simulator.incoming.ask import Tell, quiet
from simulator.ui import state
from simulator.ui.components import import_memory
from simulator.ui.components.import_memory import Remembered
from simulator.ui.components.reading import visitor

PLACE = "import"


@dataclass(frozen=True, slots=True, eq=False)
class Incoming:
    """One upload: its files by name and content, and what was answered.

    A table that was ``pasted`` is no file that could be given back with marks.
    """

    name: str
    files: tuple[tuple[str, bytes], ...]
    pasted: bool = False
    mapped: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    mended: Mended = field(default_factory=dict)
    memory: Remembered | None = None

    def read(self, tell: Tell) -> Proposal:
        """What is recognised in it now. Raises JunhengError."""
        return readers.proposal(self.name, self.files, self.mapped, self.mended, visitor(), tell)

    def marked(self, whose: str, language: Language) -> bytes:
        """The one file with every finding marked."""
        (file,) = self.files
        return readers.marked(file, self.mapped, self.mended, language, whose)


def current() -> Incoming | None:
    """What is on its way in; None where nothing is."""
    found: Incoming | None = st.session_state.get(PLACE)
    return found


def forget() -> None:
    """Drop what was on its way in; the district in use stays."""
    for name in (PLACE, "import_proposal"):
        st.session_state.pop(name, None)


def begin(files: Sequence[tuple[str, bytes]], tell: Tell = quiet) -> None:
    """Open one workbook, or several CSV files together. Raises JunhengError."""
    several = len(files) > 1
    if len(files) > MOST_SHEETS:
        raise JunhengError("data_file_sheets", file=files[0][0], most=MOST_SHEETS)
    if several and any(Path(name).suffix.lower() not in TEXTS for name, _ in files):
        raise JunhengError("import_several")
    name = files[0][0] if not several else f"{files[0][0]} +{len(files) - 1}"
    _start(Incoming(name, tuple(files)), tell)


def begin_pasted(text: str, table: str, tell: Tell = quiet) -> None:
    """Open a table pasted from a spreadsheet. Raises JunhengError."""
    file = f"{table}.txt", text.encode("utf-8", "replace")
    _start(Incoming(f"{table}.csv", (file,), pasted=True), tell)


def _start(incoming: Incoming, tell: Tell) -> None:
    forget()
    found = incoming.read(tell)
    try:
        known = import_memory.recalled(found)
    except JunhengError:  # damaged: told, and asked anew
        st.session_state["import_map_damaged"], known = True, None
    if known is not None:
        incoming = replace(incoming, mapped=known.mapped, memory=known)
    else:
        st.session_state["import_proposal"] = incoming, found
    st.session_state[PLACE] = incoming


def ask_again() -> None:
    """Use nothing that was remembered: every heading that is not certain is asked."""
    incoming = current()
    if incoming is not None:
        st.session_state[PLACE] = replace(incoming, mapped={}, memory=None)


def proposal(incoming: Incoming, tell: Tell = quiet) -> Proposal:
    """What was recognised, with answers and mended cells; worked out once for each state."""
    kept = st.session_state.get("import_proposal")
    if kept is not None and kept[0] is incoming:
        found: Proposal = kept[1]
        return found
    found = incoming.read(tell)
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
