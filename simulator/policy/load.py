"""Reads policy packs strictly: every value with unit, names in both languages and a citation.

A pack may also hold a formula of operating funds. It is kept as plain data here: the rooms of
formulas and lines lie above this one.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Iterator, Mapping, Sequence
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
from simulator.strict_yaml import parse, read_text, read_yaml

#: Always in force: statistical conventions that every measure is defined by.
DEFINITIONS = "definitions"
PACK_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
SHIPPED = Path(str(resources.files("simulator") / "rules"))


def load_policy(packs: Sequence[str], folders: Sequence[Path] = ()) -> Policy:
    """Layer packs by name, the definitions first; later packs may be stricter.

    A pack is a folder of YAML files among the shipped ones or under ``folders``. Formula lines
    of a later pack take the place of an earlier one's. Raises JunhengError for an unknown pack,
    FindingsError with every mistake of a pack at once.
    """
    names = tuple(dict.fromkeys((DEFINITIONS, *packs)))
    declared: dict[str, Parameter] = {}
    values: dict[tuple[str, str | None], list[PolicyValue]] = {}
    lines: PackLines | None = None
    for pack in names:
        folder = _folder(pack, folders)
        lines = _read_lines(pack, folder) or lines
        for parameter, dated in _read_pack(pack, folder):
            known = declared.setdefault(parameter.id, parameter)
            if _shape(known) != _shape(parameter):
                raise JunhengError("pack_disagrees", pack=pack, parameter=parameter.id)
            for value in dated:
                values.setdefault((value.parameter, value.key), []).append(value)
    frozen = {place: tuple(found) for place, found in values.items()}
    return Policy(names, declared, frozen, lines)


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
            found = _read_lines(pack, _folder(pack, ())) or found
    return found


def _folder(pack: str, folders: Sequence[Path]) -> Path:
    if not isinstance(pack, str) or not PACK_NAME.fullmatch(pack):
        raise JunhengError("pack_name", pack=str(pack)[:80])
    for folder in (SHIPPED, *folders):
        if (folder / pack).is_dir():
            return folder / pack
    raise JunhengError("pack_unknown", pack=pack, known=", ".join(shipped_packs()))


def _read_lines(pack: str, folder: Path) -> PackLines | None:
    """A pack's formula lines as they stand in its file; None where it has no such file."""
    path = folder / LINES_FILE
    if not path.exists():
        return None
    place = f"{pack}/{LINES_FILE}"
    document = parse(read_text(path), place)
    if not isinstance(document.data, dict):
        raise JunhengError("pack_lines_empty", path=place)
    return PackLines(pack, MappingProxyType(document.data), document.lines)


def _read_pack(pack: str, folder: Path) -> Iterator[tuple[Parameter, list[PolicyValue]]]:
    findings: list[Finding] = []
    found: list[tuple[Parameter, list[PolicyValue]]] = []
    seen: set[str] = set()
    for path in sorted(folder.glob("*.yaml")):
        if path.name == LINES_FILE:
            continue
        place = f"{pack}/{path.name}"
        document = read_yaml(path)
        if not isinstance(document.data, dict):
            raise JunhengError("pack_empty", path=place)
        for key, entry in document.data.items():
            identifier = str(key)
            item, mistakes = item_findings(identifier, entry, place, document.lines, seen)
            findings.extend(mistakes)
            seen.add(identifier)
            if item is not None:
                found.append(_dated(pack, identifier, item))
    if findings:
        raise FindingsError(pack, findings)
    return iter(found)


def _dated(pack: str, identifier: str, item: Item) -> tuple[Parameter, list[PolicyValue]]:
    parameter = Parameter(identifier, item.unit, item.zh, item.en, item.by, item.bound)
    values: list[PolicyValue] = []
    for dated in item.values:
        amounts = dated.value if isinstance(dated.value, dict) else {None: dated.value}
        citation = Citation(**dated.cites.model_dump())
        values.extend(
            PolicyValue(
                identifier, key, float(amount), item.unit, dated.since, citation,
                dated.verify, pack, dated.note,
            )
            for key, amount in amounts.items()
        )  # fmt: skip
    return parameter, values
