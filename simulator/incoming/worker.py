"""The process that reads outside files: one request from its input, the answer to its output.

Run as a script by the same interpreter. It bounds itself before anything from outside comes in,
says how far it is, and ends. Whatever happens to it happens to no one else.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from simulator.errors import FindingsError, JunhengError
from simulator.incoming import limits
from simulator.incoming.plain import frame, pieces, read_frame, unframed

#: A process that was started in advance and is asked nothing ends by itself.
IDLE: Final = 600.0


def main(preload: bool) -> None:
    """Wait for a request, answer it, end."""
    given, out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    if preload:
        _warm_up()
    idle = threading.Timer(IDLE, os._exit, (0,))
    idle.daemon = True
    idle.start()
    head = read_frame(given)
    idle.cancel()
    if head is None:
        return
    request = unframed(head)
    limits.bound_here(len(request["files"]) + 1)
    for message in answer(request, given):
        out.write(frame(message))
        out.flush()


def _warm_up() -> None:
    """Load what reading needs, words and columns included, by reading a table of nothing."""
    from simulator.district.reading.files import table_text
    from simulator.district.reading.proposal import propose_sheets
    from simulator.incoming import proposals, tasks  # noqa: F401 (loaded)

    propose_sheets("schools.csv", [table_text("学校代码,学校名称\n1,甲", "schools.csv")])


def answer(request: Mapping[str, Any], given: IO[bytes]) -> Iterator[list[Any]]:
    """The messages that answer a request; the last one says what came of it."""
    from simulator.incoming.tasks import TASKS

    files = [(str(name), _content(given, size)) for name, size in request["files"]]
    try:
        for message in TASKS[request["task"]](files, request["options"]):
            yield list(message)
        yield ["done"]
    except FindingsError as error:
        for piece in pieces([_finding(each) for each in error.findings]):
            yield ["part", "found", piece]
        yield ["findings", error.params["source"]]
    except JunhengError as error:
        yield ["refused", error.code, error.params]
    except MemoryError:
        yield ["memory"]
    except Exception as error:  # noqa: BLE001 (told by its name; this process ends with it)
        yield ["failed", type(error).__name__]


def _content(given: IO[bytes], size: int) -> bytes:
    content = given.read(size)
    if len(content) < size:
        raise EOFError
    return content


def _finding(finding: Any) -> dict[str, Any]:
    from simulator.incoming.proposals import fields_of

    return fields_of(finding)


if __name__ == "__main__":
    main("--preload" in sys.argv)
