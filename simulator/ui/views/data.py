"""The page of data: what is loaded, its findings, loading one's own, the templates."""

from __future__ import annotations

import functools
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from simulator.district.columns import Column, columns
from simulator.district.columns import Table as Kinds
from simulator.district.model import District
from simulator.district.reading.roll_forward import roll_forward
from simulator.errors import JunhengError
from simulator.formats.table_files import xlsx_bytes
from simulator.formats.template import template_bytes
from simulator.incoming import child
from simulator.present.tables.catalogue import Table, table_ids
from simulator.results.result import Result
from simulator.ui import cache, state
from simulator.ui.components import import_file, import_state, reading, tables
from simulator.ui.components.downloads import XLSX, clean, file_name
from simulator.ui.words import label, language, named, safe, say

KINDS = ["xlsx", "xlsm", "xls", "et", "ods", "csv", "txt", "tsv"]
TABLES = ("schools", "fiscal", "indicators", "district")
#: Tables that hold no school by name.
WITHOUT_SCHOOLS = (
    "verdict", "money", "sharing", "figures", "rules", "tracked", "balance_verdict", "balance",
    "changes", "training_bureau", "levers", "policy",
)  # fmt: skip


def show(result: Result) -> None:
    """Load, or take a template; what is on its way in; below, what is loaded."""
    st.subheader(say("page.data"))
    with st.container(key="data_top"):
        left, right = st.columns(2)
    with left:
        place, files = _load()
    with right:
        _templates(result)
    incoming = import_state.current()
    if incoming is not None:
        import_file.show(incoming)
    _loaded(state.session().district)
    found = tables.of(result, "findings")
    if not found.rows.empty:
        st.markdown(f"##### {safe(found.title)}")
        tables.show(found, "findings")
    if files:  # the page is there while they are read
        _open(files, place)
    child.warm()


def _load() -> tuple[DeltaGenerator, list[UploadedFile]]:
    """A workbook, several CSV files, or a table pasted from a spreadsheet.

    What was uploaded and is not read yet, and where to say how far its reading is.
    """
    st.markdown(f"**{say('load_district')}**")
    st.caption(say("privacy"))
    uploaded = st.file_uploader(
        say("import.uploader"), type=KINDS, key="district_file", accept_multiple_files=True,
        help=say("district_file_help"),
    )  # fmt: skip
    place = st.container()
    fresh = bool(uploaded) and st.session_state.get("district_read") != _ids(uploaded)
    _paste()
    if state.session().district is not cache.sample():
        st.button(say("back_to_sample"), on_click=state.open_district, args=(cache.sample(),))
    return place, uploaded if fresh else []


def _ids(files: list[UploadedFile]) -> tuple[str, ...]:
    return tuple(each.file_id for each in files)


def _done(ids: tuple[str, ...]) -> None:
    """These uploads are not read once more."""
    st.session_state["district_read"] = ids


def _open(files: list[UploadedFile], place: DeltaGenerator) -> None:
    """Open what was uploaded; where it cannot be opened, the sentence why."""
    ids, contents = _ids(files), [(each.name, each.getvalue()) for each in files]
    try:
        reading.watched(
            lambda tell: import_state.begin(contents, tell), place, functools.partial(_done, ids)
        )
    except JunhengError as error:
        _done(ids)
        import_state.forget()
        place.error(safe(error.text(language())), icon=":material/error:")
        return
    _done(ids)
    st.rerun()


def _paste() -> None:
    box = st.expander(say("import.paste"), key="import_paste")
    place = box.container()  # outside the form, in which nothing can be cancelled
    with box, st.form("paste"):
        table = st.selectbox(
            say("import.paste_table"), TABLES, key="paste_table",
            format_func=named(TABLES, lambda each: say(f"import.table.{each}")),
        )  # fmt: skip
        text = st.text_area(say("import.paste_help"), key="paste_text", height=120)
        if st.form_submit_button(say("import.paste_read")) and text.strip():
            try:
                reading.watched(lambda tell: import_state.begin_pasted(text, table, tell), place)
            except JunhengError as error:
                st.error(safe(error.text(language())), icon=":material/error:")
                return
            st.rerun()


