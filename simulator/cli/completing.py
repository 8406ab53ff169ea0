"""The command that says what a district's file can do, and what would let it do more."""

from __future__ import annotations

import json as writer
from pathlib import Path
from typing import Annotated, Any

import typer

from simulator.cli.options import (
    Json,
    Lang,
    MapPath,
    ScenarioPath,
    app,
    district_of,
    language_of,
    put,
    scenario_of,
    word,
)

Source = Annotated[Path | None, typer.Argument(help=word("completeness_district"))]


@app.command("completeness", help=word("completeness"))
def completeness(
    district: Source = None,
    mapped: MapPath = None,
    scenario: ScenarioPath = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Say of every output whether it is computable, what it waits for, and the remedy."""
    import simulator as sim
    from simulator.completeness.words import lines
    from simulator.formats.terminal import show_line

    language, found = language_of(lang), district_of(district, mapped)
    table = sim.completeness(found, scenario_of(scenario))
    if json:
        return put(writer.dumps(_plain(table), ensure_ascii=False, indent=1) + "\n", None)
    for line in lines(table, found, language):
        show_line(line)
    return None


def _plain(table: Any) -> dict[str, Any]:
    """The outputs and the remedies as lists of named values."""
    from simulator.completeness.table import remedies

    rows = table.to_dict("records")
    for row in rows:
        row["blocked_by"] = [each._asdict() for each in row["blocked_by"]]
    return {"outputs": rows, "remedies": remedies(table).to_dict("records")}
