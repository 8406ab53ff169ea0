"""What a person wrote in a cell, as a number, a yes or no, a choice or a text."""

from __future__ import annotations

import datetime
import functools
import math
import re
from collections.abc import Mapping

from simulator.district.columns import Column, choice_aliases
from simulator.outside_text import one_form, stray_sign

NAN = math.nan
#: Marks that people write where they have no figure.
UNKNOWN_MARKS = frozenset(
    {"", "-", "--", "---", "—", "——", "–", "/", "//", "\\", "…", "……", "...", "n/a", "na", "nan",
     "null", "none", "?", "不详", "未知", "缺", "暂缺", "无数据"}
)  # fmt: skip
YES = frozenset({"1", "是", "yes", "y", "true", "t", "√", "✓", "✔", "有", "对"})
NO = frozenset({"0", "否", "no", "n", "false", "f", "×", "✗", "✘", "x", "无", "错"})
_NUMBER = re.compile(r"[+-]?((\d{1,3}(,\d{3})+|\d+)(\.\d*)?|\.\d+)(e[+-]?\d{1,2})?", re.ASCII)
_TRAILING = re.compile(
    r"(亿元|百万元|万元|千元|元|亿|万|人|名|个|所|间|台|套|册|班|年|m2|平方米|平米|%)$"
)
_MULTIPLE = {"亿元": 1e8, "百万元": 1e6, "万元": 1e4, "千元": 1e3, "亿": 1e8, "万": 1e4, "%": 0.01}
#: A number in a cell keeps 15 digits; a longer code has lost its last ones.
CODE_DIGITS = 15
#: Characters of a code, a name or another text that is used.
LONGEST_TEXT = 200


class Unreadable(ValueError):
    """A cell whose content does not fit its column; ``code`` names the finding."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@functools.lru_cache(maxsize=8192, typed=True)
def plain(value: object) -> str:
    """A text in half-width letters and digits, without any white space."""
    return re.sub(r"\s+", "", one_form(str(value)))


def is_blank(value: object) -> bool:
    """Whether a cell holds nothing, or only a mark that there is no figure."""
    if value is None or value == "":
        return True
    if not isinstance(value, str) or len(value) > 12:  # no mark is longer than five letters
        return False
    if value.isascii() and value.isalnum():
        return value.lower() in UNKNOWN_MARKS
    return plain(value).lower() in UNKNOWN_MARKS


def number(value: object, percent: bool = False) -> float:
    """The number in a cell; NaN where it is empty.

    Understands thousands separators, full-width digits, brackets for negative amounts, a
    unit behind the figure, and percentages where ``percent`` allows them. Raises Unreadable.
    """
    if value is None or value == "":
        return NAN
    if isinstance(value, (bool, datetime.date, datetime.time, datetime.timedelta)):
        raise Unreadable("not_a_number")
    if isinstance(value, (int, float)):
        return float(value)
    return _text_number(str(value), percent)


def _text_number(text: str, percent: bool) -> float:
    written = plain(text).lower().lstrip("¥$'")
    if written in UNKNOWN_MARKS:
        return NAN
    sign = 1.0
    if written.startswith("(") and written.endswith(")"):
        sign, written = -1.0, written[1:-1]
    factor = 1.0
    unit = _TRAILING.search(written)
    if unit:
        written = written[: unit.start()]
        factor = _MULTIPLE.get(unit.group(), 1.0)
        if unit.group() == "%" and not percent:
            raise Unreadable("percent_here")
    if not _NUMBER.fullmatch(written):
        raise Unreadable("not_a_number")
    return sign * round(float(written.replace(",", "")) * factor, 12)


def flag(value: object) -> float:
    """1 for yes, 0 for no, NaN where the cell is empty. Raises Unreadable."""
    if isinstance(value, (bool, int, float)):
        if value in {0, 1}:
            return float(value)
        raise Unreadable("not_a_flag")
    return NAN if value is None else _flag(str(value))


@functools.lru_cache(maxsize=256)
def _flag(value: str) -> float:
    written = plain(value).lower()
    if written in YES:
        return 1.0
    if written in NO:
        return 0.0
    if written in UNKNOWN_MARKS:
        return NAN
    raise Unreadable("not_a_flag")


def choice(value: object, field: str) -> str | None:
    """The id of the choice a cell names; None where it is empty. Raises Unreadable."""
    return None if value is None else _choice(str(value), field)


@functools.lru_cache(maxsize=1024)
def _choice(value: str, field: str) -> str | None:
    if is_blank(value):
        return None
    found = _choices(field).get(plain(value).lower())
    if found is None:
        raise Unreadable("not_a_choice")
    return found


@functools.cache
def _choices(field: str) -> Mapping[str, str]:
    return {
        plain(alias).lower(): each
        for each, aliases in choice_aliases(field).items()
        for alias in aliases
    }


def text(value: object) -> str | None:
    """The text in a cell, a whole number without its point; None where it is empty.

    Raises Unreadable where it is too long or holds a sign that nobody sees.
    """
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        if abs(value) >= 10**CODE_DIGITS:
            raise Unreadable("code_digits")
        return str(int(value))
    written = str(value).strip()
    if len(written) > LONGEST_TEXT:
        raise Unreadable("text_long")
    if stray_sign(written, "\n\r\t") is not None:
        raise Unreadable("text_sign")
    return written or None


def value(raw: object, column: Column) -> float | str | None:
    """A cell's value as its column wants it. Raises Unreadable."""
    if column.kind == "text":
        return text(raw)
    if column.kind == "choice":
        return choice(raw, column.field)
    if column.kind == "flag":
        return flag(raw)
    if column.kind == "year":
        return year(raw)
    return number(raw, percent=column.kind in {"share", "number"})


def year(raw: object) -> float:
    """A calendar year: 2025, “2025”, “2025年” or “2025年度”. Raises Unreadable."""
    if isinstance(raw, datetime.date):
        return float(raw.year)
    if isinstance(raw, str):
        raw = re.sub(r"年(度|底|初|秋季?)?$", "", plain(raw))
    return number(raw)
