"""The command line: ``python -m simulator run | check | template | sample | explain | …``.

The same numbers as in Python. Bad input ends in one clear line and exit code 2.
"""

from __future__ import annotations

import locale
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from simulator import glossary
from simulator.errors import JunhengError
from simulator.glossary import Language, as_language

if TYPE_CHECKING:
    from simulator.district.model import District
    from simulator.engine.result import Result
    from simulator.export.table import MoneyUnit
    from simulator.export.terminal import Step
    from simulator.scenario.model import Scenario

BAD_INPUT: Final = 2


def spoken(arguments: Sequence[str]) -> Language:
    """The language asked for by ``--lang``, else the system's."""
    for position, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return as_language(argument.partition("=")[2])
        if argument == "--lang" and position + 1 < len(arguments):
            return as_language(arguments[position + 1])
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return as_language(next(filter(None, named), None) or locale.getlocale()[0] or "en")


def _word(identifier: str) -> str:
    return glossary.label(f"cli.{identifier}", spoken(sys.argv[1:]))


app = typer.Typer(
    help=_word("help"), add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)
DistrictPath = Annotated[Path | None, typer.Option("--district", help=_word("district"))]
ScenarioPath = Annotated[Path | None, typer.Option("--scenario", help=_word("scenario"))]
Lang = Annotated[str | None, typer.Option("--lang", help=_word("lang"))]
Only = Annotated[list[str] | None, typer.Option("--only", help=_word("only"))]
Money = Annotated[str, typer.Option("--money", help=_word("money"))]
Year = Annotated[int | None, typer.Option("--year", help=_word("year"))]
Out = Annotated[Path | None, typer.Option("--out", help=_word("out"))]
Live = Annotated[Path | None, typer.Option("--workbook", help=_word("workbook"))]
Json = Annotated[bool, typer.Option("--json", help=_word("json"))]
Target = Annotated[Path, typer.Argument(help=_word("target"))]
Several = Annotated[list[Path], typer.Argument(help=_word("scenarios"))]
Beside = Annotated[Path | None, typer.Option("--out", "--xlsx", help=_word("compared"))]


def run_command_line(arguments: Sequence[str] | None = None) -> None:
    """Run a command and leave with its exit code."""
    sys.exit(main(sys.argv[1:] if arguments is None else arguments))


def main(arguments: Sequence[str]) -> int:
    """Run a command; the exit code: 0, or 2 with one clear line for bad input."""
    language = spoken(arguments)
    command = typer.main.get_command(app)
    try:
        code = command.main(
            list(arguments) or ["--help"], prog_name="simulator", standalone_mode=False
        )
    except typer.exceptions.TyperException as error:
        reason = str(getattr(error, "format_message", error.__str__)()).rstrip(".")
        return _complain(glossary.text("cli.usage", language, reason=reason))
    except JunhengError as error:
        return _complain(error.text(language))
    except typer.Abort:
        return 1
    except BrokenPipeError:
        # the reader has seen enough: what is left goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code if isinstance(code, int) else 0


def _complain(text: str) -> int:
    print(text, file=sys.stderr)
    return BAD_INPUT


@app.command(help=_word("run"))
def run(
    district: DistrictPath = None,
    scenario: ScenarioPath = None,
    lang: Lang = None,
    only: Only = None,
    money: Money = "10k_yuan",
    year: Year = None,
    json: Json = False,
    out: Out = None,
    live: Live = None,
) -> None:
    """Compute, and show or write, the tables of a scenario."""
    from simulator.export import files, machine, tables, terminal

    language = _language(lang)
    known = tuple(machine.SECTIONS) if json else (*tables.PLAIN, *tables.YEARLY)
    names = _chosen(only, known)
    unit = _money(money)
    with terminal.working(language) as step:
        result = _simulated(district, scenario, step)
        if live is not None:
            _write_live(result, live, language, step)
        if json:
            return _put(machine.machine_text(result, names) + "\n", out)
        names = names or (list(terminal.SHOWN) if out is None else tables.table_ids(result))
        names = [name for each in names for name in tables.SUBJECTS.get(each, (each,))]
        made = [tables.table(result, name, language, unit) for name in _dated(names, year, result)]
        if out is not None:
            step("writing")
            files.write_tables(made, out)
            return _say("written", language, path=out)
    return terminal.show(made, result, language)


def _chosen(only: Sequence[str] | None, known: Sequence[str]) -> list[str]:
    """The names after ``--only``, which may be given several times or with commas."""
    names = [name.strip() for each in only or () for name in each.split(",") if name.strip()]
    for name in names:
        if name not in known:
            raise JunhengError("cli_only", name=name, known=", ".join(known))
    return names


def _dated(names: Sequence[str], year: int | None, result: Result) -> list[str]:
    from simulator.export.tables import YEARLY

    if year is None:
        return list(names)
    years = result.index.years[1:]
    if year not in years:
        raise JunhengError("explain_year", year=year, years=f"{years[0]}–{years[-1]}")
    return [f"{name}_{year}" if name in YEARLY else name for name in names]


