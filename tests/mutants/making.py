"""The mutants of a source text: the library's operators, and extremes and strictness of our own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace

from poodle.data_types import FileMutation, Mutator
from poodle.mutators import (
    AugAssignMutator,
    BinaryOperationMutator,
    ComparisonMutator,
    KeywordMutator,
    NumberMutator,
    UnaryOperationMutator,
)

#: Each of a pair takes the other's place: extremes, strictness, directions.
PAIRS = (
    ("min", "max"), ("minimum", "maximum"), ("smallest", "largest"), ("any", "all"),
    ("floor", "ceil"), ("argmin", "argmax"), ("nanmin", "nanmax"), ("fmin", "fmax"),
    ("above", "at_least"), ("greater", "greater_equal"), ("less", "less_equal"),
)  # fmt: skip
SWAPPED = dict(PAIRS) | {right: left for left, right in PAIRS}
SIDES = {"left": "right", "right": "left"}
#: Written in parentheses, so that what stands around a change does not take it apart.
WRAPPED = {"BinOp", "Compare", "UnaryOp"}
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: where (line from 1, bytes from 0), what stood there and what stands there."""

    file: str
    line: int
    start: int
    end: int
    before: str
    after: str
    text: str
    nth: int

    @property
    def key(self) -> tuple[str, str, str, str, int]:
        """What names a change when lines have moved: the ``nth`` like it of its file."""
        return (self.file, self.text, self.before, self.after, self.nth)

    def applied(self, source: str) -> str:
        """The source with the change."""
        whole = source.encode()
        return (whole[: self.start] + _bare(self.after).encode() + whole[self.end :]).decode()


def _bare(after: str) -> str:
    """What is written: a word from elsewhere is fetched where it is used ("word @ module")."""
    name, _, module = after.partition(" @ ")
    return f"__import__({module!r}, fromlist=['_']).{name}" if module else after


class ExtremeMutator(ast.NodeVisitor, Mutator):
    """The smallest for the largest, strictly for at least, any for all, left for right."""

    mutator_name = "Extreme"

    def create_mutations(self, parsed_ast: ast.Module, *_: object, **__: object) -> list:
        """Nothing yet: the words of the module are looked up, places are visited one by one."""
        self.mutants: list[FileMutation] = []
        self.bound, self.local = _bound(parsed_ast), _local(parsed_ast)
        return self.mutants

    def visit_Name(self, node: ast.Name) -> None:
        other = SWAPPED.get(node.id)
        if other and node.id not in self.local:
            source = self.bound.get(node.id)
            elsewhere = f" @ {source}" if source and other not in self.bound else ""
            self.mutants.append(self.create_file_mutation(node, other + elsewhere))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        other = SWAPPED.get(node.attr)
        if other and not (isinstance(node.value, ast.Name) and node.value.id == "self"):
            whole = f"{ast.unparse(node.value)}.{other}"
            self.mutants.append(self.create_file_mutation(node, whole))

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg == "side" and isinstance(node.value, ast.Constant):
            side = SIDES[str(node.value.value)]
            self.mutants.append(self.create_file_mutation(node.value, repr(side)))


