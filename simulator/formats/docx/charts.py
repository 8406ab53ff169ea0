"""The charts of a brief as pictures: money by year, coefficients against limits, two gaps."""

from __future__ import annotations

import itertools
import math

from simulator import glossary, units
from simulator.compare import NEED_LINES
from simulator.formats.docx.canvas import (
    BAD,
    COLOURS,
    GOOD,
    GREY,
    INK,
    NORMAL,
    PALE,
    SMALL,
    WIDTH,
    Canvas,
    Scale,
)
from simulator.machine.language import BASE
from simulator.present.brief_parts import Picture, Teller
from simulator.present.sentences.brief import short_name
from simulator.present.table import word_of
from simulator.present.tables.comparison import Sides, sides
from simulator.present.tables.comparison_steps import STEPS

LEFT, RIGHT, TOP, BOTTOM = 180, 30, 70, 100


def money_chart(teller: Teller) -> Picture | None:
    """Need by line stacked for each year, the money there is as a bar across, and the gap."""
    printed = {year: teller.printed[year] for year in teller.years}
    figures = [value for year in printed.values() for value in year.values()]
    if not all(map(math.isfinite, figures)):
        return None
    shown = [line for line in NEED_LINES if any(year[line] for year in printed.values())]
    names = [
        (COLOURS[n % len(COLOURS)], teller.printer.figure(name)) for n, name in enumerate(shown)
    ]
    names.append((INK, teller.printer.figure("available")))
    legend = Canvas(WIDTH, 1).legend_height(LEFT, names)
    canvas = Canvas(WIDTH, 800 + legend)
    top = max(max(year["need"], year["available"]) for year in printed.values())
    scale = Scale.over(0, top * 1.06, 800 - BOTTOM, TOP)
    _grid(canvas, scale, glossary.label(f"unit.{teller.money}", teller.language))
    slot = (canvas.width - LEFT - RIGHT) / len(printed)
    for number, (year, lines) in enumerate(printed.items()):
        middle = LEFT + slot * (number + 0.5)
        _stack(canvas, scale, (middle, min(slot * 0.28, 150)), [lines[name] for name in shown])
        _available(canvas, scale, (middle, min(slot * 0.36, 190)), lines, teller)
        canvas.text(middle, scale.start + 36, str(year), size=NORMAL)
    canvas.legend(LEFT, canvas.height - legend, names)
    return Picture(canvas.png(), _money_title(teller), canvas.legend_key())


def _money_title(teller: Teller) -> str:
    """What the chart says: in which years money is missing."""
    short = [str(year) for year in teller.years if teller.printed[year]["gap"] < 0]
    if not short:
        return teller.say("chart_money_enough")
    return teller.say("chart_money_short", years=teller.joined(short))


def _balance_title(teller: Teller) -> str:
    """What the chart says: how many coefficients are still above their limits."""
    rows, last = teller.result.balance, teller.years[-1]
    above = (rows["evaluation"] == "quality") & (rows["year"] == last) & (rows["status"] == "fail")
    count = int(above.sum())
    return teller.say(
        "chart_balance_above" if count else "chart_balance_within", year=last, count=count
    )


def _grid(canvas: Canvas, scale: Scale, unit: str) -> None:
    """Lines across the picture with their figures, and the unit above."""
    for tick in scale.ticks():
        y = scale.place(tick)
        canvas.line(LEFT, y, canvas.width - RIGHT, y, INK if tick == 0 else PALE)
        canvas.text(LEFT - 14, y, scale.printed(tick), "rm", fill=GREY)
    canvas.text(LEFT - 14, TOP - 46, unit, "rm", fill=GREY)


def _stack(canvas: Canvas, scale: Scale, bar: tuple[float, float], amounts: list[float]) -> None:
    middle, half = bar
    below = 0.0
    for place, amount in enumerate(amounts):
        low, high = scale.place(below), scale.place(below + amount)
        canvas.bar(middle - half, low, middle + half, high, COLOURS[place % len(COLOURS)])
        if low - high > 40:
            canvas.text(middle, (low + high) / 2, f"{amount:,.0f}", fill="white")
        below += amount


def _available(
    canvas: Canvas, scale: Scale, bar: tuple[float, float], lines: object, teller: Teller
) -> None:
    """The money there is as a thick line across the bar; above both, what is left or missing."""
    assert isinstance(lines, dict)
    middle, half = bar
    y = scale.place(lines["available"])
    canvas.line(middle - half, y, middle + half, y, INK, 8)
    gap = lines["gap"]
    high = min(y, scale.place(lines["need"]))
    code = "left" if gap >= 0 else "missing"
    said = teller.printer.word(f"gap_{code}", amount=units.written(abs(gap), 0))
    canvas.text(middle, high - 32, said, size=NORMAL, fill=GOOD if gap >= 0 else BAD)


def balance_chart(teller: Teller) -> Picture | None:
    """Each indicator's coefficient in the base year and the last, against the limit, by stage."""
    rows = teller.result.balance
    rows = rows[(rows["evaluation"] == "quality") & rows["cv"].notna()]
    base, last = teller.result.index.years[BASE], teller.years[-1]
    stages = list(dict.fromkeys(rows[rows["year"] == last]["stage"]))
    indicators = list(dict.fromkeys(rows["indicator"]))
    if not stages:
        return None
    canvas = Canvas(WIDTH, 160 + 66 * len(indicators) + 90)
    left = max(canvas.length(short_name(each, teller)) for each in indicators) + 40
    width = (canvas.width - left) / len(stages)
    top = max(rows["cv"].max(), rows["limit"].max()) * 1.05
    for place, indicator in enumerate(indicators):
        canvas.text(left - 24, 140 + 66 * place, short_name(indicator, teller), "rm")
    for place, stage in enumerate(stages):
        start = left + width * place
        scale = Scale.over(0, float(top), start, start + width - 60)
        found = rows[rows["stage"] == stage].set_index(["indicator", "year"])
        limit = float(found["limit"].iloc[0])
        _panel(canvas, scale, word_of("stage", stage, teller.language), limit)
        for number, indicator in enumerate(indicators):
            ends = [found["cv"].get((indicator, year), math.nan) for year in (base, last)]
            _dumbbell(canvas, scale, 140 + 66 * number, ends, limit)
    _balance_legend(canvas, teller, base, last)
    return Picture(canvas.png(), _balance_title(teller), canvas.legend_key())


