"""The items of the evaluation and the points of the plan: what each is called and judged by."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal

import yaml

from simulator.policy.model import PACK_OF_DOCUMENT

#: The pack of the district's plan, which alone asks for the plan's points.
PLAN = PACK_OF_DOCUMENT["plan"]
CITES = {"guarantee": "jiaodu_2017_6", "quality": "jiaodu_2017_6", "plan": "plan"}


@dataclass(frozen=True, slots=True)
class Item:
    """One item: what it is called, how it is judged, and by what.

    ``instead`` names the tracked values that stand in for a rule which is not judged.
    """

    id: str
    group: Literal["guarantee", "quality", "plan"]
    kind: Literal["rule", "figure", "tracked", "document"]
    zh: str
    en: str
    rules: tuple[str, ...] = ()
    tracked: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    figure: str = ""
    stages: tuple[str, ...] = ()
    target: str = ""
    sense: Literal["at_least", "at_most", "above"] = "at_least"
    limit: float | None = None
    keyless: bool = False
    final: bool = False
    relaxed: bool = False
    instead: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def cite(self) -> str:
        """The document it stands in."""
        return f"plan {self.id}" if self.group == "plan" else CITES[self.group]


@functools.cache
def items() -> Mapping[str, Item]:
    """Every item by its id, in official order."""
    text = (resources.files("simulator") / "rules" / "evaluation.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    table: dict[str, dict[str, Any]] = yaml.load(text, Loader=loader)  # noqa: S506 (a safe loader)
    return {identifier: _item(identifier, entry) for identifier, entry in table.items()}


def _item(identifier: str, entry: Mapping[str, Any]) -> Item:
    lists = {"rules", "tracked", "targets", "stages"}
    fields: dict[str, Any] = {k: tuple(v) if k in lists else v for k, v in entry.items()}
    return Item(identifier, **fields)


def items_in_force(packs: Collection[str]) -> Mapping[str, Item]:
    """The items that some packs ask for: points of the district's plan only with its pack."""
    there = PLAN in packs
    return {name: item for name, item in items().items() if there or item.group != "plan"}


def is_document(identifier: str) -> bool:
    """Whether an id is that of an item confirmed by hand."""
    item = items().get(identifier)
    return item is not None and item.kind == "document"
