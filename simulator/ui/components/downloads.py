"""Files to take away: made only when they are asked for."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence

import streamlit as st

from simulator.formats.docx.brief import brief_bytes
from simulator.formats.live_workbook import workbook_bytes
from simulator.formats.table_files import csv_bytes, xlsx_bytes
from simulator.present.tables.catalogue import Table, all_tables
from simulator.results.result import Result
from simulator.scenario.write import dump_scenario
from simulator.ui import state
from simulator.ui.words import language, say

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def show(result: Result) -> None:
    """Tables as a workbook and as CSV, the live workbook, the brief, and the scenario."""
    with st.popover(say("download"), icon=":material/download:", width="stretch"):
        st.download_button(
            say("download_tables"), lambda: tables_file(result),
            file_name(result, "tables", "xlsx"), XLSX,
            key="download_tables", on_click="ignore", width="stretch",
        )  # fmt: skip
        st.download_button(
            say("download_csv"), lambda: csv_file(result), file_name(result, "tables", "zip"),
            "application/zip", key="download_csv", on_click="ignore", width="stretch",
        )  # fmt: skip
        now = state.session()
        st.download_button(
            say("download_workbook"), lambda: workbook_bytes(result, now.language),
            file_name(result, "live", "xlsx"), XLSX, key="download_workbook", on_click="ignore",
            width="stretch", help=say("download_workbook_help"),
        )  # fmt: skip
        st.download_button(
            say("download_brief"), lambda: brief_bytes(result, now.language, None, now.money),
            file_name(result, "brief", "docx"), DOCX, key="download_brief", on_click="ignore",
            width="stretch",
        )  # fmt: skip
        st.download_button(
            say("download_scenario"), lambda: dump_scenario(result.binding.scenario.alone()),
            file_name(result, "scenario", "yaml"), "application/yaml", key="download_scenario",
            on_click="ignore", width="stretch",
        )  # fmt: skip


def file_name(result: Result, kind: str, ending: str) -> str:
    """A name that says what is in the file: scenario, kind of file, identity."""
    title = result.binding.scenario.title(language())
    return f"{clean(title)}_{say(f'file.{kind}')}_{result.identity[:8]}.{ending}"


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
    """A table's file: scenario, table, the year where it holds a single one, fingerprint."""
    draft = state.session().draft
    years = set(found.rows["year"].astype(str)) if "year" in found.rows else set()
    year = next(iter(years)) if len(years) == 1 else ""
    year = "" if year in found.id else year
    words = [clean(draft.title(language())), clean(found.id), year, draft.fingerprint[:8]]
    return "_".join(filter(None, words)) + ".csv"


def one(found: Table, key: str) -> None:
    """One table as a CSV file."""
    st.download_button(
        say("download_table"), lambda: csv_bytes(found), table_name(found), "text/csv",
        key=f"download:{key}", icon=":material/download:", type="tertiary", on_click="ignore",
    )  # fmt: skip
