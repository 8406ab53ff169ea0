"""``python -m tests.mutants``: draw mutants, try each, renew the report and both READMEs.

Nothing is changed in the project itself: each worker has a copy of it in a folder of its own.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import py_compile
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.mutants import reporting, sampling
from tests.mutants.making import Mutant
from tests.mutants.reporting import Run, Tried
from tests.mutants.sampling import Drawn
from tests.readmes import ROOT
from tests.repo import project

#: Where a run writes as it goes, so that one that was stopped is not lost.
TRIED = ROOT / "test-results" / "mutants.jsonl"
#: A mutant has so many times the seconds of the unchanged program, and never less than this.
SLOWER, LEAST_SECONDS = 4, 20
#: What the unchanged program may take for the tests of one file.
BASE_SECONDS = 300


class Nursery:
    """A copy of the project and the process that tries mutants in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        _copy(folder)
        single = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.mutants.nursery"],
            cwd=folder,
            env={**os.environ, **single},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def unchanged(self, tests: Sequence[str], seconds: float = BASE_SECONDS) -> dict[str, Any]:
        """What the tests say of the program as it is."""
        return self._ask({"module": None, "tests": list(tests), "seconds": seconds})

    def tried(self, mutant: Mutant, tests: Sequence[str], seconds: float) -> dict[str, Any]:
        """What the tests say of a mutant; the copy is whole again afterwards."""
        place, whole = self.folder / mutant.file, sampling.source(mutant.file)
        module = mutant.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        place.write_text(mutant.applied(whole), encoding="utf-8")
        try:
            return self._ask({"module": module, "tests": list(tests), "seconds": seconds})
        finally:
            place.write_text(whole, encoding="utf-8")

    def _ask(self, job: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def close(self) -> None:
        """End the process; the copy goes with the folder it lies in."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()


def _copy(folder: Path) -> None:
    """The project's files, compiled so that a changed text is noticed whatever its date."""
    for path in project.files():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, folder / path)
    checked = py_compile.PycInvalidationMode.CHECKED_HASH
    compileall.compile_dir(folder / "simulator", quiet=1, invalidation_mode=checked)


@contextmanager
def nurseries(workers: int) -> Iterator[list[Nursery]]:
    """So many nurseries; their copies are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="junheng-mutants-") as folder:
        found = [Nursery(Path(folder) / str(number)) for number in range(workers)]
        try:
            yield found
        finally:
            for each in found:
                each.close()


def side_by_side(
    pool: Sequence[Nursery], jobs: Iterable[Any], work: Callable[[Nursery, Any], None]
) -> None:
    """Every job done by whichever nursery is free; the first error comes out when all are done."""
    waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)
    errors: list[BaseException] = []

    def run(nursery: Nursery) -> None:
        try:
            while not errors and not waiting.empty():
                work(nursery, waiting.get())
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            errors.append(error)

    threads = [threading.Thread(target=run, args=(nursery,)) for nursery in pool]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def limits(
    pool: Sequence[Nursery], lists: Iterable[tuple[str, ...]]
) -> dict[tuple[str, ...], float]:
    """The seconds that a mutant has for each list of tests; RuntimeError where one fails anyway."""
    found: dict[tuple[str, ...], float] = {}

    def measure(nursery: Nursery, tests: tuple[str, ...]) -> None:
        answer = nursery.unchanged(tests)
        if answer["outcome"] != "survived":
            raise RuntimeError(f"fails without any change: {' '.join(tests)}: {answer}")
        found[tests] = max(LEAST_SECONDS, SLOWER * answer["seconds"])

    side_by_side(pool, lists, measure)
    return found


def attempt(drawn: Sequence[Drawn], workers: int, seconds: float) -> list[Tried]:
    """Each mutant tried until the time is up; those that change nothing are not tried."""
    known = sampling.equivalents()
    same = [each for each in drawn if each.mutant.key in known]
    rest = [each for each in drawn if each.mutant.key not in known]
    found = [Tried(each.mutant, each.room, "equivalent") for each in same]
    end = time.monotonic() + seconds
    with nurseries(workers) as pool:
        due = limits(pool, dict.fromkeys(sampling.tests_of(each.mutant.file) for each in rest))

        def work(nursery: Nursery, each: Drawn) -> None:
            if time.monotonic() > end:
                return
            tests = sampling.tests_of(each.mutant.file)
            answer = nursery.tried(each.mutant, tests, due[tests])
            if answer["outcome"] == "fault":
                raise RuntimeError(f"{reporting.said(each.mutant)}: {answer}")
            found.append(Tried(each.mutant, each.room, answer["outcome"], answer["by"]))
            _note(found[-1], answer["seconds"], len(found), len(drawn))

        side_by_side(pool, rest, work)
    return found


def _note(tried: Tried, seconds: float, number: int, of: int) -> None:
    words = f"{number}/{of} {tried.outcome} ({seconds:.1f} s) {reporting.said(tried.mutant)}"
    print(words, flush=True)
    with TRIED.open("a", encoding="utf-8") as file:
        line = {"key": tried.mutant.key, "outcome": tried.outcome, "by": tried.by}
        file.write(json.dumps({**line, "seconds": seconds}, ensure_ascii=False) + "\n")


def before() -> dict[tuple[Any, ...], dict[str, Any]]:
    """What the runs before found, by the mutant's key; the last word counts."""
    if not TRIED.exists():
        return {}
    lines = map(json.loads, TRIED.read_text(encoding="utf-8").splitlines())
    return {tuple(line["key"]): line for line in lines}


def kept(drawn: Sequence[Drawn]) -> list[Tried]:
    """Of the mutants drawn, those that a run before this one saw noticed: not tried again."""
    known = before()
    found = []
    for each in drawn:
        line = known.get(each.mutant.key)
        if line and line["outcome"] in {"killed", "hung", "stillborn"}:
            found.append(Tried(each.mutant, each.room, line["outcome"], line["by"]))
    return found


def main(arguments: Sequence[str]) -> int:
    """Draw, try, write; 1 where less is noticed than the goal asks."""
    asked = _asked(arguments)
    drawn = sampling.draw(asked.sample, asked.seed, asked.only)
    if asked.room:
        drawn = [each for each in drawn if each.room in asked.room]
    print(f"{len(drawn)} mutants drawn with seed {asked.seed}", flush=True)
    TRIED.parent.mkdir(exist_ok=True)
    if not asked.go_on:
        TRIED.unlink(missing_ok=True)
    old = kept(drawn)
    done = {each.mutant.key for each in old}
    rest = [each for each in drawn if each.mutant.key not in done]
    run = Run(asked.seed, len(drawn), (*old, *attempt(rest, asked.workers, asked.seconds)))
    print(reporting.report(run))
    if not (asked.room or asked.only):
        reporting.write(run)
    noticed, counted = reporting.score(run.tried, reporting.SCORED)
    return 0 if noticed >= reporting.GOAL * counted else 1


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    add = parser.add_argument
    add("--sample", type=int, default=402, help="mutants in law, results and plan together")
    add("--seed", type=int, default=1)
    add("--workers", type=int, default=2)
    add("--seconds", type=float, default=3600, help="no mutant is begun after so long")
    add(
        "--room",
        action="append",
        choices=sampling.FILES,
        help="only these; READMEs stay as they are",
    )
    add("--only", default="", help="only files whose path begins so; READMEs stay as they are")
    add("--go-on", action="store_true", help="keep what the run before saw noticed, try the others")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
