"""Writes a scenario's file: what it says beyond its base, nothing else, at once or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simulator.scenario.content import nested
from simulator.scenario.head import SaidLines
from simulator.scenario.model import Scenario, Words
from simulator.strict_yaml import write_yaml


def content_of(scenario: Scenario) -> dict[str, Any]:
    """The content of a scenario's file, in the order in which officers read it."""
    base = scenario.base
    content: dict[str, Any] = {"name": _said(scenario.name)}
    for key, value in (("question", scenario.question), ("note", scenario.note)):
        if value:
            content[key] = _said(value)
    if base is not None:
        content["based_on"] = scenario.based_on
    if base is None or scenario.policy != base.policy:
        content["policy"] = list(scenario.policy)
    if base is None or scenario.horizon != base.horizon:
        content["horizon"] = scenario.horizon
    if scenario.lines != (base.lines if base else None):
        content["lines"] = _lines(scenario.lines)
    return {**content, **nested(scenario.own)}


def _lines(said: SaidLines) -> str | dict[str, Any] | None:
    """Formula lines as a file says them."""
    return said if said is None or isinstance(said, str) else dict(said)


def _said(words: Words) -> str | dict[str, str]:
    """Words as a file says them: once where they are the same in both languages."""
    texts: Mapping[Any, str] = words
    if len(texts) == 2 and len(set(texts.values())) == 1:
        return next(iter(texts.values()))
    return {str(language): text for language, text in texts.items()}


def dump_scenario(scenario: Scenario) -> str:
    """The file of a scenario: what it says beyond its base, nothing else.

    A scenario whose base has no file of its own says everything by itself.
    """
    whole = scenario.base is not None and not scenario.based_on
    return write_yaml(content_of(scenario.alone() if whole else scenario))


def write_whole(target: Path, data: bytes) -> None:
    """Write a file at once or not at all: beside it first, then put in its place."""
    with tempfile.NamedTemporaryFile("wb", dir=target.parent, suffix=".part", delete=False) as part:
        temporary = Path(part.name)
        try:
            part.write(data)
            part.flush()
            os.fsync(part.fileno())
        except BaseException:
            part.close()
            temporary.unlink(missing_ok=True)
            raise
    temporary.replace(target)
