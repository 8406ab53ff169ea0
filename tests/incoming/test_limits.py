"""The bounds of a reading process: those of this system, and the calls that Windows is given."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from simulator.incoming import limits


class Kernel:
    """Windows as far as it is spoken to: notes every call, and fails where told so."""

    def __init__(self, failing: str = "") -> None:
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.told: list[tuple[int, int, int, int]] = []
        for name in ("CreateJobObjectW", "SetInformationJobObject", "AssignProcessToJobObject",
                     "CloseHandle"):  # fmt: skip
            setattr(self, name, self._call(name, 0 if name == failing else 77))

    def _call(self, name: str, result: int) -> Any:
        class Call:
            restype: Any = None

            def __call__(_, *given: Any) -> int:  # noqa: N805
                self.calls.append((name, given))
                if name == "SetInformationJobObject":
                    told = given[2]._obj
                    basic = told.Basic
                    self.told.append(
                        (basic.LimitFlags, basic.PerProcessUserTimeLimit,
                         basic.ActiveProcessLimit, told.ProcessMemoryLimit)
                    )  # fmt: skip
                return result

        return Call()


PROCESS = SimpleNamespace(_handle=1234)


def test_a_job_bounds_memory_time_and_number_before_the_process_is_in_it() -> None:
    kernel = Kernel()
    job = limits.Job(PROCESS, kernel)
    names = [name for name, _ in kernel.calls]
    assert names == ["CreateJobObjectW", "SetInformationJobObject", "AssignProcessToJobObject"]
    # JOB_OBJECT_LIMIT_PROCESS_TIME 0x2, ACTIVE_PROCESS 0x8, PROCESS_MEMORY 0x100,
    # KILL_ON_JOB_CLOSE 0x2000; time in units of 100 ns
    flags = 0x2 + 0x8 + 0x100 + 0x2000
    assert kernel.told == [(flags, 30 * 10_000_000, 2, 1_610_612_736)]
    assert kernel.calls[2][1][1].value == 1234
    job.allow(4)
    assert kernel.told[1] == (flags, 4 * 30 * 10_000_000, 2, 1_610_612_736)
    assert kernel.calls[1][1][1] == 9  # JobObjectExtendedLimitInformation
    job.close()
    assert kernel.calls[-1][0] == "CloseHandle"
    assert all(given[0].value == 77 for name, given in kernel.calls[1:])


def test_the_structure_is_as_long_as_windows_takes_it() -> None:
    if ctypes.sizeof(ctypes.c_size_t) == 8:
        # JOBOBJECT_EXTENDED_LIMIT_INFORMATION: 64 of limits, 48 of counters, four sizes
        assert ctypes.sizeof(limits._Basic) == 64
        assert ctypes.sizeof(limits._Extended) == 64 + 48 + 4 * 8


@pytest.mark.parametrize("failing", ["SetInformationJobObject", "AssignProcessToJobObject"])
def test_a_bound_that_cannot_be_set_is_not_passed_over(failing: str) -> None:
    with pytest.raises(OSError, match=failing):
        limits.Job(PROCESS, Kernel(failing))


@pytest.mark.skipif(os.name != "posix", reason="Windows bounds from outside")
def test_this_system_bounds_the_process_itself() -> None:
    program = (
        "import resource; from simulator.incoming import limits; limits.bound_here(3);"
        "print(*[resource.getrlimit(each) for each in"
        " (resource.RLIMIT_AS, resource.RLIMIT_CORE, resource.RLIMIT_CPU)], sep=';');"
        "limits.SECONDS = 50; limits.next_share(); print(resource.getrlimit(resource.RLIMIT_CPU))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    first, second = ran.stdout.strip().split("\n")
    memory, core, time = (eval(each) for each in first.split(";"))
    assert memory == (1_610_612_736, 1_610_612_736) and core == (0, 0)
    start = time[0] - 30  # what the process has used when it is bounded
    assert 1 <= start < 30 and time[1] == start + 3 * 30
    again = eval(second)
    assert again[1] == time[1] and time[0] < again[0] <= min(time[1], start + 80)
