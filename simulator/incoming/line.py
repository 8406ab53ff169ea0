"""Who reads a file at the moment and who waits: a few for all visitors, one for each of them."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

#: Files that are read at once; each may take a processor and the memory of one child.
MOST: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class Ticket:
    """A place in the line, and whose it is."""

    visitor: str


class Line:
    """Tickets in the order in which they came; the first of them read, the others wait."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._tickets: list[Ticket] = []
        self._changed = threading.Condition()

    def join(self, visitor: str) -> Ticket:
        """A place at the end."""
        ticket = Ticket(visitor)
        with self._changed:
            self._tickets.append(ticket)
        return ticket

    def ahead(self, ticket: Ticket) -> int:
        """How many are waiting before this one or must end first; 0 when it may read."""
        with self._changed:
            reading = self._reading()
            if ticket in reading:
                return 0
            return sum(each not in reading for each in self._until(ticket))

    def _reading(self) -> list[Ticket]:
        """The first ones, no two of the same visitor. Who reads goes on reading."""
        first: dict[str, Ticket] = {}
        for each in self._tickets:
            if len(first) < self._most:
                first.setdefault(each.visitor, each)
        return list(first.values())

    def _until(self, ticket: Ticket) -> list[Ticket]:
        return self._tickets[: self._tickets.index(ticket) + 1]

    def wait(self, seconds: float) -> None:
        """Wait until the line changes, or a little while."""
        with self._changed:
            self._changed.wait(seconds)

    def leave(self, ticket: Ticket) -> None:
        """Read to the end, or waiting no more."""
        with self._changed:
            self._tickets.remove(ticket)
            self._changed.notify_all()

    def reading(self) -> tuple[Ticket, ...]:
        """Those who read now."""
        with self._changed:
            return tuple(self._reading())


LINE: Final = Line(MOST)