def _templates(result: Result) -> None:
    st.markdown(f"**{say('templates')}**")
    st.caption(say("templates_help"))
    speech = language()
    filled, empty = label("word.sample_file"), f"{say('template_empty_file')}.xlsx"
    for name, district, file in (("template_filled", cache.sample(), filled),
                                 ("template_empty", None, empty)):  # fmt: skip
        st.download_button(
            say(name), functools.partial(template_bytes, district, speech),
            file, XLSX, key=name, icon=":material/download:",
            on_click="ignore",
        )  # fmt: skip

    loaded = state.session().district
    year = loaded.base_year + 1
    st.download_button(
        say("import.roll"), lambda: template_bytes(roll_forward(loaded), speech),
        f"{clean(loaded.name)}_{say('import.roll_file', year=year)}.xlsx", XLSX, key="roll",
        icon=":material/event_upcoming:", on_click="ignore", help=say("import.roll_help"),
    )  # fmt: skip
    st.download_button(
        say("import.anonymous"), lambda: xlsx_bytes(_without_schools(result)),
        file_name(result, "anonymous", "xlsx"),
        XLSX, key="anonymous", icon=":material/visibility_off:",
        on_click="ignore",
    )  # fmt: skip


def _without_schools(result: Result) -> list[Table]:
    """The district's tables, in which no school is named."""
    there = set(table_ids(result))
    return [tables.of(result, name) for name in WITHOUT_SCHOOLS if name in there]


def _loaded(district: District) -> None:
    """Size of the district, and its schools as they were read."""
    st.markdown(f"##### {say('loaded', name=safe(district.name), year=district.base_year)}")
    if district.invented:
        st.info(say("sample_banner"), icon=":material/science:")
    counts = district.schools["school_type"].value_counts()
    kinds = label("vocabulary.list").join(
        f"{label(f'school_type.{kind}')} {count}" for kind, count in counts.items()
    )
    first, last = district.fiscal.index.min(), district.fiscal.index.max()
    size = len(district.schools)
    st.caption(say("loaded_counts", schools=size, kinds=kinds, first=first, last=last))
    with st.expander(say("loaded_schools")):
        _grid(district.schools.reset_index(), "schools")
    with st.expander(say("loaded_fiscal")):
        _grid(district.fiscal.reset_index(), "fiscal")


def _grid(frame: pd.DataFrame, kind: Kinds) -> None:
    """The columns that hold anything, under their headings with units, in the visitor's words."""
    kept = frame.dropna(axis="columns", how="all")
    known = {name: column for name, column in columns(kind).items() if name in kept}
    words = {
        name: kept[name].map(functools.partial(_word, column), na_action="ignore")
        for name, column in known.items()
        if column.kind in ("choice", "flag")
    }
    st.dataframe(
        kept.assign(**words), hide_index=True, placeholder=label("export.not_stated"),
        column_config={name: _column(column) for name, column in known.items()},
    )  # fmt: skip


def _word(column: Column, value: Any) -> str:
    """A choice or a yes or no, as it is read."""
    if column.kind == "flag":
        return label("word.yes" if value else "word.no")
    return label(f"{column.field}.{value}")


def _column(column: Column) -> Any:
    heading = column.label(language())
    if column.kind in ("text", "choice", "flag", "year"):
        return st.column_config.Column(heading)
    if column.unit not in ("text", "number", "share"):
        unit = label(f"unit.{column.unit}")
        heading = f"{heading}（{unit}）" if language() == "zh" else f"{heading} ({unit})"
    form = "percent" if column.kind == "share" else "localized"
    return st.column_config.NumberColumn(heading, format=form)
