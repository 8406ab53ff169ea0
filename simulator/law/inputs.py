"""The leaves of the graph: every column, lever, policy value and fact a formula may ask for."""

from __future__ import annotations

from simulator.law.balance.quantities import FACILITIES, INDICATORS, TEACHER_COUNTS
from simulator.machine.registry import Input, Level

GRADES = tuple(range(1, 7))


def _stage_column(name: str, unit: str, primary: str, junior: str, special: str = "") -> Input:
    """A quantity with a column for each stage, as values of parts."""
    columns = {"primary": primary, "junior": junior, "special": special}
    used = {stage: column for stage, column in columns.items() if column}
    return Input(name, "part", unit, "column", by_stage=used)


def _column(name: str, unit: str, column: str = "") -> Input:
    return Input(name, "school", unit, "column", column or name)


def _lever(name: str, level: Level, unit: str, path: str, by_year: bool = False) -> Input:
    return Input(name, level, unit, "lever", path, by_year)


def _parameter(name: str, level: Level, unit: str, refers: str = "") -> Input:
    return Input(name, level, unit, "parameter", refers or name, by_year=True)


STRUCTURE = (
    Input("planned", "district", "flag", "structure", by_year=True),
    Input("planned_years", "district", "year", "structure"),
    Input("path_share", "district", "share", "lever", "levers.operating_path", by_year=True),
    Input("geometric_path", "district", "flag", "lever", "levers.operating_path"),
    Input("ordinary_stage", "stage", "flag", "structure"),
    Input("no_standard", "stage", "number", "structure"),
    Input("teaching_point", "school", "flag", "structure", "school_type"),
    Input("village_school", "school", "flag", "structure", "area"),
    Input("special_school", "school", "flag", "structure", "school_type"),
    Input("in_town", "school", "flag", "structure", "area"),
    Input("rural_school", "school", "flag", "structure", "area"),
    Input("has_senior", "school", "flag", "structure", "school_type"),
    Input("several_stages", "school", "flag", "structure", "school_type"),
    Input("public_school", "school", "flag", "structure", "ownership"),
    Input("code_rank", "part", "number", "structure"),
    Input("prior_boarders", "part", "pupil", "projection", by_year=True),
    Input("prior_mainstreamed", "part", "pupil", "projection", by_year=True),
    Input("observed_pupils", "part", "pupil", "projection", by_year=True),
    *(
        Input(f"observed_grade_{grade}", "part", "pupil", "projection", by_year=True)
        for grade in GRADES
    ),
)

COLUMNS = (
    _column("weak", "flag"),
    _column("small_class", "flag"),
    _column("senior_pupils", "pupil"),
    _stage_column("counted_boarders", "pupil", "primary_boarders", "junior_boarders"),
    _stage_column("counted_mainstreamed", "pupil", "mainstreamed_primary", "mainstreamed_junior"),
    _stage_column(
        "counted_aided_boarders", "pupil", "aided_primary_boarder", "aided_junior_boarder"
    ),
    _stage_column("counted_aided_day", "pupil", "aided_primary_day", "aided_junior_day"),
    _stage_column(
        "counted_classes", "class", "primary_classes", "junior_classes", "special_classes"
    ),
    _stage_column(
        "counted_largest_class", "pupil", "largest_class_primary", "largest_class_junior"
    ),
    _column("music_rooms", "room"),
    _column("art_rooms", "room"),
    _column("training_final", "yuan", "training_spend_final"),
    _column("operating_final", "yuan", "operating_funds_final"),
    _column("training_tagged", "yuan"),
    _stage_column("shared_pe_art", "person", "primary_pe_art_shared", "junior_pe_art_shared"),
    _column("leased_sports_area", "m2"),
    _stage_column("counted_teachers", "person", "primary_teachers", "junior_teachers"),
    *(
        _stage_column(f"counted_{name}", "person", f"primary_{name}", f"junior_{name}")
        for name in TEACHER_COUNTS
        if name != "teachers"
    ),
    _column("authorised_posts", "person"),
    _column("staff", "person"),
    _column("rotation_eligible", "person"),
    _column("counted_payroll", "yuan", "payroll"),
    _column("counted_operating", "yuan", "operating_funds"),
    _column("counted_training", "yuan", "training_spend"),
    _column("counted_repair", "yuan", "repair_spend"),
    _column("counted_investment", "yuan", "investment_spend"),
    _column("floor_area", "m2"),
    *(_column(f"counted_{item.id}", item.unit, item.id) for item in FACILITIES),
)

