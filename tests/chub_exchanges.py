"""A POST and a GET, with what they send and are answered with, for tests of the transport."""

from typing import Any

import chub

EVENT = chub.event(chub.ViewedPage(title="Home"), owner=chub.CustomerId("c"), context="WEB")
QUERY = chub.event_query(types=["a b"], page=0)
EVENTS = "/workspaces/{workspaceId}/events"
QUICK = chub.Timeouts(connect=2, read=0.05, total=5)
ACCEPTED = b'{"id":"e1"}'
PAGE = b'{"elements":[],"page":{"number":0,"size":10}}'


def post(config: chub.Config) -> Any:
    return chub.add_event(config, EVENT)


def get(config: chub.Config) -> Any:
    return chub.operations.list_events(config, QUERY).bind(lambda operation: chub.send(config, operation))
