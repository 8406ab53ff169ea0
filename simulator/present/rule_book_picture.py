"""Who uses whom, as a picture: the formulas of one subject from left to right as computed.

Members of a family (one formula for every indicator or item) share one box.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from simulator import glossary
from simulator.glossary import Language

if TYPE_CHECKING:
    from simulator.machine.graph import Graph
    from simulator.present.rule_book import RuleBook

WIDTH, HEIGHT = 168, 44
ACROSS, DOWN = 232, 60
MARGIN = 16
#: Sweeps that put each box near those it uses.
SWEEPS = 4
#: Units of width that a line of a box holds; a Chinese character is two.
LINE = 27
#: Signs after this one are as wide as a Chinese character.
CHINESE = 0x2E80


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


def to_svg(shown: Picture) -> str:
    """The picture as SVG, readable without any other file."""
    across = max(node.x for node in shown.nodes) * ACROSS + WIDTH + 2 * MARGIN
    down = max(node.y for node in shown.nodes) * DOWN + HEIGHT + 2 * MARGIN
    at = {node.id: node for node in shown.nodes}
    lines = [_line(at[edge.source], at[edge.target], edge.last_year) for edge in shown.edges]
    boxes = [_boxed(node) for node in shown.nodes]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across} {down}" '
        f'width="{across}" height="{down}" role="img" aria-label="{escape(shown.title)}" '
        'font-family="sans-serif" font-size="12">'
    )
    return "\n".join([head, f"<title>{escape(shown.title)}</title>", *lines, *boxes, "</svg>"])


def _line(source: Node, target: Node, last_year: bool) -> str:
    x1, y1 = MARGIN + source.x * ACROSS + WIDTH, MARGIN + source.y * DOWN + HEIGHT // 2
    x2, y2 = MARGIN + target.x * ACROSS, MARGIN + target.y * DOWN + HEIGHT // 2
    bend = max(32, abs(x2 - x1) // 2)
    dashes = ' stroke-dasharray="5 4"' if last_year else ""
    path = f"M{x1},{y1} C{x1 + bend},{y1} {x2 - bend},{y2} {x2},{y2}"
    return f'<path d="{path}" fill="none" stroke="#8a94a6" stroke-width="1"{dashes}/>'


def _boxed(node: Node) -> str:
    x, y = MARGIN + node.x * ACROSS, MARGIN + node.y * DOWN
    fill, line = ("#e8f1fb", "#2f6db0") if node.inside else ("#f2f2f2", "#9a9a9a")
    rows = wrapped(node.label)
    top = y + HEIGHT // 2 + 4 - 7 * (len(rows) - 1)
    middle = x + WIDTH // 2
    texts = (
        f'<text x="{middle}" y="{top + 14 * place}" text-anchor="middle">{escape(row)}</text>'
        for place, row in enumerate(rows)
    )
    shape = f'x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="4"'
    box = f'<rect {shape} fill="{fill}" stroke="{line}"/>'
    return f"<g><title>{escape(node.label)}</title>{box}{''.join(texts)}</g>"


def wrapped(label: str) -> list[str]:
    """A label in at most two lines of much the same width; what does not fit ends in dots."""
    if _wide(label) <= LINE:
        return [label]
    cut = next(
        place for place in range(len(label)) if _wide(label[: place + 1]) * 2 >= _wide(label)
    )
    space = label.rfind(" ", 0, cut + 1)
    cut = space + 1 if space > 0 else cut + 1
    return [_fitting(label[:cut].rstrip()), _fitting(label[cut:])]


def _wide(text: str) -> int:
    return sum(2 if ord(sign) > CHINESE else 1 for sign in text)


def _fitting(line: str) -> str:
    if _wide(line) <= LINE:
        return line
    while _wide(line) >= LINE:
        line = line[:-1]
    return f"{line}…"
