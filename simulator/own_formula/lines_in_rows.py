"""Lines in one row each, as tables and comparisons of scenarios show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.glossary import Language


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A line, measure or pot of a scenario: its key, its names, and what it says in figures."""

    path: str
    zh: str
    en: str
    text: str

    def name(self, language: Language) -> str:
        """The name in one language."""
        return self.zh if language == "zh" else self.en


def said_lines(data: Mapping[str, Any] | None) -> tuple[SaidLine, ...]:
    """Everything a scenario's formula says, a row each, in its own order."""
    if data is None:
        return ()
    rows = [row for key in ("columns", "measures", "lines", "pots") for row in data.get(key) or ()]
    return tuple(SaidLine(f"lines.{row['id']}", row["zh"], row["en"], _text(row)) for row in rows)


def _text(row: Mapping[str, Any]) -> str:
    """What is counted × its amount, then every other thing that is said."""
    if "formula" in row:
        head = str(row["formula"])
    else:
        head = " × ".join(_figure(row[key]) for key in ("counted", "amount") if key in row)
    shown = ("id", "zh", "en", "formula", "counted", "amount")
    rest = (f"{key}: {_figure(value)}" for key, value in row.items() if key not in shown)
    return "; ".join(filter(None, (head, *rest)))


def _figure(value: Any) -> str:
    """A value as it stands in the file, in one line."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key}: {_figure(each)}" for key, each in value.items())
        return f"{{{inner}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_figure, value))}]"
    return f"{value:g}" if isinstance(value, float) else str(value)
