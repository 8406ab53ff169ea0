"""The library in a database: one SQLite file here, a server later by another engine."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sql

from simulator.errors import JunhengError
from simulator.library import checks as words
from simulator.library import rows
from simulator.library.access import WHOLE, Access
from simulator.library.store import Damaged, Draft, Entry, Saved, Work, now
from simulator.library.sweeping import TRASH, as_seen, draft_as_seen, sweep
from simulator.library.tables import (
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

#: The rows that are in the library and not taken out of it.
HERE = sql.select(ENTRIES).where(ENTRIES.c.deleted.is_(None))


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
        kept, then = words.checked_work(work), words.checked_time(time or now())
        with self._writing("save") as connection:
            return self._insert(connection, kept, then)

    def save_all(self, works: Sequence[tuple[Work, datetime]]) -> tuple[Saved, ...]:
        """Save several with their times: all of them or none."""
        kept = [(words.checked_work(work), words.checked_time(time)) for work, time in works]
        with self._writing("save") as connection:
            return tuple(self._insert(connection, work, time) for work, time in kept)

    def _insert(self, connection: sql.Connection, work: Work, time: datetime) -> Saved:
        version, earlier = _next(connection, work.name)
        entry = Entry(uuid.uuid4().hex, version, time, work)
        row = {name: getattr(work, name) for name in rows.WORK}
        row |= {"id": entry.id, "version": version, "saved": time.isoformat()}
        row |= {"tags": rows.joined(work.tags), "searched": words.searched(work)}
        connection.execute(ENTRIES.insert().values(row))
        return Saved(entry, earlier)

    def entries(
        self, text: str = "", tags: Sequence[str] = (), most: int | None = None
    ) -> tuple[Entry, ...]:
        """Entries that hold every word of ``text`` and every tag, the latest first."""
        query, wanted = HERE, words.search_words(text)
        if wanted is None:
            return ()
        for word in wanted:
            query = query.where(sql.func.instr(ENTRIES.c.searched, word) > 0)
        for tag in words.checked_tags(tags):
            query = query.where(sql.func.instr(ENTRIES.c.tags, rows.joined((tag,))) > 0)
        with self._reading("entries") as connection:
            found = connection.execute(query.order_by(ENTRIES.c.number.desc()))
            return tuple(islice(rows.usable(found), most))

    def damaged(self, most: int = 20) -> tuple[Damaged, ...]:
        """Rows that cannot be used, the latest first; every other method passes them over."""
        with self._reading("damaged") as connection:
            found = connection.execute(HERE.order_by(ENTRIES.c.number.desc()))
            return tuple(islice(rows.damaged(found), most))

    def discard(self, number: int) -> None:
        """Take a damaged row out of the library."""
        with self._writing("discard") as connection:
            query = HERE.where(ENTRIES.c.number == number)
            if not tuple(rows.damaged(connection.execute(query))):
                raise JunhengError("store_missing")
            gone = ENTRIES.update().where(ENTRIES.c.number == number)
            connection.execute(gone.values(deleted=now().isoformat()))

    def tags(self) -> tuple[str, ...]:
        """Every tag in use, sorted."""
        query = sql.select(ENTRIES.c.tags).where(ENTRIES.c.deleted.is_(None)).distinct()
        with self._reading("tags") as connection:
            found = connection.execute(query).scalars().all()
        return rows.tags_in(found)

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
            _update(connection, identifier, note=work.note, tags=rows.joined(work.tags),
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
            row = _row(connection, identifier)
            if seen is not None:
                as_seen(rows.entry_of(row), seen)
            moment = time or now()
            _update(connection, identifier, deleted=moment.isoformat())
            sweep(connection, moment)

    def trash(self) -> tuple[tuple[Entry, datetime], ...]:
        """What was deleted within 30 days and when, the latest first; damaged rows are left out."""
        last = (now() - TRASH).isoformat()
        query = sql.select(ENTRIES).where(ENTRIES.c.deleted > last)
        with self._reading("trash") as connection:
            found = connection.execute(query.order_by(ENTRIES.c.deleted.desc())).all()
            return tuple(
                (entry, words.read_time(row.deleted))
                for row in found
                for entry in rows.usable([row])
            )

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
            _row(connection, identifier)
            _update(connection, identifier, link=None)

    def linked(self, token: str) -> Entry:
        """The entry that a link opens."""
        query = HERE.where(ENTRIES.c.link == token)
        row = None
        if token.isascii():  # no token has other signs; half a character cannot be asked for
            with self._reading("linked") as connection:
                row = connection.execute(query).one_or_none()
        if row is None:
            raise JunhengError("store_link")
        self.access.check("linked", row.id)
        return rows.entry_of(row)

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
        return None if row is None else rows.draft_of(row)

    def drop_draft(self, owner: str) -> None:
        """Forget an owner's draft."""
        key = words.checked("owner", owner)
        with self._writing("drop_draft") as connection:
            connection.execute(DRAFTS.delete().where(DRAFTS.c.owner == key))


def _next(connection: sql.Connection, name: str) -> tuple[int, Entry | None]:
    """The next version of a name, and the latest one that is there."""
    named, version = ENTRIES.c.name == name, ENTRIES.c.version
    counted = version.between(1, rows.MOST_VERSIONS - 1) & (sql.func.typeof(version) == "integer")
    last = connection.execute(sql.select(sql.func.max(version)).where(named, counted)).scalar()
    there = connection.execute(HERE.where(named).order_by(version.desc()))
    return (last or 0) + 1, next(rows.usable(there), None)


def _row(connection: sql.Connection, identifier: str) -> Any:
    known = identifier if identifier.isascii() else ""
    row = connection.execute(HERE.where(ENTRIES.c.id == known)).one_or_none()
    if row is None:
        raise JunhengError("store_missing")
    return row


def _found(connection: sql.Connection, identifier: str) -> Entry:
    return rows.entry_of(_row(connection, identifier))


def _update(connection: sql.Connection, identifier: str, **values: Any) -> None:
    known = identifier if identifier.isascii() else ""
    connection.execute(ENTRIES.update().where(ENTRIES.c.id == known).values(values))
