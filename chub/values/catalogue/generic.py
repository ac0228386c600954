"""Generic: two types for whatever has no type of its own; what happened is in `name` and `extra_properties`."""

from attrs import frozen

from chub.values.catalogue.properties import EventProperties


@frozen(kw_only=True, repr=False)
class GenericActiveEvent(EventProperties):
    """A customer did something that no other type stands for.

    >>> GenericActiveEvent(name="sawUnicorn", extra_properties={"colour": "white"})
    GenericActiveEvent(extra_properties=FrozenDict({'colour': 'white'}), name='sawUnicorn')
    """

    name: str | None = None


@frozen(kw_only=True, repr=False)
class GenericPassiveEvent(EventProperties):
    """Something happened to a customer that no other type stands for.

    >>> GenericPassiveEvent(name="wonRaffle")
    GenericPassiveEvent(name='wonRaffle')
    """

    name: str | None = None
