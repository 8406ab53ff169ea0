"""What a session may do is decided by the library itself, whatever a page shows."""

from __future__ import annotations

import errno
import inspect
import sqlite3
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sql

from simulator.errors import JunhengError
from simulator.glossary import LANGUAGES
from simulator.library.access import DRAFTING, READING, WHOLE, Access
from simulator.library.store import Entry, Library, now, open_library
from simulator.library.tables import WAIT, said, trouble_of
from tests.unit.scenario.test_store import work

ACTS: dict[str, Callable[[Library, Entry], object]] = {
    "save": lambda library, entry: library.save(entry.work),
    "save_all": lambda library, entry: library.save_all([(entry.work, entry.saved)]),
    "entries": lambda library, _: library.entries(),
    "tags": lambda library, _: library.tags(),
    "damaged": lambda library, _: library.damaged(),
    "discard": lambda library, _: library.discard(1),
    "open": lambda library, entry: library.open(entry.id),
    "rename": lambda library, entry: library.rename(entry.id, "别名"),
    "annotate": lambda library, entry: library.annotate(entry.id, note="改过"),
    "duplicate": lambda library, entry: library.duplicate(entry.id, "副本"),
    "delete": lambda library, entry: library.delete(entry.id),
    "trash": lambda library, _: library.trash(),
    "restore": lambda library, entry: library.restore(entry.id),
    "share": lambda library, entry: library.share(entry.id),
    "unshare": lambda library, entry: library.unshare(entry.id),
    "linked": lambda library, entry: library.linked(str(entry.link)),
    "keep_draft": lambda library, _: library.keep_draft("甲", {}),
    "draft": lambda library, _: library.draft("甲"),
    "drop_draft": lambda library, _: library.drop_draft("甲"),
}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return open_library(tmp_path / "library.db")


def _shared(library: Library, name: str) -> Entry:
    entry = library.save(work(name)).entry
    library.share(entry.id)
    return library.open(entry.id)


def test_every_operation_of_the_library_is_among_the_acts() -> None:
    told = {name for name, _ in inspect.getmembers(Library, inspect.isfunction) if name[0] != "_"}
    assert told - {"limited"} == set(ACTS)


@pytest.mark.parametrize("act", ACTS)
def test_a_linked_session_reads_its_entry_and_does_nothing_else(library: Library, act: str) -> None:
    entry = _shared(library, "甲")
    limited = library.limited(Access(entry.id))
    before = library.entries()
    if act in READING | DRAFTING:
        ACTS[act](limited, entry)
    else:
        with pytest.raises(JunhengError) as caught:
            ACTS[act](limited, entry)
        assert caught.value.code == "store_closed"
    assert library.entries() == before


@pytest.mark.parametrize("act", sorted(READING))
def test_a_linked_session_does_not_read_another_entry(library: Library, act: str) -> None:
    entry, other = _shared(library, "甲"), _shared(library, "乙")
    for limited in (library.limited(Access(entry.id)), library.limited(Access(""))):
        with pytest.raises(JunhengError) as caught:
            ACTS[act](limited, other)
        assert caught.value.code == "store_closed"
    assert ACTS[act](library.limited(WHOLE), other) == other


def test_what_was_changed_elsewhere_is_not_written_over(library: Library) -> None:
    seen = library.save(work("甲")).entry
    changed = library.annotate(seen.id, note="先到", seen=seen)
    for act in (
        lambda: library.annotate(seen.id, note="后到", seen=seen),
        lambda: library.rename(seen.id, "乙", seen),
        lambda: library.delete(seen.id, seen),
    ):
        with pytest.raises(JunhengError) as caught:
            act()
        assert caught.value.code == "store_elsewhere"
    assert library.entries() == (changed,)
    renamed = library.rename(seen.id, "乙", changed).entry
    library.delete(seen.id, renamed)
    assert [each for each, _ in library.trash()] == [renamed]


