"""The values of the law as plain data: the packs' YAML files, read with no help of the product."""

from __future__ import annotations

import datetime
import functools
import math
from pathlib import Path
from typing import Any

import yaml

RULES = Path(__file__).resolve().parents[2] / "simulator" / "rules"
#: Definitions stand under every list of packs, also under none.
ALWAYS = "definitions"


@functools.cache
def _pack(name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in sorted((RULES / name).glob("*.yaml")):
        if path.name != "lines.yaml":
            found.update(yaml.safe_load(path.read_text(encoding="utf-8")))
    return found


class Law:
    """What the packs of a scenario say in a year; a later pack counts where it is stricter."""

    def __init__(self, packs: list[str]) -> None:
        self.packs = [_pack(name) for name in (ALWAYS, *packs)]
        self.seen: dict[tuple[str, int, str], float] = {}

    def value(self, name: str, year: int, key: str = "") -> float:
        """The value in force in a year; unknown (NaN) where no pack names one."""
        place = (name, year, key)
        if place not in self.seen:
            self.seen[place] = self._value(name, year, key)
        return self.seen[place]

    def _value(self, name: str, year: int, key: str) -> float:
        best = math.nan
        for pack in self.packs:
            entry = pack.get(name)
            said = math.nan if entry is None else _newest(entry, year, key)
            if math.isnan(said):
                continue
            softer = {"floor": said < best, "ceiling": said > best}.get(_bound(self, name), False)
            best = best if softer else said
        return best

    def stages(self, name: str, year: int) -> list[float]:
        """The value of each stage, in the order primary, junior, special."""
        return [self.value(name, year, stage) for stage in ("primary", "junior", "special")]

    def named_by(self, key: str) -> str:
        """The parameter that has a value for a key; empty where none has."""
        for pack in self.packs:
            for name, entry in pack.items():
                if any(isinstance(v["value"], dict) and key in v["value"] for v in entry["values"]):
                    return name
        return ""


def _bound(law: Law, name: str) -> str:
    return next(str(pack[name]["bound"]) for pack in law.packs if name in pack)


def _newest(entry: dict[str, Any], year: int, key: str) -> float:
    """One pack's newest value for a key that has begun by a year."""
    found, since = math.nan, datetime.date.min
    for dated in entry["values"]:
        value = dated["value"]
        said = value.get(key) if isinstance(value, dict) else None if key else value
        if said is not None and dated["from"].year <= year and dated["from"] >= since:
            found, since = float(said), dated["from"]
    return found


@functools.cache
def tiers() -> dict[str, int]:
    """The tier of each province for the sharing of operating funds."""
    table = yaml.safe_load((RULES / "provinces.yaml").read_text(encoding="utf-8"))["tiers"]
    return {province: int(tier) for tier, names in table.items() for province in names}
