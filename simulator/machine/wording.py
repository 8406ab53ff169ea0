"""Formulas as they are printed: in an officer's words, in names, in mathematics; and citations.

One walk over an expression serves every way of printing; a way is a ``_Style``. Brackets
stand only where the meaning asks for them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from simulator import glossary
from simulator.glossary import Language
from simulator.law import FORMULAS, INPUTS
from simulator.machine import notation
from simulator.machine.notation import LISTED
from simulator.machine.registry import Formula, Input
from simulator.machine.symbols import Call, Expr, Name, Num, Op
from simulator.policy.model import Citation

Label = Callable[[str], str]
#: A label with one of these is set off from the words around it.
MARKS = ",:;，：；"
# How tightly a piece of text holds together; looser ones are put in brackets.
LOOSE, COMPARED, SUM, PRODUCT, WHOLE, BRACKETED = range(6)
#: Words whose value is 1 or 0.
JUDGING = frozenset({"at_least", "above", "equal", "known"})
STRENGTH = {
    **dict.fromkeys(("at_least", "above", "equal", "known", "and", "not_zero"), COMPARED),
    "where": LOOSE,
    "ratio": PRODUCT,
}
#: How tightly what a word is applied to must hold together; a word that is not here has brackets.
ASKED = {
    **dict.fromkeys(("at_least", "above", "equal"), (SUM, SUM)),
    "known": (SUM,),
    "not_zero": (SUM,),
    "and": (COMPARED, COMPARED),
    "ratio": (PRODUCT, WHOLE),
}


@dataclass(frozen=True, slots=True)
class _Style:
    """A way of printing: names, words, signs and brackets, and how tightly words bind."""

    name: Label
    word: Callable[[str, Sequence[str]], str]
    brackets: str = "({0})"
    times: str = " × "
    minus: str = "−"
    strength: Mapping[str, int] = field(default_factory=lambda: STRENGTH)
    asked: Mapping[str, tuple[int, ...]] = field(default_factory=lambda: ASKED)


def in_words(expression: Expr, language: Language, label: Label | None = None) -> str:
    """A formula in words and signs: 公用经费 × 培训费最低比例.

    ``label`` gives the words of a name; without it, the glossary's.
    """
    named = label or functools.partial(glossary.label, language=language)
    brackets = glossary.label("vocabulary.brackets", language)

    def name(identifier: str) -> str:
        words = named(identifier)
        divided = any(mark in words for mark in MARKS)
        return glossary.text("vocabulary.name", language, words=words) if divided else words

    return _print(expression, _Style(name, notation.spoken(language), brackets))[0]


def in_symbols(expression: Expr) -> str:
    """A formula in names: max(lawful_rate, rate_last_year × (1 + rate_growth))."""
    return _print(expression, _Style(lambda name: name, notation.written))[0]


def as_latex(expression: Expr, language: Language | None = None, label: Label | None = None) -> str:
    """A formula in LaTeX mathematics: names as they are, or their words in a language."""
    spoken: Language = language or "en"
    if label is None and language is not None:
        label = functools.partial(glossary.label, language=language)

    def name(identifier: str) -> str:
        if label is None:
            return rf"\mathrm{{{notation.escaped(identifier)}}}"
        return rf"\text{{{notation.escaped(label(identifier))}}}"

    style = _Style(
        name,
        notation.typeset(spoken),
        brackets=r"\left({0}\right)",
        times=r" \times ",
        minus="-",
        strength={**STRENGTH, "ratio": WHOLE},
        asked={**ASKED, "ratio": (LOOSE, LOOSE), "power": (BRACKETED, LOOSE)},
    )
    return _print(expression, style)[0]


def _print(node: Expr, style: _Style) -> tuple[str, int]:
    """The text of an expression and how tightly it holds together."""
    if isinstance(node, Name):
        return style.name(node.name), WHOLE
    if isinstance(node, Num):
        return f"{node.value:.12g}", WHOLE
    if isinstance(node, Op):
        return _operation(node, style)
    assert isinstance(node, Call)
    return _applied(node.word, _listed(node), style)


def _operation(node: Op, style: _Style) -> tuple[str, int]:
    left, right = node.left, node.right
    if is_flag(node):  # flags are multiplied and taken from one: say "and" and "not"
        if node.symbol == "*":
            return _applied("and", (left, right), style)
        return _applied("not", (right,), style)
    if node.symbol == "*":
        parts = _held(left, PRODUCT, style), _held(right, PRODUCT, style)
        return style.times.join(parts), PRODUCT
    minus = node.symbol == "-"
    after = _held(right, PRODUCT if minus else SUM, style)
    if minus and left == Num(0.0):
        return f"{style.minus}{after}", SUM
    sign = style.minus if minus else "+"
    return f"{_held(left, SUM, style)} {sign} {after}", SUM


def _applied(word: str, args: Sequence[Expr], style: _Style) -> tuple[str, int]:
    """A word applied to expressions."""
    if word == "where":
        return style.word(word, _branches(args, style)), LOOSE
    asked = style.asked.get(word, (LOOSE,) * len(args))
    texts = [_held(arg, needed, style) for arg, needed in zip(args, asked, strict=True)]
    return style.word(word, texts), style.strength.get(word, WHOLE)


def _branches(args: Sequence[Expr], style: _Style) -> list[str]:
    """Condition, value, condition, value, …, and the value where no condition holds."""
    texts = []
    for place, arg in enumerate(args):
        condition = place % 2 == 0 and place < len(args) - 1
        if condition and not is_flag(arg):
            texts.append(_applied("not_zero", (arg,), style)[0])
        else:
            texts.append(_held(arg, COMPARED, style))
    return texts


def _held(node: Expr, needed: int, style: _Style) -> str:
    """An expression's text, in brackets where it holds together too loosely."""
    text, strength = _print(node, style)
    return text if strength >= needed else style.brackets.replace("{0}", text)


