"""What a formula line is: what is counted, what is paid for it, where, when and within what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from simulator.glossary import Language
from simulator.machine.registry import Level
from simulator.own_formula.dimension import SHARE, Dimension, dimension_of
from simulator.own_formula.grammar import Written

#: Names of the graph that belong to lines begin with this.
PREFIX: Final = "line_"
#: The id of the sum of a set's lines.
TOTAL: Final = "total"
#: The bounds a line may have.
BOUNDS: Final = ("least_per_pupil", "most_per_pupil", "least_per_school", "most_per_school")
Points = tuple[tuple[float, float], ...]


def _said(holder: object, names: Iterable[str]) -> dict[str, float]:
    """Those of some numbers that are given."""
    values = {name: getattr(holder, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Source:
    """A column or a figure that a line may name: its unit and its level.

    ``name`` is what it is called in the graph, where a line may also call it otherwise.
    """

    unit: str
    level: Level = "part"
    name: str = ""

    @property
    def dimension(self) -> Dimension:
        """What it measures."""
        return dimension_of(self.unit)


@dataclass(frozen=True, slots=True)
class Title:
    """The id of something in a set and its name in both languages."""

    id: str
    zh: str
    en: str

    def name(self, language: Language) -> str:
        """The name in one language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Figures:
    """An amount given as numbers: by stage ("" for all) and by the year it begins to apply.

    ``straight`` figures go in a straight line from one year to the next, others in steps.
    Before the first year given (0: always) the amount is unknown.
    """

    by_stage: Mapping[str, Points]
    straight: bool = False

    def of(self, stage: str, year: int) -> float:
        """The amount of a stage in a year; unknown where none is given."""
        points = self.by_stage.get(stage, self.by_stage.get("", ()))
        before = [point for point in points if point[0] <= year]
        if not before:
            return float("nan")
        after = [point for point in points if point[0] > year]
        since, amount = before[-1]
        if not (self.straight and after):
            return amount
        until, target = after[0]
        return amount + (target - amount) * (year - since) / (until - since)


@dataclass(frozen=True, slots=True)
class Amount:
    """What is paid for one of what is counted: figures, a formula, or a share of a line's rate.

    Exactly one of ``figures`` and ``written`` is there; ``of`` is the id of the line whose rate
    the figures are a share of.
    """

    figures: Figures | None = None
    written: Written | None = None
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Ramp:
    """A weight that goes in straight lines between points of a measure, and stays beyond them."""

    measure: Written
    points: Points


@dataclass(frozen=True, slots=True)
class Band:
    """A size band: fewer than ``below`` (but more than none) count as ``counts_as``."""

    below: float
    counts_as: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most a line pays, in yuan per pupil and per school."""

    least_per_pupil: float | None = None
    most_per_pupil: float | None = None
    least_per_school: float | None = None
    most_per_school: float | None = None

    @property
    def said(self) -> dict[str, float]:
        """The bounds that are given, by name."""
        return _said(self, BOUNDS)


@dataclass(frozen=True, slots=True)
class Protection:
    """Last year's amount protected: the least and the most of it that is paid this year.

    1 is hold harmless as ``least``; 1.05 as ``most`` caps gains at five percent. ``per_pupil``
    compares amounts per pupil. ``against`` gives last year's amount where it is not the
    line's own.
    """

    least: float | None = None
    most: float | None = None
    per_pupil: bool = True
    against: Written | None = None

    @property
    def said(self) -> dict[str, float]:
        """The shares of last year's amount that are given, by name."""
        return _said(self, ("least", "most"))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a per-pupil formula: counted × amount, and all that an officer may add.

    A line without ``counted`` and ``amount`` pays its lump sum only.
    Empty ``stages`` and ``school_types`` mean all; ``since`` and ``until`` are the first and
    the last year. ``into`` names a subtotal; other lines go into the set's total. ``paid_in``
    rounds each payment to whole yuan (1) or fen (0.01), a half up. ``sharing`` is what higher
    levels of government bear of it; the district bears the rest.
    """

    title: Title
    counted: Written | None
    amount: Amount | None
    stages: tuple[str, ...] = ()
    school_types: tuple[str, ...] = ()
    ramp: Ramp | None = None
    bands: tuple[Band, ...] = ()
    lump_sum: Figures | None = None
    factor: Written | None = None
    areas: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    when: Written | None = None
    bounds: Bounds = Bounds()
    protection: Protection | None = None
    since: int | None = None
    until: int | None = None
    paid_in: float | None = None
    cites: str = ""
    into: str = ""
    sharing: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def id(self) -> str:
        """The line's id."""
        return self.title.id


@dataclass(frozen=True, slots=True)
class Measure:
    """A named step of the calculation that pays nothing: a formula, perhaps on a ramp."""

    title: Title
    value: Written
    points: Points = ()
    dimension: Dimension = SHARE

    @property
    def id(self) -> str:
        """The measure's id."""
        return self.title.id


@dataclass(frozen=True, slots=True)
class OwnColumn:
    """A column of the district's workbook that the product does not know, by its heading.

    ``headings`` is one heading for schools as a whole ("" as its key), or one a stage.
    """

    title: Title
    unit: str
    headings: Mapping[str, str]

    @property
    def id(self) -> str:
        """The column's id."""
        return self.title.id

    @property
    def level(self) -> Level:
        """Whether it belongs to schools as a whole or to their stages."""
        return "school" if "" in self.headings else "part"

    @property
    def source(self) -> Source:
        """The column as formulas may name it."""
        return Source(self.unit, self.level, f"{PREFIX}{self.id}")


Rule = Literal["proportion", "level_up", "guarantee"]


@dataclass(frozen=True, slots=True)
class Pot:
    """A fixed sum of money and the rule by which it is given out.

    ``shared`` and ``guaranteed`` are the ids of what it is shared by and of what comes first;
    amounts are paid in whole ``paid_in`` yuan (0.01 is a fen).
    """

    title: Title
    rule: Rule
    shared: str
    amount: Figures
    guaranteed: str = ""
    paid_in: float | None = None
    cites: str = ""

    @property
    def id(self) -> str:
        """The pot's id."""
        return self.title.id


@dataclass(frozen=True, slots=True)
class LineSet:
    """A per-pupil formula: measures, lines, subtotals and pots, over the sources they name.

    ``per_pupil`` is the source that "per pupil" divides by.
    """

    title: Title
    per_pupil: str
    sources: Mapping[str, Source]
    lines: tuple[Line, ...]
    measures: tuple[Measure, ...] = ()
    subtotals: tuple[Title, ...] = ()
    pots: tuple[Pot, ...] = ()
    columns: tuple[OwnColumn, ...] = ()

    def graph_name(self, written: str) -> str:
        """The name in the graph of what a formula calls by a name of the set or of a source."""
        source = self.sources.get(written)
        return f"{PREFIX}{written}" if source is None else source.name or written
