"""Tables of the evaluation's items with one verdict each, and of money for teacher training."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from simulator import glossary
from simulator.law.training.formulas import FIVE_PERCENT
from simulator.machine.language import BASE
from simulator.present.sentences.beside import empty_cells, held, reaching
from simulator.present.sentences.law import twin_text
from simulator.present.table import BY_ROW, Column, Printer, Table, citation_text, word_of
from simulator.present.tables.balance_rows import PROFILE, made, profile_of
from simulator.results.evaluation_items import Item, items
from simulator.units import number


def evaluation_table(printer: Printer) -> Table:
    """The 15 and 9 items of the evaluation and the plan's 26 points: one verdict each by year."""
    records = [_item(printer, row) for row in printer.result.evaluation.to_dict("records")]
    columns = (
        Column("year", printer.word("year")),
        Column("group", printer.word("item_group")),
        Column("id", printer.word("number")),
        Column("item", printer.word("item")),
        Column("kind", printer.word("judged_by")),
        Column("value", printer.word("value"), f"{BY_ROW}unit_id"),
        Column("target", printer.word("target"), f"{BY_ROW}unit_id"),
        Column("status", printer.word("status")),
        Column("remark", printer.word("remark")),
        Column("citation", printer.word("citation")),
    )
    return made(printer, "evaluation", columns, records, printer.word("evaluation_note"))


def _item(printer: Printer, row: dict[Any, Any]) -> dict[str, Any]:
    item = items()[row["id"]]
    unit = row["unit"]
    valued = bool(unit)
    status = word_of("status", row["status"], printer.language)
    if row["kind"] == "document":
        status = printer.word(f"checklist.{row['status']}")
    return {
        "year": str(row["year"]),
        "group": printer.word(f"group.{row['group']}"),
        "group_id": row["group"],
        "id": row["id"],
        "item": item.zh if printer.language == "zh" else item.en,
        "kind": printer.word(f"kind.{row['kind']}"),
        "kind_id": row["kind"],
        "value": _figure(printer, row, "value") if valued else "",
        "target": _figure(printer, row, "target") if valued else "",
        "unit_id": printer.unit_of(unit),
        "status": status,
        "status_id": row["status"],
        "remark": _remark(printer, row),
        "citation": item_citation(printer, row["id"]),
    }


def _figure(printer: Printer, row: dict[Any, Any], name: str) -> float:
    if name == "value":
        return held(printer, row["value"], row["target"], row["sense"], row["unit"])
    return printer.rounded_figure(row[name], row["unit"])


def _remark(printer: Printer, row: dict[Any, Any]) -> str:
    """What decides the verdict where it is not a pass, and the officer's own remark."""
    document = row["kind"] == "document"
    said = [glossary.label(row["note"], printer.language)] if row["note"] and not document else []
    if not document and row["status"] != "pass":
        said.extend(_reason(printer, row, what) for what in row["because"])
    policy, target = printer.result.binding.policy, items()[row["id"]].target
    said.append(twin_text(policy, target, row["year"], printer.language))
    said = [each for each in said if each]
    return printer.word("stop").join([*dict.fromkeys(said), *filter(None, [row["remark"]])])


def _reason(printer: Printer, row: dict[Any, Any], what: str) -> str:
    """One thing that keeps an item from passing, in words."""
    item = items()[row["id"]]
    if what in item.tracked:
        return _tracked(printer, item, what)
    if what == item.figure and row["status"] == "unknown":
        cells = _cells_of(printer, what, row["year"])
        return printer.word("empty_cells", cells=cells) if cells else printer.figure(what)
    return printer.figure(what)


def _tracked(printer: Printer, item: Item, what: str) -> str:
    """A tracked value by its name: the district's own, in English the pack's."""
    binding = printer.result.binding
    name = item.targets[item.tracked.index(what)] if item.targets else f"target_{what}"
    declared = binding.policy.parameters().get(name)
    official = what if declared is None else getattr(declared, printer.language)
    indicators = binding.district.indicators
    if what not in indicators.index:
        return printer.word("not_reported", name=official, id=what)
    return official if printer.language == "en" else str(indicators.at[what, "name"])


def _cells_of(printer: Printer, figure: str, year: int) -> str:
    """The empty cells behind a figure, of the first place where it is unknown."""
    result = printer.result
    values = result.at(figure, year)
    places = result.index.entities(result.graph.level(figure))
    unknown = [place for place, value in zip(places, values, strict=True) if math.isnan(value)]
    if not unknown:
        return ""
    return empty_cells(result, figure, *unknown[0], year, printer.language)


def item_citation(printer: Printer, identifier: str) -> str:
    """The document and the item or point in it."""
    item = items()[identifier]
    cited = citation_text((item.cite,), printer.language)
    if item.group == "plan":
        return cited
    if not identifier[1:].isdigit() or identifier.startswith("S"):
        return f"{cited} {printer.word('article.recognition')}"
    return f"{cited} {printer.word(f'article.{item.group}', number=identifier[1:])}"


