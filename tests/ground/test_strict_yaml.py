"""YAML as data files use it: plain values, every key once, nothing that can blow up."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import JunhengError
from simulator.strict_yaml import LARGEST_FILE, parse, read_yaml, write_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2_000_000", 2_000_000), ("007", 7), ("-3", -3), ("1e6", 1e6), ("-.5", -0.5), ("1.", 1.0),
        ("yes", "yes"), ("off", "off"), ("1:30", "1:30"), ("true", True), ("~", None), ("'1'", "1"),
        ("一千", "一千"), (".", "."), ("2024-01", "2024-01"),
    ],
)  # fmt: skip
def test_values_are_read_as_officers_write_them(text: str, value: object) -> None:
    found = parse(f"key: {text}", "made.yaml").data["key"]
    assert found == value and type(found) is type(value)


def test_each_key_has_its_line() -> None:
    document = parse("a:\n  b: 1\n  c:\n    - d: 2\n", "made.yaml")
    assert document.lines == {"a": 1, "a.b": 2, "a.c": 3, "a.c.0": 4, "a.c.0.d": 4}


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1]\nb: *x",
        "[" * 10_000,
        "{a: " * 40 + "1" + "}" * 40,
        "a: 1\na: 2",
        "a: {b: 1, b: 2}",
        "!!python/object/apply:os.system ['true']",
        "a: !!int word",
        "a: 1\n---\nb: 2",
        "? [1, 2]\n: 3",
        "\ta: 1",
        "a: " + "9" * 5000,
        "a: 2024-99-99",
        "a: 'open",
        "a: !!timestamp word",
        "a: !!bool word",
        "a: !!set {b}",
        "a: !!binary x",
        "a: !own word",
        "!!map {a: 1}",
        "a: &x 1",
        "&x a: 1",
        "? " + "k" * 501 + "\n: 1",
        "k" * 250 + ": {" + "k" * 250 + ": 1}",
        "k" * 90 + ":\n  - [" + "1, " * 250_000 + "1]",
        "a: -" + "9" * 19,
        "0" * 9 + "1" * 19 + ": 1",
        "a: \x00",
    ],
)
def test_what_could_blow_up_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(JunhengError) as caught:
        parse(text, "made.yaml")
    assert caught.value.code.startswith("yaml_")
    assert "made.yaml" in caught.value.text("zh") and len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("text", "value"),
    [("a: " + "9" * 18, 10**18 - 1), ("a: -" + "0" * 9 + "9" * 18, 1 - 10**18)],
)
def test_the_longest_numbers_are_read(text: str, value: int) -> None:
    assert parse(text, "made.yaml").data == {"a": value}


def test_the_longest_key_and_the_longest_list_are_read() -> None:
    key = "k" * 500
    assert parse(f"? {key}\n: 1", "made.yaml").data == {key: 1}
    # the mapping, its key and the list are values too
    assert len(parse("a: [" + "1," * 249_996 + "1]", "made.yaml").data["a"]) == 249_997


@pytest.mark.parametrize("name", ["n" * 300 + ".yaml", "a\x00b.yaml"])
def test_a_name_that_no_file_can_have_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(JunhengError) as caught:
        read_yaml(tmp_path / name)
    assert caught.value.code in ("yaml_missing", "yaml_unreadable")
    assert caught.value.text("zh") and len(caught.value.text("en")) < 400


def test_files_are_checked_before_they_are_read(tmp_path: Path) -> None:
    bad = {"large.yaml": b"#" * (LARGEST_FILE + 1), "gbk.yaml": "名: 值".encode("gbk")}
    for name, data in bad.items():
        (tmp_path / name).write_bytes(data)
    codes = []
    for name in ("large.yaml", "gbk.yaml", "none.yaml"):
        with pytest.raises(JunhengError) as caught:
            read_yaml(tmp_path / name)
        codes.append(caught.value.code)
    assert codes == ["yaml_large", "yaml_encoding", "yaml_missing"]


def test_a_mark_before_the_text_is_no_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "marked.yaml").write_bytes("\ufeff名: 1".encode())
    assert read_yaml(tmp_path / "marked.yaml").data == {"名": 1}


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20)
    | st.sampled_from(["yes", "1e6", "2024-01-01", "null", "007", "1:30", "~", "", " a ", "#"]),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text("abc", min_size=1), below),
    max_leaves=12,
)


@given(PLAIN)
def test_what_is_written_is_read_back(value: object) -> None:
    assert parse(write_yaml({"key": value}), "made.yaml").data == {"key": value}
