"""The library: saving, finding, names that are taken, drafts, links, and what it refuses."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import simulator as sim
from simulator.errors import JunhengError
from simulator.glossary import LANGUAGES
from simulator.library.store import Entry, Library, Work, library_path, open_library, work_of
from simulator.results.result import Result
from simulator.scenario.load import SHIPPED

DATA, PACKS = "a" * 64, "b" * 64
MORNING = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)


def work(name: str = "稳步三年", author: str = "张三", **more: Any) -> Work:
    scenario = sim.load_scenario(SHIPPED / "steady.yaml")
    return work_of(scenario, name, author=author, district=DATA, policy=PACKS, **more)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "library.db"


@pytest.fixture
def library(path: Path) -> Library:
    return open_library(path)


def test_what_is_saved_is_there_after_a_restart(library: Library, path: Path) -> None:
    saved = library.save(work(note="请局长看", tags=("汇报", "2027")), MORNING)
    found = open_library(path).open(saved.entry.id)
    assert found == saved.entry
    assert (found.version, found.saved, found.link) == (1, MORNING, None)
    assert found.work == work(note="请局长看", tags=("汇报", "2027"))


def test_what_is_opened_computes_the_same_figures(library: Library) -> None:
    district = sim.sample_district()
    scenario = sim.load_scenario(SHIPPED / "steady.yaml").with_changes(
        {"levers.operating_rate.junior": 1333}
    )
    result = sim.simulate(district, scenario)
    entry = library.save(_of(result)).entry
    again = sim.simulate(district, entry.scenario())
    assert entry.identity == result.identity == again.identity
    # it still says what it changes against the shipped scenario it is based on
    assert entry.scenario().changed() == scenario.changed()


def _of(result: Result) -> Work:
    binding = result.binding
    return work_of(
        binding.scenario,
        "结果",
        district=binding.district.fingerprint,
        policy=binding.policy.fingerprint,
        district_name=binding.district.name,
    )


def test_a_scenario_opens_as_saved_when_its_base_has_changed() -> None:
    kept = work()
    other = kept.text.replace("based_on: baseline", "based_on: nosuch")
    assert other != kept.text
    moved = Entry("x", 1, MORNING, Work(**{**_fields(kept), "text": other})).scenario()
    shipped = sim.load_scenario(SHIPPED / "steady.yaml")
    assert moved.fingerprint == kept.scenario
    assert moved.changed() == shipped.changed()  # told against the base kept with it
    alone = Entry("x", 1, MORNING, Work(**{**_fields(kept), "text": other, "base": ""})).scenario()
    assert (alone.fingerprint, alone.base) == (kept.scenario, None)
    for text, whole in (("a: 1", other), ("- 1", "{"), ("name: x", "name: x")):
        broken = Work(**{**_fields(kept), "text": text, "whole": whole})
        with pytest.raises(JunhengError, match="does not match"):
            Entry("x", 1, MORNING, broken).scenario()


def test_what_is_derived_from_a_saved_scenario_can_be_saved_and_tells_its_difference(
    library: Library,
) -> None:
    opened = library.save(work("局里的方案 ../x")).entry.scenario()
    variant = opened.derived("变体").with_changes({"levers.training_share": 0.07})
    again = library.save(work_of(variant, "变体", district=DATA, policy=PACKS)).entry.scenario()
    assert again.fingerprint == variant.fingerprint
    assert again.changed() == variant.changed() == {"levers.training_share": (None, 0.07)}
    assert again.base is not None
    assert again.base.title("zh") == "局里的方案 ../x"


def test_what_is_opened_is_called_as_the_entry(library: Library) -> None:
    entry = library.save(work("稳步提升")).entry
    assert (
        entry.scenario().title("en") == "Steady rise"
    )  # a name it has itself keeps both languages
    renamed = library.rename(entry.id, "给局长的").entry.scenario()
    assert (renamed.title("zh"), renamed.title("en")) == ("给局长的", "给局长的")
    assert renamed.fingerprint == entry.work.scenario


def _fields(kept: Work) -> dict[str, Any]:
    return {name: getattr(kept, name) for name in Work.__dataclass_fields__}


def test_two_people_saving_one_name_both_keep_their_work_and_are_told(library: Library) -> None:
    first = library.save(work(author="张三"), MORNING)
    second = library.save(work(author="李四", note="另一份"), MORNING + timedelta(hours=1))
    assert first.earlier is None
    assert second.earlier == first.entry
    assert (first.entry.version, second.entry.version) == (1, 2)
    assert {entry.work.author for entry in library.entries("稳步")} == {"张三", "李四"}
    for language in LANGUAGES:
        told = second.text(language)
        assert "张三" in told
        assert "李四" in told
        assert "张三" in first.text(language)


def test_a_version_is_never_used_twice(library: Library) -> None:
    library.save(work())
    second = library.save(work()).entry
    library.delete(second.id)
    third = library.save(work())
    assert third.entry.version == 3  # 2 was given away, and may come back
    assert third.earlier is not None
    assert third.earlier.version == 1
    assert library.restore(second.id).version == 2


@pytest.mark.parametrize(
    ("text", "tags", "names"),
    [
        ("", (), ["c_100%", "B 初中", "a 小学"]),
        ("初中", (), ["B 初中"]),
        ("b 李四", (), ["B 初中"]),  # every word, wherever it stands, large or small
        ("100%", (), ["c_100%"]),  # no sign has a meaning of its own
        ("_", (), ["c_100%"]),
        ("紧", (), ["a 小学"]),  # in the note
        ("", ("汇报",), ["B 初中", "a 小学"]),
        ("", ("汇报", "定稿"), ["B 初中"]),
        ("", ("汇",), []),  # a tag is whole or not there
        ("无此", (), []),
        ("x" * 100_000, (), []),
    ],
)
def test_a_search_finds_words_and_tags(
    library: Library, text: str, tags: tuple[str, ...], names: list[str]
) -> None:
    library.save(work("a 小学", note="收入紧", tags=("汇报",)))
    library.save(work("B 初中", author="李四", tags=("定稿", "汇报")))
    library.save(work("c_100%"))
    assert [entry.name for entry in library.entries(text, tags)] == names
    assert library.tags() == ("定稿", "汇报")
    assert len(library.entries(most=2)) == 2


def test_an_entry_is_renamed_annotated_duplicated_and_deleted(library: Library) -> None:
    entry = library.save(work("甲")).entry
    renamed = library.rename(entry.id, "乙")
    assert (renamed.entry.name, renamed.entry.version, renamed.earlier) == ("乙", 1, None)
    assert library.open(entry.id) == renamed.entry
    assert library.rename(entry.id, "乙").entry == renamed.entry
    noted = library.annotate(entry.id, note="改过", tags=("新",))
    assert library.open(entry.id) == noted
    assert [each.id for each in library.entries("改过", ("新",))] == [entry.id]
    copy = library.duplicate(entry.id, "丙", "李四").entry
    assert (copy.name, copy.work.author, copy.identity) == ("丙", "李四", entry.identity)
    library.delete(entry.id)
    assert [each.name for each in library.entries()] == ["丙"]
    for gone in (entry.id, "nosuch", "'; DROP TABLE entries", "\ud800"):
        with pytest.raises(JunhengError, match="no such scenario"):
            library.open(gone)
    assert library.restore(entry.id) == noted


def test_renaming_to_a_name_that_is_taken_gives_its_next_version(library: Library) -> None:
    first = library.save(work("甲")).entry
    second = library.save(work("乙", author="李四")).entry
    found = library.rename(second.id, "甲")
    assert (found.entry.name, found.entry.version, found.earlier) == ("甲", 2, first)


def test_a_link_opens_exactly_that_entry_until_it_is_withdrawn(library: Library) -> None:
    entry = library.save(work()).entry
    token = library.share(entry.id)
    assert len(token) >= 32
    assert library.share(entry.id) == token
    library.save(work(author="李四"))
    library.rename(entry.id, "改名")
    opened = library.linked(token)
    assert (opened.id, opened.identity) == (entry.id, entry.identity)
    library.unshare(entry.id)
    for wrong in (token, "", "..", "\ud800", "%"):
        with pytest.raises(JunhengError, match="opens nothing"):
            library.linked(wrong)
    again = library.share(entry.id)
    assert again != token
    library.delete(entry.id)
    with pytest.raises(JunhengError, match="opens nothing"):
        library.linked(again)


def test_a_draft_is_kept_through_a_restart(library: Library, path: Path) -> None:
    assert library.draft("甲") is None
    library.keep_draft("甲", {"changes": {"levers.training_share": 0.06}, "undo": [[], [1]]})
    state = {"changes": {"levers.training_share": 0.07}, "undo": [{"名": None}]}
    library.keep_draft("甲", state)
    library.keep_draft("乙", {})
    found = open_library(path).draft("甲")
    assert found is not None
    assert found.state == state
    assert abs(found.kept - datetime.now(UTC)) < timedelta(minutes=5)
    library.drop_draft("甲")
    assert library.draft("甲") is None
    assert library.draft("乙") is not None


@pytest.mark.parametrize("state", [{"a": float("nan")}, {"a": object()}, {"a": {1: {2, 3}}}])
def test_a_draft_that_is_no_json_is_refused(library: Library, state: dict[str, Any]) -> None:
    library.keep_draft("甲", {"good": 1})
    with pytest.raises(JunhengError, match="draft"):
        library.keep_draft("甲", state)
    kept = library.draft("甲")
    assert kept is not None
    assert kept.state == {"good": 1}


def test_a_draft_too_large_is_refused(library: Library) -> None:
    with pytest.raises(JunhengError, match="too large"):
        library.keep_draft("甲", {"a": "x" * 4_000_000})


NAMES = (
    "a/b", "../../etc/passwd", "..", "C:\\方案", "it's \"quoted\"", "مرحبا بالعالم", "👩‍🏫 方案 🎒",
    "'; DROP TABLE entries; --", "%s %d {0}", "-", "=1+1", "名" * 120, "e\u0301",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_any_name_stays_in_the_store(library: Library, path: Path, name: str) -> None:
    before = {each.name for each in path.parent.parent.rglob("*")}
    entry = library.save(work(name)).entry
    assert library.open(entry.id).name == ("é" if name == "e\u0301" else name)
    assert {each.name for each in path.parent.parent.rglob("*")} - before <= {
        "library.db-wal", "library.db-shm",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "x" * 10_000}, "10000 characters; 120"),
        ({"name": "  "}, "give the scenario a name"),
        ({"name": "a\x00b"}, r"U\+0000"),
        ({"name": "a\nb"}, r"U\+000A"),
        ({"name": "\ud800"}, r"U\+D800"),
        ({"name": "abc\u202egpj"}, r"U\+202E"),
        ({"name": None}, "wrong kind"),
        ({"author": "名" * 61}, "61 characters; 60"),
        ({"note": "a\x1b[31m"}, r"U\+001B"),
        ({"note": "x" * 10_001}, "10001 characters; 10000"),
        ({"tags": ("t",) * 3 + tuple(map(str, range(20)))}, "21; 20"),
        ({"tags": ("t" * 41,)}, "41 characters; 40"),
        ({"tags": (3,)}, "wrong kind"),
        ({"district": "A" * 64}, "no fingerprint"),
        ({"policy": "b" * 63}, "no fingerprint"),
        ({"text": "x" * 1_000_001}, "1000001 characters"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(
    library: Library, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(JunhengError, match=said) as caught:
        library.save(Work(**{**_fields(work()), **changes}))
    assert caught.value.text("zh")
    assert library.entries() == ()


def test_opening_on_other_ground_is_told() -> None:
    entry = Entry("x", 1, MORNING, work(district_name="示范区"))
    assert entry.warnings(DATA, PACKS, "zh") == ()
    assert len(entry.warnings(DATA, "c" * 64, "en")) == 1
    data, packs = entry.warnings("c" * 64, "c" * 64, "zh")
    assert "示范区" in data
    assert "政策包" in packs


def test_a_file_that_is_no_library_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.db"
    wrong.write_bytes(b"this is not a database" * 100)
    with pytest.raises(JunhengError, match="no library"):
        open_library(wrong)
    assert wrong.read_bytes() == b"this is not a database" * 100
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file" / "library.db", tmp_path):
        with pytest.raises(JunhengError, match="cannot be opened"):
            open_library(place)


def test_the_library_of_a_later_program_is_left_alone(library: Library, path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE about SET schema = 2")
    connection.close()
    with pytest.raises(JunhengError, match="format 2, here 1"):
        open_library(path)


def test_where_the_library_lies() -> None:
    assert library_path({"JUNHENG_HOME": "/data/jh"}) == Path("/data/jh/library.db")
    assert library_path({}) == Path.home() / ".junheng" / "library.db"
