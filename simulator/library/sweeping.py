"""Nothing is written over what its changer has not seen; what is too old leaves the library."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sql

from simulator.errors import JunhengError
from simulator.library.store import Entry
from simulator.library.tables import DRAFTS, ENTRIES

#: How long the trash keeps an entry, and how long a draft waits for its owner.
TRASH, DRAFT_AGE = timedelta(days=30), timedelta(days=90)


def as_seen(found: Entry, seen: Entry | None) -> Entry:
    """An entry; JunhengError where it is not any more what its changer has ``seen`` of it."""
    if seen is not None and (found.work, found.version) != (seen.work, seen.version):
        raise JunhengError("store_elsewhere", name=found.name)
    return found


def draft_as_seen(connection: sql.Connection, owner: str, seen: datetime | None) -> None:
    """Refuse to write over a draft that was kept since ``seen``: JunhengError."""
    query = sql.select(DRAFTS.c.kept).where(DRAFTS.c.owner == owner)
    kept = connection.execute(query).scalar()
    if seen is not None and kept is not None and kept != seen.isoformat():
        raise JunhengError("draft_elsewhere")


def sweep(connection: sql.Connection, time: datetime) -> None:
    """Empty the trash of what has lain there for 30 days, and drop drafts left for 90."""
    connection.execute(ENTRIES.delete().where(ENTRIES.c.deleted <= (time - TRASH).isoformat()))
    connection.execute(DRAFTS.delete().where(DRAFTS.c.kept <= (time - DRAFT_AGE).isoformat()))
