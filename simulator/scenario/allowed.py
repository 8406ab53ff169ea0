"""What is allowed at a key of a scenario, said in both languages."""

from __future__ import annotations

from collections.abc import Iterable

from simulator import glossary
from simulator.scenario.levers import Lever

#: The words in Chinese and in English.
Allowed = tuple[str, str]


def listed(choices: Iterable[object]) -> Allowed:
    """A list of words of the file, the same in both languages."""
    words = [str(choice) for choice in choices]
    return "、".join(words), ", ".join(words)


def sentence(kind: str, lever: Lever | None = None, **params: object) -> Allowed:
    """A sentence of the glossary; with a lever, its range (shares are explained)."""
    name = "share" if lever is not None and lever.unit == "share" else kind
    if lever is not None:
        params = {"low": f"{lever.min:,.12g}", "high": f"{lever.max:,.12g}", **params}
    identifier = f"allowed.{name}"
    return (
        glossary.text(identifier, "zh", **params),
        glossary.text(identifier, "en", **params),
    )
