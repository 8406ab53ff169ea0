"""Take away any column of a district: what turns unknown is said to be blocked, by that column."""

from __future__ import annotations

import pytest

import simulator as sim
from simulator.completeness.table import completeness_of
from tests.completeness.removing import WORDS, ground, turned, unknown, without

#: District, and whether a column is taken from one school alone or from all.
TRIED = [("sample", True), ("1", False), ("4", True)]


def _named(table: object, source: str, column: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """The outputs that a thing is said to block, with the places."""
    rows = zip(table["group"], table["output"], table["blocked_by"], strict=True)
    return {
        (group, name): each.schools
        for group, name, blocked in rows
        for each in blocked
        if (each.source, each.column) == (source, column)
    }


@pytest.mark.parametrize(("name", "only"), TRIED)
def test_a_column_taken_away_is_named_where_it_blocks(name: str, only: bool) -> None:
    district, scenario, _, before = ground(name)
    wrong, blocking = [], 0
    for column in district.schools.columns:
        filled = district.schools.index[district.schools[column].notna()]
        if column in WORDS or not len(filled):
            continue
        some = [filled[len(filled) // 2]] if only else None
        result = sim.simulate(without(district, column, schools=some), scenario)
        after = unknown(result)
        found, named = turned(before, after), _named(completeness_of(result), "schools", column)
        named = {key: places for key, places in named.items() if key in before}
        clear = {key for key in named if not before[key]}
        wrong += [(column, "not named", sorted(found - set(named)))] if found - set(named) else []
        wrong += [(column, "named", sorted(clear - found))] if clear - found else []
        if some:
            wrong += [
                (column, key, p) for key, p in named.items() if key in clear and p != tuple(some)
            ]
        blocking += bool(found)
    assert not wrong, "\n".join(map(str, wrong))
    assert blocking >= 10
