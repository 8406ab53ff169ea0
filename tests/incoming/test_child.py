"""A reading process ends within its limits, whatever a file makes of it, and is told in words."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.errors import JunhengError
from simulator.incoming import child, limits, readers
from simulator.incoming.ask import Progress, ask, quiet
from simulator.incoming.line import LINE
from tests.incoming import evil

EVIL = Path(evil.__file__)
POSIX = pytest.mark.skipif(os.name != "posix", reason="bounded by a job object there")


@pytest.fixture(autouse=True)
def _evil(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    child.rest()
    monkeypatch.setattr(child, "WORKER", EVIL)
    yield
    child.rest()
    assert LINE.reading() == ()


def _refused(deed: str) -> JunhengError:
    with pytest.raises(JunhengError) as caught:
        readers.proposal("甲.xlsx", [("甲.xlsx", deed.encode())], {}, {}, "one")
    for language in ("zh", "en"):
        assert "甲.xlsx" in caught.value.text(language)
        assert "{" not in caught.value.text(language) and len(caught.value.text(language)) < 300
    return caught.value


@POSIX
@pytest.mark.parametrize(
    ("deed", "code"),
    [("spin", "reading_slow"), ("fill", "data_file_memory"), ("crash", "data_file_memory"),
     ("flood", "reading_much"), ("leave", "reading_failed"), ("say_nonsense", "reading_failed"),
     ("say_code", "reading_failed"), ("promise_much", "reading_failed"),
     ("fault", "reading_failed")],
)  # fmt: skip
def test_a_process_that_misbehaves_is_ended_and_told(deed: str, code: str) -> None:
    assert _refused(deed).code == code


def test_a_fault_of_our_own_is_told_by_its_name() -> None:
    assert _refused("fault").params["reason"] == "KeyError"
    assert _refused("leave").params["reason"] == "exit 7"


@pytest.mark.parametrize("lie", evil.LIES)
def test_an_answer_that_is_wrong_is_a_failure_in_words(lie: str) -> None:
    assert _refused(lie).code == "reading_failed"


def test_one_that_does_nothing_at_all_is_ended_by_the_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "PATIENCE", 0.2)
    assert _refused("sleep").code == "reading_slow"


@POSIX
def test_what_it_has_started_ends_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = tmp_path / "number"
    started = []

    def tell(_: Progress) -> None:
        if told.exists() and told.read_text():
            started.append(int(told.read_text()))
            raise KeyboardInterrupt  # as a page's run is interrupted

    with pytest.raises(KeyboardInterrupt):
        readers.proposal("a.csv", [("a.csv", f"child:{told}".encode())], {}, {}, "one", tell)
    assert _is_gone(started[0])


def _is_gone(number: int) -> bool:
    """Whether a process has ended; one that waits to be counted by the system has."""
    state = Path(f"/proc/{number}/stat")
    for _ in range(3_000):
        try:
            if state.parent.parent.is_dir() and ") Z " in state.read_text():
                return True
            os.kill(number, 0)
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.01)
    return False


@POSIX
def test_each_file_of_several_has_its_own_time() -> None:
    # six times 0.7 seconds are more than the 2 of one file and the second that is rounded up
    files = [(f"{number}.csv", b"burn") for number in range(6)]
    assert ask("district", files, {}, "one", quiet).last == ["done"]
    with pytest.raises(JunhengError) as caught:
        ask("district", [files[0], ("last.csv", b"spin")], {}, "one", quiet)
    assert caught.value.code == "reading_slow" and caught.value.params["file"] == "last.csv"


def test_a_process_that_waits_is_taken_and_a_dead_one_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    child.warm()
    (spare,) = child._spare
    child.warm()
    assert child._spare == [spare]
    with child.taken(preload=True) as first:
        assert first is spare
        child.warm()
        (dead,) = child._spare
        dead.process.kill()
        dead.process.wait()
        with child.taken(preload=True) as second:
            assert second is not dead and second.alive
    assert not first.alive and not second.alive


def test_a_process_sees_nothing_of_the_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SECRET", "x")
    seen = []
    real = subprocess.Popen

    def started(*given: object, **more: object) -> object:
        seen.append(more["env"])
        return real(*given, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", started)
    child.Child().end()
    assert "A_SECRET" not in seen[0] and "JUNHENG_HOME" not in seen[0]


def test_a_process_without_a_request_ends_by_itself() -> None:
    ran = subprocess.run(
        [sys.executable, "-I", str(EVIL.parents[2] / "simulator/incoming/worker.py")],
        input=b"", capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert ran.returncode == 0 and ran.stdout == b""
