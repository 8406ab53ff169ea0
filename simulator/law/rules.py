"""The rules that a year is judged by: what is required, what is there, what room is left."""

from __future__ import annotations

from typing import Final

from simulator.machine.registry import Rule

GROWTH: Final = ("education_law 56", "compulsory_law 42")
NEVER_FALL: Final = ("guobanfa_2018_82",)
STANDARD: Final = ("guofa_2015_67", "plan P20")

#: In the order in which officers read them.
RULES: Final = (
    Rule("growth_total", "district", "appropriation", "growth_total_required",
         "growth_total_headroom", ("education_law 56", "plan P17"), "yuan", strict=True),
    Rule("growth_per_pupil", "stage", "growth_per_pupil_actual", "growth_per_pupil_required",
         "growth_per_pupil_headroom", (*GROWTH, "plan P18"), "yuan_per_pupil", strict=True),
    Rule("growth_pay", "district", "district_mean_pay", "growth_pay_required",
         "growth_pay_headroom", (*GROWTH, "plan P19"), "yuan_per_person", strict=True),
    Rule("growth_operating", "stage", "operating_per_average_pupil", "growth_operating_required",
         "growth_operating_headroom", (*GROWTH, "plan P19"), "yuan_per_pupil", strict=True),
    Rule("no_fall_total", "district", "appropriation", "appropriation_last_year",
         "no_fall_total_headroom", NEVER_FALL, "yuan"),
    Rule("no_fall_per_pupil", "district", "no_fall_per_pupil_actual", "no_fall_per_pupil_required",
         "no_fall_per_pupil_headroom", NEVER_FALL, "yuan_per_pupil"),
    Rule("benchmark", "stage", "ordinary_paid_lowest", "operating_benchmark", "ordinary_headroom",
         STANDARD, "yuan_per_pupil", applies="ordinary_entitled_total"),
    Rule("boarding", "district", "boarding_paid_lowest", "boarding_benchmark", "boarding_headroom",
         ("guofa_2015_67",), "yuan_per_pupil", applies="boarding_entitled_total"),
    Rule("special", "district", "special_paid_lowest", "special_benchmark", "special_headroom",
         ("guofa_2015_67",), "yuan_per_pupil", applies="special_entitled_total"),
    Rule("small_school", "school", "small_school_actual", "small_school_required",
         "small_school_headroom", ("guofa_2015_67", "jiaodu_2017_6"), "yuan",
         applies="small_school_applies"),
    Rule("training_5", "school", "school_training", "school_training_floor",
         "school_training_headroom", ("caijiao_2006_5", "jiaodu_2017_6", "plan P12"), "yuan"),
    Rule("training_bureau", "district", "bureau_training_counted", "bureau_training_floor",
         "bureau_training_headroom", ("plan P11",), "yuan"),
    Rule("repair", "district", "repair_total", "repair_floor_total", "repair_headroom",
         ("guofa_2015_67", "plan P21"), "yuan"),
    Rule("aid", "stage", "stage_aid", "stage_aid_due", "aid_headroom",
         ("guofa_2015_67", "plan P25"), "yuan"),
    Rule("class_size", "stage", "stage_largest_class", "class_cap", "class_size_headroom",
         ("jiaodu_2017_6", "plan P15"), "pupil"),
    Rule("rotation", "district", "rotation_share", "rotation_floor", "rotation_headroom",
         ("plan P23",), "share"),
    Rule("rotation_eligible", "district", "eligible_rotation_share", "rotation_eligible_floor",
         "rotation_eligible_headroom", ("rotation_2014",), "share"),
    Rule("posts", "district", "staff_total", "authorised_total", "staff_headroom",
         ("staffing_2014", "plan P22"), "person"),
)  # fmt: skip
#: Rules that hold only where the packs name a value for them, and the value's name.
BY_PARAMETER: Final = {
    "benchmark": "operating_benchmark",
    "boarding": "boarding_benchmark",
    "special": "special_benchmark",
    "small_school": "small_school_floor",
    "training_5": "training_floor_share",
    "training_bureau": "bureau_training_floor_share",
    "repair": "repair_floor",
    "class_size": "class_cap",
    "rotation": "rotation_floor",
    "rotation_eligible": "rotation_eligible_floor",
    "aid": "aid_benchmark_boarder",
}
#: Rules that are judged only where a district gives an optional column, and that column.
BY_COLUMN: Final = {"rotation_eligible": "rotation_eligible"}
