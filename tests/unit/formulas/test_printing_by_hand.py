"""Expressions as people read them: choices, conditions, flags, citations. By hand."""

from __future__ import annotations

import pytest

from simulator import glossary
from simulator.law.reorganisation.formulas import teachers
from simulator.machine.language import above, maximum, where
from simulator.machine.symbols import Name, Num, Op
from simulator.machine.wording import chinese_number, citation, in_symbols, is_flag

A, B, C = Name("alpha"), Name("beta"), Name("gamma")


def test_a_choice_has_its_conditions_and_what_is_left() -> None:
    assert in_symbols(where(above(A, B), B, C)) == "if alpha > beta then beta, else gamma"
    chain = where(above(A, B), A, where(above(B, C), B, C))
    shown = "if alpha > beta then alpha, if beta > gamma then beta, else gamma"
    assert in_symbols(chain) == shown


def test_only_a_condition_that_is_a_number_is_held_against_nought() -> None:
    assert in_symbols(where(A, B, C)) == "if alpha ≠ 0 then beta, else gamma"


def test_extremes_of_extremes_are_one_list() -> None:
    assert in_symbols(maximum(A, maximum(B, C))) == "max(alpha, beta, gamma)"


def test_what_is_a_flag() -> None:
    flag = above(A, B)
    assert is_flag(flag)
    assert is_flag(Op("-", Num(1.0), flag))
    assert is_flag(Op("*", flag, flag))
    assert not is_flag(Op("-", Num(2.0), flag))
    assert not is_flag(Op("-", Num(0.5), flag))
    assert not is_flag(Op("-", Num(1.0), A))
    assert not is_flag(Op("*", flag, A))
    assert not is_flag(Op("+", flag, flag))
    assert not is_flag(A)


def test_a_document_is_cited_with_or_without_its_article() -> None:
    law = glossary.label("document.education_law", "zh")
    assert citation("education_law", "zh") == law
    assert citation("education_law 56", "zh") == law + "第五十六条"
    assert citation("no such document", "zh") == "no such document"


@pytest.mark.parametrize(
    ("number", "words"), [(7, "七"), (10, "十"), (15, "十五"), (20, "二十"), (56, "五十六")]
)
def test_numbers_of_articles_in_chinese(number: int, words: str) -> None:
    assert chinese_number(number) == words


def test_teachers_who_moved_in_are_added_to_last_years() -> None:
    assert teachers(1.0, 40.0, 2.0, 99.0) == 42
    assert teachers(1.0, 40.0, -2.0, 99.0) == 38
    assert teachers(0.0, 40.0, 2.0, 99.0) == 99
