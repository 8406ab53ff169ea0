"""The commands that say how sure a scenario is, and what moves it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from simulator.cli.options import (
    DistrictPath,
    Json,
    Lang,
    MapPath,
    Money,
    Out,
    PackPaths,
    ScenarioPath,
    Year,
    app,
    district_of,
    language_of,
    money_of,
    policy_of,
    put,
    scenario_of,
    simulated,
    word,
    write_tables,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simulator.formats.terminal import Step
    from simulator.glossary import Language
    from simulator.present.table import Table
    from simulator.results.result import Result
    from simulator.risk.draws import Method

Draws = Annotated[int, typer.Option("--draws", help=word("risk_draws"))]
Seed = Annotated[int, typer.Option("--seed", help=word("risk_seed"))]
How = Annotated[str, typer.Option("--method", help=word("risk_method"))]
Spreads = Annotated[Path | None, typer.Option("--assumptions", help=word("risk_assumptions"))]
Figure = Annotated[str, typer.Option("--figure", help=word("risk_figure"))]


@app.command("uncertainty", help=word("uncertainty"))
def uncertainty(
    district: DistrictPath = None,
    mapped: MapPath = None,
    scenario: ScenarioPath = None,
    pack: PackPaths = None,
    draws: Draws = 1000,
    seed: Seed = 1,
    method: How = "plain",
    assumptions: Spreads = None,
    lang: Lang = None,
    money: Money = "10k_yuan",
    json: Json = False,
    out: Out = None,
) -> None:
    """The chance that each rule holds, and bands of the figures."""
    from simulator.formats import json_risk, terminal
    from simulator.formats.as_json import as_text
    from simulator.present.table import Printer
    from simulator.present.tables import risk as risk_said
    from simulator.risk.assumptions import load_assumptions
    from simulator.risk.uncertainty import uncertainty as draw

    language, unit = language_of(lang), money_of(money)
    with terminal.working(language) as step:
        step("reading")
        spreads = None if assumptions is None else load_assumptions(assumptions)
        data, chosen = district_of(district, mapped), scenario_of(scenario)
        found = draw(
            data, chosen, draws, seed, assumptions=spreads, method=cast("Method", method),
            policy=policy_of(chosen, pack), progress=_telling(step),
        )  # fmt: skip
    if json:
        return put(as_text(json_risk.machine_uncertainty(found)) + "\n", out)
    printer = Printer(found.run, language, unit)
    return _show_or_write(risk_said.risk_tables(found, printer), found.run, language, out)


@app.command("sensitivity", help=word("sensitivity"))
def sensitivity(
    district: DistrictPath = None,
    mapped: MapPath = None,
    scenario: ScenarioPath = None,
    pack: PackPaths = None,
    figure: Figure = "gap",
    year: Year = None,
    lang: Lang = None,
    money: Money = "10k_yuan",
    json: Json = False,
    out: Out = None,
) -> None:
    """What moves a figure most, and where rules turn."""
    from simulator.formats import json_risk, terminal
    from simulator.formats.as_json import as_text
    from simulator.present.table import Printer
    from simulator.present.tables import risk as risk_said
    from simulator.risk.sensitivity import revenue_breaks, sensitivity_of

    language, unit = language_of(lang), money_of(money)
    with terminal.working(language) as step:
        result = simulated(district, scenario, step, mapped, pack)
        rows = sensitivity_of(result, figure, year, _telling(step))
        if json:
            return put(as_text(json_risk.machine_sensitivity(rows, figure, year)) + "\n", out)
        printer = Printer(result, language, unit)
        tables = [
            risk_said.sensitivity_table(rows, figure, printer),
            risk_said.breaks_table(revenue_breaks(result), printer),
        ]
    return _show_or_write(tables, result, language, out)


def _telling(step: Step) -> Callable[[float], None]:
    """Tells on the terminal how far the work is."""
    return lambda share: step("computing", share)


def _show_or_write(
    tables: Sequence[Table], result: Result, language: Language, out: Path | None
) -> None:
    from simulator.formats import terminal

    if out is None:
        return terminal.show(tables, result, language)
    return write_tables(tables, out, language)
