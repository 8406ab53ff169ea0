"""The only source of labels and messages, in Chinese and English.

Every identifier (column, formula, lever, rule, unit, message) has its words in one of
the YAML files beside this module, one file a subject. A word that is missing raises.

Names of a family share one entry: ``family.cv`` with the words ``{indicator}: CV`` stands for
``cv_books``, ``cv_computers`` and the like. ``{item}`` is the term of the rest of the name,
any other ``{word}`` the term ``word.`` and the rest; ``family._before`` goes by its ending.
"""

from __future__ import annotations

import functools
import string
from collections.abc import Iterable, Iterator
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


@functools.cache
def term(identifier: str) -> Term:
    """The term of an identifier: its own, else its family's; KeyError where there is none."""
    own = terms().get(identifier)
    if own is not None:
        return own
    for family, rest in _families_of(identifier):
        made = _of_family(family, identifier, rest)
        if made is not None:
            return made
    raise KeyError(identifier)


def find(identifier: str) -> Term | None:
    """The term of an identifier, its own or its family's; None where there is none."""
    try:
        return term(identifier)
    except KeyError:
        return None


def family_of(identifier: str) -> str | None:
    """The id of the family that gives a name its words; None for a name with words of its own."""
    if identifier in terms():
        return None
    made = ((f.id, _of_family(f, identifier, rest)) for f, rest in _families_of(identifier))
    return next((family for family, found in made if found is not None), None)


FAMILY = "family."


@functools.cache
def _families() -> tuple[tuple[str, Term], ...]:
    """The families by the part of the name they stand for, the longest first."""
    found = [(i.removeprefix(FAMILY), t) for i, t in terms().items() if i.startswith(FAMILY)]
    return tuple(sorted(found, key=lambda pair: (-len(pair[0]), pair[0])))


def _families_of(identifier: str) -> Iterator[tuple[Term, str]]:
    """The families that a name may belong to, and the rest of the name in each."""
    for part, family in _families():
        if part.startswith("_") and identifier.endswith(part):
            yield family, identifier.removesuffix(part)
        elif identifier.startswith(f"{part}_"):
            yield family, identifier.removeprefix(f"{part}_")


def _of_family(family: Term, identifier: str, rest: str) -> Term | None:
    """A family's words filled in for one name; None where the rest means nothing."""
    words = (family.zh, family.en, family.zh_definition, family.en_definition)
    about = {name: rest if name == "item" else f"{name}.{rest}" for name in _fields(words)}
    known = {name: terms().get(source) for name, source in about.items()}
    zh = {name: found.zh for name, found in known.items() if found is not None}
    en = {name: found.en for name, found in known.items() if found is not None}
    if len(zh) < len(about):
        return None
    return Term(
        id=identifier,
        zh=family.zh.format(**zh),
        en=family.en.format(**en),
        unit=family.unit,
        zh_definition=family.zh_definition.format(**zh),
        en_definition=family.en_definition.format(**en),
    )


def _fields(words: tuple[str, ...]) -> set[str]:
    """The names in braces of some sentences."""
    parsed = (part for sentence in words for part in string.Formatter().parse(sentence))
    return {name for _, name, _, _ in parsed if name is not None}


def label(identifier: str, language: Language) -> str:
    """The label of an identifier in one language."""
    return term(identifier).label(language)


def text(identifier: str, language: Language, **params: object) -> str:
    """A message of the glossary, filled in; KeyError where a parameter is missing."""
    return label(identifier, language).format(**params)


def run_on(sentences: Iterable[str], language: Language) -> str:
    """Sentences in a row, empty ones left out; Chinese ones end with a mark of their own width."""
    return ("" if language == "zh" else " ").join(filter(None, sentences))


def as_language(value: str) -> Language:
    """The language meant by a locale name such as ``zh-CN``; English for all but Chinese."""
    return "zh" if value.lower().startswith("zh") else "en"
