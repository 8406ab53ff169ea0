"""Checks of a scenario's values: every mistake at once, each with its key and what is allowed."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from simulator.findings import Finding
from simulator.scenario.levers import INVESTMENT_RULES, Lever, lever_of, levers
from simulator.stages import STAGES

TEACHER_KINDS = ("teachers", "higher_degree", "backbone", "pe_art", "senior_title")
LONGEST_TABLE = 200_000
INVESTMENT_KEYS = ("amount", "rule", "plan")


def check_values(values: Mapping[str, Any], horizon: int, source: str) -> list[Finding]:
    """Findings of all values by dotted path; an empty list where all are allowed."""
    return [
        finding
        for path, value in values.items()
        for finding in _check(path, value, horizon, source)
    ]


def _check(path: str, value: Any, horizon: int, source: str) -> Iterator[Finding]:
    lever = lever_at(path)
    if lever is None:
        yield unknown_key(path, value, source)
        return
    if value is None:
        return
    for code, allowed, shown in _mistakes(lever, path, value, horizon):
        yield Finding(
            "error", code, source=source, column=path, value=_short(shown),
            params={"allowed": allowed},
        )  # fmt: skip


def lever_at(path: str) -> Lever | None:
    """The lever of a path, also of one inside an investment (….amount, ….rule, ….plan)."""
    parent, _, last = path.rpartition(".")
    found = lever_of(parent)
    if found is not None and found.kind == "investment":
        return found if last in INVESTMENT_KEYS else None
    found = lever_of(path)
    return None if found is not None and found.kind == "investment" else found


def unknown_key(path: str, value: Any, source: str) -> Finding:
    """The finding for a key that no lever has, with the nearest one that there is."""
    known = [each for lever in levers().values() for each in lever.paths]
    near = difflib.get_close_matches(path, known, n=1, cutoff=0.5)
    siblings = sorted(
        {
            name.rpartition(".")[2]
            for name in known
            if name.startswith(path.rpartition(".")[0] + ".")
        }
    )
    allowed = near[0] if near else ", ".join(siblings) or ", ".join(known[:8])
    return Finding(
        "error", "scenario_key", source=source, column=path, value=_short(value),
        params={"allowed": allowed},
    )  # fmt: skip


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "…"


Mistake = tuple[str, str, Any]


def _mistakes(lever: Lever, path: str, value: Any, horizon: int) -> Iterator[Mistake]:
    if lever.kind == "investment":
        yield from _investment(lever, path.rpartition(".")[2], value, horizon)
    elif lever.kind == "rows":
        yield from _rows(lever.row or {}, value)
    elif lever.kind == "bands":
        yield from _bands(lever, value)
    elif lever.kind == "path":
        yield from _path(lever, value, horizon)
    elif lever.kind == "flag":
        if not isinstance(value, bool):
            yield "scenario_type", "true / false", value
    elif lever.kind == "choice":
        if value not in lever.choices or isinstance(value, bool):
            yield "scenario_choice", ", ".join(str(choice) for choice in lever.choices), value
    else:
        yield from _numbers(value, lever.min, lever.max, lever.by_year, horizon)


def is_number(value: Any) -> bool:
    """Whether a value is a finite number (yes and no are not)."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _numbers(value: Any, low: float, high: float, by_year: bool, horizon: int) -> Iterator[Mistake]:
    """A number, or one a year."""
    allowed = f"{low:g} … {high:g}"
    if isinstance(value, (list, tuple)) and by_year:
        if len(value) != horizon:
            yield "scenario_length", str(horizon), value
            return
        for each in value:
            yield from _numbers(each, low, high, False, horizon)
    elif not is_number(value):
        yield "scenario_type", allowed, value
    elif not low <= value <= high:
        yield "scenario_range", allowed, value


def _path(lever: Lever, value: Any, horizon: int) -> Iterator[Mistake]:
    if isinstance(value, (list, tuple)):
        yield from _numbers(value, 0, 1, True, horizon)
    elif value not in lever.choices:
        yield "scenario_choice", ", ".join(map(str, lever.choices)), value


def _bands(lever: Lever, value: Any) -> Iterator[Mistake]:
    """A number of heads, or up to three size bands that rise."""
    if not isinstance(value, (list, tuple)):
        yield from _numbers(value, lever.min, lever.max, False, 1)
        return
    limits: list[float] = []
    for band in value:
        if not isinstance(band, dict) or set(band) != {"below", "as"}:
            yield "scenario_type", "{below: …, as: …}", band
            return
        for each in band.values():
            yield from _numbers(each, lever.min, lever.max, False, 1)
        limits.append(band["below"] if is_number(band["below"]) else math.nan)
    if len(value) > 3 or limits != sorted(set(limits)):
        yield "scenario_type", "≤ 3, below ↑", value


def _investment(lever: Lever, key: str, value: Any, horizon: int) -> Iterator[Mistake]:
    if key == "amount":
        yield from _numbers(value, lever.min, lever.max, True, horizon)
    elif key == "rule":
        if value not in INVESTMENT_RULES:
            yield "scenario_choice", ", ".join(INVESTMENT_RULES), value
    else:
        row = {"school": "text", "stage": "stage", "year": "year", "amount": "number"}
        yield from _rows(row, value)


def _rows(row: Mapping[str, str], value: Any) -> Iterator[Mistake]:
    """A list of rows, each with exactly the keys of the table."""
    allowed = "{" + ", ".join(f"{key}: …" for key in row) + "}"
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > LONGEST_TABLE:
        yield "scenario_type", f"[{allowed}, …]", value
        return
    for entry in value:
        if not isinstance(entry, dict) or set(entry) != set(row):
            yield "scenario_type", allowed, entry
        elif wrong := [key for key, kind in row.items() if not _FITS[kind](entry[key])]:
            yield "scenario_type", f"{allowed} ({', '.join(wrong)})", entry


_FITS: Mapping[str, Any] = {
    "text": lambda value: isinstance(value, str) and 0 < len(value) <= 200,
    "stage": lambda value: value in STAGES,
    "year": lambda value: isinstance(value, int) and 1900 <= value <= 2200,
    "number": is_number,
    "teachers": lambda value: value in TEACHER_KINDS,
}