def _listed(node: Call) -> tuple[Expr, ...]:
    """What a word is applied to; the same word nested becomes one list, choices one chain."""
    if node.word == "where":
        last = node.args[-1]
        chained = isinstance(last, Call) and last.word == "where"
        rest = _listed(last) if chained and isinstance(last, Call) else (last,)
        return (*node.args[:-1], *rest)
    if node.word not in LISTED:
        return node.args
    found: list[Expr] = []
    for arg in node.args:
        same = isinstance(arg, Call) and arg.word == node.word
        found.extend(_listed(arg) if same and isinstance(arg, Call) else (arg,))
    return tuple(found)


@functools.cache
def _flags() -> frozenset[str]:
    leaves = (leaf.name for leaf in INPUTS if leaf.unit == "flag")
    return frozenset([*leaves, *(each.name for each in FORMULAS if each.unit == "flag")])


def is_flag(node: Expr) -> bool:
    """Whether an expression is yes or no: a flag, a comparison, or made of such."""
    if isinstance(node, Name):
        return node.name in _flags()
    if isinstance(node, Call):
        return node.word in JUDGING
    if isinstance(node, Op) and node.symbol == "*":
        return is_flag(node.left) and is_flag(node.right)
    return isinstance(node, Op) and node.symbol == "-" and _is_not(node)


def _is_not(node: Op) -> bool:
    return node.left == Num(1.0) and is_flag(node.right)


def definition(item: Formula | Input, language: Language) -> str:
    """What a figure is, in a sentence; a formula's own first sentence where English has no other.

    Empty where the label says it all.
    """
    term = glossary.find(item.name)
    words = term.definition(language) if term else ""
    if words or language == "zh" or isinstance(item, Input):
        return words
    return item.doc.split("\n\n")[0].replace("\n", " ")


DIGITS = "零一二三四五六七八九"


def chinese_number(number: int) -> str:
    """A number from 1 to 99 as it is written in the articles of a law: 五十六."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("十" if tens == 1 else f"{DIGITS[tens]}十")
    return head + (DIGITS[ones] if ones else "")


def citation(cite: str | Citation, language: Language, titled: bool = False) -> str:
    """A citation as it is printed: 《中华人民共和国教育法》第五十六条; Education Law, Art. 56.

    ``cite`` is a document's id, or the id and an article, or where a value of a pack stands;
    ``titled`` adds the title of a document that is known by its number. What the glossary
    does not know stands as it is.
    """
    if isinstance(cite, Citation):
        parts = (cite.document_in(language), cite.article_in(language))
        return " ".join(part for part in parts if part)
    document, _, article = cite.partition(" ")
    term = glossary.find(f"document.{document}")
    if term is None:
        return cite
    words = term.label(language)
    if titled and "〔" in words:
        title = term.definition(language)
        words = glossary.text("cite.titled", language, number=words, title=title)
    if not article:
        return words
    if not article.isdigit():
        return glossary.text("cite.point", language, document=words, point=article)
    number = chinese_number(int(article)) if language == "zh" else article
    return glossary.text("cite.article", language, document=words, number=number)


def citations(cites: Sequence[str | Citation], language: Language, titled: bool = False) -> str:
    """Several citations in one line."""
    stop = glossary.label("vocabulary.list", language)
    return stop.join(citation(cite, language, titled) for cite in cites)
