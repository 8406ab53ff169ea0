"""What the library keeps: saved scenarios with their ground, damaged rows, drafts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from simulator import glossary
from simulator.errors import JunhengError
from simulator.glossary import Language
from simulator.scenario.load import read_scenario, scenario_of
from simulator.scenario.model import Scenario
from simulator.scenario.write import content_of, dump_scenario
from simulator.strict_yaml import parse, write_yaml


@dataclass(frozen=True, slots=True)
class Work:
    """What somebody saves: a scenario's text and the ground it was computed on.

    ``text`` is the small diff, ``base`` all that its base says (empty without one), ``whole``
    everything it says itself: it opens as saved where the base is gone or has changed since.
    ``scenario``, ``district`` and ``policy`` are fingerprints; ``district_name`` is how the data
    are called.
    """

    name: str
    text: str
    whole: str
    scenario: str
    district: str
    policy: str
    base: str = ""
    district_name: str = ""
    author: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()


def work_of(
    scenario: Scenario,
    name: str,
    *,
    district: str,
    policy: str,
    district_name: str = "",
    author: str = "",
    note: str = "",
    tags: Sequence[str] = (),
) -> Work:
    """A scenario as it is saved under a name; ``district`` and ``policy`` are fingerprints.

    It is called so in all that is kept of it.
    """
    scenario = _called(scenario, name)
    content = content_of(scenario)
    if scenario.based_on is None:
        content.pop("based_on", None)
    return Work(
        name=name,
        text=write_yaml(content),
        base=dump_scenario(scenario.base.alone()) if scenario.base else "",
        whole=dump_scenario(scenario.alone()),
        scenario=scenario.fingerprint,
        district=district,
        policy=policy,
        district_name=district_name,
        author=author,
        note=note,
        tags=tuple(tags),
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One saved scenario: a version of its name, when it was saved, its link if it has one."""

    id: str
    version: int
    saved: datetime
    work: Work
    link: str | None = None

    @property
    def name(self) -> str:
        """What it is called."""
        return self.work.name

    @property
    def identity(self) -> str:
        """The content hash of the result that was saved: data, packs and scenario."""
        return identity_of(self.work.district, self.work.policy, self.work.scenario)

    def scenario(self) -> Scenario:
        """Exactly the scenario that was saved; JunhengError where its text is damaged.

        It is called as the entry is, and still tells its differences to the base it was saved
        with. It has no file, so what is derived from it can be saved anywhere.
        """
        work = self.work
        ways = (lambda: read_scenario(work.text, work.name), lambda: _layered(work),
                lambda: read_scenario(work.whole, work.name))  # fmt: skip
        for way in ways:
            found = _tried(way)
            if found is not None and found.fingerprint == work.scenario:
                return replace(_called(found, work.name), source="")
        raise JunhengError("store_damaged", name=work.name)

    def warnings(self, district: str, policy: str, language: Language) -> tuple[str, ...]:
        """Why opening it now does not give the saved figures: other data, other packs."""
        pairs = {
            "store.other_data": (self.work.district, district),
            "store.other_packs": (self.work.policy, policy),
        }
        return tuple(
            glossary.text(each, language, district=self.work.district_name)
            for each, (then, now) in pairs.items()
            if then != now
        )

    def title(self, language: Language) -> str:
        """Name, version, author and time in a line."""
        author = self.work.author or glossary.label("store.nobody", language)
        time = f"{self.saved.astimezone():%Y-%m-%d %H:%M}"
        named = {"name": self.work.name, "version": self.version, "author": author, "time": time}
        return glossary.text("store.entry", language, **named)


def _called(scenario: Scenario, name: str) -> Scenario:
    """The scenario under the name it is saved by; the words of both languages if it has them."""
    both: Mapping[Language, str] = MappingProxyType({"zh": name, "en": name})
    return replace(scenario, name=scenario.name if name in scenario.name.values() else both)


def identity_of(district: str, policy: str, scenario: str) -> str:
    """The content hash of a result from the fingerprints of data, packs and scenario."""
    return hashlib.sha256(f"{district}\n{policy}\n{scenario}".encode()).hexdigest()


def _layered(work: Work) -> Scenario | None:
    """The diff over the base that was kept with it."""
    if not work.base:
        return None
    base = replace(read_scenario(work.base, work.name), source="")
    content = parse(work.text, work.name).data
    if not isinstance(content, dict):
        return None
    said = {key: value for key, value in content.items() if key != "based_on"}
    return scenario_of(said, base, work.name)


def _tried(way: Callable[[], Scenario | None]) -> Scenario | None:
    """What a way to read gives; None where it cannot be read so."""
    try:
        return way()
    except JunhengError:
        return None


@dataclass(frozen=True, slots=True)
class Saved:
    """What was saved, and the version of the same name that was there before, if any."""

    entry: Entry
    earlier: Entry | None = None

    def text(self, language: Language) -> str:
        """What to tell who saved: with whom the name is shared, and that both are kept."""
        mine = self.entry.title(language)
        if self.earlier is None:
            return glossary.text("store.saved", language, entry=mine)
        before = self.earlier.title(language)
        return glossary.text("store.saved_beside", language, entry=mine, earlier=before)


@dataclass(frozen=True, slots=True)
class Damaged:
    """A row of the library that cannot be used: its number, and the sentence that says why."""

    number: int
    error: JunhengError


@dataclass(frozen=True, slots=True)
class Draft:
    """Work not yet saved, of one owner: any JSON, such as changes and the steps to undo."""

    owner: str
    state: Mapping[str, Any]
    kept: datetime


def now() -> datetime:
    """The time of day, as entries are dated."""
    return datetime.now(UTC)
