"""The sandbox's own statement of what the hub takes: event types, contexts, envelopes.

Everything is written in the notation of `chub.sandbox.notation` and compiled to JSON schemas on first use.
"""

from functools import cache
from typing import Final

from chub.sandbox.contract import behaviour, campaigns, commerce, envelope, gatherings
from chub.sandbox.notation import Schema, compile_object

SHAPES: Final = {
    **behaviour.SHAPES,
    **campaigns.SHAPES,
    **commerce.SHAPES,
    **envelope.SHAPES,
    **gatherings.SHAPES,
}
"""Every named shape; a name means the same thing in all the modules of this room."""

EVENT_TYPES: Final = {**behaviour.TYPES, **campaigns.TYPES, **commerce.TYPES, **gatherings.TYPES}
"""The event types that every workspace knows, each with its own properties."""

CONTEXTS: Final = tuple(envelope.CONTEXT_INFO)
"""Where an event can happen."""

PASSIVE: Final = frozenset({*behaviour.PASSIVE, *campaigns.PASSIVE, *commerce.PASSIVE, *gatherings.PASSIVE})
"""The event types that a customer receives; those of every other type, a customer makes."""

# Two places that every type has for what a workspace adds of its own.
_EVERY_TYPE: Final = " extraProperties:object extended:object?"


@cache
def type_schema(name: str) -> Schema:
    """Give the schema of the properties of an event type; KeyError where there is no such type."""
    return compile_object(EVENT_TYPES[name] + _EVERY_TYPE, SHAPES)


@cache
def context_schema(name: str) -> Schema:
    """Give the schema of the context info that goes with a context; KeyError where there is no such context."""
    return compile_object(envelope.CONTEXT_INFO[name], SHAPES)


@cache
def envelope_schema(name: str) -> Schema:
    """Give the schema of a request's body: one of `POST_EVENT`, `PUT_EVENT`, `CUSTOMER`, `SESSION` of `envelope`."""
    return compile_object(envelope.BODIES[name], SHAPES)


def mode_of(event_type: str) -> str:
    """Tell whether customers make events of this type (`ACTIVE`) or receive them (`PASSIVE`).

    A type that a workspace has added is `ACTIVE`, as the hub's configuration has it by default.

    >>> mode_of("viewedPage"), mode_of("campaignSent"), mode_of("somethingOfOurs")
    ('ACTIVE', 'PASSIVE', 'ACTIVE')
    """
    return "PASSIVE" if event_type in PASSIVE else "ACTIVE"
