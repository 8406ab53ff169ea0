"""A scenario: a small difference to its base, with everything it says resolved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from simulator.errors import FindingsError
from simulator.findings import Finding
from simulator.glossary import Language
from simulator.scenario.check import Lines, check_blocks, check_values
from simulator.scenario.content import difference, laid_over, spread
from simulator.scenario.head import HEAD_CHECKS, SaidLines, as_lines, as_words
from simulator.scenario.levers import lever_at

Words = Mapping[Language, str]
#: What is computed from beside assumptions and levers.
FRAME = ("policy", "horizon", "lines")


@dataclass(frozen=True)
class Scenario:
    """What officers vary: assumptions and levers, by dotted path.

    ``own`` is what it says itself, ``base`` the scenario it is based on; what neither says is
    not in ``flat()``: there the law's value in force applies, or nothing is paid. Equal
    content has an equal ``fingerprint``, whatever the names, notes and the order of keys.
    ``lines`` is the district's own formula of operating funds; None: that of the packs, and
    the national one where they have none; ``national``: the national one in any case.
    ``source`` is the file it was read from, empty once it was changed.
    """

    name: Words
    own: Mapping[str, Any]
    policy: tuple[str, ...]
    horizon: int
    lines: SaidLines = None
    note: Words = field(default_factory=lambda: MappingProxyType({}))
    question: Words = field(default_factory=lambda: MappingProxyType({}))
    base: Scenario | None = None
    based_on: str | None = None
    source: str = ""

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def title(self, language: Language) -> str:
        """Its name in one language, or in the other where it has none."""
        return in_language(self.name, language)

    @cached_property
    def _flat(self) -> dict[str, Any]:
        return laid_over(self.base.flat() if self.base else {}, self.own)

    def flat(self) -> dict[str, Any]:
        """Everything it says, by dotted path; a list has one value a planned year."""
        return dict(self._flat)

    def get(self, path: str) -> Any:
        """One value; None where it is not said."""
        return self._flat.get(path)

    def with_changes(self, changes: Mapping[str, Any]) -> Scenario:
        """The scenario with other values by dotted path; None takes one back to "not said".

        ``name``, ``note``, ``question``, ``horizon``, ``policy`` and ``lines`` can be changed
        too. The order of the changes does not matter, and a value set back to the base's is no
        change.
        Raises FindingsError with every value that is not allowed.
        """
        head = {key: changes[key] for key in HEAD_CHECKS if key in changes}
        own = spread({path: value for path, value in changes.items() if path not in HEAD_CHECKS})
        source = self.source or self.title("en")
        horizon = head.get("horizon", self.horizon)
        said = laid_over(self._flat, own)
        findings = [each for key in head for each in HEAD_CHECKS[key](key, head[key], source, None)]
        findings += check_values(own, _years(horizon), source)
        refuse(source, findings or check_said(said, horizon, source))
        kept = difference(self.base.flat() if self.base else {}, said)
        for key in ("name", "note", "question"):
            head |= {key: as_words(head[key])} if key in head else {}
        head |= {"policy": tuple(head["policy"])} if "policy" in head else {}
        head |= {"lines": as_lines(head["lines"])} if "lines" in head else {}
        return replace(self, own=MappingProxyType(kept), source="", **head)

    def with_horizon(self, horizon: int) -> Scenario:
        """The scenario over more or fewer years; the last value of a list goes on."""
        lists = {
            path: [*value[:horizon], *value[-1:] * (horizon - len(value))]
            for path, value in self._flat.items()
            if is_by_year(path, value)
        }
        return self.with_changes({**lists, "horizon": horizon})

    def derived(self, name: str | Words) -> Scenario:
        """A new scenario based on this one, which says nothing of its own yet."""
        nothing: Mapping[Any, Any] = MappingProxyType({})
        found = replace(
            self,
            own=nothing,
            note=nothing,
            question=nothing,
            base=self,
            based_on=self.source.removesuffix(".yaml") or None,
            source="",
        )
        return found.with_changes({"name": name})

    def alone(self) -> Scenario:
        """The same scenario with everything said by itself, based on nothing."""
        return replace(self, own=MappingProxyType(self.flat()), base=None, based_on=None)

    def changed(self) -> dict[str, tuple[Any, Any]]:
        """What differs from the base scenario: path → (base's value, own value).

        The horizon and the policy packs are among the paths. Without a base, all it says.
        """
        base, mine = _frame(self.base) if self.base else {}, _frame(self)
        paths = dict.fromkeys([*mine, *base])
        return {
            path: (base.get(path), mine.get(path))
            for path in paths
            if base.get(path) != mine.get(path)
        }

    @cached_property
    def lines_key(self) -> str:
        """What is said of formula lines as one text, equal for equal lines; empty for nothing."""
        said = self.lines
        plain = said if isinstance(said, str) else dict(said or {})
        return json.dumps(plain, sort_keys=True) if plain else ""

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of what it says: names, notes and the order of keys do not count."""
        content: list[Any] = [list(self.policy), self.horizon, sorted(self._flat.items())]
        if self.lines:
            content.append(self.lines_key)
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def in_language(words: Words, language: Language) -> str:
    """Words in one language, or in the other where they are not given in it."""
    return words.get(language) or next(iter(words.values()), "")


def is_by_year(path: str, value: Any) -> bool:
    """Whether a value is a list of one number a planned year."""
    lever = lever_at(path)
    kinds = ("number", "investment", "path")
    listed = isinstance(value, list) and not path.endswith(".plan")
    return listed and lever is not None and lever.kind in kinds


def _frame(scenario: Scenario) -> dict[str, Any]:
    return {**{key: getattr(scenario, key) for key in FRAME}, **scenario.flat()}


def _years(horizon: Any) -> int:
    return horizon if isinstance(horizon, int) else 0


def check_said(
    said: Mapping[str, Any], horizon: int, source: str, lines: Lines = None
) -> list[Finding]:
    """Findings of everything a scenario says together, its base's values among it."""
    lengths = [
        each for each in check_values(said, horizon, source, lines) if each.code != "scenario_key"
    ]
    return [*lengths, *check_blocks(said, source, lines)]


def refuse(source: str, findings: list[Finding]) -> None:
    """Raise FindingsError where there is any error."""
    if findings:
        raise FindingsError(source, findings)
