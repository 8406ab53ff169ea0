"""Values of levers in words: short, with units, by year where they differ."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator import glossary, units
from simulator.glossary import Language
from simulator.scenario.levers import Lever, levers

BY_10K = 10_000
#: Where Chinese and figures meet, a space is set.
HAN = r"[\u4e00-\u9fff]"
MEETING = re.compile(rf"(?<={HAN})(?=[−+\d])|(?<=[\d%])(?={HAN})|(?<={HAN}) (?={HAN})")


def is_list(value: Any) -> bool:
    """Whether a value is given as a list, by year or by band."""
    return isinstance(value, (list, tuple))


def plain(value: Any) -> Any:
    """A value as it counts: the same in every year is one value, whole numbers are whole."""
    if is_list(value) and value and all(each == value[0] for each in value):
        return value[0] if not isinstance(value[0], dict) else list(value)
    return list(value) if is_list(value) else value


@dataclass(frozen=True, slots=True)
class Values:
    """Writes values of levers in one language; years count from the base year.

    With ``dated`` off, what differs from year to year is told without naming the years.
    """

    language: Language
    base_year: int
    dated: bool = True

    def spaced(self, text: str) -> str:
        """Chinese with a space before and after figures, and none between its words."""
        if self.language == "en":
            return text
        return MEETING.sub(lambda match: "" if match.group() else " ", text)

    def say(self, identifier: str, **params: object) -> str:
        """A word of the glossary."""
        return glossary.text(f"describe.{identifier}", self.language, **params)

    def text(self, path: str, value: Any, *, bare: bool = False) -> str:
        """A lever's value in words; ``bare`` leaves out the unit behind a figure."""
        lever = _lever(path)
        unit = lever.unit if lever else ""
        if value is None:
            return self.say("unsaid_law" if lever and lever.law else "unsaid")
        if isinstance(value, bool):
            return self.say("yes" if value else "no")
        if isinstance(value, (int, float)) and unit:
            return self.number(value, unit, bare=bare)
        if is_list(value):
            return self._list(value, unit)
        if isinstance(value, Mapping):
            named = "calendar" if lever and lever.kind == "years" else "grade"
            return self._by_number(value, named)
        return self._choice(path, value)

    def _by_number(self, rates: Mapping[Any, float], named: str) -> str:
        """Values by grade or by calendar year, in their order."""
        ordered = sorted(rates.items(), key=lambda each: int(each[0]))
        texts = [self.say(named, grade=grade, rate=_short(rate)) for grade, rate in ordered]
        return self.say("comma").join(texts)

    def _list(self, values: Sequence[Any], unit: str) -> str:
        values = list(values)
        if values and isinstance(values[0], dict):
            return self._rows(values)
        same = plain(values)
        if not is_list(same):
            return self.number(same, unit or "share")
        if unit == "yuan" and self.language == "zh":
            values, unit = [each / BY_10K for each in values], "10k_yuan"
        texts = [self.number(each, unit or "share", bare=True) for each in values]
        return self._by_year(texts, unit)

    def _rows(self, rows: Sequence[Any]) -> str:
        if set(rows[0]) != {"below", "as"}:
            return self.say("rows", count=len(rows))
        bands = [self.say("band", below=_short(r["below"]), count=_short(r["as"])) for r in rows]
        return self.say("comma").join(bands)

    def _by_year(self, texts: Sequence[str], unit: str) -> str:
        """Values year after year, with the years they are of."""
        joined = self.say("comma").join(texts)
        if unit and unit not in ("share", "ratio"):
            joined = self.say(f"unit.{unit}", number=joined)
        return self._years(joined, len(texts))

    def _years(self, values: str, count: int) -> str:
        if not self.dated:
            return self.spaced(self.say("yearly", values=values))
        first, last = self.base_year + 1, self.base_year + count
        return self.say("years", values=values, first=first, last=last)

    def points(self, margins: Sequence[float]) -> str:
        """Differences of growth rates in percentage points."""
        texts = [_short(each * 100) for each in margins]
        if len(set(texts)) == 1:
            return self.say("point" if texts[0] == "1" else "points", points=texts[0])
        return self._years(self.say("points", points=self.say("comma").join(texts)), len(texts))

    def number(self, value: float, unit: str, *, bare: bool = False) -> str:
        """A figure as short as it is exact, with its unit."""
        if unit == "share":
            return f"{_short(value * 100)}%"
        if unit == "yuan" and self.language == "zh" and abs(value) >= BY_10K and not bare:
            return self.say("unit.10k_yuan", number=_short(value / BY_10K))
        text = _short(value)
        return text if bare or not unit else self.say(f"unit.{unit}", number=text)

    def _choice(self, path: str, value: Any) -> str:
        """A choice by the sentence that tells it, or as it stands in the file."""
        last = path.rpartition(".")[2]
        kind = (
            "levers.investment"
            if path.startswith("levers.investment.") and last == "rule"
            else path
        )
        identifier = f"describe.{kind}.{value}"
        return (
            glossary.label(identifier, self.language)
            if identifier in glossary.terms()
            else f"{value}"
        )


def _lever(path: str) -> Lever | None:
    """The lever that a dotted path is of, also of one inside an investment."""
    table = levers()
    while path:
        if path in table:
            return table[path]
        path = path.rpartition(".")[0]
    return None


def _short(value: float) -> str:
    """A figure without superfluous digits: 1,300 or 0.25, and − for what is below zero."""
    return units.written(round(float(value), 9), 9).rstrip("0").rstrip(".")
