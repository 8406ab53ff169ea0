"""Plain values between two processes: JSON in frames, with dates, keys of any kind and arrays.

Nothing that is read here can name code to run: a frame holds values and nothing else.
"""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import IO, Any, Final

import numpy as np

from simulator.errors import JunhengError
from simulator.own_formula.notes import Told

#: What a frame says first: how many bytes follow.
LENGTH: Final = struct.Struct(">I")
#: A list longer than this goes in several frames, so that reading one of them takes no time.
PIECE: Final = 1 << 18
#: A single value is never longer: a column of the most rows has 200,000 times 11 bytes.
LONGEST_FRAME: Final = 1 << 23
_KINDS: Final = {"f": "<f8", "i": "<i8"}


def packed(value: object) -> Any:
    """A value as JSON can hold it. Raises TypeError for one that is not plain."""
    if value is None or type(value) in {bool, int, float, str}:
        return value
    if isinstance(value, np.ndarray):
        kind = _KINDS[value.dtype.kind]
        return {"array": [kind, base64.b64encode(value.astype(kind).tobytes()).decode()]}
    if isinstance(value, np.generic):
        return packed(value.item())
    if isinstance(value, Mapping):
        return {"map": [[packed(key), packed(each)] for key, each in value.items()]}
    if isinstance(value, (list, tuple)):
        return [packed(each) for each in value]
    return _tagged(value)


def _tagged(value: object) -> Any:
    if isinstance(value, Told):
        return {"told": [value.error.code, packed(value.error.params)]}
    if isinstance(value, timedelta):
        return {"timedelta": value.total_seconds()}
    for kind in (datetime, date, time):
        if isinstance(value, kind):
            return {kind.__name__: value.isoformat()}
    if isinstance(value, (str, int, float)):  # a kind of text or number of its own
        return type(value).__mro__[-2](value)
    raise TypeError(type(value).__name__)


_MADE: Final[Mapping[str, Callable[[Any], object]]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda seconds: timedelta(seconds=seconds),
    "map": lambda pairs: {key: value for key, value in pairs},  # noqa: C416 (pairs only)
    "array": lambda told: _array(*told),
    "told": lambda told: Told(JunhengError(str(told[0]), **told[1])),
}


def _array(kind: str, text: str) -> np.ndarray[Any, Any]:
    if kind not in _KINDS.values():
        raise ValueError(kind)
    return np.frombuffer(base64.b64decode(text, validate=True), dtype=kind).copy()


def _made(found: dict[str, Any]) -> object:
    """The value that a JSON object stands for; each has one key, which names its kind."""
    ((kind, value),) = found.items()
    return _MADE[kind](value)


def frame(value: object) -> bytes:
    """A value with its length in front."""
    text = json.dumps(packed(value), separators=(",", ":")).encode("ascii")
    return LENGTH.pack(len(text)) + text


def unframed(text: bytes) -> Any:
    """The value of a frame. Raises ValueError where it is none."""
    try:
        return json.loads(text, object_hook=_made)
    except (ValueError, LookupError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError("no plain value") from error


def pieces(values: Sequence[object]) -> Iterator[list[object]]:
    """A list in pieces that are each read in no time."""
    piece: list[object] = []
    size = 0
    for each in values:
        piece.append(each)
        size += len(each) + 8 if isinstance(each, str) else 300 if isinstance(each, Mapping) else 24
        if size > PIECE:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def read_frame(stream: IO[bytes], most: int = LONGEST_FRAME) -> bytes | None:
    """The next frame of a stream; None at its end. Raises ValueError where it is cut or long."""
    head = stream.read(LENGTH.size)
    if not head:
        return None
    if len(head) < LENGTH.size:
        raise ValueError("cut")
    (length,) = LENGTH.unpack(head)
    if length > most:
        raise ValueError("too long")
    text = stream.read(length)
    if len(text) < length:
        raise ValueError("cut")
    return text
