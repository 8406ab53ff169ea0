"""The standard that a district's own lines come to: what is paid per pupil at a stage."""

from __future__ import annotations

from typing import Final

from simulator.formulas.language import ratio, total
from simulator.formulas.registry import Formula
from simulator.lines.compile import Compiled
from simulator.lines.sources import downstream
from simulator.lines.words import Values, made

RATE: Final = "operating_rate"
HEADS: Final = "lines_stage_heads"
PAID: Final = "stage_operating"


def rate_formulas(compiled: Compiled) -> list[Formula]:
    """The per-pupil standard by stage, so that it is judged by what the lines really pay.

    Empty where a line itself pays by the standard of the levers: then that one is judged.
    """
    used = {name for formula in compiled.formulas for name in formula.arguments}
    if used & downstream(RATE):
        return []
    heads, title = compiled.lines.per_pupil, compiled.lines.title

    def counted(values: Values) -> object:
        return total(values[heads])

    def rate(values: Values) -> object:
        return ratio(values[PAID], values[HEADS])

    return [
        made(HEADS, [heads], counted, "pupil", title, "stage_heads", level="stage"),
        made(RATE, [PAID, HEADS], rate, "yuan_per_pupil", title, "stage_rate", level="stage"),
    ]
