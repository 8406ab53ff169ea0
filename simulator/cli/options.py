"""What every command shares: its options, the language it speaks, what it reads and writes."""

from __future__ import annotations

import locale
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simulator import glossary
from simulator.errors import JunhengError
from simulator.glossary import Language, as_language

if TYPE_CHECKING:
    from simulator.district.model import District
    from simulator.district.reading.proposal import Proposal
    from simulator.formats.terminal import Step
    from simulator.policy.model import Policy
    from simulator.policy.own import OwnPack
    from simulator.present.table import MoneyUnit, Table
    from simulator.results.result import Result
    from simulator.scenario.model import Scenario


def spoken(arguments: Sequence[str]) -> Language:
    """The language asked for by ``--lang``, else the system's."""
    for position, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return as_language(argument.partition("=")[2])
        if argument == "--lang" and position + 1 < len(arguments):
            return as_language(arguments[position + 1])
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return as_language(next(filter(None, named), None) or locale.getlocale()[0] or "en")


def word(identifier: str) -> str:
    """A word of the command line in the language spoken."""
    return glossary.label(f"cli.{identifier}", spoken(sys.argv[1:]))


app = typer.Typer(
    help=word("help"), add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)
DistrictPath = Annotated[Path | None, typer.Option("--district", help=word("district"))]
MapPath = Annotated[Path | None, typer.Option("--map", help=word("map"))]
PackPaths = Annotated[list[Path] | None, typer.Option("--pack", help=word("pack"))]
ScenarioPath = Annotated[Path | None, typer.Option("--scenario", help=word("scenario"))]
Lang = Annotated[str | None, typer.Option("--lang", help=word("lang"))]
Only = Annotated[list[str] | None, typer.Option("--only", help=word("only"))]
Money = Annotated[str, typer.Option("--money", help=word("money"))]
Year = Annotated[int | None, typer.Option("--year", help=word("year"))]
Out = Annotated[Path | None, typer.Option("--out", help=word("out"))]
Live = Annotated[Path | None, typer.Option("--workbook", help=word("workbook"))]
Json = Annotated[bool, typer.Option("--json", help=word("json"))]
Target = Annotated[Path, typer.Argument(help=word("target"))]
Several = Annotated[list[Path], typer.Argument(help=word("scenarios"))]
Beside = Annotated[Path | None, typer.Option("--out", "--xlsx", help=word("compared"))]


def language_of(lang: str | None) -> Language:
    """The language asked for, else the one spoken; raises JunhengError for another."""
    if lang is None:
        return spoken(())
    if lang.lower()[:2] not in glossary.LANGUAGES:
        raise JunhengError("cli_language", value=lang)
    return as_language(lang)


def money_of(value: str) -> MoneyUnit:
    """The unit of money asked for; raises JunhengError for another."""
    if value not in ("yuan", "10k_yuan"):
        raise JunhengError("cli_money", value=value)
    return "yuan" if value == "yuan" else "10k_yuan"


def district_of(path: Path | None, mapped: Path | None = None) -> District:
    """The district of a file or folder, its headings as a map says; the sample by default."""
    import simulator as sim
    from simulator.district.reading.mapping import load_map

    meanings = None if mapped is None else load_map(mapped)
    return sim.sample_district() if path is None else sim.load_district(path, meanings)


def proposal_of(path: Path, mapped: Path | None) -> Proposal:
    """What was recognised in a district's file or folder, its headings as a map says."""
    from simulator.district.reading.mapping import load_map
    from simulator.district.reading.proposal import propose

    return propose(path, None if mapped is None else load_map(mapped))


def scenario_of(path: Path | None) -> Scenario:
    """A scenario file, or one that comes with the product by its name."""
    import simulator as sim
    from simulator.scenario.load import SHIPPED

    if path is None:
        return sim.load_scenario(SHIPPED / "baseline.yaml")
    shipped = SHIPPED / f"{path}.yaml"
    by_name = path.name == str(path) and not path.exists() and shipped.is_file()
    return sim.load_scenario(shipped if by_name else path)


def packs_of(paths: Sequence[Path] | None) -> tuple[OwnPack, ...]:
    """The district's own packs, in the order given."""
    from simulator.policy.own import load_pack

    return tuple(load_pack(path) for path in paths or ())


def policy_of(scenario: Scenario, paths: Sequence[Path] | None) -> Policy:
    """The packs that a scenario names, and the district's own after them."""
    from simulator.policy.load import load_policy

    return load_policy(scenario.policy, own=packs_of(paths))


def simulated(
    district: Path | None,
    scenario: Path | None,
    step: Step,
    mapped: Path | None = None,
    packs: Sequence[Path] | None = None,
) -> Result:
    """A scenario computed for a district, saying how far it is."""
    import simulator as sim

    step("reading")
    data, chosen, own = district_of(district, mapped), scenario_of(scenario), packs_of(packs)
    step("computing")
    return sim.simulate(data, chosen, packs=own)


def put(text: str, out: Path | None) -> None:
    """Write a text to a file, or to the output."""
    from simulator.formats.table_files import save

    if out is None:
        sys.stdout.write(text)
    else:
        save(out, text.encode("utf-8"))


def write_tables(tables: Sequence[Table], out: Path, language: Language) -> None:
    """Write tables to a file or folder, and tell where."""
    from simulator.formats import table_files

    table_files.write_tables(tables, out)
    say("written", language, path=out)


def say(word: str, language: Language, **params: object) -> None:
    """Tell on the error stream what was done."""
    print(glossary.text(f"cli.{word}", language, **params), file=sys.stderr)
