"""Six scenarios side by side against computing them; the library against bare SQLite."""

from __future__ import annotations

import itertools
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

import simulator as sim
from simulator.library.store import open_library, work_of
from simulator.results.result import Result
from simulator.results.simulate import simulate
from simulator.scenario.load import shipped_scenarios
from tests.benchmarks import Row, side_by_side, slower_row

SCENARIOS = 6
#: Goals: reading scenarios side by side costs no more than computing them; checks, versions and
#: search make a durable write at most four times as long as the bare one.
MOST_OF_RUNS, MOST_OF_SAVES = 1.0, 4.0


def run() -> list[Row]:
    district = sim.sample_district()
    scenarios = [sim.load_scenario(path) for path in shipped_scenarios()[:SCENARIOS]]

    def computed() -> list[Result]:
        return [simulate(district, scenario) for scenario in scenarios]

    def judged(results: list[Result]) -> list[Result]:
        for result in results:
            assert result.verdict.rules_total  # the checks are part of a result
        return results

    results = judged(computed())
    pair = side_by_side(lambda: _compared(results), lambda: judged(computed()))
    tables = slower_row(
        "Comparing six scenarios, every figure (held against computing and judging them)",
        "比较六个方案的全部数字（对照：测算并判定这六个方案）",
        pair,
        MOST_OF_RUNS,
    )
    return [tables, _saving(results[0])]


def _compared(results: list[Result]) -> None:
    """Every figure of a comparison, as a page that shows all of it needs them."""
    found = sim.compare(results)
    assert len(found.differences) and len(found.parameters) and len(found.summary)
    for other in range(1, len(results)):
        for year in found.years:
            found.waterfall(0, other, year)
        found.schools(other, found.years[-1])


def _saving(result: Result) -> Row:
    binding = result.binding
    work = work_of(
        binding.scenario,
        "速度",
        district=binding.district.fingerprint,
        policy=binding.policy.fingerprint,
    )
    with tempfile.TemporaryDirectory() as folder:
        library = open_library(Path(folder) / "library.db")
        bare = _bare(Path(folder) / "bare.db", work.whole)
        pair = side_by_side(lambda: library.save(work), bare, times=31, warm=3)
    return slower_row(
        "Saving a scenario in the library (held against one durable row in bare SQLite)",
        "把方案存入方案库（对照：直接向 SQLite 可靠地写入一行）",
        pair,
        MOST_OF_SAVES,
    )


def _bare(path: Path, text: str) -> Callable[[], object]:
    """Open, write one row for good, close: as safe as the library, and nothing else."""
    numbers = itertools.count()

    def write() -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE IF NOT EXISTS entries (number INTEGER, text TEXT)")
        connection.execute("INSERT INTO entries VALUES (?, ?)", (next(numbers), text))
        connection.close()

    return write
