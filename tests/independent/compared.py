"""Which figures are compared, by name, and the few that are not and why."""

from __future__ import annotations

from collections.abc import Iterable

from tests.independent.balance import EVERY, QUALITY
from tests.independent.things import BOUGHT, TEACHERS


def _words(text: str) -> list[str]:
    return text.split()


def _family(pattern: str, members: Iterable[str]) -> list[str]:
    return [pattern.format(each) for each in members]


GRADES = [str(grade) for grade in range(1, 7)]
ENROLMENT = _words(
    "pupils pupils_last_year pupils_two_years_ago average_pupils base_pupils pupil_index boarders "
    "mainstreamed classes_by_grade classes largest_class stage_pupils stage_average_pupils "
    "class_size district_average_pupils school_classes school_pupils stage_largest_class"
)
OPERATING = _words(
    "headcount special_heads funded_pupils pupil_funds boarding_funds special_funds heating_funds "
    "small_school_topup small_class_funds weak_school_funds formula_funds protected_funds "
    "funds_from_pot base_operating base_formula_funds operating_funds operating_funds_per_head "
    "operating_funds_per_pupil pot_additions school_base_formula_funds school_operating base_rate "
    "base_benchmark target_rate path_rate lawful_rate operating_rate rate_last_year "
    "stage_operating boarding_rate special_rate protected_total operating_total"
)
SHARING = _words(
    "benchmark_funds shared_funds central_part province_part city_part shared_total "
    "central_operating province_operating city_operating county_operating"
)
STAFF = _words(
    "posts_by_pupils posts_by_classes posts pay_share stage_pay school_posts posts_over_authorised "
    "mean_pay mean_pay_last_year payroll school_teachers posts_total authorised_total staff_total "
    "staff_headroom payroll_total district_mean_pay base_mean_pay rotation_share "
    "rotation_headroom pay_ratio"
)
TRAINING = _words(
    "school_training school_training_floor school_training_headroom school_training_share "
    "training_share_final training_share_tagged training_final_short training_share "
    "school_training_total bureau_share bureau_training bureau_training_counted "
    "bureau_training_floor bureau_training_headroom bureau_training_share"
)
BUILDINGS = _words(
    "repair_by_pupils repair_floor_by_pupils stage_repair aid school_repair_by_pupils "
    "repair_by_area repair repair_rate price_index price_index_last_year repair_total "
    "repair_floor_total repair_headroom aid_total art_rooms_due music_rooms_lacking "
    "art_rooms_lacking lacks_rooms oversized schools_lacking_rooms schools_oversized"
)
MONEY = _words(
    "direct_need stage_need stage_cost district_cost paid_share need base_need need_growth "
    "recurrent_revenue revenue_last_year appropriation appropriation_last_year upper_transfers "
    "transfers_last_year available gap"
)
RULES = _words(
    "rate_headroom_of_part rate_headroom cost_per_pupil growth_per_pupil_required "
    "growth_per_pupil_headroom operating_per_average_pupil growth_operating_required "
    "growth_operating_headroom class_size_headroom growth_total_required growth_total_headroom "
    "growth_pay_required growth_pay_headroom no_fall_total_headroom district_cost_per_pupil "
    "no_fall_per_pupil_required no_fall_per_pupil_headroom boarding_headroom special_headroom "
    "small_floor_least plan_years"
)
INVESTMENT = [
    *_words("investment investment_total creditable_sports_area creditable_pe_art"),
    *(
        name
        for pattern in (
            "{}", "{}_before", "investment_{}", "bought_{}", "bought_before_{}",
            "bought_two_before_{}", "arrived_{}", "school_arrived_{}", "school_{}",
            "school_base_{}", "unit_price_{}", "investment_total_{}",
        )
        for name in _family(pattern, BOUGHT)
    ),
    *TEACHERS,
]  # fmt: skip
BALANCE = [
    *_words(
        "weighted_pupils facility_share school_weighted_pupils in_scope scoped_pupils school_ok "
        "school_failing pupil_weight indicators_met all_nearly evaluated_pupils "
        "evaluated_schools schools_failing stage_balanced composite_headroom "
        "stage_basic_balanced least_cv_headroom composite_cv teacher_cv_headroom"
    ),
    *(
        name
        for pattern in (
            "value_{}", "base_{}", "unspent_{}", "base_value_{}", "by_pupils_{}",
            "by_spending_{}", "scoped_{}", "scoped_base_{}", "contribution_{}", "mean_{}",
            "mean_unspent_{}", "mean_base_{}", "mean_by_pupils_{}", "mean_by_spending_{}",
            "variance_{}", "sd_{}", "cv_{}",
        )
        for name in _family(pattern, EVERY)
    ),
    *(
        name
        for pattern in ("reached_{}", "met_{}", "nearly_{}", "lacking_{}", "cv_headroom_{}")
        for name in _family(pattern, QUALITY)
    ),
]  # fmt: skip

#: Every figure that both must agree on, in every year, for every part, school and stage.
COMPARED = frozenset(
    name
    for group in (
        ENROLMENT, _family("grade_pupils_{}", GRADES), OPERATING, SHARING, STAFF, TRAINING,
        BUILDINGS, MONEY, RULES, INVESTMENT, BALANCE,
    )
    for name in group
)  # fmt: skip

#: Figures that are not compared, by name or by how the name begins or ends.
NOT_COMPARED = {
    "small_school_heads": "whose heads they are depends on the reading; the money is compared",
    "funds_per_head_last_year": "what is held is the part by pupils and standard: see protected",
    "*_there": "a step of carrying last year's figures along; what comes of it is compared",
    "*_last_year": "a step of carrying last year's figures along, where schools move",
    "line_*": "the lines' payments, counts and rates are compared, not their steps",
    "lines_*": "a step of the formula lines",
}


def is_left_out(name: str) -> bool:
    """Whether a figure is among those that are not compared."""
    return any(
        name == pattern
        or (pattern.startswith("*") and name.endswith(pattern[1:]))
        or (pattern.endswith("*") and name.startswith(pattern[:-1]))
        for pattern in NOT_COMPARED
    )
