"""A small part of JSON Schema: enough for the contract and for what workspaces add.  Pure; gives all violations.

Schemas that others wrote go through `chub.sandbox.schema_check` first, which refuses what isn't judged here.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from ipaddress import AddressValueError, IPv4Address
from typing import Any, Final

from attrs import frozen

from chub.sandbox.text import read_instant


@frozen
class Violation:
    """One thing that is wrong: where, as a JSON pointer, the keyword that says so, and the same for people."""

    path: str
    code: str
    message: str


def violations(schema: Any, value: Any, path: str = "") -> Iterator[Violation]:
    """Tell everything in which a JSON value breaks a schema, the outermost first."""
    if isinstance(schema, bool):
        if not schema:
            yield Violation(path, "false", "is not allowed")
    elif "type" in schema and not _is_of(schema["type"], value):
        yield Violation(path, "type", f"must be {_one_of(schema['type'])}, not {_type_name(value)}")
    else:
        for keyword, rule in _RULES.items():
            if keyword in schema:
                yield from rule(schema, value, path)


def pointer(path: str, key: str | int) -> str:
    """Add a step to a JSON pointer (RFC 6901).

    >>> pointer("/properties", "a/b")
    '/properties/a~1b'
    """
    return f"{path}/{str(key).replace('~', '~0').replace('/', '~1')}"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_integer(value: Any) -> bool:
    return _is_number(value) and value == value // 1


TYPES: Final[Mapping[str, Callable[[Any], bool]]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": _is_integer,
    "number": _is_number,
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
"""JSON's types, and what tells a value of each."""


def _names(types: str | list[str]) -> list[str]:
    return [types] if isinstance(types, str) else types


def _is_of(types: str | list[str], value: Any) -> bool:
    return any(TYPES[name](value) for name in _names(types))


def _one_of(types: str | list[str]) -> str:
    return " or ".join(_names(types))


def _type_name(value: Any) -> str:
    return next(name for name, holds in TYPES.items() if holds(value))


def _enum(schema: Any, value: Any, path: str) -> Iterator[Violation]:
    # Python takes True for 1; JSON does not.
    if not any(allowed == value and isinstance(allowed, bool) == isinstance(value, bool) for allowed in schema["enum"]):
        yield Violation(path, "enum", "is none of the values that are allowed here")


def _required(schema: Any, value: Any, path: str) -> Iterator[Violation]:
    if isinstance(value, dict):
        missing = [key for key in schema["required"] if key not in value]
        yield from (Violation(pointer(path, key), "required", "is required") for key in missing)


def _additional(schema: Any, value: Any, path: str) -> Iterator[Violation]:
    if not isinstance(value, dict):
        return
    rule = schema["additionalProperties"]
    for key in (key for key in value if key not in schema.get("properties", {})):
        if rule is False:
            yield Violation(pointer(path, key), "additionalProperties", "is not a key that is known here")
        else:
            yield from violations(rule, value[key], pointer(path, key))


def _properties(schema: Any, value: Any, path: str) -> Iterator[Violation]:
    if isinstance(value, dict):
        for key, inner in schema["properties"].items():
            if key in value:
                yield from violations(inner, value[key], pointer(path, key))


def _items(schema: Any, value: Any, path: str) -> Iterator[Violation]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from violations(schema["items"], item, pointer(path, index))


def _minimum(schema: Any, value: Any, path: str) -> Iterator[Violation]:
    if _is_number(value) and value < schema["minimum"]:
        yield Violation(path, "minimum", f"must not be less than {schema['minimum']}")


def _maximum(schema: Any, value: Any, path: str) -> Iterator[Violation]:
    if _is_number(value) and value > schema["maximum"]:
        yield Violation(path, "maximum", f"must not be more than {schema['maximum']}")


def _min_length(schema: Any, value: Any, path: str) -> Iterator[Violation]:
    if isinstance(value, str) and len(value) < schema["minLength"]:
        yield Violation(path, "minLength", f"must have at least {schema['minLength']} characters")


def _pattern(schema: Any, value: Any, path: str) -> Iterator[Violation]:
    if isinstance(value, str) and not re.search(schema["pattern"], value):
        yield Violation(path, "pattern", f"does not match {schema['pattern']}")


def _is_ipv4(text: str) -> bool:
    try:
        IPv4Address(text)
    except AddressValueError:
        return False
    return True


_FORMATS: Final[Mapping[str, tuple[Callable[[str], bool], str]]] = {
    "date-time": (lambda text: read_instant(text) is not None, "must be an instant with its zone"),
    "ipv4": (_is_ipv4, "must be an IPv4 address"),
}


def _format(schema: Any, value: Any, path: str) -> Iterator[Violation]:
    holds, message = _FORMATS.get(schema["format"], (None, ""))
    if holds and isinstance(value, str) and not holds(value):
        yield Violation(path, "format", message)


def _one(schema: Any, value: Any, path: str) -> Iterator[Violation]:
    fitting = sum(not any(violations(choice, value, path)) for choice in schema["oneOf"])
    if fitting != 1:
        yield Violation(path, "oneOf", f"must fit exactly one of the shapes that are allowed here, not {fitting}")


_RULES: Final[Mapping[str, Callable[[Any, Any, str], Iterator[Violation]]]] = {
    "enum": _enum,
    "required": _required,
    "additionalProperties": _additional,
    "properties": _properties,
    "items": _items,
    "minimum": _minimum,
    "maximum": _maximum,
    "minLength": _min_length,
    "pattern": _pattern,
    "format": _format,
    "oneOf": _one,
}
