"""Fragments of HTML for notebooks, made of the standard library alone.

Every text is escaped and cut.  No colour of text or ground is set, so that the notebook's own hold, light or dark; and
nothing is loaded: there is no link, no image, no script.
"""

import re
from collections.abc import Iterable, Sequence
from html import escape

LONGEST = 200
"""Characters of a text that are shown."""

_LONGEST_ID = 16

# What a page can't hold or would obey: controls, separators, marks of direction, lone surrogates.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

# Edges that can be seen on white and on black, and told apart whatever colours a person sees.
NEUTRAL, GOOD, BAD = "rgba(128,128,128,.5)", "#009e73", "#d55e00"
_LINE = "1px solid rgba(128,128,128,.3)"
_BOX = "line-height:1.4;margin:.3em 0;padding:.1em 0 .1em .7em;max-width:84em;overflow-x:auto;border-left:3px solid"
# Notebooks set tables to the right, in columns of one width.
_TABLE = "table-layout:auto;border-collapse:collapse;margin:.3em 0 0;font-size:inherit"
_CELL = f"vertical-align:top;padding:.1em 1em .1em 0;border:none;border-top:{_LINE};overflow-wrap:break-word"
_LEFT, _RIGHT = f"text-align:left;{_CELL}", f"text-align:right;{_CELL};font-variant-numeric:tabular-nums"
_NAME = f"{_LEFT};white-space:nowrap;opacity:.75"


class Markup(str):
    """A text that is HTML already."""

    __slots__ = ()


def marked(text: str, longest: int = LONGEST) -> Markup:
    """Escape a text, for the content of an element or a quoted attribute.

    >>> marked('<b> & "b"')
    '&lt;b&gt; &amp; &quot;b&quot;'
    """
    if isinstance(text, Markup):
        return text
    short = text if len(text) <= longest else f"{text[:longest]}…"
    visible = _UNPRINTABLE.sub(lambda found: found.group().encode("unicode_escape").decode(), short)
    return Markup(escape(visible))


def lines(texts: Iterable[str]) -> Markup:
    """Write texts below each other.

    >>> lines(["a", "<b>"])
    'a<br>&lt;b&gt;'
    """
    return Markup("<br>".join(map(marked, texts)))


def faint(text: str) -> Markup:
    """Write a text less strongly than the rest, in whatever colour the notebook has.

    >>> faint("none")
    '<span style="opacity:.75">none</span>'
    """
    return Markup(f'<span style="opacity:.75">{marked(text)}</span>')


def short(text: str) -> Markup:
    """Write the first characters of a long text; the rest shows where somebody points at it.

    >>> short("CRM-17"), short("8f14e45f-ceea-467f-a5d8-1b2c3d4e5f60")
    ('CRM-17', '<span title="8f14e45f-ceea-467f-a5d8-1b2c3d4e5f60">8f14e45f-ceea…</span>')
    """
    if len(text) <= _LONGEST_ID:
        return marked(text)
    return Markup(f'<span title="{marked(text)}">{marked(text, _LONGEST_ID - 3)}</span>')


def table(rows: Iterable[Sequence[str | int]], head: Sequence[str] = ()) -> Markup:
    """Write rows of cells below their heads; numbers stand to the right, with their thousands apart.

    >>> table([("a", 1000)]).count("<td"), "1,000" in table([("a", 1000)])
    (2, True)
    """
    heads = "".join(f'<th style="{_LEFT};border-top:none;font-weight:600">{marked(cell)}</th>' for cell in head)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return _table(f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody>")


def fields(pairs: Iterable[tuple[str, str]]) -> Markup:
    """Write names and what they stand for; nothing where there are none.

    >>> fields([("owner", "CRM-17")]).count("<td"), fields([])
    (2, '')
    """
    rows = "".join(
        f'<tr><td style="{_NAME}">{marked(name)}</td><td style="{_LEFT}">{marked(value)}</td></tr>'
        for name, value in pairs
    )
    return _table(f"<tbody>{rows}</tbody>") if rows else Markup("")


def _table(inner: str) -> Markup:
    return Markup(f'<table style="{_TABLE}">{inner}</table>')


def _cell(cell: str | int) -> str:
    if isinstance(cell, str):
        return f'<td style="{_LEFT};white-space:nowrap">{marked(cell)}</td>'
    return f'<td style="{_RIGHT}">{cell:,}</td>'


def seconds(value: float) -> str:
    """Write how long something took.

    >>> seconds(0.04), seconds(1234.5)
    ('0.040', '1,234.5')
    """
    return f"{value:.3f}" if value < 10 else f"{value:,.1f}"


def call_facts(attempts: int, elapsed: float, tracing_id: str | None) -> list[tuple[str, str]]:
    """Give what a call took, for `fields`; nothing of what isn't known.

    >>> call_facts(2, 1.5, None), call_facts(1, 0.0, "7f")
    ([('attempts', '2'), ('seconds', '1.500')], [('tracing id', '7f')])
    """
    took = [("attempts", f"{attempts}"), ("seconds", seconds(elapsed))] if elapsed else []
    return [*took, *([("tracing id", tracing_id)] if tracing_id else [])]


def card(title: str, *parts: str, about: str = "", edge: str = NEUTRAL) -> str:
    """Write what a notebook shows of one value: its title, a word about it, and what it holds.

    >>> card("Accepted", about="id-1").startswith("<div style=")
    True
    """
    beside = f" {faint(about)}" if about else ""
    held = "".join(map(marked, parts))
    return f'<div style="{_BOX} {edge}"><strong>{marked(title)}</strong>{beside}{held}</div>'