def test_a_draft_that_was_kept_elsewhere_is_not_written_over(library: Library) -> None:
    first = library.keep_draft("甲", {"a": 1})
    second = library.keep_draft("甲", {"a": 2}, first)
    with pytest.raises(JunhengError) as caught:
        library.keep_draft("甲", {"a": 3}, first)
    assert caught.value.code == "draft_elsewhere"
    kept = library.draft("甲")
    assert kept is not None and kept.state == {"a": 2} and kept.kept == second


def test_the_trash_keeps_what_was_deleted_for_30_days(library: Library, tmp_path: Path) -> None:
    old, late = (library.save(work(name)).entry for name in ("甲", "乙"))
    library.delete(old.id, time=now() - timedelta(days=30, minutes=1))
    assert library.trash() == ()
    library.delete(late.id, time=now() - timedelta(days=30) + timedelta(minutes=1))
    assert [each for each, _ in library.trash()] == [late]
    again = open_library(tmp_path / "library.db")
    assert again.restore(late.id) == late and again.trash() == ()
    with pytest.raises(JunhengError) as caught:
        again.restore(old.id)
    assert caught.value.code == "store_missing"


def test_a_draft_waits_for_its_owner_for_90_days(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    library = open_library(path)
    for owner, age in (("甲", timedelta(days=90, minutes=1)), ("乙", timedelta(days=89))):
        library.keep_draft(owner, {})
        with sqlite3.connect(path) as connection:
            when = (now() - age).isoformat()
            connection.execute("update drafts set kept = ? where owner = ?", (when, owner))
        connection.close()
    again = open_library(path)
    assert again.draft("甲") is None and again.draft("乙") is not None


def test_a_locked_library_does_not_hold_up_a_draft(library: Library, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "library.db", isolation_level=None)
    other.execute("begin immediate")
    started = time.monotonic()
    with pytest.raises(JunhengError) as caught:
        library.keep_draft("甲", {})
    assert caught.value.code == "store_busy"
    assert time.monotonic() - started < WAIT / 3
    other.rollback()
    other.close()
    library.keep_draft("甲", {})


#: What SQLite calls a trouble → the sentence for it; an unknown one has a code alone.
SQLITE = {
    "SQLITE_FULL": "store_full", "SQLITE_BUSY_SNAPSHOT": "store_busy",
    "SQLITE_LOCKED": "store_busy", "SQLITE_CORRUPT_INDEX": "store_unreadable",
    "SQLITE_NOTADB": "store_unreadable", "SQLITE_READONLY_DBMOVED": "store_read_only",
    "SQLITE_PERM": "store_read_only", "SQLITE_CANTOPEN_ISDIR": "store_no_place",
    "SQLITE_IOERR_WRITE": "store_disk", "SQLITE_ERROR": "store_failed",
}  # fmt: skip


@pytest.mark.parametrize("name", SQLITE)
@pytest.mark.parametrize("wrapped", [True, False])
def test_what_the_database_says_in_english_is_not_shown(name: str, wrapped: bool) -> None:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorname = name
    with pytest.raises(JunhengError) as caught, said("库"):
        raise sql.exc.OperationalError("insert", {}, error) if wrapped else error
    assert caught.value.code == SQLITE[name]
    for language in LANGUAGES:
        text = caught.value.text(language)
        assert "库" in text and "disk is full" not in text.replace("The disk is full", "")
    assert (name in caught.value.text("zh")) == (SQLITE[name] == "store_failed")


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "store_full"), (errno.EACCES, "store_read_only"),
     (errno.ENOTDIR, "store_no_place"), (errno.EIO, "store_disk"), (errno.EXDEV, "store_failed")],
)  # fmt: skip
def test_what_the_machine_says_of_a_folder_is_told_in_ones_own_words(
    number: int, code: str
) -> None:
    found = trouble_of(OSError(number, "Some English"), "库")
    assert found.code == code
    assert "English" not in found.text("zh") and "库" in found.text("zh")
