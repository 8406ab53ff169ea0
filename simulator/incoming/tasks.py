"""What a reading process does with the files it is given: one function for each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from simulator.incoming import limits

#: Files by name and content.
Files = Sequence[tuple[str, bytes]]
Options = Mapping[str, Any]
#: ``progress``, file, of how many, rows so far; or ``part``, name, value.
Message = tuple[Any, ...]


def district(files: Files, options: Options) -> Iterator[Message]:
    """A district's file or files: the sheets, what they were taken for, and every finding."""
    from simulator.incoming.proposals import taken_apart

    proposal = yield from _proposed(files, options)
    for name, value in taken_apart(proposal):
        yield "part", name, value


def marked(files: Files, options: Options) -> Iterator[Message]:
    """A district's workbook with its findings marked."""
    from simulator.formats.marked_workbook import annotated

    proposal = yield from _proposed(files, options)
    ((name, content),) = files
    limits.next_share()
    made = annotated(content, name, proposal.findings, options["language"])
    for start in range(0, len(made), 1 << 20):
        yield "bytes", made[start : start + (1 << 20)].hex()


def _proposed(files: Files, options: Options) -> Any:
    from simulator.district.reading.files import open_bytes
    from simulator.district.reading.mended import with_cells
    from simulator.district.reading.proposal import propose_sheets

    sheets, rows = [], 0
    mended = {(sheet, cell): value for sheet, cell, value in options["mended"]}
    for number, (name, content) in enumerate(files, start=1):
        yield "progress", number, name, rows
        limits.next_share()
        opened = [with_cells(sheet, mended) for sheet in open_bytes(content, name)]
        sheets += opened
        rows += sum(len(sheet.rows) for sheet in opened)
    yield "progress", len(files) + 1, options["source"], rows
    limits.next_share()
    return propose_sheets(options["source"], sheets, options["mapped"])


def scenario(files: Files, options: Options) -> Iterator[Message]:
    """A scenario's file, read whole; what comes back are its values and the line of each."""
    from simulator.scenario.load import scenario_of_document
    from simulator.strict_yaml import decoded, parse

    ((name, content),) = files
    yield "progress", 1, name, 0
    document = parse(decoded(content, name), name)
    scenario_of_document(document, name)
    yield "part", "data", [document.data]
    yield "part", "lines", [document.lines]


def packs(files: Files, options: Options) -> Iterator[Message]:
    """Own packs, read whole with all that are in force before them; nothing comes back."""
    from simulator.policy.own import own_pack, uploaded_pack
    from simulator.results.simulate import policy_of

    before = [own_pack(name, dict(texts)) for name, texts in options["packs"]]
    added = []
    for number, (name, content) in enumerate(files, start=1):
        yield "progress", number, name, 0
        limits.next_share()
        added.append(uploaded_pack(name, content))
        names = {each.name for each in added}
        policy_of(tuple(options["policy"]), (*(p for p in before if p.name not in names), *added))


def library(files: Files, options: Options) -> Iterator[Message]:
    """A file of saved scenarios, each read whole; what comes back are their records."""
    from simulator.incoming.proposals import fields_of
    from simulator.library.exchange import read_file

    ((name, content),) = files
    yield "progress", 1, name, 0
    for work, saved in read_file(content):
        yield "part", "works", [[fields_of(work), saved]]


TASKS: Final[Mapping[str, Callable[[Files, Options], Iterator[Message]]]] = {
    "district": district, "marked": marked, "scenario": scenario, "packs": packs,
    "library": library,
}  # fmt: skip
