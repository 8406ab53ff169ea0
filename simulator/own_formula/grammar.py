"""Written formulas: columns, numbers, + − × ÷, min, max, round, comparisons and parentheses.

Nothing else can be said, so nothing else can run. A formula is read once into a small tree,
its units are checked, and the tree then speaks the vocabulary of ``simulator.law``: on
arrays it gives numbers, on symbols the expression that trace, workbook and rule book print.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simulator.errors import JunhengError
from simulator.machine.language import Array
from simulator.machine.symbols import Expr, Name, as_expr
from simulator.own_formula.dimension import Dimension
from simulator.own_formula.meaning import folded, measured
from simulator.own_formula.tokens import Token, tokens_of
from simulator.own_formula.tree import Binary, Chosen, Column, Number, Tree, columns_of

#: The deepest nesting of parentheses, functions and signs that is read.
DEEPEST: Final = 24
#: The words for functions, and the least and most values each takes.
FUNCTIONS: Final = {
    "min": "min", "最小": "min", "取小": "min",
    "max": "max", "最大": "max", "取大": "max",
    "round": "round", "取整": "round", "四舍五入": "round",
}  # fmt: skip
_TAKES: Final = {"min": (2, 12), "max": (2, 12), "round": (1, 1)}
_COMPARISONS: Final = frozenset({"<", "<=", ">", ">=", "=", "!="})


@dataclass(frozen=True, slots=True)
class Written:
    """A formula as an officer wrote it, read and checked.

    ``dimension`` is what it measures (None: a bare number, which takes any unit); ``columns``
    are the names it needs, in the order in which they first occur.
    """

    text: str
    tree: Tree
    dimension: Dimension | None
    columns: tuple[str, ...]

    def on(self, columns: Mapping[str, Any]) -> Any:
        """The formula on arrays or on symbols, whichever the columns are."""
        return folded(self.tree, columns)


def read_formula(text: str, columns: Mapping[str, Dimension]) -> Written:
    """A written formula whose names are among the columns.

    Errors: JunhengError, each with the place (the first character is 1) and the reason.
    """
    if not isinstance(text, str):
        raise JunhengError("line_text_kind", what=type(text).__name__)
    tree = _Reader(tokens_of(text), columns).whole()
    dimension = measured(tree, columns)
    return Written(text, tree, dimension, tuple(dict.fromkeys(columns_of(tree))))


def evaluate(written: Written, columns: Mapping[str, Array]) -> Array:
    """A written formula on arrays over any leading axes; unknown stays unknown."""
    with np.errstate(all="ignore"):
        return np.asarray(written.on(columns), dtype=np.float64)


def symbols(written: Written) -> Expr:
    """A written formula as an expression of the language."""
    with np.errstate(all="ignore"):
        return as_expr(written.on({name: Name(name) for name in written.columns}))


class _Reader:
    """Reads pieces from left to right: comparison, sum, product, sign, value."""

    def __init__(self, tokens: tuple[Token, ...], columns: Mapping[str, Dimension]) -> None:
        self.tokens = tokens
        self.columns = columns
        self.place = 0
        self.depth = 0

    @property
    def here(self) -> Token:
        """The piece that comes next."""
        return self.tokens[self.place]

    def taken(self) -> Token:
        """The piece that comes next, which is then behind us."""
        token = self.here
        self.place += 1
        return token

    def at_sign(self, *signs: str) -> bool:
        """Whether one of some signs comes next."""
        return self.here.kind == "sign" and self.here.text in signs

    def whole(self) -> Tree:
        """The whole text as one formula."""
        tree = self.comparison()
        if self.here.kind != "end":
            raise self.wrong("line_text_end")
        return tree

    def wrong(self, code: str) -> JunhengError:
        """What is wrong with the piece that comes next."""
        if self.here.kind == "end":
            return JunhengError("line_text_short", at=self.here.at)
        return JunhengError(code, at=self.here.at, what=self.here.text)

    def comparison(self) -> Tree:
        """Two sums compared, or one sum."""
        left = self.sum()
        if self.at_sign(*_COMPARISONS):
            sign = self.taken()
            return Binary(sign.text, left, self.sum(), sign.at)
        return left

    def sum(self) -> Tree:
        """Products added and subtracted."""
        left = self.product()
        while self.at_sign("+", "-"):
            sign = self.taken()
            left = Binary(sign.text, left, self.product(), sign.at)
        return left

    def product(self) -> Tree:
        """Values multiplied and divided."""
        left = self.signed()
        while self.at_sign("*", "/"):
            sign = self.taken()
            left = Binary(sign.text, left, self.signed(), sign.at)
        return left

    def signed(self) -> Tree:
        """A value with a sign before it."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise JunhengError("line_text_deep", at=self.here.at, limit=DEEPEST)
        tree = self.negative() if self.at_sign("-", "+") else self.value()
        self.depth -= 1
        return tree

    def negative(self) -> Tree:
        """What stands behind a sign."""
        sign = self.taken()
        tree = self.signed()
        return tree if sign.text == "+" else Binary("-", Number(0.0, sign.at), tree, sign.at)

    def value(self) -> Tree:
        """A number, a column, a function, or a formula in parentheses."""
        if self.at_sign("("):
            self.taken()
            tree = self.comparison()
            self.closing()
            return tree
        if self.here.kind == "number":
            token = self.taken()
            return Number(token.value, token.at)
        if self.here.kind == "name":
            return self.named(self.taken())
        raise self.wrong("line_text_value")

    def closing(self) -> None:
        """The parenthesis that must close here."""
        if not self.at_sign(")"):
            raise self.wrong("line_text_closing")
        self.taken()

    def named(self, token: Token) -> Tree:
        """A column or a function; a column may have the name of a function."""
        called = FUNCTIONS.get(token.text.lower())
        if called is not None and self.at_sign("("):
            return self.function(called, token)
        if token.text not in self.columns:
            raise JunhengError("line_text_name", at=token.at, what=token.text)
        return Column(token.text, token.at)

    def function(self, called: str, token: Token) -> Tree:
        """A function with its values in parentheses."""
        self.taken()
        values = [self.comparison()]
        while self.at_sign(","):
            self.taken()
            values.append(self.comparison())
        self.closing()
        least, most = _TAKES[called]
        if not least <= len(values) <= most:
            raise JunhengError(
                "line_text_values", at=token.at, what=token.text, least=least, most=most
            )
        return Chosen(called, tuple(values), token.at)
