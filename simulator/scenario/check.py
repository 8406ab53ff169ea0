"""Checks of what a scenario says: every mistake at once, each with its key and what is allowed."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from simulator.district.columns import column
from simulator.district.pupils.moves import GOES_ALONG
from simulator.findings import Finding
from simulator.own_formula.bands import holes
from simulator.scenario.allowed import Allowed, listed, sentence
from simulator.scenario.content import Said, choice_of, is_within
from simulator.scenario.levers import (
    INVESTMENT_RULES,
    Lever,
    block_of,
    counts_under,
    known_paths,
    lever_at,
    levers,
    switches,
)
from simulator.stages import STAGES, STAGES_OF_TYPE

#: What goes along when pupils move; what a new school may open with.
TAKES = tuple(GOES_ALONG)
BELONGINGS = (
    "floor_area", "teaching_area", "sports_area", "equipment_value", "multimedia_rooms",
    "computers", "books", "music_rooms", "art_rooms", "authorised_posts",
)  # fmt: skip
TEACHER_KINDS = ("teachers", "higher_degree", "backbone", "pe_art", "senior_title")
PLAN_ROW = {"school": "text", "stage": "stage", "year": "year", "amount": "count"}
LONGEST_TABLE = 20_000
MOST_BANDS = 3
MOST_YEARS = 40
#: No more mistakes of one key are told than an officer can read.
MOST_TOLD = 20
EXACT = 1e-9
#: No figure of a district is as large; it also keeps out infinity.
BEYOND = 10**18

Mistake = tuple[str, Allowed, Any]


Lines = Mapping[str, int] | None


def check_values(values: Said, horizon: int, source: str, lines: Lines = None) -> list[Finding]:
    """Findings of single values by dotted path; an empty list where all are allowed."""
    return [
        found
        for path, value in values.items()
        for found in _check(path, value, horizon, source, lines)
    ]


def finding(
    code: str, path: str, value: Any, allowed: Allowed, source: str, lines: Lines = None
) -> Finding:
    """One mistake of a scenario file, at its key and line."""
    zh, en = allowed
    return Finding(
        "error", f"scenario_{code}", source=source, row=(lines or {}).get(path), column=path,
        value=_short(value), params={"zh_allowed": zh, "en_allowed": en},
    )  # fmt: skip


def _short(value: Any) -> str:
    text = str(value) if isinstance(value, (int, float, str)) else repr(value)
    return text if len(text) <= 80 else text[:77] + "…"


def _check(path: str, value: Any, horizon: int, source: str, lines: Lines) -> Iterator[Finding]:
    lever = lever_at(path)
    if value is None and _is_block(path):
        return
    if lever is None:
        yield unknown_key(path, value, source, lines)
    elif value is not None:
        for code, allowed, shown in itertools.islice(
            _mistakes(lever, path, value, horizon), MOST_TOLD
        ):
            yield finding(code, path, shown, allowed, source, lines)


def _is_block(path: str) -> bool:
    return any(is_within(known, path) for known in known_paths())


def unknown_key(path: str, value: Any, source: str, lines: Lines = None) -> Finding:
    """The finding for a key that no lever has, with the nearest one or the ones beside it."""
    if _is_block(path):
        return finding("type", path, value, listed(_keys_in(path)), source, lines)
    parent = path
    while parent and not _is_block(parent):
        parent = parent.rpartition(".")[0]
    beside = _keys_in(parent) if parent else ["assumptions", "levers"]
    wrong = path.removeprefix(f"{parent}.").partition(".")[0]
    near = difflib.get_close_matches(wrong, beside, n=1) or difflib.get_close_matches(
        path, known_paths(), n=1, cutoff=0.85
    )
    return finding("key", path, value, listed(near or beside), source, lines)


def _keys_in(block: str) -> list[str]:
    found = [path.removeprefix(f"{block}.") for path in known_paths() if is_within(path, block)]
    return list(dict.fromkeys(path.partition(".")[0] for path in found if path != block))


def _mistakes(lever: Lever, path: str, value: Any, horizon: int) -> Iterator[Mistake]:
    if lever.kind == "investment":
        yield from _investment(lever, path.rpartition(".")[2], value, horizon)
    elif lever.kind == "rows":
        yield from _rows(lever.row or {}, value)
    elif lever.kind == "bands" and isinstance(value, list):
        yield from _bands(lever, value)
    elif lever.kind == "rates" and isinstance(value, dict):
        yield from _rates(lever, value)
    elif lever.kind == "years":
        yield from _calendar(lever, value)
    elif lever.kind == "flag":
        if not isinstance(value, bool):
            yield "type", listed(["true", "false"]), value
    elif lever.kind == "choice" or (lever.kind == "path" and not isinstance(value, list)):
        if isinstance(value, (bool, list, dict)) or value not in lever.choices:
            yield "choice", listed(lever.choices), value
    else:
        yield from _numbers(lever, value, horizon)


def is_number(value: Any) -> bool:
    """Whether a value is a finite number (yes and no are not)."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return -BEYOND < value < BEYOND


