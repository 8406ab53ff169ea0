"""``python -m simulator``."""

from __future__ import annotations

from simulator.cli import run_command_line

run_command_line()
