"""Programs that write to a library, for the tests that start and kill them."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

from simulator.library.store import Work, open_library


def made(name: str, author: str = "", note: str = "") -> Work:
    print_of = {"scenario": "a" * 64, "district": "b" * 64, "policy": "c" * 64}
    return Work(name=name, text="x", whole="y", author=author, note=note, **print_of)


def save_some(path: Path, author: str, count: int) -> None:
    library = open_library(path)
    for number in range(count):
        library.save(made("同名", author, str(number)))


def save_without_end(path: Path, say: Connection, turn: int) -> None:
    """Save and keep drafts until killed; say the id of what has been saved."""
    library = open_library(path)
    number = 0
    while True:
        say.send(library.save(made("同名", str(turn), "x" * 5_000)).entry.id)
        library.keep_draft("甲", {"turn": turn, "number": number, "undo": ["x" * 5_000]})
        number += 1
