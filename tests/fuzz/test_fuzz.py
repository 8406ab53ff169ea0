"""A bounded run of the fuzzer: nothing but a refusal in words comes out of any input."""

from __future__ import annotations

import random

import pytest

from simulator.errors import JunhengError
from tests.fuzz.guided import fuzz, mutated
from tests.fuzz.targets import targets

SECONDS = 4.0


NAMES = ("table", "scenario", "rules", "lines", "workbook", "mapping", "library", "formula")


def test_every_target_is_tried() -> None:
    assert set(targets()) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_whatever_comes_in_is_read_or_refused_in_words(name: str) -> None:
    target, seeds = targets()[name]
    found = fuzz(target, seeds, SECONDS)
    assert [error for _, error in found.broken] == []
    # the changes lead somewhere: lines are reached that good inputs do not reach
    assert found.tried > 20 and len(found.reached) > found.first > 0


def test_what_breaks_is_found_and_what_is_refused_is_not() -> None:
    def fragile(content: bytes) -> None:
        if b"{" in content:
            raise ZeroDivisionError
        raise JunhengError("plan_none")

    found = fuzz(fragile, [b"seed"], 0.5)
    assert found.broken and all(b"{" in content for content, _ in found.broken)


def test_changes_are_the_same_for_the_same_seed() -> None:
    first, second = (mutated(random.Random(7), [b"abc,def\n", b"x"]) for _ in range(2))
    assert first == second