def _numbers(lever: Lever, value: Any, horizon: int) -> Iterator[Mistake]:
    """A number, or one a planned year where the lever may change by year."""
    if not isinstance(value, list):
        yield from _number(lever, value)
    elif not lever.by_year and lever.kind != "path":
        yield "not_by_year", sentence("number", lever), value
    elif len(value) != horizon:
        yield "length", (str(horizon), str(horizon)), value
    else:
        for each in value:
            yield from _number(lever, each)


def _number(lever: Lever, value: Any) -> Iterator[Mistake]:
    allowed = sentence("whole" if lever.whole else "number", lever)
    if not is_number(value):
        yield "type", allowed, value
    elif not lever.min <= value <= lever.max or (lever.whole and value != int(value)):
        yield "range", allowed, value


def _bands(lever: Lever, value: list[Any]) -> Iterator[Mistake]:
    """Up to three size bands that rise."""
    limits: list[tuple[float, float]] = []
    for band in value:
        if not isinstance(band, dict) or set(band) != {"below", "as"}:
            yield "type", sentence("band"), band
            return
        for each in band.values():
            yield from _number(lever, each)
        if not all(is_number(each) for each in band.values()):
            return
        limits.append((band["below"], band["as"]))
    sizes = [below for below, _ in limits]
    if not 0 < len(value) <= MOST_BANDS or sizes != sorted(set(sizes)):
        yield "type", sentence("bands", most=MOST_BANDS), value
        return
    for place, most in holes(limits, least=True):
        yield "hole", sentence("band_most", most=f"{most:,.12g}"), value[place]


def _rates(lever: Lever, value: dict[Any, Any]) -> Iterator[Mistake]:
    """One rate for each of the grades 1 to 8."""
    if set(value) != set(range(1, 9)):
        yield "type", sentence("grades"), value
    for each in value.values():
        yield from _number(lever, each)


def _calendar(lever: Lever, value: Any) -> Iterator[Mistake]:
    """A number for each of some calendar years."""
    if not isinstance(value, dict) or not value or len(value) > MOST_YEARS:
        yield "type", sentence("calendar"), value
        return
    for year, each in value.items():
        if not _FITS["year"](year):
            yield "type", sentence("calendar"), year
        yield from _number(lever, each)


def _investment(lever: Lever, key: str, value: Any, horizon: int) -> Iterator[Mistake]:
    if key == "amount":
        yield from _numbers(lever, value, horizon)
    elif key == "plan":
        yield from _rows(PLAN_ROW, value)
    elif isinstance(value, (list, dict)) or value not in INVESTMENT_RULES:
        yield "choice", listed(INVESTMENT_RULES), value


