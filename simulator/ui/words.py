"""The words on screen, in the visitor's language."""

from __future__ import annotations

from simulator import glossary
from simulator.glossary import Language
from simulator.ui import state


def language() -> Language:
    """The language the visitor reads."""
    return state.session().language


def say(identifier: str, **params: object) -> str:
    """A word or sentence of the screen."""
    return glossary.text(f"ui.{identifier}", language(), **params)


def label(identifier: str) -> str:
    """The label of any identifier of the product."""
    return glossary.label(identifier, language())


def safe(text: str) -> str:
    """A name from outside as plain words: nothing of it is read as Markdown."""
    special = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]()<>#+-.!|$~:"})
    return text.replace("\n", " ").translate(special)
