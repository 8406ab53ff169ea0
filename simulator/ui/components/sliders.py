"""Assumptions and levers at the side of every page, drawn from the one table of levers."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import streamlit as st

from simulator import glossary
from simulator.errors import FindingsError
from simulator.policy.model import PolicyValue
from simulator.present.sentences.law import beside
from simulator.present.table import citation_text
from simulator.results.result import Result
from simulator.scenario.levers import Lever, levers, possible_choices, switches
from simulator.scenario.naming import choice_label, lever_label
from simulator.scenario.values import Values, plain
from simulator.ui import state
from simulator.ui.components import idle_note
from simulator.ui.components.lever_sections import OPEN, SECTIONS, levers_of
from simulator.ui.words import label, language, named, say

YUAN_IN_10K = 10_000
#: Colours of the mark on a track: a floor or ceiling of the law, a rule without either.
LAW, RULE = "#D55E00", "#0072B2"


def show(result: Result) -> None:
    """Both groups, with what was changed marked, undone and reset."""
    _history()
    names = [say("group.assumptions"), say("group.levers")]
    both = st.tabs(names, default=names[1], key=f"slider_groups:{language()}", on_change="rerun")
    st.toggle(say("by_year"), key="sliders_by_year", help=say("by_year_help"))
    for group, tab in zip(SECTIONS, both, strict=True):
        # what is not looked at is not drawn
        if tab.open:
            with tab:
                for section in SECTIONS[group]:
                    _section(result, group, section)


def _history() -> None:
    now = state.session()
    changed = len(now.draft.changed())
    columns = st.columns([1, 1, 2], gap="small")
    columns[0].button(
        "", icon=":material/undo:", key="undo", help=say("undo"), on_click=state.undo,
        disabled=not now.past, width="stretch",
    )  # fmt: skip
    columns[1].button(
        "", icon=":material/redo:", key="redo", help=say("redo"), on_click=state.redo,
        disabled=not now.future, width="stretch",
    )  # fmt: skip
    columns[2].button(
        say("reset_all", count=changed), key="reset_all", on_click=state.reset,
        disabled=not changed, width="stretch",
    )  # fmt: skip


def _section(result: Result, group: str, section: str) -> None:
    """A section's sliders; those of a closed section are not drawn."""
    found = levers_of(group, section)
    # the title stays the same: with another one the browser would draw the section anew
    box = st.expander(
        say(f"section.{section}"), expanded=section in OPEN, key=f"section_{section}",
        on_change="rerun",
    )  # fmt: skip
    if not box.open:
        return
    with box:
        for lever in found:
            if not lever.page:
                _lever(result, lever)
        for page in dict.fromkeys(lever.page for lever in found if lever.page):
            st.caption(say(f"section.{section}_elsewhere", page=say(f"page.{page}")))


def _lever(result: Result, lever: Lever) -> None:
    if lever.kind == "choice" or (lever.kind == "path" and lever.choices):
        _choice(lever)
    elif lever.kind == "flag":
        _flag(lever)
    else:
        for path in lever.slider_paths:
            if _counts(lever, path):
                # a place of its own: what comes and goes under a slider moves no other slider
                with st.container(gap="small", key=f"slider_{path}"):
                    _value(result, lever, path)
    idle_note.show(result, lever)


def _counts(lever: Lever, path: str) -> bool:
    """Whether a value counts under the rule that its block follows now."""
    block = lever.path
    while block:
        switch = switches().get(block)
        if switch and lever.under:
            chosen = state.session().draft.get(switch) or _neutral(switch)
            return lever.counts_under(path, chosen)
        block = block.rpartition(".")[0]
    return True


def _neutral(path: str) -> Any:
    found = levers().get(path)
    return found.neutral if found else None


def _value(result: Result, lever: Lever, path: str) -> None:
    """One number: one slider, or one a year where the years differ or are asked for."""
    said = state.session().draft.get(path)
    listed = isinstance(said, list) and isinstance(plain(said), list)
    if lever.by_year and (listed or st.session_state.get("sliders_by_year")):
        _by_year(result, lever, path, said)
    else:
        value = _number_of(plain(said)) if said is not None else _in_force(result, lever, path)
        _slider(lever, path, value, None, _name(path))
    _footnote(result, lever, path)


def _by_year(result: Result, lever: Lever, path: str, said: Any) -> None:
    years = result.index.years[2:]
    values = by_year(result, lever, path, said)
    for position, year in enumerate(years):
        _slider(lever, path, values[position], position, f"{_name(path)} · {year}", values)


def by_year(result: Result, lever: Lever, path: str, said: Any) -> list[float]:
    """What counts in each planned year: what is said, else the law of that year."""
    years = result.index.years[2:]
    if isinstance(said, list):
        return [float(each) for each in said]
    if said is not None:
        return [float(said)] * len(years)
    return [_in_force(result, lever, path, year) for year in years]


def _number_of(value: Any) -> float:
    """A number that a slider can show; of size bands, the first one's."""
    return float(value[0]["as"]) if isinstance(value, list) else float(value)


def _in_force(result: Result, lever: Lever, path: str, year: int | None = None) -> float:
    """Where nothing is said: the law's value of a year (the last), else "no change", else none."""
    law = lever.law_value(result.binding.policy, year or result.index.years[-1], path)
    if law is not None:
        return law.amount
    return float(lever.neutral) if isinstance(lever.neutral, (int, float)) else 0.0


