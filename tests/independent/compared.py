"""What of the product is not compared, and why; and what of the model is its own step."""

from __future__ import annotations

from collections.abc import Iterable

#: Figures of the product that the model has no equal of, by name or by how it begins or ends.
NOT_COMPARED = {
    "*_there": "a step of carrying last year's figures along; what comes of it is compared",
    "*_last_year": "last year's figure of one that is compared, carried along where schools move",
    "*_filled": "a step of handing whole persons down; the persons are compared",
    "*_cumulated": "a step of handing whole persons down; the persons are compared",
    "line_later_last": "a step of a protected line; what the line pays is compared",
    "line_later_plain": "a step of a protected line; what the line pays is compared",
    "line_heads_last": "a step of a protected line; what the line pays is compared",
    "line_small_ramp_weight": "a step of a line's ramp; its rate is compared",
    "line_school_heads": "a step of a lump sum's share; what the line pays is compared",
    "line_share_of_school": "a step of a lump sum's share; what the line pays is compared",
    "by_district_standard": "a flag of the rate; the money at that rate is compared",
    "receives_operating": "a flag of the rate; the money at that rate is compared",
    "boarder_rate": "the rate of one school; the money at that rate is compared",
    "special_pupil_rate": "the rate of one school; the money at that rate is compared",
    "size_counted": "a step of the heads that small schools lack; those are compared",
    "small_school_heads": "a step of the heads that small schools lack; those are compared",
    "lawful_small_heads": "a step of the heads that small schools lack; those are compared",
    "school_floor": "a step of the heads that small schools lack; those are compared",
    "lawful_school_floor": "a step of the heads that small schools lack; those are compared",
    "school_small_school_missing": "a step of the heads that small schools lack",
    "school_lawful_small_missing": "a step of the heads that small schools lack",
    "small_school_rate*": "a step of what a missing head is paid; the money is compared",
    "small_school_benchmark*": "a step of what a missing head is due; the money is compared",
    "receives_investment": "a flag of who is given money by rule; the money is compared",
    "repair_unit_price": "the unit amount of a region counts only where a scenario names no price",
}
#: Steps of the model that the product has no equal of.
OWN_STEPS = ("counted_*", "followed_*", "sited_*")
#: Columns of the tables that are not compared.
COLUMNS_LEFT_OUT = {
    "unit": "the word for the rule's unit, not computed",
    "citation": "words of the law; held against the packs where they are tested",
}


def matching(name: str, patterns: Iterable[str]) -> set[str]:
    """The patterns that a name fits: the name itself, its beginning or its end."""
    return {
        pattern
        for pattern in patterns
        if name == pattern
        or (pattern.startswith("*") and name.endswith(pattern[1:]))
        or (pattern.endswith("*") and name.startswith(pattern[:-1]))
    }