def _rows(row: Mapping[str, str], value: Any) -> Iterator[Mistake]:
    """A list of rows, each with exactly the keys of the table."""
    example = "{" + ", ".join(f"{key}: …" for key in row) + "}"
    allowed = sentence("rows", row=example, most=LONGEST_TABLE)
    if not isinstance(value, list) or len(value) > LONGEST_TABLE:
        yield "type", allowed, value
        return
    for entry in value:
        if not isinstance(entry, dict) or set(entry) != set(row):
            yield "type", allowed, entry
        elif wrong := [key for key, kind in row.items() if not _FITS[kind](entry[key])]:
            yield "type", sentence("row", row=example, wrong=", ".join(wrong)), entry


_FITS: Mapping[str, Any] = {
    "text": lambda value: isinstance(value, str) and 0 < len(value) <= 200,
    "stage": lambda value: isinstance(value, str) and value in STAGES,
    "year": lambda value: type(value) is int and 1900 <= value <= 2200,
    "number": is_number,
    "count": lambda value: is_number(value) and value >= 0,
    "teachers": lambda value: isinstance(value, str) and value in TEACHER_KINDS,
    "school_type": lambda value: isinstance(value, str) and value in STAGES_OF_TYPE,
    "area": lambda value: isinstance(value, str) and value in column("schools", "area").choices,
    "takes": lambda value: isinstance(value, str) and value in TAKES,
    "belonging": lambda value: isinstance(value, str) and value in BELONGINGS,
    "portion": lambda value: is_number(value) and 0 < value <= 1,
}


def check_blocks(said: Said, source: str, lines: Lines = None) -> list[Finding]:
    """Findings of values that do not fit together: rules, what they need, shares that add up."""
    found = [each for block in switches() for each in _block(said, block, source, lines)]
    return [*found, *_sums(said, source, lines)]


def _block(said: Said, block: str, source: str, lines: Lines) -> Iterator[Finding]:
    here = [path for path in said if is_within(path, block) and lever_at(path) is not None]
    chosen = choice_of(said, block)
    for path in here:
        own = path == switches()[block]
        if chosen is not None and not own and not counts_under(path, chosen):
            yield _not_under(path, block, chosen, source, lines)
    for path in known_paths() if here else ():
        if path not in said and block_of(path) == block and _required(path, chosen):
            yield finding("missing", path, chosen or "", listed([path]), source, lines)


def _not_under(path: str, block: str, chosen: Any, source: str, lines: Lines) -> Finding:
    """A value that the rule of its block, or a choice elsewhere, makes count for nothing."""
    switch = switches()[block]
    lever, value = lever_at(path), f"{switch}: {chosen}"
    if lever is not None and lever.switch:
        allowed = listed(f"{switch}: {each}" for each in lever.under)
        return finding("beside", path, value, allowed, source, lines)
    return finding("not_under", path, value, listed(_counting(block, chosen)), source, lines)


def _counting(block: str, chosen: Any) -> list[str]:
    return [
        path.removeprefix(f"{block}.")
        for path in known_paths()
        if is_within(path, block) and counts_under(path, chosen)
    ]


def _required(path: str, chosen: Any) -> bool:
    lever = lever_at(path)
    if lever is None:
        return False
    if lever.kind == "investment":
        return path.endswith(".rule") or (chosen is not None and counts_under(path, chosen))
    return lever.required and counts_under(path, chosen)


def _sums(said: Said, source: str, lines: Lines) -> Iterator[Finding]:
    """Shares that must all be given and add up."""
    for lever in levers().values():
        given = [said[path] for path in lever.paths if is_number(said.get(path))]
        if lever.adds_up is None or not given:
            continue
        if len(given) != len(lever.keys) or abs(sum(given) - lever.adds_up) > EXACT:
            total = f"{sum(given):.6g}"
            yield finding("sum", lever.path, total, listed(lever.keys), source, lines)
