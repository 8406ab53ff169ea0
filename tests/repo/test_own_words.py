"""The project speaks of itself only: no machine's paths, no registry, no leftovers."""

from __future__ import annotations

import re

from tests.repo import project

# Put together from pieces, so that this file does not hold what it looks for.
FOLDERS = ("home", "root", "work", "Users", "mnt", "opt")
MACHINE_PATH = re.compile(r"(?<![\w.>})-])/(?:" + "|".join(FOLDERS) + r")/\w+|\b[A-Z]:\\Users\\")
REGISTRY = re.compile(
    r"(?:\bpy"
    r"pi\.org|pythonhos"
    r"ted\.org|\bdeb\.deb"
    r"ian\.org|\bnpm"
    r"js\.(?:org|com)"
    r"|\bcrates\." + r"io|--(?:extra-)?index-" + r"url|\btuna\.tsing" + r"hua)",
    re.IGNORECASE,
)
LEFTOVER = re.compile(r"\b(?:FIX" + r"ME|TO" + r"DO|XX" + r"X|H" + r"ACK)\b|<{7} |>{7} ")
SKIPPED = re.compile(r"mark\.(?:skip|sl" + r"ow)|skip" + r"if|pytest\.skip\(|unittest\.skip")
TEXT = {".py", ".md", ".yaml", ".toml", ".txt", ".csv", ".cfg", ""}


def found(pattern: re.Pattern[str]) -> list[str]:
    """Where a pattern stands in the project's texts: file, line and what was found."""
    return [
        f"{path}:{number}: {match.group()}"
        for path in project.files()
        if path.suffix in TEXT
        for number, line in enumerate(project.text(path).splitlines(), start=1)
        for match in pattern.finditer(line)
    ]


def test_no_machines_paths() -> None:
    assert found(MACHINE_PATH) == []


def test_no_registrys_host() -> None:
    assert found(REGISTRY) == []


def test_no_leftovers() -> None:
    assert found(LEFTOVER) == []


def test_no_test_is_skipped_but_by_the_absence_of_published_figures() -> None:
    hits = [hit for hit in found(SKIPPED) if not _is_of_one_system(hit)]
    assert {hit.split(":")[0] for hit in hits} == {"tests/conftest.py"}
    assert project.text("tests/conftest.py").count("pytest." + "skip(") == 1


def _is_of_one_system(hit: str) -> bool:
    """Whether a test is left out where the operating system has no such thing to test."""
    path, number, _ = hit.split(":", 2)
    return 'os.name != "posix"' in project.text(path).splitlines()[int(number) - 1]


def test_the_searches_would_find_what_they_look_for() -> None:
    assert MACHINE_PATH.search("open('/" + "home/anna/x.csv')")
    assert not MACHINE_PATH.search("simulator/root/x and https://example.test/work/x")
    assert REGISTRY.search("--index-" + "url")
    assert LEFTOVER.search("# TO" + "DO: later")
    assert SKIPPED.search("@pytest.mark." + "skip")
