"""The steps of an import: what was recognised, what is wrong and mended, totals, and use."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from simulator import units
from simulator.district.columns import TABLES, columns
from simulator.district.reading.mended import is_cell
from simulator.district.reading.proposal import ColumnFound, Proposal
from simulator.errors import JunhengError
from simulator.findings import Finding
from simulator.present.sentences.checked import checked_result, open_lines, unused_lines
from simulator.ui import state
from simulator.ui.components import import_state, reading
from simulator.ui.components.downloads import XLSX, clean
from simulator.ui.components.import_memory import LONGEST_NAME, Remembered
from simulator.ui.components.import_state import Incoming
from simulator.ui.words import label, language, named, safe, say

#: Stands for "keep the column and ignore it" among the meanings of a heading.
IGNORED = ""
#: Headings asked about at once.
MOST_ASKED = 40


def show(incoming: Incoming) -> None:
    """Everything about the file before it is used."""
    place = st.container()
    try:
        found = reading.watched(
            lambda tell: import_state.proposal(incoming, tell), place, import_state.forget
        )
    except JunhengError as error:
        st.error(safe(error.text(language())), icon=":material/error:")
        st.button(say("import.drop"), key="import_drop", on_click=import_state.forget)
        return
    with st.container(border=True):
        _head(found)
        if incoming.memory is not None:
            _remembered(incoming.memory)
        unsure = [each for each in found.columns if each.certainty == "unsure"]
        if unsure:
            _ask(unsure[:MOST_ASKED])
        with st.expander(say("import.columns", count=len(found.columns)), key="import_columns"):
            _columns(found)
        _findings(incoming, found)
        _open(found)
        _totals(found)
        _use(found)


def _head(found: Proposal) -> None:
    errors = sum(each.severity == "error" for each in found.findings)
    st.markdown(f"##### {say('import.head', name=safe(found.source))}")
    st.markdown(
        say("import.summary", columns=sum(c.field is not None for c in found.columns),
            unsure=sum(c.certainty == "unsure" for c in found.columns), errors=errors,
            warnings=len(found.findings) - errors)
    )  # fmt: skip
    for line in unused_lines(found, language()):
        st.caption(safe(line))
    for line in ("not_remembered", "map_damaged"):
        if st.session_state.pop(f"import_{line}", False):
            st.caption(say(f"import.{line}"))


def _remembered(memory: Remembered) -> None:
    """Whose answers are used again, and which are not because they would change a meaning."""
    used = [(word, name) for words in memory.mapped.values() for word, name in words.items()]
    known = {name: column for table in TABLES for name, column in columns(table).items()}
    listed = say("plan.joint").join(
        say("import.remembered_one", heading=word,
            meaning=known[name].label(language()) if name else say("import.ignore"))
        for word, name in used
    )  # fmt: skip
    who = memory.who or say("import.nobody")
    when = f"{memory.when.astimezone():%Y-%m-%d %H:%M}"
    if used:
        st.info(safe(say("import.remembered", who=who, when=when, listed=listed)))
        st.button(say("import.ask_again"), key="import_again", on_click=import_state.ask_again)
    if memory.again:
        words = say("plan.joint").join(each.heading for each in memory.again)
        st.warning(safe(say("import.not_used", who=who, when=when, headings=words)))


def _ask(unsure: Sequence[ColumnFound]) -> None:
    """What is not certain is asked, never guessed."""
    st.markdown(f"**{say('import.ask')}**")
    answers: dict[tuple[str, str], str | None] = {}
    with st.form("import_ask"):
        for number, each in enumerate(unsure):
            every = [name for name in columns(each.table) if name not in each.near]
            options = [*each.near, IGNORED, *every]
            values = _shown(each)
            chosen = st.selectbox(
                say("import.means", sheet=safe(each.sheet), heading=safe(each.heading),
                    place=each.place, values=safe(values)),
                options, index=None, key=f"import_means_{number}",
                placeholder=say("choose"),
                format_func=named(options, functools.partial(_meaning, each)),
            )  # fmt: skip
            if chosen is not None:
                answers[each.sheet, each.heading] = chosen or None
        who = st.text_input(say("import.who"), key="import_who", max_chars=LONGEST_NAME)
        if st.form_submit_button(say("import.answer"), icon=":material/check:"):
            import_state.answer(answers, who)
            st.rerun()


def _shown(column: ColumnFound) -> str:
    """A few values of a column, as one would write them."""
    texts = (
        f"{value:,.0f}" if isinstance(value, float) and value.is_integer() else str(value)
        for value in column.values
    )
    return say("plan.joint").join(texts)


def _meaning(column: ColumnFound, name: str) -> str:
    return columns(column.table)[name].label(language()) if name else say("import.ignore")


def _columns(found: Proposal) -> None:
    """Column by column: what it was taken for, its unit, and a few of its values."""
    rows = [
        {
            say("import.sheet"): each.sheet,
            say("import.place"): each.place,
            say("import.heading"): each.heading,
            say("import.taken"): _taken(each),
            say("import.certainty"): say(f"import.{each.certainty}"),
            say("import.unit"): each.unit or "",
            say("import.values"): _shown(each),
        }
        for each in found.columns
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt=say("import.columns", count=len(rows)))


def _taken(each: ColumnFound) -> str:
    if each.field is None:
        return ""
    declared = columns(each.table).get(each.field)
    return declared.label(language()) if declared else each.field


def _findings(incoming: Incoming, found: Proposal) -> None:
    """Errors and warnings, each with its cell and its mend; single cells can be set right here."""
    if not found.findings:
        st.info(say("import.no_findings"), icon=":material/check_circle:")
        return
    st.markdown(f"**{say('import.findings', count=len(found.findings))}**")
    ordered = sorted(found.findings, key=lambda each: each.severity != "error")
    grid = pd.DataFrame(
        [
            {
                "severity": label(f"word.finding_{each.severity}"),
                "place": each.place(),
                "new": "",
                "message": each.message(language()),
                "mend": each.mend(language()),
            }
            for each in ordered
        ]
    )
    edited = st.data_editor(
        grid, hide_index=True, key=f"import_grid:{language()}:{len(incoming.mended)}",
        disabled=["severity", "place", "message", "mend"], width="stretch",
        column_config={
            **{name: label(f"word.finding_{name}")
               for name in ("severity", "place", "message", "mend")},
            "new": st.column_config.TextColumn(say("import.new"), help=say("import.new_help")),
        },
    )  # fmt: skip
    cells, elsewhere = mended_cells(ordered, [str(text or "") for text in edited["new"]])
    if elsewhere:
        st.caption(say("import.not_here", count=elsewhere))
    left, right = st.columns(2)
    left.button(
        say("import.mend", count=len(cells)), key="import_mend", disabled=not cells,
        icon=":material/edit:", on_click=import_state.mend, args=(cells,), width="stretch",
    )  # fmt: skip
    if len(incoming.files) == 1 and not incoming.pasted:
        whose, speech = reading.visitor(), language()
        right.download_button(
            say("import.marked"),
            lambda: incoming.marked(whose, speech),
            f"{clean(incoming.name.rsplit('.', 1)[0])}_{say('import.marked_file')}.xlsx", XLSX,
            key="import_marked", icon=":material/download:", on_click="ignore", width="stretch",
        )  # fmt: skip


def _open(found: Proposal) -> None:
    """What cannot be computed from a file without errors: why, and what would make it known."""
    if not found.usable:
        return
    key = f"import_open:{id(found)}:{language()}"
    if key not in st.session_state:
        st.session_state[key] = open_lines(checked_result(found.district()), language())
    with st.expander(say("import.open"), expanded=True, key="import_open"):
        st.markdown("\n".join(f"- {safe(line)}" for line in st.session_state[key]))


def mended_cells(
    findings: Sequence[Finding], typed: Sequence[str]
) -> tuple[dict[tuple[str, str], str], int]:
    """New values by (sheet, cell); and how many were typed where there is no single cell."""
    found: dict[tuple[str, str], str] = {}
    elsewhere = 0
    for each, text in zip(findings, typed, strict=True):
        if not text.strip():
            continue
        if each.sheet and is_cell(each.cell):
            found[each.sheet, each.cell] = text
        else:
            elsewhere += 1
    return found, elsewhere


def _totals(found: Proposal) -> None:
    """The file's own totals beside the sums of its schools; differences are named."""
    if not found.totals:
        return
    st.markdown(f"**{say('import.totals')}**")
    known = columns("schools")
    rows = [
        {
            say("import.taken"): known[each.field].label(language()),
            say("import.cell"): each.cell,
            say("import.printed"): units.number(each.printed, known[each.field].unit, language()),
            say("import.summed"): units.number(each.summed, known[each.field].unit, language()),
            say("import.difference"): _difference(each.printed - each.summed),
        }
        for each in found.totals
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt=say("import.totals"))


def _difference(value: float) -> str:
    return say("import.same") if abs(value) < 0.005 else units.written(value, 2, signed=True)


def _use(found: Proposal) -> None:
    """Use the district; only where there is no error and nothing is left to be asked."""
    left, right = st.columns(2)
    left.button(
        say("import.use"), key="import_use", type="primary", icon=":material/login:",
        disabled=not found.usable, on_click=_take, args=(found,), width="stretch",
    )  # fmt: skip
    right.button(
        say("import.drop"), key="import_drop", on_click=import_state.forget, width="stretch"
    )
    if not found.usable:
        st.caption(say("import.not_usable"))


def _take(found: Proposal) -> None:
    state.open_district(found.district())
    import_state.forget()
