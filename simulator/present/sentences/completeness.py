"""What a district's file can do, in sentences: each output's light, and the remedies in order."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from simulator import glossary
from simulator.completeness.table import Blocked, remedies
from simulator.district.model import District
from simulator.glossary import Language
from simulator.present.sentences.causes import first_named
from simulator.results.evaluation_items import items

#: Schools that are named before the rest is only counted.
NAMED: Final = 3
#: Glossary ids of outputs that are not called by their own name.
CALLED: Final = {
    "rule": "rule.{}", "quality": "value_{}", "basic": "value_{}", "form": "completeness.{}",
    "plan": "completeness.{}",
}  # fmt: skip


def output_label(group: str, output: str, language: Language) -> str:
    """An output as an officer calls it."""
    if output in items():
        item = items()[output]
        return f"{output} {item.zh if language == 'zh' else item.en}"
    named = glossary.find(CALLED.get(group, "{}").format(output)) or glossary.term(output)
    return named.label(language)


def cause_label(blocked: Blocked, language: Language) -> str:
    """The column, figure or value that is missing; a name without words stands as it is."""
    if blocked.column in items():
        return output_label("item", blocked.column, language)
    name = blocked.column.partition(":")[0]
    if blocked.source == "indicators":
        name = _targets().get(name, f"target_{name}")
    found = glossary.find(f"column.{name}") or glossary.find(name)
    return found.label(language) if found else blocked.column


@functools.cache
def _targets() -> dict[str, str]:
    """The target that each tracked value is held against: it is called the same."""
    pairs = (zip(item.tracked, item.targets, strict=False) for item in items().values())
    return dict(itertools.chain.from_iterable(pairs))


def remedy_text(blocked: Blocked, district: District, language: Language) -> str:
    """What is missing, where, and how it is mended."""
    places = _schools(blocked, district, language)
    if blocked.source != "schools":
        places = glossary.label("export.stop", language).join(blocked.schools)
    name = cause_label(blocked, language)
    return glossary.text(
        f"completeness.remedy.{blocked.remedy}", language, name=name, places=places
    )


def _schools(blocked: Blocked, district: District, language: Language) -> str:
    """Codes and names of the first schools, and how many there are in all."""
    table = district.schools["school_name"].to_dict()
    named = [f"{code} {table.get(code, '')}".strip() for code in blocked.schools]
    return first_named(named, NAMED, language)


def lines(table: pd.DataFrame, district: District, language: Language) -> Iterator[str]:
    """The remedies, the one that does most first; then every output with its light."""
    mends = remedies(table)
    if len(mends):
        yield glossary.label("completeness.remedies", language)
    for row in mends.to_dict("records"):
        blocked = Blocked(row["source"], row["column"], row["schools"])
        yield f"  {remedy_text(blocked, district, language)}{_unlocks(row['unlocks'], language)}"
    for row in table.to_dict("records"):
        yield _light(row, language)


def _unlocks(count: int, language: Language) -> str:
    if not count:
        return ""
    between = "" if language == "zh" else " "
    return between + glossary.text("completeness.unlocks", language, count=count)


def _light(row: dict[Any, Any], language: Language) -> str:
    """One output with its light."""
    said = glossary.text(
        "completeness.line", language,
        group=glossary.label(f"completeness.group.{row['group']}", language),
        output=output_label(row["group"], row["output"], language),
        light=glossary.label(f"completeness.{row['computable']}", language),
    )  # fmt: skip
    if row["computable"] == "all" or row["blocked_by"]:
        return said
    between = "" if language == "zh" else " "
    return said + between + glossary.label("completeness.barred", language)
