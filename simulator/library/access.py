"""What a session may do with the library: everything, or read the one entry that a link opens."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.errors import JunhengError

#: What whoever came by a link may do with the entry of that link.
READING = frozenset({"open", "linked"})
#: A draft is its holder's: the key is known to nobody else.
DRAFTING = frozenset({"draft", "keep_draft", "drop_draft"})


@dataclass(frozen=True, slots=True)
class Access:
    """What a session may do; ``entry`` is the id of the one entry it may read, None for all.

    It limits a session that was opened by a link. It is no protection: whoever reaches the
    server by its plain address has a session without a limit.
    """

    entry: str | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing is closed to the session."""
        return self.entry is None

    def check(self, act: str, entry: str | None = None) -> None:
        """Refuse an act that the session may not do: JunhengError ``store_closed``."""
        may = self.whole or act in DRAFTING or (act in READING and entry in (None, self.entry))
        if not may:
            raise JunhengError("store_closed")


#: Everything may be done.
WHOLE = Access()
