"""The plan of the sample district: its schools, its tracked targets, all invented."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

#: Name, type, area, primary pupils, junior pupils, boarders' shares, marks. All invented.
PLAN: Final[Sequence[tuple[str, str, str, int, int, float, float, str]]] = (
    ("育林小学", "primary", "urban", 1850, 0, 0, 0, ""),
    ("望湖小学", "primary", "urban", 1640, 0, 0, 0, ""),
    ("青云路小学", "primary", "urban", 1420, 0, 0, 0, ""),
    ("景明小学", "primary", "urban", 1280, 0, 0, 0, ""),
    ("文澜小学", "primary", "urban", 1130, 0, 0, 0, "small_class"),
    ("知行实验小学", "primary", "urban", 960, 0, 0, 0, "small_class"),
    ("新桥小学", "primary", "urban", 1540, 0, 0, 0, ""),
    ("南塘小学", "primary", "urban", 870, 0, 0, 0, "weak"),
    ("启明学校小学部", "primary", "urban", 620, 0, 0, 0, "private"),
    ("石桥镇中心小学", "primary", "town", 1090, 0, 0, 0, ""),
    ("白鹭镇中心小学", "primary", "town", 980, 0, 0, 0, ""),
    ("柳溪镇中心小学", "primary", "town", 840, 0, 0.05, 0, ""),
    ("大墩镇中心小学", "primary", "town", 760, 0, 0, 0, "weak"),
    ("清河镇中心小学", "primary", "town", 690, 0, 0.08, 0, ""),
    ("云台镇中心小学", "primary", "town", 610, 0, 0.06, 0, ""),
    ("安丰镇中心小学", "primary", "town", 540, 0, 0, 0, "weak"),
    ("永宁镇第二小学", "primary", "town", 480, 0, 0, 0, "small_class"),
    ("东岗镇实验小学", "primary", "town", 720, 0, 0, 0, ""),
    ("双河镇小学", "primary", "town", 430, 0, 0, 0, ""),
    ("陈庄村小学", "primary", "rural", 310, 0, 0, 0, ""),
    ("李家湾村小学", "primary", "rural", 240, 0, 0, 0, "weak"),
    ("槐树村小学", "primary", "rural", 190, 0, 0, 0, ""),
    ("高坡村小学", "primary", "rural", 150, 0, 0.2, 0, "weak"),
    ("前郑村小学", "primary", "rural", 122, 0, 0, 0, ""),
    ("荷塘村小学", "primary", "rural", 94, 0, 0, 0, "weak"),
    ("北山村小学", "primary", "rural", 81, 0, 0.25, 0, "weak"),
    ("梅岭教学点", "teaching_point", "rural", 88, 0, 0, 0, ""),
    ("沙洲教学点", "teaching_point", "rural", 67, 0, 0, 0, "weak"),
    ("竹园教学点", "teaching_point", "rural", 54, 0, 0, 0, ""),
    ("龙潭教学点", "teaching_point", "rural", 41, 0, 0, 0, "weak"),
    ("小河口教学点", "teaching_point", "rural", 26, 0, 0, 0, ""),
    ("石门教学点", "teaching_point", "rural", 14, 0, 0, 0, "weak"),
    ("第一初级中学", "junior", "urban", 0, 1560, 0, 0, ""),
    ("滨湖初级中学", "junior", "urban", 0, 1320, 0, 0, ""),
    ("文昌初级中学", "junior", "urban", 0, 1180, 0, 0.04, ""),
    ("石桥镇初级中学", "junior", "town", 0, 940, 0, 0.22, ""),
    ("白鹭镇初级中学", "junior", "town", 0, 760, 0, 0.3, ""),
    ("清河镇初级中学", "junior", "town", 0, 580, 0, 0.35, "weak"),
    ("云台初级中学", "junior", "rural", 0, 420, 0, 0.55, "weak"),
    ("安丰初级中学", "junior", "rural", 0, 350, 0, 0.6, ""),
    ("东苑学校", "nine_year", "urban", 980, 540, 0, 0, ""),
    ("城西实验学校", "nine_year", "urban", 820, 460, 0, 0, "small_class"),
    ("博雅学校", "nine_year", "urban", 520, 330, 0.1, 0.3, "private"),
    ("柳溪九年制学校", "nine_year", "town", 460, 310, 0.05, 0.25, ""),
    ("大墩九年制学校", "nine_year", "town", 390, 240, 0.06, 0.3, "weak"),
    ("枫林学校", "nine_year", "rural", 230, 160, 0.15, 0.45, "weak"),
    ("示范区中学", "complete_secondary", "urban", 0, 720, 0, 0.2, ""),
    ("春晖特殊教育学校", "special", "urban", 0, 0, 0, 0, ""),
)
SENIOR_PUPILS: Final = 1260
SPECIAL_PUPILS: Final = (132, 126)
#: Younger years of study are smaller: fewer are born each year.
GRADE_SHAPE: Final = {
    "primary": (0.86, 0.93, 0.98, 1.03, 1.08, 1.12),
    "junior": (1.03, 1.0, 0.97),
}
#: Last autumn's pupils against this autumn's: primary falls, junior rises.
PRIOR: Final = {"primary": 1.036, "junior": 0.985}

INDICATOR_FIELDS: Final = ("id", "name", "base_value", "2026", "2027", "2028")
#: Tracked targets of the district plan (P numbers), base value and planned path.
INDICATORS: Final = (
    ("P2", "学业合格率（最低的学校）", 0.957, 0.959, 0.961, 0.963),
    ("P3_pass", "体质健康合格率", 0.921, 0.924, 0.927, 0.93),
    ("P3_excellent", "体质健康优秀率", 0.108, 0.112, 0.116, 0.12),
    ("P4", "综合素质评定良好以上比例", 0.913, 0.917, 0.921, 0.925),
    ("P5", "择校生比例", 0.038, 0.034, 0.03, 0.026),
    ("P6", "随迁子女公办学校就读比例", 0.905, 0.912, 0.919, 0.926),
    ("P7", "残疾儿童少年入学率", 0.991, 0.992, 0.993, 0.994),
    ("P15_small_class_share", "小班（30人左右）比例", 0.212, 0.24, 0.268, 0.296),
    ("P16", "社会满意度", 0.893, 0.902, 0.908, 0.914),
    ("P23_teachers", "专任教师交流比例", 0.152, 0.154, 0.156, 0.158),
    ("P23_backbone", "骨干教师交流比例", 0.146, 0.151, 0.155, 0.159),
    ("P26", "教师年度培训学时完成率", 0.974, 0.982, 0.99, 1.0),
)
