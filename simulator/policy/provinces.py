"""Which sharing tier and region a province is in: what the centre bears, which amounts hold."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from simulator.policy.load import SHIPPED
from simulator.strict_yaml import read_yaml

#: What an official name has behind the short one.
ENDING = re.compile(r"(?:壮族|回族|维吾尔)?(?:省|市|自治区)$")


@functools.cache
def _regions() -> Mapping[int, str]:
    regions = read_yaml(SHIPPED / "provinces.yaml").data["regions"]
    return {int(tier): str(region) for tier, region in regions.items()}


@functools.cache
def _tiers() -> Mapping[str, int]:
    tiers = read_yaml(SHIPPED / "provinces.yaml").data["tiers"]
    return {name: int(tier) for tier, names in tiers.items() for name in names}


def tier_of(province: str) -> int | None:
    """The sharing tier (1 to 5) of a province or separately planned city; None if not known.

    Short and official Chinese names are understood. Source: five tiers of 2018, 国办发〔2019〕27号.
    """
    return _tiers().get(ENDING.sub("", province.strip()))


def region_of(province: str, tier: int | None = None) -> str | None:
    """The region (east, centre, west) whose amounts hold in a province; None if not known.

    By the province, and where that is not known by the sharing tier that a district gives.
    """
    return _regions().get(tier_of(province) or tier or 0)
