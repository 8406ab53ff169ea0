"""The graph where schools close, merge or open: last year's figures are of those who are here now.

Only scenarios that move pupils between schools run on it. What looks back at last year (pupils,
stocks, teachers, pay, funds) is first carried to where people have gone since; formulas that
compare a school with itself a year ago then compare the same people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import numpy as np

from simulator import glossary
from simulator.district.columns import STAGE_PUPILS
from simulator.district.pupils.moves import MOVABLE, Kind, Moves
from simulator.law.balance.quantities import FACILITIES, INDICATORS, TEACHER_COUNTS, Indicator
from simulator.law.inputs import GRADES
from simulator.law.investment.formulas import CREDITED
from simulator.law.reorganisation import formulas as moved
from simulator.law.reorganisation.carrying import carried_along
from simulator.machine.graph import Graph, build_graph
from simulator.machine.index import Index
from simulator.machine.language import Array
from simulator.machine.registry import OWN, Formula, Input, Level, make_formula
from simulator.machine.symbols import Call, Name

#: The calendar year of each position on the axis of years.
CALENDAR: Final = Input(
    "calendar_year", "district", "year", "structure", by_year=True,
    words=(glossary.label("moves.calendar", "zh"), glossary.label("moves.calendar", "en")),
)  # fmt: skip
#: Counted pupils of the base year, of those who make up a school now.
BASE_PUPILS: Final = Input(
    "base_pupils", "part", "pupil", "column",
    by_stage={stage: STAGE_PUPILS[stage] for stage in ("primary", "junior", "special")},
)  # fmt: skip


def kind_of(item: str) -> Kind:
    """What a facility goes along with: it is carried like staff, or stays with the site."""
    return "staff" if item in MOVABLE else "site"


@dataclass(frozen=True)
class _Asked:
    """A graph and moves by their key: the same question is answered once."""

    graph_id: int
    key: tuple[Any, ...]
    graph: Graph = field(compare=False)
    moves: Moves = field(compare=False)


def regrouped_graph(graph: Graph, moves: Moves) -> Graph:
    """A graph in which last year's figures follow the moves."""
    return _regrouped(_Asked(id(graph), moves.key, graph, moves))


@lru_cache(maxsize=16)
def _regrouped(asked: _Asked) -> Graph:
    maker = _Maker(asked.graph, asked.moves)
    made = {each.name: each for each in maker.formulas()}
    kept = [each for name, each in asked.graph.formulas.items() if name not in made]
    inputs = [*asked.graph.inputs.values(), CALENDAR, BASE_PUPILS, *maker.opening()]
    return build_graph(
        [each for each in (*kept, *made.values()) if each.name != BASE_PUPILS.name], inputs
    )