FISCAL = (
    Input("observed_revenue", "district", "yuan", "fiscal", "recurrent_revenue", True),
    Input("observed_appropriation", "district", "yuan", "fiscal", "education_appropriation", True),
    Input("observed_transfers", "district", "yuan", "fiscal", "upper_transfers", True),
    Input("transfers_apart", "district", "flag", "district", "appropriation_includes_transfers"),
    Input("compulsory_part", "district", "share", "district", "compulsory_share"),
    Input(
        "civil_servant_pay", "district", "yuan_per_person", "fiscal", "civil_servant_mean_pay", True
    ),
    Input(
        "current_rate",
        "stage",
        "yuan_per_pupil",
        "district",
        by_stage={"primary": "operating_rate_primary", "junior": "operating_rate_junior"},
    ),
    *(
        Input(f"own_{level}_share", "district", "share", "district", f"share_{level}")
        for level in ("central", "province", "city")
    ),
)

ASSUMPTIONS = (
    _lever("pupil_growth", "stage", "share", "assumptions.pupils", by_year=True),
    _lever("revenue_growth", "district", "share", "assumptions.recurrent_revenue_growth", True),
    _lever("pay_growth", "district", "share", "assumptions.pay_growth", True),
    _lever("price_growth", "district", "share", "assumptions.price_growth", True),
    _lever("transfers_growth", "district", "share", "assumptions.upper_transfers_growth", True),
)

LEVERS = (
    _lever("appropriation_margin", "district", "share", "levers.appropriation.margin", True),
    _lever("appropriation_added", "district", "yuan", "levers.appropriation.amount", True),
    _lever("carry_over", "district", "flag", "levers.carry_over"),
    _lever("appropriation_given", "district", "yuan", "levers.appropriation.values", True),
    _lever("asked_rate", "stage", "yuan_per_pupil", "levers.operating_rate"),
    _lever("rate_growth", "district", "share", "levers.rate_growth", True),
    _lever("headcount_lag", "district", "year", "levers.headcount_lag"),
    _lever("headcount_basis", "district", "number", "levers.headcount_basis"),
    _lever("private_standard", "district", "flag", "levers.private_operating"),
    _lever("private_none", "district", "flag", "levers.private_operating"),
    _lever("small_by_stage", "district", "flag", "levers.small_school_unit", True),
    *(
        _lever(f"asked_band_{band}_{what}", "stage", "pupil", "levers.small_school_floor")
        for band in (1, 2, 3)
        for what in ("below", "as")
    ),
    _lever("asked_boarding_rate", "district", "yuan_per_pupil", "levers.boarding_rate", True),
    _lever("asked_special_rate", "district", "yuan_per_pupil", "levers.special_rate", True),
    _lever("heating_rate", "district", "yuan_per_pupil", "levers.heating_rate", True),
    _lever("small_class_premium", "district", "share", "levers.small_class_premium", True),
    _lever("weak_school_tilt", "district", "share", "levers.weak_school_tilt", True),
    _lever("hold_harmless", "district", "flag", "levers.hold_harmless"),
    _lever("operating_extra", "part", "yuan", "levers.operating_extra", True),
    _lever("pot_amount", "district", "yuan", "levers.operating_pot.amount", True),
    _lever("pot_levels_up", "district", "flag", "levers.operating_pot.rule"),
    _lever("asked_central_share", "district", "share", "levers.sharing.central", True),
    _lever("asked_province_share", "district", "share", "levers.sharing.province", True),
    _lever("asked_city_share", "district", "share", "levers.sharing.city", True),
    _lever("asked_training_share", "district", "share", "levers.training_share", True),
    _lever("asked_bureau_share", "district", "share", "levers.bureau_training_share", True),
    _lever("training_alternative", "district", "flag", "levers.training_pots"),
    _lever("repair_by_area_chosen", "district", "flag", "levers.repair.method"),
    _lever("asked_repair_rate", "stage", "yuan_per_pupil", "levers.repair"),
    _lever("asked_repair_unit_price", "district", "yuan_per_m2", "levers.repair.unit_price", True),
    _lever("repair_life", "district", "year", "levers.repair.life", True),
    _lever("asked_class_cap", "stage", "pupil", "levers.class_cap"),
    _lever("transitional_rules", "district", "flag", "levers.transitional_rules"),
    _lever("asked_rotation_share", "district", "share", "levers.rotation_share", True),
    _lever("asked_boarder_aid", "stage", "yuan_per_pupil", "levers.aid_rate"),
    _lever("asked_day_aid", "stage", "yuan_per_pupil", "levers.aid_rate"),
    *(
        each
        for item in FACILITIES
        for each in (
            _lever(f"invest_{item.id}", "district", "yuan", f"levers.investment.{item.id}", True),
            _lever(f"invest_rule_{item.id}", "district", "number", f"levers.investment.{item.id}"),
            _lever(f"listed_{item.id}", "part", "yuan", f"levers.investment.{item.id}", True),
        )
    ),
    *(
        _lever(f"moved_{name}", "part", "person", "levers.rotation", by_year=True)
        for name in TEACHER_COUNTS
    ),
)

