"""The rule book as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from simulator import glossary
from simulator.present.rule_book import Entry, RuleBook


def to_markdown(book: RuleBook) -> str:
    """The book as Markdown; mathematics between dollar signs."""
    return "\n".join([*_head(book), *_rules(book), *_subjects(book), *_inputs(book)]) + "\n"


def _head(book: RuleBook) -> Iterator[str]:
    yield f"# {book.word('title')}\n"
    yield f"{book.lead}\n"
    yield from (f"- {line}" for line in book.told)


def _line(book: RuleBook, word: str, text: str) -> str:
    colon = glossary.label("vocabulary.colon", book.language)
    return f"- {book.word(word)}{colon}{text}"


def _rules(book: RuleBook) -> Iterator[str]:
    yield f"## {book.word('rules')}\n"
    for rule in book.rules:
        yield f"### {rule.label} `{rule.id}`\n"
        yield f"{rule.definition}\n"
        yield _line(book, "actual", _named(book, (rule.actual,)))
        yield _line(book, "required", _named(book, (rule.required,)))
        yield _line(book, "headroom", _named(book, (rule.headroom,)))
        yield f"- {book.word('strict' if rule.strict else 'not_strict')}"
        yield _line(book, "citations", book.listed(rule.citations) + "\n")


def _subjects(book: RuleBook) -> Iterator[str]:
    for subject in book.subjects:
        yield f"## {subject.label}\n"
        for entry in subject.entries:
            yield from _formula(book, entry)


def _formula(book: RuleBook, entry: Entry) -> Iterator[str]:
    yield f"### {entry.label} `{entry.id}`\n"
    yield f"{entry.definition}\n"
    yield _line(book, "words", f"{entry.label} = {entry.words}")
    yield _line(book, "symbols", f"`{entry.id} = {entry.symbols}`")
    yield _line(book, "unit", entry.unit)
    yield _line(book, "level", entry.level)
    yield _line(book, "kind", entry.kind)
    yield _line(book, "citations", book.listed(entry.citations))
    yield _line(book, "uses", _named(book, entry.uses))
    users = _named(book, entry.users) or book.word("nobody")
    yield _line(book, "users", users + "\n")
    yield f"$$\n{entry.latex}\n$$\n"


def _inputs(book: RuleBook) -> Iterator[str]:
    yield f"## {book.word('inputs_part')}\n"
    heads = [book.word(what) for what in ("inputs_part", "kind", "refers", "unit", "definition")]
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for leaf in book.inputs:
        refers = f"`{leaf.refers}`" if leaf.refers else ""
        cells = (f"{leaf.label} `{leaf.id}`", leaf.kind, refers, leaf.unit, leaf.definition)
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _named(book: RuleBook, names: tuple[str, ...]) -> str:
    return book.listed(f"{book.label(name)} `{name}`" for name in names)
