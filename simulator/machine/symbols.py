"""Symbols: the expression that a formula becomes when it is called on names."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from simulator.errors import JunhengError


class Expr:
    """An expression in symbols, built by calling a formula on names."""

    __slots__ = ()
    __array_ufunc__ = None  # numpy scalars leave the operator to this class

    def __add__(self, other: Any) -> Expr:
        return Op("+", self, as_expr(other))

    def __radd__(self, other: Any) -> Expr:
        return Op("+", as_expr(other), self)

    def __sub__(self, other: Any) -> Expr:
        return Op("-", self, as_expr(other))

    def __rsub__(self, other: Any) -> Expr:
        return Op("-", as_expr(other), self)

    def __mul__(self, other: Any) -> Expr:
        return Op("*", self, as_expr(other))

    def __rmul__(self, other: Any) -> Expr:
        return Op("*", as_expr(other), self)

    def __neg__(self) -> Expr:
        return Op("-", Num(0.0), self)

    def __truediv__(self, other: Any) -> Expr:
        raise JunhengError("formula_language", what="/ : ratio(a, b)")

    def _no_comparison(self, other: Any) -> Any:
        raise JunhengError("formula_language", what="< > ≤ ≥ : at_least(), above()")

    __lt__ = __le__ = __gt__ = __ge__ = _no_comparison

    def __bool__(self) -> bool:
        raise JunhengError("formula_language", what="if / and / or : where()")


@dataclass(frozen=True, slots=True)
class Name(Expr):
    """The value of another formula or of an input."""

    name: str


@dataclass(frozen=True, slots=True)
class Num(Expr):
    """A number that is part of the arithmetic, never one of the law's."""

    value: float


#: What the signs of an ``Op`` do to numbers and arrays.
OPERATIONS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Op(Expr):
    """Two expressions joined by +, - or *."""

    symbol: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Call(Expr):
    """A word of the vocabulary applied to expressions."""

    word: str
    args: tuple[Expr, ...]


def as_expr(value: Any) -> Expr:
    """A symbol as it is, a number as a symbol."""
    if isinstance(value, Expr):
        return value
    if isinstance(value, (int, float)):
        return Num(float(value))
    raise JunhengError("formula_language", what=type(value).__name__)


#: Words whose argument must be a bare name, and what they reach for.
GATHERING = frozenset({"total", "largest", "smallest"})
LAGGING = frozenset({"previous"})
FIXING = frozenset({"at_base"})
RUNNING = frozenset({"cumulated"})
REACHING = GATHERING | LAGGING | FIXING | RUNNING


def walk(expression: Expr) -> Iterator[Expr]:
    """Every node of an expression, outermost first."""
    yield expression
    if isinstance(expression, Op):
        yield from walk(expression.left)
        yield from walk(expression.right)
    elif isinstance(expression, Call):
        for arg in expression.args:
            yield from walk(arg)


def names_in(expression: Expr, inside: frozenset[str]) -> frozenset[str]:
    """Names that stand directly under one of the given words."""
    return frozenset(
        arg.name
        for node in walk(expression)
        if isinstance(node, Call) and node.word in inside
        for arg in node.args
        if isinstance(arg, Name)
    )


def bare_names(expression: Expr) -> frozenset[str]:
    """Names used as they are, neither gathered nor taken from another year."""
    if isinstance(expression, Name):
        return frozenset({expression.name})
    if isinstance(expression, Op):
        return bare_names(expression.left) | bare_names(expression.right)
    if isinstance(expression, Call) and expression.word not in REACHING:
        return frozenset().union(*(bare_names(arg) for arg in expression.args))
    return frozenset()
