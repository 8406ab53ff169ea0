"""Every hostile file goes the way of an upload: a short sentence comes, and the page stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from simulator.errors import JunhengError
from simulator.incoming import child, readers
from simulator.incoming.line import LINE
from tests.app import hostile, pages

#: No sentence is longer than this, beside the name of the file in it.
LONGEST = 400
#: Words of Latin letters that a Chinese sentence may hold: names of programs, kinds and codings.
LATIN = frozenset(
    {
        "Excel",
        "WPS",
        "CSV",
        "csv",
        "xlsx",
        "UTF",
        "GB18030",
        "PNG",
        "XML",
        "YAML",
        "assumptions",
        "levers",
    }
)
#: What only a library or the interpreter says.
LIBRARY = re.compile(
    r"Traceback|Error\b|Exception|expected|unexpected|delimiter|found character|could not|mapping"
    r" values|codec|line \d+ column|EOF|NoneType|\bobject\b"
)
_pages: dict[tuple[str, str], AppTest] = {}


@pytest.fixture(autouse=True, scope="module")
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUNHENG_HOME", str(tmp_path_factory.mktemp("home")))
        yield
    _pages.clear()
    child.rest()


def _page(name: str, language: str) -> AppTest:
    """One page, to which one file is brought after the other, as a visitor would."""
    key = (name, language)
    if key not in _pages:
        _pages[key] = pages.opened(name, language)
    return _pages[key]


def _brought(test: AppTest, place: str, name: str, content: bytes) -> list[str]:
    """The sentences of refusal that the page shows once a file was brought."""
    test.file_uploader(place).set_value([(name, content, "application/octet-stream")]).run()
    assert not test.exception
    assert LINE.reading() == (), "nothing is read any more"
    return [pages.read(each.value) for each in test.error]


def _is_short(text: str, name: str, language: str) -> bool:
    """Whether a sentence can be read, in the visitor's language, with nothing of a library's."""
    bare = text.replace(name, "").replace(name.rsplit(".", 1)[0], "")
    bare = re.sub(r"“[^”]*”|'[^']*['…]", "", bare)  # what is quoted is the file's own
    words = set(re.findall(r"[A-Za-z]{3,}[0-9]*", bare))
    alike = words <= LATIN if language == "zh" else not re.search(r"[\u4e00-\u9fff]", bare)
    return len(bare) < LONGEST and alike and not LIBRARY.search(bare)


LANGUAGES = ("zh", "en")


def _by_turns(kinds: Iterable[str]) -> list[tuple[str, str]]:
    """Each kind of file in one of the languages, in turns."""
    return [(name, LANGUAGES[place % 2]) for place, name in enumerate(kinds)]


@pytest.mark.parametrize(("name", "language"), _by_turns(hostile.REFUSED))
def test_a_districts_file_is_refused_in_a_sentence(name: str, language: str) -> None:
    test = _page("data", language)
    before = test.session_state["session"].district
    told = _brought(test, "district_file", name, hostile.REFUSED[name]())
    assert len(told) == 1 and name in told[0]
    assert _is_short(told[0], name, language), told
    assert "import" not in test.session_state
    assert test.session_state["session"].district is before


@pytest.mark.parametrize(("name", "language"), _by_turns(hostile.READ))
def test_a_districts_file_is_read_and_what_is_wrong_is_told(name: str, language: str) -> None:
    test = _page("data", language)
    assert _brought(test, "district_file", name, hostile.READ[name]()) == []
    found = test.session_state["import_proposal"][1]
    assert found.source == name and not found.usable
    for each in found.findings:
        told = f"{each.message(language)}{each.mend(language)}"
        assert len(told) < LONGEST, told
    test.button("import_drop").click().run()
    assert not test.exception and "import" not in test.session_state


@pytest.mark.parametrize("name", hostile.YAML)
def test_a_scenario_is_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(JunhengError) as caught:
        readers.scenario(name, hostile.YAML[name](), "one")
    for language in LANGUAGES:
        for line in caught.value.text(language).split("\n"):  # type: ignore[arg-type]
            assert _is_short(line, name, language), line


@pytest.mark.parametrize(("name", "language"), _by_turns(hostile.YAML))
def test_a_pack_is_refused_in_a_sentence(name: str, language: str) -> None:
    told = _brought(_page("rulebook", language), "pack_files", name, hostile.YAML[name]())
    assert told
    for line in "\n".join(told).split("\n"):
        assert _is_short(line, name, language), line


@pytest.mark.parametrize(("name", "language"), _by_turns(hostile.JSON))
def test_a_file_of_saved_scenarios_is_refused_in_a_sentence(name: str, language: str) -> None:
    test = _page("library", language)
    told = _brought(test, "library_import", name, hostile.JSON[name]())
    assert len(told) == 1 and _is_short(told[0], name, language), told


def test_a_sentence_of_a_library_would_be_noticed() -> None:
    plain: Callable[[str, str], bool] = lambda text, speech: _is_short(text, "a.csv", speech)  # noqa: E731
    assert plain("“a.csv”已损坏。请用 Excel 重新另存。", "zh")
    assert not plain("“a.csv”不是完整的 CSV：unexpected end of data。", "zh")
    assert not plain("“a.csv” is not a CSV: unexpected end of data.", "en")
    assert not plain("“a.csv” 已损坏。", "en") and not plain("x" * LONGEST, "en")
