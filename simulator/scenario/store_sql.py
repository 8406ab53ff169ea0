"""The library in a database: one SQLite file here, a server later by another engine."""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sql

from simulator.errors import JunhengError
from simulator.scenario import store_words as words
from simulator.scenario.store import Draft, Entry, Saved, Work, now
from simulator.scenario.store_tables import (
    ABOUT,
    DRAFTS,
    ENTRIES,
    SCHEMA,
    TABLES,
    said,
    sqlite_engine,
)

WORK = (
    "name", "text", "whole", "base", "scenario", "district", "policy", "district_name", "author",
    "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SqlLibrary:
    """The library in the tables of a database; ``place`` is what errors call it."""

    engine: sql.Engine
    place: str

    @classmethod
    def at(cls, path: Path) -> SqlLibrary:
        """The library in one SQLite file, made with its folder where there is none."""
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise JunhengError("store_failed", path=str(path), reason=reason) from error
        found = cls(sqlite_engine(path), str(path))
        with found._writing() as connection:
            found._prepare(connection)
        return found

    def _prepare(self, connection: sql.Connection) -> None:
        """Make the tables where there are none; refuse those of a later program."""
        TABLES.create_all(connection)
        schema = connection.execute(sql.select(ABOUT.c.schema)).scalar()
        if schema is None:
            connection.execute(ABOUT.insert().values(schema=SCHEMA))
        elif schema != SCHEMA:
            raise JunhengError("store_schema", path=self.place, found=schema, known=SCHEMA)

    @contextmanager
    def _writing(self) -> Iterator[sql.Connection]:
        """One transaction that writes: whole or not at all."""
        writer = self.engine.execution_options(writing=True)
        with said(self.place), writer.begin() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[sql.Connection]:
        with said(self.place), self.engine.begin() as connection:
            yield connection

    def save(self, work: Work, time: datetime | None = None) -> Saved:
        """Save under the work's name, as a new version where the name is taken."""
        kept = words.checked_work(work)
        with self._writing() as connection:
            return self._insert(connection, kept, time or now())

    def save_all(self, works: Sequence[tuple[Work, datetime]]) -> tuple[Saved, ...]:
        """Save several with their times: all of them or none."""
        kept = [(words.checked_work(work), time) for work, time in works]
        with self._writing() as connection:
            return tuple(self._insert(connection, work, time) for work, time in kept)

    def _insert(self, connection: sql.Connection, work: Work, time: datetime) -> Saved:
        version, earlier = _next(connection, work.name)
        entry = Entry(uuid.uuid4().hex, version, time, work)
        row = {name: getattr(work, name) for name in WORK}
        row |= {"id": entry.id, "version": version, "saved": time.isoformat()}
        row |= {"tags": _joined(work.tags), "searched": words.searched(work)}
        connection.execute(ENTRIES.insert().values(row))
        return Saved(entry, earlier)

    def entries(
        self, text: str = "", tags: Sequence[str] = (), most: int | None = None
    ) -> tuple[Entry, ...]:
        """Entries that hold every word of ``text`` and every tag, the latest first."""
        query = sql.select(ENTRIES).where(ENTRIES.c.deleted.is_(None))
        for word in words.folded(text).split():
            query = query.where(sql.func.instr(ENTRIES.c.searched, word) > 0)
        for tag in words.checked_tags(tags):
            query = query.where(sql.func.instr(ENTRIES.c.tags, _joined((tag,))) > 0)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(ENTRIES.c.number.desc()).limit(most))
            return tuple(_entry(row) for row in rows)

    def tags(self) -> tuple[str, ...]:
        """Every tag in use, sorted."""
        query = sql.select(ENTRIES.c.tags).where(ENTRIES.c.deleted.is_(None)).distinct()
        with self._reading() as connection:
            found = connection.execute(query).scalars().all()
        return tuple(sorted({tag for each in found for tag in _parted(each)}))

    def open(self, identifier: str) -> Entry:
        """One entry by its id."""
        with self._reading() as connection:
            return _found(connection, identifier)

    def rename(self, identifier: str, name: str) -> Saved:
        """Give an entry another name; a new version of it where the name is taken."""
        wanted = words.checked_name(name)
        with self._writing() as connection:
            entry = _found(connection, identifier)
            if entry.name == wanted:
                return Saved(entry)
            version, earlier = _next(connection, wanted)
            work = replace(entry.work, name=wanted)
            _update(connection, identifier, name=wanted, version=version,
                    searched=words.searched(work))  # fmt: skip
            return Saved(replace(entry, version=version, work=work), earlier)

    def annotate(
        self, identifier: str, note: str | None = None, tags: Sequence[str] | None = None
    ) -> Entry:
        """Change an entry's note or tags."""
        with self._writing() as connection:
            entry = _found(connection, identifier)
            work = replace(
                entry.work,
                note=entry.work.note if note is None else words.checked("note", note),
                tags=entry.work.tags if tags is None else words.checked_tags(tags),
            )
            _update(connection, identifier, note=work.note, tags=_joined(work.tags),
                    searched=words.searched(work))  # fmt: skip
            return replace(entry, work=work)

    def duplicate(self, identifier: str, name: str, author: str = "") -> Saved:
        """Save the same once more under another name."""
        entry = self.open(identifier)
        return self.save(replace(entry.work, name=name, author=author or entry.work.author))

    def delete(self, identifier: str) -> None:
        """Take an entry out of the library; ``restore`` brings it back."""
        with self._writing() as connection:
            _found(connection, identifier)
            _update(connection, identifier, deleted=now().isoformat())

    def restore(self, identifier: str) -> Entry:
        """Bring a deleted entry back."""
        with self._writing() as connection:
            _update(connection, identifier, deleted=None)
            return _found(connection, identifier)

    def share(self, identifier: str) -> str:
        """The token of the entry's read-only link, made when it is first asked for."""
        with self._writing() as connection:
            token = _found(connection, identifier).link or secrets.token_urlsafe(24)
            _update(connection, identifier, link=token)
            return token

    def unshare(self, identifier: str) -> None:
        """Make the entry's link open nothing any more."""
        with self._writing() as connection:
            _found(connection, identifier)
            _update(connection, identifier, link=None)

    def linked(self, token: str) -> Entry:
        """The entry that a link opens."""
        query = sql.select(ENTRIES).where(ENTRIES.c.link == token, ENTRIES.c.deleted.is_(None))
        row = None
        if token.isascii():  # no token has other signs; half a character cannot be asked for
            with self._reading() as connection:
                row = connection.execute(query).one_or_none()
        if row is None:
            raise JunhengError("store_link")
        return _entry(row)

    def keep_draft(self, owner: str, state: Mapping[str, Any]) -> None:
        """Keep an owner's draft in place of the one before."""
        key, text = words.checked("owner", owner), words.draft_text(state)
        with self._writing() as connection:
            connection.execute(DRAFTS.delete().where(DRAFTS.c.owner == key))
            row = {"owner": key, "state": text, "kept": now().isoformat()}
            connection.execute(DRAFTS.insert().values(row))

    def draft(self, owner: str) -> Draft | None:
        """An owner's draft; None where there is none."""
        key = words.checked("owner", owner)
        with self._reading() as connection:
            query = sql.select(DRAFTS).where(DRAFTS.c.owner == key)
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return Draft(row.owner, json.loads(row.state), datetime.fromisoformat(row.kept))

    def drop_draft(self, owner: str) -> None:
        """Forget an owner's draft."""
        key = words.checked("owner", owner)
        with self._writing() as connection:
            connection.execute(DRAFTS.delete().where(DRAFTS.c.owner == key))


