"""The rule book as one HTML page: readable and searchable without a network, and printable."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from simulator import glossary
from simulator.formats.html.picture import to_svg
from simulator.machine.wording import in_words
from simulator.present.rule_book import Entry, Leaf, RuleBook, RuleEntry
from simulator.present.rule_book_picture import picture

STYLE = """
:root{color-scheme:light}body{font:15px/1.6 "Noto Sans CJK SC","Microsoft YaHei",sans-serif;
margin:0 auto;max-width:72rem;padding:1rem;color:#1b1f24}
h1{font-size:1.7rem}h2{border-bottom:2px solid #2f6db0;margin-top:2.2rem}h3{margin:0 0 .3rem}
code{color:#5a6472;font-size:.85em;overflow-wrap:anywhere}a{color:#1f5fa8;text-decoration:none}
a:hover{text-decoration:underline}nav a{margin-right:1rem}
article{border:1px solid #d8dee6;border-radius:6px;padding:.7rem 1rem;margin:.7rem 0}
.formula{background:#f4f8fc;padding:.4rem .7rem;border-radius:4px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem .8rem;margin:.5rem 0 0}
dt{color:#5a6472}dd{margin:0}.picture{overflow-x:auto}
.search{position:sticky;top:0;background:#fff;padding:.5rem 0;border-bottom:1px solid #d8dee6}
input{font:inherit;width:60%;padding:.3rem .6rem}[hidden]{display:none}
@media print{.search,nav{display:none}article{break-inside:avoid}a{color:inherit}
.picture svg{max-width:100%;height:auto}}
"""
SCRIPT = """
const box=document.getElementById('q'),shown=document.getElementById('n');
const all=[...document.querySelectorAll('[data-find]')];
function find(){const words=box.value.toLowerCase().split(/\\s+/).filter(Boolean);let n=0;
for(const each of all){const hit=words.every(w=>each.dataset.find.includes(w));
each.hidden=!hit;if(hit)n++;}shown.textContent=n;
for(const part of document.querySelectorAll('section')){
part.hidden=words.length>0&&!part.querySelector('[data-find]:not([hidden])');}}
box.addEventListener('input',find);find();
"""
# A name inside a formula, while the text around it is made safe.
OPEN, CLOSE = "\ue000", "\ue001"


def to_html(book: RuleBook) -> str:
    """The whole book as a page of its own, pictures, search and all."""
    parts = [*_rules(book), *_subjects(book), *_inputs(book)]
    language = "zh-CN" if book.language == "zh" else "en"
    title = escape(book.word("title"))
    head = (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head><body>"
        f"<h1>{title}</h1><p>{escape(book.lead)}</p>{_told(book)}{_contents(book)}{_search(book)}"
    )
    return "\n".join([head, *parts, f"<script>{SCRIPT}</script></body></html>\n"])


def _told(book: RuleBook) -> str:
    """What the years must know of the packs."""
    return "".join(f"<p>{escape(line)}</p>" for line in book.told)


def _contents(book: RuleBook) -> str:
    places = [
        ("rules", book.word("rules")),
        *((f"subject-{subject.id}", subject.label) for subject in book.subjects),
        ("inputs", book.word("inputs_part")),
    ]
    links = " ".join(f'<a href="#{place}">{escape(label)}</a>' for place, label in places)
    return f'<nav aria-label="{escape(book.word("contents"))}">{links}</nav>'


def _search(book: RuleBook) -> str:
    asked = escape(book.word("search"))
    return (
        f'<div class="search"><input id="q" type="search" placeholder="{asked}" '
        f'aria-label="{asked}"> {escape(book.word("found"))} <output id="n"></output></div>'
    )


def _rules(book: RuleBook) -> Iterator[str]:
    yield f'<section id="rules"><h2>{escape(book.word("rules"))}</h2>'
    for rule in book.rules:
        yield _rule(book, rule)
    yield "</section>"


def _rule(book: RuleBook, rule: RuleEntry) -> str:
    named = ((book.word(what), getattr(rule, what)) for what in ("actual", "required", "headroom"))
    rows = [(word, _links(book, (name,))) for word, name in named]
    strict = escape(book.word("strict" if rule.strict else "not_strict"))
    rows.append((book.word("citations"), escape(book.listed(rule.citations))))
    body = f"<p>{escape(rule.definition)}<br>{strict}</p>{_table(rows)}"
    found = (rule.id, rule.label, rule.definition, *rule.citations)
    return _article(f"rule-{rule.id}", rule.label, rule.id, body, found)


def _subjects(book: RuleBook) -> Iterator[str]:
    for subject in book.subjects:
        yield f'<section id="subject-{escape(subject.id)}"><h2>{escape(subject.label)}</h2>'
        shown = picture(book, subject.id)
        drawn = f"{to_svg(shown)}<p>{escape(shown.note)}</p>"
        yield f'<details><summary>{escape(shown.title)}</summary><div class="picture">{drawn}</div>'
        yield "</details>"
        for entry in subject.entries:
            yield _formula(book, entry)
        yield "</section>"


def _formula(book: RuleBook, entry: Entry) -> str:
    users = _links(book, entry.users) or escape(book.word("nobody"))
    rows = [
        (book.word("symbols"), f"<code>{escape(f'{entry.id} = {entry.symbols}')}</code>"),
        (_unit_level(book), escape(f"{entry.unit} · {entry.level}")),
        (book.word("kind"), escape(entry.kind)),
        (book.word("citations"), escape(book.listed(entry.citations))),
        (book.word("uses"), _links(book, entry.uses)),
        (book.word("users"), users),
        (book.word("latex"), f"<code>{escape(entry.latex)}</code>"),
    ]
    formula = f'<p class="formula">{escape(entry.label)} = {_linked(book, entry)}</p>'
    body = f"<p>{escape(entry.definition)}</p>{formula}{_table(rows)}"
    found = (entry.id, entry.label, entry.definition, *entry.citations)
    return _article(f"name-{entry.id}", entry.label, entry.id, body, found)


def _marked(name: str) -> str:
    return f"{OPEN}{name}{CLOSE}"


def _linked(book: RuleBook, entry: Entry) -> str:
    """The formula in words, each name a link to where it is explained."""
    expression = book.graph.formulas[entry.id].expression
    text = in_words(expression, book.language, _marked, book.graph.flags)
    parts = re.split(f"{OPEN}(.*?){CLOSE}", text)
    linked = (
        _links(book, (part,)) if place % 2 else escape(part) for place, part in enumerate(parts)
    )
    return "".join(linked)


def _inputs(book: RuleBook) -> Iterator[str]:
    yield f'<section id="inputs"><h2>{escape(book.word("inputs_part"))}</h2>'
    for leaf in book.inputs:
        yield _leaf(book, leaf)
    yield "</section>"


def _leaf(book: RuleBook, leaf: Leaf) -> str:
    refers = f"<code>{escape(leaf.refers)}</code>" if leaf.refers else ""
    rows = [
        (book.word("kind"), f"{escape(leaf.kind)} {refers}"),
        (_unit_level(book), escape(f"{leaf.unit} · {leaf.level}")),
        (book.word("users"), _links(book, leaf.users)),
    ]
    body = f"<p>{escape(leaf.definition)}</p>{_table(rows)}" if leaf.definition else _table(rows)
    found = (leaf.id, leaf.label, leaf.definition, leaf.refers)
    return _article(f"name-{leaf.id}", leaf.label, leaf.id, body, found)


def _article(place: str, label: str, name: str, body: str, found: Iterable[str]) -> str:
    text = escape(" ".join(found).lower())
    head = f"<h3>{escape(label)} <code>{escape(name)}</code></h3>"
    return f'<article id="{escape(place)}" data-find="{text}">{head}{body}</article>'


def _table(rows: Iterable[tuple[str, str]]) -> str:
    return f"<dl>{''.join(f'<dt>{escape(word)}</dt><dd>{value}</dd>' for word, value in rows)}</dl>"


def _links(book: RuleBook, names: tuple[str, ...]) -> str:
    """Names as links to where they are explained."""
    links = (f'<a href="#name-{escape(name)}">{escape(book.label(name))}</a>' for name in names)
    return escape(glossary.label("vocabulary.list", book.language)).join(links)


def _unit_level(book: RuleBook) -> str:
    return f"{book.word('unit')} · {book.word('level')}"
