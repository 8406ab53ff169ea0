"""The words on screen, in the visitor's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from simulator import glossary
from simulator.escaping import written
from simulator.glossary import Language
from simulator.ui import state

T = TypeVar("T")


def language() -> Language:
    """The language the visitor reads."""
    return state.session().language


def say(identifier: str, **params: object) -> str:
    """A word or sentence of the screen."""
    return glossary.text(f"ui.{identifier}", language(), **params)


def label(identifier: str) -> str:
    """The label of any identifier of the product."""
    return glossary.label(identifier, language())


def named(options: Iterable[T], word: Callable[[T], str]) -> Callable[[T], str]:
    """What options are called, found out now: a control may ask again outside the visit."""
    words = {option: word(option) for option in options}
    return words.__getitem__


def safe(text: str) -> str:
    """A name from outside as plain words: nothing of it is read as Markdown."""
    return written(text, "markdown")
