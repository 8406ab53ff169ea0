"""Ten of the operating-fund formulas in OpenFisca-core, to be timed beside the engine."""

from __future__ import annotations

import numpy as np
from openfisca_core.entities import Entity
from openfisca_core.periods import YEAR
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

SCHOOL = Entity("school", "schools", "One school at one stage", "")
#: What the ten formulas start from.
LEAVES = (
    "headcount",
    "mainstreamed",
    "boarders",
    "operating_rate",
    "boarding_rate",
    "special_rate",
    "heating_rate",
    "small_school_heads",
    "small_class",
    "small_class_premium",
    "weak",
    "weak_school_tilt",
)


def _leaf(name: str) -> type[Variable]:
    return type(
        name, (Variable,), {"value_type": float, "entity": SCHOOL, "definition_period": YEAR}
    )


def _variable(name: str, formula: object) -> type[Variable]:
    body = {"value_type": float, "entity": SCHOOL, "definition_period": YEAR, "formula": formula}
    return type(name, (Variable,), body)


def funded_pupils(school, period):
    return school("headcount", period) - school("special_heads", period)


def special_heads(school, period):
    return np.where(school("special_rate", period) > 0, school("mainstreamed", period), 0)


def pupil_funds(school, period):
    return school("funded_pupils", period) * school("operating_rate", period)


def boarding_funds(school, period):
    return school("boarders", period) * school("boarding_rate", period)


def special_funds(school, period):
    return school("special_heads", period) * school("special_rate", period)


def heating_funds(school, period):
    return school("headcount", period) * school("heating_rate", period)


def small_school_topup(school, period):
    short = school("small_school_heads", period) - school("funded_pupils", period)
    return np.maximum(0, short) * school("operating_rate", period)


def small_class_funds(school, period):
    share = school("small_class_premium", period) * school("small_class", period)
    return school("pupil_funds", period) * share


def weak_school_funds(school, period):
    return (
        school("pupil_funds", period) * school("weak_school_tilt", period) * school("weak", period)
    )


def formula_funds(school, period):
    parts = (
        "pupil_funds",
        "boarding_funds",
        "special_funds",
        "heating_funds",
        "small_school_topup",
        "small_class_funds",
        "weak_school_funds",
    )
    return sum(school(part, period) for part in parts)


FORMULAS = (
    special_heads,
    funded_pupils,
    pupil_funds,
    boarding_funds,
    special_funds,
    heating_funds,
    small_school_topup,
    small_class_funds,
    weak_school_funds,
    formula_funds,
)


def system() -> TaxBenefitSystem:
    """The ten formulas and their leaves."""
    found = TaxBenefitSystem([SCHOOL])
    for name in LEAVES:
        found.add_variable(_leaf(name))
    for formula in FORMULAS:
        found.add_variable(_variable(formula.__name__, formula))
    return found


def simulation(country: TaxBenefitSystem, count: int, leaves: dict[str, np.ndarray]) -> Simulation:
    """A simulation over ``count`` schools with leaves over (year, school)."""
    built = SimulationBuilder().build_default_simulation(country, count=count)
    for name, rows in leaves.items():
        for year, row in enumerate(rows):
            built.set_input(name, str(2026 + year), row)
    return built


def run(country: TaxBenefitSystem, count: int, leaves: dict[str, np.ndarray]) -> list[np.ndarray]:
    """Three years of all ten formulas."""
    built = simulation(country, count, leaves)
    return [
        built.calculate(formula.__name__, str(2026 + year))
        for year in range(3)
        for formula in FORMULAS
    ]
