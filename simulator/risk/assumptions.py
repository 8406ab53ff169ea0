"""How far the future may lie from what a scenario says: a distribution for each assumption."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

import numpy as np

from simulator.errors import JunhengError
from simulator.machine.language import Array
from simulator.strict_yaml import read_yaml

Kind = Literal["normal", "triangular", "history"]
KINDS: Final = ("normal", "triangular", "history")
#: What varies, in the order in which its draws are numbered.
DRIVERS: Final = ("revenue", "pupils", "births", "progression", "pay", "prices", "transfers")
#: What a district's own accounts can say the spread of, and the column that says it.
RECORDED: Final = MappingProxyType({
    "revenue": "recurrent_revenue", "transfers": "upper_transfers", "pay": "civil_servant_mean_pay",
})  # fmt: skip
#: No yearly rate lies further from what was assumed than this.
WIDEST: Final = 1.0


@dataclass(frozen=True, slots=True)
class Spread:
    """How far one assumption may lie from the scenario's value, a year, in shares.

    ``normal`` by its standard deviation ``sd``; ``triangular`` between ``low`` (below 0) and
    ``high`` around the scenario's own value; ``history``: as the district's accounts varied.
    ``persistence`` is how much of one year's distance is still there a year later.
    """

    kind: Kind = "normal"
    sd: float = 0.0
    low: float = 0.0
    high: float = 0.0
    persistence: float = 0.5

    @property
    def none(self) -> bool:
        """Whether it never leaves the scenario's value."""
        return self.kind != "history" and self.sd == 0 and self.low == 0 and self.high == 0


def _pairs(*pairs: tuple[str, str, float]) -> Mapping[tuple[str, str], float]:
    return MappingProxyType({(one, other): value for one, other, value in pairs})


@dataclass(frozen=True, slots=True)
class Assumptions:
    """A spread for each assumption and how they go together; the reasons are in the glossary."""

    revenue: Spread = Spread(sd=0.02)
    pupils: Spread = Spread(sd=0.01)
    births: Spread = Spread(sd=0.05)
    progression: Spread = Spread(sd=0.005)
    pay: Spread = Spread(sd=0.01)
    prices: Spread = Spread(sd=0.01)
    transfers: Spread = Spread(sd=0.05)
    correlation: Mapping[tuple[str, str], float] = field(
        default_factory=lambda: _pairs(("revenue", "pay", 0.3), ("pay", "prices", 0.3))
    )

    def __post_init__(self) -> None:
        for name in DRIVERS:
            _check_spread(name, self.spread(name))
        for pair, value in self.correlation.items():
            if len(set(pair)) != 2 or not set(pair) <= set(DRIVERS) or not -1 <= value <= 1:
                raise JunhengError("risk_pair", pair=" × ".join(pair), value=value)
        self.mixing()

    def spread(self, driver: str) -> Spread:
        """The spread of one assumption."""
        found: Spread = getattr(self, driver)
        return found

    @property
    def persistence(self) -> Array:
        """How much of a year's distance is left a year later, by driver."""
        return np.array([self.spread(name).persistence for name in DRIVERS])

    @property
    def matrix(self) -> Array:
        """The correlations of one year's distances, driver × driver."""
        found = np.eye(len(DRIVERS))
        for (one, other), value in self.correlation.items():
            places = DRIVERS.index(one), DRIVERS.index(other)
            found[places] = found[places[::-1]] = value
        return found

    def mixing(self) -> tuple[Array, Array]:
        """What makes independent noise go together: in the first year, and in each later one.

        Later noise is such that the correlations are the same in all years. Raises
        JunhengError where no distances can be correlated so.
        """
        kept = self.persistence
        first, later = self.matrix, self.matrix * (1 - np.outer(kept, kept))
        return _root(first), _root(later)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of everything it says."""
        pairs = sorted((*sorted(pair), value) for pair, value in self.correlation.items())
        said = [repr(self.spread(name)) for name in DRIVERS]
        return hashlib.sha256("\n".join([*said, repr(pairs)]).encode()).hexdigest()

    @classmethod
    def nothing(cls) -> Assumptions:
        """Everything comes as the scenario says."""
        return cls(**dict.fromkeys(DRIVERS, Spread()), correlation=_pairs())

    def only(self, *drivers: str) -> Assumptions:
        """The same with every other assumption held at the scenario's value."""
        held = {name: Spread() for name in DRIVERS if name not in drivers}
        pairs = {pair: v for pair, v in self.correlation.items() if set(pair) <= set(drivers)}
        return replace(self, **held, correlation=MappingProxyType(pairs))


