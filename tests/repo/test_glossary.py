"""The glossary: every word in both languages, once, and no message that cannot be filled in."""

from __future__ import annotations

import ast
import re
import string

import pytest
import yaml

from simulator import glossary
from tests.repo import project

CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Marks that Chinese does not write beside a Chinese character.
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?]|[,;:!?][\u4e00-\u9fff]")
FILES = [path for path in project.files() if path.match("simulator/glossary/*.yaml")]


@pytest.fixture(scope="module")
def terms() -> list[glossary.Term]:
    return list(glossary.terms().values())


def test_every_term_has_words_in_both_languages(terms: list[glossary.Term]) -> None:
    assert [term.id for term in terms if not (term.zh.strip() and term.en.strip())] == []


def test_every_chinese_word_is_chinese(terms: list[glossary.Term]) -> None:
    assert [term.id for term in terms if not _is_chinese(term.zh)] == []
    defined = [term for term in terms if term.zh_definition]
    assert [term.id for term in defined if not _is_chinese(term.zh_definition)] == []


def _is_chinese(words: str) -> bool:
    """Whether there is Chinese in it, or nothing but placeholders, marks and units."""
    bare = re.sub(r"\{[^}]*\}", "", words)
    return bool(CHINESE.search(bare)) or not re.search(r"[A-Za-z]{4,}", bare)


def test_no_english_word_holds_chinese(terms: list[glossary.Term]) -> None:
    mixed = [term.id for term in terms if _left_in_chinese(term.en)]
    assert mixed == []
    assert [term.id for term in terms if _left_in_chinese(term.en_definition)] == []


def _left_in_chinese(words: str) -> bool:
    """Whether Chinese stands outside of brackets, quotes, document numbers and a heading's unit."""
    kept = re.sub(
        r"[(（“\"'‘〔《][^)）”\"'’》]*[)）”\"'’》]|[\u4e00-\u9fff]+〔\d{4}〕\d+号|万元", "", words
    )
    return bool(CHINESE.search(kept))


def test_chinese_is_punctuated_as_chinese(terms: list[glossary.Term]) -> None:
    halves = [
        term.id
        for term in terms
        if HALF_WIDTH.search(re.sub(r"\{[^}]*\}", "数", term.zh))
        or HALF_WIDTH.search(term.zh_definition)
    ]
    assert halves == []


def test_both_languages_ask_for_the_same_parameters(terms: list[glossary.Term]) -> None:
    assert [term.id for term in terms if _fields(term.zh) != _fields(term.en)] == []


def _fields(message: str) -> set[str]:
    """The parameters of a message; ``zh_column`` and ``en_column`` are the same one."""
    names = (name for _, name, _, _ in string.Formatter().parse(message) if name is not None)
    return {name.removeprefix("zh_").removeprefix("en_") for name in names}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_id_stands_twice_in_a_file(path: object) -> None:
    node = yaml.compose(project.text(str(path)))
    keys = [key.value for key, _ in node.value] if node is not None else []
    assert sorted(set(keys)) == sorted(keys)


def test_every_finding_says_how_to_mend_it() -> None:
    ids = set(glossary.terms())
    codes = {name for name in ids if name.startswith("finding.") and not name.endswith(".mend")}
    assert sorted(code for code in codes if f"{code}.mend" not in ids) == []


def test_every_unit_named_by_a_term_has_words(terms: list[glossary.Term]) -> None:
    ids = set(glossary.terms())
    assert sorted({t.unit for t in terms if t.unit and f"unit.{t.unit}" not in ids}) == []


def test_every_error_and_label_named_in_the_code_has_words() -> None:
    ids = set(glossary.terms())
    named = {
        name for path in project.python_files("simulator") for name in used(project.text(path))
    }
    assert sorted(named - ids) == []


def used(source: str) -> set[str]:
    """The glossary ids that a source names outright in its calls."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            word, call = node.args[0].value, ast.unparse(node.func)
            if call in {"glossary.label", "glossary.text", "glossary.term"}:
                found.add(str(word))
            elif call == "JunhengError":
                found.add(f"error.{word}")
    return found


def test_the_searches_would_find_what_they_look_for() -> None:
    assert used("raise JunhengError('x', a=1)\nglossary.text('y', 'zh')") == {"error.x", "y"}
    assert _left_in_chinese("the 教学点 school") and not _left_in_chinese(
        "财教〔2006〕5号 (公用经费)"
    )
    assert not _is_chinese("English words") and _is_chinese("{name}：m²")
    assert HALF_WIDTH.search("有误,请更正")
