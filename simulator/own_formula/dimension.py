"""What a value of a formula line measures: pupils, yuan, yuan per pupil, a bare number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from simulator import glossary
from simulator.glossary import Language

#: Powers of what is counted: yuan per pupil is (("pupil", -1), ("yuan", 1)); () is a share.
Dimension = tuple[tuple[str, int], ...]
SHARE: Dimension = ()
YUAN: Dimension = (("yuan", 1),)

#: Units made of others. A unit that stands neither here nor in the glossary has no dimension.
_MADE: Mapping[str, Dimension] = MappingProxyType(
    {
        "share": SHARE,
        "ratio": SHARE,
        "flag": SHARE,
        "number": SHARE,
        "yuan_per_pupil": (("pupil", -1), ("yuan", 1)),
        "yuan_per_person": (("person", -1), ("yuan", 1)),
        "yuan_per_m2": (("m2", -1), ("yuan", 1)),
        "m2_per_pupil": (("m2", 1), ("pupil", -1)),
        "volume_per_pupil": (("pupil", -1), ("volume", 1)),
        "pupils_per_person": (("person", -1), ("pupil", 1)),
        "pupils_per_class": (("class", -1), ("pupil", 1)),
        "per_class": (("class", -1), ("person", 1)),
    }
)


def dimension_of(unit: str) -> Dimension:
    """What a unit of the glossary measures; one that is no product of others is its own."""
    return _MADE.get(unit, ((unit, 1),))


def times(left: Dimension, right: Dimension, sign: int = 1) -> Dimension:
    """The dimension of a product; with ``sign`` −1 of a quotient."""
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + sign * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def unit_of(dimension: Dimension) -> str:
    """The glossary's unit of a dimension; ``number`` for one that has no unit of its own."""
    if dimension == SHARE:
        return "ratio"
    for unit, made in _MADE.items():
        if made == dimension:
            return unit
    if len(dimension) == 1 and dimension[0][1] == 1:
        return dimension[0][0]
    return "number"


@dataclass(frozen=True, slots=True)
class InWords:
    """A dimension within a sentence: ``{unit:zh}`` and ``{unit:en}`` print it."""

    dimension: Dimension

    def __format__(self, language: str) -> str:
        return said(self.dimension, glossary.as_language(language))


def said(dimension: Dimension, language: Language) -> str:
    """A dimension in words: 元/人, yuan per pupil."""
    unit = unit_of(dimension)
    if dimension == SHARE:
        return glossary.label("unit.ratio", language)
    if unit != "number":
        return _unit_said(unit, language)
    over = "·".join(_power_said(name, power, language) for name, power in dimension if power > 0)
    under = "·".join(_power_said(name, -power, language) for name, power in dimension if power < 0)
    return f"{over or 1}/{under}" if under else over


def _unit_said(unit: str, language: Language) -> str:
    """A unit in words; persons and pupils are both 人 behind a figure, but not here."""
    own = glossary.find(f"lines.unit.{unit}")
    return (own or glossary.term(f"unit.{unit}")).label(language)


def _power_said(name: str, power: int, language: Language) -> str:
    word = _unit_said(name, language)
    return word if power == 1 else f"{word}^{power}"
