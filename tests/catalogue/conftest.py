"""The hub's own JSON schemas of the event types, where their folder is there to read, and payloads made from them.

The folder is CHUB_CONTRACT, or `../shared/contract` beside the repository; the tests that need it are skipped without.
"""

import copy
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import chub
import chub.sandbox
from chub.http import Request

FOLDER = Path(os.environ.get("CHUB_CONTRACT") or Path(__file__).parents[3] / "shared" / "contract")

Schema = dict[str, Any]
Steps = tuple[str | int, ...]


def plain(schema: Schema, currencies: list[str]) -> Schema:
    """Give a schema with one type each: without nulls, with the currencies in their places."""
    choices = [choice for choice in schema.get("oneOf", []) if choice != {"type": "null"}]
    if choices:
        (schema,) = choices
    names = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    (name,) = [name for name in names if name != "null"]
    made: Schema = {**schema, "type": name}
    if made.get("enum") == "$currencies":
        made["enum"] = currencies
    if "items" in made:
        made["items"] = plain(made["items"], currencies)
    if "properties" in made:
        made["properties"] = {key: plain(inner, currencies) for key, inner in made["properties"].items()}
    return made


def filled(schema: Schema) -> Any:
    """Give a JSON value in which everything that the schema lists is set."""
    if "enum" in schema:
        return schema["enum"][-1]
    if "properties" in schema:
        return {key: filled(inner) for key, inner in schema["properties"].items()}
    if schema["type"] == "array":
        return [filled(schema["items"]), filled(schema["items"])]
    if schema.get("format") == "date-time":
        return "2026-03-08T10:18:17.250Z"
    return {"string": "Straße 日本 \x00", "number": 12.5, "integer": 7, "object": {"a": [{"b": None}, True]}}[
        schema["type"]
    ]


def walk(schema: Schema, steps: Steps = ()) -> Iterator[tuple[Steps, Schema]]:
    """Give every schema in a schema, with the steps that lead to its value in what `filled` gives."""
    yield steps, schema
    for key, inner in schema.get("properties", {}).items():
        yield from walk(inner, (*steps, key))
    if "items" in schema:
        yield from walk(schema["items"], (*steps, 1))


def changed(payload: Any, steps: Steps, change: Callable[[Any, str | int], None]) -> Any:
    """Give a copy of a payload with something changed where the steps lead."""
    made = copy.deepcopy(payload)
    place = made
    for step in steps[:-1]:
        place = place[step]
    change(place, steps[-1])
    return made


class Hub:
    """A sandbox that takes raw events and gives back what it has stored of them."""

    def __init__(self, sandbox: chub.sandbox.Sandbox) -> None:
        self.sandbox = sandbox
        self.config = sandbox.config

    def post(self, event_type: str, properties: Any) -> tuple[int, list[str]]:
        """Post raw properties; give the status, and the pointers of the field errors."""
        back = {"type": "SESSION_ID", "value": "s", "nodeId": self.sandbox.node_id}
        body = {"type": event_type, "context": "OTHER", "bringBackProperties": back, "properties": properties}
        request = Request(
            method="POST",
            path=f"/workspaces/{self.sandbox.workspace_id}/events",
            template="",
            headers=(("Authorization", f"Bearer {self.sandbox.token}"),),
            body=json.dumps(body).encode(),
        )
        answer = self.sandbox.handle(request)
        return answer.status, [error["path"] for error in json.loads(answer.body).get("errors", [])]

    def there_and_back(self, event: chub.Event) -> chub.RecordedEvent:
        """Send an event and get it."""
        accepted = chub.add_event(self.config, event).unwrap()
        assert accepted.id
        return chub.get_event(self.config, accepted.id).unwrap()


@pytest.fixture(scope="session")
def contract() -> dict[str, Schema]:
    """The schema of each event type."""
    if not (FOLDER / "event_types.json").is_file():
        pytest.skip(f"needs the hub's schemas, and there are none in {FOLDER}")
    schemas = json.loads((FOLDER / "event_types.json").read_text(encoding="utf-8"))
    currencies = json.loads((FOLDER / "currencies.json").read_text(encoding="utf-8"))["currencies"]
    return {name: plain(schema, currencies) for name, schema in schemas.items()}


@pytest.fixture(scope="session")
def fill() -> Callable[[Schema], Any]:
    return filled


@pytest.fixture(scope="session")
def walked() -> Callable[[Schema], Iterator[tuple[Steps, Schema]]]:
    return walk


@pytest.fixture(scope="session")
def change() -> Callable[[Any, Steps, Callable[[Any, str | int], None]], Any]:
    return changed


@pytest.fixture(scope="session")
def hub() -> Iterator[Hub]:
    with chub.sandbox.open() as sandbox:
        yield Hub(sandbox)


@pytest.fixture(scope="session")
def row() -> Callable[[str, Any], dict[str, Any]]:
    """Make the row of an event that is to be sent."""
    return lambda event_type, properties: {
        "type": event_type,
        "context": "OTHER",
        "bringBackProperties": {"type": "SESSION_ID", "value": "s"},
        "properties": properties,
    }
