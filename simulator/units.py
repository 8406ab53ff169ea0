"""Printing figures: units, rounding for print, and amounts that add up to their total."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from numpy.typing import NDArray

from simulator import glossary
from simulator.errors import JunhengError
from simulator.glossary import Language

#: Decimals printed for a unit; money follows the unit the user chose.
DECIMALS = {
    "yuan": 0,
    "10k_yuan": 2,
    "yuan_per_pupil": 2,
    "yuan_per_person": 2,
    "yuan_per_m2": 2,
    "share": 2,
    "ratio": 4,
    "m2_per_pupil": 2,
    "per_100_pupils": 2,
    "per_class": 2,
    "m2": 1,
    "person": 1,
    "pupils_per_person": 2,
    "number": 3,
    "flag": 0,
}
#: Units of money, which have words of their own behind a figure.
MONEY = frozenset({"yuan", "10k_yuan"})
#: Units that are printed without decimals where the figure is whole.
COUNTED = frozenset(
    {"person", "pupil", "m2", "class", "school", "room", "set", "volume", "year", "month", "hour"}
)
#: How far below a five, in last digits, a sum may lie and still be rounded up.
NOISE = Decimal("1e-7")
#: The sign of what is below nought: a hyphen is none.
MINUS = "−"
#: No figure is printed with more decimals than these.
MOST_DECIMALS = 9
UNKNOWN = {"zh": "不可计算", "en": "not computable"}


def apportion(amounts: Sequence[float], total: float, unit: float = 0.01) -> NDArray[np.float64]:
    """Amounts in whole units that add up to the total: largest remainder (Hamilton).

    ``amounts`` are non-negative shares of any scale, ``unit`` the smallest amount paid
    (0.01 is a fen). Ties go to the earlier entry. Raises JunhengError where the total is
    not a whole number of units, or there is a total but nothing to share it by.
    """
    shares = np.asarray(amounts, dtype=np.float64)
    units = round(total / unit)
    if not math.isclose(units * unit, total, rel_tol=1e-12, abs_tol=unit * 1e-6):
        raise JunhengError("apportion_unit", total=total, unit=unit)
    if not np.isfinite(shares).all() or (shares < 0).any():
        raise JunhengError("apportion_negative")
    whole = shares.sum()
    if whole == 0:
        if units:
            raise JunhengError("apportion_nothing", total=total)
        return np.zeros_like(shares)
    exact = shares / whole * units
    floors = np.floor(exact)
    left = round(float(units - floors.sum()))
    order = np.argsort(-(exact - floors), kind="stable")
    floors[order[:left]] += 1
    return np.asarray(np.round(floors * unit, 10), dtype=np.float64)


def round_to_total(
    values: Sequence[float], decimals: int, printed: float | None = None
) -> NDArray[np.float64]:
    """Values rounded for print so that they add up to the rounded total of all of them.

    ``printed`` is their total as it stands elsewhere, up or down. Each is at most one last
    digit from its own rounding; unknown values stay unknown.
    """
    exact = np.asarray(values, dtype=np.float64)
    known = np.isfinite(exact)
    scale = 10.0**decimals
    floors = np.floor(exact[known] * scale + 1e-7)
    # rounded as the total is where it stands alone: one sum never prints as two
    total = half_up(float(exact[known].sum()), decimals) if printed is None else printed
    target = total * scale
    left = round(float(target - floors.sum()))
    order = np.argsort(-(exact[known] * scale - floors), kind="stable")
    floors[order[: max(left, 0)]] += 1
    rounded = exact.copy()
    rounded[known] = floors / scale
    return rounded


def half_up(value: float, decimals: int) -> float:
    """A value rounded as officers round: a five goes up (away from zero).

    A five that the noise of a sum has brought just below counts as one.
    """
    step = Decimal(1).scaleb(-decimals)
    exact = Decimal(repr(float(value)))
    noise = (step * NOISE).copy_sign(exact)
    return float((exact + noise).quantize(step, rounding=ROUND_HALF_UP))


def written(value: float, decimals: int, *, signed: bool = False) -> str:
    """A figure in digits: separators, a true minus, never minus nought; ``signed``: +1 or −1."""
    rounded = half_up(value, decimals) + 0.0
    plus = "+" if signed and rounded > 0 else ""
    return f"{plus}{rounded:,.{decimals}f}".replace("-", MINUS)


def telling(value: float, decimals: int) -> int:
    """Decimals with which what is not nought is not printed as nought; 0.004 takes three.

    What is nought to nine decimals is the noise of sums and printed as nought.
    """
    if not math.isfinite(value) or value == 0:
        return decimals
    most = max(decimals, MOST_DECIMALS)
    return next((d for d in range(decimals, most + 1) if half_up(value, d) != 0), decimals)


def number(value: float, unit: str, language: Language, *, telling_all: bool = False) -> str:
    """A value printed with thousands separators and its unit; says so where it is unknown.

    With ``telling_all`` as many digits as it takes, so that what is missing is never "0.00".
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN[language]
    if unit == "flag":
        return glossary.label("word.yes" if value else "word.no", language)
    shown = value * 100 if unit == "share" else value
    decimals = DECIMALS.get(unit, 2)
    if decimals and unit in COUNTED and float(value).is_integer():
        decimals = 0
    if telling_all:
        decimals = telling(shown, decimals)
    return written(shown, decimals) + ("%" if unit == "share" else "")


def with_unit(value: float, unit: str, language: Language, *, telling_all: bool = False) -> str:
    """A printed value followed by its unit."""
    printed = number(value, unit, language, telling_all=telling_all)
    if unit in {"share", "flag", "ratio", "number"} or printed == UNKNOWN[language]:
        return printed
    return amount(printed, unit, language)


def amount(printed: str, unit: str, language: Language) -> str:
    """A figure that is printed already, with its unit behind it as it is read in a sentence.

    Sentences in English speak of yuan where a table's column is in 10,000 yuan.
    """
    if unit == "10k_yuan" and language == "en":
        printed, unit = _in_yuan(printed), "yuan"
    if unit in MONEY:
        return glossary.text(f"describe.unit.{unit}", language, number=printed)
    return f"{printed} {glossary.label(f'unit.{unit}', language)}"


def _in_yuan(printed: str) -> str:
    """Printed units of 10,000 yuan as yuan, digit by digit: 1,234.56 is 12,345,600."""
    exact = Decimal(printed.replace(",", "").replace(MINUS, "-").lstrip("+")) * 10_000
    text = f"{exact.normalize() + 0:,f}" if exact != exact.to_integral() else f"{int(exact):,}"
    return ("+" if printed.startswith("+") else "") + text.replace("-", MINUS)
