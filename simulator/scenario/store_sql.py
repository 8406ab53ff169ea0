"""The library in a database: one SQLite file here, a server later by another engine."""

from __future__ import annotations

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
from simulator.scenario.access import WHOLE, Access
from simulator.scenario.store import Draft, Entry, Saved, Work, now
from simulator.scenario.store_seen import TRASH, as_seen, draft_as_seen, sweep
from simulator.scenario.store_tables import (
    ABOUT,
    DRAFTS,
    ENTRIES,
    SCHEMA,
    SHORT_WAIT,
    TABLES,
    WAIT,
    said,
    sqlite_engine,
    trouble_of,
)

WORK = (
    "name", "text", "whole", "base", "scenario", "district", "policy", "district_name", "author",
    "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SqlLibrary:
    """The library in the tables of a database; ``place`` is what errors call it.

    Every operation names itself to ``access`` before it reaches the tables.
    """

    engine: sql.Engine
    place: str
    access: Access = WHOLE

    @classmethod
    def at(cls, path: Path) -> SqlLibrary:
        """The library in one SQLite file, made with its folder where there is none."""
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise trouble_of(error, str(path)) from error
        found = cls(sqlite_engine(path), str(path))
        with found._writing("prepare") as connection:
            found._prepare(connection)
            sweep(connection, now())
        return found

    def limited(self, access: Access) -> SqlLibrary:
        """The same library for a session that may do less."""
        return replace(self, access=access)

    def _prepare(self, connection: sql.Connection) -> None:
        """Make the tables where there are none; refuse those of a later program."""
        TABLES.create_all(connection)
        schema = connection.execute(sql.select(ABOUT.c.schema)).scalar()
        if schema is None:
            connection.execute(ABOUT.insert().values(schema=SCHEMA))
        elif schema != SCHEMA:
            raise JunhengError("store_schema", path=self.place, found=schema, known=SCHEMA)

    @contextmanager
    def _writing(
        self, act: str, entry: str | None = None, wait: float = WAIT
    ) -> Iterator[sql.Connection]:
        """One transaction that writes: whole or not at all; ``wait`` seconds for the others."""
        self.access.check(act, entry)
        writer = self.engine.execution_options(writing=True, wait=wait)
        with said(self.place), writer.begin() as connection:
            yield connection

    @contextmanager
    def _reading(self, act: str, entry: str | None = None) -> Iterator[sql.Connection]:
        self.access.check(act, entry)
        with said(self.place), self.engine.begin() as connection:
            yield connection

    def save(self, work: Work, time: datetime | None = None) -> Saved:
        """Save under the work's name, as a new version where the name is taken."""
        kept = words.checked_work(work)
        with self._writing("save") as connection:
            return self._insert(connection, kept, time or now())

    def save_all(self, works: Sequence[tuple[Work, datetime]]) -> tuple[Saved, ...]:
        """Save several with their times: all of them or none."""
        kept = [(words.checked_work(work), time) for work, time in works]
        with self._writing("save") as connection:
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
        with self._reading("entries") as connection:
            rows = connection.execute(query.order_by(ENTRIES.c.number.desc()).limit(most))
            return tuple(_entry(row) for row in rows)

    def tags(self) -> tuple[str, ...]:
        """Every tag in use, sorted."""
        query = sql.select(ENTRIES.c.tags).where(ENTRIES.c.deleted.is_(None)).distinct()
        with self._reading("tags") as connection:
            found = connection.execute(query).scalars().all()
        return tuple(sorted({tag for each in found for tag in _parted(each)}))

    def open(self, identifier: str) -> Entry:
        """One entry by its id."""
        with self._reading("open", identifier) as connection:
            return _found(connection, identifier)

    def rename(self, identifier: str, name: str, seen: Entry | None = None) -> Saved:
        """Give an entry another name; a new version of it where the name is taken."""
        wanted = words.checked_name(name)
        with self._writing("rename", identifier) as connection:
            entry = as_seen(_found(connection, identifier), seen)
            if entry.name == wanted:
                return Saved(entry)
            version, earlier = _next(connection, wanted)
            work = replace(entry.work, name=wanted)
            _update(connection, identifier, name=wanted, version=version,
                    searched=words.searched(work))  # fmt: skip
            return Saved(replace(entry, version=version, work=work), earlier)

    def annotate(
        self, identifier: str, note: str | None = None, tags: Sequence[str] | None = None,
        seen: Entry | None = None,
    ) -> Entry:  # fmt: skip
        """Change an entry's note or tags."""
        with self._writing("annotate", identifier) as connection:
            entry = as_seen(_found(connection, identifier), seen)
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

    def delete(
        self, identifier: str, seen: Entry | None = None, time: datetime | None = None
    ) -> None:
        """Put an entry into the trash; ``restore`` brings it back for 30 days."""
        with self._writing("delete", identifier) as connection:
            as_seen(_found(connection, identifier), seen)
            moment = time or now()
            _update(connection, identifier, deleted=moment.isoformat())
            sweep(connection, moment)

    def trash(self) -> tuple[tuple[Entry, datetime], ...]:
        """What was deleted within 30 days and when, the latest first."""
        last = (now() - TRASH).isoformat()
        query = sql.select(ENTRIES).where(ENTRIES.c.deleted > last)
        with self._reading("trash") as connection:
            rows = connection.execute(query.order_by(ENTRIES.c.deleted.desc()))
            return tuple((_entry(row), datetime.fromisoformat(row.deleted)) for row in rows)

    def restore(self, identifier: str) -> Entry:
        """Bring a deleted entry back."""
        with self._writing("restore", identifier) as connection:
            _update(connection, identifier, deleted=None)
            return _found(connection, identifier)

    def share(self, identifier: str) -> str:
        """The token of the entry's read-only link, made when it is first asked for."""
        with self._writing("share", identifier) as connection:
            token = _found(connection, identifier).link or secrets.token_urlsafe(24)
            _update(connection, identifier, link=token)
            return token

    def unshare(self, identifier: str) -> None:
        """Make the entry's link open nothing any more."""
        with self._writing("unshare", identifier) as connection:
            _found(connection, identifier)
            _update(connection, identifier, link=None)

    def linked(self, token: str) -> Entry:
        """The entry that a link opens."""
        query = sql.select(ENTRIES).where(ENTRIES.c.link == token, ENTRIES.c.deleted.is_(None))
        row = None
        if token.isascii():  # no token has other signs; half a character cannot be asked for
            with self._reading("linked") as connection:
                row = connection.execute(query).one_or_none()
        if row is None:
            raise JunhengError("store_link")
        self.access.check("linked", row.id)
        return _entry(row)

    def keep_draft(
        self, owner: str, state: Mapping[str, Any], seen: datetime | None = None
    ) -> datetime:
        """Keep an owner's draft in place of the one before; a locked library is not waited for."""
        key, text = words.checked("owner", owner), words.draft_text(state)
        kept = now()
        with self._writing("keep_draft", wait=SHORT_WAIT) as connection:
            draft_as_seen(connection, key, seen)
            connection.execute(DRAFTS.delete().where(DRAFTS.c.owner == key))
            row = {"owner": key, "state": text, "kept": kept.isoformat()}
            connection.execute(DRAFTS.insert().values(row))
        return kept

    def draft(self, owner: str) -> Draft | None:
        """An owner's draft; None where there is none."""
        key = words.checked("owner", owner)
        with self._reading("draft") as connection:
            query = sql.select(DRAFTS).where(DRAFTS.c.owner == key)
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return Draft(row.owner, words.draft_read(row.state), datetime.fromisoformat(row.kept))

    def drop_draft(self, owner: str) -> None:
        """Forget an owner's draft."""
        key = words.checked("owner", owner)
        with self._writing("drop_draft") as connection:
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
