"""What every test may use: the browser, the published figures, and a repeatable hypothesis."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent

# The same examples on every run; HYPOTHESIS_PROFILE=explore looks for new ones.
settings.register_profile("repeatable", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


@pytest.fixture(scope="session", autouse=True)
def _home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test writes into the home of the person who runs it."""
    before = os.environ.get("JUNHENG_HOME")
    os.environ["JUNHENG_HOME"] = str(tmp_path_factory.mktemp("home"))
    yield
    if before is None:
        del os.environ["JUNHENG_HOME"]
    else:
        os.environ["JUNHENG_HOME"] = before


@pytest.fixture(autouse=True)
def _own_program() -> Iterator[None]:
    """A page that is tested leaves itself behind as the running program; processes start it."""
    program = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = program


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def published() -> Path:
    """The folder of published figures, which may lie beside the project."""
    folder = Path(os.environ.get("JUNHENG_PUBLISHED", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the published figures are not here: {folder}")
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    from tests import serving

    with serving.browser() as opened:
        yield opened


@pytest.fixture(scope="session")
def app_address() -> Iterator[str]:
    """The address of the app, served for this run."""
    from tests import serving

    with serving.serving(ROOT / "app.py") as address:
        yield address
