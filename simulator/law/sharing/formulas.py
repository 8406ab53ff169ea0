"""Sharing: who bears operating funds, by level of government."""

from __future__ import annotations

from simulator.machine.language import known_or, minimum, total, where
from simulator.machine.registry import formula

SUBJECT = "sharing"
TIERS = "guobanfa_2019_27"


@formula(level="part", unit="yuan", subject=SUBJECT, cites=TIERS)
def benchmark_funds(
    ordinary_due, small_school_floor_funds, boarding_due, special_heads, special_benchmark
):
    """The part of operating funds at the national benchmark, which governments share."""
    special = where(special_heads, special_heads * special_benchmark, 0)
    return ordinary_due + small_school_floor_funds + boarding_due + special


@formula(level="part", unit="yuan", subject=SUBJECT, cites=TIERS)
def shared_funds(benchmark_funds, operating_funds):
    """Operating funds that are shared by level of government: no more than is spent."""
    return minimum(benchmark_funds, operating_funds)


@formula(level="district", unit="share", subject=SUBJECT, cites=TIERS)
def central_part(asked_central_share, own_central_share, central_share):
    """The central government's share of the benchmark part."""
    return known_or(asked_central_share, known_or(own_central_share, central_share))


@formula(level="district", unit="share", subject=SUBJECT, cites=TIERS)
def province_part(asked_province_share, own_province_share):
    """The province's share of the benchmark part; none unless somebody says so."""
    return known_or(asked_province_share, known_or(own_province_share, 0))


@formula(level="district", unit="share", subject=SUBJECT, cites=TIERS)
def city_part(asked_city_share, own_city_share):
    """The city's share of the benchmark part; none unless somebody says so."""
    return known_or(asked_city_share, known_or(own_city_share, 0))


@formula(level="district", unit="yuan", subject=SUBJECT, cites=TIERS)
def shared_total(shared_funds):
    """Operating funds of the district that are shared by level of government."""
    return total(shared_funds)


@formula(level="district", unit="yuan", subject=SUBJECT, cites=TIERS)
def central_operating(shared_total, central_part):
    """Operating funds that the central government bears."""
    return shared_total * central_part


@formula(level="district", unit="yuan", subject=SUBJECT, cites=TIERS)
def province_operating(shared_total, province_part):
    """Operating funds that the province bears."""
    return shared_total * province_part


@formula(level="district", unit="yuan", subject=SUBJECT, cites=TIERS)
def city_operating(shared_total, city_part):
    """Operating funds that the city bears."""
    return shared_total * city_part


@formula(level="district", unit="yuan", subject=SUBJECT, cites=TIERS)
def county_operating(operating_total, central_operating, province_operating, city_operating):
    """Operating funds left to the district: all that no higher level bears."""
    return operating_total - central_operating - province_operating - city_operating
