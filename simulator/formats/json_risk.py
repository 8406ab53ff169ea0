"""How sure a scenario is, for machines: full precision, unknown as null, with seed and identity."""

from __future__ import annotations

from typing import Any

import pandas as pd

from simulator.formats.as_json import plain, records
from simulator.risk.uncertainty import Uncertainty


def machine_uncertainty(found: Uncertainty) -> dict[str, Any]:
    """Bands, chances and first years of the draws."""
    return {
        "identity": found.identity,
        "run": found.run.identity,
        "draws": found.draws,
        "seed": found.seed,
        "method": found.method,
        "quantiles": records(found.quantiles),
        "probability": records(found.probability),
        "first_year": records(found.first_year),
    }


def machine_sensitivity(rows: pd.DataFrame, figure: str, year: int | None) -> dict[str, Any]:
    """Effects and turning values of each lever and assumption."""
    levers = [
        {**row, "flips": [plain(flip._asdict()) for flip in flips]}
        for row, flips in zip(records(rows.drop(columns="flips")), rows["flips"], strict=True)
    ]
    return {"figure": figure, "year": year, "levers": levers}
