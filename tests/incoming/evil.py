"""A reading process over which a file has gained power: it does what the file's text says."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from simulator.incoming import limits, tasks, worker
from simulator.incoming.plain import LENGTH


def spin(_: str) -> None:
    while True:
        pass


def burn(_: str) -> None:
    """Take a third of the time that one file may take."""
    end = time.process_time() + 0.7
    while time.process_time() < end:
        pass


def sleep(_: str) -> None:
    time.sleep(600)


def fill(_: str) -> None:
    held = []
    while True:
        held.append(bytearray(1 << 24))


def crash(_: str) -> None:
    os.abort()


def leave(_: str) -> None:
    os._exit(7)


def say_nonsense(_: str) -> None:
    os.write(OUT, LENGTH.pack(4) + b"{'a'")


def say_code(_: str) -> None:
    os.write(OUT, LENGTH.pack(30) + b'{"system": ["rm", "-r", "/"]} ')


def promise_much(_: str) -> None:
    os.write(OUT, LENGTH.pack(1 << 31))


def wait(place: str) -> None:
    """Say that it waits by opening the one end of a pipe; go on when the other end says so."""
    with Path(place).open("rb") as pipe:
        pipe.read()


def fault(_: str) -> None:
    raise KeyError("of our own")


def child(place: str) -> None:
    """Start a further process, tell its number, and never end."""
    number = os.fork()
    if number:
        Path(place).write_text(str(number))
    time.sleep(600)


DEEDS: Mapping[str, Callable[[str], None]] = {
    each.__name__: each
    for each in (spin, burn, sleep, fill, crash, leave, say_nonsense, say_code, promise_much, wait,
                 fault, child)
}  # fmt: skip
#: Messages that are whole in themselves and nevertheless wrong.
LIES: Mapping[str, Any] = {
    "no_parts": [],
    "foreign_code": [("refused", "no_such_sentence", {})],
    "no_params": [("refused", "data_file_kind", {})],
    "foreign_finding": [
        ("part", "found", [{"severity": "error", "code": "no_such"}]), ("findings", "x"),
    ],
    "foreign_kind": [
        ("part", "found", [{"severity": "deadly", "code": "not_a_number"}]), ("findings", "x"),
    ],
    "foreign_table": [("part", "head", ["a", "b", []]), ("part", "tables", [["x", "", "", 1]])],
    "short_column": [
        ("part", "head", ["a", "b", []]), ("part", "tables", [["schools", "", "", 2]]),
        ("part", "frame:schools", ["school_id"]), ("part", "frame:schools:0", ["1"]),
        ("part", "places", []),
    ],
    "no_list": [("part", "head", 7)],
    "no_message": [("progress",)],
    "unknown": [("dance",)],
}  # fmt: skip


def district(files: tasks.Files, options: tasks.Options) -> Iterator[tasks.Message]:
    for number, (name, content) in enumerate(files, start=1):
        yield "progress", number, name, 0
        limits.next_share()
        deed, _, place = content.decode().partition(":")
        if deed == "flood":
            while True:
                yield "part", "x", ["x" * 1_000_000]
        if deed in LIES:
            yield from LIES[deed]
        else:
            DEEDS[deed](place)


if __name__ == "__main__":
    OUT = os.dup(1)
    limits.SECONDS = 2  # type: ignore[misc]
    tasks.TASKS["district"] = district  # type: ignore[index]
    worker.main(preload=False)
