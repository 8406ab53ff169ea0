"""Reads policy packs strictly: every value with unit, names in both languages and a citation.

A pack may also hold a formula of operating funds. It is kept as plain data here: the rooms of
formulas and lines lie above this one.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from simulator.errors import FindingsError, JunhengError
from simulator.findings import Finding
from simulator.policy.item import Item, item_findings
from simulator.policy.model import (
    LINES_FILE,
    Citation,
    PackLines,
    Parameter,
    Policy,
    PolicyValue,
)
from simulator.policy.own import MOST_OWN, OWN_NAME, TARGET, OwnPack
from simulator.strict_yaml import parse, read_text

#: Always in force: statistical conventions that every measure is defined by.
DEFINITIONS = "definitions"
PACK_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
SHIPPED = Path(str(resources.files("simulator") / "rules"))
#: A pack file of more parameters than that is none; telling each would help nobody.
MOST_KEYS = 1_000


def load_policy(
    packs: Sequence[str], folders: Sequence[Path] = (), own: Sequence[OwnPack] = ()
) -> Policy:
    """Layer packs by name, the definitions first, then a district's own; later ones stricter.

    A pack is a folder of YAML files among the shipped ones or under ``folders``; ``own`` packs
    are those that were loaded from elsewhere. Formula lines of a later pack take the place of
    an earlier one's. Raises JunhengError for an unknown pack, FindingsError with every mistake
    of a pack at once.
    """
    mine = _own_sources(own)
    known = {source.name for source in mine}
    names = [name for name in dict.fromkeys((DEFINITIONS, *packs)) if name not in known]
    sources = [*(_source(name, folders) for name in names), *mine]
    declared: dict[str, Parameter] = {}
    values: dict[tuple[str, str | None], list[PolicyValue]] = {}
    lines: PackLines | None = None
    for source in sources:
        lines = _read_lines(source) or lines
        for parameter, dated in _read_pack(source):
            first = declared.setdefault(parameter.id, parameter)
            if _shape(first) != _shape(parameter):
                raise JunhengError("pack_disagrees", pack=source.name, parameter=parameter.id)
            for value in dated:
                values.setdefault((value.parameter, value.key), []).append(value)
    frozen = {place: tuple(found) for place, found in values.items()}
    return Policy(tuple(each.name for each in sources), declared, frozen, lines)


@dataclass(frozen=True, slots=True)
class _Source:
    """A pack to be read: its files by name, and whether it is the district's own."""

    name: str
    files: Mapping[str, str]
    own: bool = False


def _source(name: str, folders: Sequence[Path]) -> _Source:
    files = sorted(_folder(name, folders).glob("*.yaml"))
    return _Source(name, {path.name: read_text(path) for path in files})


def _own_sources(own: Sequence[OwnPack]) -> list[_Source]:
    """The district's own packs, whose names are not those of others.

    A scenario may name one of them: it is in force once, after all others.
    """
    if len(own) > MOST_OWN:
        raise JunhengError("pack_many", most=MOST_OWN)
    taken = set(shipped_packs())
    for pack in own:
        if not OWN_NAME.fullmatch(pack.name):
            raise JunhengError("pack_own_name", pack=pack.name[:80])
        if pack.name in taken:
            raise JunhengError("pack_taken", pack=pack.name)
        taken.add(pack.name)
    return [_Source(pack.name, dict(pack.files), own=True) for pack in own]


def _shape(parameter: Parameter) -> tuple[str, str, str]:
    """What packs must agree on; names may differ."""
    return parameter.unit, parameter.by, parameter.bound


@functools.cache
def shipped_packs() -> tuple[str, ...]:
    """The names of the packs that come with the product."""
    return tuple(sorted(entry.name for entry in SHIPPED.iterdir() if entry.is_dir()))


@functools.cache
def catalogue() -> Mapping[str, Parameter]:
    """The parameters of all shipped packs, by id."""
    return load_policy(shipped_packs()).declared


@functools.lru_cache(maxsize=64)
def pack_lines(packs: tuple[str, ...]) -> PackLines | None:
    """The formula lines of the last of some shipped packs that has any.

    For telling of a scenario in words: a pack that cannot be read is told of where it is loaded.
    """
    found: PackLines | None = None
    for pack in packs:
        with contextlib.suppress(JunhengError):
            found = _read_lines(_source(pack, ())) or found
    return found


def _folder(pack: str, folders: Sequence[Path]) -> Path:
    if not isinstance(pack, str) or not PACK_NAME.fullmatch(pack):
        raise JunhengError("pack_name", pack=str(pack)[:80])
    for folder in (SHIPPED, *folders):
        if (folder / pack).is_dir():
            return folder / pack
    raise JunhengError("pack_unknown", pack=pack, known=", ".join(shipped_packs()))


def _read_lines(source: _Source) -> PackLines | None:
    """A pack's formula lines as they stand in its file; None where it has no such file."""
    text = source.files.get(LINES_FILE)
    if text is None:
        return None
    place = f"{source.name}/{LINES_FILE}"
    document = parse(text, place)
    if not isinstance(document.data, dict):
        raise JunhengError("pack_lines_empty", path=place)
    return PackLines(source.name, MappingProxyType(document.data), document.lines)


def _read_pack(source: _Source) -> Iterator[tuple[Parameter, list[PolicyValue]]]:
    findings: list[Finding] = []
    found: list[tuple[Parameter, list[PolicyValue]]] = []
    seen: set[str] = set()
    for name, text in source.files.items():
        if name == LINES_FILE:
            continue
        place = f"{source.name}/{name}"
        document = parse(text, name)
        if isinstance(document.data, dict) and len(document.data) > MOST_KEYS:
            raise JunhengError("pack_keys", path=name, count=len(document.data), most=MOST_KEYS)
        if not isinstance(document.data, dict):
            raise JunhengError("pack_empty", path=place)
        for key, entry in document.data.items():
            identifier = str(key)
            item, mistakes = item_findings(identifier, entry, place, document.lines, seen)
            findings.extend(mistakes)
            seen.add(identifier)
            if item is not None:
                found.append(_dated(source.name, identifier, item))
            if item is not None and source.own and not _counts(identifier):
                findings.append(_unused(identifier, place, document.lines.get(identifier)))
    if findings:
        raise FindingsError(source.name, findings)
    return iter(found)


def _counts(identifier: str) -> bool:
    """Whether a parameter of an own pack is one that the product knows, or a target."""
    return identifier.startswith(TARGET) or identifier in catalogue()


def _unused(identifier: str, place: str, line: int | None) -> Finding:
    near = get_close_matches(identifier, catalogue(), n=3)
    params = {"near": ", ".join(near) or "—"}
    return Finding("error", "pack_unused", source=place, row=line, column=identifier, params=params)


def _dated(pack: str, identifier: str, item: Item) -> tuple[Parameter, list[PolicyValue]]:
    parameter = Parameter(identifier, item.unit, item.zh, item.en, item.by, item.bound)
    values: list[PolicyValue] = []
    for dated in item.values:
        amounts = dated.value if isinstance(dated.value, dict) else {None: dated.value}
        citation = Citation(**dated.cites.model_dump())
        # where nobody said in which article it stands, nobody has checked it there
        verify = dated.verify or not citation.article.strip()
        values.extend(
            PolicyValue(
                identifier, key, float(amount), item.unit, dated.since, citation,
                verify, pack, dated.note,
            )
            for key, amount in amounts.items()
        )  # fmt: skip
    return parameter, values
