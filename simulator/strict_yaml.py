"""YAML as data files use it: plain values only, every key once, nothing that can blow up.

Numbers are read as officers write them (``2_000_000``, ``1e6``, ``007`` is seven); ``yes`` and
``1:30`` are words. Refused are aliases and anchors, kinds named by the file (``!!set``), deep
nesting, numbers and keys longer than any of use, large files, and further documents. Every
pattern here reads a text once: none looks at the same sign again and again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from simulator.errors import JunhengError

LARGEST_FILE = 1_000_000
DEEPEST = 30
#: A list of 20,000 rows, the longest that is read, has 180,000 values and names of values.
MOST_VALUES = 250_000
#: Characters of a key with all keys above it, dots between them.
LONGEST_KEY = 500
#: Digits of a whole number: none of a district has more, and longer ones can be made to collide.
MOST_DIGITS = 18

_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVED = (
    ("null", re.compile(r"^(?:~|null|Null|NULL|)$"), "~nN\0"),
    ("bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), "tTfF"),
    ("int", re.compile(r"^[-+]?[0-9][0-9_]*$"), "-+0123456789"),
    (
        "float",
        re.compile(
            r"^[-+]?(?:(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?"
            r"|\.(?:inf|Inf|INF))$|^\.(?:nan|NaN|NAN)$"
        ),
        "-+.0123456789",
    ),
    ("timestamp", re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), "0123456789"),
)


def _resolvers() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    found: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for kind, pattern, firsts in _RESOLVED:
        for first in firsts:
            key = "" if first == "\0" else first
            found.setdefault(key, []).append((f"tag:yaml.org,2002:{kind}", pattern))
    return found


class _Loader(_SafeLoader):  # type: ignore[misc]
    """A safe loader that refuses a key that stands twice."""

    yaml_implicit_resolvers = _resolvers()

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        """A mapping; a key that stands twice is refused."""
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                raise JunhengError("yaml_twice", key=name[:80])
            seen.add(name)
        return super().construct_mapping(node, deep=deep)

    def construct_whole(self, node: Any) -> int:
        """A whole number; a zero in front does not make it octal."""
        written = str(node.value).replace("_", "")
        if len(written.lstrip("+-0")) > MOST_DIGITS:
            raise JunhengError("yaml_number", value=written[:20], most=MOST_DIGITS)
        return int(written)


_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_whole)


class _Dumper(yaml.SafeDumper):
    """Writes what the loader reads back as the same value."""

    yaml_implicit_resolvers = _resolvers()

    def ignore_aliases(self, data: Any) -> bool:
        """Nothing is written as an alias."""
        return True


@dataclass(frozen=True, slots=True)
class Document:
    """The content of a YAML file and the line of each dotted key."""

    data: Any
    lines: Mapping[str, int]


def read_text(path: Path) -> str:
    """The text of a data file; JunhengError where it is missing, too large or not UTF-8."""
    try:
        if not path.is_file():
            raise JunhengError("yaml_missing", path=path.name)
        if path.stat().st_size > LARGEST_FILE:
            raise JunhengError("yaml_large", path=path.name, limit=LARGEST_FILE // 1_000_000)
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise JunhengError("yaml_encoding", path=path.name) from error
    except (OSError, ValueError) as error:  # a name that no file can have is a ValueError
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise JunhengError("yaml_unreadable", path=path.name[:80], reason=reason) from error


def decoded(content: bytes, name: str) -> str:
    """The text of an uploaded data file; JunhengError where it is too large or not UTF-8."""
    if len(content) > LARGEST_FILE:
        raise JunhengError("yaml_large", path=name[:80], limit=LARGEST_FILE // 1_000_000)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise JunhengError("yaml_encoding", path=name[:80]) from error


def parse(text: str, name: str) -> Document:
    """A YAML text as plain values; JunhengError with the reason where it is not acceptable."""
    try:
        _refuse_bombs(text)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            lines = dict(_lines(node, "")) if node is not None else {}
            data = loader.construct_document(node) if node is not None else None
        finally:
            loader.dispose()
    except JunhengError as error:
        raise JunhengError(error.code, path=name, **error.params) from error
    except yaml.MarkedYAMLError as error:
        raise _misplaced(error, name) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise JunhengError("yaml_syntax", path=name) from error
    return Document(data, lines)


def _misplaced(error: yaml.MarkedYAMLError, name: str) -> JunhengError:
    """Where a text stops being YAML, as far as its reader knows."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return JunhengError("yaml_syntax", path=name)
    return JunhengError("yaml_place", path=name, line=mark.line + 1, column=mark.column + 1)


def read_yaml(path: Path) -> Document:
    """The content of a YAML file; raises as ``read_text`` and ``parse`` do."""
    return parse(read_text(path), path.name)


def write_yaml(data: Any) -> str:
    """Plain values as YAML text, keys in the order given."""
    return str(
        yaml.dump(
            data,
            Dumper=_Dumper,
            allow_unicode=True,
            sort_keys=False,
            default_flow_style=None,
            width=96,
        )
    )


def _refuse_bombs(text: str) -> None:
    depth = values = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.NodeEvent):
            _refuse_kind(event)
            values += 1
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise JunhengError("yaml_deep", most=DEEPEST)
        if values > MOST_VALUES:
            raise JunhengError("yaml_many", most=MOST_VALUES)


def _refuse_kind(event: Any) -> None:
    """Refuse what stands for something else, and values whose kind the file names itself."""
    if event.anchor is not None:
        raise JunhengError("yaml_alias")
    if getattr(event, "tag", None) is not None:
        raise JunhengError("yaml_tag", tag=str(event.tag)[:80])


def _lines(node: Any, path: str) -> Iterator[tuple[str, int]]:
    """The line of every dotted key. Raises JunhengError where one is too long."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            here = f"{path}.{name}" if path else str(name)
            if len(here) > LONGEST_KEY:
                raise JunhengError("yaml_key", key=here[:40], most=LONGEST_KEY)
            yield here, key.start_mark.line + 1
            yield from _lines(value, here)
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            yield f"{path}.{position}", value.start_mark.line + 1
            yield from _lines(value, f"{path}.{position}")
