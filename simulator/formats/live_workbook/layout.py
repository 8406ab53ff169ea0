"""Which sheets there are, and which figures stand on each, as officers read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from simulator import glossary
from simulator.formats.live_workbook.ground import STATIC, Ground, is_absent
from simulator.formats.live_workbook.places import Column, Line, Page, Places
from simulator.formats.table_files import sheet_name
from simulator.glossary import Language
from simulator.machine.language import BASE
from simulator.machine.registry import Formula, Input, Level
from simulator.stages import STAGES

#: Subjects with so many figures that each year has its own sheet.
BY_YEAR: Final = frozenset({"balance", "investment"})
#: Sheets of lines: which subjects each holds; what is not named stands on the first.
SUMMARIES: Final = {"totals": (), "growth": ("growth", "floors"), "balance": ("balance",)}
#: Sheets of what is given: the kinds of inputs on each, and whether they have lines.
GIVEN: Final = {
    "levers": ("lever", "line"),
    "policy": ("parameter",),
    "district": ("fiscal", "district"),
}


def plan_places(ground: Ground, language: Language) -> Places:
    """The sheets of a result, in the order in which they are read."""
    return Places(tuple(_Planner(ground, language).pages()))


class _Planner:
    def __init__(self, ground: Ground, language: Language) -> None:
        self.ground, self.language = ground, language
        # other sheets are called so; no title may stand twice
        self.taken = {self._word(key).casefold() for key in ("about", "formulas", "operators")}

    def _word(self, key: str) -> str:
        return glossary.label(f"workbook.sheet.{key}", self.language)

    def _title(self, title: str) -> str:
        name = sheet_name(title, self.taken)
        self.taken.add(name.casefold())
        return name

    def pages(self) -> Iterable[Page]:
        """Every sheet of figures."""
        for key, kinds in GIVEN.items():
            yield self._page(key, "district", lines=self._lines(self._given(kinds)), given=True)
        for level in ("school", "part"):
            yield self._page(f"given_{level}", level, self._given_columns(level), given=True)
        for key in SUMMARIES:
            lines = self._lines(self._summarised(key))
            yield self._page(key, "district", lines=lines)
        schools = [each for each in self.ground.formulas if each.level == "school"]
        yield self._page("schools", "school", tuple(self._columns(schools)))
        yield from self._part_pages()

    def _page(
        self,
        key: str,
        level: str,
        columns: tuple[Column, ...] = (),
        lines: tuple[Line, ...] = (),
        given: bool = False,
    ) -> Page:
        return Page(key, self._title(self._word(key)), level, columns, lines, given)

    def _given(self, kinds: tuple[str, ...]) -> list[Input]:
        leaves = self.ground.graph.inputs.values()
        found = [
            leaf
            for leaf in leaves
            if leaf.kind in kinds
            and leaf.level in ("district", "stage")
            and self.ground.positions[leaf.name]
        ]
        return sorted(found, key=heading)  # assumptions before levers

    def _given_columns(self, level: Level | str) -> tuple[Column, ...]:
        leaves = self.ground.graph.inputs.values()
        return tuple(self._columns(leaf for leaf in leaves if leaf.level == level))

    def _summarised(self, key: str) -> list[Formula]:
        named = {subject for subjects in SUMMARIES.values() for subject in subjects}
        found = [
            each
            for each in self.ground.formulas
            if each.level in ("district", "stage")
            and (each.subject in SUMMARIES[key] or (key == "totals" and each.subject not in named))
        ]
        return _by_subject(found)

    def _lines(self, items: Iterable[Formula | Input]) -> tuple[Line, ...]:
        found: dict[Line, None] = {}
        for item in items:
            found[heading(item), None] = None
            for stage in range(len(STAGES)) if item.level == "stage" else (None,):
                if stage is None or not is_absent(item, stage):
                    found[item.name, stage] = None
        return tuple(found)

    def _columns(
        self, items: Iterable[Formula | Input], year: Callable[[int], bool] = lambda _: True
    ) -> Iterable[Column]:
        for item in items:
            for position in self.ground.positions[item.name]:
                if year(position):
                    yield item.name, position

    def _part_pages(self) -> Iterable[Page]:
        formulas = [each for each in self.ground.formulas if each.level == "part"]
        for subject in dict.fromkeys(each.subject for each in _by_subject(formulas)):
            here = [each for each in formulas if each.subject == subject]
            title = glossary.label(f"subject.{subject}", self.language)
            if subject not in BY_YEAR:
                columns = tuple(self._columns(here))
                yield Page(f"part_{subject}", self._title(title), "part", columns)
                continue
            for position, year in enumerate(self.ground.index.years):
                # what does not change over the years stands with the base year
                seen = (position, STATIC) if position == BASE else (position,)
                columns = tuple(self._columns(here, seen.__contains__))
                if columns:
                    key = f"part_{subject}_{year}"
                    yield Page(key, self._title(f"{title} {year}"), "part", columns)


def heading(item: Formula | Input) -> str:
    """The glossary's id of what a line stands under."""
    if isinstance(item, Formula):
        return f"subject.{item.subject}"
    if item.kind != "lever":
        return f"kind.{item.kind}"
    return f"workbook.group.{item.refers.partition('.')[0]}"


def _by_subject(formulas: list[Formula]) -> list[Formula]:
    order = list(dict.fromkeys(each.subject for each in formulas))
    return sorted(formulas, key=lambda each: order.index(each.subject))
