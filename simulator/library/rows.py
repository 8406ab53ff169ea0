"""Rows of the library as entries; a row that cannot be used is told of and harms no other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from simulator.errors import JunhengError
from simulator.library import checks as words
from simulator.library.store import Damaged, Draft, Entry, Work
from simulator.outside_text import stray_sign
from simulator.own_formula.notes import Told

WORK: Final = (
    "name", "text", "whole", "base", "scenario", "district", "policy", "district_name", "author",
    "note",
)  # fmt: skip
#: No name is saved as often.
MOST_VERSIONS: Final = 1_000_000_000
_ID: Final = re.compile(r"[0-9a-f]{32}")
_LINK: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def entry_of(row: Any) -> Entry:
    """The entry of a row. Raises JunhengError where anything in it cannot be used."""
    try:
        return _entry(row)
    except JunhengError as error:
        name = words.start(row.name) if isinstance(row.name, str) else f"#{row.number}"
        raise JunhengError("store_row", name=name, reason=Told(error)) from error


def _entry(row: Any) -> Entry:
    version, link = row.version, row.link
    texts = [row.id, row.tags, *([] if link is None else [link])]
    whole = type(version) is int and 0 < version <= MOST_VERSIONS
    if not whole or any(not isinstance(each, str) for each in texts):
        raise JunhengError("store_row_kind")
    if not _ID.fullmatch(row.id) or not _LINK.fullmatch(link or "-"):
        raise JunhengError("store_row_kind")
    work = Work(**{name: getattr(row, name) for name in WORK}, tags=parted(row.tags))
    return Entry(row.id, version, words.read_time(row.saved), words.checked_work(work), link)


def usable(rows: Iterable[Any]) -> Iterator[Entry]:
    """The entries of the rows that can be used; ``damaged`` tells of the others."""
    return (found for row in rows if isinstance(found := _read(row), Entry))


def damaged(rows: Iterable[Any]) -> Iterator[Damaged]:
    """The rows that cannot be used."""
    return (found for row in rows if isinstance(found := _read(row), Damaged))


def _read(row: Any) -> Entry | Damaged:
    try:
        return entry_of(row)
    except JunhengError as error:
        return Damaged(row.number, error)


def draft_of(row: Any) -> Draft:
    """The draft of a row. Raises JunhengError where it cannot be used."""
    try:
        state = json.loads(row.state)
        kept = words.read_time(row.kept)
    except (TypeError, ValueError, RecursionError, JunhengError) as error:
        raise JunhengError("store_draft_damaged") from error
    if not isinstance(state, Mapping):
        raise JunhengError("store_draft_damaged")
    return Draft(row.owner, state, kept)


def joined(tags: Sequence[str]) -> str:
    """Tags between line ends, which no tag holds."""
    return "".join(f"\n{tag}\n" for tag in tags)


def parted(tags: str) -> tuple[str, ...]:
    """Tags as they were joined."""
    return tuple(tag for tag in tags.split("\n") if tag)


def tags_in(columns: Iterable[object]) -> tuple[str, ...]:
    """Every tag of some rows, sorted; what can be no tag is left out."""
    texts = (each for each in columns if isinstance(each, str))
    found = {tag for each in texts for tag in parted(each)}
    longest = words.LONGEST["tag"]
    return tuple(sorted(tag for tag in found if len(tag) <= longest and stray_sign(tag) is None))
