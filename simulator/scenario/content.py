"""What a scenario says, by dotted path: reading it out of a file, laying it over its base."""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterator, Mapping
from typing import Any

from simulator.scenario.levers import counts_under, lever_at, levers, neutral_choice, switches

GROUPS = ("assumptions", "levers")
Said = Mapping[str, Any]


def flattened(content: Mapping[str, Any]) -> dict[str, Any]:
    """Everything under assumptions and levers by dotted path; an empty value takes back."""
    found: dict[str, Any] = {}
    for group in GROUPS:
        below = content.get(group)
        if isinstance(below, dict) and below:
            found.update(_visit(group, below))
    return found


def spread(changes: Said) -> dict[str, Any]:
    """Values by dotted path, where a mapping stands for the paths below its own."""
    return dict(each for path, value in changes.items() for each in _visit(path, value))


def _visit(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    lever = lever_at(path)
    if isinstance(value, dict) and value and not (lever and lever.kind in ("rates", "years")):
        for key, below in value.items():
            yield from _visit(f"{path}.{key}", below)
    elif value != {} or not is_block(path):
        yield path, normal(value)


def is_block(path: str) -> bool:
    """Whether a dotted path is one that levers lie below: an empty one says nothing."""
    return lever_at(path) is None and any(is_within(each, path) for each in levers())


def normal(value: Any) -> Any:
    """A value in its one form: whole numbers without a point, lists as lists."""
    if isinstance(value, Mapping):
        return {key: normal(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [normal(each) for each in value]
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return value
    exact: Any = value
    if isinstance(value, numbers.Integral):
        return int(exact)
    exact = float(exact)
    return int(exact) if math.isfinite(exact) and exact.is_integer() else exact


def laid_over(base: Said, own: Said) -> dict[str, Any]:
    """What a base and its own diff say together.

    An empty value takes back what the base says, with everything below it. Where a block
    changes its rule, what the base says and does not count under the new rule falls away.
    """
    found = dict(base)
    for block, switch in switches().items():
        chosen = own.get(switch)
        if chosen is not None and chosen != choice_of(found, block):
            found = {p: v for p, v in found.items() if _stays(p, block, chosen)}
    for path, value in own.items():
        if value is None:
            found = {p: v for p, v in found.items() if not is_within(p, path)}
    found.update({path: value for path, value in own.items() if value is not None})
    return found


def _stays(path: str, block: str, chosen: Any) -> bool:
    return not is_within(path, block) or counts_under(path, chosen)


def is_within(path: str, block: str) -> bool:
    """Whether a dotted path is a block or lies in it."""
    return path == block or path.startswith(f"{block}.")


def choice_of(said: Said, block: str) -> Any:
    """The rule or method that a block follows."""
    switch = switches()[block]
    return said.get(switch, neutral_choice(switch))


def difference(base: Said, new: Said) -> dict[str, Any]:
    """The smallest diff that, laid over the base, says the new things."""
    own = {path: value for path, value in new.items() if path not in base or base[path] != value}
    left = laid_over(base, own)
    return {**own, **{path: None for path in left if path not in new}}


def nested(own: Said) -> dict[str, Any]:
    """Dotted paths as the nested mappings of a file, in the order of the table."""
    content: dict[str, Any] = {}
    for path, value in own.items():
        place = content
        *steps, last = path.split(".")
        for step in steps:
            place = place.setdefault(step, {})
        place[last] = value
    return content
