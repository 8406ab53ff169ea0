"""What a district's file can do: every output, computable or not, what it waits for, the mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

import pandas as pd

from simulator.completeness.leaves import Root
from simulator.completeness.outputs import Output, Walk
from simulator.district.assumed import ALLOWED
from simulator.district.model import District
from simulator.results.result import Result
from simulator.results.simulate import simulate
from simulator.scenario.load import SHIPPED, load_scenario
from simulator.scenario.model import Scenario

COLUMNS: Final = ["group", "output", "computable", "blocked_by", "remedy", "unlocks"]
#: What mends a thing that is missing, by where it would stand.
REMEDIES: Final = {
    "schools": "column", "fiscal": "fiscal", "fiscal_row": "fiscal_row", "district": "district",
    "policy": "policy", "scenario": "scenario", "line": "line", "indicators": "indicator",
    "document": "document",
}  # fmt: skip


class Blocked(NamedTuple):
    """One thing an output waits for: a column of some schools, a fiscal figure of some years."""

    source: str
    column: str
    schools: tuple[str, ...]

    @property
    def remedy(self) -> str:
        """What mends it: ``assumed_none`` where the officer may declare that empty means none."""
        none = self.source == "schools" and self.column in ALLOWED
        return "assumed_none" if none else REMEDIES[self.source]


def completeness(district: District, scenario: Scenario | None = None) -> pd.DataFrame:
    """Every output with its light, what it waits for and the remedy; the mend that does most first.

    ``blocked_by`` are ``Blocked`` (source, column, schools: codes, or years of a fiscal figure);
    ``remedy`` is one word for each of them; ``unlocks`` how many outputs the best single one of
    the row's remedies makes computable, at least: a rule that is found broken, or to speak of
    nobody, may settle an output though more is missing. Without a scenario: the baseline.
    """
    chosen = scenario if scenario is not None else load_scenario(SHIPPED / "baseline.yaml")
    return completeness_of(simulate(district, chosen))


def completeness_of(result: Result) -> pd.DataFrame:
    """The same of a result that is there already."""
    rows = [(output, _blocked(output.causes, result)) for output in Walk(result).outputs()]
    unlocks = _unlocks(blocked for _, blocked in rows)
    table = [_row(output, blocked, unlocks) for output, blocked in rows]
    # outputs that are computable come last, and what waits for least stands first among equals
    order = sorted(table, key=lambda row: (not row[3], -row[5], len(row[3])))
    return pd.DataFrame(order, columns=COLUMNS)


def _row(
    output: Output, blocked: tuple[Blocked, ...], unlocks: Counter[tuple[str, str]]
) -> tuple[str, str, str, tuple[Blocked, ...], tuple[str, ...], int]:
    best = max((unlocks[each[:2]] for each in blocked), default=0)
    remedy = tuple(each.remedy for each in blocked)
    return output.group, output.name, output.computable, blocked, remedy, best


def _blocked(causes: Iterable[Root], result: Result) -> tuple[Blocked, ...]:
    """Causes by column, each with all its schools in the order of the sheet."""
    order = result.index.school_position
    found: dict[tuple[str, str], list[str]] = {}
    for root in sorted(causes, key=lambda each: (each[:2], order.get(each.place, 0), each.place)):
        places = found.setdefault((root.source, root.name), [])
        if root.place:
            places.append(root.place)
    return tuple(Blocked(*key, tuple(places)) for key, places in found.items())


def _unlocks(rows: Iterable[tuple[Blocked, ...]]) -> Counter[tuple[str, str]]:
    """How many outputs wait for one thing alone, by that thing."""
    return Counter(blocked[0][:2] for blocked in rows if len(blocked) == 1)


def remedies(table: pd.DataFrame) -> pd.DataFrame:
    """The remedies of a table of outputs, each once: the one that unlocks most first."""
    rows = list(table["blocked_by"])
    unlocks = _unlocks(rows)
    places: dict[Blocked, dict[str, None]] = {}
    for each in (each for blocked in rows for each in blocked):
        places.setdefault(each._replace(schools=()), {}).update(dict.fromkeys(each.schools))
    found = [
        (key.source, key.column, tuple(sorted(there)), key.remedy, unlocks[key[:2]])
        for key, there in places.items()
    ]
    found.sort(key=lambda row: (-row[4], row[:2]))
    return pd.DataFrame(found, columns=["source", "column", "schools", "remedy", "unlocks"])
