"""The library when several programs write at once, and when one is killed while it saves."""

from __future__ import annotations

import multiprocessing
import random
import sqlite3
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from simulator.library.store import open_library
from tests.unit.scenario.store_writers import made, save_some, save_without_end

# Children of a server that has loaded everything once start in a few milliseconds.
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.unit.scenario.store_writers"])
LIMIT = 60
KILLS = 100


def test_writers_at_the_same_time_lose_nothing_and_share_no_version(tmp_path: Path) -> None:
    path, writers, each = tmp_path / "library.db", 4, 10
    started = [
        CONTEXT.Process(target=save_some, args=(path, f"作者{n}", each)) for n in range(writers)
    ]
    for process in started:
        process.start()
    for process in started:
        process.join(LIMIT)
        assert process.exitcode == 0
    found = open_library(path).entries()
    assert sorted(entry.version for entry in found) == list(range(1, writers * each + 1))
    assert {(e.work.author, e.work.note) for e in found} == {
        (f"作者{n}", str(number)) for n in range(writers) for number in range(each)
    }


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A library whose writer was killed a hundred times, and the ids it had said were saved."""
    path = tmp_path_factory.mktemp("killed") / "library.db"
    chance = random.Random(5)
    said: list[str] = []
    for turn in range(KILLS):
        hear, say = CONTEXT.Pipe(duplex=False)
        process = CONTEXT.Process(target=save_without_end, args=(path, say, turn))
        process.start()
        say.close()
        assert hear.poll(LIMIT)
        said.append(hear.recv())
        hear.poll(0)
        process.join(chance.uniform(0, 0.03))
        process.kill()
        process.join(LIMIT)
        said.extend(_rest(hear))
        hear.close()
        process.close()
    return path, said


def _rest(hear: Connection) -> list[str]:
    """What was said before the end; a word cut off in the middle was not said."""
    found = []
    try:
        while hear.poll(0):
            found.append(hear.recv())
    except (EOFError, OSError):
        pass
    return found


def test_a_hundred_kills_lose_nothing_that_was_saved(killed: tuple[Path, list[str]]) -> None:
    path, said = killed
    library = open_library(path)
    entries = library.entries()
    assert len(said) >= KILLS
    assert set(said) <= {entry.id for entry in entries}
    assert len({entry.version for entry in entries}) == len(entries)
    # every entry is whole, also those whose writer was killed before it could say so
    assert {len(entry.work.note) for entry in entries} == {5_000}


def test_the_store_is_sound_after_a_hundred_kills(killed: tuple[Path, list[str]]) -> None:
    path, _ = killed
    library = open_library(path)
    draft = library.draft("甲")
    assert draft is not None
    assert set(draft.state) == {"turn", "number", "undo"}
    library.keep_draft("甲", {})
    assert library.save(made("之后")).entry.version == 1
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
