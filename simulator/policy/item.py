"""One parameter of a pack as it stands in the file, and what can be wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from simulator import glossary
from simulator.findings import Finding
from simulator.policy.model import Bound, By

IDENTIFIER: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
#: The keys that a value may have, by what the parameter is given by.
KEYS: Final[Mapping[str, frozenset[str]]] = {
    "stage": frozenset({"primary", "junior", "special", "senior"}),
    "tier": frozenset("12345"),
    "item": frozenset(
        {
            "teaching_area", "sports_area", "equipment_value", "multimedia_rooms", "computers",
            "books",
        }
    ),
    "school_type": frozenset(
        {
            "primary", "teaching_point", "junior", "nine_year", "complete_secondary",
            "twelve_year", "special",
        }
    ),
    "region": frozenset({"east", "centre", "west"}),
    "aid": frozenset({"primary_boarder", "junior_boarder", "primary_day", "junior_day"}),
}  # fmt: skip
#: By stage, a value may be for one kind of place alone: ``primary:town``, ``junior:east``.
NARROWED: Final = frozenset({"urban", "town", "rural"}) | KEYS["region"]
EARLIEST, LATEST = date(1949, 10, 1), date(2200, 1, 1)
#: A web address is no citation: documents are cited by number and article.
ADDRESS: Final = re.compile(r"https?:|www\.|\.(?:com|cn|gov)\b", re.IGNORECASE)

Text = Annotated[str, Field(min_length=1, max_length=300, pattern=r"\S")]
Amount = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Cites(_Strict):
    """Where a value stands: document number, article, title in both languages, date."""

    document: Text
    article: str = ""
    title_zh: Text
    title_en: Text
    date: str = ""
    document_en: str = ""
    article_en: str = ""

    @field_validator("document", "article", "document_en", "article_en")
    @classmethod
    def _no_address(cls, text: str) -> str:
        if ADDRESS.search(text):
            raise PydanticCustomError("address", "no web address")
        return text


class Dated(_Strict):
    """A value from a day on."""

    value: Amount | dict[str, Amount]
    cites: Cites
    since: date = Field(alias="from", ge=EARLIEST, le=LATEST)
    verify: bool = False
    note: str = ""


class Item(_Strict):
    """A parameter: unit, names, what it is given by, how it binds, and its dated values."""

    unit: str
    zh: Text
    en: Text
    by: By = "none"
    bound: Bound = "value"
    values: list[Dated]

    @field_validator("unit")
    @classmethod
    def _known_unit(cls, unit: str) -> str:
        if f"unit.{unit}" not in glossary.terms():
            raise PydanticCustomError("unit", "a unit of the glossary")
        return unit

    @field_validator("values")
    @classmethod
    def _in_order(cls, values: list[Dated]) -> list[Dated]:
        days = [value.since for value in values]
        if not days or days != sorted(set(days)):
            raise PydanticCustomError("dates", "dates must rise")
        return values

    @model_validator(mode="after")
    def _fits(self) -> Item:
        for position, dated in enumerate(self.values):
            kind = _misfit(self, dated.value)
            if kind is not None:
                context = {"place": f"values.{position}.value", "value": dated.value}
                raise PydanticCustomError(kind, "does not fit", context)
        return self


def _misfit(item: Item, value: float | dict[str, float]) -> Literal["keys", "share"] | None:
    """How a value does not fit what the parameter is given by, or its unit; None where it does."""
    amounts = value if isinstance(value, dict) else {"": value}
    allowed = KEYS.get(item.by, frozenset({""}))
    if not amounts or not all(_is_key(key, item.by, allowed) for key in amounts):
        return "keys"
    return "share" if item.unit == "share" and max(amounts.values()) > 1 else None


def _is_key(key: str, by: By, allowed: frozenset[str]) -> bool:
    plain, narrowed, place = key.partition(":")
    if narrowed:
        return by == "stage" and plain in allowed and place in NARROWED
    return key in allowed


#: What is allowed, by the kind of mistake; anything else is a wrong kind of value.
_SENTENCES: Final = {
    "missing": "missing", "extra_forbidden": "extra", "literal_error": "choice", "dates": "dates",
    "keys": "keys", "share": "share", "unit": "unit", "address": "address", "id": "id",
    "greater_than_equal": "range", "less_than_equal": "range", "finite_number": "range",
    "string_too_short": "text", "string_too_long": "text", "string_pattern_mismatch": "text",
    "string_type": "text", "float_type": "number", "bool_type": "flag", "date_type": "date",
}  # fmt: skip


def item_findings(
    identifier: str, entry: Any, place: str, lines: Mapping[str, int], seen: set[str]
) -> tuple[Item | None, list[Finding]]:
    """A parameter from its entry, or every mistake in it; ``seen`` are ids of the pack so far."""
    if identifier in seen or not IDENTIFIER.fullmatch(identifier):
        params = _allowed("id", {})
        return None, [_finding(place, identifier, identifier, params, lines.get(identifier))]
    try:
        return Item.model_validate(entry), []
    except ValidationError as error:
        return None, list(_mistakes(identifier, error, place, lines))


def _mistakes(
    identifier: str, error: ValidationError, place: str, lines: Mapping[str, int]
) -> Iterator[Finding]:
    told: set[str] = set()
    for mistake in error.errors():
        context = mistake.get("ctx", {})
        where = ".".join([identifier, *_steps(mistake["loc"]), *_steps((context.get("place"),))])
        if where in told:
            continue
        told.add(where)
        params = _allowed(_SENTENCES.get(mistake["type"], "kind"), mistake)
        value = context.get("value", mistake.get("input"))
        yield _finding(place, where, value, params, _line(where, lines))


def _steps(path: tuple[Any, ...]) -> Iterator[str]:
    """The keys of a path; names that the checker gives to kinds of values are left out."""
    for step in path:
        if step is not None and "float" not in str(step):
            yield str(step)


def _line(where: str, lines: Mapping[str, int]) -> int | None:
    """The line of a key, or of the nearest one above it."""
    while where and where not in lines:
        where = where.rpartition(".")[0]
    return lines.get(where)


def _allowed(kind: str, mistake: Mapping[str, Any]) -> dict[str, str]:
    expected = str(mistake.get("ctx", {}).get("expected", "")).replace(" or ", ", ")
    return {
        "zh_allowed": glossary.text(f"pack_allowed.{kind}", "zh", expected=expected),
        "en_allowed": glossary.text(f"pack_allowed.{kind}", "en", expected=expected),
    }


def _finding(
    place: str, where: str, value: Any, params: Mapping[str, str], line: int | None
) -> Finding:
    shown = repr(value) if len(repr(value)) <= 80 else repr(value)[:77] + "…"
    return Finding(
        "error", "pack_item", source=place, row=line, column=where, value=shown, params=params
    )
