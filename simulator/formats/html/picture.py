"""Who uses whom, drawn as SVG."""

from __future__ import annotations

from html import escape

from simulator.present.rule_book_picture import Node, Picture

WIDTH, HEIGHT = 168, 44
ACROSS, DOWN = 232, 60
MARGIN = 16
#: Units of width that a line of a box holds; a Chinese character is two.
LINE = 27
#: Signs after this one are as wide as a Chinese character.
CHINESE = 0x2E80


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
