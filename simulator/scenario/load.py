"""Reads a scenario file strictly, with what it is based on; writes the small difference."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from simulator.errors import FindingsError, JunhengError
from simulator.findings import Finding
from simulator.policy.load import PACK_NAME, parse_yaml, read_yaml
from simulator.scenario.check import check_values, is_number, unknown_key
from simulator.scenario.levers import levers
from simulator.scenario.model import Scenario, Words

#: The scenarios that come with the product.
SHIPPED = Path(__file__).resolve().parents[2] / "scenarios"
HORIZONS = range(1, 11)
DEFAULT_HORIZON = 3
LONGEST_NAME = 200
LONGEST_NOTE = 4000
FILE_NAME = re.compile(r"[\w][\w\- ]{0,99}")
HEAD = ("name", "note", "question", "based_on", "policy", "horizon", "assumptions", "levers")


def load_scenario(path: str | os.PathLike[str]) -> Scenario:
    """A scenario from its file, with everything its bases say.

    Raises JunhengError where a file is missing or not YAML or bases form a circle,
    FindingsError with every key and value that is not allowed.
    """
    return _load(Path(path), ())


def read_scenario(text: str, source: str, folder: Path = SHIPPED) -> Scenario:
    """A scenario from the text of a file; its bases are looked for in ``folder``."""
    return _build(parse_yaml(text, source), source, folder, ())


def shipped_scenarios() -> list[Path]:
    """The files of the scenarios that come with the product, by name."""
    return sorted(SHIPPED.glob("*.yaml"))


def _load(path: Path, chain: tuple[Path, ...]) -> Scenario:
    here = path.resolve()
    if here in chain:
        names = " → ".join(each.stem for each in (*chain[chain.index(here) :], here))
        raise JunhengError("scenario_circle", names=names)
    return _build(read_yaml(path), path.name, path.parent, (*chain, here))


def _build(content: Any, source: str, folder: Path, chain: tuple[Path, ...]) -> Scenario:
    if not isinstance(content, dict):
        raise JunhengError("yaml_syntax", path=source, detail="name: …")
    base = _base(content.get("based_on"), folder, chain)
    findings = list(_head_findings(content, source))
    horizon = _horizon(content, base)
    own = dict(_flatten(content))
    findings += [
        unknown_key(str(key), value, source) for key, value in content.items() if key not in HEAD
    ]
    findings += check_values(own, horizon, source)
    findings += _sharing_findings(own, source)
    if base is not None and horizon != base.horizon:
        findings += check_values({**base.flat(), **own}, horizon, source)
    if findings:
        raise FindingsError(source, findings)
    packs = content.get("policy")
    return Scenario(
        name=_words(content["name"]),
        own=MappingProxyType(own),
        policy=tuple(packs if packs is not None else base.policy if base else ("national",)),
        horizon=horizon,
        note=_words(content.get("note")),
        question=_words(content.get("question")),
        base=base,
        based_on=content.get("based_on"),
        source=source,
    )


def _base(name: Any, folder: Path, chain: tuple[Path, ...]) -> Scenario | None:
    if name is None:
        return None
    if not isinstance(name, str) or not FILE_NAME.fullmatch(name):
        raise JunhengError("scenario_base", name=str(name)[:80])
    for place in (folder, SHIPPED):
        path = place / f"{name}.yaml"
        if path.is_file():
            return _load(path, chain)
    raise JunhengError("scenario_base", name=name)


def _horizon(content: Mapping[str, Any], base: Scenario | None) -> int:
    said = content.get("horizon", base.horizon if base else DEFAULT_HORIZON)
    return said if isinstance(said, int) and said in HORIZONS else DEFAULT_HORIZON


def _head_findings(content: Mapping[str, Any], source: str) -> Iterator[Finding]:
    """Mistakes in what stands above assumptions and levers."""

    def wrong(key: str, allowed: str) -> Finding:
        value = str(content.get(key))[:80]
        return Finding(
            "error", "scenario_type", source=source, column=key, value=value,
            params={"allowed": allowed},
        )  # fmt: skip

    for key, longest in (
        ("name", LONGEST_NAME),
        ("note", LONGEST_NOTE),
        ("question", LONGEST_NOTE),
    ):
        if (key in content or key == "name") and not _are_words(content.get(key), longest):
            yield wrong(key, f"{{zh: …, en: …}} (≤ {longest})")
    horizon = content.get("horizon", DEFAULT_HORIZON)
    if not is_number(horizon) or horizon not in HORIZONS:
        yield wrong("horizon", f"{HORIZONS.start} … {HORIZONS.stop - 1}")
    packs = content.get("policy", [])
    if not isinstance(packs, list) or not all(
        isinstance(pack, str) and PACK_NAME.fullmatch(pack) for pack in packs
    ):
        yield wrong("policy", "[national, district_plan]")
    for key in ("assumptions", "levers"):
        if not isinstance(content.get(key, {}), dict):
            yield wrong(key, "{…}")


def _are_words(value: Any, longest: int) -> bool:
    if isinstance(value, str):
        return 0 < len(value.strip()) <= longest
    return (
        isinstance(value, dict)
        and 0 < len(value) <= 2
        and set(value) <= {"zh", "en"}
        and all(isinstance(text, str) and len(text) <= longest for text in value.values())
    )


def _words(value: Any) -> Words:
    if value is None:
        return MappingProxyType({})
    if isinstance(value, str):
        return MappingProxyType({"zh": value.strip(), "en": value.strip()})
    return MappingProxyType({key: str(text).strip() for key, text in value.items()})


def _flatten(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Dotted paths of everything under assumptions and levers."""

    def visit(path: str, value: Any) -> Iterator[tuple[str, Any]]:
        if isinstance(value, dict) and value:
            for key, below in value.items():
                yield from visit(f"{path}.{key}", below)
        else:
            yield path, value

    for group in ("assumptions", "levers"):
        below = content.get(group)
        if isinstance(below, dict) and below:
            yield from visit(group, below)


