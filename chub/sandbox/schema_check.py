"""Whether a schema that somebody hands in can be judged by `chub.sandbox.schema`; no rule is dropped in silence."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from chub.sandbox.schema import TYPES

_UNJUDGED: Final = frozenset(
    """
    $ref $dynamicRef allOf anyOf const contains dependencies dependentRequired dependentSchemas else exclusiveMaximum
    exclusiveMinimum if maxContains maxItems maxLength maxProperties minContains minItems minProperties multipleOf not
    patternProperties prefixItems propertyNames then unevaluatedItems unevaluatedProperties uniqueItems
    """.split()  # noqa: SIM905
)


def schema_problems(schema: Any, where: str = "") -> Iterator[str]:
    """Tell everything for which a schema can't be used; other keywords than JSON Schema's own are remarks.

    >>> list(schema_problems({"properties": {"a": {"type": "strnig"}}}))
    ["/properties/a: type can't be 'strnig'"]
    """
    if isinstance(schema, bool):
        return
    if not isinstance(schema, Mapping):
        yield f"{where}: a schema is a mapping, not {type(schema).__name__}"
        return
    yield from (f"{where}: the sandbox does not judge {key}" for key in sorted(_UNJUDGED & schema.keys()))
    wrong = [key for key, is_right in _FORMS.items() if key in schema and not is_right(schema[key])]
    yield from (f"{where}: {key} can't be {schema[key]!r}" for key in wrong)
    for path, inner in _inner(schema, frozenset(wrong)):
        yield from schema_problems(inner, where + path)


def _inner(schema: Mapping[str, Any], wrong: frozenset[str]) -> Iterator[tuple[str, Any]]:
    if "properties" not in wrong:
        yield from ((f"/properties/{key}", inner) for key, inner in schema.get("properties", {}).items())
    if "oneOf" not in wrong:
        yield from ((f"/oneOf/{index}", inner) for index, inner in enumerate(schema.get("oneOf", ())))
    yield from ((f"/{key}", schema[key]) for key in ("items", "additionalProperties") if key in schema)


def _is_type(value: Any) -> bool:
    return all(isinstance(name, str) and name in TYPES for name in (value if isinstance(value, list) else [value]))


def _is_pattern(value: Any) -> bool:
    try:
        re.compile(value)
    except (re.error, TypeError):
        return False
    return True


def _is_key_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(key, str) for key in value)


def _instance(*types: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, types) and not isinstance(value, bool)


_FORMS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "type": _is_type,
    "enum": _instance(list),
    "required": _is_key_list,
    "properties": _instance(Mapping),
    "minimum": _instance(int, float),
    "maximum": _instance(int, float),
    "minLength": _instance(int),
    "pattern": _is_pattern,
    "format": _instance(str),
    "oneOf": _instance(list),
}
