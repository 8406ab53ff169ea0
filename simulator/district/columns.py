"""The table of columns: what a district workbook may hold, one row a column."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final, Literal

import yaml

from simulator import glossary
from simulator.glossary import Language

Table = Literal["schools", "fiscal", "indicators", "district"]
Kind = Literal["text", "count", "amount", "flag", "choice", "share", "year", "number"]
TABLES: Final[tuple[Table, ...]] = ("schools", "fiscal", "indicators", "district")
#: The column that names a row of each table.
KEYS: Final[dict[str, str]] = {"schools": "school_id", "fiscal": "year", "indicators": "id"}
STAGE_PUPILS: Final = {
    "primary": "primary_pupils",
    "junior": "junior_pupils",
    "senior": "senior_pupils",
    "special": "special_pupils",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the workbook: what it holds, in which unit, and what it is known by.

    Its words are the glossary's ``column.<field>``.
    """

    field: str
    table: Table
    kind: Kind
    unit: str
    required: bool = False
    stage: str | None = None
    within: tuple[str, ...] = ()
    per_pupil: bool = False
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers (a yes or no counts as 1 or 0)."""
        return self.kind not in {"text", "choice"}

    def label(self, language: Language) -> str:
        """Its heading in one language, without a unit."""
        return glossary.label(f"column.{self.field}", language)

    def definition(self, language: Language) -> str:
        """What it is, in a sentence."""
        return glossary.term(f"column.{self.field}").definition(language)

    def headings(self) -> tuple[str, ...]:
        """Every heading it is known by: its id, its labels, its aliases."""
        return (self.field, self.label("zh"), self.label("en"), *self.aliases)


@functools.cache
def _declared() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("columns.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    declared: dict[str, Any] = yaml.load(text, Loader=loader)  # noqa: S506 (a safe loader)
    return declared


@functools.cache
def columns(table: Table) -> Mapping[str, Column]:
    """The columns of one table by field, in the order of the template."""
    entries = [_column(table, entry) for entry in _declared()[table]]
    return {column.field: column for column in entries}


def column(table: Table, field: str) -> Column:
    """One column; KeyError where the table has no such field."""
    return columns(table)[field]


def choice_aliases(field: str) -> Mapping[str, tuple[str, ...]]:
    """The ways to write each choice of a column: id, labels, aliases."""
    return {
        choice: (
            choice,
            glossary.label(f"{field}.{choice}", "zh"),
            glossary.label(f"{field}.{choice}", "en"),
            *aliases,
        )
        for choice, aliases in _declared()["choices"].get(field, {}).items()
    }


def _column(table: Table, entry: Mapping[str, Any]) -> Column:
    kind: Kind = entry["type"]
    smallest = 0 if kind in {"count", "amount", "share"} else None
    return Column(
        field=entry["field"],
        table=table,
        kind=kind,
        unit=entry["unit"],
        required=entry.get("required", False),
        stage=entry.get("stage"),
        within=tuple(entry.get("within", ())),
        per_pupil=entry.get("per_pupil", False),
        minimum=entry.get("min", smallest),
        maximum=entry.get("max", 1 if kind == "share" else None),
        choices=tuple(_declared()["choices"].get(entry["field"], ())),
        aliases=tuple(entry.get("headings", ())),
    )
