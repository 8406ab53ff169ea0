"""The mutants themselves: what is changed and what is spared, the draw, the score, one trial."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutants import nursery, reporting, sampling
from tests.mutants.__main__ import Nursery
from tests.mutants.making import Mutant, counts, mutants
from tests.mutants.reporting import ROOMS, SCORED, Run, Tried
from tests.readmes import README
from tests.repo import project

SOURCE = '''
"""What is 1 + 1."""
from numpy import maximum
from simulator.machine.language import above

LIMIT: "int | None" = 3


@formula(cites="law 42", weight=7)
def paid(heads: int = 5) -> "float | None":
    """Heads above 2."""
    assert heads > 0
    good = heads >= LIMIT and True
    rest = maximum(heads - 1, 0) * 0.5
    for one, two in zip(heads, rest, strict=True):
        print(f"{one + two:.2f}")
    return min(rest, above(heads, np.searchsorted(rest, 9, side="left")))
'''


def changes(source: str = SOURCE) -> set[tuple[str, str]]:
    made = [each for each in mutants("made.py", source) if counts(each, source)]
    return {(each.before, each.after) for each in made}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("3", "4"), ("3", "2"), ("5", "6"), ("9", "8"), ("1", "0"), ("0.5", "1.0"),
        ("heads - 1", "(heads + 1)"),
        ("heads >= LIMIT", "(heads > LIMIT)"), ("heads >= LIMIT", "(heads < LIMIT)"),
        ("heads >= LIMIT and True", "(heads >= LIMIT or True)"), ("True", "False"),
        ("min", "max"), ("maximum", "minimum @ numpy"), ('"left"', "'right'"),
        ("above", "at_least @ simulator.machine.language"),
    ],
)  # fmt: skip
def test_operators_constants_comparisons_and_extremes_are_changed(before: str, after: str) -> None:
    assert (before, after) in changes()


def test_texts_citations_types_and_promises_are_spared() -> None:
    befores = [before for before, _ in changes()]
    assert not {"7", "42", "one + two", "heads > 0", "int | None"} & set(befores)
    # the only flag that is changed is the one of the rule: not zip's
    flags = [each for each in mutants("made.py", SOURCE) if each.before == "True"]
    assert [SOURCE.splitlines()[each.line - 1].strip() for each in flags] == [
        "good = heads >= LIMIT and True"
    ]


def test_a_change_stands_where_it_says_also_behind_chinese() -> None:
    source = 'label = "均衡"; more = 1 + 2\n'
    found = [each for each in mutants("made.py", source) if each.before == "1 + 2"]
    assert [each.applied(source) for each in found] == [
        'label = "均衡"; more = (1 * 2)\n', 'label = "均衡"; more = (1 - 2)\n',
    ]  # fmt: skip


def test_a_word_from_elsewhere_is_fetched() -> None:
    source = "from simulator.machine.language import above\nflag = above(1, 1)\n"
    (made,) = [each for each in mutants("made.py", source) if each.before == "above"]
    room: dict[str, object] = {}
    exec(made.applied(source), room)
    assert room["flag"] == 1  # one is at least one, and not above it


def test_a_change_that_is_none_or_no_program_does_not_count() -> None:
    same = Mutant("made.py", 1, 4, 5, "1", "(1)", "a = 1", 0)
    broken = Mutant("made.py", 1, 4, 5, "1", ")", "a = 1", 0)
    assert not counts(same, "a = 1\n")
    assert not counts(broken, "a = 1\n")


def test_the_same_seed_draws_the_same_mutants_and_a_larger_sample_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few = {"law": "formulas/training", "results": "engine/books", "plan": "plan/watch"}
    few |= {"present": "export/lever_rows"}
    monkeypatch.setattr(
        sampling, "FILES", {room: (f"simulator/{name}.py",) for room, name in few.items()}
    )
    small, again, large = (sampling.draw(size, 7) for size in (6, 6, 12))
    assert small == again
    assert {each.mutant for each in small} < {each.mutant for each in large}
    assert small != sampling.draw(6, 8)
    rooms = [each.room for each in large]
    assert [rooms.count(room) for room in SCORED] == [4, 4, 4]


def test_a_draw_may_be_of_some_files_alone() -> None:
    some = sampling.draw_only(["simulator/engine/books", "simulator/export/lever_rows"], 4, 7)
    assert [each.room for each in some] == ["results"] * 4 + ["present"] * 4
    assert {each.mutant.file for each in some} == {
        "simulator/results/pupil_books.py", "simulator/present/sentences/lever_rows.py",
    }  # fmt: skip
    assert sampling.sources("results", ["simulator/engine/bo"]) == [
        "simulator/results/pupil_books.py"
    ]


@pytest.mark.parametrize(
    ("job", "outcome"),
    [
        # no processor's seconds are left, or none are used until the clock ends it
        ("while True: pass", "hung"),
        ("import time; time.sleep(60)", "late"),
        ("", "survived"),
    ],
)
def test_only_who_uses_the_processor_up_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, job: str, outcome: str
) -> None:
    (tmp_path / "test_made.py").write_text(f"def test_made():\n    {job or 'assert True'}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(nursery, "PATIENCE", 2 if outcome == "late" else 100)
    found = nursery.tried({"module": None, "tests": [str(tmp_path)], "seconds": 3})
    assert found["outcome"] == outcome


def test_every_file_has_tests_that_are_there_and_count() -> None:
    for room in sampling.FILES:
        for file in sampling.sources(room):
            tests = [each.partition("::") for each in sampling.tests_of(file)]
            assert tests, file
            assert [name for name, _, _ in tests if not (project.ROOT / name).exists()] == []
            for name, _, function in tests:
                assert not function or f"def {function}(" in project.text(name)
                assert not any(Path(name).is_relative_to(out) for out in sampling.left_out())


def test_every_equivalent_is_still_there_and_has_its_reason() -> None:
    keys = sampling.equivalents()
    files = {key[0] for key in keys}
    made = {each.key for file in files for each in mutants(file, sampling.source(file))}
    assert sorted(set(keys) - made) == []
    assert [key for key, why in keys.items() if len(why) < 20] == []


MUTANT = Mutant("simulator/made.py", 3, 0, 1, "1", "2", "a = 1", 0)


def test_the_score_leaves_out_what_does_not_count() -> None:
    outcomes = ["killed", "hung", "survived", "stillborn", "equivalent", "late"]
    tried = [Tried(MUTANT, "law", outcome) for outcome in outcomes]
    tried.append(Tried(MUTANT, "plan", "survived"))
    assert reporting.score(tried, ["law"]) == (2, 3)
    assert reporting.score(tried, SCORED) == (2, 4)
    assert reporting.score(tried, ["present"]) == (0, 0)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_table_has_a_line_for_each_room_and_their_sum(language: str) -> None:
    run = Run(1, 9, (Tried(MUTANT, "law", "killed"), Tried(MUTANT, "plan", "survived")))
    lines = reporting.table(run, language).splitlines()
    assert len(lines) == 2 + len(ROOMS) + 1
    assert lines[2].endswith("| 1 | 1 | 100.0% |")
    assert lines[4].endswith("| 1 | 0 | 0.0% |")
    assert lines[5].endswith("| 0 | 0 | – |")
    assert lines[6].endswith("| 2 | 1 | 50.0% |")


def test_the_report_names_survivors_by_place_and_change() -> None:
    page = reporting.report(Run(1, 9, (Tried(MUTANT, "law", "survived"),)))
    assert "- simulator/made.py:3: `1` → `2` in `a = 1`" in page


@pytest.mark.parametrize("name", sorted(README.values()))
def test_a_readme_has_a_place_for_the_score(name: str) -> None:
    renewed = reporting.renewed(project.text(name), "new")
    assert f"{reporting.START}\nnew\n{reporting.END}" in renewed


def test_without_markers_nothing_is_renewed() -> None:
    with pytest.raises(ValueError, match="mutants:start"):
        reporting.renewed("no markers", "new")


def test_a_mutant_is_noticed_in_a_copy_and_the_copy_is_whole_again(tmp_path: Path) -> None:
    file = "simulator/machine/language.py"
    made = mutants(file, sampling.source(file))
    larger = next(each for each in made if each.before == "np.maximum")
    tests = ["tests/unit/formulas/test_language_by_hand.py"]
    nursery = Nursery(tmp_path / "copy")
    try:
        killed = nursery.tried(larger, tests, 60)
        whole = nursery.unchanged(tests)
        # the year before the base year cannot be the base: the program refuses to be loaded
        broken = Mutant(file, 1, 0, 3, '"""', "1/0", "", 0)
        stillborn = nursery.tried(broken, tests, 60)
    finally:
        nursery.close()
    assert (killed["outcome"], whole["outcome"]) == ("killed", "survived")
    assert killed["by"].startswith(tests[0])
    assert stillborn["outcome"] == "stillborn"
    assert project.text(file) == sampling.source(file)
