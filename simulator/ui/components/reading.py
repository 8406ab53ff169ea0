"""Reading a file while the page stays: how far it is, cancelled at a click or by leaving."""

from __future__ import annotations

import functools
import operator
import uuid
from collections.abc import Callable
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from simulator.incoming.ask import Progress, Tell
from simulator.ui.words import safe, say

T = TypeVar("T")
#: Of a name no more is shown beside the bar.
LONGEST_NAME = 60


def visitor() -> str:
    """Whose reading it is, in the line of all visitors."""
    return str(st.session_state.setdefault("visitor", uuid.uuid4().hex))


def once(name: str, upload: object) -> Callable[[], None]:
    """What tells, when it is called, that an upload has been read and is not to be once more."""
    return functools.partial(operator.setitem, st.session_state, name, upload)


def watched(
    read: Callable[[Tell], T], place: DeltaGenerator, cancel: Callable[[], None] | None = None
) -> T:
    """What is read, while ``place`` tells how far it is, if it takes long enough to be seen.

    A click on the page, and leaving it, interrupt the page's run, and with it the reading:
    its process ends. ``cancel`` is called where the click was on the button.
    """
    spot = place.empty()
    bars: list[DeltaGenerator] = []

    def tell(progress: Progress) -> None:
        if not bars:
            bars.append(_drawn(spot, cancel))
        bars[0].progress(_share(progress), safe(_words(progress)))

    found = read(tell)
    if bars:
        spot.empty()
    return found


def _drawn(spot: DeltaGenerator, cancel: Callable[[], None] | None) -> DeltaGenerator:
    """The place of the bar, above a button to cancel."""
    with spot.container():
        bar = st.empty()
        st.button(
            say("reading.cancel"), key="reading_cancel", icon=":material/close:",
            on_click=_cancelled, args=(cancel,),
        )  # fmt: skip
    return bar


def _cancelled(cancel: Callable[[], None] | None) -> None:
    st.toast(say("reading.cancelled"), icon=":material/close:")
    if cancel is not None:
        cancel()


def _share(progress: Progress) -> float:
    """How much of it is done: files that are read, and the checking of all of them."""
    done = progress.of if progress.state == "checking" else max(progress.number - 1, 0)
    return done / (progress.of + 1)


def _words(progress: Progress) -> str:
    if progress.state == "waiting":
        return say("reading.waiting", count=progress.ahead)
    name = progress.name[:LONGEST_NAME]
    return say(f"reading.{progress.state}", name=name, number=progress.number, of=progress.of,
               rows=progress.rows)  # fmt: skip
