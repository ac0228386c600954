"""Where and with what an event happened: the `contextInfo` of the nine contexts, and the campaign that led there.

Which parts a context takes (everything else is refused by the hub):

    every context        client, user
    MOBILE               device too
    ECOMMERCE, RETAIL    store too
    RETAIL               sales_assistant too
"""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from attrs import frozen

from chub.values.base import WireValue
from chub.values.enums import Context, WireEnum
from chub.values.schema import Ipv4, Range

PARTS_OF_SOME_CONTEXTS: Mapping[str, frozenset[str]] = {
    "device": frozenset({Context.MOBILE}),
    "store": frozenset({Context.ECOMMERCE, Context.RETAIL}),
    "sales_assistant": frozenset({Context.RETAIL}),
}
"""The contexts that take a part of `ContextInfo`; `client` and `user` go with every one."""


@frozen(kw_only=True, repr=False)
class Geo(WireValue):
    """A place on Earth, in degrees."""

    lat: Annotated[float, Range(-90, 90)]
    lon: Annotated[float, Range(-180, 180)]


@frozen(kw_only=True, repr=False)
class Localization(WireValue):
    """Where the client was; of an address, where it is."""

    city: str | None = None
    country: str | None = None
    region: str | None = None
    province: str | None = None
    zip: str | None = None
    geo: Geo | None = None


@frozen(kw_only=True, repr=False)
class Address(Localization):
    """A postal address and its place on Earth.

    >>> Address(street="via Roma 1", city="Milano", geo=Geo(lat=45.46, lon=9.19))
    Address(city='Milano', geo=Geo(lat=45.46, lon=9.19), street='via Roma 1')
    """

    street: str | None = None


@frozen(kw_only=True, repr=False)
class Client(WireValue):
    """The program that acted for the customer; of an event without one the hub takes the HTTP request's own."""

    user_agent: str | None = None
    ip: Annotated[str, Ipv4()] | None = None
    localization: Localization | None = None


@frozen(kw_only=True, repr=False)
class Contacts(WireValue):
    """How to reach a person."""

    email: str | None = None
    mobile_phone: str | None = None
    phone: str | None = None


@frozen(kw_only=True, repr=False)
class User(WireValue):
    """The user account with which the customer acted; `id` is the account's own."""

    id: str
    external_id: str | None = None
    username: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    contacts: Contacts | None = None


@frozen(kw_only=True, repr=False)
class Device(WireValue):
    """The mobile device and the app on it."""

    bundle_identifier: str | None = None
    version_number: str | None = None
    build_number: str | None = None
    identifier_for_vendor: str | None = None
    system_version: str | None = None
    model: str | None = None
    device_vendor: str | None = None
    locale: str | None = None
    language: str | None = None


class StoreType(WireEnum):
    """What kind of store it is; SIS is a shop in a shop."""

    AIRPORT = "AIRPORT"
    ECOMMERCE = "ECOMMERCE"
    FLAGSHIP = "FLAGSHIP"
    FREE_STANDING = "FREE-STANDING"
    MALL = "MALL"
    OUTLET = "OUTLET"
    RESORT = "RESORT"
    SIS = "SIS"
    WAREHOUSE = "WAREHOUSE"
    NOT_DEFINED = "NOT-DEFINED"


@frozen(kw_only=True, repr=False)
class Store(Address):
    """The store, on a street or on the web."""

    id: str | None = None
    name: str | None = None
    type: StoreType | str | None = None
    website: str | None = None


@frozen(kw_only=True, repr=False)
class SalesAssistant(WireValue):
    """The person who served the customer in the store."""

    id: str
    first_name: str | None = None
    last_name: str | None = None
    contacts: Contacts | None = None


@frozen(kw_only=True, repr=False)
class ContextInfo(WireValue):
    """What is known of the circumstances of an event; which parts go with which context, says this module's head.

    >>> ContextInfo(client=Client(ip="192.0.2.7"))
    ContextInfo(client=Client(ip='192.0.2.7'))
    """

    client: Client | None = None
    user: User | None = None
    device: Device | None = None
    store: Store | None = None
    sales_assistant: SalesAssistant | None = None


def parts_outside(info: ContextInfo, context: Context | str) -> list[tuple[str, str]]:
    """Name the parts of `info` that this context does not take, each with the contexts that take it.

    >>> parts_outside(ContextInfo(device=Device(model="x")), Context.WEB)
    [('device', 'only MOBILE takes it, not WEB')]
    """
    return [
        (part, f"only {' and '.join(sorted(takers))} takes it, not {context}")
        for part, takers in PARTS_OF_SOME_CONTEXTS.items()
        if getattr(info, part) is not None and context not in takers
    ]


@frozen(kw_only=True, repr=False)
class Tracking(WireValue):
    """The campaign that led the visitor there: Google Analytics' `utm_*` parameters of the URL.

    >>> Tracking(utm_source="newsletter", utm_campaign="spring")
    Tracking(utm_source='newsletter', utm_campaign='spring')
    """

    KEEPS_NAMES: ClassVar[bool] = True

    utm_source: str | None = None
    utm_medium: str | None = None
    utm_term: str | None = None
    utm_content: str | None = None
    utm_campaign: str | None = None
