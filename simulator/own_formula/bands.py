"""Size bands that leave a hole: with one pupil more a school would get less."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from simulator.findings import Finding


def holes(bands: Sequence[tuple[float, float]], *, least: bool) -> Iterator[tuple[int, float]]:
    """The bands (below, as) that count more than the first count beyond them, given with it.

    A band's count is ``least`` where those that are more anyway count as they are.
    """
    for place, (below, counts_as) in enumerate(bands):
        last = place == len(bands) - 1
        after = below if last else bands[place + 1][1]
        beyond = max(after, below) if least else after
        if counts_as > beyond:
            yield place, beyond


def band_findings(content: Mapping[str, Any], source: str) -> Iterator[Finding]:
    """Bands of formula lines that leave a hole: they are paid as they stand, and told."""
    for row, line in enumerate(content.get("lines") or ()):
        pairs = [(band["below"], band["as"]) for band in line.get("bands") or ()]
        for place, most in holes(pairs, least=False):
            below, counts_as = pairs[place]
            names = {f"{each}_name": line.get(each, line["id"]) for each in ("zh", "en")}
            yield Finding(
                "warning", "lines_band_hole", source=source,
                column=f"lines.{row}.bands.{place}.as", value=f"{counts_as:,.12g}",
                params={"below": f"{below:,.12g}", "most": f"{most:,.12g}", **names},
            )  # fmt: skip
