"""Reads a set of lines from plain data: strictly, and with every mistake at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, cast

from simulator.errors import FindingsError
from simulator.own_formula.circle import circle_of
from simulator.own_formula.curves import endings_of
from simulator.own_formula.dimension import SHARE, YUAN, dimension_of
from simulator.own_formula.line import TOTAL, Line, LineSet, Measure, Pot, Rule, Source, Title
from simulator.own_formula.notes import MOST_ROWS, Notes
from simulator.own_formula.read_columns import read_columns
from simulator.own_formula.read_line import read_figures, read_line

KEYS: Final = ("id", "zh", "en", "per_pupil", "columns", "measures", "subtotals", "lines", "pots")
RULES: Final = ("proportion", "level_up", "guarantee")
MEASURE: Final = ("id", "zh", "en", "formula", "points", "unit")
POT: Final = ("id", "zh", "en", "rule", "shared", "guaranteed", "amount", "paid_in", "cites")
PUPIL: Final = dimension_of("pupil")
#: What the graph makes of a line beside the line itself.
ENDINGS: Final = ("", "_count", "_rate", "_plain", "_last", "_amount", "_applies", "_area", "_lump")


def read_lines(data: Any, sources: Mapping[str, Source], origin: str = "lines") -> LineSet:
    """A set of lines over the sources that its formulas may name.

    Errors: FindingsError with every mistake, each at its dotted key.
    """
    notes = Notes(origin, {name: source.dimension for name, source in sources.items()})
    row = notes.mapping(data, "", KEYS, ("id", "zh", "en", "per_pupil", "lines"))
    columns = read_columns(_listed(row, "columns"), notes)
    sources = {**sources, **{column.id: column.source for column in columns}}
    _introduce(row, notes)
    title = notes.title(row, "")
    per_pupil = notes.words(row, "per_pupil", "")
    if per_pupil and per_pupil not in sources:
        notes.wrong("no_source", "per_pupil", per_pupil)
    elif per_pupil and sources[per_pupil].dimension != PUPIL:
        notes.unit("per_pupil", per_pupil, sources[per_pupil].dimension, PUPIL)
    subtotals = tuple(_subtotal(each, path, notes) for path, each in _listed(row, "subtotals"))
    measures = tuple(
        measure
        for path, each in _listed(row, "measures")
        if (measure := _measure(each, path, notes)) is not None
    )
    lines = tuple(read_line(each, path, notes) for path, each in _listed(row, "lines"))
    pots = tuple(_pot(each, path, notes) for path, each in _listed(row, "pots"))
    used = MappingProxyType(dict(sources))
    if per_pupil in sources:
        per_pupil = sources[per_pupil].name or per_pupil
    found = LineSet(title, per_pupil, used, lines, measures, subtotals, pots, columns)
    places = _places(row)
    _check_names(found, places, notes)
    circle = circle_of(found)
    if circle and not notes.found:
        notes.wrong("circle", places.get(circle[0], circle[0]), " → ".join(circle))
    if notes.found:
        raise FindingsError(origin, notes.found)
    return found


def _listed(row: Mapping[str, Any], key: str) -> Iterator[tuple[str, Any]]:
    """The rows of a list that is one, each with its place."""
    rows = row.get(key)
    if isinstance(rows, list | tuple):
        for place, each in enumerate(rows[:MOST_ROWS]):
            yield f"{key}.{place}", each


def _introduce(row: Mapping[str, Any], notes: Notes) -> None:
    """Names that any formula may use, wherever they stand: they all are money."""
    for key in ("columns", "lines", "subtotals", "pots", "measures"):
        notes.rows(row.get(key), key)
        for _, each in _listed(row, key):
            name = each.get("id") if isinstance(each, Mapping) else None
            if isinstance(name, str) and key not in ("measures", "columns"):
                notes.names.setdefault(name, YUAN)
    notes.names.setdefault(TOTAL, YUAN)
    if "lines" in row and not row["lines"]:
        notes.wrong("empty", "lines")


def _subtotal(data: Any, path: str, notes: Notes) -> Title:
    return notes.title(notes.mapping(data, path, ("id", "zh", "en"), ("id", "zh", "en")), path)


def _measure(data: Any, path: str, notes: Notes) -> Measure | None:
    """A named step; None where it cannot be read."""
    row = notes.mapping(data, path, MEASURE, ("id", "zh", "en", "formula"))
    title = notes.title(row, path)
    written = notes.formula(row["formula"], f"{path}.formula") if "formula" in row else None
    points = notes.points(row["points"], f"{path}.points") if "points" in row else ()
    named = notes.unit_named(row, path)
    unit = None if named is None else dimension_of(named)
    if written is None:
        notes.broken.add(title.id)
        return None
    found = (unit or SHARE) if points or written.dimension is None else written.dimension
    if unit is not None and found != unit:
        notes.unit(f"{path}.unit", row["unit"], found, unit)
    notes.names[title.id] = found
    return Measure(title, written, points, found)


def _pot(data: Any, path: str, notes: Notes) -> Pot:
    """A pot; whom it refers to is checked once all names are known."""
    needed = ("id", "zh", "en", "rule", "shared", "amount")
    row = notes.mapping(data, path, POT, needed)
    rule = row.get("rule", "proportion")
    if rule not in RULES:
        notes.wrong("choice", f"{path}.rule", rule, allowed=", ".join(RULES))
    guaranteed = notes.words(row, "guaranteed", path)
    if rule == "guarantee" and "guaranteed" not in row:
        notes.wrong("missing", f"{path}.guaranteed", key="guaranteed")
    shared = notes.words(row, "shared", path)
    for key, name in (("shared", shared), ("guaranteed", guaranteed)):
        if name and notes.names.get(name) != YUAN and name not in notes.broken:
            notes.wrong("no_line", f"{path}.{key}", name)
    return Pot(
        title=notes.title(row, path),
        rule=cast(Rule, rule),
        shared=shared,
        amount=read_figures(row.get("amount", 0), f"{path}.amount", False, notes),
        guaranteed=guaranteed,
        paid_in=notes.paid_in(row, path),
        cites=notes.words(row, "cites", path),
    )


def _places(row: Mapping[str, Any]) -> dict[str, str]:
    """Where each id stands; of two that are the same, the later one."""
    return {
        str(each.get("id")): path
        for key in ("subtotals", "measures", "pots", "lines")
        for path, each in _listed(row, key)
        if isinstance(each, Mapping)
    }


def _check_names(found: LineSet, places: Mapping[str, str], notes: Notes) -> None:
    """Every name once, and none that the graph makes for another; subtotals exist."""
    taken: set[str] = {TOTAL}
    titled: list[Title | Line | Measure | Pot] = [*found.subtotals, *found.measures, *found.pots]
    for each in [*titled, *found.lines]:
        name, endings = each.id, ENDINGS if isinstance(each, Line) else ("", "_amount")
        steps = endings_of(each) if isinstance(each, Line | Measure) else ()
        made = {f"{name}{ending}" for ending in (*endings, *steps)}
        if name and (made & taken or name in notes.sources):
            notes.wrong("twice", f"{places[name]}.id", name)
        taken.update(made)
    for line in found.lines:
        if line.into and line.into not in {each.id for each in found.subtotals}:
            notes.wrong("no_subtotal", f"{places.get(line.id, line.id)}.into", line.into)
