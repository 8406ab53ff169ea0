"""Reads policy packs strictly: every value with unit, names in both languages and a citation."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from simulator.errors import FindingsError, JunhengError
from simulator.findings import Finding
from simulator.policy.model import Bound, By, Citation, Parameter, Policy, PolicyValue

#: Always in force: statistical conventions that every measure is defined by.
DEFINITIONS = "definitions"
PACK_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
LARGEST_FILE = 1_000_000
SHIPPED = Path(str(resources.files("simulator") / "rules"))


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Cites(_Strict):
    document: str
    article: str = ""
    title_zh: str
    title_en: str
    date: str = ""


class _Dated(_Strict):
    value: float | dict[str, float]
    cites: _Cites
    since: date
    verify: bool = False
    note: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_is_since(cls, data: Any) -> Any:
        # "from" is the word of the files, but not a name in Python
        if isinstance(data, dict) and "from" in data and "since" not in data:
            return {**{key: value for key, value in data.items() if key != "from"},
                    "since": data["from"]}  # fmt: skip
        return data


class _Item(_Strict):
    unit: str
    zh: str
    en: str
    by: By = "none"
    bound: Bound = "value"
    values: list[_Dated]

    @field_validator("values")
    @classmethod
    def _in_order(cls, values: list[_Dated]) -> list[_Dated]:
        days = [value.since for value in values]
        if not days or days != sorted(set(days)):
            raise ValueError("dates must rise, at least one")
        return values

    @model_validator(mode="after")
    def _keyed_as_declared(self) -> _Item:
        for dated in self.values:
            if isinstance(dated.value, dict) == (self.by == "none"):
                raise ValueError(f"by: {self.by} and the value do not fit")
        return self


class _UniqueLoader(yaml.SafeLoader):
    """A safe loader that refuses a key that stands twice, and aliases."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """A node; an alias is refused, since it can make a small file enormous."""
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("aliases are not allowed")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        """A mapping; a key that stands twice is refused."""
        keys = [self.construct_object(key, deep=deep) for key, _ in node.value]
        doubled = sorted({str(key) for key in keys if keys.count(key) > 1})
        if doubled:
            raise yaml.YAMLError(f"key stands twice: {', '.join(doubled)}")
        return super().construct_mapping(node, deep=deep)


def read_yaml(path: Path) -> Any:
    """The content of a YAML file; JunhengError where it is missing, too large or not YAML."""
    if not path.is_file():
        raise JunhengError("yaml_missing", path=path.name)
    if path.stat().st_size > LARGEST_FILE:
        raise JunhengError("yaml_large", path=path.name, limit=LARGEST_FILE // 1_000_000)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise JunhengError("yaml_syntax", path=path.name, detail="UTF-8") from error
    return parse_yaml(text, path.name)


def parse_yaml(text: str, source: str) -> Any:
    """The content of a YAML text; JunhengError where it is too large or not YAML."""
    if len(text) > LARGEST_FILE:
        raise JunhengError("yaml_large", path=source, limit=LARGEST_FILE // 1_000_000)
    try:
        return yaml.load(text, Loader=_UniqueLoader)  # noqa: S506 (built on the safe loader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        detail = " ".join(str(error).split())[:200]
        raise JunhengError("yaml_syntax", path=source, detail=detail) from error


def load_policy(packs: Sequence[str], folders: Sequence[Path] = ()) -> Policy:
    """Layer packs by name, the definitions first; later packs may be stricter.

    A pack is a folder of YAML files among the shipped ones or under ``folders``. Raises
    JunhengError for an unknown pack, FindingsError with every mistake of the files at once.
    """
    names = (DEFINITIONS, *(name for name in packs if name != DEFINITIONS))
    declared: dict[str, Parameter] = {}
    values: dict[tuple[str, str | None], list[PolicyValue]] = {}
    for pack in names:
        for parameter, dated in _read_pack(pack, _folder(pack, folders)):
            known = declared.setdefault(parameter.id, parameter)
            if (known.unit, known.by, known.bound) != (
                parameter.unit,
                parameter.by,
                parameter.bound,
            ):
                raise JunhengError("pack_disagrees", pack=pack, parameter=parameter.id)
            for value in dated:
                values.setdefault((value.parameter, value.key), []).append(value)
    frozen = {place: tuple(found) for place, found in values.items()}
    return Policy(tuple(names), declared, frozen)


def _shape(parameter: Parameter) -> tuple[str, By, Bound]:
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
    if not PACK_NAME.fullmatch(pack):
        raise JunhengError("pack_name", pack=pack[:80])
    for folder in (SHIPPED, *folders):
        if (folder / pack).is_dir():
            return folder / pack
    raise JunhengError("pack_unknown", pack=pack, known=", ".join(shipped_packs()))


def _read_pack(pack: str, folder: Path) -> Iterator[tuple[Parameter, list[PolicyValue]]]:
    findings: list[Finding] = []
    found: list[tuple[Parameter, list[PolicyValue]]] = []
    seen: set[str] = set()
    for path in sorted(folder.glob("*.yaml")):
        for identifier, entry in _entries(path).items():
            place = f"{pack}/{path.name}"
            if identifier in seen:
                findings.append(_finding(place, identifier, entry, "the id stands twice"))
            seen.add(identifier)
            try:
                item = _Item.model_validate(entry)
            except ValidationError as error:
                findings.extend(_validation(place, identifier, error))
            else:
                found.append(_dated(pack, identifier, item))
    if findings:
        raise FindingsError(pack, findings)
    return iter(found)


def _entries(path: Path) -> dict[str, Any]:
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise JunhengError("yaml_syntax", path=path.name, detail="a mapping of parameters")
    return {str(key): value for key, value in content.items()}


def _validation(place: str, identifier: str, error: ValidationError) -> Iterator[Finding]:
    for mistake in error.errors():
        where = ".".join([identifier, *(str(step) for step in mistake["loc"])])
        yield _finding(place, where, mistake.get("input"), mistake["msg"])


def _finding(place: str, where: str, value: Any, allowed: str) -> Finding:
    shown = repr(value) if len(repr(value)) <= 80 else repr(value)[:77] + "…"
    return Finding(
        "error", "pack_item", source=place, column=where, value=shown, params={"allowed": allowed}
    )


def _dated(pack: str, identifier: str, item: _Item) -> tuple[Parameter, list[PolicyValue]]:
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
