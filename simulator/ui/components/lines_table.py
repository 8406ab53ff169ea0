"""Formula lines as rows of a table; what is nested stands in a cell as in a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import yaml

from simulator.errors import JunhengError
from simulator.strict_yaml import parse

#: Columns whose cells are plain words, and those that may hold figures or nested values.
WORDS = ("id", "zh", "en", "counted", "when", "cites")
NESTED = ("amount", "lump_sum")
COLUMNS = ("id", "zh", "en", "counted", "amount", "stages", "when", "lump_sum", "cites", "more")


def rows_of(said: Mapping[str, Any]) -> pd.DataFrame:
    """A set of lines as the rows of a table, every cell a text."""
    return pd.DataFrame(
        [_row(line) for line in said.get("lines") or ()], columns=list(COLUMNS), dtype=object
    )


def _row(line: Mapping[str, Any]) -> dict[str, str]:
    rest = {key: value for key, value in line.items() if key not in COLUMNS}
    return {
        **{key: str(line.get(key, "")) for key in WORDS},
        **{key: _text(line[key]) if key in line else "" for key in NESTED},
        "stages": ", ".join(line.get("stages") or ()),
        "more": _text(rest)[1:-1] if rest else "",
    }


def _text(value: Any) -> str:
    """A value in one line, as a file would hold it."""
    if isinstance(value, str):
        return value
    text = yaml.safe_dump(_plain(value), default_flow_style=True, allow_unicode=True,
                          width=100_000, sort_keys=False)  # fmt: skip
    return text.removesuffix("\n...\n").strip()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def said_by(rows: pd.DataFrame, before: Mapping[str, Any]) -> dict[str, Any]:
    """The set of lines that a table says; rows without anything in them are left out.

    Errors: FindingsError or JunhengError where a nested cell cannot be read.
    """
    lines = [_line({str(k): v for k, v in row.items()})
             for row in rows.fillna("").to_dict("records")]  # fmt: skip
    return {**before, "lines": [line for line in lines if line]}


#: What a district says of a column of its own, and the kinds of numbers such a column may hold.
OWN_COLUMN = ("id", "zh", "en", "unit", "heading")
OWN_UNITS = ("pupil", "person", "class", "m2", "km", "yuan", "share", "flag", "number")


def column_rows(said: Mapping[str, Any]) -> pd.DataFrame:
    """The district's own columns of a set as the rows of a table, every cell a text."""
    rows = [{key: _text(each[key]) if key in each else "" for key in OWN_COLUMN}
            for each in said.get("columns") or ()]  # fmt: skip
    return pd.DataFrame(rows, columns=list(OWN_COLUMN), dtype=object)


def columns_said(rows: pd.DataFrame, before: Mapping[str, Any]) -> dict[str, Any]:
    """A set with the own columns that a table says; empty rows are left out.

    Errors: FindingsError or JunhengError where a cell by stage cannot be read.
    """
    found = []
    for row in rows.fillna("").to_dict("records"):
        cells = {key: str(row.get(key, "")).strip() for key in OWN_COLUMN}
        said: dict[str, Any] = {key: text for key, text in cells.items() if text}
        if cells["heading"].startswith("{"):
            said["heading"] = _read(cells["heading"], f"{cells['id']}.heading")
        found.append(said)
    rest = {key: value for key, value in before.items() if key != "columns"}
    kept = [each for each in found if each]
    return {**rest, "columns": kept} if kept else rest


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    cells = {key: str(row.get(key, "")).strip() for key in COLUMNS}
    found: dict[str, Any] = {key: cells[key] for key in WORDS if cells[key]}
    if cells["stages"]:
        found["stages"] = [each.strip() for each in cells["stages"].replace("，", ",").split(",")]
    for key in NESTED:
        if cells[key]:
            found[key] = _read(cells[key], f"{cells['id']}.{key}")
    if cells["more"]:
        more = _read("{" + cells["more"] + "}", f"{cells['id']}.more")
        if not isinstance(more, dict):
            raise JunhengError("lines_more", line=cells["id"])
        found.update({str(key): value for key, value in more.items()})
    return found


def _read(text: str, place: str) -> Any:
    return parse(text, place).data
