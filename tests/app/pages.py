"""A page of the screen without a browser, and the ground it stands on."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.testing.v1 import AppTest

from simulator.district.model import District
from simulator.district.sample import sample_district
from simulator.scenario.load import load_scenario
from simulator.scenario.model import Scenario
from simulator.ui.state import Session, start_draft

SECONDS = 30
#: How pictures in a file begin.
IMAGES = (b"\x89PNG", b"\xff\xd8", b"GIF8")


def _draw(name: str) -> None:
    from simulator.ui import frame

    frame.page(name)


def opened(
    name: str,
    language: str = "zh",
    district: District | None = None,
    scenario: str = "steady",
    **changes: Any,
) -> AppTest:
    """A page as it is drawn for a district and a scenario, with some values changed."""
    test = AppTest.from_function(_draw, kwargs={"name": name}, default_timeout=SECONDS)
    picked = load_scenario(f"scenarios/{scenario}.yaml")
    draft = start_draft(picked)
    if changes:
        draft = draft.with_changes(changes["changes"])
    test.session_state["session"] = Session(
        language="en" if language == "en" else "zh",
        district=district or sample_district(),
        picked=picked,
        draft=draft,
    )
    return test.run()


def draft_of(test: AppTest) -> Scenario:
    """The draft that the page's session holds now."""
    found: Scenario = test.session_state["session"].draft
    return found


def said(test: AppTest) -> str:
    """Everything that the page says in words."""
    parts = [test.markdown, test.caption, test.error, test.warning, test.info, test.success]
    return "\n".join(str(each.value) for kind in parts for each in kind)


def read(text: str) -> str:
    """Markdown as it is read where every mark in it is escaped."""
    return re.sub(r"\\(.)", r"\1", text).replace("\u2060", "")


@contextmanager
def files(patch: pytest.MonkeyPatch, ending: str = "") -> Iterator[dict[str, bytes]]:
    """Every file that pages offer while they are drawn, made once: ``key/name`` → content."""
    found: dict[str, bytes] = {}

    def take(_place: Any, label: str, data: Any, file_name: str = "", *_: Any, **more: Any) -> bool:
        place = f"{more.get('key') or label}/{file_name}"
        wanted = place.endswith(ending) and not more.get("disabled")
        if wanted and place not in found:
            content = data() if callable(data) else data
            found[place] = content if isinstance(content, bytes) else str(content).encode()
        return False

    with patch.context() as patched:
        patched.setattr(DeltaGenerator, "download_button", take)
        patched.setattr(st, "download_button", partial(take, None))
        yield found


def texts(content: bytes) -> str:
    """Everything that is written in a file: that of a packed one is unpacked."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [archive.read(name) for name in archive.namelist()]
    return "\n".join(texts(each) for each in parts if not each.startswith(IMAGES))
