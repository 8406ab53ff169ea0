"""The key of whatever is kept: made of everything that the kept thing depends on."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

import numpy as np
import pandas as pd

from simulator.district.model import District
from simulator.machine.graph import Graph
from simulator.plan import Plan
from simulator.results.result import Result

#: Where a thing that never changes carries its own key, once it was made.
PLACE = "_key"
_COUNT = itertools.count()


def key(*parts: Any) -> str:
    """The key of a value that depends on some parts: SHA-256 over everything that they hold.

    Two parts that differ in anything that is read of them (a name, a note, the cell a value came
    from) give two keys. Raises TypeError for a part of a kind whose content is not known, so that
    nothing is left out silently.
    """
    digest = hashlib.sha256()
    for piece in _pieces(parts):
        digest.update(str(len(piece)).encode() + b":" + piece)
    return digest.hexdigest()


def _pieces(part: Any) -> Iterator[bytes]:
    """Everything a part holds, one piece after the other; kinds and sizes are among it."""
    yield type(part).__name__.encode()
    if part is None or isinstance(part, (bool, int, float, str, bytes, date, PurePath, np.generic)):
        yield repr(part).encode("utf-8", "surrogatepass")
    elif isinstance(part, (tuple, list)):
        yield from _each(part)
    elif isinstance(part, (set, frozenset)):
        yield from _each(sorted(map(key, part)))
    elif isinstance(part, Mapping):
        yield from _each([each for pair in part.items() for each in pair])
    elif isinstance(part, pd.DataFrame):
        yield from _frame(part)
    elif isinstance(part, np.ndarray):
        yield repr((part.dtype.str, part.shape)).encode() + part.tobytes()
    else:
        yield _known(part)


def _each(parts: Any) -> Iterator[bytes]:
    yield str(len(parts)).encode()
    for part in parts:
        yield from _pieces(part)


def _frame(frame: pd.DataFrame) -> Iterator[bytes]:
    yield from _pieces([str(frame.index.name), frame.index.tolist(), frame.columns.tolist()])
    for place in range(frame.shape[1]):
        column = frame.iloc[:, place]
        if isinstance(column.dtype, np.dtype) and column.dtype.kind in "biuf":
            yield from _pieces(column.to_numpy())
        else:
            yield from _pieces(column.tolist())


def _known(part: Any) -> bytes:
    """The key of a thing of the product's own, kept with it where it can be."""
    if not is_dataclass(part) or isinstance(part, type):
        raise TypeError(f"no key can be made of {type(part).__name__}")
    kept = getattr(part, "__dict__", None)
    if kept is not None and PLACE in kept:
        return bytes(kept[PLACE])
    made = _made(part).encode()
    if kept is not None:
        kept[PLACE] = made
    return made


def _made(part: Any) -> str:
    if isinstance(part, (Graph, Plan)):  # they hold functions and proofs: it counts which one it is
        return f"{type(part).__name__} {next(_COUNT)}"
    if isinstance(part, Result):
        found = part.binding
        own: District = found.district.own or found.district
        return key(own, found.policy, found.scenario, part.graph, tuple(part.values))
    return key(*(getattr(part, each.name) for each in fields(part)))
