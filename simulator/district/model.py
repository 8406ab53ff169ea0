"""The data of one district, as every higher room sees it."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from simulator.district.pupils.grades import PRIMARY_YEARS, USUAL
from simulator.findings import Finding


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from: file, sheet and cell, such as F12."""

    file: str
    sheet: str
    cell: str


@dataclass(frozen=True, eq=False)
class District:
    """One district: its schools, its fiscal history and its tracked indicators.

    ``schools`` is indexed by school_id and has every field of the columns table (absent ones
    are NaN, texts None); ``fiscal`` is indexed by year; ``indicators`` by id, with ``name``,
    ``base_value`` and one column a planned year (int). Money is yuan, shares are fractions,
    yes and no are 1 and 0. ``settings`` are the rest of the district sheet by field.
    ``extra`` holds columns that were kept and ignored, by table. ``findings`` are warnings.
    ``assumed`` are cells that were empty and, as the officer declares, mean none: they hold 0.
    ``own`` is the district as it is, where a scenario's new schools have been added to it.
    """

    name: str
    province: str
    base_year: int
    sharing_tier: int | None
    settings: Mapping[str, object]
    schools: pd.DataFrame
    fiscal: pd.DataFrame
    indicators: pd.DataFrame
    extra: Mapping[str, pd.DataFrame]
    findings: tuple[Finding, ...]
    invented: bool
    origins: Mapping[tuple[str, str, str], Origin]
    own: District | None = None
    assumed: frozenset[tuple[str, str]] = frozenset()

    def origin(self, table: str, row: str | int, field: str | int) -> Origin | None:
        """The cell a value came from; None where it came from no file."""
        return self.origins.get((table, str(row), str(field)))

    @property
    def primary_years(self) -> int:
        """Years of primary school: six, or five in a five-four system."""
        return PRIMARY_YEARS[str(self.settings.get("school_system") or USUAL)]

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of the district's values: equal data, equal fingerprint.

        The order of rows and columns, the file it came from, columns that were kept and
        ignored and the findings do not count. A scenario's new schools are no data.
        """
        if self.own is not None:
            return self.own.fingerprint
        digest = hashlib.sha256()
        for part in self._content():
            digest.update(part)
        return digest.hexdigest()

    @cached_property
    def extra_fingerprint(self) -> str:
        """The SHA-256 of the schools' columns that the product does not know; empty without any.

        They count only where a district's own formula names them.
        """
        if self.own is not None:
            return self.own.extra_fingerprint
        table = self.extra.get("schools")
        if table is None or table.empty:
            return ""
        ordered = table.sort_index().sort_index(axis=1)
        return hashlib.sha256(ordered.to_csv().encode()).hexdigest()

    def _content(self) -> Iterable[bytes]:
        head = (self.name, self.province, self.base_year, self.sharing_tier, self.invented)
        known = [(key, value) for key, value in sorted(self.settings.items()) if _known(value)]
        yield repr((head, [(key, _plain(value)) for key, value in known])).encode()
        for frame in (self.schools, self.fiscal, self.indicators):
            yield from _frame_bytes(frame)


def _known(value: object) -> bool:
    return value is not None and not (isinstance(value, float) and math.isnan(value))


def _plain(value: object) -> object:
    if isinstance(value, (int, float, np.integer, np.floating)):
        return float(value) + 0.0
    return value


def _frame_bytes(frame: pd.DataFrame) -> Iterable[bytes]:
    ordered = frame.sort_index()
    yield repr([_plain(key) for key in ordered.index.tolist()]).encode()
    for name in sorted(ordered.columns, key=str):
        series = ordered[name]
        if pd.api.types.is_numeric_dtype(series):
            values = series.to_numpy(dtype=np.float64, na_value=np.nan) + 0.0
            if np.isnan(values).all():
                continue  # an unknown column is no content
            values[np.isnan(values)] = np.nan
            yield f"|{name}|".encode() + values.tobytes()
        else:
            texts = [value if isinstance(value, str) else None for value in series.tolist()]
            if any(text is not None for text in texts):
                yield f"|{name}|".encode() + repr(texts).encode()
