"""The rules about teachers who move: as many come as go, and no more than may."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.plan.layout import Layout
from simulator.plan.problem import BACKBONE, KINDS, Array, Ints, Problem
from simulator.plan.rows import ANY, Rows, places_of, stacked


def same_totals(problem: Problem, layout: Layout) -> Iterator[Rows]:
    """Rotation adds no teacher: within a stage, as many come in as go out."""
    kind, part, step = np.nonzero(layout.into >= 0)
    stage = problem.part_stage[part]
    code = (stage * len(KINDS) + kind) * len(layout.seen) + step
    codes, number = np.unique(code, return_inverse=True)
    triplets = stacked(
        (number, layout.into[kind, part, step], np.ones(len(kind))),
        (number, layout.out[kind, part, step], -np.ones(len(kind))),
    )
    rest, at = np.divmod(codes, len(layout.seen))
    places = places_of(
        len(codes),
        stage=rest // len(KINDS),
        indicator=rest % len(KINDS),
        year=np.array(layout.seen, dtype=np.intp)[at],
    )
    yield Rows("same_total", "eq", *triplets, np.zeros(len(codes)), places)


def rotation_caps(problem: Problem, layout: Layout) -> Iterator[Rows]:
    """Teachers who move stay within the share that rotates; backbone teachers within theirs."""
    for family, caps, kinds in (
        ("rotation", problem.rotation_cap, slice(None)),
        ("backbone", problem.backbone_cap, slice(BACKBONE, BACKBONE + 1)),
    ):
        parts, right = [], []
        for step in range(len(layout.seen)):
            columns = layout.into[kinds, :, step].ravel()
            parts.append((np.full(len(columns), step), columns, np.ones(len(columns))))
            right.append(float(step_caps(problem, layout, caps)[step]))
        if parts and np.isfinite(right).all() and (layout.into >= 0).any():
            places = places_of(len(right), year=np.array(layout.seen))
            yield Rows(family, "le", *stacked(*parts), np.array(right), places)  # type: ignore[arg-type]


def step_caps(problem: Problem, layout: Layout, caps: Array) -> Array:
    """The caps of the years that each step of the rotation covers, added up."""
    yearly = np.floor(caps + 1e-9) if problem.whole else caps
    begins = (0, *(end + 1 for end in layout.seen[:-1]))
    pairs = zip(begins, layout.seen, strict=bool(layout.seen))
    return np.array([yearly[begin : end + 1].sum() for begin, end in pairs])


def teacher_bounds(problem: Problem, layout: Layout) -> Iterator[Rows]:
    """A part has no fewer than no teachers of a kind, and no more than its full-time teachers."""
    kind, part, step = np.nonzero(layout.into >= 0)
    ends = np.array(layout.seen, dtype=np.intp)[step]
    # a part that must reach a standard has teachers in any case
    open_ended = np.isnan(layout.full[ends, kind, part])
    most = np.isfinite(problem.most_teachers[part])
    for kept, sign in ((open_ended, -1.0), (most, 1.0)):
        yield _bound(problem, layout, kind[kept], part[kept], step[kept], sign)


def _bound(
    problem: Problem, layout: Layout, kind: Ints, part: Ints, step: Ints, sign: float
) -> Rows:
    """Teachers after a step against none (sign −1) or against all full-time teachers (1)."""
    number, triplets = np.arange(len(kind)), []
    for end in range(len(layout.seen)):
        before = end <= step
        for columns, direction in ((layout.into, sign), (layout.out, -sign)):
            column = np.where(before, columns[kind, part, end], ANY)
            triplets.append((number, column, np.full(len(kind), direction)))
    places = places_of(
        len(kind),
        stage=problem.part_stage[part],
        indicator=kind,
        year=np.array(layout.seen, dtype=np.intp)[step],
        school=problem.part_school[part],
    )
    owned = problem.teachers[kind, part]
    right = owned if sign < 0 else np.maximum(problem.most_teachers[part] - owned, 0.0)
    return Rows("teachers", "le", *stacked(*triplets), right, places)


def fixed_moves(problem: Problem, layout: Layout) -> Iterator[Rows]:
    """Moves of teachers that a person has fixed are made as they stand."""
    kind, part = np.nonzero(np.isfinite(problem.fixed_move))
    steps = len(layout.seen)
    number = np.repeat(np.arange(len(kind)), steps)
    triplets = stacked(
        (number, layout.into[kind, part], np.ones(len(number))),
        (number, layout.out[kind, part], -np.ones(len(number))),
    )
    places = places_of(
        len(kind),
        stage=problem.part_stage[part],
        indicator=kind,
        school=problem.part_school[part],
    )
    yield Rows("fixed", "eq", *triplets, problem.fixed_move[kind, part], places)
