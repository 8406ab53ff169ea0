"""Which levers stand under which heading, in the order of an officer's work."""

from __future__ import annotations

from simulator.scenario.levers import Lever, levers

#: The table's rows in the order of an officer's work: section → levers by the start of their path.
SECTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "assumptions": {
        "revenue": ("assumptions.recurrent_revenue_growth", "assumptions.upper_transfers_growth"),
        "prices": ("assumptions.pay_growth", "assumptions.price_growth"),
        "pupils": ("assumptions.pupils",),
    },
    "levers": {
        "appropriation": ("levers.appropriation", "levers.carry_over"),
        "operating": (
            "levers.operating_rate", "levers.operating_path", "levers.rate_growth",
            "levers.boarding_rate", "levers.special_rate", "levers.heating_rate",
            "levers.hold_harmless",
        ),
        "fairness": (
            "levers.small_school_floor", "levers.small_class_premium", "levers.weak_school_tilt",
            "levers.headcount_basis", "levers.headcount_lag",
        ),
        "training": (
            "levers.training_share", "levers.bureau_training_share", "levers.training_pots",
        ),
        "buildings": ("levers.repair",),
        "teachers": ("levers.class_cap", "levers.rotation_share", "levers.transitional_rules"),
        "aid": ("levers.aid_rate",),
        "investment": ("levers.investment",),
    },
}  # fmt: skip
#: Sections that are open when the product is opened.
OPEN = ("revenue", "appropriation", "operating")


def levers_of(group: str, section: str) -> list[Lever]:
    """The levers that stand in a section, in the order of the table of levers."""
    starts = SECTIONS[group][section]
    return [
        lever
        for lever in levers().values()
        if any(lever.path == start or lever.path.startswith(f"{start}.") for start in starts)
    ]
