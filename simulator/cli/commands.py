"""The commands that compute, check, explain, compare, and write files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simulator.cli.options import (
    Beside,
    DistrictPath,
    Json,
    Lang,
    Live,
    MapPath,
    Money,
    Only,
    Out,
    PackPaths,
    ScenarioPath,
    Several,
    Target,
    Year,
    app,
    district_of,
    language_of,
    money_of,
    policy_of,
    proposal_of,
    put,
    say,
    scenario_of,
    simulated,
    word,
    write_tables,
)
from simulator.errors import JunhengError
from simulator.glossary import Language

if TYPE_CHECKING:
    from simulator.findings import Finding
    from simulator.formats.terminal import Step
    from simulator.results.result import Result


@app.command(help=word("run"))
def run(
    district: DistrictPath = None,
    mapped: MapPath = None,
    scenario: ScenarioPath = None,
    pack: PackPaths = None,
    lang: Lang = None,
    only: Only = None,
    money: Money = "10k_yuan",
    year: Year = None,
    json: Json = False,
    out: Out = None,
    live: Live = None,
) -> None:
    """Compute, and show or write, the tables of a scenario."""
    from simulator.formats import as_json as machine
    from simulator.formats import terminal
    from simulator.present.tables import catalogue as tables

    language = language_of(lang)
    known = tuple(machine.SECTIONS) if json else (*tables.PLAIN, *tables.YEARLY, *tables.SUBJECTS)
    names = _chosen(only, known)
    unit = money_of(money)
    with terminal.working(language) as step:
        result = simulated(district, scenario, step, mapped, pack)
        if live is not None:
            _write_live(result, live, language, step)
        if json:
            _dated((), year, result)
            return put(machine.machine_text(result, names, year) + "\n", out)
        names = names or (list(terminal.SHOWN) if out is None else tables.table_ids(result))
        names = [name for each in names for name in tables.SUBJECTS.get(each, (each,))]
        made = [tables.table(result, name, language, unit) for name in _dated(names, year, result)]
        if out is not None:
            step("writing")
            return write_tables(made, out, language)
    return terminal.show(made, result, language)


def _chosen(only: Sequence[str] | None, known: Sequence[str]) -> list[str]:
    """The names after ``--only``, which may be given several times or with commas."""
    names = [name.strip() for each in only or () for name in each.split(",") if name.strip()]
    for name in names:
        if name not in known:
            raise JunhengError("cli_only", name=name, known=", ".join(known))
    return names


def _dated(names: Sequence[str], year: int | None, result: Result) -> list[str]:
    from simulator.present.tables.catalogue import YEARLY

    if year is None:
        return list(names)
    years = result.index.years[1:]
    if year not in years:
        raise JunhengError("explain_year", year=year, years=f"{years[0]}–{years[-1]}")
    return [f"{name}_{year}" if name in YEARLY else name for name in names]


@app.command(help=word("check"))
def check(
    district: DistrictPath = None,
    mapped: MapPath = None,
    scenario: ScenarioPath = None,
    pack: PackPaths = None,
    lang: Lang = None,
) -> None:
    """Check a district's data and the packs in force: findings, unused, what cannot be computed."""
    from simulator.district.checking.taken import taken_findings
    from simulator.present.sentences.checked import checked_result, open_lines, unused_lines

    language = language_of(lang)
    proposal = None if district is None else proposal_of(district, mapped)
    found = district_of(None) if proposal is None else proposal.district()
    unused = [] if proposal is None else unused_lines(proposal, language)
    own = (*found.findings, *taken_findings(found))
    told = (*own, *_of_packs(found.base_year, scenario, pack))
    findings = [finding.text(language) for finding in told]
    for line in (*findings, *unused, *open_lines(checked_result(found), language)):
        print(line)
    say("checked", language, name=found.name, schools=len(found.schools), warnings=len(told))


def _of_packs(
    base_year: int, scenario: Path | None, pack: Sequence[Path] | None
) -> tuple[Finding, ...]:
    """What the years from the base year on must know of the packs."""
    from simulator.policy.told import pack_findings

    chosen = scenario_of(scenario)
    return pack_findings(policy_of(chosen, pack), range(base_year, base_year + chosen.horizon + 1))


@app.command(help=word("template"))
def template(
    target: Target,
    filled: Annotated[bool, typer.Option("--filled", help=word("filled"))] = False,
    lang: Lang = None,
) -> None:
    """Write the template workbook, empty or filled with the sample."""
    from simulator.formats.table_files import save
    from simulator.formats.template import template_bytes

    language = language_of(lang)
    save(target, template_bytes(district_of(None) if filled else None, language))
    say("written", language, path=target)


@app.command(help=word("sample"))
def sample(target: Target, lang: Lang = None) -> None:
    """Write the sample district: a workbook for .xlsx, else a folder of CSV files."""
    from simulator.district.sample import sample_folder
    from simulator.formats import table_files as files

    if target.suffix.lower() == files.WORKBOOK:
        return template(target, True, lang)
    for source in sorted(sample_folder().glob("*.csv")):
        files.make_folder(target)
        files.save(target / source.name, source.read_bytes())
    return say("written", language_of(lang), path=target)


@app.command(help=word("explain"))
def explain(
    figure: Annotated[str, typer.Argument(help=word("figure"))],
    district: DistrictPath = None,
    mapped: MapPath = None,
    scenario: ScenarioPath = None,
    pack: PackPaths = None,
    school: Annotated[str | None, typer.Option("--school", help=word("school"))] = None,
    stage: Annotated[str | None, typer.Option("--stage", help=word("stage"))] = None,
    year: Year = None,
    depth: Annotated[int, typer.Option("--depth", min=1, help=word("depth"))] = 3,
    lang: Lang = None,
) -> None:
    """Why a figure is what it is: the tree down to data cells, levers and the law."""
    from simulator.formats import terminal

    language = language_of(lang)
    with terminal.working(language) as step:
        result = simulated(district, scenario, step, mapped, pack)
    terminal.show_trace(result.explain(figure, school, stage, year), language, depth)


@app.command(help=word("workbook"))
def workbook(
    target: Target,
    district: DistrictPath = None,
    mapped: MapPath = None,
    scenario: ScenarioPath = None,
    pack: PackPaths = None,
    lang: Lang = None,
) -> None:
    """Write the workbook of live formulas, which recalculates."""
    from simulator.formats import terminal

    language = language_of(lang)
    with terminal.working(language) as step:
        _write_live(simulated(district, scenario, step, mapped, pack), target, language, step)


def _write_live(result: Result, target: Path, language: Language, step: Step) -> None:
    from simulator.formats.live_workbook import write_workbook

    write_workbook(result, target, language, lambda share: step("workbook", share))
    say("written", language, path=target)


@app.command("brief", help=word("brief"))
@app.command("compare", help=word("compare"))
def compare(
    scenarios: Several,
    district: DistrictPath = None,
    mapped: MapPath = None,
    pack: PackPaths = None,
    lang: Lang = None,
    out: Beside = None,
) -> None:
    """Compare scenarios with the first: show it, or write a workbook, CSV or the brief."""
    from simulator.formats import terminal
    from simulator.formats.comparison import files as comparison_files

    language = language_of(lang)
    with terminal.working(language) as step:
        results = [simulated(district, each, step, mapped, pack) for each in scenarios]
    comparison_files.put(results, language, out)
    if out is not None:
        say("written", language, path=out)
