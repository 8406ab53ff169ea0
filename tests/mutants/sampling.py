"""Which mutants are tried, on which tests: the rooms' files, a seeded draw, the map of tests."""

from __future__ import annotations

import fnmatch
import functools
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.mutants.making import Mutant, counts, mutants
from tests.mutants.reporting import SCORED
from tests.readmes import ROOT

FOLDER = Path(__file__).parent
#: The files of each room; of the exports those that put figures into tables and sentences.
FILES = {
    "law": ("simulator/formulas/*.py",),
    "results": ("simulator/engine/*.py",),
    "plan": ("simulator/plan/*.py",),
    "present": (
        "simulator/export/table*.py", "simulator/export/*_rows.py", "simulator/export/*_words.py",
        "simulator/export/*_text.py", "simulator/export/*_parts.py", "simulator/present/sentences/beside.py",
        "simulator/present/tables/comparison_steps.py",
    ),
}  # fmt: skip
#: The rooms without a goal get this share of what a room with one gets.
BESIDE = 0.4


@dataclass(frozen=True, slots=True)
class Drawn:
    """A mutant to be tried, and its room."""

    mutant: Mutant
    room: str


def sources(room: str, only: Sequence[str] = ("",)) -> list[str]:
    """The files of a room, by their paths from the project's top; those alone that begin so."""
    found = {path for pattern in FILES[room] for path in ROOT.glob(pattern)}
    names = sorted(path.relative_to(ROOT).as_posix() for path in found)
    return [name for name in names if name.startswith(tuple(only))]


@functools.cache
def source(file: str) -> str:
    """The text of a file of the program."""
    return (ROOT / file).read_text(encoding="utf-8")


def draw(size: int, seed: int) -> list[Drawn]:
    """``size`` mutants in equal parts from the rooms with a goal, and some from the others.

    The draws of the rooms stand mixed, so that the first hundred are a fair sample too.
    """
    chosen: list[Drawn] = []
    for room in FILES:
        part = -(-size // len(SCORED))
        wanted = part if room in SCORED else round(part * BESIDE)
        chosen += [Drawn(each, room) for each in _of_room(room, wanted, seed)]
    random.Random(f"{seed} order").shuffle(chosen)
    return chosen


def draw_only(only: Sequence[str], size: int, seed: int) -> list[Drawn]:
    """``size`` mutants of each room that has files whose paths begin as one of these."""
    return [Drawn(each, room) for room in FILES for each in _of_room(room, size, seed, only)]


@functools.cache
def _every(file: str) -> tuple[Mutant, ...]:
    return tuple(mutants(file, source(file)))


def _of_room(room: str, wanted: int, seed: int, only: Sequence[str] = ("",)) -> list[Mutant]:
    every = [each for file in sources(room, only) for each in _every(file)]
    random.Random(f"{seed} {room}").shuffle(every)
    found: list[Mutant] = []
    for each in every:
        if len(found) == wanted:
            break
        if counts(each, source(each.file)):
            found.append(each)
    return found


@functools.cache
def _map() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((FOLDER / "tests.yaml").read_text(encoding="utf-8"))
    return content


def tests_of(file: str) -> tuple[str, ...]:
    """The tests that see a file, the quickest to notice first; KeyError where none is named."""
    for entry in _map()["sees"]:
        if any(fnmatch.fnmatch(file, pattern) for pattern in entry["files"]):
            return tuple(entry["tests"])
    raise KeyError(file)


def left_out() -> dict[str, str]:
    """The tests that count no kill, and why."""
    found: dict[str, str] = _map()["left_out"]
    return found


@functools.cache
def equivalents() -> dict[tuple[str, str, str, str, int], str]:
    """The changes that change nothing, by the mutant's key, and why."""
    entries = yaml.safe_load((FOLDER / "equivalents.yaml").read_text(encoding="utf-8")) or []
    return {
        (each["file"], each["line"], each["before"], each["after"], each.get("nth", 0)): each["why"]
        for each in entries
    }