def _sharing_findings(own: Mapping[str, Any], source: str) -> Iterator[Finding]:
    """Shares that must add up to one do."""
    for lever in levers().values():
        given = [own[path] for path in lever.paths if is_number(own.get(path))]
        whole = len(given) == len(lever.keys) and abs(sum(given) - (lever.adds_up or 0)) < 1e-9
        if lever.adds_up is not None and given and not whole:
            yield Finding(
                "error", "scenario_sum", source=source, column=lever.path, value=sum(given),
                params={"allowed": f"{', '.join(lever.keys)} = {lever.adds_up:g}"},
            )  # fmt: skip


def dump_scenario(scenario: Scenario) -> str:
    """The file of a scenario: what it says beyond its base, nothing else."""
    content: dict[str, Any] = {"name": dict(scenario.name)}
    for key, value in (("note", scenario.note), ("question", scenario.question)):
        if value:
            content[key] = dict(value)
    if scenario.based_on:
        content["based_on"] = scenario.based_on
    if scenario.base is None or scenario.policy != scenario.base.policy:
        content["policy"] = list(scenario.policy)
    if scenario.base is None or scenario.horizon != scenario.base.horizon:
        content["horizon"] = scenario.horizon
    for path, value in sorted(scenario.own.items()):
        place = content
        *steps, last = path.split(".")
        for step in steps:
            place = place.setdefault(step, {})
        place[last] = value
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def save_scenario(scenario: Scenario, path: str | os.PathLike[str]) -> None:
    """Write a scenario's file at once or not at all."""
    target = Path(path)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=target.parent, suffix=".part", delete=False
    ) as part:
        part.write(dump_scenario(scenario))
        part.flush()
        os.fsync(part.fileno())
    Path(part.name).replace(target)