def training_table(printer: Printer) -> Table:
    """Each school's 5%: budget by 30216 alone and with tagged training, final account, plan."""
    result = printer.result
    years = result.index.years[BASE + 1 :]
    records = [_training(printer, place) for place in range(len(result.index.schools))]
    columns = (
        *(Column(name, printer.figure(f"column.{name}")) for name in PROFILE[:3]),
        *(
            Column(name, printer.word(name), printer.unit_of("yuan"), printer.decimals)
            for name in ("operating_budget", "training_30216")
        ),
        Column("floor", printer.word("training_floor"), "share"),
        *(
            column
            for view in VIEWS
            for column in (
                Column(view, printer.word(f"training_{view}"), "share"),
                Column(f"{view}_status", printer.word(f"verdict_{view}")),
            )
        ),
        *(Column(str(year), printer.word("training_plan", year=year), "share") for year in years),
    )
    source = citation_text(result.binding.policy.attributed(FIVE_PERCENT), printer.language)
    notes = [printer.word("training_note", source=source), bureau_note(printer)]
    found = made(printer, "training", columns, records, *notes)
    # its views are the base year's, whatever year a page speaks of
    return replace(found, title=printer.word("table.training", year=result.index.base_year))


#: Views of a school's training in the base year, and the figure behind each.
VIEWS = {
    "budget": "school_training_share",
    "tagged": "training_share_tagged",
    "final": "training_share_final",
}


def _training(printer: Printer, place: int) -> dict[str, Any]:
    result = printer.result
    school, base = result.index.schools[place], result.index.base_year
    floor = float(result.at("training_floor_share", base)[0])
    found: dict[str, Any] = profile_of(printer, school, "")
    found["operating_budget"] = printer.rounded(float(result.at("counted_operating", base)[place]))
    found["training_30216"] = printer.rounded(float(result.at("counted_training", base)[place]))
    found["floor"] = floor
    for view, name in VIEWS.items():
        share = float(result.at(name, base)[place])
        given = view == "budget" or math.isfinite(share)
        status = _floor_status(share, floor)
        # what a district may leave out stays blank, it is not called unknown
        found[view] = reaching(share, [floor], 4) if given else ""
        found[f"{view}_status"] = word_of("status", status, printer.language) if given else ""
        found[f"{view}_status_id"] = status if given else ""
    for year in result.index.years[BASE + 1 :]:
        share = float(result.at("school_training_share", year)[place])
        least = float(result.at("training_floor_share", year)[0])
        found[str(year)] = reaching(share, [least], 4)
    return found


def _floor_status(share: float, floor: float) -> str:
    if not (math.isfinite(share) and math.isfinite(floor)):
        return "unknown"
    return "pass" if share >= floor - 1e-9 else "fail"


def bureau_note(printer: Printer) -> str:
    """The bureau's own training fund in the last year, in a sentence."""
    year = printer.result.index.years[-1]
    row = _bureau(printer, year)
    share, floor = (number(row[name], "share", printer.language) for name in ("share", "floor"))
    return printer.word("bureau_note", year=year, share=share, floor=floor)


def training_bureau_table(printer: Printer) -> Table:
    """The bureau's training fund by year against 1.5% of pay, beside the schools' 5%."""
    records = [_bureau(printer, year) for year in printer.result.index.years[BASE:]]
    money = (printer.unit_of("yuan"), printer.decimals)
    columns = (
        Column("year", printer.word("year")),
        Column("payroll_total", printer.figure("payroll_total"), *money),
        Column("fund", printer.figure("bureau_training_counted"), *money),
        Column("share", printer.figure("bureau_training_share"), "share"),
        Column("floor", printer.word("training_floor"), "share"),
        Column("headroom", printer.word("headroom"), *money),
        Column("schools", printer.figure("school_training_total"), *money),
        Column("status", printer.word("status")),
        Column("citation", printer.word("citation")),
    )
    return made(printer, "training_bureau", columns, records, printer.word("pots_note"))


def _bureau(printer: Printer, year: int) -> dict[str, Any]:
    def at(name: str) -> float:
        return float(printer.result.at(name, year)[0])

    floor, share = at("bureau_training_floor_share"), at("bureau_training_share")
    status = _floor_status(share, floor)
    return {
        "year": str(year),
        "payroll_total": printer.rounded(at("payroll_total")),
        "fund": printer.rounded(at("bureau_training_counted")),
        "share": reaching(share, [floor], 4),
        "floor": floor,
        "headroom": printer.rounded(at("bureau_training_headroom")),
        "schools": printer.rounded(at("school_training_total")),
        "status": word_of("status", status, printer.language),
        "status_id": status,
        "citation": citation_text(
            printer.result.binding.policy.attributed(("plan P11",)), printer.language
        ),
    }