def _next(connection: sql.Connection, name: str) -> tuple[int, Entry | None]:
    """The next version of a name, and the latest one that is there."""
    named = ENTRIES.c.name == name
    last = connection.execute(sql.select(sql.func.max(ENTRIES.c.version)).where(named)).scalar()
    there = sql.select(ENTRIES).where(named, ENTRIES.c.deleted.is_(None))
    row = connection.execute(there.order_by(ENTRIES.c.version.desc()).limit(1)).one_or_none()
    return (last or 0) + 1, None if row is None else _entry(row)


def _found(connection: sql.Connection, identifier: str) -> Entry:
    known = identifier if identifier.isascii() else ""
    query = sql.select(ENTRIES).where(ENTRIES.c.id == known, ENTRIES.c.deleted.is_(None))
    row = connection.execute(query).one_or_none()
    if row is None:
        raise JunhengError("store_missing")
    return _entry(row)


def _update(connection: sql.Connection, identifier: str, **values: Any) -> None:
    known = identifier if identifier.isascii() else ""
    connection.execute(ENTRIES.update().where(ENTRIES.c.id == known).values(values))


def _entry(row: Any) -> Entry:
    work = Work(**{name: getattr(row, name) for name in WORK}, tags=_parted(row.tags))
    return Entry(row.id, row.version, datetime.fromisoformat(row.saved), work, row.link)


def _joined(tags: Sequence[str]) -> str:
    """Tags between line ends, which no tag holds."""
    return "".join(f"\n{tag}\n" for tag in tags)


def _parted(tags: str) -> tuple[str, ...]:
    return tuple(tag for tag in tags.split("\n") if tag)