PARAMETERS = (
    _parameter("pupil_average_opening", "district", "month"),
    _parameter("pupil_average_closing", "district", "month"),
    _parameter("split_weight", "stage", "number"),
    _parameter("senior_split_weight", "district", "number", "split_weight"),
    _parameter("operating_benchmark", "stage", "yuan_per_pupil"),
    _parameter("boarding_benchmark", "district", "yuan_per_pupil"),
    _parameter("special_benchmark", "district", "yuan_per_pupil"),
    _parameter("small_school_floor", "stage", "pupil"),
    _parameter("central_share", "district", "share"),
    _parameter("training_floor_share", "district", "share"),
    _parameter("bureau_training_floor_share", "district", "share"),
    _parameter("pupils_per_staff", "part", "pupils_per_person"),
    _parameter("staff_per_class", "stage", "per_class"),
    _parameter("small_class_extra_posts", "district", "share"),
    _parameter("class_cap", "stage", "pupil"),
    _parameter("rotation_floor", "district", "share"),
    _parameter("rotation_eligible_floor", "district", "share"),
    _parameter("repair_floor", "stage", "yuan_per_pupil"),
    _parameter("repair_price_benchmark", "district", "yuan_per_m2"),
    *(
        _parameter(f"aid_benchmark_{kind}", "stage", "yuan_per_pupil", f"aid_benchmark:{kind}")
        for kind in ("boarder", "day")
    ),
    _parameter("scope_teaching_point_pupils", "district", "pupil"),
    _parameter("shared_teacher_pupils", "district", "pupil"),
    _parameter("classes_per_art_room", "district", "class"),
    _parameter("school_size_cap", "school", "pupil"),
    _parameter("exempt_share", "district", "share"),
    _parameter("indicators_needed", "district", "number"),
    _parameter("cv_limit", "stage", "ratio"),
    _parameter("composite_cv_limit", "stage", "ratio"),
    *(
        _parameter(f"standard_{indicator.id}", "stage", indicator.unit)
        for indicator in INDICATORS
        if indicator.quality
    ),
    *(
        each
        for item in FACILITIES
        for each in (
            _parameter(f"unit_cost_{item.id}", "district", "yuan", f"unit_cost:{item.id}"),
            _parameter(f"lead_time_{item.id}", "district", "year", f"lead_time:{item.id}"),
        )
    ),
)

INPUTS = (*STRUCTURE, *COLUMNS, *FISCAL, *ASSUMPTIONS, *LEVERS, *PARAMETERS)
