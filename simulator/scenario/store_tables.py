"""The tables of the library, and how one SQLite file is spoken to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sql

from simulator.errors import JunhengError

SCHEMA = 1
#: Seconds a writer waits for the others.
WAIT = 30.0
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
        writing = connection.get_execution_options().get("writing")
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
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise JunhengError("store_busy", path=place) from error
        if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
            raise JunhengError("store_unreadable", path=place) from error
        raise JunhengError("store_failed", path=place, reason=str(error.orig)) from error
    except sqlite3.Error as error:
        raise JunhengError("store_failed", path=place, reason=str(error)) from error
