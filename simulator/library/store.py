"""The library of saved scenarios: what is kept of each, and the interface of every store."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from simulator import glossary
from simulator.errors import JunhengError
from simulator.glossary import Language
from simulator.library.access import Access
from simulator.scenario.load import read_scenario, scenario_of
from simulator.scenario.model import Scenario
from simulator.scenario.write import content_of, dump_scenario
from simulator.strict_yaml import parse, write_yaml

#: The folder of the library may be named here; else it lies in the user's home.
HOME = "JUNHENG_HOME"
FILE = "library.db"


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


class Library(Protocol):
    """A store of scenarios. Every write is done whole or not at all; errors are JunhengError.

    An entry's content never changes: a name that is taken gives a new version, both stay.
    Who changes or deletes says what he has ``seen`` (an entry, the time of a draft): changed
    since, nothing is written (``store_elsewhere``, ``draft_elsewhere``).
    """

    def save(self, work: Work, time: datetime | None = None) -> Saved:
        """Save under the work's name, as a new version where the name is taken."""

    def save_all(self, works: Sequence[tuple[Work, datetime]]) -> tuple[Saved, ...]:
        """Save several with their times: all of them or none."""

    def entries(
        self, text: str = "", tags: Sequence[str] = (), most: int | None = None
    ) -> tuple[Entry, ...]:
        """Entries that hold every word of ``text`` and every tag, the latest first."""

    def damaged(self, most: int = 20) -> tuple[Damaged, ...]:
        """Rows that cannot be used, the latest first; every other method passes them over."""

    def discard(self, number: int) -> None:
        """Take a damaged row out of the library."""

    def tags(self) -> tuple[str, ...]:
        """Every tag in use, sorted."""

    def open(self, identifier: str) -> Entry:
        """One entry by its id."""

    def limited(self, access: Access) -> Library:
        """The same library for a session that may do less: what it may not is JunhengError."""

    def rename(self, identifier: str, name: str, seen: Entry | None = None) -> Saved:
        """Give an entry another name; a new version of it where the name is taken."""

    def annotate(
        self, identifier: str, note: str | None = None, tags: Sequence[str] | None = None,
        seen: Entry | None = None,
    ) -> Entry:  # fmt: skip
        """Change an entry's note or tags."""

    def duplicate(self, identifier: str, name: str, author: str = "") -> Saved:
        """Save the same once more under another name."""

    def delete(
        self, identifier: str, seen: Entry | None = None, time: datetime | None = None
    ) -> None:
        """Put an entry into the trash; ``restore`` brings it back for 30 days."""

    def trash(self) -> tuple[tuple[Entry, datetime], ...]:
        """What was deleted within 30 days and when, the latest first."""

    def restore(self, identifier: str) -> Entry:
        """Bring a deleted entry back."""

    def share(self, identifier: str) -> str:
        """The token of the entry's read-only link, made when it is first asked for."""

    def unshare(self, identifier: str) -> None:
        """Make the entry's link open nothing any more."""

    def linked(self, token: str) -> Entry:
        """The entry that a link opens."""

    def keep_draft(
        self, owner: str, state: Mapping[str, Any], seen: datetime | None = None
    ) -> datetime:
        """Keep an owner's draft in place of the one before, and give its time."""

    def draft(self, owner: str) -> Draft | None:
        """An owner's draft; None where there is none."""

    def drop_draft(self, owner: str) -> None:
        """Forget an owner's draft."""


def library_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the library lies: in the folder ``JUNHENG_HOME``, else in the user's home."""
    named = environment.get(HOME, "").strip()
    return (Path(named) if named else Path.home() / ".junheng") / FILE


def open_library(path: str | os.PathLike[str]) -> Library:
    """The library in one file, made where there is none; JunhengError where it cannot be."""
    from simulator.library.database import SqlLibrary

    return SqlLibrary.at(Path(path))


def now() -> datetime:
    """The time of day, as entries are dated."""
    return datetime.now(UTC)
