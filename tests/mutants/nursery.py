"""A process that tries mutants one after the other: ``python -m tests.mutants.nursery``.

It runs in a copy of the project. It imports the libraries once, and for each job (a line of
JSON) a child of its own imports the program and runs the tests, within its seconds. A child is
a fresh program: nothing of one mutant is left for the next.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import re
import resource
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

LIBRARIES = (
    "clarabel", "docx", "highspy", "numpy", "openpyxl", "pandas", "pydantic", "pytest",
    "scipy.sparse", "xlsxwriter", "yaml", "cvxpy",
)  # fmt: skip
#: The child's word for a change with which the program cannot even be loaded.
STILLBORN = 90
#: What pytest's exit codes and signals say of a mutant; every other code is a fault of the trial.
#: Only who used up the processor's seconds hangs: who ran out of the clock's tells nothing.
OUTCOMES = {
    0: "survived", 1: "killed", 2: "killed", STILLBORN: "stillborn",
    -signal.SIGXCPU: "hung", -signal.SIGKILL: "late",
}  # fmt: skip
MEMORY = 6 * 1024**3
#: A machine may be busy: so many times the processor's seconds by the clock.
PATIENCE = 12
OUTPUT = Path("mutant.out")


def main() -> None:
    """Answer jobs until there are no more."""
    for name in LIBRARIES:
        importlib.import_module(name)
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        answers.write(json.dumps(tried(json.loads(line))) + "\n")
        answers.flush()


def tried(job: dict[str, Any]) -> dict[str, Any]:
    """What came of a job: its outcome, the first test that failed, the processor's seconds."""
    start = time.monotonic()
    child = os.fork()
    if not child:
        _live(job)
    code, seconds = _waited(child, start + PATIENCE * job["seconds"])
    output = OUTPUT.read_text(encoding="utf-8", errors="replace")
    first = re.search(r"^(?:FAILED|ERROR) (\S+)", output, re.MULTILINE)
    outcome = OUTCOMES.get(code, "fault")
    return {
        "outcome": outcome,
        "by": first.group(1) if first and outcome == "killed" else "",
        "seconds": round(seconds, 2),
        "output": output[-2000:] if outcome == "fault" else "",
    }


def _waited(child: int, deadline: float) -> tuple[int, float]:
    """A child's exit code (minus the signal that ended it) and seconds; its end at the deadline."""
    while time.monotonic() < deadline:
        done, status, used = os.wait4(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime
        time.sleep(0.02)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    _, status, used = os.wait4(child, 0)
    return os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime


def _live(job: dict[str, Any]) -> None:
    """The child: loads the program with the change, runs the tests, ends with their code."""
    code = 3
    try:
        os.setsid()
        out = os.open(OUTPUT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(out, stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        limit = int(job["seconds"]) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 2))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        sys.dont_write_bytecode = job["module"] is not None
        code = STILLBORN if not _loads(job["module"]) else _tested(job["tests"])
    except BaseException:  # noqa: BLE001 - the trial's own fault: it is written down, code 3 tells
        traceback.print_exc(file=sys.stdout)
    sys.stdout.flush()
    os._exit(code)


def _loads(module: str | None) -> bool:
    """Whether the program can be loaded with the change."""
    try:
        for name in ("simulator.law", *([module] if module else [])):
            importlib.import_module(name)
    except Exception as error:  # noqa: BLE001 - whatever a change breaks
        sys.stdout.write(f"{error!r}\n")
        return False
    return True


def _tested(tests: list[str]) -> int:
    import pytest

    return int(pytest.main(["-x", "-q", "--no-header", "-p", "no:cacheprovider", *tests]))


if __name__ == "__main__":
    main()
