"""The template workbook: filled with the sample or empty, with lists, units and notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pandas as pd
import xlsxwriter

from simulator import glossary
from simulator.district.columns import KEYS, TABLES, Column, Table, columns
from simulator.district.model import District
from simulator.district.sample import sample_district
from simulator.glossary import Language
from simulator.whole_files import write_bytes

#: Empty rows that carry lists and validation.
ROOM: Final = {"schools": 400, "fiscal": 12, "indicators": 60, "district": 1}
_FORMATS: Final[dict[str, dict[str, Any]]] = {
    "head": {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#DCE6F1"},
    "needed": {"bold": True, "text_wrap": True, "valign": "top", "border": 1,
               "bg_color": "#FCE4D6"},
    "text": {"num_format": "@"},
    "count": {"num_format": "#,##0"},
    "amount": {"num_format": "#,##0.##"},
    "share": {"num_format": "0.0##%"},
    "year": {"num_format": "0"},
    "note": {"text_wrap": True, "valign": "top"},
}  # fmt: skip


def write_template(path: str | Path, filled: bool = False, language: Language = "zh") -> Path:
    """Writes the template workbook: the sample district's figures, or headings only."""
    target = Path(path)
    write_bytes(target, template_bytes(sample_district() if filled else None, language))
    return target


def template_bytes(district: District | None, language: Language = "zh") -> bytes:
    """The template as a workbook, filled with a district where one is given."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    formats = {name: book.add_format({**look}) for name, look in _FORMATS.items()}
    for table in TABLES:
        sheet = book.add_worksheet(glossary.label(f"sheet.{table}", language))
        if table == "district":
            _district_sheet(sheet, formats, language, district)
        else:
            _table_sheet(sheet, table, formats, language, district)
    _notes_sheet(book.add_worksheet(glossary.label("sheet.notes", language)), formats, language)
    book.close()
    return buffer.getvalue()


def heading(known: Column, language: Language) -> str:
    """A column's heading with its unit, as the reader understands it."""
    if known.unit in {"text", "flag", "number", "share", "year"}:
        return known.label(language)
    unit = glossary.label(f"unit.{known.unit}", language)
    return (
        f"{known.label(language)}（{unit}）"
        if language == "zh"
        else f"{known.label(language)} ({unit})"
    )


def _table_sheet(
    sheet: Any,
    table: Table,
    formats: Mapping[str, Any],
    language: Language,
    district: District | None,
) -> None:
    known = list(columns(table).values())
    rows = _rows(district, table)
    last = max(ROOM[table], len(rows))
    for index, each in enumerate(known):
        sheet.write_string(0, index, heading(each, language), _head(each, formats))
        sheet.write_comment(0, index, _comment(each, language), {"x_scale": 2})
        sheet.set_column(index, index, 16 if each.numeric else 22, _format(each, formats))
        _validate(sheet, (1, index, last, index), each, language)
        for row, values in enumerate(rows, start=1):
            _write(sheet, row, index, values.get(each.field), each, formats, language)
    if table == "indicators":
        _planned_years(sheet, len(known), rows, district, formats)
    sheet.freeze_panes(1, 2 if table == "schools" else 1)


def _planned_years(
    sheet: Any,
    first: int,
    rows: Sequence[Mapping[str, Any]],
    district: District | None,
    formats: Mapping[str, Any],
) -> None:
    years = (
        [] if district is None else [each for each in district.indicators if isinstance(each, int)]
    )
    for index, year in enumerate(years, start=first):
        sheet.write_number(0, index, year, formats["head"])
        for row, values in enumerate(rows, start=1):
            if values.get(str(year)) is not None:
                sheet.write_number(row, index, values[str(year)])


