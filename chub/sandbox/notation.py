"""A short notation for JSON schemas, compiled to the schemas that `chub.sandbox.schema` judges by.

    orderId                a text              price:num>=0        a number from 0 on
    key!                   one that must be    lat:num>=-90<=90    a number in a range
    vendor:text?           a text or null      value:text+         a text that isn't empty
    tags:[text]            an array of texts   amount:amount       the shape of that name
    extended:object?       any object, or null

An object is closed unless its last word is `...`; a shape that starts with `=` lists the texts that are allowed.
Kinds: text, line (a text of one line, not empty), num, int, bool, time (an instant with its zone), ipv4, object.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

Schema = Mapping[str, Any]
"""A JSON schema."""

_FIELD: Final = re.compile(r"(?P<name>\w+)(?P<required>!)?(:(?P<kind>\S+))?")
_KIND: Final = re.compile(r"(?P<name>\w+)(?P<filled>\+)?(>=(?P<minimum>-?\d+))?(<=(?P<maximum>-?\d+))?(?P<null>\?)?")
_PRIMITIVES: Final[Mapping[str, Schema]] = {
    "text": {"type": "string"},
    "line": {"type": "string", "pattern": "^.+$"},
    "num": {"type": "number"},
    "int": {"type": "integer"},
    "bool": {"type": "boolean"},
    "object": {"type": "object"},
    "time": {"type": "string", "format": "date-time"},
    "ipv4": {"type": "string", "format": "ipv4"},
}


def compile_object(words: str, shapes: Mapping[str, str]) -> dict[str, Any]:
    """Make the schema of an object.

    >>> compile_object("key! value:text? ...", {})["required"]
    ['key']
    """
    *fields, last = words.split() or [""]
    is_open = last == "..."
    matches = [_match(_FIELD, word) for word in (fields if is_open or not last else [*fields, last])]
    required = [match["name"] for match in matches if match["required"]]
    return {
        "type": "object",
        "properties": {match["name"]: _kind(match["kind"] or "text", shapes) for match in matches},
        **({} if is_open else {"additionalProperties": False}),
        **({"required": required} if required else {}),
    }


def _match(form: re.Pattern[str], word: str) -> re.Match[str]:
    match = form.fullmatch(word)
    if match is None:
        raise ValueError(f"{word!r} is not in the notation of the contract")
    return match


def _kind(word: str, shapes: Mapping[str, str]) -> dict[str, Any]:
    if word.startswith("[") and word.endswith("]"):
        return {"type": "array", "items": _kind(word[1:-1], shapes)}
    match = _match(_KIND, word)
    schema = _named(match["name"], shapes)
    schema |= {limit: int(match[limit]) for limit in ("minimum", "maximum") if match[limit]}
    if match["filled"]:
        schema["minLength"] = 1
    if match["null"]:
        schema["type"] = [schema["type"], "null"]
    return schema


def _named(name: str, shapes: Mapping[str, str]) -> dict[str, Any]:
    if name in _PRIMITIVES:
        return dict(_PRIMITIVES[name])
    shape = shapes[name]
    if shape.startswith("="):
        return {"type": "string", "enum": shape[1:].split()}
    return compile_object(shape, shapes)
