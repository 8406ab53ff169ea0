"""Who uses whom, as a picture: the formulas of one subject from left to right as computed.

Members of a family (one formula for every indicator or item) share one box.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from simulator import glossary
from simulator.glossary import Language
from simulator.machine.graph import Graph
from simulator.present.rule_book import RuleBook

#: Sweeps that put each box near those it uses.
SWEEPS = 4


@dataclass(frozen=True, slots=True)
class Node:
    """One box: a formula, an input, or a family; ``inside`` when it belongs to the subject.

    ``x`` is the layer, 0 at the left; ``y`` the place in it, 0 at the top.
    """

    id: str
    label: str
    x: int
    y: int
    inside: bool
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """``source`` is used by ``target``; ``last_year`` where only last year's value is."""

    source: str
    target: str
    last_year: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes and lines of one subject."""

    title: str
    note: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def picture(book: RuleBook, subject: str) -> Picture:
    """The picture of one subject: its formulas and what they use; KeyError for an unknown one."""
    graph = book.graph
    own = [f.name for f in graph.formulas.values() if f.subject == subject]
    if not own:
        raise KeyError(subject)
    arguments = (argument for name in own for argument in graph.formulas[name].arguments)
    members: dict[str, list[str]] = {}
    for name in dict.fromkeys((*own, *arguments)):
        members.setdefault(_box(name), []).append(name)
    order = _order(graph, members)
    edges = _edges(graph, own, order)
    places = _places(order, edges)
    inside = {_box(name) for name in own}
    nodes = (
        Node(box, _label(book, names), *places[box], box in inside, tuple(names))
        for box, names in members.items()
    )
    found = next(each for each in book.subjects if each.id == subject)
    return Picture(
        title=book.word("picture", subject=found.label),
        note=book.word("picture_note"),
        nodes=tuple(sorted(nodes, key=lambda node: (node.x, node.y))),
        edges=edges,
    )


def _box(name: str) -> str:
    """The box that a name stands in: its family's, that of all items, or its own."""
    if f"indicator.{name}" in glossary.terms():
        return "family.item"
    return glossary.family_of(name) or name


def _label(book: RuleBook, names: list[str]) -> str:
    if len(names) == 1:
        return book.label(names[0])
    return family_label(_box(names[0]), book.language)


#: What the words of a family may be about.
STAND_INS = ("item", "indicator", "grade", "group", "entitled", "rate")


def family_label(family: str, language: Language) -> str:
    """The words of a family as a whole: 各项指标差异系数."""
    if family == "family.item":
        return glossary.label("every.item", language)
    stand_in = {word: glossary.label(f"every.{word}", language) for word in STAND_INS}
    return glossary.label(family, language).format(**stand_in)


def _order(graph: Graph, members: dict[str, list[str]]) -> dict[str, int]:
    """When each box is computed: the place of its first member; inputs come before all."""
    computed = [name for block in graph.blocks for name in block]
    place = {name: position for position, name in enumerate(computed)}
    found = {box: min(place.get(name, -1) for name in names) for box, names in members.items()}
    return dict(sorted(found.items(), key=lambda pair: (pair[1], pair[0])))


def _edges(graph: Graph, own: Iterable[str], order: dict[str, int]) -> tuple[Edge, ...]:
    """Lines between boxes, each once; a line from a later box takes last year's value."""
    pairs: dict[tuple[str, str], bool] = {}
    for name in own:
        formula = graph.formulas[name]
        for argument in formula.arguments:
            pair = (_box(argument), _box(name))
            lagged = argument in formula.before and argument not in formula.now
            pairs[pair] = pairs.get(pair, True) and lagged
    return tuple(
        Edge(source, target, lagged or order[source] > order[target])
        for (source, target), lagged in sorted(pairs.items())
        if source != target
    )


def _places(order: dict[str, int], edges: tuple[Edge, ...]) -> dict[str, tuple[int, int]]:
    """Layer and place in it of each box: after all it uses, near to them."""
    before: dict[str, list[str]] = {box: [] for box in order}
    after: dict[str, list[str]] = {box: [] for box in order}
    for edge in edges:
        if order[edge.source] < order[edge.target]:
            before[edge.target].append(edge.source)
            after[edge.source].append(edge.target)
    layer: dict[str, int] = {}
    for box in order:
        layer[box] = 1 + max((layer[each] for each in before[box]), default=-1)
    for box in reversed(order):  # what nothing needs early stands beside its first user
        if after[box] and not before[box]:
            layer[box] = min(layer[each] for each in after[box]) - 1
    return _rows(layer, before, after)


def _rows(
    layer: dict[str, int], before: dict[str, list[str]], after: dict[str, list[str]]
) -> dict[str, tuple[int, int]]:
    """Each layer's boxes sorted by the mean place of the boxes they are joined to."""
    layers = [[box for box in layer if layer[box] == x] for x in range(max(layer.values()) + 1)]
    row = {box: y for boxes in layers for y, box in enumerate(boxes)}
    for sweep in range(SWEEPS):
        near = before if sweep % 2 == 0 else after
        for boxes in layers if sweep % 2 == 0 else reversed(layers):
            mean = {box: _mean([row[each] for each in near[box]], row[box]) for box in boxes}
            boxes.sort(key=lambda box, mean=mean: (mean[box], box))  # type: ignore[misc]
            row.update({box: y for y, box in enumerate(boxes)})
    return {box: (layer[box], row[box]) for box in layer}


def _mean(places: list[int], own: int) -> float:
    return sum(places) / len(places) if places else float(own)