def _name(path: str) -> str:
    """What a slider is called, in orange where it differs from the picked scenario."""
    words = lever_label(path.removesuffix(".amount"), language())
    return f":orange[{words}]" if path in state.session().draft.changed() else words


def _scale(lever: Lever) -> tuple[float, str]:
    """(what one unit on the slider is, how it is printed)."""
    if lever.unit == "share":
        return 0.01, "%.1f%%"
    if lever.unit == "yuan":
        return YUAN_IN_10K, glossary.text("describe.unit.10k_yuan", language(), number="%.0f")
    return 1.0, f"%.0f {label(f'unit.{lever.unit}')}"


def _slider(
    lever: Lever,
    path: str,
    value: float,
    position: int | None,
    name: str,
    years: Sequence[float] = (),
) -> None:
    """One slider; its track reaches to the value also where that lies beyond the usual.

    ``years`` is what counts in every year where the slider is of one of them.
    """
    scale, printed = _scale(lever)
    low, high, step = (round(each / scale, 6) for each in lever.slider or (0, 1, 0.01))
    shown = round(value / scale, 6)
    key = f"lever:{path}:{'' if position is None else position}"
    st.session_state[key] = shown
    st.slider(
        name, min(low, shown), max(high, shown), step=step, format=printed, key=key,
        on_change=_moved, args=(lever, path, key, scale, position, tuple(years)),
    )  # fmt: skip


def _moved(
    lever: Lever, path: str, key: str, scale: float, position: int | None, years: tuple[float, ...]
) -> None:
    """Write a slider's value into the draft; the other years keep what counted in them."""
    value: Any = round(st.session_state[key] * scale, 10)
    if position is not None:
        held = list(years)
        held[position] = value
        value = held
    changes = {path: value}
    if lever.kind == "investment":
        block = path.rpartition(".")[0]
        if state.session().draft.get(f"{block}.rule") in (None, "list"):
            changes[f"{block}.rule"] = "lowest_first"
    apply(changes)


def apply(changes: dict[str, Any]) -> None:
    """Change the draft; what is not allowed is told and leaves the draft as it is."""
    try:
        state.edit(changes)
    except FindingsError as error:
        st.session_state[state.REFUSED] = [each.text(language()) for each in error.findings]


def _footnote(result: Result, lever: Lever, path: str) -> None:
    """Under a slider: where the law's value stands on its track, by which document; reset."""
    now = state.session()
    values = Values(language(), result.index.base_year)
    policy, year = result.binding.policy, result.index.years[-1]
    law = lever.law_value(policy, year, path)
    if law is not None:
        kind = "benchmark" if lever.law.endswith("_benchmark") else lever.bound or "value"
        verify = f" {label('export.to_verify')}" if law.verify else ""
        words = say(f"law.{kind}", amount=values.number(law.amount, lever.unit))
        st.html(_tick(lever, law.amount, words, f"{_document(law)}{verify}"))
        said = beside(policy, law, year, language())
        if said:
            st.caption(said)

    elif lever.law and now.draft.get(path) is None:
        st.caption(say("law.none"))
    if path in now.draft.changed():
        before = values.text(path, now.picked.get(path))
        # it stands beside the name and takes no place of its own: nothing below moves
        st.button(
            "", key=f"reset:{path}", icon=":material/undo:", help=say("reset_to", value=before),
            type="tertiary", on_click=state.reset, args=(path,),
        )  # fmt: skip


def _document(law: PolicyValue) -> str:
    """The document's number, or its name where it has none."""
    return law.citation.document_in(language()) or citation_text(law.citation, language())


def _tick(lever: Lever, amount: float, text: str, source: str) -> str:
    """A mark on the track where the law's value stands, and its words; a number stays whole."""
    low, high, _ = lever.slider or (0, 1, 1)
    place = min(max((amount - low) / (high - low), 0), 1)
    colour = RULE if lever.bound is None else LAW
    return (
        f'<div style="position:relative;height:10px;margin:-32px 0 6px 0" aria-hidden="true">'
        f'<span style="position:absolute;left:calc({place * 100:.2f}% - 5px);top:0;'
        f"width:0;height:0;border-left:5px solid transparent;border-right:5px solid transparent;"
        f'border-bottom:8px solid {colour}"></span></div>'
        f'<div style="font-size:0.75rem;line-height:1.25;opacity:0.75">{html.escape(text)} · '
        f'<span style="display:inline-block">{html.escape(source)}</span></div>'
    )


def _choice(lever: Lever) -> None:
    """A choice between ways; of those that need a table in the file, only the one in use.

    What another choice makes count for nothing is not offered.
    """
    if not _counts(lever, lever.path):
        return
    now = state.session()
    said = now.draft.get(lever.path)
    chosen = said if said is not None else lever.neutral
    options = possible_choices(lever, chosen)
    if isinstance(chosen, list) or len(options) < 2:
        return
    key = f"lever:{lever.path}"
    st.session_state[key] = chosen
    st.selectbox(
        _name(lever.path), options, key=key,
        format_func=named(options, lambda each: choice_label(each, language())),
        on_change=_chosen, args=(lever.path, key),
    )  # fmt: skip


def _chosen(path: str, key: str) -> None:
    apply({path: st.session_state[key]})


def _flag(lever: Lever) -> None:
    key = f"lever:{lever.path}"
    said = state.session().draft.get(lever.path)
    st.session_state[key] = bool(said if said is not None else lever.neutral)
    st.toggle(_name(lever.path), key=key, on_change=_chosen, args=(lever.path, key))
