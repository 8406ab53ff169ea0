"""Reading what a visitor brings: in a bounded process, in line with others, to be cancelled."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from simulator.errors import FindingsError, JunhengError
from simulator.findings import Finding
from simulator.incoming import child
from simulator.incoming.line import LINE

T = TypeVar("T")
Files = Sequence[tuple[str, bytes]]
#: What a damaged answer makes its readers raise.
DAMAGE = (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError)


State = Literal["waiting", "reading", "checking"]
#: Seconds: what is over sooner is not told of, and nothing more often than anybody can read.
TOLD_AFTER = child.TICK


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reading is: how many are ``ahead`` while it waits; then which file of how many."""

    state: State
    ahead: int = 0
    number: int = 0
    of: int = 0
    name: str = ""
    rows: int = 0


#: Is told how far it is, again and again; whatever it raises cancels the reading.
Tell = Callable[[Progress], None]


def quiet(progress: Progress) -> None:
    """Tells nobody."""


@dataclass(slots=True)
class Answer:
    """What has come back so far: parts by name, bytes, and how it ended."""

    parts: dict[str, list[Any]]
    content: bytearray
    last: list[Any]


def ask(task: str, files: Files, options: Mapping[str, Any], visitor: str, tell: Tell) -> Answer:
    """Have some files read. Raises JunhengError, FindingsError with what is wrong with them."""
    ticket = LINE.join(visitor)
    try:
        while ahead := LINE.ahead(ticket):
            tell(Progress("waiting", ahead))
            LINE.wait(child.TICK)
        with child.taken(preload=task in {"district", "marked"}) as process:
            found = _listen(process, task, files, options, tell)
    finally:
        LINE.leave(ticket)
    return _judged(found, files[0][0])


def _listen(
    process: child.Child, task: str, files: Files, options: Mapping[str, Any], tell: Tell
) -> Answer:
    found = Answer({}, bytearray(), [])
    progress = Progress("reading", number=1, of=len(files), name=files[0][0])
    told = time.monotonic()
    for message in process.ask(task, files, options):
        try:
            progress = _taken(found, message, progress)
        except DAMAGE:
            raise child.failed(progress.name, "part") from None
        if time.monotonic() - told >= TOLD_AFTER:
            tell(progress)
            told = time.monotonic()
    return found


def _taken(found: Answer, message: list[Any] | None, progress: Progress) -> Progress:
    """Take in one message."""
    if message is None:
        return progress
    kind, *more = message
    if kind == "progress":
        number, name, rows = more
        state: State = "checking" if number > progress.of else "reading"
        return Progress(state, 0, min(number, progress.of), progress.of, name, rows)
    if kind == "part":
        found.parts.setdefault(str(more[0]), []).extend(more[1])
    elif kind == "bytes":
        found.content += bytes.fromhex(more[0])
    found.last = message
    return progress


def _judged(found: Answer, name: str) -> Answer:
    """The answer, where the process said that it is whole; else what it said is raised."""
    from simulator.incoming.proposals import records

    kind, *more = found.last
    try:
        if kind == "done":
            return found
        if kind == "memory":
            raised = JunhengError("data_file_memory", file=name)
        elif kind == "refused":
            raised = JunhengError(str(more[0]), **more[1])
        elif kind == "findings":
            raised = FindingsError(str(more[0]), records(Finding, found.parts.get("found", ())))
        else:
            raised = child.failed(name, str(more[0])[:60])
        raised.text("zh")
    except DAMAGE:
        raise child.failed(name, "answer") from None
    raise raised


def made(name: str, make: Callable[[], T]) -> T:
    """What is made of an answer; a damaged one is a failure like another."""
    try:
        return make()
    except JunhengError:
        raise
    except DAMAGE:
        raise child.failed(name, "answer") from None
