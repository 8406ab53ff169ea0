"""The interface of every store of saved scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from simulator.library.access import Access
from simulator.library.entries import Damaged, Draft, Entry, Saved, Work


class Library(Protocol):
    """A store of scenarios. Every write is done whole or not at all; errors are JunhengError.

    An entry's content never changes: a name that is taken gives a new version, both stay.
    Who changes or deletes says what he has ``seen`` (an entry, the time of a draft): changed
    since, nothing is written (``store_elsewhere``, ``draft_elsewhere``).
    """

    def save(self, work: Work, time: datetime | None = None) -> Saved:
        """Save under the work's name, as a new version where the name is taken."""

    def save_all(self, works: Sequence[tuple[Work, datetime]]) -> tuple[Saved, ...]:
        """Save several with their times: all of them or none."""

    def entries(
        self, text: str = "", tags: Sequence[str] = (), most: int | None = None
    ) -> tuple[Entry, ...]:
        """Entries that hold every word of ``text`` and every tag, the latest first."""

    def damaged(self, most: int = 20) -> tuple[Damaged, ...]:
        """Rows that cannot be used, the latest first; every other method passes them over."""

    def discard(self, number: int) -> None:
        """Take a damaged row out of the library."""

    def tags(self) -> tuple[str, ...]:
        """Every tag in use, sorted."""

    def open(self, identifier: str) -> Entry:
        """One entry by its id."""

    def limited(self, access: Access) -> Library:
        """The same library for a session that may do less: what it may not is JunhengError."""

    def rename(self, identifier: str, name: str, seen: Entry | None = None) -> Saved:
        """Give an entry another name; a new version of it where the name is taken."""

    def annotate(
        self, identifier: str, note: str | None = None, tags: Sequence[str] | None = None,
        seen: Entry | None = None,
    ) -> Entry:  # fmt: skip
        """Change an entry's note or tags."""

    def duplicate(self, identifier: str, name: str, author: str = "") -> Saved:
        """Save the same once more under another name."""

    def delete(
        self, identifier: str, seen: Entry | None = None, time: datetime | None = None
    ) -> None:
        """Put an entry into the trash; ``restore`` brings it back for 30 days."""

    def trash(self) -> tuple[tuple[Entry, datetime], ...]:
        """What was deleted within 30 days and when, the latest first."""

    def restore(self, identifier: str) -> Entry:
        """Bring a deleted entry back."""

    def share(self, identifier: str) -> str:
        """The token of the entry's read-only link, made when it is first asked for."""

    def unshare(self, identifier: str) -> None:
        """Make the entry's link open nothing any more."""

    def linked(self, token: str) -> Entry:
        """The entry that a link opens."""

    def keep_draft(
        self, owner: str, state: Mapping[str, Any], seen: datetime | None = None
    ) -> datetime:
        """Keep an owner's draft in place of the one before, and give its time."""

    def draft(self, owner: str) -> Draft | None:
        """An owner's draft; None where there is none."""

    def drop_draft(self, owner: str) -> None:
        """Forget an owner's draft."""
