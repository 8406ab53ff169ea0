"""The libraries: every one pinned, as installed, and under a licence that suits the MIT's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.repo import project

RUNTIME, TESTS = "requirements.txt", "tests/requirements.txt"
# Comes with every environment.
ENVIRONMENT = {"pip", "setuptools"}
# Licences that let an MIT program be used, changed and passed on with the library beside it. The
# MPL-2.0 asks that changes to the library's own files stay open, and nothing of the program.
FREE = (
    "0BSD", "Apache", "BSD", "CC0", "HPND", "ISC", "MIT", "MPL-2.0", "Mozilla Public License 2.0",
    "PSF", "Python Software Foundation", "Unlicense", "Zlib",
)  # fmt: skip
BINDING = re.compile(r"\bA?L?GPL|GNU|Affero|EUPL|SSPL|BUSL|Proprietary|Commercial", re.IGNORECASE)


def requirements(name: str) -> list[Requirement]:
    lines = (line.split("#")[0].strip() for line in project.text(name).splitlines())
    return [Requirement(line) for line in lines if line]


def here(names: list[Requirement]) -> list[Requirement]:
    """Those that this machine needs."""
    return [each for each in names if each.marker is None or each.marker.evaluate()]


def closure(names: list[Requirement]) -> dict[str, metadata.Distribution]:
    """Every library that these bring along, by its canonical name."""
    found: dict[str, metadata.Distribution] = {}
    todo = list(names)
    while todo:
        each = todo.pop()
        name = canonicalize_name(each.name)
        if name not in found and name not in ENVIRONMENT:
            found[name] = metadata.distribution(name)
            todo.extend(_needs(found[name], each.extras))
    return found


def _needs(library: metadata.Distribution, extras: set[str]) -> Iterator[Requirement]:
    for need in map(Requirement, library.requires or []):
        sides = [{"extra": extra} for extra in extras or {""}]
        if need.marker is None or any(need.marker.evaluate(side) for side in sides):
            yield need


@pytest.mark.parametrize("name", [RUNTIME, TESTS])
def test_every_line_is_one_exact_version(name: str) -> None:
    loose = [
        str(each)
        for each in requirements(name)
        if not re.fullmatch(r"==[\w.]+", str(each.specifier))
    ]
    assert loose == []
    names = [canonicalize_name(each.name) for each in requirements(name)]
    assert sorted(set(names)) == sorted(names)


def test_the_installed_versions_are_the_pinned_ones() -> None:
    pins = here(requirements(RUNTIME) + requirements(TESTS))
    other = [str(pin) for pin in pins if metadata.version(pin.name) not in pin.specifier]
    assert other == []


@pytest.mark.parametrize(("name", "on_top_of"), [(RUNTIME, ()), (TESTS, (RUNTIME,))])
def test_what_a_library_brings_along_is_pinned_too(name: str, on_top_of: tuple[str, ...]) -> None:
    pinned = {
        canonicalize_name(each.name) for file in (name, *on_top_of) for each in requirements(file)
    }
    assert sorted(set(closure(here(requirements(name)))) - pinned) == []


def test_no_library_stands_in_both_lists() -> None:
    runtime, tests = (
        {each.name.lower() for each in requirements(name)} for name in (RUNTIME, TESTS)
    )
    assert runtime & tests == set()


def test_the_program_imports_only_what_is_pinned_for_it() -> None:
    homes = metadata.packages_distributions()
    pinned = {canonicalize_name(each.name) for each in requirements(RUNTIME)}
    sources = [*project.python_files("simulator"), *project.python_files("app.py")]
    imported = {name for path in sources for name in project.imports(project.text(path))}
    unknown = {
        name
        for name in imported & set(homes)
        if not {canonicalize_name(home) for home in homes[name]} & pinned
    }
    assert unknown == set()


def licence(library: metadata.Distribution) -> str:
    """The licence that a library states: the expression, else the classifiers, else the text."""
    about = library.metadata
    classes = [line for line in about.get_all("Classifier", []) if line.startswith("License ::")]
    stated = about.get("License-Expression") or " ".join(classes) or about.get("License", "")
    return str(stated).strip().splitlines()[0] if stated else ""


def test_every_library_of_the_program_has_a_free_licence() -> None:
    libraries = closure(here(requirements(RUNTIME)))
    stated = {name: licence(library) for name, library in libraries.items()}
    assert {name: said for name, said in stated.items() if not suits(said)} == {}


def suits(said: str) -> bool:
    """Whether a licence suits a program under the MIT licence."""
    return any(free in said for free in FREE) and not BINDING.search(said)


def test_a_binding_licence_would_be_found() -> None:
    assert suits("MIT AND PSF-2.0")
    assert not suits("AGPL-3.0-or-later")
    assert not suits("License :: OSI Approved :: GNU General Public License v3 (GPLv3)")
    assert not suits("")
