"""The rooms: what may lie at the top, where code may lie, and what ``import simulator`` loads."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.repo import project

TOP = {
    "app.py", "simulator", "scenarios", "tests", "requirements.txt", "docs", "Makefile", "LICENSE",
    "README.md", "README.zh-CN.md", "CHANGELOG.md", "pyproject.toml", ".streamlit", ".ci",
    ".gitignore",
}  # fmt: skip
ROOMS = {
    "cli", "compare", "completeness", "district", "engine", "errors.py", "export", "findings.py",
    "formulas", "glossary", "incoming", "__init__.py", "lines", "__main__.py", "plan", "policy",
    "rules", "scenario", "stages.py", "strict_yaml.py", "ui", "uncertainty", "units.py",
    "writing.py",
}  # fmt: skip
CODE = ("app.py", "simulator/", "tests/")
HEAVY = {"streamlit", "plotly", "clarabel", "highspy", "docx", "openpyxl", "xlsxwriter", "pandas"}


def test_the_top_level_is_the_fixed_one() -> None:
    assert {path.parts[0] for path in project.files()} - TOP == set()


def test_docs_holds_decisions_only() -> None:
    strays = [str(path) for path in project.files() if path.parts[0] == "docs"]
    page = re.compile(r"docs/decisions/\d{4}-[a-z0-9-]+\.md")
    assert [name for name in strays if not page.fullmatch(name)] == []


def test_every_module_lies_in_a_known_room() -> None:
    rooms = {path.parts[1] for path in project.files() if path.parts[0] == "simulator"}
    assert rooms - ROOMS == set()
    python = [path.as_posix() for path in project.files() if path.suffix == ".py"]
    assert [name for name in python if not name.startswith(CODE)] == []


def test_the_law_and_the_scenarios_are_data() -> None:
    data = [
        path for path in project.files() if str(path).startswith(("simulator/rules/", "scenarios/"))
    ]
    assert [str(path) for path in data if path.suffix not in {".yaml", ".md"}] == []


def test_importing_the_program_loads_nothing_heavy() -> None:
    said = "import sys, simulator; print(*{name.split('.')[0] for name in sys.modules})"
    answer = subprocess.run(
        [sys.executable, "-c", said], cwd=project.ROOT, capture_output=True, text=True, check=True
    )
    assert set(answer.stdout.split()) & HEAVY == set()
    assert "simulator" in answer.stdout.split()


def test_every_decision_has_its_three_parts() -> None:
    pages = [path for path in project.files() if path.match("docs/decisions/*.md")]
    assert pages
    for path in pages:
        heads = re.findall(r"^## (.+)$", project.text(path), re.MULTILINE)
        assert heads == ["Context", "Choice", "Consequence"], path


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in project.files() if path.match("docs/decisions/*.md")]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


def test_the_changelog_tells_of_this_version() -> None:
    import simulator

    assert f"## {simulator.__version__}" in project.text("CHANGELOG.md")


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_a_readme_points_at_files_that_exist(name: str) -> None:
    links = re.findall(r"\]\((?!http|#|mailto)([^)#]+)", project.text(name))
    assert links
    assert [link for link in links if not (project.ROOT / link).exists()] == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_a_readme_uses_public_names_only(name: str) -> None:
    import simulator

    used = set(re.findall(r"\bsim\.(\w+)", project.text(name)))
    assert used
    assert used <= set(simulator.__all__)
