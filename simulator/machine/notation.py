"""How the words of formulas are written: spoken in a language, in names, and in LaTeX.

Each way turns a word and the texts that it is applied to into one text. ``where`` takes
condition, value, condition, value, … and the value where no condition holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from simulator import glossary
from simulator.glossary import Language
from simulator.machine.language import WORDS

#: Words whose nesting reads better as one list.
LISTED = frozenset({"maximum", "minimum", "known_or"})
#: Words that only printing uses, for flags that are multiplied or taken from one.
ADDED = frozenset({"and", "not", "not_zero"})
Writer = Callable[[str, Sequence[str]], str]


def _choices(args: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each condition with its value."""
    return zip(args[:-1:2], args[1:-1:2], strict=True)


def spoken(language: Language) -> Writer:
    """Words as the glossary has them."""

    def say(word: str, *args: str) -> str:
        return glossary.label(f"vocabulary.{word}", language).format(*args)

    def write(word: str, args: Sequence[str]) -> str:
        if word == "where":
            clauses = [say("where", *pair) for pair in _choices(args)]
            return say("clause").join([*clauses, say("otherwise", args[-1])])
        if word in LISTED:
            return say(word, say("list").join(args))
        if word in WORDS or word in ADDED:
            return say(word, *args)
        return say("operator", say("list").join(args))

    return write


#: Words in names: {0} and {1} are what they are applied to, {list} all of it.
SYMBOLS = {
    "maximum": "max({list})",
    "minimum": "min({list})",
    "known_or": "first_known({list})",
    "known": "{0} known",
    "ratio": "{0} ÷ {1}",
    "power": "power({0}, {1})",
    "square_root": "√({0})",
    "ceil": "⌈{0}⌉",
    "at_least": "{0} ≥ {1}",
    "above": "{0} > {1}",
    "equal": "{0} = {1}",
    "previous": "{0}[t−1]",
    "at_base": "{0}[0]",
    "total": "Σ {0}",
    "cumulated": "Σ_{{≤}} {0}",
    "whole": "round({0})",
    "largest": "largest({0})",
    "smallest": "smallest({0})",
    "and": "{0} and {1}",
    "not": "not({0})",
    "not_zero": "{0} ≠ 0",
}


def written(word: str, args: Sequence[str]) -> str:
    """A word in names."""
    if word == "where":
        chain = "".join(f"if {when} then {value}, " for when, value in _choices(args))
        return f"{chain}else {args[-1]}"
    pattern = SYMBOLS.get(word, f"{word}({{list}})")
    return pattern.format(*args, list=", ".join(args))


#: Words in LaTeX.
LATEX = {
    "maximum": r"\max\left({list}\right)",
    "minimum": r"\min\left({list}\right)",
    "known_or": r"\operatorname{{first\,known}}\left({list}\right)",
    "known": r"{0}\ \text{{known}}",
    "ratio": r"\frac{{{0}}}{{{1}}}",
    "power": r"{0}^{{{1}}}",
    "square_root": r"\sqrt{{{0}}}",
    "ceil": r"\left\lceil {0} \right\rceil",
    "at_least": r"{0} \ge {1}",
    "above": "{0} > {1}",
    "equal": "{0} = {1}",
    "previous": r"{{{0}}}_{{t-1}}",
    "at_base": r"{{{0}}}_{{0}}",
    "total": r"\sum {0}",
    "cumulated": r"\sum_{{j \le i}} {0}",
    "whole": r"\operatorname{{round}}\left({0}\right)",
    "largest": r"\max_{{i}} {0}",
    "smallest": r"\min_{{i}} {0}",
    "and": r"{0} \land {1}",
    "not": r"\lnot\left({0}\right)",
    "not_zero": r"{0} \ne 0",
}


def typeset(language: Language) -> Writer:
    """Words in LaTeX; what must be said, in a language."""
    when, otherwise = (
        glossary.label(f"vocabulary.{word}", language).format("").strip()
        for word in ("if", "otherwise")
    )

    def write(word: str, args: Sequence[str]) -> str:
        if word == "where":
            rows = [rf"{value} & \text{{{when} }} {flag}" for flag, value in _choices(args)]
            chain = r" \\ ".join([*rows, rf"{args[-1]} & \text{{{otherwise}}}"])
            return rf"\begin{{cases}}{chain}\end{{cases}}"
        if word in LATEX:
            return LATEX[word].format(*args, list=", ".join(args))
        return rf"\operatorname{{{escaped(word)}}}\left({', '.join(args)}\right)"

    return write


ESCAPES = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def escaped(text: str) -> str:
    """A text with LaTeX's own signs made harmless."""
    return re.sub(r"[\\{}_%&#$^~]", lambda sign: ESCAPES.get(sign[0], rf"\{sign[0]}"), text)
