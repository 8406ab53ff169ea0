"""What a visitor can have read: a district, a scenario, packs, saved scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from simulator.district.reading.mended import Mended
from simulator.district.reading.proposal import Proposal
from simulator.district.reading.recognise import Mapped
from simulator.glossary import Language
from simulator.incoming.ask import Files, Tell, ask, made, quiet
from simulator.incoming.proposals import put_together, records
from simulator.library.store import Work
from simulator.policy.own import OwnPack, uploaded_pack
from simulator.scenario.load import scenario_of_document
from simulator.scenario.model import Scenario
from simulator.strict_yaml import Document


def _district(source: str, mapped: Mapped, mended: Mended) -> dict[str, Any]:
    cells = [[sheet, cell, value] for (sheet, cell), value in mended.items()]
    return {"source": source, "mapped": mapped, "mended": cells}


def proposal(
    source: str, files: Files, mapped: Mapped, mended: Mended, visitor: str, tell: Tell = quiet
) -> Proposal:
    """What was recognised in a district's files. Raises JunhengError where one is refused."""
    found = ask("district", files, _district(source, mapped, mended), visitor, tell)
    return made(source, lambda: put_together(found.parts))


def marked(
    file: tuple[str, bytes], mapped: Mapped, mended: Mended, language: Language, visitor: str
) -> bytes:
    """A district's workbook with every finding marked in its cell."""
    options = _district(file[0], mapped, mended) | {"language": language}
    return bytes(ask("marked", [file], options, visitor, quiet).content)


def scenario(name: str, content: bytes, visitor: str, tell: Tell = quiet) -> Scenario:
    """The scenario of a file. Raises JunhengError, FindingsError with every mistake."""
    parts = ask("scenario", [(name, content)], {}, visitor, tell).parts

    def document() -> Document:
        ((data,), (lines,)) = parts["data"], parts["lines"]
        return Document(data, {str(key): int(line) for key, line in lines.items()})

    return scenario_of_document(made(name, document), name)


def packs(
    files: Files,
    policy: tuple[str, ...],
    before: tuple[OwnPack, ...],
    visitor: str,
    tell: Tell = quiet,
) -> tuple[OwnPack, ...]:
    """A district's own packs with those of some files after them. Raises JunhengError.

    What comes back from the reading is that all of them can be put in force.
    """
    told = [[each.name, dict(each.files)] for each in before]
    ask("packs", files, {"policy": policy, "packs": told}, visitor, tell)
    added = {pack.name: pack for pack in (uploaded_pack(*file) for file in files)}
    return (*(each for each in before if each.name not in added), *added.values())


def works(
    name: str, content: bytes, visitor: str, tell: Tell = quiet
) -> tuple[tuple[Work, datetime], ...]:
    """The saved scenarios of a file, each with its time. Raises JunhengError."""
    parts: Mapping[str, list[Any]] = ask("library", [(name, content)], {}, visitor, tell).parts

    def pairs() -> tuple[tuple[Work, datetime], ...]:
        found = parts["works"]
        times = [when for _, when in found]
        if not all(isinstance(each, datetime) and each.tzinfo for each in times):
            raise ValueError("a time")
        return tuple(zip(records(Work, [work for work, _ in found]), times, strict=True))

    return made(name, pairs)
