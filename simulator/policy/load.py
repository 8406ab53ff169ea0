"""Reads policy packs strictly: every value with unit, names in both languages and a citation."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path

from simulator.errors import FindingsError, JunhengError
from simulator.findings import Finding
from simulator.policy.item import Item, item_findings
from simulator.policy.model import Citation, Parameter, Policy, PolicyValue
from simulator.policy.strict_yaml import read_yaml

#: Always in force: statistical conventions that every measure is defined by.
DEFINITIONS = "definitions"
PACK_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
SHIPPED = Path(str(resources.files("simulator") / "rules"))


def load_policy(packs: Sequence[str], folders: Sequence[Path] = ()) -> Policy:
    """Layer packs by name, the definitions first; later packs may be stricter.

    A pack is a folder of YAML files among the shipped ones or under ``folders``. Raises
    JunhengError for an unknown pack, FindingsError with every mistake of a pack at once.
    """
    names = tuple(dict.fromkeys((DEFINITIONS, *packs)))
    declared: dict[str, Parameter] = {}
    values: dict[tuple[str, str | None], list[PolicyValue]] = {}
    for pack in names:
        for parameter, dated in _read_pack(pack, _folder(pack, folders)):
            known = declared.setdefault(parameter.id, parameter)
            if _shape(known) != _shape(parameter):
                raise JunhengError("pack_disagrees", pack=pack, parameter=parameter.id)
            for value in dated:
                values.setdefault((value.parameter, value.key), []).append(value)
    frozen = {place: tuple(found) for place, found in values.items()}
    return Policy(names, declared, frozen)


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


def _folder(pack: str, folders: Sequence[Path]) -> Path:
    if not isinstance(pack, str) or not PACK_NAME.fullmatch(pack):
        raise JunhengError("pack_name", pack=str(pack)[:80])
    for folder in (SHIPPED, *folders):
        if (folder / pack).is_dir():
            return folder / pack
    raise JunhengError("pack_unknown", pack=pack, known=", ".join(shipped_packs()))


def _read_pack(pack: str, folder: Path) -> Iterator[tuple[Parameter, list[PolicyValue]]]:
    findings: list[Finding] = []
    found: list[tuple[Parameter, list[PolicyValue]]] = []
    seen: set[str] = set()
    for path in sorted(folder.glob("*.yaml")):
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
