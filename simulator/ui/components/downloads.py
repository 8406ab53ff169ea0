"""Files to take away: made only when they are asked for."""

from __future__ import annotations

import functools
import io
import re
import zipfile
from collections.abc import Callable, Sequence

import streamlit as st

from simulator.formats.docx.brief import brief_bytes
from simulator.formats.live_workbook import workbook_bytes
from simulator.formats.table_files import csv_bytes, xlsx_bytes
from simulator.present.tables.catalogue import Table, all_tables
from simulator.results.result import Result
from simulator.scenario.write import dump_scenario
from simulator.ui import state
from simulator.ui.keys import key
from simulator.ui.words import label, language, say

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def show(result: Result) -> None:
    """All papers within reach of every page."""
    with st.popover(say("download"), icon=":material/download:", width="stretch"):
        for name in PAPERS:
            paper(result, name)


def paper(result: Result, name: str, place: str = "") -> None:
    """One paper to take away: the button that makes and gives it."""
    make, ending, kind = PAPERS[name]
    help_ = say("download_live_help") if name == "live" else None
    st.download_button(
        say(f"download_{name}"), functools.partial(make, result),
        file_name(result, "tables" if name == "csv" else name, ending), kind,
        key=f"download_{name}{place}", on_click="ignore", width="stretch", help=help_,
    )  # fmt: skip


def file_name(result: Result, kind: str, ending: str, *what: object) -> str:
    """A name that says what is in the file: scenario, kind, unit of money, identity.

    ``what`` is whatever else the content depends on: no two contents share a name.
    """
    title = result.binding.scenario.title(language())
    words = [clean(title), say(f"file.{kind}"), label(f"unit.{state.session().money}")]
    marks = [result.identity[:8], *([key(*what)[:8]] if what else [])]
    return "_".join([*words, *marks]).replace(" ", "_") + f".{ending}"


def clean(name: str) -> str:
    """A name as part of a file's name: letters, digits and Chinese only."""
    return re.sub(r"[^\w\u4e00-\u9fff-]+", "_", name).strip("_")[:60] or "junheng"


def _tables(result: Result) -> Sequence[Table]:
    return all_tables(result, language(), state.session().money)


def tables_file(result: Result) -> bytes:
    """Every table as one sheet of a workbook."""
    return xlsx_bytes(_tables(result))


def csv_file(result: Result) -> bytes:
    """Every table as a CSV file, packed together."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in _tables(result):
            archive.writestr(f"{each.id}.csv", csv_bytes(each))
    return packed.getvalue()


def table_name(found: Table) -> str:
    """A table's file: scenario, table, its only year, and a print of its rows and columns.

    So a filtered table is never saved under the name of the whole one.
    """
    draft = state.session().draft
    years = set(found.rows["year"].astype(str)) if "year" in found.rows else set()
    year = next(iter(years)) if len(years) == 1 else ""
    year = "" if year in found.id else year
    words = [clean(draft.title(language())), clean(found.id), year, key(found)[:8]]
    return "_".join(filter(None, words)) + ".csv"


def one(found: Table, place: str) -> None:
    """One table as a CSV file."""
    st.download_button(
        say("download_table"), lambda: csv_bytes(found), table_name(found), "text/csv",
        key=f"download:{place}", icon=":material/download:", type="tertiary", on_click="ignore",
    )  # fmt: skip


def _brief(result: Result) -> bytes:
    return brief_bytes(result, language(), None, state.session().money)


def _live(result: Result) -> bytes:
    return workbook_bytes(result, language())


def _scenario(result: Result) -> str:
    return dump_scenario(result.binding.scenario.alone())


#: Paper → (what makes it, how its file ends, its kind).
PAPERS: dict[str, tuple[Callable[[Result], bytes | str], str, str]] = {
    "brief": (_brief, "docx", DOCX),
    "tables": (tables_file, "xlsx", XLSX),
    "live": (_live, "xlsx", XLSX),
    "csv": (csv_file, "zip", "application/zip"),
    "scenario": (_scenario, "yaml", "application/yaml"),
}
