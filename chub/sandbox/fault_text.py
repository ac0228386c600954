"""Scripts as JSON, for a file that somebody writes by hand.

An entry is null for nothing, the name of a fault, or an object with that name and its arguments:

    "commit_then_close"
    {"fault": "status", "code": 503, "retry_after": 2}
    {"fault": "drip", "every": 0.05, "reply": {"fault": "status", "code": 200}}

They stand one a line, or in one array.
"""

import json
from collections.abc import Iterator
from typing import Any

from chub.sandbox.fault_words import WORDS
from chub.sandbox.faults import Fault


def parse_faults(text: str) -> tuple[Fault | None, ...]:
    r"""Read a script: JSON, an entry a line or one array.  A ValueError tells the line of what is wrong.

    >>> parse_faults('null\n"commit_then_close"')
    (None, Drop(after='commit', by='close', seconds=inf))
    """
    entries = _of_array(text) if text.lstrip().startswith("[") else _of_lines(text)
    return tuple(_fault_at(line, entry) for line, entry in entries)


def _of_lines(text: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"line {number}: no JSON: {error.msg} (column {error.colno})") from None


def _of_array(text: str) -> Iterator[tuple[int, Any]]:
    """Give the entries with the lines where they begin."""
    try:
        entries = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno}: no JSON: {error.msg} (column {error.colno})") from None
    place = text.index("[") + 1
    for _ in entries:
        place += len(text[place:]) - len(text[place:].lstrip(" \t\r\n,"))
        entry, end = json.JSONDecoder().raw_decode(text, place)
        yield text.count("\n", 0, place) + 1, entry
        place = end


def _fault_at(line: int, entry: Any) -> Fault | None:
    try:
        return None if entry is None else _fault(entry)
    except (TypeError, ValueError) as error:
        raise ValueError(f"line {line}: {error}") from None


def _fault(entry: Any) -> Fault:
    arguments = {"fault": entry} if isinstance(entry, str) else entry
    if not isinstance(arguments, dict) or "fault" not in arguments:
        raise ValueError("an entry is null, a name, or an object with a name as its 'fault'")
    name = arguments["fault"]
    if not isinstance(name, str) or name not in WORDS:
        raise ValueError(f"{name!r} is no fault; there are: {', '.join(WORDS)}")
    rest = {key: _argument(key, value) for key, value in arguments.items() if key != "fault"}
    return WORDS[name](**rest)


def _argument(key: str, value: Any) -> Any:
    if key == "reply":
        return _fault(value)
    return value.encode() if key == "line" and isinstance(value, str) else value
