"""What a process that reads outside files may use: memory, processor time, and no more."""

from __future__ import annotations

import ctypes
import subprocess
from typing import Any, Final

#: The largest file that is allowed takes about half of it.
MEMORY: Final = 3 << 29
#: Processor seconds for each file, and for the checking of all of them together.
SECONDS: Final = 30
#: The same by the clock on the wall, where the machine is busy; and for starting.
PATIENCE: Final = 90
START: Final = 60


def bound_here(shares: int) -> None:
    """Bound this process, where the system can: ``shares`` times the seconds of one file.

    Windows bounds it from outside (``Job``).
    """
    try:
        import resource
    except ImportError:
        return
    most = used() + SECONDS * shares
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (min(used() + SECONDS, most), most))


def next_share() -> None:
    """The next file begins: it may take its own seconds, whatever those before have left."""
    try:
        import resource
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    if most != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_CPU, (min(used() + SECONDS, most), most))


def used() -> int:
    """The processor seconds of this process so far, rounded up."""
    import resource

    spent = resource.getrusage(resource.RUSAGE_SELF)
    return int(spent.ru_utime + spent.ru_stime) + 1


# Windows ----------------------------------------------------------------------------------

_PROCESS_TIME, _ACTIVE, _PROCESS_MEMORY, _KILL_ON_CLOSE = 0x2, 0x8, 0x100, 0x2000
_EXTENDED: Final = 9
#: The process itself, and the one in which it opens an old kind of file.
_PROCESSES: Final = 2
#: Windows counts time in these.
_HUNDRED_NANOSECONDS: Final = 10_000_000


class _Basic(ctypes.Structure):
    _fields_ = [
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    ]


class _Extended(ctypes.Structure):
    _fields_ = [
        ("Basic", _Basic),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    ]


class Job:
    """A job object of Windows: bounds a process from outside, and ends it when it is closed."""

    def __init__(self, process: Any, kernel: Any) -> None:
        self._kernel = kernel
        kernel.CreateJobObjectW.restype = ctypes.c_void_p
        self._handle = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
        self.allow(1)
        self._call("AssignProcessToJobObject", ctypes.c_void_p(int(process._handle)))

    def allow(self, shares: int) -> None:
        """Let the process take ``shares`` times the seconds of one file."""
        told = _Extended()
        told.Basic.LimitFlags = _PROCESS_TIME | _ACTIVE | _PROCESS_MEMORY | _KILL_ON_CLOSE
        told.Basic.PerProcessUserTimeLimit = SECONDS * shares * _HUNDRED_NANOSECONDS
        told.Basic.ActiveProcessLimit = _PROCESSES
        told.ProcessMemoryLimit = MEMORY
        size = ctypes.sizeof(told)
        self._call("SetInformationJobObject", _EXTENDED, ctypes.byref(told), size)

    def close(self) -> None:
        """End what is still running in the job."""
        self._call("CloseHandle")

    def _call(self, name: str, *given: Any) -> None:
        """One call of the system about this job; OSError where it fails, never silence."""
        if not getattr(self._kernel, name)(self._handle, *given):
            raise OSError(name)


def job_of(process: subprocess.Popen[bytes]) -> Job | None:
    """The job that bounds a process on Windows; None elsewhere, where it bounds itself."""
    system: Any = getattr(ctypes, "WinDLL", None)
    return None if system is None else Job(process, system("kernel32", use_last_error=True))
