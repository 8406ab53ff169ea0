"""Documents confirmed by hand: done or not, with the officer's remark."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulator.district.model import District
from simulator.errors import JunhengError
from simulator.machine.language import BASE
from simulator.results.evaluation_items import is_document, items
from simulator.results.tracked_targets import value_in

if TYPE_CHECKING:
    from simulator.results.result import Result

#: Headings under which the indicators' sheet may carry an officer's remark.
REMARKS = ("备注", "说明", "remark", "remarks", "note", "notes")


def remarks_of(district: District) -> Mapping[str, str]:
    """What officers noted beside the rows of the indicators' sheet, by the row's id."""
    extra = district.extra.get("indicators", pd.DataFrame())
    columns = [name for name in extra.columns if str(name).strip().casefold() in REMARKS]
    if not columns:
        return {}
    texts = extra[columns[0]]
    return {str(key): str(text).strip() for key, text in texts.items() if not pd.isna(text)}


def with_checklist(district: District, states: Mapping[str, tuple[bool | None, str]]) -> District:
    """The district with documents confirmed by hand: (done, remark) by the item's id.

    True is done, False is not, None takes the confirmation back. The district handed in
    stays as it is. Raises JunhengError for an item that is no document.
    """
    for identifier in states:
        if not is_document(identifier):
            raise JunhengError("checklist_item", item=identifier)
    known = district.indicators
    rows = {str(key): dict(row) for key, row in known.iterrows()}
    remarks = dict(remarks_of(district))
    for identifier, (done, remark) in states.items():
        value = np.nan if done is None else float(done)
        rows[identifier] = {"name": items()[identifier].zh, "base_value": value}
        remarks[identifier] = remark
    indicators = pd.DataFrame.from_dict(rows, orient="index", columns=known.columns)
    indicators.index.name = known.index.name
    noted = pd.DataFrame({REMARKS[0]: pd.Series(remarks, dtype=object)})
    extra = MappingProxyType({**district.extra, "indicators": noted})
    return dataclasses.replace(district, indicators=indicators, extra=extra)


def state_in(result: Result, identifier: str, year: int) -> float:
    """A document's state: as confirmed in the year, else as last confirmed before; 1 or 0."""
    years = [each for each in result.index.years[BASE:] if each <= year]
    states = [value_in(result, identifier, each) for each in years]
    known = [state for state in states if not np.isnan(state)]
    return known[-1] if known else float("nan")
