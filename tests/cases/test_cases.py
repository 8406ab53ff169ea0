"""Every formula, executed on golden cases whose values come from documents or from hand."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from simulator import glossary
from simulator.law import FORMULAS
from simulator.machine.registry import OWN
from simulator.machine.wording import citation
from tests.cases.reading import BY_NAME, Case, cases, computed, due

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}:{case.name}")
def test_a_formula_gives_what_its_case_says(case: Case) -> None:
    found, expected = np.array(computed(case)), np.array(due(case))
    found = np.broadcast_to(found, expected.shape)
    absolute = 1e-9 if case.within is None else case.within
    relative = 1e-9 if case.within is None else 0.0
    np.testing.assert_allclose(found, expected, relative, absolute, err_msg=case.source)


def test_every_formula_has_a_golden_case() -> None:
    covered = {case.name for case in CASES if not all(map(math.isnan, due(case)))}
    assert sorted(set(BY_NAME) - covered) == []


def test_no_case_is_of_a_formula_that_is_not_there() -> None:
    assert sorted({case.name for case in CASES} - set(BY_NAME)) == []


def test_every_case_says_where_its_value_is_from() -> None:
    assert [case.name for case in CASES if len(case.source.strip()) < 5] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_formula_has_a_label(language: str) -> None:
    unlabelled = [
        formula.name
        for formula in FORMULAS
        if glossary.find(formula.name) is None or not glossary.label(formula.name, language).strip()  # type: ignore[arg-type]
    ]
    assert unlabelled == []


def test_every_formula_has_a_unit_that_can_be_printed() -> None:
    known = set(glossary.terms())
    assert [f.name for f in FORMULAS if not f.unit or f"unit.{f.unit}" not in known] == []


def test_every_formula_cites_a_document_or_says_it_is_our_own() -> None:
    documents = {
        name.removeprefix("document.") for name in glossary.terms() if name.startswith("document.")
    }
    bare = [
        formula.name
        for formula in FORMULAS
        if not formula.cites
        or any(cite.partition(" ")[0] not in documents for cite in formula.cites)
    ]
    assert bare == []
    assert citation(OWN, "zh") == "本产品定义"


def test_every_formula_says_what_it_is() -> None:
    assert [formula.name for formula in FORMULAS if not formula.doc.strip()] == []


def test_a_wrong_value_would_be_noticed() -> None:
    case = next(case for case in CASES if case.name == "average_pupils")
    assert computed(case)[0] == pytest.approx(966.6667, abs=1e-4)
    assert computed(case)[0] != pytest.approx(966.68, abs=case.within or 0)


def _other(value: object) -> object:
    """Another number: flags are turned, the rest is halved, the unknown becomes known."""
    if isinstance(value, dict):
        return {key: _other(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_other(each) for each in value]
    if not isinstance(value, (int, float)):
        return 0.37
    return {0: 1.0, 1: 0.0}.get(value, value / 2)


def _unknown(value: object) -> object:
    if isinstance(value, dict):
        return dict.fromkeys(value)
    return [None] * len(value) if isinstance(value, list) else None


def _noticed(case: Case) -> set[str]:
    """The inputs of a case whose change changes what the formula gives."""
    first = np.array(computed(case))
    found = set()
    for name, value in case.given.items():
        for change in (_other, _unknown):
            given = {**case.given, name: change(value)}
            second = np.array(computed(dataclasses.replace(case, given=given)))
            if not np.allclose(first, second, equal_nan=True):
                found.add(name)
    return found


def test_every_input_of_a_formula_matters_in_one_of_its_cases() -> None:
    plain = [case for case in CASES if not BY_NAME[case.name].operator]
    noticed: dict[str, set[str]] = {case.name: set() for case in plain}
    for case in plain:
        noticed[case.name] |= _noticed(case)
    idle = {name: set(BY_NAME[name].arguments) - found for name, found in noticed.items()}
    assert {name: left for name, left in idle.items() if left} == {}
