"""The page of data: what is loaded, its findings, loading one's own, the templates."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from simulator import glossary
from simulator.district.model import District
from simulator.district.read import load_upload
from simulator.district.template import template_bytes
from simulator.engine.result import Result
from simulator.errors import FindingsError, JunhengError
from simulator.findings import Finding
from simulator.ui import cache, state
from simulator.ui.components import tables
from simulator.ui.components.downloads import XLSX
from simulator.ui.words import label, language, safe, say

KINDS = ["xlsx", "xls", "ods", "csv", "zip"]


def show(result: Result) -> None:
    """Load, or take a template; below, what is loaded."""
    st.subheader(say("page.data"))
    left, right = st.columns(2)
    with left:
        _load()
    with right:
        _templates()
    _loaded(state.session().district)
    found = tables.of(result, "findings")
    if not found.rows.empty:
        st.markdown(f"##### {found.title}")
        tables.show(found, "findings")


def _load() -> None:
    st.markdown(f"**{say('load_district')}**")
    st.caption(say("privacy"))
    uploaded = st.file_uploader(
        say("district_file"), type=KINDS, key="district_file", help=say("district_file_help")
    )
    if uploaded is not None and st.session_state.get("district_read") != uploaded.file_id:
        _read(uploaded.name, uploaded.getvalue())
        st.session_state["district_read"] = uploaded.file_id
    if "district_findings" in st.session_state and uploaded is not None:
        source, findings = st.session_state["district_findings"]
        st.error(say("file_refused", name=safe(source), count=len(findings)))
        findings_table(findings)
    if state.session().district is not cache.sample():
        st.button(say("back_to_sample"), on_click=state.open_district, args=(cache.sample(),))


def _read(name: str, content: bytes) -> None:
    """Open an uploaded file; where it cannot be used, every finding at once."""
    st.session_state.pop("district_findings", None)
    try:
        district = load_upload(content, name)
    except FindingsError as error:
        st.session_state["district_findings"] = (name, error.findings)
    except JunhengError as error:
        st.error(error.text(language()))
    else:
        state.open_district(district)
        st.session_state["district_read"] = st.session_state["district_file"].file_id
        st.rerun()


def findings_table(findings: Sequence[Finding]) -> None:
    """Each finding with its place, why it matters, and the mend."""
    speech = language()
    rows = [
        {
            label("word.finding_severity"): label(f"word.finding_{each.severity}"),
            label("word.finding_place"): each.place(),
            label("word.finding_message"): each.message(speech),
            label("word.finding_mend"): each.mend(speech),
        }
        for each in findings
    ]
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, alt=glossary.label("word.finding_message", speech)
    )


def _templates() -> None:
    st.markdown(f"**{say('templates')}**")
    st.caption(say("templates_help"))
    speech = language()
    for name, district in (("template_filled", cache.sample()), ("template_empty", None)):
        st.download_button(
            say(name), functools.partial(template_bytes, district, speech),
            f"{say(f'{name}_file')}.xlsx", XLSX, key=name, icon=":material/download:",
            on_click="ignore",
        )  # fmt: skip


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
        st.dataframe(_named(district.schools.reset_index()), hide_index=True)
    with st.expander(say("loaded_fiscal")):
        st.dataframe(_named(district.fiscal.reset_index()), hide_index=True)


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns that hold anything, under their headings."""
    kept = frame.dropna(axis="columns", how="all")
    known = {name: glossary.find(f"column.{name}") for name in kept.columns}
    return kept.rename(
        columns={name: term.label(language()) for name, term in known.items() if term}
    )
