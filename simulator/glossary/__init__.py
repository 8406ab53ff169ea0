"""The only source of labels and messages, in Chinese and English.

Every identifier (column, formula, lever, rule, unit, message) has its words in one of
the YAML files beside this module, one file a subject. A word that is missing raises.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib import resources
from typing import Literal

import yaml

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Term:
    """One identifier's words: label and definition in both languages, unit."""

    id: str
    zh: str
    en: str
    unit: str | None = None
    zh_definition: str = ""
    en_definition: str = ""

    def label(self, language: Language) -> str:
        """The label in one language."""
        return self.zh if language == "zh" else self.en

    def definition(self, language: Language) -> str:
        """The definition in one language; empty where the label says it all."""
        return self.zh_definition if language == "zh" else self.en_definition


@functools.cache
def terms() -> dict[str, Term]:
    """Every term by its id; raises ValueError on an id that two files define."""
    found: dict[str, Term] = {}
    folder = resources.files(__package__)
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".yaml"):
            continue
        for term in _read(file.read_text(encoding="utf-8"), file.name):
            if term.id in found:
                raise ValueError(f"glossary: {term.id!r} stands twice, again in {file.name}")
            found[term.id] = term
    return found


def _read(text: str, name: str) -> list[Term]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entries = yaml.load(text, Loader=loader) or {}  # noqa: S506 (a safe loader)
    try:
        return [Term(id=str(key), **entry) for key, entry in entries.items()]
    except TypeError as error:
        raise ValueError(f"glossary: {name}: {error}") from error


def term(identifier: str) -> Term:
    """The term of an identifier; KeyError with the id where there is none."""
    return terms()[identifier]


def label(identifier: str, language: Language) -> str:
    """The label of an identifier in one language."""
    return term(identifier).label(language)


def text(identifier: str, language: Language, **params: object) -> str:
    """A message of the glossary, filled in; KeyError where a parameter is missing."""
    return label(identifier, language).format(**params)


def as_language(value: str) -> Language:
    """The language meant by a locale name such as ``zh-CN``; English for all but Chinese."""
    return "zh" if value.lower().startswith("zh") else "en"
