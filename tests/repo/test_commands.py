"""The two commands: what the README says, the Makefile does and the CI runs are one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import system
from tests.repo import project

READMES = ("README.md", "README.zh-CN.md")
SCREEN = 40


@pytest.mark.parametrize("name", READMES)
def test_the_first_screen_has_both_commands(name: str) -> None:
    assert commands(project.text(name), lines=SCREEN) >= {"make run", "make test"}


def commands(text: str, lines: int | None = None) -> set[str]:
    """The shell commands in the fenced blocks of a page (of its first lines)."""
    found: set[str] = set()
    fenced = False
    for line in text.splitlines()[:lines]:
        if line.startswith("```"):
            fenced = not fenced
        elif fenced and line.strip():
            found.add(line.split("#")[0].strip())
    return found


def test_the_ci_runs_the_readmes_test_command_and_nothing_else() -> None:
    script = project.text(".ci/run").splitlines()
    said = [line.strip() for line in script if line.strip() and not line.startswith("#")]
    assert said == ["set -eu", 'cd "$(dirname "$0")/.."', "make test"]
    assert said[-1] in commands(project.text("README.md"), lines=SCREEN)
    assert os.access(project.ROOT / ".ci/run", os.X_OK)


@pytest.mark.parametrize("name", READMES)
def test_every_make_command_of_the_readme_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", project.text("Makefile"), re.MULTILINE))
    asked = set(re.findall(r"\bmake ([a-z]+)\b", project.text(name)))
    assert asked
    assert asked <= targets


def test_both_readmes_give_the_same_commands() -> None:
    english, chinese = (commands(project.text(name)) for name in READMES)
    assert english == chinese


def test_what_is_missing_is_said_with_what_to_install(tmp_path: Path) -> None:
    nowhere = {"PATH": str(tmp_path), "JUNHENG_CHROMIUM": "/nowhere", "JUNHENG_SOFFICE": "/nowhere"}
    answer = subprocess.run(
        [sys.executable, "-m", "tests.system"],
        cwd=project.ROOT,
        env=nowhere,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    for package in ("chromium", "libreoffice-calc", "libreoffice-writer", "fonts-noto-cjk"):
        assert f"install {package}." in answer.stderr


def test_the_programs_that_the_tests_drive_are_here() -> None:
    assert system.missing() == {}


@pytest.mark.parametrize("variable", ["STREAMLIT_SERVER_PORT"])
def test_the_port_is_the_users(variable: str) -> None:
    dry = subprocess.run(
        ["make", "--dry-run", "run"],
        cwd=project.ROOT,
        env={**os.environ, variable: "9876"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "--server.port 9876" in dry.stdout
    assert "http://127.0.0.1:9876" in dry.stdout
