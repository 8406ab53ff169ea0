"""A search that goes on beside the page: started, watched, cancelled, and its plan kept."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from simulator.errors import JunhengError
from simulator.plan.watch import Watch
from simulator.ui.words import label, language, safe, say

PLACE = "plan_job"
#: Seconds between two looks at the search.
EVERY = 0.5


@dataclass(slots=True)
class Job:
    """One search: for which conditions, how far it is, and what came of it.

    The only thing on screen that changes in place: the search writes, the page reads.
    """

    key: object
    cancel: threading.Event = field(default_factory=threading.Event)
    step: str = "plan.step.relaxed"
    share: float = 0.0
    found: Any = None
    error: JunhengError | None = None
    thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Whether the search still goes on."""
        return self.thread is not None and self.thread.is_alive()

    def _tell(self, step: str, share: float, known: str) -> None:
        self.step, self.share = step, max(self.share, min(share, 1.0))

    def start(self, work: Callable[[Watch], Any]) -> None:
        """Let the search begin."""

        def run() -> None:
            try:
                self.found = work(Watch(progress=self._tell, cancelled=self.cancel.is_set))
            except JunhengError as error:
                self.error = error

        self.thread = threading.Thread(target=run, daemon=True, name="plan")
        self.thread.start()


def current(place: str = PLACE) -> Job | None:
    """The latest search of this visitor."""
    found: Job | None = st.session_state.get(place)
    return found


def begin(key: object, work: Callable[[Watch], Any], place: str = PLACE) -> None:
    """Start a search; one that is still going on is cancelled."""
    before = current(place)
    if before is not None:
        before.cancel.set()
    job = Job(key)
    st.session_state[place] = job
    job.start(work)


def watch(place: str = PLACE) -> None:
    """How far the search is, with the means to cancel it; the page is drawn again at its end."""
    job = current(place)
    if job is not None and job.running:
        _look(place)


@st.fragment(run_every=EVERY)
def _look(place: str) -> None:
    job = current(place)
    if job is None or not job.running:
        st.rerun()
    st.progress(job.share, say("plan.working", step=label(job.step)))
    st.button(
        say("plan.cancel"), key=f"cancel:{place}", icon=":material/close:",
        on_click=job.cancel.set,
    )  # fmt: skip


def problem(job: Job) -> None:
    """Why a search came to nothing, in a sentence."""
    if job.error is None:
        return
    if job.error.code == "plan_cancelled":
        st.info(say("plan.cancelled"))
    else:
        st.error(safe(job.error.text(language())), icon=":material/error:")