@dataclass(frozen=True)
class _Maker:
    graph: Graph
    moves: Moves

    def formulas(self) -> Iterator[Formula]:
        """Every formula that takes the place of one of the graph, and those they need."""
        for each in self.graph.formulas.values():
            if _looks_back(each) and "_per_" not in each.unit and each.level == "part":
                yield from self._here(each, _follows(each.name))
        for grade in GRADES:
            yield from self._grade(f"grade_path_{grade}", f"observed_grade_{grade}")
        for item in FACILITIES:
            yield from self._stock(item.id)
        for name in TEACHER_COUNTS:
            yield from self._teachers(name)
        for indicator in INDICATORS:
            yield from self._base(indicator)
        yield from self._funds_per_head()
        yield from self._pay()

    def opening(self) -> list[Input]:
        """What new schools open with, by facility."""
        return [
            Input(f"opened_{item.id}", "school", item.unit, "projection", by_year=True,
                  words=_words("opened", self._label(f"counted_{item.id}")))
            for item in FACILITIES
        ]  # fmt: skip

    def _label(self, name: str) -> tuple[str, str]:
        return self.graph.label(name, "zh"), self.graph.label(name, "en")

    def _here(self, formula: Formula, kind: Kind, *, since_base: bool = False) -> Iterator[Formula]:
        """A look back, and the same figure carried to where people are now."""
        there = f"{formula.name}_there"
        words = formula.words or self._label(formula.name)
        yield make_formula(
            formula.function, formula.arguments, formula.level, formula.unit, formula.subject,
            formula.cites, name=there, words=_words("there", words),
        )  # fmt: skip
        yield make_formula(
            _carried(self.moves, formula.level, kind, since_base), (there, CALENDAR.name),
            formula.level, formula.unit, formula.subject, formula.cites, operator=True,
            name=formula.name, words=formula.words,
        )  # fmt: skip

    def _last(self, name: str, last: str, kind: Kind) -> Iterator[Formula]:
        """A new look back at a figure, carried along."""
        source = self.graph.formulas[name]
        looking = make_formula(
            moved.last_year, (name,), source.level, source.unit, source.subject, (OWN,), name=last,
            words=_words("last_year", self._label(name)),
        )  # fmt: skip
        yield from self._here(looking, kind)

    def _grade(self, name: str, observed: str) -> Iterator[Formula]:
        last = f"{name}_last_year"
        yield from self._last(name, last, "pupils")
        yield self._instead(
            name, moved.grade, (observed, last, "pupils_path", "pupils_path_last_year")
        )

    def _stock(self, item: str) -> Iterator[Formula]:
        name, last = f"school_{item}", f"school_{item}_last_year"
        yield from self._last(name, last, kind_of(item))
        counted = CREDITED.get(item, f"counted_{item}")
        needed = ("planned", last, f"school_arrived_{item}", f"opened_{item}", counted)
        yield self._instead(name, moved.stock, needed)

    def _base(self, indicator: Indicator) -> Iterator[Formula]:
        """What a school would have had nothing been bought: the base year's, moved along."""
        name = ("base_" if indicator.teachers else "school_base_") + indicator.id
        kind: Kind = "staff" if indicator.teachers else kind_of(indicator.id)
        yield from self._here(self.graph.formulas[name], kind, since_base=True)

    def _teachers(self, name: str) -> Iterator[Formula]:
        last = f"{name}_last_year"
        yield from self._last(name, last, "staff")
        counted = CREDITED.get(name, f"counted_{name}")
        yield self._instead(name, moved.teachers, ("planned", last, f"moved_{name}", counted))

    def _funds_per_head(self) -> Iterator[Formula]:
        yield from self._last("ordinary_by_formula", "ordinary_last_year", "pupils")
        given = ("ordinary_last_year", "funded_last_year")
        yield self._instead("paid_per_pupil_last_year", moved.per_head, given)

    def _pay(self) -> Iterator[Formula]:
        """Pay goes along with staff; nobody's pay changes by moving."""
        yield from self._here(self.graph.formulas["payroll_last_year"], "staff")

    def _instead(
        self, name: str, function: Callable[..., Any], arguments: tuple[str, ...]
    ) -> Formula:
        old = self.graph.formulas[name]
        return make_formula(
            function, arguments, old.level, old.unit, old.subject, old.cites, name=name,
            words=old.words,
        )  # fmt: skip


def _looks_back(formula: Formula) -> bool:
    """Whether a formula is last year's value of another figure and nothing else."""
    found = formula.expression
    return isinstance(found, Call) and found.word == "previous" and isinstance(found.args[0], Name)


def _follows(name: str) -> Kind:
    """What a look back goes along with: a facility its own way, all else with the pupils."""
    for item in FACILITIES:
        if name in (
            f"{item.id}_before",
            f"bought_before_{item.id}",
            f"bought_two_before_{item.id}",
        ):
            return kind_of(item.id)
    return "pupils"


def _words(kind: str, what: tuple[str, str]) -> tuple[str, str]:
    zh, en = what
    return glossary.text(f"moves.{kind}", "zh", what=zh), glossary.text(
        f"moves.{kind}", "en", what=en
    )


def _carried(moves: Moves, level: Level, kind: Kind, since_base: bool) -> Callable[..., Array]:
    """The operator that carries earlier figures of a level to where people are now."""
    shares_by = moves.among_touched_since if since_base else moves.among_touched

    def carried(index: Index, value: Array, year: Array) -> Array:
        found = np.array(np.broadcast_arrays(value, year)[0])
        years = np.broadcast_to(year, (*found.shape[:-1], 1))
        for place in np.ndindex(*found.shape[:-1]):
            now = int(years[(*place, 0)])
            if since_base or now in moves.years:
                shares = shares_by(now, kind)
                found[place] = carried_along(found[place], shares, moves, level, index)
        return found

    carried.__doc__ = (
        "The earlier figure of those who are at the school now: it goes along with them."
    )
    return carried
