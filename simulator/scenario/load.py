"""Reads a scenario file strictly, with what it is based on."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from simulator.errors import JunhengError
from simulator.findings import Finding
from simulator.scenario.allowed import listed
from simulator.scenario.check import Lines, check_values, finding, unknown_key
from simulator.scenario.content import GROUPS, flattened, laid_over
from simulator.scenario.head import DEFAULT_HORIZON, HEAD_CHECKS, HORIZONS, as_lines, as_words
from simulator.scenario.levers import known_paths
from simulator.scenario.model import Scenario, check_said, refuse
from simulator.scenario.write import dump_scenario, write_whole
from simulator.strict_yaml import Document, parse, read_yaml

#: The scenarios that come with the product.
SHIPPED = Path(__file__).resolve().parents[2] / "scenarios"
#: A file's name without its ending: letters of any script, digits, space, hyphen, underscore.
FILE_NAME = re.compile(r"\w[\w\- ]{0,99}")
#: The packs in force for a scenario that does not speak of packs: the law.
DEFAULT_PACKS = ("national",)
KEYS = ("name", "question", "note", "based_on", "policy", "horizon", "lines", *GROUPS)


def load_scenario(path: str | os.PathLike[str]) -> Scenario:
    """A scenario from its file, with everything its bases say.

    Raises JunhengError where a file is missing or not YAML or bases form a circle,
    FindingsError with every key and value that is not allowed.
    """
    return _load(Path(path), ())


def read_scenario(text: str, source: str, folder: Path = SHIPPED) -> Scenario:
    """A scenario from the text of a file; its bases are looked for in ``folder``."""
    return scenario_of_document(parse(text, source), source, folder)


def scenario_of_document(document: Document, source: str, folder: Path = SHIPPED) -> Scenario:
    """A scenario from the values of a file that is read already."""
    return _build(document, source, folder, ())


def shipped_scenarios() -> list[Path]:
    """The files of the scenarios that come with the product: the baseline, then by name."""
    return sorted(SHIPPED.glob("*.yaml"), key=lambda path: (path.stem != "baseline", path.stem))


def _load(path: Path, chain: tuple[Path, ...]) -> Scenario:
    here = path.resolve()
    if here in chain:
        names = " → ".join(each.stem for each in (*chain[chain.index(here) :], here))
        raise JunhengError("scenario_circle", names=names)
    return _build(read_yaml(path), path.name, path.parent, (*chain, here))


def _build(document: Document, source: str, folder: Path, chain: tuple[Path, ...]) -> Scenario:
    content = document.data
    if not isinstance(content, dict):
        raise JunhengError("scenario_empty", path=source)
    base = _base(content.get("based_on"), source, folder, chain)
    return scenario_of(content, base, source, document.lines)


def scenario_of(
    content: Mapping[Any, Any], base: Scenario | None, source: str, lines: Lines = None
) -> Scenario:
    """A scenario from the content of a file and the scenario it is based on.

    A file without a name is called as the file. Raises FindingsError with every mistake.
    """
    named = {"name": source.removesuffix(".yaml"), **content}
    horizon = _horizon(content, base)
    own = flattened(named)
    _refuse_many(len(named) + len(own), source)
    said = laid_over(base.flat() if base else {}, own)
    findings = [*_head_findings(named, source, lines), *check_values(own, horizon, source, lines)]
    seen = {(each.column, each.code) for each in findings}
    together = check_said(said, horizon, source, lines)
    findings += [each for each in together if (each.column, each.code) not in seen]
    refuse(source, findings)
    packs = named.get("policy", base.policy if base else DEFAULT_PACKS)
    return Scenario(
        name=as_words(named["name"]),
        own=MappingProxyType(own),
        policy=tuple(packs),
        horizon=horizon,
        lines=as_lines(named.get("lines", base.lines if base else None)),
        note=as_words(named.get("note")),
        question=as_words(named.get("question")),
        base=base,
        based_on=named.get("based_on"),
        source=source,
    )


def _refuse_many(count: int, source: str) -> None:
    """Refuse a file of more keys than there are; telling each would help nobody."""
    most = 2 * (len(known_paths()) + len(KEYS))
    if count > most:
        raise JunhengError("scenario_keys", source=source, count=count, most=most)


def _base(name: Any, source: str, folder: Path, chain: tuple[Path, ...]) -> Scenario | None:
    """The scenario a file is based on, beside it or shipped; never outside of these folders."""
    if name is None:
        return None
    stem = str(name).removesuffix(".yaml")
    if not isinstance(name, str) or not FILE_NAME.fullmatch(stem):
        raise JunhengError("scenario_base", name=str(name)[:80], source=source)
    for place in (folder, SHIPPED):
        path = place / f"{stem}.yaml"
        if path.is_file() and path.resolve().parent == place.resolve():
            return _load(path, chain)
    raise JunhengError("scenario_base", name=stem, source=source)


def _horizon(content: Mapping[Any, Any], base: Scenario | None) -> int:
    said = content.get("horizon", base.horizon if base else DEFAULT_HORIZON)
    return said if type(said) is int and said in HORIZONS else DEFAULT_HORIZON


def _head_findings(content: Mapping[Any, Any], source: str, lines: Lines) -> Iterator[Finding]:
    """Mistakes in what stands above assumptions and levers, and keys that are not known."""
    for key, check in HEAD_CHECKS.items():
        if key in content:
            yield from check(key, content[key], source, lines)
    for key, value in content.items():
        if key not in KEYS:
            yield unknown_key(str(key), value, source, lines)
        elif key in GROUPS and value is not None and not isinstance(value, dict):
            yield finding("type", key, value, listed(["{…}"]), source, lines)


def save_scenario(scenario: Scenario, path: str | os.PathLike[str]) -> None:
    """Write a scenario's file at once or not at all.

    It is written as the small diff where the file will find the same base again, else with
    everything it says.
    """
    target = Path(path)
    kept = scenario if _finds_its_base(scenario, target) else scenario.alone()
    write_whole(target, dump_scenario(kept).encode("utf-8"))


def _finds_its_base(scenario: Scenario, target: Path) -> bool:
    if scenario.base is None or scenario.based_on is None:
        return scenario.base is None
    try:
        found = _base(scenario.based_on, target.name, target.parent, (target.resolve(),))
    except JunhengError:
        return False
    return found is not None and found.fingerprint == scenario.base.fingerprint