def _check_spread(name: str, spread: Spread) -> None:
    numbers = (spread.sd, spread.low, spread.high, spread.persistence)
    if not all(isinstance(each, (int, float)) and math.isfinite(each) for each in numbers):
        raise JunhengError("risk_number", driver=name)
    wide = max(spread.sd, -spread.low, spread.high) > WIDEST
    if spread.kind not in KINDS or wide or spread.sd < 0 or spread.low > 0 or spread.high < 0:
        raise JunhengError("risk_spread", driver=name)
    if not 0 <= spread.persistence < 1:
        raise JunhengError("risk_persistence", driver=name, value=spread.persistence)
    if spread.kind == "history" and name not in RECORDED:
        raise JunhengError("risk_no_record", driver=name, known=", ".join(RECORDED))


def _root(matrix: Array) -> Array:
    """The symmetric square root of correlations; JunhengError where there is none."""
    values, vectors = np.linalg.eigh(matrix)
    if values.min() < -1e-9:
        raise JunhengError("risk_correlation")
    if np.array_equal(matrix, np.diag(np.diag(matrix))):
        return np.diag(np.sqrt(np.diag(matrix)))
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T)


def load_assumptions(path: str | Path) -> Assumptions:
    """Spreads from a YAML file: what it does not say is as usual.

    ``revenue: {sd: 0.02, persistence: 0.5}``,
    ``prices: {kind: triangular, low: -0.01, high: 0.03}``,
    ``correlation: [{between: [revenue, pay], value: 0.3}]``. Raises JunhengError.
    """
    source = Path(path)
    said = read_yaml(source).data
    if not isinstance(said, dict):
        raise JunhengError("risk_key", key=source.name, known=", ".join((*DRIVERS, "correlation")))
    given: dict[str, Any] = {}
    for key, value in said.items():
        if key == "correlation":
            rows = value if isinstance(value, list) else [value]
            given[key] = MappingProxyType(dict(map(_pair, rows)))
        else:
            given[key] = _spread(key, value)
    return Assumptions(**given)


def _spread(key: str, said: Any) -> Spread:
    known = {each.name for each in fields(Spread)}
    if key not in DRIVERS or not isinstance(said, dict):
        raise JunhengError("risk_key", key=key, known=", ".join((*DRIVERS, "correlation")))
    for name in said:
        if name not in known:
            raise JunhengError("risk_key", key=f"{key}.{name}", known=", ".join(sorted(known)))
    kind = said.get("kind", "normal")
    needed = {"normal": {"sd"}, "triangular": {"low", "high"}}.get(kind, set())
    if not needed <= set(said) or set(said) - needed - {"kind", "persistence"}:
        raise JunhengError("risk_spread", driver=key)
    return Spread(**said)


def _pair(row: Any) -> tuple[tuple[str, str], float]:
    if not isinstance(row, dict) or set(row) != {"between", "value"}:
        raise JunhengError("risk_pair", pair=str(row)[:80], value="")
    between, value = row["between"], row["value"]
    two = isinstance(between, list) and len(between) == 2
    if not two or isinstance(value, bool) or not isinstance(value, (int, float)):
        raise JunhengError("risk_pair", pair=str(between)[:80], value=value)
    return (str(between[0]), str(between[1])), float(value)
