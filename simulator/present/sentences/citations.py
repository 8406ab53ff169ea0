"""Citations as they are printed: documents and articles as a language writes them."""

from __future__ import annotations

from collections.abc import Sequence

from simulator import glossary
from simulator.glossary import Language
from simulator.policy.model import Citation

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
