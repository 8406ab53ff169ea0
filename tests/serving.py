"""Serving a Streamlit app on a free port of this machine, for browser tests and benchmarks."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests import system

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
#: A page that has drawn something and is not running its script any more.
USABLE = (
    '[data-testid="stApp"][data-test-script-state="notRunning"]'
    ' [data-testid="stMain"] [data-testid="stElementContainer"]'
)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its address, its process and what it prints."""

    address: str
    process: subprocess.Popen[bytes]
    log: IO[bytes]

    def said(self) -> str:
        """Everything it has printed."""
        self.log.seek(0)
        return self.log.read().decode(errors="replace")


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    program = system.chromium()
    if program is None:
        raise FileNotFoundError("Chromium is missing: python -m tests.system")
    with sync_playwright() as playwright:
        opened = _launch(playwright, program)
        yield opened
        opened.close()


def _launch(playwright: Playwright, program: Path) -> Browser:
    return playwright.chromium.launch(
        executable_path=program, headless=True, args=["--disable-dev-shm-usage", "--disable-gpu"]
    )


@contextlib.contextmanager
def serving(app: Path | str = "app.py", env: Mapping[str, str] | None = None) -> Iterator[str]:
    """Serve an app and give its address; raises RuntimeError with the log if it does not come."""
    command = [sys.executable, "-m", "streamlit", "run", str(app)]
    with started(command, env=env) as server:
        wait_for(server)
        yield server.address


@contextlib.contextmanager
def started(command: Sequence[str], env: Mapping[str, str] | None = None) -> Iterator[Server]:
    """A server on a free port, ended with all its children on leaving."""
    port = free_port()
    settings = {
        "STREAMLIT_SERVER_PORT": str(port),
        "STREAMLIT_SERVER_ADDRESS": HOST,
        "STREAMLIT_SERVER_HEADLESS": "true",
        "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none",
        "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
    }
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **settings, **(env or {})},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield Server(f"http://{HOST}:{port}", process, log)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=20)


def wait_for(server: Server, seconds: float = 60) -> None:
    """Wait until the server says that it is well; raises RuntimeError with its log if not."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.process.poll() is None:
        if _is_well(server.address):
            return
        time.sleep(0.02)
    raise RuntimeError(f"The app at {server.address} did not start:\n{server.said()}")


def _is_well(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def open_page(page: Page, address: str, seconds: float = 60) -> None:
    """Open an address and wait until its page is drawn and at rest."""
    if page not in ENDED:
        _count_runs(page)
    page.goto(address, wait_until="commit", timeout=seconds * 1000)
    page.locator(USABLE).first.wait_for(timeout=seconds * 1000)


#: Page → how many runs of its script the server has said to be ended.
ENDED: WeakKeyDictionary[Page, int] = WeakKeyDictionary()
#: Whether the script is at rest and nothing of an earlier run is left, after what came was drawn.
RAN = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(
    document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'
    && !document.querySelector('[data-testid=stMain] [data-stale=true]')))))"""


def _count_runs(page: Page) -> None:
    """Count, from the server's own messages, the runs that end: none is too short to be seen."""

    def heard(content: str | bytes) -> None:
        if isinstance(content, bytes):
            kind = ForwardMsg.FromString(content).WhichOneof("type")
            ENDED[page] = ENDED.get(page, 0) + (kind == "script_finished")

    page.on("websocket", lambda socket: socket.on("framereceived", heard))
    ENDED[page] = 0


#: Whether everything is drawn: charts and tables, and as high for thirty frames in a row.
DRAWN = """() => {
    const main = document.querySelector('[data-testid=stMain]');
    const app = document.querySelector('[data-testid=stApp]');
    const charts = [...main.querySelectorAll('[data-testid=stPlotlyChart]')];
    const tables = [...main.querySelectorAll('[data-testid=stDataFrame]')];
    const ready = app.dataset.testScriptState === 'notRunning'
        && charts.every(each => each.querySelector('.main-svg'))
        && tables.every(each => !each.checkVisibility() || each.querySelector('canvas'))
        && !main.querySelector('[data-testid=stSkeleton]');
    const lever = document.querySelector('[data-testid=stSidebar] input[type=range]');
    const places = JSON.stringify([main.scrollHeight, lever && lever.getBoundingClientRect()]);
    const same = ready && window.placesSeen === places;
    window.placesSeen = places;
    window.framesSame = same ? (window.framesSame || 0) + 1 : 0;
    return window.framesSame > 30;
}"""


@contextlib.contextmanager
def rerun(page: Page, seconds: float = 60) -> Iterator[None]:
    """What is done here makes the page run; on leaving, such a run has ended."""
    before, end = ENDED[page], time.monotonic() + seconds
    yield
    while ENDED[page] == before:
        if time.monotonic() > end:
            raise TimeoutError("the page did not run")
        page.wait_for_timeout(20)  # lets messages come in
    page.wait_for_function(RAN, timeout=seconds * 1000)


def drawn(page: Page, seconds: float = 60) -> None:
    """Wait until everything on the page is drawn and moves no more."""
    page.evaluate("() => { window.framesSame = 0 }")
    page.wait_for_function(DRAWN, timeout=seconds * 1000)


def go(page: Page, name: str) -> None:
    """Turn to another page of the app: by the navigation to its task, then within the task."""
    from simulator.ui.frame import address_of, task_of

    for each in dict.fromkeys((address_of(task_of(name)), address_of(name))):
        _follow(page, each)


def _follow(page: Page, name: str) -> None:
    """Follow a link in sight; on a narrow screen tasks stand in a list that opens."""
    # links of the navigation are whole addresses, those on the page the last part alone
    both = f'a[href$="/{name}"], [data-testid="stPageLink-NavLink"][href="{name}"]'
    link = page.locator(both).locator("visible=true")
    more = page.locator('[data-testid="stTopNavSection"]').locator("visible=true")
    if not link.count() and more.count():
        more.first.click()
    link.first.wait_for()
    with rerun(page):
        link.first.evaluate("link => link.click()")
    page.wait_for_url(f"**/{name}*")
