"""Every formula of the model as formulas of the sheets, one for each year and kind of row."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulator.formats.live_workbook.ground import STATIC, Ground
from simulator.formats.live_workbook.places import FIRST_ROW, Page, Places
from simulator.formats.live_workbook.watch import Watch
from simulator.machine.language import BASE
from simulator.machine.registry import Formula
from simulator.machine.sheet_formula import (
    GATHERED,
    NOTHING,
    UNKNOWN,
    Piece,
    given,
    number,
    translate,
)
from simulator.machine.symbols import FIXING, GATHERING, LAGGING, RUNNING
from simulator.stages import STAGES

#: The stages whose figures a row sees: of a part or stage its own, of a school those it has.
Group = tuple[int, ...]
#: Rows that differ from row to row: the part's, the school's, those of a school's parts.
PART_ROW, SCHOOL_ROW = "{part}", "{school}"
#: The input that says in which order school codes stand.
CODE_RANK = "code_rank"
STAGE_ROWS = tuple(f"{{{stage}}}" for stage in STAGES)

#: The rows (from 1) that stand for the placeholders of one school or part.
Rows = Mapping[str, int]


class Compiler:
    """Turns formulas into texts of cells, given where the figures stand."""

    def __init__(self, ground: Ground, places: Places, watch: Watch) -> None:
        self.ground, self.places, self.watch = ground, places, watch
        self.made: dict[tuple[str, int, Group], str] = {}

    @cached_property
    def stage_rows(self) -> list[range]:
        """The parts (from 0) of each stage; parts are in the order of the stages."""
        owner = self.ground.index.part_stage
        bounds = np.searchsorted(owner, np.arange(len(STAGES) + 1))
        return [range(int(a), int(b)) for a, b in itertools.pairwise(bounds)]

    @cached_property
    def _of_parts(self) -> tuple[list[Group], list[Rows]]:
        index = self.ground.index
        pairs = list(zip(index.part_school.tolist(), index.part_stage.tolist(), strict=True))
        rows = [
            {"part": FIRST_ROW + part + 1, "school": FIRST_ROW + school + 1}
            for part, (school, _) in enumerate(pairs)
        ]
        return [(stage,) for _, stage in pairs], list(rows)

    @cached_property
    def _of_schools(self) -> tuple[list[Group], list[Rows]]:
        index = self.ground.index
        rows = [{"school": FIRST_ROW + school + 1} for school in range(index.size("school"))]
        groups: list[list[int]] = [[] for _ in rows]
        pairs = zip(index.part_school.tolist(), index.part_stage.tolist(), strict=True)
        for part, (school, stage) in enumerate(pairs):
            groups[school].append(stage)
            rows[school][STAGES[stage]] = FIRST_ROW + part + 1
        return [tuple(group) for group in groups], list(rows)

    def rows(self, level: str) -> tuple[list[Group], list[Rows]]:
        """For each school or part, the stages it sees and the rows of its placeholders."""
        return self._of_parts if level == "part" else self._of_schools

    def text(self, formula: Formula, position: int, group: Group) -> str:
        """What a cell of a formula says; rows are placeholders where they differ."""
        key = formula.name, position, group
        if key not in self.made:
            stage = group[0] if formula.level == "stage" else None
            page = self.places.page_of(formula.name, position, stage)
            view = _View(self, formula, position, group, page)
            self.made[key] = "=" + translate(formula.expression, view.find).text
        return self.made[key]


@dataclass(frozen=True, slots=True)
class _View:
    """What one formula sees from its cell."""

    compiler: Compiler
    formula: Formula
    position: int
    group: Group
    page: Page

    @property
    def ground(self) -> Ground:
        return self.compiler.ground

    @property
    def places(self) -> Places:
        return self.compiler.places

    def find(self, name: str, word: str | None) -> Piece:
        """A name as the formula sees it."""
        static = self.ground.is_static(name)
        position = BASE if word in FIXING else self.position
        if word in LAGGING:
            if static or position <= 0:
                return NOTHING
            position -= 1
        position = STATIC if static else position
        if word in GATHERING:
            return self._gathered(name, str(word), position)
        if word in RUNNING:
            return self._running(name, position)
        stage = self.group[0] if self.formula.level in ("part", "stage") else None
        return self.seen(name, position, stage)

    def seen(self, name: str, position: int, stage: int | None, row: str = PART_ROW) -> Piece:
        """One cell, or the value of what has no cell."""
        ground, level = self.ground, self.ground.level(name)
        fixed = ground.fixed(name, position, stage)
        if fixed is not None:
            return number(fixed)
        if level in ("part", "school"):
            row = SCHOOL_ROW if level == "school" else row
            address = self.places.in_column(name, position, row, self.page)
        else:
            line = stage if level == "stage" else None
            address = self.places.in_line(name, position, line, self.page)
        if ground.blank(name):
            state = self.compiler.watch.state(name, position)
            return Piece(given(address, state), blank=address, state=state)
        return Piece(address)

    def _gathered(self, name: str, word: str, position: int) -> Piece:
        source, own = self.ground.level(name), self.formula.level
        if own == "school":
            cells = [self.seen(name, position, stage, STAGE_ROWS[stage]) for stage in self.group]
            return _applied(word, cells)
        if source == "stage":
            return _applied(word, [self.seen(name, position, k, "") for k in range(len(STAGES))])
        if source == "school":
            return self._area(name, word, position, range(self.ground.index.size("school")))
        stages = self.compiler.stage_rows
        if own == "stage":
            return self._area(name, word, position, stages[self.group[0]], self.group[0])
        return self._area(name, word, position, range(stages[0].start, stages[-1].stop))

    def _running(self, name: str, position: int) -> Piece:
        """A column added up over the rows whose school code comes no later."""
        stage = self.group[0]
        fixed = self.ground.fixed(name, position, stage)
        if fixed is not None:
            return number(fixed)  # certainly unknown: a formula is fixed in no other way
        rows = self.compiler.stage_rows[stage]
        added = self.places.area(name, position, rows, self.page)
        ranks = self.places.area(CODE_RANK, STATIC, rows, self.page)
        own = self.places.in_column(CODE_RANK, STATIC, PART_ROW, self.page)
        return Piece(f'SUMIFS({added},{ranks},"<="&{own})')

    def _area(
        self, name: str, word: str, position: int, rows: range, stage: int | None = None
    ) -> Piece:
        """Some rows of a column, gathered."""
        if not rows:
            return number(0.0) if word == "total" else NOTHING
        fixed = self.ground.fixed(name, position, stage)
        if fixed is not None:
            return number(fixed * len(rows) if word == "total" else fixed)
        area = self.places.area(name, position, rows, self.page)
        found = f"{GATHERED[word]}({area})"
        if self.ground.blank(name):
            state = self.compiler.watch.state(name, position)
            stands = f"*{state}" if state else ""
            return Piece(f"IF((COUNT({area})={len(rows)}){stands},{found},{UNKNOWN})")
        return Piece(found)


def _applied(word: str, cells: list[Piece]) -> Piece:
    """Cells gathered one by one; nothing adds up to 0 and has no extreme."""
    if not cells:
        return number(0.0) if word == "total" else NOTHING
    if any(cell.unknown for cell in cells):
        return NOTHING
    if len(cells) == 1:
        return cells[0]
    return Piece(f"{GATHERED[word]}({','.join(cell.text for cell in cells)})")
