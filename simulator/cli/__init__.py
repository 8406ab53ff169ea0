"""The command line: ``python -m simulator run | check | template | sample | explain | …``.

The same numbers as in Python. Bad input ends in one clear line and exit code 2.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Final

import typer

from simulator import glossary
from simulator.cli import commands, completing, planning, risks
from simulator.cli.options import app, spoken
from simulator.errors import JunhengError

__all__ = ["app", "commands", "completing", "main", "planning", "risks", "run_command_line"]
BAD_INPUT: Final = 2


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
