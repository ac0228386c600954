"""The hub's own JSON schemas, where their folder is there to read, judged by a few lines that share nothing with chub.

The folder is CHUB_CONTRACT, or `../shared/contract` beside the repository.
"""

import ipaddress
import json
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

FOLDER = Path(os.environ.get("CHUB_CONTRACT") or Path(__file__).parents[2] / "shared" / "contract")


def read(name: str) -> Any:
    """Read a file of the contract; None where the folder isn't there."""
    file = FOLDER / f"{name}.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None


TYPES: Mapping[str, Any] = {
    "null": type(None),
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "object": dict,
    "array": list,
}
FORMATS = {
    "date-time": lambda text: datetime.fromisoformat(text).utcoffset() is not None,
    "ipv4": ipaddress.IPv4Address,
    "email": lambda text: text.count("@") == 1,
    "url": lambda text: urlsplit(text).netloc,
    "uri": lambda text: urlsplit(text).netloc,
}


def faults(schema: Mapping[str, Any], value: Any, path: str = "$") -> Iterator[str]:
    """Tell in what a JSON value breaks a schema."""
    if "oneOf" in schema:
        found = [[*faults(choice, value, path)] for choice in schema["oneOf"]]
        yield from [] if [] in found else found[-1]
    names = schema.get("type", list(TYPES))
    wanted = tuple(TYPES[name] for name in ([names] if isinstance(names, str) else names))
    if not any(isinstance(value, kind) for kind in wanted) or (isinstance(value, bool) and bool not in wanted):
        yield f"{path}: {value!r} is no {names}"
    elif isinstance(value, dict):
        yield from _faults_of_keys(schema, value, path)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from faults(schema.get("items", {}), item, f"{path}[{index}]")
    elif value is not None and not _fits(schema, value):
        yield f"{path}: {value!r} does not fit {schema}"


def _faults_of_keys(schema: Mapping[str, Any], value: Mapping[str, Any], path: str) -> Iterator[str]:
    listed = schema.get("properties", {})
    yield from (f"{path}.{key} is missing" for key in schema.get("required", ()) if key not in value)
    for key, item in value.items():
        if key in listed:
            yield from faults(listed[key], item, f"{path}.{key}")
        elif schema.get("additionalProperties") is False:
            yield f"{path}.{key} is not listed"


def _fits(schema: Mapping[str, Any], value: Any) -> bool:
    choices = read("currencies")["currencies"] if schema.get("enum") == "$currencies" else schema.get("enum")
    if isinstance(value, str):
        written = FORMATS.get(schema.get("format", ""), lambda text: True)
        return (choices is None or value in choices) and bool(written(value))
    return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
