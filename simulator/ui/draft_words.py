"""What is kept of a visit between reloads: scenarios as their files, and how they are looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from simulator import glossary
from simulator.errors import JunhengError
from simulator.glossary import Language
from simulator.present.table import MoneyUnit
from simulator.scenario.load import read_scenario
from simulator.scenario.model import Scenario
from simulator.scenario.write import dump_scenario
from simulator.ui import cache, state

#: No name or link that is kept is longer.
LONGEST_NAME = 120
#: A scenario as it is kept: its small file, and all that it says.
Kept = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Taken:
    """A draft as it was left; ``district`` is the fingerprint of the data it was made with."""

    picked: Scenario
    draft: Scenario
    opened: tuple[Scenario, ...]
    language: Language
    money: MoneyUnit
    district: str
    district_name: str
    link: str


def content(link: str) -> dict[str, Any]:
    """The visit as it is kept; ``link`` is the link that it was opened by, or empty."""
    now = state.session()
    return {
        "picked": _kept(now.picked),
        "draft": dump_scenario(now.draft.alone()),
        "opened": [_kept(each) for each in now.opened.values()],
        "language": now.language,
        "money": now.money,
        "district": now.district.fingerprint,
        "district_name": now.district.name,
        "link": link,
        "packs": [[pack.name, [list(file) for file in pack.files]] for pack in now.packs],
    }


def taken(kept: Mapping[str, Any]) -> Taken:
    """A draft that was kept; JunhengError where it is damaged."""
    try:
        opened = tuple(_read(each) for each in kept.get("opened", []))
        picked = _same(_read(kept["picked"]), opened)
        whole = read_scenario(str(kept["draft"]), "draft")
        words = {
            name: str(kept.get(name, ""))[:LONGEST_NAME]
            for name in ("district", "district_name", "link")
        }
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise JunhengError("store_draft_damaged") from error
    return Taken(
        picked=picked,
        draft=state.start_draft(picked).with_changes(_differences(picked, whole)),
        opened=opened,
        language=glossary.as_language(str(kept.get("language", "zh"))),
        money="yuan" if kept.get("money") == "yuan" else "10k_yuan",
        **words,
    )


def _kept(scenario: Scenario) -> Kept:
    return dump_scenario(scenario), dump_scenario(scenario.alone())


def _read(kept: str | Sequence[str]) -> Scenario:
    """A scenario over its base where that still says the same, else by all that it says."""
    small, whole = (kept, kept) if isinstance(kept, str) else kept
    alone = read_scenario(str(whole), "draft")
    try:
        found = read_scenario(str(small), "draft")
    except JunhengError:  # its base is gone: what it says by itself is the same
        found = alone
    return replace(found if found.fingerprint == alone.fingerprint else alone, source="")


def _same(picked: Scenario, opened: Sequence[Scenario]) -> Scenario:
    """The very scenario among those that can be picked, where it is one of them."""
    every = [*opened, *cache.shipped().values()]
    return next((each for each in every if state.alike(each, picked)), picked)


def _differences(picked: Scenario, draft: Scenario) -> dict[str, Any]:
    """What the draft says otherwise, by path; None takes a value back."""
    before, after = picked.flat(), draft.flat()
    found = {
        path: after.get(path)
        for path in dict.fromkeys([*before, *after])
        if before.get(path) != after.get(path)
    }
    heads = {name: getattr(draft, name) for name in state.HEAD
             if getattr(draft, name) != getattr(picked, name)}  # fmt: skip
    return {**found, **heads}
