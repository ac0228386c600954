"""What a notebook would show of a value, taken apart: its tags, their attributes, its texts."""

import re
from html.parser import HTMLParser
from typing import Any

TAGS = {"div", "strong", "span", "table", "thead", "tbody", "tr", "th", "td", "br"}
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</td></tr></table></div><iframe src=//evil.example>",
    "<!-- ",
    "]]>",
    "&lt;b&gt; &#60; &amp;",
    "javascript:alert(1)",
    "red;background:url(//evil.example)",
    "\ud800",
    "\x00\x1b[2J\u202e",
    "a" * 1000,
    '"' * 300,
]


class Shown(HTMLParser):
    """The HTML of a value; raises `AssertionError` where it isn't well-formed."""

    def __init__(self, value: Any) -> None:
        super().__init__(convert_charrefs=True)
        self.html = value if isinstance(value, str) else value._repr_html_()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.rows: list[list[str]] = []
        self._open: list[str] = []
        self.feed(self.html)
        self.close()
        assert [] == self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag != "br":
            self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag == "br":
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        assert tag == self._open.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if "td" in self._open or "th" in self._open:
            self.rows[-1][-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment

    @property
    def text(self) -> str:
        """All that can be read."""
        return "".join(self.texts)


def check_harmless(value: Any) -> Shown:
    """Take a value's HTML apart, and check that no text of the value became a part of it, and that it loads nothing."""
    shown = Shown(value)
    assert shown.tags <= TAGS
    assert {name for name, _ in shown.attributes} <= {"style", "title"}
    for name, style in shown.attributes:
        if name == "style":
            assert re.fullmatch(r"[a-z0-9#%.,:;() -]+", style or "")
            assert not re.search(r"url|background|(^|;)color", style or "")
    assert shown.html.encode().decode() == shown.html
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", shown.html)
    return shown
