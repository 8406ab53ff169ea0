"""Levers that count for nothing, in words: beside each, and together in a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from simulator import glossary
from simulator.glossary import Language
from simulator.results.result import Result
from simulator.scenario.describe import speaking
from simulator.scenario.model import Scenario
from simulator.scenario.naming import lever_label


def idle_mark(result: Result, path: str, language: Language) -> str:
    """Why a lever counts for nothing in a result; empty where it counts."""
    reason = result.idle.get(path)
    return glossary.label(f"idle.{reason}", language) if reason else ""


def marked(text: str, result: Result, path: str, language: Language) -> str:
    """A lever's value, with why it counts for nothing behind it where it does."""
    mark = idle_mark(result, path, language)
    return glossary.text("idle.behind", language, text=text, mark=mark) if mark else text


def idle_sentence(result: Result, paths: Iterable[str], language: Language) -> str:
    """Which of some levers count for nothing, and why; empty where all count."""
    by_mark: dict[str, list[str]] = {}
    for path in paths:
        mark = idle_mark(result, path, language)
        if mark:
            by_mark.setdefault(mark, []).append(lever_label(path.removesuffix(".amount"), language))
    join = glossary.label("idle.comma", language)
    said = (
        glossary.text("idle.among", language, names=join.join(names), mark=mark)
        for mark, names in by_mark.items()
    )
    return glossary.run_on(said, language)


def idle_of(result: Result, base: Scenario | None, language: Language) -> str:
    """Which levers that a scenario says otherwise than its base count for nothing."""
    scenario = speaking(result.binding.scenario)
    before = base.flat() if base is not None else {}
    paths = [path for path, value in scenario.flat().items() if before.get(path) != value]
    return idle_sentence(result, paths, language)


def with_idle(said: str, result: Result, base: Scenario | None, language: Language) -> str:
    """A sentence of what a scenario does, and which of it counts for nothing."""
    return glossary.run_on([said, idle_of(result, base, language)], language)
