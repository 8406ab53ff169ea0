"""What a check of a file found: where, which value, why it matters, how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from simulator import glossary
from simulator.glossary import Language

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. ``finding.<code>`` and ``finding.<code>.mend`` are its sentences.

    ``row`` is the row number as the user sees it (1 is the first), ``column`` the heading
    or key as it stands in the file, ``cell`` the address such as ``F12``.
    """

    severity: Severity
    code: str
    source: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    cell: str = ""
    value: Any = None
    params: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def _fill(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "cell": self.cell,
            "value": self.value,
            **self.params,
        }

    def place(self) -> str:
        """Where it stands: ``file › sheet › cell``, as far as known."""
        spot = self.cell or (f"{self.row}" if self.row is not None else "")
        if not self.cell and self.column:
            spot = f"{spot} {self.column}".strip()
        return " › ".join(part for part in (self.source, self.sheet, spot) if part)

    def message(self, language: Language) -> str:
        """What is wrong and why it matters."""
        return glossary.text(f"finding.{self.code}", language, **self._fill())

    def mend(self, language: Language) -> str:
        """What to do about it."""
        return glossary.text(f"finding.{self.code}.mend", language, **self._fill())

    def text(self, language: Language) -> str:
        """Place, message and mend in one line."""
        return f"{self.place()}: {self.message(language)} {self.mend(language)}"
