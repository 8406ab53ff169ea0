"""Draws of the future: their distributions, persistence, correlation, and seeds."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from simulator.district.sample import sample_district
from simulator.errors import JunhengError
from simulator.risk.assumptions import DRIVERS, Assumptions, Spread, load_assumptions
from simulator.risk.draws import METHODS, distances, noise, recorded_sd

MANY = 20_000
REVENUE, PUPILS, PAY, PRICES = (
    DRIVERS.index(each) for each in ("revenue", "pupils", "pay", "prices")
)


def drawn(assumptions: Assumptions, count: int = MANY, **named: object) -> np.ndarray:
    return distances(sample_district(), assumptions, count, 4, **named)  # type: ignore[arg-type]


@pytest.mark.parametrize("method", METHODS)
def test_a_draw_is_its_own_whatever_comes_after_it(method: str) -> None:
    few, many = noise(5, 3, 7, method), noise(300, 3, 7, method)  # type: ignore[arg-type]
    assert np.array_equal(few, many[:5])
    assert not np.array_equal(few, noise(5, 3, 8, method))  # type: ignore[arg-type]


@pytest.mark.parametrize("method", METHODS)
def test_noise_is_standard_normal(method: str) -> None:
    found = noise(MANY, 3, 1, method).reshape(MANY, -1)  # type: ignore[arg-type]
    # four standard errors: 1/√n for a mean, √(2/n) for a variance, 1/√n for a correlation
    assert np.abs(found.mean(axis=0)).max() < 4 / np.sqrt(MANY)
    assert np.abs(found.var(axis=0) - 1).max() < 4 * np.sqrt(2 / MANY)
    assert np.abs(np.corrcoef(found.T) - np.eye(found.shape[1])).max() < 4.5 / np.sqrt(MANY)


def test_persistence_and_correlation_are_those_asked_for_in_every_year() -> None:
    asked = replace(
        Assumptions(),
        revenue=Spread(sd=0.02, persistence=0.8),
        pay=Spread(sd=0.01, persistence=0.4),
        correlation=MappingProxyType({("revenue", "pay"): -0.6}),
    )
    found = drawn(asked)
    room = 4 / np.sqrt(MANY)
    for year in range(4):
        assert found[:, year, REVENUE].std() == pytest.approx(0.02, rel=0.02)
        assert found[:, year, PAY].std() == pytest.approx(0.01, rel=0.02)
        together = np.corrcoef(found[:, year, REVENUE], found[:, year, PAY])[0, 1]
        assert together == pytest.approx(-0.6, abs=room)
        apart = np.corrcoef(found[:, year, REVENUE], found[:, year, PUPILS])[0, 1]
        assert apart == pytest.approx(0, abs=room)
    for driver, kept in ((REVENUE, 0.8), (PAY, 0.4)):
        # an AR(1): two years apart, the square
        first, second, third = (found[:, year, driver] for year in (0, 1, 2))
        assert np.corrcoef(first, second)[0, 1] == pytest.approx(kept, abs=room)
        assert np.corrcoef(first, third)[0, 1] == pytest.approx(kept**2, abs=room)


def test_what_goes_together_wholly_is_the_same() -> None:
    asked = replace(Assumptions(), correlation=MappingProxyType({("pay", "prices"): 1.0}))
    found = drawn(asked, 50)
    assert found[..., PAY] == pytest.approx(found[..., PRICES], abs=1e-9)


def test_a_triangle_has_its_ends_its_mode_and_its_moments() -> None:
    low, high = -0.01, 0.03
    found = drawn(replace(Assumptions(), prices=Spread("triangular", low=low, high=high)))
    values = found[..., PRICES]
    assert low < values.min() < low + 0.001 and high - 0.002 < values.max() < high
    mean = (low + 0 + high) / 3
    variance = (low**2 + high**2 - low * high) / 18  # of a triangle with its mode at 0
    assert values[:, 0].mean() == pytest.approx(mean, abs=4 * np.sqrt(variance / MANY))
    assert values[:, 0].var() == pytest.approx(variance, rel=0.05)
    assert (values[:, 0] < 0).mean() == pytest.approx(-low / (high - low), abs=0.015)


def test_the_accounts_say_how_revenue_varied() -> None:
    district = sample_district()
    fiscal = pd.DataFrame(
        {"recurrent_revenue": [100.0, 110.0, 110.0, 132.0]}, index=range(2022, 2026)
    )
    told = replace(district, fiscal=fiscal)
    # growth of 10%, 0% and 20%: mean 10%, squares 0, 1%, 1%, over two: 1% → 10%
    assert recorded_sd(told, "revenue") == pytest.approx(0.1)
    asked = replace(Assumptions.nothing(), revenue=Spread("history"))
    found = distances(told, asked, MANY, 1)
    assert found[..., REVENUE].std() == pytest.approx(0.1, rel=0.02)
    with pytest.raises(JunhengError) as short:
        distances(replace(district, fiscal=fiscal.iloc[1:]), asked, 10, 1)
    assert short.value.code == "risk_history" and short.value.params["known"] == 2


REFUSED = {
    "risk_spread": [
        lambda: Assumptions(revenue=Spread(sd=-0.01)),
        lambda: Assumptions(revenue=Spread(sd=1.5)),
        lambda: Assumptions(pay=Spread("triangular", low=0.01, high=0.02)),
        lambda: Assumptions(pay=Spread("triangular", low=-0.02, high=-0.01)),
        lambda: Assumptions(pay=Spread("uniform")),  # type: ignore[arg-type]
    ],
    "risk_number": [lambda: Assumptions(revenue=Spread(sd=float("nan")))],
    "risk_persistence": [
        lambda: Assumptions(pay=Spread(persistence=1.0)),
        lambda: Assumptions(pay=Spread(persistence=-0.1)),
    ],
    "risk_no_record": [lambda: Assumptions(births=Spread("history"))],
    "risk_pair": [
        lambda: Assumptions(correlation={("pay", "pay"): 0.5}),
        lambda: Assumptions(correlation={("pay", "weather"): 0.5}),
        lambda: Assumptions(correlation={("pay", "prices"): 1.1}),
    ],
    "risk_correlation": [
        lambda: Assumptions(
            correlation={
                ("pay", "prices"): 0.9,
                ("pay", "revenue"): 0.9,
                ("prices", "revenue"): -0.9,
            }
        ),
        lambda: Assumptions(
            pay=Spread(sd=0.1, persistence=0.9),
            prices=Spread(sd=0.1, persistence=0.0),
            correlation={("pay", "prices"): 1.0},
        ),
    ],
    "risk_draws": [
        lambda: drawn(Assumptions(), 0),
        lambda: drawn(Assumptions(), 100_001),
        lambda: drawn(Assumptions(), 5, seed=-1),
        lambda: drawn(Assumptions(), 5, seed=2**63),
        lambda: drawn(Assumptions(), 5, method="latin"),
    ],
}


def test_the_largest_seed_is_a_seed() -> None:
    for method in METHODS:
        assert np.isfinite(drawn(Assumptions(), 5, seed=2**63 - 1, method=method)).all()


@pytest.mark.parametrize(
    ("code", "place"),
    [(code, place) for code, all_ in REFUSED.items() for place in range(len(all_))],
)
def test_what_cannot_be_is_refused_in_words(code: str, place: int) -> None:
    with pytest.raises(JunhengError) as refused:
        REFUSED[code][place]()
    assert refused.value.code == code
    assert refused.value.text("zh") and refused.value.text("en")


def test_spreads_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "risk.yaml"
    file.write_text(
        "revenue: {sd: 0.03, persistence: 0.7}\n"
        "prices: {kind: triangular, low: -0.01, high: 0.02}\n"
        "pay: {kind: history}\n"
        "correlation: [{between: [revenue, transfers], value: 0.2}]\n",
        encoding="utf-8",
    )
    assert load_assumptions(file) == replace(
        Assumptions(),
        revenue=Spread(sd=0.03, persistence=0.7),
        prices=Spread("triangular", low=-0.01, high=0.02),
        pay=Spread("history"),
        correlation=MappingProxyType({("revenue", "transfers"): 0.2}),
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("- 1", "risk_key"),
        ("weather: {sd: 0.1}", "risk_key"),
        ("pay: 0.1", "risk_key"),
        ("pay: {sd: 0.1, mean: 0}", "risk_key"),
        ("pay: {kind: triangular, low: -0.1}", "risk_spread"),
        ("pay: {sd: 0.1, low: -0.1}", "risk_spread"),
        ("pay: {persistence: 0.1}", "risk_spread"),
        ("pay: {sd: much}", "risk_number"),
        ("pay: {sd: 0.1, kind: uniform}", "risk_spread"),
        ("correlation: [{between: [pay], value: 0.1}]", "risk_pair"),
        ("correlation: [{between: [pay, prices]}]", "risk_pair"),
        ("correlation: [{between: [pay, prices], value: much}]", "risk_pair"),
        ("correlation: 5", "risk_pair"),
        ("pay: {sd: 0.1}\npay: {sd: 0.2}", "yaml_twice"),
    ],
)
def test_a_wrong_file_is_refused_in_words(tmp_path: Path, text: str, code: str) -> None:
    file = tmp_path / "risk.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(JunhengError) as refused:
        load_assumptions(file)
    assert refused.value.code == code
    assert re.search(r"[\u4e00-\u9fff]", refused.value.text("zh"))


def test_each_number_that_counts_is_in_the_fingerprint() -> None:
    usual = Assumptions()
    others = [replace(usual, **{name: Spread(sd=0.123)}) for name in DRIVERS]
    others.append(replace(usual, correlation=MappingProxyType({("pay", "prices"): 0.2})))
    others.append(replace(usual, revenue=replace(usual.revenue, persistence=0.1)))
    prints = {each.fingerprint for each in (usual, *others)}
    assert len(prints) == len(others) + 1
    turned = MappingProxyType({(b, a): value for (a, b), value in usual.correlation.items()})
    assert replace(usual, correlation=turned).fingerprint == usual.fingerprint
