"""What a year's reader must be told of the packs: values that begin within the year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from simulator.findings import Finding
from simulator.policy.model import BegunWithin, Policy


def pack_findings(policy: Policy, years: Iterable[int]) -> tuple[Finding, ...]:
    """Values that begin within one of the years, each once, and how the year counts them."""
    found = dict.fromkeys(each for year in years for each in _told(policy, year))
    return tuple(
        Finding("warning", code, source=pack, params=dict(params)) for (code, pack), params in found
    )


Place = tuple[str, str]
Told = tuple[Place, tuple[tuple[str, object], ...]]


def _told(policy: Policy, year: int) -> Iterator[Told]:
    for begun in policy.begun_within(year):
        declared = policy.declared[begun.value.parameter]
        params: dict[str, object] = {
            "zh_name": declared.zh,
            "en_name": declared.en,
            "since": begun.value.since.isoformat(),
            "year": year,
            "months": begun.months,
        }
        yield (_code(begun), begun.value.pack), tuple(params.items())


def _code(begun: BegunWithin) -> str:
    return "pack_by_months" if begun.by_months else "pack_whole_year"
