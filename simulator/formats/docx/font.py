"""The font that charts of a brief are lettered with: one on this machine that writes Chinese."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from pathlib import Path

from PIL import ImageFont

#: Files of fonts with Chinese, the likeliest first: Windows, macOS, Linux.
NAMES = (
    "msyh.ttc", "simhei.ttf", "simsun.ttc", "PingFang.ttc", "Hiragino Sans GB.ttc",
    "STHeiti Light.ttc", "NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf",
    "NotoSansSC-Regular.otf", "SourceHanSansSC-Regular.otf", "SourceHanSansCN-Regular.otf",
    "wqy-microhei.ttc", "wqy-zenhei.ttc", "DroidSansFallbackFull.ttf", "NotoSerifCJK-Regular.ttc",
)  # fmt: skip
FACES = 12
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def folders() -> Iterator[Path]:
    """Where systems keep their fonts."""
    yield Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"
    yield from (Path("/System/Library/Fonts"), Path("/Library/Fonts"))
    yield from (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
    yield from (Path.home() / ".fonts", Path.home() / ".local" / "share" / "fonts")


@functools.cache
def chinese() -> tuple[str, int] | None:
    """File and face of a font that writes simplified Chinese; None where there is none."""
    there: dict[str, Path] = {}
    for folder in folders():
        for path in folder.rglob("*.[ot]t[cf]") if folder.is_dir() else ():
            there.setdefault(path.name.casefold(), path)
    for name in NAMES:
        found = there.get(name.casefold())
        if found is not None:
            return str(found), _simplified(found)
    return None


def _simplified(path: Path) -> int:
    """The face of a collection that is drawn for simplified Chinese; the first by default."""
    for face in range(FACES):
        try:
            family = ImageFont.truetype(str(path), 12, index=face).getname()[0] or ""
        except OSError:
            break
        if family.endswith((" SC", " CN")):
            return face
    return 0


def font(size: int) -> Font:
    """A font of a size in pixels: with Chinese where there is one, else Pillow's own."""
    found = chinese()
    if found is None:
        return ImageFont.load_default(size)
    return ImageFont.truetype(found[0], size, index=found[1])


def writes(text: str) -> bool:
    """Whether the charts can write a text on this machine."""
    return chinese() is not None or text.isascii()