def _panel(canvas: Canvas, scale: Scale, name: str, limit: float) -> None:
    bottom = canvas.height - 110
    for tick in scale.ticks():
        x = scale.place(tick)
        canvas.line(x, 90, x, bottom, INK if tick == 0 else PALE)
        canvas.text(x, bottom + 22, scale.printed(tick), fill=GREY)
    canvas.text(scale.start, 30, name, "lm", size=NORMAL)
    x = scale.place(limit)
    canvas.dashed(x, 80, x, bottom)
    canvas.text(x, 66, f"{limit:.2f}", fill=BAD)


def _dumbbell(canvas: Canvas, scale: Scale, y: float, ends: list[float], limit: float) -> None:
    """Where a coefficient was and where it comes to; red where it is above the limit."""
    before, after = ends
    if math.isfinite(before) and math.isfinite(after):
        canvas.line(scale.place(before), y, scale.place(after), y, GREY, 4)
    if math.isfinite(before):
        canvas.dot(scale.place(before), y, GREY, hollow=True)
    if math.isfinite(after):
        canvas.dot(scale.place(after), y, BAD if after > limit else GOOD)


def _balance_legend(canvas: Canvas, teller: Teller, base: int, last: int) -> None:
    y = canvas.height - 40
    entries = ((GREY, str(base), True), (GOOD, teller.say("dot_within", year=last), False),
               (BAD, teller.say("dot_above", year=last), False))  # fmt: skip
    x = 60.0
    for colour, text, hollow in entries:
        canvas.dot(x, y, colour, hollow=hollow)
        canvas.text(x + 26, y, text, "lm")
        x += canvas.length(text) + 90
    canvas.dashed(x, y, x + 60, y)
    canvas.text(x + 72, y, teller.say("limit"), "lm")


def steps_chart(teller: Teller, other: int) -> Picture | None:
    """From the base scenario's gap to another's in the last year, step by step."""
    assert teller.comparison is not None
    shown = sides(teller.comparison, teller.language, teller.money)
    steps = _moving(shown, other)
    ends = [shown.printed[place][shown.years[-1]]["gap"] for place in (shown.base, other)]
    if not all(map(math.isfinite, [*steps.values(), *ends])):
        return None
    canvas = Canvas(WIDTH, 760)
    reached = [ends[0]]
    for amount in steps.values():
        reached.append(reached[-1] + amount)
    levels = [*reached, *ends, 0.0]
    span = max(levels) - min(levels)
    scale = Scale.over(min(levels), max(levels) + span * 0.08, canvas.height - 150, TOP)
    _grid(canvas, scale, glossary.label(f"unit.{teller.money}", teller.language))
    names = [shown.comparison.labels[shown.base], *map(shown.printer.figure, steps),
             shown.comparison.labels[other]]  # fmt: skip
    bars = [(0.0, ends[0]), *itertools.pairwise(reached), (0.0, ends[1])]
    slot = (canvas.width - LEFT - RIGHT) / len(bars)
    for number, ((low, high), name) in enumerate(zip(bars, names, strict=True)):
        middle = LEFT + slot * (number + 0.5)
        end = number in (0, len(bars) - 1)
        _step_bar(canvas, scale, (middle, slot * 0.34), (low, high), end=end)
        _wrapped(canvas, middle, canvas.height - 110, name, slot)
    title = teller.say("chart_steps", base=names[0], other=names[-1], year=shown.years[-1])
    return Picture(canvas.png(), title, canvas.legend_key())


def _moving(shown: Sides, other: int) -> dict[str, float]:
    """The steps that are not nothing, as printed."""
    base, changed = (shown.printed[place][shown.years[-1]] for place in (shown.base, other))
    decimals = shown.printer.decimals
    steps = {line: round(sign * (changed[line] - base[line]), decimals)
             for line, sign in STEPS.items()}  # fmt: skip
    return {line: amount for line, amount in steps.items() if amount != 0}


def _step_bar(
    canvas: Canvas, scale: Scale, bar: tuple[float, float], levels: tuple[float, float], *,
    end: bool,
) -> None:  # fmt: skip
    middle, half = bar
    low, high = levels
    moved = high - low
    colour = GREY if end else GOOD if moved >= 0 else BAD
    canvas.bar(middle - half, scale.place(low), middle + half, scale.place(high), colour)
    top = min(scale.place(low), scale.place(high))
    figure = units.written(high, 0) if end else units.written(moved, 0, signed=True)
    canvas.text(middle, top - 22, figure, fill=colour)


def _wrapped(canvas: Canvas, x: float, y: float, text: str, width: float) -> None:
    """A name in up to three lines under its bar."""
    words = list(text) if not text.isascii() else text.split(" ")
    glue = "" if not text.isascii() else " "
    lines = [""]
    for word in words if canvas.word(text) == text else [text]:
        longer = f"{lines[-1]}{glue}{word}".strip()
        if lines[-1] and canvas.length(longer, SMALL) > width - 8:
            lines.append(word)
        else:
            lines[-1] = longer
    for number, line in enumerate(lines[:3]):
        canvas.text(x, y + 36 * number, line)
