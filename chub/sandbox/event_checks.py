"""What the hub refuses of an event that comes in, by POST or by PUT: every violation of the whole body at once."""

from collections.abc import Iterator
from typing import Any, Final

from chub.sandbox import contract
from chub.sandbox.schema import Violation, violations
from chub.sandbox.text import write_json
from chub.sandbox.workspace import Workspace

LARGEST: Final = 64 * 1024
"""How many bytes `properties` and `contextInfo` may have, each as compact JSON in UTF-8."""


def posted_event_violations(workspace: Workspace, body: Any) -> Iterator[Violation]:
    """Tell what is wrong with the body of a POST."""
    yield from _event_violations(workspace, "POST_EVENT", body)
    if isinstance(body, dict) and (body.get("customerId") is None) == (body.get("bringBackProperties") is None):
        yield Violation("/customerId", "owner", "exactly one of customerId and bringBackProperties is needed")


def put_event_violations(workspace: Workspace, body: Any, event_id: str) -> Iterator[Violation]:
    """Tell what is wrong with the body of a PUT; a reconciled event bears both of its owners."""
    yield from _event_violations(workspace, "PUT_EVENT", body)
    if not isinstance(body, dict):
        return
    if body.get("customerId") is None and body.get("bringBackProperties") is None:
        yield Violation("/customerId", "owner", "customerId or bringBackProperties is needed")
    if isinstance(body.get("id"), str) and body["id"] != event_id:
        yield Violation("/id", "id", "is not the id of the path")


def _event_violations(workspace: Workspace, envelope: str, body: Any) -> Iterator[Violation]:
    yield from violations(contract.envelope_schema(envelope), body)
    if isinstance(body, dict):
        yield from _mode_violations(workspace, body)
        yield from _type_violations(workspace, body)
        yield from _context_violations(body)
        for name in ("properties", "contextInfo"):
            yield from _size_violations(name, body.get(name))


def _mode_violations(workspace: Workspace, body: dict[str, Any]) -> Iterator[Violation]:
    if "mode" in body and workspace.options.mode == "refuse":
        yield Violation("/mode", "additionalProperties", "is not a key that is known here")


def _type_violations(workspace: Workspace, body: dict[str, Any]) -> Iterator[Violation]:
    event_type, properties = body.get("type"), body.get("properties")
    if not isinstance(event_type, str):
        return
    try:
        schema = workspace.type_schema(event_type)
    except KeyError:
        yield Violation("/type", "unknown", "is no type of event that this workspace knows")
        return
    if schema is not None and isinstance(properties, dict):
        yield from violations(schema, properties, "/properties")


def _context_violations(body: dict[str, Any]) -> Iterator[Violation]:
    context, info = body.get("context"), body.get("contextInfo")
    if isinstance(context, str) and context in contract.CONTEXTS and isinstance(info, dict):
        yield from violations(contract.context_schema(context), info, "/contextInfo")


def _size_violations(name: str, value: Any) -> Iterator[Violation]:
    size = len(write_json(value)) if isinstance(value, dict) else 0
    if size > LARGEST:
        yield Violation(f"/{name}", "size", f"has {size} bytes, and may have {LARGEST}")
