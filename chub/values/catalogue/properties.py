"""What the properties of every event type share, and `Custom` for the types that chub doesn't know."""

from collections.abc import Mapping
from typing import Any, ClassVar

from attrs import field, frozen

from chub.errors import InvalidValue, Problem
from chub.values.base import WireValue
from chub.values.frozen_dict import EMPTY, freeze
from chub.values.identities import text_fault
from chub.values.naming import type_name


# Without slots, so that a type may have a second base: the shape that it shares with other types, or with a nested
# value.  Python takes only one base with slots.
@frozen(kw_only=True, repr=False, slots=False)
class EventProperties(WireValue):
    """The base of the properties of each known event type; the class decides the type (`TYPE`).

    `extra_properties` is any further object of the sender's, `extended` the object that a workspace configures.
    """

    TYPE: ClassVar[str] = ""

    extra_properties: Mapping[str, Any] | None = None
    extended: Mapping[str, Any] | None = None

    def __init_subclass__(cls) -> None:
        cls.TYPE = type_name(cls.__name__)

    def __attrs_post_init__(self) -> None:
        if not self.TYPE:
            raise InvalidValue.of("", "EventProperties is the base of the event types and none itself")
        super().__attrs_post_init__()


@frozen
class Custom:
    """The properties of any other event type, as a free JSON object.

    `misfit` says why an event of a known type was read as this: its payload has another shape (not part of equality).

    >>> Custom("sawUnicorn", {"colour": "white"})
    Custom('sawUnicorn', {'colour': 'white'})
    """

    type: str
    properties: Mapping[str, Any] = EMPTY
    misfit: InvalidValue | None = field(default=None, eq=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        problems: list[Problem] = []
        fault = text_fault(self.type)
        if fault:
            problems.append(Problem(path="type", message=fault))
        else:  # a constant of `EventType` stands for its text
            object.__setattr__(self, "type", str.__str__(self.type))
        if isinstance(self.properties, Mapping):
            object.__setattr__(self, "properties", freeze(self.properties, "properties", problems))
        else:
            message = f"a mapping is needed, not {type(self.properties).__name__}"
            problems.append(Problem(path="properties", message=message))
        InvalidValue.check(problems)

    def __repr__(self) -> str:
        misfit = f", misfit={str(self.misfit)!r}" if self.misfit else ""
        return f"Custom({self.type!r}, {dict(self.properties)!r}{misfit})"


Properties = EventProperties | Custom


def event_type_of(value: EventProperties | type[EventProperties] | Custom) -> str:
    """Give the event type of properties, or of a class of them.

    >>> event_type_of(Custom("sawUnicorn"))
    'sawUnicorn'
    """
    return value.type if isinstance(value, Custom) else value.TYPE
