"""A small coverage-guided fuzzer: changes bytes, keeps what reaches new lines, stops by itself."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from simulator.errors import JunhengError

PRODUCT = str(Path(__file__).resolve().parent.parent.parent / "simulator")
#: Bytes that mean something to readers of tables and of YAML.
TOKENS = tuple(
    each.encode()
    for each in (
        ",", "\t", "\n", '"', "'", "{", "}", "[", "]", ":", "- ", "&a", "*a", "!!python/object:x",
        "=1+1", "nan", "inf", "1e999", "-0", "９", "万元", "合计", "\u202e", "\ufeff", "\x00",
        "!!set", "!!timestamp", "? ", "<<: ", "\u0315\u0300" * 20, "1e99",
        "9999-12-31T23:59:59-12:00",
        "null", "levers", "lines", "policy", "based_on", "9" * 40, "(", "/ 0", "max(",
    )
)  # fmt: skip
LONGEST = 60_000
Target = Callable[[bytes], object]
Place = tuple[CodeType, int]


@dataclass(slots=True)
class Found:
    """What a run came to: inputs tried, lines reached, and the inputs that broke something."""

    tried: int = 0
    reached: set[Place] = field(default_factory=set)
    first: int = 0
    broken: list[tuple[bytes, str]] = field(default_factory=list)


def fuzz(target: Target, seeds: Sequence[bytes], seconds: float, seed: int = 0) -> Found:
    """Try changed inputs for some seconds; only a JunhengError may come out of the target."""
    draw, found = random.Random(seed), Found()
    corpus = list(seeds)
    for each in corpus:
        _try(target, each, found)
    found.first = len(found.reached)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        changed = mutated(draw, corpus)
        if _try(target, changed, found):
            corpus.append(changed)
    return found


def _try(target: Target, content: bytes, found: Found) -> bool:
    """Run the target on one input; whether it reached a line that none reached before."""
    lines: set[Place] = set()

    def inside(frame: FrameType, event: str, argument: Any) -> Any:
        if event == "line":
            lines.add((frame.f_code, frame.f_lineno))
        return inside

    def entered(frame: FrameType, event: str, argument: Any) -> Any:
        return inside if frame.f_code.co_filename.startswith(PRODUCT) else None

    before = sys.gettrace()
    sys.settrace(entered)
    try:
        target(content)
    except JunhengError:
        pass  # refused in a sentence: what every bad input must come to
    except Exception as error:  # noqa: BLE001 (whatever else comes out is what is looked for)
        found.broken.append((content, f"{type(error).__name__}: {error}"))
    finally:
        sys.settrace(before)
    found.tried += 1
    new = lines - found.reached
    found.reached |= new
    return bool(new)


def mutated(draw: random.Random, corpus: Sequence[bytes]) -> bytes:
    """One of the inputs with a few changes."""
    content = bytearray(draw.choice(corpus))
    for _ in range(draw.randint(1, 4)):
        at = draw.randint(0, len(content))
        kind = draw.randrange(5)
        if kind == 0:
            content[at:at] = draw.choice(TOKENS)
        elif kind == 1:
            del content[at : at + draw.randint(1, 12)]
        elif kind == 2 and at < len(content):
            content[at] = draw.randrange(256)
        elif kind == 3:
            other = draw.choice(corpus)
            start = draw.randint(0, len(other))
            content[at:at] = other[start : start + draw.randint(1, 200)]
        else:
            content[at : at + 1] = draw.choice(TOKENS)
    return bytes(content[:LONGEST])
