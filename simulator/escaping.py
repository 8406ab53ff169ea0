"""Texts from outside (names, notes, file names) as plain words in the place they are written to."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

Place = Literal["markdown", "html", "plotly", "word", "sheet", "terminal"]
#: Marks by which a spreadsheet takes a text for a formula, full-width ones too.
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
#: Signs that no paper and no cell holds.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u0085\u2028\u2029\ufeff]|\t")
#: All that a terminal could take for an order, or that turns what stands around it.
ORDERS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]()<>#+-.!|$~:&@/"})
#: What is made a link although its marks are escaped; a sign that is not seen keeps it apart.
JOINED = re.compile(r"https?:(?=/)|www(?=\.)|@|mailto:|xmpp:", re.IGNORECASE)


class Own(str):
    """A text of the product's own with marks that are meant, such as a break in a chart's word."""

    __slots__ = ()


def written(text: str, place: Place) -> str:
    """A text as it stands in a place where nothing of it is read as anything but words."""
    return WRITERS[place](text)


def _markdown(text: str) -> str:
    """No mark is read: no link, no picture, no symbol, no mathematics, no new line."""
    plain = JOINED.sub("\\g<0>\u2060", " ".join(text.splitlines()))
    return plain.translate(MARKS)


def _plotly(text: str) -> str:
    """Plotly reads some HTML and, between two dollars, mathematics."""
    return html.escape(text, quote=False).replace("$", "&#36;")


def _word(text: str) -> str:
    return CONTROLS.sub("", text)


def _sheet(text: str) -> str:
    """No spreadsheet takes it for a formula."""
    clean = CONTROLS.sub("", text)
    starts = text.startswith(FORMULA_MARKS) or clean.startswith(FORMULA_MARKS)
    return f"'{clean}" if starts else clean


def _terminal(text: str) -> str:
    return ORDERS.sub("", text)


WRITERS: Mapping[Place, Callable[[str], str]] = {
    "markdown": _markdown, "html": html.escape, "plotly": _plotly, "word": _word,
    "sheet": _sheet, "terminal": _terminal,
}  # fmt: skip


def chart_texts(part: Any) -> Any:
    """A chart's data or layout with every text in it as plain words; its own hover lines stay."""
    if isinstance(part, str):
        return str(part) if isinstance(part, Own) else written(part, "plotly")
    if isinstance(part, Mapping):
        kept = ("hovertemplate", "texttemplate")
        return {name: each if name in kept else chart_texts(each) for name, each in part.items()}
    if isinstance(part, (list, tuple, pd.Index, pd.Series)) or (
        isinstance(part, np.ndarray) and part.dtype.kind in "OU"
    ):
        return [chart_texts(each) for each in part]
    return part
