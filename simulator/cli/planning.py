"""The command that seeks a plan: shown, as JSON, as tables, or as a scenario file."""

from __future__ import annotations

from collections.abc import Callable
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
    app,
    district_of,
    language_of,
    money_of,
    policy_of,
    put,
    say,
    scenario_of,
    word,
    write_tables,
)

if TYPE_CHECKING:
    from simulator.formats.terminal import Step
    from simulator.glossary import Language
    from simulator.plan.found import Plan
    from simulator.plan.wishes import Objective
    from simulator.present.table import MoneyUnit

Aim = Annotated[str, typer.Option("--objective", help=word("plan_objective"))]
Target = Annotated[int | None, typer.Option("--target", help=word("plan_target"))]
Spend = Annotated[list[float] | None, typer.Option("--spend", help=word("plan_spend"))]
Carry = Annotated[bool, typer.Option("--carry-over", help=word("plan_carry"))]
Untouched = Annotated[list[str] | None, typer.Option("--untouched", help=word("plan_untouched"))]
Waive = Annotated[bool, typer.Option("--waive-growth-per-pupil", help=word("plan_waive"))]
Owners = Annotated[bool, typer.Option("--owners-mend", help=word("plan_owners"))]
WeakBy = Annotated[int | None, typer.Option("--weak-by", help=word("plan_weak_by"))]
Seconds = Annotated[float, typer.Option("--seconds", min=1, help=word("plan_seconds"))]
Saved = Annotated[Path | None, typer.Option("--save", help=word("plan_save"))]


@app.command("plan", help=word("plan"))
def plan(
    district: DistrictPath = None,
    mapped: MapPath = None,
    scenario: ScenarioPath = None,
    pack: PackPaths = None,
    objective: Aim = "least_cost",
    target: Target = None,
    spend: Spend = None,
    carry_over: Carry = False,
    untouched: Untouched = None,
    weak_by: WeakBy = None,
    waive_growth_per_pupil: Waive = False,
    owners_mend: Owners = False,
    seconds: Seconds = 60.0,
    lang: Lang = None,
    money: Money = "10k_yuan",
    json: Json = False,
    out: Out = None,
    saved: Saved = None,
) -> None:
    """Seek the path that meets every rule; exit code 1 where there is none."""
    from simulator.formats import terminal
    from simulator.plan.solve import plan as seek
    from simulator.plan.watch import Watch
    from simulator.plan.wishes import Wishes
    from simulator.present.tables.plan import plan_tables

    language, unit, chosen = language_of(lang), money_of(money), scenario_of(scenario)
    each_year = spend * chosen.horizon if spend and len(spend) == 1 else spend
    wishes = Wishes(
        target=target, envelope=each_year or None, carry_over=carry_over,
        untouched=tuple(untouched or ()), weak_by=weak_by,
        waive_growth_per_pupil=waive_growth_per_pupil, owners=owners_mend,
    )  # fmt: skip
    with terminal.working(language) as step:
        step("reading")
        data, policy = district_of(district, mapped), policy_of(chosen, pack)
        watch = Watch(progress=_telling(step), seconds=seconds)
        aim = cast("Objective", objective)
        found = seek(data, chosen, aim, policy=policy, wishes=wishes, watch=watch)
        if json:
            put(_machine_text(found) + "\n", out)
        elif out is not None:
            write_tables(plan_tables(found, language, unit), out, language)
    if not json and out is None:
        _show(found, language, unit)
    if not found.found:
        raise typer.Exit(1)
    if saved is not None:
        _save(found, saved, language)


def _show(found: Plan, language: Language, unit: MoneyUnit) -> None:
    from simulator.formats import terminal
    from simulator.present.sentences import plan_told
    from simulator.present.tables import plan as tables_plan

    for line in plan_told.plan_lines(found, language, unit):
        terminal.show_line(line)
    for table in tables_plan.plan_tables(found, language, unit):
        terminal.show_table(table)


def _telling(step: Step) -> Callable[[str, float, str], None]:
    """Tells on the terminal how far the search is."""
    return lambda name, share, known: step(name, share)


def _save(found: Plan, path: Path, language: Language) -> None:
    from simulator.formats.table_files import save
    from simulator.scenario.write import dump_scenario

    # called as its file: the scenario that it was sought for keeps its name
    save(path, dump_scenario(found.scenario(path.stem)).encode("utf-8"))
    say("written", language, path=path)


def _machine_text(found: Plan) -> str:
    from simulator.formats.as_json import as_text, machine_plan

    return as_text(machine_plan(found))