@app.command(help=_word("check"))
def check(district: DistrictPath = None, lang: Lang = None) -> None:
    """Check a district's data: every finding, with its place and mend."""
    language = _language(lang)
    found = _district(district)
    for finding in found.findings:
        print(finding.text(language))
    _say("checked", language, name=found.name, schools=len(found.schools),
         warnings=len(found.findings))  # fmt: skip


@app.command(help=_word("template"))
def template(
    target: Target,
    filled: Annotated[bool, typer.Option("--filled", help=_word("filled"))] = False,
    lang: Lang = None,
) -> None:
    """Write the template workbook, empty or filled with the sample."""
    from simulator.district.template import template_bytes
    from simulator.export.files import save

    language = _language(lang)
    save(target, template_bytes(_district(None) if filled else None, language))
    _say("written", language, path=target)


@app.command(help=_word("sample"))
def sample(target: Target, lang: Lang = None) -> None:
    """Write the sample district: a workbook for .xlsx, else a folder of CSV files."""
    from simulator.district.sample import sample_folder
    from simulator.export import files

    if target.suffix.lower() == files.WORKBOOK:
        return template(target, True, lang)
    for source in sorted(sample_folder().glob("*.csv")):
        files.make_folder(target)
        files.save(target / source.name, source.read_bytes())
    return _say("written", _language(lang), path=target)


@app.command(help=_word("explain"))
def explain(
    figure: Annotated[str, typer.Argument(help=_word("figure"))],
    district: DistrictPath = None,
    scenario: ScenarioPath = None,
    school: Annotated[str | None, typer.Option("--school", help=_word("school"))] = None,
    stage: Annotated[str | None, typer.Option("--stage", help=_word("stage"))] = None,
    year: Year = None,
    depth: Annotated[int, typer.Option("--depth", min=1, help=_word("depth"))] = 3,
    lang: Lang = None,
) -> None:
    """Why a figure is what it is: the tree down to data cells, levers and the law."""
    from simulator.export import terminal

    language = _language(lang)
    with terminal.working(language) as step:
        result = _simulated(district, scenario, step)
    terminal.show_trace(result.explain(figure, school, stage, year), language, depth)


@app.command(help=_word("workbook"))
def workbook(
    target: Target,
    district: DistrictPath = None,
    scenario: ScenarioPath = None,
    lang: Lang = None,
) -> None:
    """Write the workbook of live formulas, which recalculates."""
    from simulator.export import terminal

    language = _language(lang)
    with terminal.working(language) as step:
        _write_live(_simulated(district, scenario, step), target, language, step)


def _write_live(result: Result, target: Path, language: Language, step: Step) -> None:
    from simulator.export.workbook import write_workbook

    write_workbook(result, target, language, lambda share: step("workbook", share))
    _say("written", language, path=target)


@app.command("brief", help=_word("brief"))
@app.command("compare", help=_word("compare"))
def compare(
    scenarios: Several, district: DistrictPath = None, lang: Lang = None, out: Beside = None
) -> None:
    """Compare scenarios with the first: show it, or write a workbook, CSV or the brief."""
    from simulator.export import comparison_files, terminal

    language = _language(lang)
    with terminal.working(language) as step:
        results = [_simulated(district, each, step) for each in scenarios]
    comparison_files.put(results, language, out)
    if out is not None:
        _say("written", language, path=out)


def _language(lang: str | None) -> Language:
    if lang is None:
        return spoken(())
    if lang.lower()[:2] not in glossary.LANGUAGES:
        raise JunhengError("cli_language", value=lang)
    return as_language(lang)


def _money(value: str) -> MoneyUnit:
    if value not in ("yuan", "10k_yuan"):
        raise JunhengError("cli_money", value=value)
    return "yuan" if value == "yuan" else "10k_yuan"


def _district(path: Path | None) -> District:
    import simulator as sim

    return sim.sample_district() if path is None else sim.load_district(path)


def _scenario(path: Path | None) -> Scenario:
    """A scenario file, or one that comes with the product by its name."""
    import simulator as sim
    from simulator.scenario.load import SHIPPED

    if path is None:
        return sim.load_scenario(SHIPPED / "baseline.yaml")
    shipped = SHIPPED / f"{path}.yaml"
    by_name = path.name == str(path) and not path.exists() and shipped.is_file()
    return sim.load_scenario(shipped if by_name else path)


def _simulated(district: Path | None, scenario: Path | None, step: Step) -> Result:
    import simulator as sim

    step("reading")
    data, chosen = _district(district), _scenario(scenario)
    step("computing")
    return sim.simulate(data, chosen)


def _put(text: str, out: Path | None) -> None:
    """Write a text to a file, or to the output."""
    from simulator.export.files import save

    if out is None:
        sys.stdout.write(text)
    else:
        save(out, text.encode("utf-8"))


def _say(word: str, language: Language, **params: object) -> None:
    print(glossary.text(f"cli.{word}", language, **params), file=sys.stderr)
