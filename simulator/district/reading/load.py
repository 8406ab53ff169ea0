"""Loading a district: from one workbook or a folder of CSV files, all findings at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from simulator.district.assumed import FIELD, filled, named_columns
from simulator.district.checking.checks import check
from simulator.district.columns import KEYS, Table, columns
from simulator.district.model import District, Origin
from simulator.district.reading.draft import Draft, draft
from simulator.district.reading.files import open_bytes, open_sheets
from simulator.district.reading.grid import Sheet
from simulator.district.reading.recognise import Mapped
from simulator.district.reading.table import TableData
from simulator.errors import FindingsError
from simulator.findings import Finding


def load_district(path: str | Path, mapped: Mapped | None = None) -> District:
    """The district in a workbook or a folder of CSV files.

    ``mapped`` are meanings of headings that the user confirmed (sheet → heading → field).
    Raises FindingsError with every error of the file, or JunhengError when it cannot be
    read at all. Warnings stay in ``district.findings``.
    """
    return read_district(Path(path).name, open_sheets(path), mapped)


def load_upload(content: bytes, name: str, mapped: Mapped | None = None) -> District:
    """The district in an uploaded file, given by its content and name. Raises as loading does."""
    return read_district(name, open_bytes(content, name), mapped)


def read_district(source: str, sheets: Sequence[Sheet], mapped: Mapped | None = None) -> District:
    """The district on some sheets. Raises FindingsError with every error at once."""
    read = draft(source, sheets, mapped)
    findings = check(read)
    if any(finding.severity == "error" for finding in findings):
        raise FindingsError(source, findings)
    return build(read, findings)


def build(read: Draft, findings: Sequence[Finding]) -> District:
    """The district of a draft that has no errors."""
    settings = _settings(read.tables["district"])
    tier, base_year = settings.pop("sharing_tier", None), settings.pop("base_year")
    province = settings.pop("province", None)
    fields, _ = named_columns(settings.get(FIELD))
    schools, assumed = filled(_frame(read, "schools"), fields)
    if fields:  # in one form, so that equal declarations are equal data
        settings[FIELD] = ", ".join(fields)
    extra: dict[str, pd.DataFrame] = {
        name: _extra(table) for name, table in read.tables.items() if len(table.extra.columns)
    }
    return District(
        name=str(settings.pop("name")),
        province=str(province) if province is not None else "",
        base_year=int(str(base_year)),
        sharing_tier=int(str(tier)) if tier is not None else None,
        invented=settings.pop("invented", None) == 1,
        settings=MappingProxyType(settings),
        schools=schools,
        fiscal=_frame(read, "fiscal"),
        indicators=_indicators(read),
        extra=MappingProxyType(extra),
        findings=tuple(findings),
        origins=Origins(read.tables),
        assumed=assumed,
    )


def _settings(table: TableData) -> dict[str, object]:
    """The known values of the district sheet; whole years and tiers as whole numbers."""
    found: dict[str, object] = {}
    for field, known in columns("district").items():
        value = table.frame[field].iloc[0] if table.has(field) else None
        if value is None or pd.isna(value):
            continue
        if known.numeric:
            value = int(value) if known.kind in {"year", "count"} else float(value)
        found[field] = value
    return found


def _frame(read: Draft, name: Table) -> pd.DataFrame:
    """Every field of a table, unknown where the file has none, indexed by the key."""
    table = read.table(name)
    key = KEYS[name]
    rows = len(table) if table is not None else 0
    values: dict[str, object] = {}
    for field, known in columns(name).items():
        if table is not None and table.has(field):
            values[field] = table.frame[field].to_numpy(dtype=float if known.numeric else object)
        else:
            values[field] = np.full(rows, np.nan) if known.numeric else np.full(rows, None)
    keys = values.pop(key)
    frame = pd.DataFrame(values, index=_index(keys, name))
    texts = {field: object for field in values if not columns(name)[field].numeric}
    return frame.astype(texts)


def _index(keys: object, name: Table) -> pd.Index[Any]:
    values = np.asarray(keys)
    if columns(name)[KEYS[name]].numeric:
        values = values.astype(np.int64)
    index: pd.Index[Any] = pd.Index(values, dtype=values.dtype, name=KEYS[name])
    return index


def _indicators(read: Draft) -> pd.DataFrame:
    """Tracked targets with their planned values by year, the years as whole numbers."""
    frame = _frame(read, "indicators")
    table = read.table("indicators")
    if table is not None:
        years = sorted(int(str(each)) for each in table.frame.columns if str(each).isdigit())
        for year in years:
            frame[year] = table.numbers(str(year))
    return frame


def _extra(table: TableData) -> pd.DataFrame:
    """Columns that are kept and ignored, by the table's key."""
    key = KEYS.get(table.table)
    index = table.frame[key] if key and table.has(key) else table.frame.index
    return table.extra.set_axis(pd.Index(index, dtype=object, name=key))


class Origins(Mapping[tuple[str, str, str], Origin]):
    """The cell of every value, worked out when it is asked for."""

    def __init__(self, tables: Mapping[Table, TableData]) -> None:
        self._tables = dict(tables)
        self._rows = {name: _keys(table) for name, table in tables.items()}

    def __getitem__(self, key: tuple[str, str, str]) -> Origin:
        name, row, field = key
        for table, data in self._tables.items():
            if table == name:
                place = data.places[field].of(self._rows[table][row])
                cell = place.cell(self._rows[table][row])
                if cell:
                    return Origin(place.sheet.file, place.sheet.name, cell)
        raise KeyError(key)

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        for name, data in self._tables.items():
            for row, at in self._rows[name].items():
                for field, place in data.places.items():
                    if place.cell(at):
                        yield name, row, field

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _keys(table: TableData) -> dict[str, int]:
    """The row of each key; the district sheet has one row, named by nothing."""
    key = KEYS.get(table.table)
    if key is None or not table.has(key):
        return dict.fromkeys(("",), 0) if len(table) else {}
    if columns(table.table)[key].numeric:
        return {str(int(value)): row for row, value in enumerate(table.numbers(key))}
    return {str(value): row for row, value in enumerate(table.texts(key))}
