"""A school's card as one HTML page that prints on one sheet of A4."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.present.school_card import SchoolCard, StageCard
    from simulator.present.table import Table

STYLE = """
:root{color-scheme:light}@page{size:A4;margin:12mm}
body{font:13px/1.45 "Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:#1b1f24;
max-width:186mm;margin:0 auto;padding:.5rem}
h1{font-size:1.35rem;margin:.2rem 0 .5rem}h2{font-size:1.02rem;margin:.7rem 0 .2rem}
dl{display:grid;grid-template-columns:repeat(4,max-content 1fr);gap:.1rem .6rem;margin:0}
dt{color:#5a6472}dd{margin:0}
table{border-collapse:collapse;width:100%;font-size:.88em}
th,td{border:1px solid #c9d1da;padding:.12rem .35rem;text-align:left}
th{background:#f2f5f9;font-weight:600}td.n{text-align:right;white-space:nowrap}
.pass{color:#00663f}.fail{color:#a63d00}.note{color:#5a6472;font-size:.85em}
@media print{body{font-size:10.5px;padding:0}section{break-inside:avoid}}
"""


def card_page(card: SchoolCard) -> str:
    """The card as a page of its own; every word of the data is made safe."""
    language = "zh-CN" if card.language == "zh" else "en"
    title = escape(card.title)
    return "\n".join([
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">',
        f"<title>{title}</title><style>{STYLE}</style></head><body><h1>{title}</h1>",
        "<dl>", *(_pair(name, text) for name, text in card.profile), "</dl>",
        *(part for stage in card.stages for part in _stage(stage)),
        f"<section><h2>{escape(card.money.title)}</h2>", *_table(card.money), "</section>",
        f'<p class="note">{escape(card.note)}</p></body></html>\n',
    ])  # fmt: skip


def _pair(name: str, text: str) -> str:
    return f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>"


def _stage(stage: StageCard) -> Iterator[str]:
    yield f"<section><h2>{escape(stage.label)}</h2>"
    yield f'<p class="{stage.status}">{escape(stage.verdict)}</p>'
    yield from _table(stage.indicators)
    if len(stage.lacks.rows):
        yield f"<h2>{escape(stage.lacks.title)}</h2>"
        yield from _table(stage.lacks)
    yield "</section>"


def _table(table: Table) -> Iterator[str]:
    heads = "".join(f"<th>{escape(table.heading(column))}</th>" for column in table.columns)
    yield f"<table><tr>{heads}</tr>"
    for row in table.texts():
        cells = "".join(
            f"<td{' class=n' if column.numeric else ''}>{escape(text)}</td>"
            for column, text in zip(table.columns, row, strict=True)
        )
        yield f"<tr>{cells}</tr>"
    yield "</table>"
