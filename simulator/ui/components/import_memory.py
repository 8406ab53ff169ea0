"""Confirmed meanings of headings that are used again: whose they are, and of when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from simulator.district.reading.mapping import recall, remember
from simulator.district.reading.proposal import ColumnFound, Proposal
from simulator.library.store import library_path, now
from simulator.whole_files import write_text

Mapped = Mapping[str, Mapping[str, str | None]]
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was confirmed for files of this shape: by ``who`` (empty: not said) and when.

    ``again`` are the columns that are read for certain as something else: what is remembered
    would change their meaning, so it is not used.
    """

    mapped: Mapped
    who: str
    when: datetime
    again: tuple[ColumnFound, ...]


def recalled(proposal: Proposal) -> Remembered | None:
    """What is remembered for files of this shape; ``proposal`` is read without it."""
    known = recall(folder(), proposal.shape)
    if known is None:
        return None
    again = tuple(each for each in proposal.columns if _changes(each, known))
    left_out = {(each.sheet, each.heading) for each in again}
    mapped = {
        sheet: {word: field for word, field in words.items() if (sheet, word) not in left_out}
        for sheet, words in known.items()
    }
    return Remembered(mapped, *_told(proposal.shape), again)


def _changes(column: ColumnFound, known: Mapped) -> bool:
    """Whether a remembered meaning is another than the heading has by itself."""
    words = known.get(column.sheet, {})
    remembered = words.get(column.heading, column.field)
    return column.certainty == "known" and remembered != column.field


def keep(shape: str, mapped: Mapped, who: str) -> None:
    """Remember a confirmed mapping, and whose it is. Raises OSError, JunhengError."""
    remember(folder(), shape, mapped)
    said = {"who": who.strip()[:LONGEST_NAME], "when": now().isoformat()}
    write_text(_beside(shape), json.dumps(said, ensure_ascii=False))


def _told(shape: str) -> tuple[str, datetime]:
    """Who confirmed and when; where that is not kept, nobody, at the time of the file."""
    try:
        said = json.loads(_beside(shape).read_text(encoding="utf-8"))
        return str(said["who"])[:LONGEST_NAME], datetime.fromisoformat(str(said["when"]))
    except (OSError, ValueError, KeyError, TypeError):
        written = (folder() / f"{shape}.yaml").stat().st_mtime
        return "", datetime.fromtimestamp(written, now().tzinfo)


def folder() -> Path:
    """Where confirmed mappings are remembered, beside the library."""
    return library_path().parent / "maps"


def _beside(shape: str) -> Path:
    return folder() / f"{shape}.by.json"
