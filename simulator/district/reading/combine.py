"""One table out of several sheets: the same schools put together by their codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from simulator.district.columns import KEYS, Table, columns
from simulator.district.reading.recognise import stage_words
from simulator.district.reading.table import EXTRA, Place, TableData
from simulator.findings import Finding


def combine(pieces: Sequence[TableData]) -> tuple[TableData, list[Finding]]:
    """One table of all pieces; findings where they contradict each other."""
    if len(pieces) == 1:
        return pieces[0], []
    key = KEYS.get(pieces[0].table)
    if key is None:
        return pieces[0], [_second_sheet(piece) for piece in pieces[1:]]
    codes = _codes_of_names(pieces)
    findings: list[Finding] = []
    keyed: list[tuple[TableData, list[object]]] = []
    for piece in pieces:
        keys, faults = _keys(piece, key, codes)
        keyed.append((piece, keys))
        findings += faults
    order = list(dict.fromkeys(each for _, keys in keyed for each in keys if each is not None))
    if not order or any(_repeats(keys) for _, keys in keyed):
        return _stacked(pieces), findings  # repeated keys are named by the checks
    whole, faults = _joined(keyed, order, key)
    return whole, findings + faults + _absent(keyed, order)


def _second_sheet(piece: TableData) -> Finding:
    return Finding("error", "sheet_twice", piece.source, piece.sheet, value=piece.sheet)


def _codes_of_names(pieces: Sequence[TableData]) -> Mapping[str, object]:
    return {
        str(name): code
        for piece in pieces
        if piece.has("school_id", "school_name")
        for name, code in zip(piece.texts("school_name"), piece.texts("school_id"), strict=True)
        if name and code
    }


def _keys(
    piece: TableData, key: str, codes: Mapping[str, object]
) -> tuple[list[object], list[Finding]]:
    """The key of each row; by the school's name where the sheet has no codes."""
    if piece.has(key):
        values = piece.frame[key].tolist()
        return [None if pd.isna(value) else value for value in values], []
    if key != "school_id" or not piece.has("school_name"):
        return [None] * len(piece), []
    names = piece.texts("school_name")
    unknown = [
        piece.finding("name_without_code", "school_name", row)
        for row, name in enumerate(names)
        if name and name not in codes
    ]
    return [codes.get(name) if name else None for name in names], unknown if codes else []


def _repeats(keys: Sequence[object]) -> bool:
    known = [key for key in keys if key is not None]
    return len(set(known)) != len(known) or len(known) != len(keys)


def _stacked(pieces: Sequence[TableData]) -> TableData:
    """The pieces one under another."""
    lengths = [len(piece) for piece in pieces]
    frame = pd.concat([piece.frame for piece in pieces], ignore_index=True)
    extra = pd.concat([piece.extra for piece in pieces], ignore_index=True)
    places: dict[str, Place] = {}
    for number, piece in enumerate(pieces):
        before, after = sum(lengths[:number]), sum(lengths[number + 1 :])
        for field, place in piece.places.items():
            rows = np.pad(place.rows, (before, after), constant_values=-1)
            places[field] = Place(place.sheet, place.column, place.heading, rows, places.get(field))
    return TableData(
        pieces[0].table, _typed(frame, pieces[0].table), places, extra,
        pieces[0].source, pieces[0].sheet,
    )  # fmt: skip


def _joined(
    keyed: Sequence[tuple[TableData, list[object]]], order: list[object], key: str
) -> tuple[TableData, list[Finding]]:
    """The pieces side by side, each school on one row."""
    at = {each: row for row, each in enumerate(order)}
    frame = pd.DataFrame({key: pd.Series(order, dtype=object)})
    extra = pd.DataFrame(index=frame.index)
    places: dict[str, Place] = {}
    findings: list[Finding] = []
    for piece, keys in keyed:
        rows = np.array([at[each] for each in keys], dtype=np.int64)
        for field in piece.frame.columns:
            spread = piece.frame[field].set_axis(rows).reindex(frame.index)
            place = _spread(piece.places[str(field)], rows, len(frame), places.get(str(field)))
            if field in frame.columns:
                findings += _contradictions(piece, str(field), frame[field], rows)
                frame[field] = frame[field].where(frame[field].notna(), spread)
            else:
                frame[field] = spread
            places[str(field)] = place
        for name in piece.extra.columns.difference(extra.columns):
            extra[name] = piece.extra[name].set_axis(rows).reindex(frame.index)
            key = f"{EXTRA}{name}"
            places[key] = _spread(piece.places[key], rows, len(frame), None)
    first = keyed[0][0]
    whole = TableData(
        first.table, _typed(frame, first.table), places, extra, first.source, first.sheet
    )
    return whole, findings


def _spread(place: Place, rows: np.ndarray, length: int, first: Place | None) -> Place:
    """A place for the joined table; the first sheet that has a value names its cell."""
    spread = np.full(length, -1, dtype=np.int64)
    spread[rows] = place.rows
    own = Place(place.sheet, place.column, place.heading, spread)
    if first is None:
        return own
    last = first
    chain = [first]
    while last.further is not None:
        last = last.further
        chain.append(last)
    for each in reversed(chain):
        own = Place(each.sheet, each.column, each.heading, each.rows, own)
    return own


def _contradictions(
    piece: TableData, field: str, known: pd.Series, rows: np.ndarray
) -> list[Finding]:
    before = known.to_numpy()[rows]
    now = piece.frame[field].to_numpy()
    return [
        piece.finding("sheets_differ", field, row, other=before[row])
        for row in range(len(rows))
        if not pd.isna(before[row]) and not pd.isna(now[row]) and before[row] != now[row]
    ]


def _absent(keyed: Sequence[tuple[TableData, list[object]]], order: list[object]) -> list[Finding]:
    """Schools that stand on one sheet but not on another that holds other columns of them."""
    findings = []
    for piece, keys in keyed:
        if stage_words(piece.sheet) or piece.table != "schools":
            continue
        others = {
            field for other, _ in keyed if other is not piece for field in other.frame.columns
        }
        own, here = set(piece.frame.columns), set(keys)
        missing = [each for each in order if each not in here]
        if missing and len(own & others) * 2 < len(own):
            findings.append(_missing_schools(piece, missing))
    return findings


def _missing_schools(piece: TableData, missing: list[object]) -> Finding:
    shown = "、".join(str(each) for each in missing[:10]) + ("…" if len(missing) > 10 else "")
    return Finding(
        "warning", "schools_missing", piece.source, piece.sheet,
        value=shown, params={"count": len(missing)},
    )  # fmt: skip


def _typed(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    known = columns(table)
    numeric = {
        name: "float64" for name in frame.columns if name not in known or known[name].numeric
    }
    texts = [name for name in frame.columns if name not in numeric]
    typed = frame.astype(numeric)
    for name in texts:
        typed[name] = pd.Series(
            [value if isinstance(value, str) else None for value in frame[name]],
            index=frame.index, dtype=object,
        )  # fmt: skip
    return typed