def _district_sheet(
    sheet: Any, formats: Mapping[str, Any], language: Language, district: District | None
) -> None:
    values = {} if district is None else _district_values(district)
    for index, word in enumerate(("item", "value", "unit", "definition")):
        label = glossary.label(f"word.template_{word}", language)
        sheet.write_string(0, index, label, formats["head"])
    sheet.set_column(0, 1, 30)
    sheet.set_column(2, 3, 18)
    for row, each in enumerate(columns("district").values(), start=1):
        sheet.write_string(row, 0, each.label(language), _head(each, formats))
        _write(sheet, row, 1, values.get(each.field), each, formats, language)
        _validate(sheet, (row, 1, row, 1), each, language)
        if each.unit not in {"text", "number", "share"}:
            sheet.write_string(row, 2, glossary.label(f"unit.{each.unit}", language))
        sheet.write_string(row, 3, each.definition(language))


def _notes_sheet(sheet: Any, formats: Mapping[str, Any], language: Language) -> None:
    sheet.set_column(0, 0, 110, formats["note"])
    for row in range(5):
        sheet.write_string(row, 0, glossary.label(f"template.note_{row + 1}", language))


def _rows(district: District | None, table: Table) -> list[dict[str, Any]]:
    """A table's records by field, keys included; unknown values are left out."""
    if district is None:
        return []
    frame: pd.DataFrame = getattr(district, table).reset_index()
    frame.columns = frame.columns.map(str)
    return [
        {str(field): value for field, value in record.items() if not pd.isna(value)}
        for record in frame.to_dict("records")
    ]


def _district_values(district: District) -> dict[str, Any]:
    return {
        **district.settings,
        "name": district.name,
        "province": district.province or None,
        "base_year": district.base_year,
        "sharing_tier": district.sharing_tier,
        "invented": float(district.invented),
    }


def _write(
    sheet: Any,
    row: int,
    column: int,
    value: Any,
    known: Column,
    formats: Mapping[str, Any],
    language: Language,
) -> None:
    """One value, in words where it is a choice or a yes or no; nothing where it is unknown."""
    if value is None:
        return
    look = _format(known, formats)
    if known.kind == "flag":
        sheet.write_string(row, column, _yes_no(bool(value), language))
    elif known.kind == "choice":
        sheet.write_string(row, column, glossary.label(f"{known.field}.{value}", language))
    elif known.numeric:
        sheet.write_number(row, column, float(value), look)
    else:
        sheet.write_string(row, column, str(value), look)


def _yes_no(value: bool, language: Language) -> str:
    return glossary.label("word.template_yes" if value else "word.template_no", language)


def _head(known: Column, formats: Mapping[str, Any]) -> Any:
    return formats["needed" if known.required else "head"]


def _format(known: Column, formats: Mapping[str, Any]) -> Any:
    return formats.get(known.kind, formats["text"] if not known.numeric else None)


def _comment(known: Column, language: Language) -> str:
    unit = glossary.label(f"unit.{known.unit}", language)
    key = known.field == KEYS.get(known.table)
    needed = glossary.label("word.template_required", language) if known.required or key else ""
    return "\n".join(part for part in (known.definition(language), unit, needed) if part)


def _validate(
    sheet: Any, place: tuple[int, int, int, int], known: Column, language: Language
) -> None:
    """A list to choose from, or the range that a number must lie in."""
    rule: dict[str, Any] | None = None
    if known.kind == "choice":
        words = [glossary.label(f"{known.field}.{each}", language) for each in known.choices]
        rule = {"validate": "list", "source": words}
    elif known.kind == "flag":
        rule = {"validate": "list", "source": [_yes_no(True, language), _yes_no(False, language)]}
    elif known.numeric and known.minimum is not None:
        rule = _range_rule(known)
    if rule is not None:
        rule |= {"error_message": known.definition(language)[:255], "ignore_blank": True}
        sheet.data_validation(*place, rule)


def _range_rule(known: Column) -> dict[str, Any]:
    kind = "integer" if known.kind in {"count", "year"} else "decimal"
    if known.maximum is None:
        return {"validate": kind, "criteria": ">=", "value": known.minimum}
    return {
        "validate": kind,
        "criteria": "between",
        "minimum": known.minimum,
        "maximum": known.maximum,
    }
