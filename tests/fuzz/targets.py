"""What is fuzzed: the reader of tables, scenario files, rule files, and formula lines."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import xlsxwriter

from simulator.district.reading.files import open_bytes
from simulator.district.reading.mapping import load_map
from simulator.district.reading.proposal import propose_sheets
from simulator.library.exchange import export_entries, read_file
from simulator.library.store import Entry, work_of
from simulator.own_formula.grammar import read_formula
from simulator.own_formula.read import read_lines
from simulator.own_formula.sources import NATIONAL, graph_sources
from simulator.policy.load import load_policy
from simulator.scenario.load import SHIPPED, load_scenario, read_scenario
from simulator.strict_yaml import parse
from tests.fuzz.guided import Target

RULES = Path(str(resources.files("simulator") / "rules" / "national"))
GOOD = Path(__file__).resolve().parent.parent / "rejects" / "good"


def table(content: bytes) -> None:
    """A table of schools, from bytes to what was recognised and found."""
    propose_sheets("schools.csv", open_bytes(content, "schools.csv"))


def workbook(content: bytes) -> None:
    """A workbook, from bytes to sheets."""
    open_bytes(content, "book.xlsx")


def scenario(content: bytes) -> None:
    """A scenario file."""
    read_scenario(content.decode("utf-8", "replace"), "fuzzed")


def rules(content: bytes) -> None:
    """A policy pack of one file."""
    with tempfile.TemporaryDirectory() as folder:
        pack = Path(folder) / "fuzzed"
        pack.mkdir()
        (pack / "rules.yaml").write_bytes(content)
        load_policy(["fuzzed"], [Path(folder)])


def lines(content: bytes) -> None:
    """A set of formula lines."""
    read_lines(parse(content.decode("utf-8", "replace"), "fuzzed").data, graph_sources(), "fuzzed")


def mapping(content: bytes) -> None:
    """A file of meanings of headings."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "map.yaml"
        place.write_bytes(content)
        load_map(place)


def library(content: bytes) -> None:
    """A file of saved scenarios."""
    read_file(content)


def formula(content: bytes) -> None:
    """A formula of one's own, as it is typed."""
    known = {name: source.dimension for name, source in graph_sources().items()}
    read_formula(content.decode("utf-8", "replace"), known)


def targets() -> Mapping[str, tuple[Target, list[bytes]]]:
    """Each target with the inputs that it begins with."""
    return {
        "table": (table, [(GOOD / "schools.csv").read_bytes(), "学校名称,学生数\n甲,1\n".encode()]),
        "scenario": (scenario, [path.read_bytes() for path in sorted(SHIPPED.glob("*.yaml"))]),
        "rules": (rules, [path.read_bytes() for path in sorted(RULES.glob("*.yaml"))[:3]]),
        "lines": (lines, [NATIONAL.read_bytes()]),
        "workbook": (workbook, [_book()]),
        "mapping": (mapping, ["学校: {公用经费: operating_funds, 备注: null}\n".encode()]),
        "library": (library, [_library()]),
        "formula": (formula, [b"max(0, primary_pupils - 100) * 5% + round(1.5)", b"-(1 <= 2)"]),
    }


def _library() -> bytes:
    scenario = load_scenario(SHIPPED / "steady.yaml")
    work = work_of(scenario, "甲", district="a" * 64, policy="b" * 64, tags=("汇报",))
    return export_entries([Entry("", 1, datetime(2027, 3, 1, tzinfo=UTC), work)])


def _book() -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.add_worksheet("学校").write_row(0, 0, ["学校名称", "小学在校生"])
    book.close()
    return buffer.getvalue()