def _bound(tree: ast.Module) -> dict[str, str]:
    """The words that a module imports or defines, with the module each is from ("": this one)."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found |= {each.asname or each.name: node.module or "" for each in node.names}
        elif isinstance(node, ast.FunctionDef):
            found[node.name] = ""
    return found


def _local(tree: ast.Module) -> set[str]:
    """The names that are arguments or variables somewhere in a module."""
    nodes = list(ast.walk(tree))
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and _is_stored(node)}
    return stored | {node.arg for node in nodes if isinstance(node, ast.arg)}


def _is_stored(node: ast.Name) -> bool:
    return not isinstance(node.ctx, ast.Load)


MUTATORS: tuple[type[Mutator], ...] = (
    AugAssignMutator, BinaryOperationMutator, ComparisonMutator, KeywordMutator, NumberMutator,
    UnaryOperationMutator, ExtremeMutator,
)  # fmt: skip


def mutants(file: str, source: str) -> list[Mutant]:
    """Every change that can be made to a source, in the order of its text; some may not count."""
    tree = ast.parse(source)
    spared = list(_spared(tree))
    starts, lines = _line_starts(source), source.splitlines()
    whole, found, seen = source.encode(), [], {}
    for each in sorted(_made(source), key=lambda m: (m.lineno, m.col_offset, m.text)):
        place = ((each.lineno, each.col_offset), (each.end_lineno, each.end_col_offset))
        if any(low <= place[0] and place[1] <= high for low, high in spared):
            continue
        start, end = (starts[line - 1] + column for line, column in place)
        before = whole[start:end].decode()
        after = f"({each.text})" if each.mutator_name in WRAPPED else each.text
        text = " ".join(lines[each.lineno - 1].split())
        nth = seen[text, before, after] = seen.get((text, before, after), -1) + 1
        found.append(Mutant(file, each.lineno, start, end, before, after, text, nth))
    return found


def _made(source: str) -> Iterator[FileMutation]:
    for kind in MUTATORS:
        for made in _made_by(kind, source):
            # an empty text for None is caught by any use of it: nothing is learnt from it
            if made.text != "' '":
                yield made


def _made_by(kind: type[Mutator], source: str) -> list[FileMutation]:
    """The mutations of one kind, at every place: the library's own walk stops at an operator.

    A change inside another (of ``a + b`` in ``(a + b) * c``) would be left out by it.
    """
    options = SimpleNamespace(mutator_opts={})
    tree = ast.parse(source)
    mutator = kind(options, _silent)
    mutator.create_mutations(tree, source.splitlines())
    mutator.mutants = []
    for node in ast.walk(tree):
        visit = getattr(mutator, f"visit_{type(node).__name__}", None)
        if visit is not None and type(node).__name__ != "Module":
            visit(node)
    return mutator.mutants


def _silent(*_: object, **__: object) -> None:
    """The library's messages go nowhere."""


def counts(made: Mutant, source: str) -> bool:
    """Whether a change is still a program, and another one."""
    try:
        other = ast.parse(made.applied(source))
    except SyntaxError:
        return False
    return ast.dump(other) != ast.dump(ast.parse(source))


def _line_starts(source: str) -> list[int]:
    starts = [0]
    for line in source.encode().split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _spared(tree: ast.Module) -> Iterator[tuple[Place, Place]]:
    """What is not changed: citations, types, printed patterns, what is only made sure of."""
    for node in ast.walk(tree):
        for part in _spared_parts(node):
            yield (
                (part.lineno, part.col_offset),
                (part.end_lineno or part.lineno, part.end_col_offset or part.col_offset),
            )


def _spared_parts(node: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield from node.decorator_list
    if isinstance(node, ast.FunctionDef) and node.returns:
        yield node.returns
    if isinstance(node, (ast.arg, ast.AnnAssign)) and node.annotation:
        yield node.annotation
    # the places of what stands inside a printed pattern are not known before Python 3.12
    if isinstance(node, (ast.JoinedStr, ast.Assert)):
        yield node
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "zip":
        yield from (each.value for each in node.keywords)
    yield from _types(node)


def _types(node: ast.AST) -> Iterator[ast.expr]:
    """Types that stand where values stand: aliases, casts, what isinstance asks for."""
    if isinstance(node, ast.Assign) and _capitals(node.targets[0]) and _is_alias(node.value):
        yield node.value
    named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id
    if isinstance(node, ast.Call) and named in {"isinstance", "cast"}:
        yield from node.args


def _is_alias(node: ast.expr) -> bool:
    """Whether a value is one type or another, or a type of something."""
    if isinstance(node, ast.Subscript):
        return isinstance(node.value, ast.Name)
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr)


def _capitals(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and not node.id.isupper() and node.id[:1].isupper()
