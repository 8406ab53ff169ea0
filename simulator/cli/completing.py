"""The command that says what a district's file can do, and what would let it do more."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

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
    from simulator.formats.as_json import as_text, machine_completeness
    from simulator.formats.terminal import show_line
    from simulator.present.sentences.completeness import lines

    language, found = language_of(lang), district_of(district, mapped)
    table = sim.completeness(found, scenario_of(scenario))
    if json:
        return put(as_text(machine_completeness(table)) + "\n", None)
    for line in lines(table, found, language):
        show_line(line)
    return None
