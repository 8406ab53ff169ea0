"""What a district does not say and how it is taken: told with every result, never silent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from simulator.district.assumed import assumed_findings
from simulator.district.model import District
from simulator.findings import Finding

#: Findings that stand beside the gap.
BESIDE_THE_GAP: Final = ("scope_not_given", "transfers_not_given")
#: No more schools of one kind are named than an officer reads.
MOST_NAMED: Final = 8


def taken_findings(district: District) -> tuple[Finding, ...]:
    """Each thing that is not said, with how it is taken: ownership, staff, money, none."""
    assumed = assumed_findings(district.assumed, district.name)
    return (*_of_schools(district), *_of_money(district), *assumed)


def _of_schools(district: District) -> Iterator[Finding]:
    schools = district.schools
    silent = schools["ownership"].isna()
    yield from _named(district, "ownership_not_given", "ownership", silent)
    public = (schools["ownership"] != "private").to_numpy()
    staff, payroll = (
        schools[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in ("staff", "payroll")
    )
    # the reported payroll stands, whatever the staff cell says
    alone = public & (payroll > 0) & ~(staff > 0)
    yield from _named(district, "payroll_without_staff", "staff", pd.Series(alone, schools.index))


def _named(district: District, code: str, column: str, where: pd.Series[bool]) -> Iterator[Finding]:
    """One finding for all the schools it holds for."""
    names = [str(name) for name in district.schools["school_name"][where]]
    if not names:
        return
    rest = "…" if len(names) > MOST_NAMED else ""
    params = {
        "count": len(names),
        "zh_names": "、".join(names[:MOST_NAMED]) + rest,
        "en_names": ", ".join(names[:MOST_NAMED]) + rest,
    }
    yield Finding("warning", code, source=district.name, column=column, params=params)


def _of_money(district: District) -> Iterator[Finding]:
    """What the appropriation covers and whether transfers are in it, where there are any."""
    fiscal, settings = district.fiscal, district.settings
    if not fiscal["education_appropriation"].notna().any():
        return
    if settings.get("appropriation_scope") is None:
        yield Finding("warning", "scope_not_given", district.name, column="appropriation_scope")
    some = (fiscal["upper_transfers"] != 0).any()  # unknown ones may be some
    if some and settings.get("appropriation_includes_transfers") is None:
        yield Finding(
            "warning", "transfers_not_given", district.name,
            column="appropriation_includes_transfers",
        )  # fmt: skip
