"""A process that reads files: started, asked, listened to within its limits, ended."""

from __future__ import annotations

import atexit
import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from simulator.errors import JunhengError
from simulator.incoming import limits
from simulator.incoming.plain import LENGTH, frame, read_frame, unframed

#: The program of such a process.
WORKER: Final = Path(__file__).with_name("worker.py")
#: All that may come back: a district of 10,000 schools takes five megabytes.
MOST_ANSWER: Final = 64_000_000
#: Seconds between two looks, in which a visitor can cancel.
TICK: Final = 0.1
#: Of the surroundings of this program a reading process sees these only.
_KEPT: Final = ("SYSTEMROOT", "WINDIR", "TEMP", "TMP", "TMPDIR", "LANG", "LC_ALL", "PATH")
#: Libraries for numbers would each start a thread for every processor.
_ALONE: Final = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class Child:
    """One process; it answers one request."""

    def __init__(self, preload: bool = False) -> None:
        command = [sys.executable, "-I", "-B", str(WORKER), *["--preload"][: int(preload)]]
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        self.process = subprocess.Popen(  # noqa: S603 (our own file, by this interpreter)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**kept, **_ALONE}, start_new_session=True,
        )  # fmt: skip
        self.job = limits.job_of(self.process)
        self._talk: threading.Thread | None = None
        self._inbox: queue.SimpleQueue[bytes | Exception | None] = queue.SimpleQueue()

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def ask(
        self, task: str, files: Sequence[tuple[str, bytes]], options: Mapping[str, Any]
    ) -> Iterator[list[Any] | None]:
        """Its messages as they come; None where nothing came for a little while.

        Raises JunhengError where it takes too long or too much, or ends before its answer does.
        """
        head = {
            "task": task,
            "files": [[name, len(content)] for name, content in files],
            "options": options,
        }
        if self.job is not None:
            self.job.allow(len(files) + 1)
        request = [frame(head), *(content for _, content in files)]
        self._talk = threading.Thread(target=self._converse, args=(request,), daemon=True)
        self._talk.start()
        return self._messages(len(files) + 1, str(files[0][0]))

    def _messages(self, shares: int, name: str) -> Iterator[list[Any] | None]:
        end = time.monotonic() + limits.START + limits.PATIENCE
        while True:
            try:
                found = self._inbox.get(timeout=TICK)
            except queue.Empty:
                if time.monotonic() > end:
                    raise _slow(name) from None
                yield None
                continue
            if not isinstance(found, bytes):
                raise self._ended(found, name)
            message = _message(found, name)
            if message[0] == "progress" and shares:
                # the next file has its own time; no more files than there are
                shares, name = shares - 1, message[2]
                end = time.monotonic() + limits.PATIENCE
            yield message
            if message[0] not in {"progress", "part", "bytes"}:
                return

    def _converse(self, request: Sequence[bytes]) -> None:
        """Write the request, then take in what comes, up to the limit."""
        given, got = self.process.stdin, self.process.stdout
        assert given is not None and got is not None
        try:
            with contextlib.suppress(OSError):  # it has ended: what it said is still read
                for part in request:
                    given.write(part)
                given.close()
            size = 0
            while (text := read_frame(got)) is not None:
                size += len(text) + LENGTH.size
                if size > MOST_ANSWER:
                    raise OverflowError
                self._inbox.put(text)
            self._inbox.put(None)
        except (OSError, ValueError, OverflowError) as error:
            self._inbox.put(error)

    def _ended(self, found: Exception | None, name: str) -> JunhengError:
        """Why it ended before its answer did."""
        if isinstance(found, OverflowError):
            return JunhengError("reading_much", file=name, most=MOST_ANSWER // 1_000_000)
        if found is not None:
            return failed(name, "frame")
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        code = self.process.returncode
        if code is not None and -code == getattr(signal, "SIGXCPU", None):
            return _slow(name)
        if code is not None and -code == signal.SIGABRT:
            return JunhengError("data_file_memory", file=name)
        return failed(name, f"exit {code}")

    def end(self) -> None:
        """End it, and whatever it has started; nothing remains."""
        if self.process.returncode is None:
            if self.job is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()
            self.process.wait()
        if self.job is not None:
            self.job.close()
            self.job = None
        if self._talk is not None:
            self._talk.join()  # nobody writes to it any more
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was not yet written, nobody reads
                    pipe.close()


def _message(text: bytes, name: str) -> list[Any]:
    try:
        message = unframed(text)
    except ValueError:
        raise failed(name, "frame") from None
    if not isinstance(message, list) or not message or not isinstance(message[0], str):
        raise failed(name, "frame")
    if message[0] == "progress" and [type(each) for each in message[1:]] != [int, str, int]:
        raise failed(name, "frame")
    return message


def _slow(name: str) -> JunhengError:
    return JunhengError("reading_slow", file=name, seconds=limits.SECONDS)


def failed(name: str, reason: str) -> JunhengError:
    """A process that came to grief over a file, and the word by which its cause is found."""
    return JunhengError("reading_failed", file=name, reason=reason)


# One that waits ---------------------------------------------------------------------------

_spare: list[Child] = []
_guard: Final = threading.Lock()


def warm() -> None:
    """Have a process ready that has loaded what reading needs; it ends by itself if not used."""
    with _guard:
        if not any(each.alive for each in _spare):
            _end_all(_spare)
            _spare[:] = [Child(preload=True)]


@contextlib.contextmanager
def taken(preload: bool) -> Iterator[Child]:
    """A process for one request, the one that waits where there is one; ended on leaving."""
    with _guard:
        ready = [each for each in _spare if each.alive]
        _end_all([each for each in _spare if each not in ready])
        _spare.clear()
    child = ready[0] if ready else Child(preload)
    try:
        yield child
    finally:
        child.end()


def _end_all(children: Sequence[Child]) -> None:
    for each in children:
        each.end()


@atexit.register
def rest() -> None:
    """End the process that waits."""
    with _guard:
        _end_all(_spare)
        _spare.clear()
