"""Dated parameters with citations: what the law, a standard or the plan says in a year."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Literal

from simulator.glossary import Language

#: The file of a pack that holds its formula of operating funds.
LINES_FILE = "lines.yaml"
Bound = Literal["value", "floor", "ceiling", "falling", "rising"]
By = Literal["none", "stage", "tier", "item", "school_type", "region", "aid"]
MONTHS = 12
#: Units of what is paid for a year; what stands at schools is measured by the same units.
YEARLY_UNITS = frozenset({"yuan_per_pupil", "yuan_per_person"})
STOCK = "standard_"
#: Documents that only one pack is made of: without the pack in force they are not cited.
PACK_OF_DOCUMENT = {"plan": "district_plan"}


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a value stands: a document by its number, an article, a date.

    ``document_en`` and ``article_en`` say in English what has no number, only words.
    """

    document: str
    article: str = ""
    title_zh: str = ""
    title_en: str = ""
    date: str = ""
    document_en: str = ""
    article_en: str = ""

    def document_in(self, language: Language) -> str:
        """The document's number, or the words for it in a language."""
        return (self.document_en if language == "en" else "") or self.document

    def article_in(self, language: Language) -> str:
        """The article, in a language."""
        return (self.article_en if language == "en" else "") or self.article


@dataclass(frozen=True, slots=True)
class PolicyValue:
    """One value in force: the amount, since when, by which document, from which pack.

    ``verify`` marks a value that was not checked against the document. ``months`` is for how
    many months of the year asked for it holds; ``amount`` is what the year comes to.
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
    months: int = MONTHS

    @property
    def first_month(self) -> int:
        """The month of its first year from which it counts.

        The spring term opens the fiscal year: what begins by the first of March holds for all
        of it. Otherwise the month in which it begins is the first that counts.
        """
        return 1 if (self.since.month, self.since.day) <= (3, 1) else self.since.month

    def has_begun(self, year: int, month: int = MONTHS) -> bool:
        """Whether it holds in a month of a year."""
        return (self.since.year, self.first_month) <= (year, month)


@dataclass(frozen=True, slots=True)
class BegunWithin:
    """A value that begins within a year: for how many months, and how the year counts it.

    ``by_months`` is true where the year's amount is the mean of its months, false where the
    value holds for the whole year.
    """

    value: PolicyValue
    year: int
    months: int
    by_months: bool


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

        A value that begins within a year counts by its months where the unit is a year's
        amount (months before any value: nothing); any other holds for the whole year. A key
        may be narrowed (``primary:town``): the newest of the narrow and the plain key counts.
        """
        last = self._at(parameter, year, MONTHS, key)
        if last is None or not self.is_yearly(parameter) or not self._turns(parameter, year, key):
            return last
        months = [self._at(parameter, year, month + 1, key) for month in range(MONTHS)]
        amounts = [value.amount if value else 0.0 for value in months]
        mean = sum(amounts) / MONTHS
        return replace(last, amount=mean, months=months.count(last))

    def announced(self, parameter: str, year: int, key: str | None = None) -> PolicyValue | None:
        """The value as its document says it, at the end of a year."""
        return self._at(parameter, year, MONTHS, key)

    def is_yearly(self, parameter: str) -> bool:
        """Whether a parameter is an amount that is paid for a year."""
        declared = self.declared.get(parameter)
        stock = parameter.startswith(STOCK)
        return declared is not None and declared.unit in YEARLY_UNITS and not stock

    def _turns(self, parameter: str, year: int, key: str | None) -> bool:
        """Whether some value begins after the year has begun."""
        return any(
            value.since.year == year and value.first_month > 1
            for value in self._dated(parameter, key)
        )

    def _at(self, parameter: str, year: int, month: int, key: str | None) -> PolicyValue | None:
        """The strictest value in force in a month."""
        in_force: PolicyValue | None = None
        for later in self._layers(parameter, year, key, month):
            if in_force is None or not self.is_looser(later, in_force):
                in_force = later
        return in_force

    def _dated(self, parameter: str, key: str | None) -> list[PolicyValue]:
        """Every value of a key, the plain key's before those of the narrow one."""
        plain = key.partition(":")[0] if key else key
        keys = dict.fromkeys((plain, key))
        return [value for each in keys for value in self.values.get((parameter, each), ())]

    def _layers(
        self, parameter: str, year: int, key: str | None, month: int = MONTHS
    ) -> list[PolicyValue]:
        """The newest value of each pack that has begun, in the order of the packs."""
        dated = [v for v in self._dated(parameter, key) if v.has_begun(year, month)]
        by_pack = {value.pack: value for value in sorted(dated, key=lambda value: value.since)}
        return [by_pack[pack] for pack in self.packs if pack in by_pack]

    def begun_within(self, year: int) -> list[BegunWithin]:
        """The values that begin within a year, not with it: each once, as the year counts it."""
        found = []
        for (parameter, _), dated in self.values.items():
            for value in dated:
                if value.since.year == year and (value.since.month, value.since.day) != (1, 1):
                    months = MONTHS + 1 - value.first_month
                    by_months = months < MONTHS and self.is_yearly(parameter)
                    found.append(BegunWithin(value, year, months, by_months))
        return found

    def attributed(self, cites: tuple[str, ...]) -> tuple[str, ...]:
        """Citations of the packs in force: points of a plan are cited only under the plan."""
        packs = (PACK_OF_DOCUMENT.get(cite.partition(" ")[0]) for cite in cites)
        pairs = zip(cites, packs, strict=True)
        return tuple(cite for cite, pack in pairs if pack is None or pack in self.packs)

    def is_looser(self, later: PolicyValue, law: PolicyValue) -> bool:
        """Whether a later pack's value asks for less than an earlier pack's."""
        bound = self.declared[later.parameter].bound
        if bound == "floor":
            return later.amount < law.amount
        return bound == "ceiling" and later.amount > law.amount

    def looser_than_law(self, year: int) -> list[LooserThanLaw]:
        """Values of later packs that are looser than the law, with the law's value."""
        found: list[LooserThanLaw] = []
        for parameter, key in self.values:
            law = self.announced(parameter, year, key)
            for asked in self._layers(parameter, year, key):
                if law is not None and self.is_looser(asked, law) and _is_later(self, asked, law):
                    found.append(LooserThanLaw(asked, law))
        return list(dict.fromkeys(found))

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
