"""A district's own formula lines in the graph: operating funds are then their total."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field, replace

from simulator.district.model import District
from simulator.errors import FindingsError
from simulator.law import FORMULAS, INPUTS
from simulator.law.operating.formulas import formula_funds
from simulator.machine.graph import Graph, build_graph
from simulator.machine.index import Index
from simulator.machine.language import Array
from simulator.machine.registry import Formula, make_formula
from simulator.own_formula.compile import Compiled, compile_lines
from simulator.own_formula.figures import Places, figures_of
from simulator.own_formula.line import PREFIX, TOTAL, LineSet
from simulator.own_formula.own_columns import column_arrays
from simulator.own_formula.paid import paid_formulas
from simulator.own_formula.read import read_lines
from simulator.own_formula.sharing import sharing_formulas
from simulator.own_formula.sources import graph_sources
from simulator.policy.model import Policy
from simulator.scenario.formula import LinesInForce, lines_in_force
from simulator.scenario.model import Scenario
from simulator.stages import STAGES


@dataclass(frozen=True)
class OwnFormula:
    """A district's own formula: its lines as formulas, and the graph they stand in."""

    compiled: Compiled
    graph: Graph


@dataclass(frozen=True)
class _Asked:
    """Formula lines by their text: equal lines are compiled once."""

    key: str
    lines: LinesInForce = field(compare=False)


def own_formula(scenario: Scenario, policy: Policy) -> OwnFormula | None:
    """The formula lines in force: the scenario's own, else its packs'; None: the national formula.

    Errors: FindingsError with every mistake in a pack's lines, each at its key and line.
    """
    lines = lines_in_force(scenario, policy.lines)
    return _compiled(_Asked(lines.key, lines)) if lines else None


@functools.lru_cache(maxsize=16)
def _compiled(asked: _Asked) -> OwnFormula:
    compiled = compile_lines(_read(asked.lines))
    return OwnFormula(compiled, graph_with(compiled))


def _read(lines: LinesInForce) -> LineSet:
    """The lines read strictly; a mistake names the line of the pack's file."""
    try:
        return read_lines(lines.content, graph_sources(), lines.source)
    except FindingsError as error:
        placed = [replace(each, row=_row(lines, each.column)) for each in error.findings]
        raise FindingsError(lines.source, placed) from error


def _row(lines: LinesInForce, column: str) -> int | None:
    """The line of a key, or of the nearest key around it."""
    rows = lines.rows or {}
    while column and column not in rows:
        column = column.rpartition(".")[0]
    return rows.get(column, min(rows.values(), default=None))


def graph_with(compiled: Compiled) -> Graph:
    """The graph of all formulas, with operating funds by a set of lines.

    Errors: JunhengError where lines form a circle or use a figure out of its level.
    """
    own = [_by_lines(compiled), *sharing_formulas(compiled.lines), *compiled.formulas]
    own += paid_formulas(compiled.lines)
    names = {formula.name for formula in own}
    kept = [formula for formula in FORMULAS if formula.name not in names]
    return build_graph([*kept, *own], [*INPUTS, *compiled.inputs])


def _by_lines(compiled: Compiled) -> Formula:
    """Operating funds by the formula: what the pot gives, or the total of the lines."""
    pots = compiled.lines.pots
    name = f"{PREFIX}{pots[-1].id if pots else TOTAL}"

    def function(given: object) -> object:
        return given

    function.__doc__ = formula_funds.doc
    return make_formula(
        function, (name,), formula_funds.level, formula_funds.unit, formula_funds.subject,
        formula_funds.cites, name=formula_funds.name,
    )  # fmt: skip


def line_arrays(compiled: Compiled, index: Index, district: District) -> dict[str, Array]:
    """The numbers of a set of lines over the years and parts of a run."""
    schools = district.schools
    kinds, areas = schools["school_type"].tolist(), schools["area"].tolist()
    places = Places(
        years=index.years,
        stages=tuple(STAGES[stage] for stage in index.part_stage),
        types=tuple(kinds[school] for school in index.part_school),
        areas=tuple(area if isinstance(area, str) else "" for area in areas),
    )
    return {**figures_of(compiled.lines, places), **column_arrays(compiled.lines, index, district)}
