"""What a formula, an input and a rule are, and the decorator that declares a formula."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

from simulator.errors import JunhengError
from simulator.machine.symbols import (
    FIXING,
    GATHERING,
    LAGGING,
    REACHING,
    RUNNING,
    Call,
    Expr,
    Name,
    as_expr,
    bare_names,
    names_in,
    walk,
)

Level = Literal["district", "stage", "school", "part"]
#: The product's own definition: no document prescribes it.
OWN = "own"
#: From which level a value reaches down by itself …
REACHES: dict[Level, frozenset[Level]] = {
    "district": frozenset({"district"}),
    "stage": frozenset({"stage", "district"}),
    "school": frozenset({"school", "district"}),
    "part": frozenset({"part", "school", "stage", "district"}),
}
#: … and which levels a total can add up.
GATHERS: dict[Level, frozenset[Level]] = {
    "district": frozenset({"part", "school", "stage"}),
    "stage": frozenset({"part"}),
    "school": frozenset({"part"}),
    "part": frozenset(),
}


@dataclass(frozen=True)
class Formula:
    """One formula: a small pure function with its level, unit, subject and citation.

    ``expression`` is the same function called on symbols; ``now`` are the names it needs
    of the same year (bare, gathered, or at the base year), ``before`` those of last year.
    An ``operator`` is a named function that no sheet can express; its ``expression`` is
    a call that only names its inputs, and ``yearly`` operators run year by year. ``words``
    are its names (zh, en) where a district wrote it and the glossary has none.
    """

    name: str
    level: Level
    unit: str
    subject: str
    cites: tuple[str, ...]
    function: Callable[..., Any]
    arguments: tuple[str, ...]
    expression: Expr
    doc: str
    operator: bool = False
    words: tuple[str, str] | None = None

    def __call__(self, *args: Any) -> Any:
        """The formula on arrays or on symbols."""
        return self.function(*args)

    @cached_property
    def gathered(self) -> frozenset[str]:
        """Arguments of a lower level that are added up."""
        return names_in(self.expression, GATHERING)

    @cached_property
    def running(self) -> frozenset[str]:
        """Arguments of its own level that are added up in the order of school codes."""
        return names_in(self.expression, RUNNING)

    @cached_property
    def before(self) -> frozenset[str]:
        """Arguments taken from last year."""
        return names_in(self.expression, LAGGING)

    @cached_property
    def fixed(self) -> frozenset[str]:
        """Arguments taken at the base year."""
        return names_in(self.expression, FIXING)

    @cached_property
    def now(self) -> frozenset[str]:
        """Arguments needed of the same year (all of an operator's)."""
        if self.operator:
            return frozenset(self.arguments)
        return bare_names(self.expression) | self.gathered | self.running | self.fixed


@dataclass(frozen=True, slots=True)
class Input:
    """A leaf of the graph: a data column, a lever or assumption, a policy value, a fact, a
    number of a formula line.

    ``refers`` names it at its source: a column (or a column for each stage), a dotted
    lever path, a policy parameter.
    """

    name: str
    level: Level
    unit: str
    kind: Literal[
        "column", "fiscal", "district", "lever", "parameter", "structure", "projection", "line"
    ]
    refers: str = ""
    by_year: bool = False
    by_stage: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    words: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the law or the plan: actual against required, and the headroom between.

    ``actual``, ``required`` and ``headroom`` are names of formulas or inputs of one level;
    a ``strict`` rule is broken by equality. Where the figure that ``applies`` names is 0 there
    is nobody that the rule speaks of.
    """

    id: str
    level: Level
    actual: str
    required: str
    headroom: str
    cites: tuple[str, ...]
    unit: str
    strict: bool = False
    applies: str = ""
    stages: tuple[str, ...] = ("primary", "junior")


def formula(
    *, level: Level, unit: str, subject: str, cites: str | tuple[str, ...], operator: bool = False
) -> Callable[[Callable[..., Any]], Formula]:
    """Declare a formula: its name is the function's, its inputs are the arguments' names."""
    citations = (cites,) if isinstance(cites, str) else cites

    def declare(function: Callable[..., Any]) -> Formula:
        named = tuple(inspect.signature(function).parameters)
        # an operator's first argument is the run's axes, not an input
        arguments = named[1:] if operator else named
        return make_formula(function, arguments, level, unit, subject, citations, operator)

    return declare


def make_formula(
    function: Callable[..., Any],
    arguments: tuple[str, ...],
    level: Level,
    unit: str,
    subject: str,
    cites: tuple[str, ...],
    operator: bool = False,
    name: str | None = None,
    words: tuple[str, str] | None = None,
) -> Formula:
    """A formula from any function; for families of formulas that differ in names only."""
    called = name or function.__name__
    symbols = tuple(Name(argument) for argument in arguments)
    expression = Call(called, symbols) if operator else as_expr(function(*symbols))
    _refuse_gathered_expressions(called, expression)
    doc = inspect.getdoc(function) or ""
    return Formula(
        name=called,
        level=level,
        unit=unit,
        subject=subject,
        cites=cites,
        function=function,
        arguments=arguments,
        expression=expression,
        doc=doc,
        operator=operator,
        words=words,
    )


def _refuse_gathered_expressions(name: str, expression: Expr) -> None:
    """Totals and last year's values are of named values, so that a sheet has a column for them."""
    for node in walk(expression):
        if not isinstance(node, Call) or node.word not in REACHING:
            continue
        if not all(isinstance(arg, Name) for arg in node.args):
            raise JunhengError("formula_language", what=f"{name}: {node.word}(…)")
