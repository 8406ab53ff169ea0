"""What compiling lines is made of: formulas from calculations, and what they are called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import numpy as np

from simulator import glossary
from simulator.machine.registry import OWN, Formula, Level, make_formula
from simulator.own_formula.grammar import Written
from simulator.own_formula.line import PREFIX, LineSet, Title

SUBJECT: Final = "operating"
SHARE_OF_SCHOOL: Final = f"{PREFIX}share_of_school"
SCHOOL_HEADS: Final = f"{PREFIX}school_heads"
HEADS_LAST: Final = f"{PREFIX}heads_last"
Values = Mapping[str, Any]


def made(
    name: str, needed: Iterable[str], calculate: Callable[[Values], Any], unit: str,
    title: Title, what: str = "", cites: str = "", level: Level = "part",
    place: int = 0,
) -> Formula:  # fmt: skip
    """A formula from a calculation on values by name, called after a line and what it is of it."""
    arguments = tuple(dict.fromkeys(needed))

    def function(*args: Any) -> Any:
        # a number alone stays one: an array has no symbols
        found = calculate(dict(zip(arguments, args, strict=True)))
        return float(found) if isinstance(found, np.ndarray) and found.ndim == 0 else found

    return make_formula(
        function, arguments, level, unit, SUBJECT, (cites or OWN,),
        name=name, words=called(title, what, place),
    )  # fmt: skip


def called(title: Title, what: str = "", place: int = 0) -> tuple[str, str]:
    """The names of a line, or of what a line is made of, in Chinese and English.

    ``place`` counts those of which a line has several: the points of a ramp, its size bands.
    """
    if not what:
        return title.zh, title.en
    zh = glossary.text(f"lines.made.{what}", "zh", name=title.zh, place=place)
    return zh, glossary.text(f"lines.made.{what}", "en", name=title.en, place=place)


def spoken(written: Written, lines: LineSet, values: Values) -> Any:
    """A written formula on values that go by the names of the graph."""
    return written.on({name: values[lines.graph_name(name)] for name in written.columns})


def needed_by(written: Written | None, lines: LineSet) -> list[str]:
    """The names of the graph that a written formula needs."""
    return [lines.graph_name(name) for name in written.columns] if written else []


def shares_schools(lines: LineSet) -> bool:
    """Whether parts share schools: where a source belongs to a school as a whole."""
    return any(source.level == "school" for source in lines.sources.values())
