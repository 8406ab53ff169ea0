"""Dated parameters with citations: what the law, a standard or the plan says in a year."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

#: The file of a pack that holds its formula of operating funds.
LINES_FILE = "lines.yaml"
Bound = Literal["value", "floor", "ceiling", "falling", "rising"]
By = Literal["none", "stage", "tier", "item", "school_type"]


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a value stands: a document by its number, an article, a date."""

    document: str
    article: str = ""
    title_zh: str = ""
    title_en: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class PolicyValue:
    """One value in force: the amount, since when, by which document, from which pack.

    ``verify`` marks a value that was not checked against the document.
    """

    parameter: str
    key: str | None
    amount: float
    unit: str
    since: date
    citation: Citation
    verify: bool
    pack: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its unit, names, what it is given by, and in which sense it binds."""

    id: str
    unit: str
    zh: str
    en: str
    by: By
    bound: Bound


@dataclass(frozen=True, slots=True)
class LooserThanLaw:
    """A later pack's value that is looser than an earlier one's, which stays in force."""

    asked: PolicyValue
    in_force: PolicyValue


@dataclass(frozen=True, slots=True)
class PackLines:
    """A pack's formula of operating funds as it stands in its file, not yet read.

    ``rows`` says at which line of the file each dotted key stands.
    """

    pack: str
    content: Mapping[str, Any]
    rows: Mapping[str, int] = field(compare=False, repr=False)

    @property
    def source(self) -> str:
        """The pack and its file, as mistakes name them."""
        return f"{self.pack}/{LINES_FILE}"


@dataclass(frozen=True)
class Policy:
    """Layered packs: for each parameter, key and year the strictest value in force.

    ``packs`` are in order, the definitions first; ``values`` hold every dated value; ``lines``
    are the formula lines of the last pack that has any.
    """

    packs: tuple[str, ...]
    declared: Mapping[str, Parameter]
    values: Mapping[tuple[str, str | None], tuple[PolicyValue, ...]]
    lines: PackLines | None = None

    def parameters(self) -> Mapping[str, Parameter]:
        """The parameters of all packs, by id."""
        return self.declared

    def value(self, parameter: str, year: int, key: str | None = None) -> PolicyValue | None:
        """The value in force in a year; None where no pack names one.

        A value that begins within a year holds for the whole of it.
        """
        in_force: PolicyValue | None = None
        for later in self._layers(parameter, year, key):
            if in_force is None or not self.is_looser(later, in_force):
                in_force = later
        return in_force

    def _layers(self, parameter: str, year: int, key: str | None) -> list[PolicyValue]:
        """The newest value of each pack that has begun, in the order of the packs."""
        dated = [v for v in self.values.get((parameter, key), ()) if v.since.year <= year]
        by_pack = {value.pack: value for value in sorted(dated, key=lambda value: value.since)}
        return [by_pack[pack] for pack in self.packs if pack in by_pack]

    def is_looser(self, later: PolicyValue, law: PolicyValue) -> bool:
        """Whether a later pack's value asks for less than an earlier pack's."""
        bound = self.declared[later.parameter].bound
        if bound == "floor":
            return later.amount < law.amount
        return bound == "ceiling" and later.amount > law.amount

    def looser_than_law(self, year: int) -> list[LooserThanLaw]:
        """Values of later packs that are looser than the law, with the law's value."""
        found = []
        for parameter, key in self.values:
            law = self.value(parameter, year, key)
            for asked in self._layers(parameter, year, key):
                if law is not None and self.is_looser(asked, law) and _is_later(self, asked, law):
                    found.append(LooserThanLaw(asked, law))
        return found

    @cached_property
    def notes(self) -> tuple[LooserThanLaw, ...]:
        """Every value of a later pack that is looser than the law in some year."""
        years = sorted({value.since.year for dated in self.values.values() for value in dated})
        return tuple(dict.fromkeys(note for year in years for note in self.looser_than_law(year)))

    def in_force(self, year: int) -> list[PolicyValue]:
        """Every value in force in a year, in the order of the packs' files."""
        found = (self.value(parameter, year, key) for parameter, key in self.values)
        return [value for value in found if value is not None]

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of everything the packs say; equal packs, equal fingerprint.

        Of formula lines only those in force count.
        """
        digest = hashlib.sha256(repr(self.packs).encode())
        for place in sorted(self.values, key=repr):
            digest.update(repr((place, self.values[place])).encode())
        digest.update(repr(sorted(self.declared.items())).encode())
        if self.lines is not None:
            digest.update(repr((self.lines.pack, dict(self.lines.content))).encode())
        return digest.hexdigest()


def _is_later(policy: Policy, asked: PolicyValue, law: PolicyValue) -> bool:
    """Whether a value stands in a later pack than the law's; an earlier one is superseded."""
    return policy.packs.index(asked.pack) > policy.packs.index(law.pack)
