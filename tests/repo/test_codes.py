"""Codes and names of the law: G, Q and P name items alone, the benchmark is called benchmark."""

from __future__ import annotations

import re

from simulator import glossary
from simulator.law import FORMULAS, INPUTS
from simulator.law.rules import BY_COLUMN, BY_PARAMETER, RULES
from simulator.policy.load import catalogue, load_policy, shipped_packs
from simulator.results.evaluation_items import items
from simulator.scenario.levers import known_paths
from tests.repo import project

#: Codes of the evaluation's items and the plan's points, and what begins like one.
CODE = re.compile(r"(?:^|[._])[GQPNS]\d+[ab]?(?:$|[._])", re.IGNORECASE)
#: What nothing on a screen or in a file calls a benchmark or a floor of a standard.
WRONG = ("法定下限", "legal floor", "statutory floor", "legal minimum")


def test_codes_are_those_of_items_and_of_nothing_else() -> None:
    assert sorted(items(), key=lambda each: (each[0], int(each[1:]))) == sorted(
        [*(f"G{n}" for n in range(1, 16)), *(f"P{n}" for n in range(1, 27)),
         *(f"Q{n}" for n in range(1, 10)), "S1"],
        key=lambda each: (each[0], int(each[1:])),
    )  # fmt: skip
    names = [
        *(rule.id for rule in RULES),
        *(formula.name for formula in FORMULAS),
        *(leaf.name for leaf in INPUTS),
        *(name for name in catalogue() if not name.startswith("target_")),
        *known_paths(),
        *(term for term in glossary.terms() if term.startswith("rule.")),
    ]
    assert [name for name in names if CODE.search(name)] == []


def test_targets_are_called_by_their_item() -> None:
    targets = [name.removeprefix("target_") for name in catalogue() if name.startswith("target_")]
    coded = {name.partition("_")[0] for name in targets if CODE.search(f"{name}_")}
    assert coded and coded <= set(items())


def test_rules_of_items_are_rules_that_there_are() -> None:
    known = {rule.id for rule in RULES}
    assert {rule for item in items().values() for rule in item.rules} <= known
    assert set(BY_PARAMETER) | set(BY_COLUMN) <= known
    assert all(set(item.instead) <= set(item.tracked) for item in items().values())
    assert all(set(item.instead.values()) <= set(item.rules) for item in items().values())


def test_no_benchmark_is_called_a_floor_by_statute() -> None:
    said = [
        *(text for term in glossary.terms().values()
          for text in (term.zh, term.en, term.zh_definition, term.en_definition)),
        *(text for each in catalogue().values() for text in (each.zh, each.en)),
        *(text for item in items().values() for text in (item.zh, item.en)),
        *(path.read_text(encoding="utf-8") for path in project.files()
          if path.suffix == ".py" and "simulator" in path.parts),
    ]  # fmt: skip
    found = [text[:60] for text in said for wrong in WRONG if wrong in text.lower()]
    assert found == []
    assert "基准定额" in glossary.label("ui.law.benchmark", "zh")


def test_every_shipped_value_names_an_article_or_is_to_verify() -> None:
    every = load_policy(shipped_packs())
    bare = {
        value.parameter
        for dated in every.values.values()
        for value in dated
        if not value.verify
        and ("核实" in value.citation.article or not value.citation.article.strip())
    }
    assert bare == set()
