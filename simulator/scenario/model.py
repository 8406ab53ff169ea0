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
from simulator.scenario.check import check_values

Words = Mapping[Language, str]


@dataclass(frozen=True)
class Scenario:
    """What officers vary: assumptions and levers, by dotted path.

    ``own`` is what the file itself says, ``base`` the scenario it is based on; what neither
    says is not in ``flat()``: there the law's value in force applies, or nothing is paid.
    """

    name: Words
    own: Mapping[str, Any]
    policy: tuple[str, ...]
    horizon: int
    note: Words = field(default_factory=lambda: MappingProxyType({}))
    question: Words = field(default_factory=lambda: MappingProxyType({}))
    base: Scenario | None = None
    based_on: str | None = None
    source: str = ""

    def title(self, language: Language) -> str:
        """Its name in one language, or in the other where it has none."""
        return self.name.get(language) or next(iter(self.name.values()), "")

    @cached_property
    def _flat(self) -> dict[str, Any]:
        said = {**(self.base.flat() if self.base else {}), **self.own}
        return {path: value for path, value in said.items() if value is not None}

    def flat(self) -> dict[str, Any]:
        """Everything it says, by dotted path; a list has one value a planned year."""
        return dict(self._flat)

    def get(self, path: str) -> Any:
        """One value; None where it is not said."""
        return self._flat.get(path)

    def with_changes(self, changes: Mapping[str, Any]) -> Scenario:
        """The scenario with other values; None takes one back to "not said".

        Raises FindingsError with every value that is not allowed.
        """
        findings = check_values(changes, self.horizon, self.source or self.title("en"))
        if findings:
            raise FindingsError(self.title("en"), findings)
        own = {**self.own, **changes}
        base = self.base.flat() if self.base else {}
        kept = {path: value for path, value in own.items() if base.get(path) != value}
        return replace(self, own=MappingProxyType(kept))

    def changed(self) -> dict[str, tuple[Any, Any]]:
        """What differs from the base scenario: path → (base's value, own value)."""
        base = self.base.flat() if self.base else {}
        mine = self.flat()
        return {
            path: (base.get(path), mine.get(path))
            for path in sorted({*base, *mine})
            if base.get(path) != mine.get(path)
        }

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of what it says: names, notes and the order of keys do not count."""
        content = [list(self.policy), self.horizon, sorted(self._flat.items())]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def refuse(source: str, findings: list[Finding]) -> None:
    """Raise FindingsError where there is any error."""
    if findings:
        raise FindingsError(source, findings)
