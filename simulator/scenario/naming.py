"""What levers and assumptions are called."""

from __future__ import annotations

from typing import Any

from simulator import glossary
from simulator.glossary import Language

#: Kinds of words that the last part of a path may be: a stage, a facility, another key.
KEYS = ("stage", "short", "lever_key")


def lever_label(path: str, language: Language) -> str:
    """The words of a dotted path: 班额上限 · 小学; the path itself where it has none."""
    term = glossary.find(path)
    if term is not None:
        return term.label(language)
    base, _, key = path.rpartition(".")
    word = next((t.label(language) for k in KEYS if (t := glossary.find(f"{k}.{key}"))), key)
    return f"{lever_label(base, language)} · {word}" if base else word


def pack_label(pack: str, language: Language) -> str:
    """The words of a policy pack; one of a district's own is called as its folder."""
    term = glossary.find(f"pack.{pack}")
    return term.label(language) if term else pack


def choice_label(choice: Any, language: Language) -> str:
    """The words of one of the choices of a lever."""
    return glossary.label(f"lever_choice.{choice}", language)
