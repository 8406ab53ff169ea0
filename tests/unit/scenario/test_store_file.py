"""Saved scenarios as one file: the same hash elsewhere, and nothing hostile comes in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import simulator as sim
from simulator.errors import JunhengError
from simulator.library.exchange import export_entries, read_file
from simulator.library.store import Library, Work, open_library, work_of
from simulator.scenario.load import SHIPPED

TIME = datetime(2027, 3, 1, 8, 30, 5, 123456, tzinfo=UTC)
Spoil = Callable[[dict[str, Any]], object]


def work(name: str, stem: str) -> Work:
    scenario = sim.load_scenario(SHIPPED / f"{stem}.yaml")
    return work_of(
        scenario,
        name,
        author="张三",
        note="一\n二",
        tags=("汇报",),
        district="a" * 64,
        policy="b" * 64,
        district_name="示范区",
    )


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return open_library(tmp_path / "one" / "library.db")


@pytest.fixture
def content(library: Library) -> bytes:
    saved = library.save_all([(work("甲", "steady"), TIME), (work("乙", "tight_revenue"), TIME)])
    library.share(saved[0].entry.id)
    return export_entries([library.open(each.entry.id) for each in saved], TIME)


def test_another_installation_opens_the_same(
    library: Library, content: bytes, tmp_path: Path
) -> None:
    other = open_library(tmp_path / "two" / "library.db")
    came = [saved.entry for saved in other.save_all(read_file(content))]
    mine = list(reversed(library.entries()))
    assert [entry.work for entry in came] == [entry.work for entry in mine]
    assert [entry.identity for entry in came] == [entry.identity for entry in mine]
    assert [entry.saved for entry in came] == [TIME, TIME]
    assert [entry.link for entry in came] == [None, None]  # a link is of one installation
    assert came[0].scenario().fingerprint == mine[0].scenario().fingerprint
    assert export_entries(came, TIME) == content


def test_the_whole_loop_ends_in_the_same_hash(tmp_path: Path) -> None:
    """Two variants computed, compared, saved, exported, opened elsewhere, computed again."""
    district = sim.sample_district()
    base = sim.load_scenario(SHIPPED / "steady.yaml")
    variants = [
        base.derived(name).with_changes({"levers.operating_rate.junior": rate})
        for name, rate in (("甲", 1250), ("乙", 1350))
    ]
    results = [sim.simulate(district, each) for each in variants]
    assert sim.compare(results).differences.loc[("need", "", 2028)].iloc[1] > 0
    here, there = (open_library(tmp_path / name / "library.db") for name in ("here", "there"))
    for result in results:
        ground = result.binding
        here.save(work_of(ground.scenario, ground.scenario.title("zh"),
                          district=ground.district.fingerprint,
                          policy=ground.policy.fingerprint))  # fmt: skip
    there.save_all(read_file(export_entries(here.entries())))
    opened = {entry.name: entry for entry in there.entries()}
    for variant, result in zip(variants, results, strict=True):
        entry = opened[variant.title("zh")]
        again = sim.simulate(district, entry.scenario())
        assert again.identity == entry.identity == result.identity
        assert entry.scenario().changed() == variant.changed()


def test_names_that_are_taken_give_new_versions(library: Library, content: bytes) -> None:
    again = library.save_all(read_file(content))
    assert [(saved.entry.name, saved.entry.version) for saved in again] == [("甲", 2), ("乙", 2)]
    assert all(saved.earlier is not None for saved in again)


def signed(data: dict[str, Any]) -> bytes:
    """A file whose checksum fits, as somebody who means ill would write it."""
    plain = {key: value for key, value in data.items() if key != "sha256"}
    text = json.dumps(plain, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    whole = {**plain, "sha256": hashlib.sha256(text.encode()).hexdigest()}
    return json.dumps(whole).encode()


def _first(data: dict[str, Any]) -> dict[str, Any]:
    record: dict[str, Any] = data["scenarios"][0]
    return record


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda data: data.update(schema=2), "format 2"),
        (lambda data: data.update(schema=True), "format True"),
        (lambda data: data.update(format="other"), "no file of scenarios"),
        (lambda data: data.update(more=1), "not complete"),
        (lambda data: data.pop("exported"), "not complete"),
        (lambda data: data.update(scenarios=[]), "not complete"),
        (lambda data: data.update(scenarios={}), "not complete"),
        (lambda data: data.update(scenarios=data["scenarios"] * 600), "holds too many"),
        (lambda data: data["scenarios"].append(3), "Scenario 3"),
        (lambda data: _first(data).pop("note"), "Scenario 1"),
        (lambda data: _first(data).update(id="x"), "Scenario 1"),
        (lambda data: _first(data).update(tags="汇报"), "Scenario 1"),
        (lambda data: _first(data).update(saved="yesterday"), "Scenario 1"),
        (lambda data: _first(data).update(saved="2027-13-01T00:00:00+00:00"), "Scenario 1"),
        (lambda data: _first(data).update(saved=5), "Scenario 1"),
        (lambda data: _first(data).update(name="a\u202eb"), "U\\+202E"),
        (lambda data: _first(data).update(author=["x"]), "wrong kind"),
        (lambda data: _first(data).update(district="../x"), "no fingerprint"),
        (lambda data: _first(data).update(scenario="c" * 64), "does not match"),
        (lambda data: _first(data).update(text="a: 1", whole="{"), "does not match"),
        (lambda data: _first(data).update(text="x", whole="based_on: ../../x"), "does not match"),
    ],
)
def test_a_file_that_is_not_right_is_refused_whole(
    content: bytes, tmp_path: Path, spoil: Spoil, said: str
) -> None:
    data = json.loads(content)
    spoil(data)
    fresh = open_library(tmp_path / "fresh.db")
    with pytest.raises(JunhengError, match=said) as caught:
        fresh.save_all(read_file(signed(data)))
    assert caught.value.text("zh")
    assert fresh.entries() == ()


def test_a_change_after_the_export_is_seen(content: bytes) -> None:
    with pytest.raises(JunhengError, match="checksum"):
        read_file(content.replace("张三".encode(), "李四".encode(), 1))


@pytest.mark.parametrize(
    "content",
    [
        b"", b"null", b"[]", b"3", b"\xff\xfe", b'{"format": NaN}', b"[" * 100_000,
        b'{"format": "junheng.scenarios", "format": "junheng.scenarios"}', b"PK\x03\x04",
    ],
)  # fmt: skip
def test_what_is_no_file_of_ours_is_refused(content: bytes) -> None:
    with pytest.raises(JunhengError, match="no file of scenarios"):
        read_file(content)


def test_a_file_too_large_is_refused() -> None:
    with pytest.raises(JunhengError, match="too large"):
        read_file(b" " * 20_000_001)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


@given(json_values)
def test_anything_in_place_of_a_scenario_ends_in_a_sentence(value: object) -> None:
    whole = {"format": "junheng.scenarios", "schema": 1, "exported": "", "scenarios": [value]}
    with pytest.raises(JunhengError, match="Scenario 1"):
        read_file(signed(whole))
