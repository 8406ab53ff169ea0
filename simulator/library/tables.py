"""The tables of the library, and how one SQLite file is spoken to."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sql

from simulator.errors import JunhengError

SCHEMA = 1
#: Seconds a writer waits for the others: somebody who saves, and a draft kept by the way.
WAIT, SHORT_WAIT = 30.0, 0.25
#: How SQLite's names of troubles begin → the sentence that says it.
TROUBLES = {
    "SQLITE_BUSY": "store_busy", "SQLITE_LOCKED": "store_busy", "SQLITE_NOTADB": "store_unreadable",
    "SQLITE_CORRUPT": "store_unreadable", "SQLITE_FULL": "store_full",
    "SQLITE_READONLY": "store_read_only", "SQLITE_PERM": "store_read_only",
    "SQLITE_CANTOPEN": "store_no_place", "SQLITE_IOERR": "store_disk",
}  # fmt: skip
#: The same for the names of the machine's own.
SYSTEM = {
    "store_full": ("ENOSPC", "EDQUOT"),
    "store_read_only": ("EACCES", "EPERM", "EROFS"),
    "store_no_place": ("ENOTDIR", "EEXIST", "ENOENT", "ENAMETOOLONG", "ELOOP"),
    "store_disk": ("EIO",),
}
TABLES = sql.MetaData()
ABOUT = sql.Table("about", TABLES, sql.Column("schema", sql.Integer, primary_key=True))
ENTRIES = sql.Table(
    "entries",
    TABLES,
    sql.Column("number", sql.Integer, primary_key=True, autoincrement=True),
    sql.Column("id", sql.String(32), nullable=False, unique=True),
    sql.Column("version", sql.Integer, nullable=False),
    *(
        sql.Column(name, sql.Text, nullable=False)
        for name in (
            "name", "author", "note", "tags", "saved", "text", "whole", "base", "scenario",
            "district", "district_name", "policy", "searched",
        )
    ),
    sql.Column("link", sql.String(64), unique=True),
    sql.Column("deleted", sql.Text),
    sql.UniqueConstraint("name", "version"),
)  # fmt: skip
DRAFTS = sql.Table(
    "drafts",
    TABLES,
    sql.Column("owner", sql.String(200), primary_key=True),
    sql.Column("state", sql.Text, nullable=False),
    sql.Column("kept", sql.Text, nullable=False),
)


def sqlite_engine(path: Path) -> sql.Engine:
    """Connections to one SQLite file: readers never wait, writers come one after the other."""
    address = sql.URL.create("sqlite", database=str(path))
    options = {"timeout": WAIT}
    engine = sql.create_engine(address, poolclass=sql.NullPool, connect_args=options)

    @sql.event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.text_factory = _text
        connection.isolation_level = None  # transactions begin where this program says so
        for setting in ("journal_mode=WAL", "synchronous=FULL", "trusted_schema=OFF"):
            connection.execute(f"PRAGMA {setting}")

    @sql.event.listens_for(engine, "begin")
    def _begun(connection: sql.Connection) -> None:
        options = connection.get_execution_options()
        writing = options.get("writing")
        connection.exec_driver_sql(f"PRAGMA busy_timeout={round(1000 * options.get('wait', WAIT))}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _text(raw: bytes) -> str:
    """A kept text; bytes that are none become halves of signs, which the checks refuse."""
    return raw.decode("utf-8", "surrogateescape")


@contextmanager
def said(place: str) -> Iterator[None]:
    """Say what a database complains about in a sentence."""
    try:
        yield
    except sql.exc.DBAPIError as error:
        name = str(getattr(error.orig, "sqlite_errorname", ""))
        raise JunhengError(_code(name), path=place, reason=name) from error
    except sqlite3.Error as error:
        name = str(getattr(error, "sqlite_errorname", ""))
        raise JunhengError(_code(name), path=place, reason=name) from error


def _code(name: str) -> str:
    """The sentence for what SQLite calls a trouble by its name."""
    return next(
        (code for start, code in TROUBLES.items() if name.startswith(start)), "store_failed"
    )


def trouble_of(error: OSError, place: str) -> JunhengError:
    """The sentence for what the machine says of a file or a folder."""
    name = errno.errorcode.get(error.errno or 0, type(error).__name__)
    code = next((code for code, names in SYSTEM.items() if name in names), "store_failed")
    return JunhengError(code, path=place, reason=name)
