"""The tree of a written formula: four kinds of nodes, each with its place in the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: float
    at: int


@dataclass(frozen=True, slots=True)
class Column:
    """What a name stands for: a column, a measure, another line."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Binary:
    """Two values joined by a sign: + - * / < <= > >= = !=."""

    sign: str
    left: Tree
    right: Tree
    at: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """The smallest or largest of some values, or one value rounded."""

    function: str
    values: tuple[Tree, ...]
    at: int


Tree = Number | Column | Binary | Chosen


def columns_of(tree: Tree) -> Iterator[str]:
    """The names that a formula uses, from left to right."""
    if isinstance(tree, Column):
        yield tree.name
    elif isinstance(tree, Binary):
        yield from columns_of(tree.left)
        yield from columns_of(tree.right)
    elif isinstance(tree, Chosen):
        for value in tree.values:
            yield from columns_of(value)
