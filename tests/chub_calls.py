"""Calls that tests of several rooms make: an event sent, the ids of a walk."""

from typing import Any

import chub

HOME = chub.ViewedPage(title="Home")
EVENT_TEMPLATE = "/workspaces/{workspaceId}/events/{event_id}"
EVENTS_TEMPLATE = "/workspaces/{workspaceId}/events"


def visit(owner: chub.Owner, **more: Any) -> chub.Event:
    return chub.event(more.pop("properties", HOME), owner=owner, **{"context": "WEB", **more})


def add(config: chub.Config, event: chub.Event) -> str:
    return chub.add_event(config, event).unwrap().id or ""


def ids(config: chub.Config, **query: Any) -> list[str]:
    return [result.unwrap().id for result in chub.events(config, chub.event_query(**query))]


def sent_events(config: chub.Config, owner: chub.Owner, number: int) -> list[str]:
    """Send some events, and give their ids in the order in which the hub lists them: its own."""
    sent = [add(config, visit(owner)) for _ in range(number)]
    listed = ids(config, size=50)
    assert sorted(listed) == sorted(sent)
    return listed
