"""The rule book: every formula in words, mathematics and citation, who uses whom, by subject.

Made from the graph and the glossary alone, in one language at a time; the same graph always
gives the same text.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from simulator import glossary
from simulator.glossary import Language
from simulator.law.rules import BY_PARAMETER, RULES
from simulator.machine.graph import Graph
from simulator.machine.registry import OWN, Formula, Input, Rule
from simulator.machine.wording import as_latex, definition, in_symbols, in_words
from simulator.policy.model import Policy
from simulator.policy.told import pack_findings
from simulator.present.sentences.citations import citation
from simulator.present.sentences.law import twin_text

Label = Callable[[str], str]
Cited = Callable[[tuple[str, ...]], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One formula as the rule book prints it; ``uses`` and ``users`` are names of the graph."""

    id: str
    label: str
    definition: str
    words: str
    symbols: str
    latex: str
    unit: str
    level: str
    kind: str
    citations: tuple[str, ...]
    own: bool
    uses: tuple[str, ...]
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """The formulas of one subject, in the order in which they are declared."""

    id: str
    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One input: a data column, a lever, a value of the packs; ``refers`` names it there."""

    id: str
    label: str
    definition: str
    unit: str
    level: str
    kind: str
    refers: str
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """One rule a year is judged by; actual, required and headroom are names of the graph."""

    id: str
    label: str
    definition: str
    actual: str
    required: str
    headroom: str
    strict: bool
    citations: tuple[str, ...]


@dataclass(frozen=True)
class RuleBook:
    """The whole book in one language; ``graph`` is what it was made from."""

    language: Language
    subjects: tuple[Subject, ...]
    inputs: tuple[Leaf, ...]
    rules: tuple[RuleEntry, ...]
    graph: Graph = field(repr=False, compare=False)
    label: Label = field(repr=False, compare=False)
    told: tuple[str, ...] = ()

    def word(self, identifier: str, **params: object) -> str:
        """A word of the book's own."""
        return glossary.text(f"rulebook.{identifier}", self.language, **params)

    def listed(self, texts: Iterable[str]) -> str:
        """Several texts in a row, as the language lists them."""
        return glossary.label("vocabulary.list", self.language).join(texts)

    @property
    def lead(self) -> str:
        """What the book holds, in a sentence or two."""
        formulas = sum(len(subject.entries) for subject in self.subjects)
        counts = {"formulas": formulas, "inputs": len(self.inputs), "rules": len(self.rules)}
        return " ".join((self.word("lead", **counts), self.word("reading")))


def rule_book(
    graph: Graph,
    language: Language,
    label: Label | None = None,
    policy: Policy | None = None,
    years: Sequence[int] = (),
) -> RuleBook:
    """The rule book of a graph in one language.

    ``label`` gives the words of a name where the glossary has none, such as a formula of the
    district's own. With the packs in force it cites them alone, and tells what the ``years``
    must know of them. Raises KeyError with the name that has no words.
    """
    cited = functools.partial(_citations, policy=policy, language=language)
    rules = [rule for rule in RULES if rule.headroom in graph.formulas]
    named = label or functools.partial(_label, graph, language=language)
    by_subject: dict[str, list[Entry]] = {}
    for formula in graph.formulas.values():
        by_subject.setdefault(formula.subject, []).append(
            _entry(graph, formula, language, named, cited)
        )
    subjects = (
        Subject(subject, _word("subject", subject, language), tuple(entries))
        for subject, entries in by_subject.items()
    )
    return RuleBook(
        language=language,
        subjects=tuple(subjects),
        inputs=tuple(_leaf(graph, leaf, language, named) for leaf in graph.inputs.values()),
        rules=tuple(
            _rule(rule, language, cited, _beside(rule, policy, years, language)) for rule in rules
        ),
        graph=graph,
        label=named,
        told=_told(policy, years, language),
    )


def _citations(
    cites: tuple[str, ...], policy: Policy | None, language: Language
) -> tuple[str, ...]:
    """Citations with titles; of the packs in force alone where they are known."""
    found = cites if policy is None else policy.attributed(cites) or (OWN,)
    return tuple(citation(cite, language, titled=True) for cite in found)


def _beside(rule: Rule, policy: Policy | None, years: Sequence[int], language: Language) -> str:
    """The counterpart of the value that a rule judges by, in the last year."""
    if policy is None or not years:
        return ""
    return twin_text(policy, BY_PARAMETER.get(rule.id, ""), years[-1], language)


def _told(policy: Policy | None, years: Sequence[int], language: Language) -> tuple[str, ...]:
    found = () if policy is None else pack_findings(policy, years)
    return tuple(each.text(language) for each in found)


def _label(graph: Graph, name: str, language: Language) -> str:
    """The words of a name, the glossary's or a line's own; KeyError where it has none."""
    item = graph.formulas.get(name) or graph.inputs[name]
    return graph.label(name, language) if item.words else glossary.label(name, language)


def _word(kind: str, identifier: str, language: Language) -> str:
    """A word of the glossary; what the glossary does not know stands as it is."""
    term = glossary.find(f"{kind}.{identifier}")
    return term.label(language) if term else identifier


def _entry(graph: Graph, formula: Formula, language: Language, label: Label, cited: Cited) -> Entry:
    return Entry(
        id=formula.name,
        label=label(formula.name),
        definition=definition(formula, language),
        words=in_words(formula.expression, language, label, graph.flags),
        symbols=in_symbols(formula.expression, graph.flags),
        latex=as_latex(formula.expression, language, label, graph.flags),
        unit=_word("unit", formula.unit, language),
        level=_word("level", formula.level, language),
        kind=_word("kind", "operator" if formula.operator else "formula", language),
        citations=cited(formula.cites),
        own=formula.cites == (OWN,),
        uses=formula.arguments,
        users=graph.users.get(formula.name, ()),
    )


def _leaf(graph: Graph, leaf: Input, language: Language, label: Label) -> Leaf:
    columns = " / ".join(dict.fromkeys(leaf.by_stage.values()))
    return Leaf(
        id=leaf.name,
        label=label(leaf.name),
        definition=definition(leaf, language),
        unit=_word("unit", leaf.unit, language),
        level=_word("level", leaf.level, language),
        kind=_word("kind", leaf.kind, language),
        refers=columns or leaf.refers,
        users=graph.users.get(leaf.name, ()),
    )


def _rule(rule: Rule, language: Language, cited: Cited, beside: str) -> RuleEntry:
    term = glossary.find(f"rule.{rule.id}")
    return RuleEntry(
        id=rule.id,
        label=term.label(language) if term else rule.id,
        definition=" ".join(filter(None, (term.definition(language) if term else "", beside))),
        actual=rule.actual,
        required=rule.required,
        headroom=rule.headroom,
        strict=rule.strict,
        citations=cited(rule.cites),
    )
