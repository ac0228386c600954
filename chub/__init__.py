"""chub: a functional, immutable-data client for ContactHub.

Build frozen values with pure functions, hand a `Config` and a value to a stateless function, get a `Result`:

    config = chub.config(workspace_id="w", node_id="n", token=chub.token_from_env("CHUB_TOKEN"))
    event = chub.event(chub.ViewedPage(title="Home"), owner=chub.CustomerId("c"), context="WEB")
    chub.add_event(config, event)   # Result[Accepted, ChubError]

Importing this module loads nothing else: a name is resolved when it is first used.
"""

TYPE_CHECKING = False  # type checkers take it for True, as they do that of `typing`, whose import would take 10 ms

if TYPE_CHECKING:
    from typing import Any

    from chub import frames as frames
    from chub import sandbox as sandbox
    from chub import testing as testing
    from chub.api import add_customer as add_customer
    from chub.api import add_event as add_event
    from chub.api import add_session as add_session
    from chub.api import delete_customer as delete_customer
    from chub.api import delete_event as delete_event
    from chub.api import delete_session as delete_session
    from chub.api import event_pages as event_pages
    from chub.api import events as events
    from chub.api import find_customer as find_customer
    from chub.api import find_session as find_session
    from chub.api import get_customer as get_customer
    from chub.api import get_event as get_event
    from chub.api import get_session as get_session
    from chub.api import new_session_id as new_session_id
    from chub.api import sessions as sessions
    from chub.api import update_event as update_event
    from chub.api import wait_for_event as wait_for_event
    from chub.bars import rich_observer as rich_observer
    from chub.bars import tqdm_observer as tqdm_observer
    from chub.bulk import Deliveries as Deliveries
    from chub.bulk import add_events as add_events
    from chub.errors import BadResponse as BadResponse
    from chub.errors import ChubError as ChubError
    from chub.errors import FieldError as FieldError
    from chub.errors import InvalidValue as InvalidValue
    from chub.errors import NotSent as NotSent
    from chub.errors import PageFailed as PageFailed
    from chub.errors import Problem as Problem
    from chub.errors import Rejected as Rejected
    from chub.errors import Throttled as Throttled
    from chub.errors import Unconfirmed as Unconfirmed
    from chub.http import Deadline as Deadline
    from chub.http import Json as Json
    from chub.http import Request as Request
    from chub.http import Response as Response
    from chub.http import Token as Token
    from chub.http import Transport as Transport
    from chub.http import token as token
    from chub.http import token_from_env as token_from_env
    from chub.lanes import Delivery as Delivery
    from chub.progress import Observer as Observer
    from chub.progress import Progress as Progress
    from chub.reporting import Report as Report
    from chub.reporting import report as report
    from chub.results import collect as collect
    from chub.results import fold as fold
    from chub.results import partition as partition
    from chub.retry import simulate as simulate
    from chub.settings import PRODUCTION_URL as PRODUCTION_URL
    from chub.settings import Config as Config
    from chub.settings import RetryPolicy as RetryPolicy
    from chub.settings import Timeouts as Timeouts
    from chub.settings import config as config
    from chub.settings import config_from_env as config_from_env
    from chub.settings import config_from_ini as config_from_ini
    from chub.transport.connections import disconnect as disconnect
    from chub.transport.door import RetryBudget as RetryBudget
    from chub.transport.door import send as send
    from chub.values.catalogue import event_types as event_types
    from chub.values.catalogue.accounts import AccountSetting as AccountSetting
    from chub.values.catalogue.accounts import ChangedSetting as ChangedSetting
    from chub.values.catalogue.accounts import LoggedIn as LoggedIn
    from chub.values.catalogue.accounts import LoggedOut as LoggedOut
    from chub.values.catalogue.campaigns import CampaignBlacklisted as CampaignBlacklisted
    from chub.values.catalogue.campaigns import CampaignBounced as CampaignBounced
    from chub.values.catalogue.campaigns import CampaignChannel as CampaignChannel
    from chub.values.catalogue.campaigns import CampaignContent as CampaignContent
    from chub.values.catalogue.campaigns import CampaignContentType as CampaignContentType
    from chub.values.catalogue.campaigns import CampaignLinkClicked as CampaignLinkClicked
    from chub.values.catalogue.campaigns import CampaignMarkedSpam as CampaignMarkedSpam
    from chub.values.catalogue.campaigns import CampaignOpened as CampaignOpened
    from chub.values.catalogue.campaigns import CampaignOptinRequested as CampaignOptinRequested
    from chub.values.catalogue.campaigns import CampaignProduct as CampaignProduct
    from chub.values.catalogue.campaigns import CampaignSent as CampaignSent
    from chub.values.catalogue.campaigns import CampaignSubscribed as CampaignSubscribed
    from chub.values.catalogue.campaigns import CampaignUnsubscribed as CampaignUnsubscribed
    from chub.values.catalogue.campaigns import OutcomeChannel as OutcomeChannel
    from chub.values.catalogue.commerce import AbandonedCart as AbandonedCart
    from chub.values.catalogue.commerce import AbandonedSession as AbandonedSession
    from chub.values.catalogue.commerce import AddedProduct as AddedProduct
    from chub.values.catalogue.commerce import CompletedOrder as CompletedOrder
    from chub.values.catalogue.commerce import LocalCurrency as LocalCurrency
    from chub.values.catalogue.commerce import OrderAmount as OrderAmount
    from chub.values.catalogue.commerce import OrderLineType as OrderLineType
    from chub.values.catalogue.commerce import OrderProduct as OrderProduct
    from chub.values.catalogue.commerce import OrderShipped as OrderShipped
    from chub.values.catalogue.commerce import OrderType as OrderType
    from chub.values.catalogue.commerce import PaymentMethod as PaymentMethod
    from chub.values.catalogue.commerce import RemovedProduct as RemovedProduct
    from chub.values.catalogue.event_type import EventType as EventType
    from chub.values.catalogue.gatherings import EventConfirmed as EventConfirmed
    from chub.values.catalogue.gatherings import EventDeclined as EventDeclined
    from chub.values.catalogue.gatherings import EventEligible as EventEligible
    from chub.values.catalogue.gatherings import EventHost as EventHost
    from chub.values.catalogue.gatherings import EventInvited as EventInvited
    from chub.values.catalogue.gatherings import EventLocation as EventLocation
    from chub.values.catalogue.gatherings import EventLocationType as EventLocationType
    from chub.values.catalogue.gatherings import EventNoShow as EventNoShow
    from chub.values.catalogue.gatherings import EventNotInvited as EventNotInvited
    from chub.values.catalogue.gatherings import EventParticipated as EventParticipated
    from chub.values.catalogue.gatherings import EventRegistered as EventRegistered
    from chub.values.catalogue.generic import GenericActiveEvent as GenericActiveEvent
    from chub.values.catalogue.generic import GenericPassiveEvent as GenericPassiveEvent
    from chub.values.catalogue.loyalty import AddedReward as AddedReward
    from chub.values.catalogue.loyalty import CouponDelivery as CouponDelivery
    from chub.values.catalogue.loyalty import GrantedCoupon as GrantedCoupon
    from chub.values.catalogue.loyalty import RemovedReward as RemovedReward
    from chub.values.catalogue.products import AddedCompare as AddedCompare
    from chub.values.catalogue.products import AddedWishlist as AddedWishlist
    from chub.values.catalogue.products import RemovedCompare as RemovedCompare
    from chub.values.catalogue.products import RemovedWishlist as RemovedWishlist
    from chub.values.catalogue.products import ReviewedProduct as ReviewedProduct
    from chub.values.catalogue.products import ViewedProduct as ViewedProduct
    from chub.values.catalogue.products import ViewedProductCategory as ViewedProductCategory
    from chub.values.catalogue.properties import Custom as Custom
    from chub.values.catalogue.properties import EventProperties as EventProperties
    from chub.values.catalogue.properties import Properties as Properties
    from chub.values.catalogue.properties import event_type_of as event_type_of
    from chub.values.catalogue.services import ServiceSubscribed as ServiceSubscribed
    from chub.values.catalogue.services import ServiceUnsubscribed as ServiceUnsubscribed
    from chub.values.catalogue.shapes import Classification as Classification
    from chub.values.catalogue.shapes import Product as Product
    from chub.values.catalogue.support import ClosedTicket as ClosedTicket
    from chub.values.catalogue.support import OpenedTicket as OpenedTicket
    from chub.values.catalogue.support import RepliedTicket as RepliedTicket
    from chub.values.catalogue.web import ClickedLink as ClickedLink
    from chub.values.catalogue.web import FormCompiled as FormCompiled
    from chub.values.catalogue.web import Searched as Searched
    from chub.values.catalogue.web import ViewedPage as ViewedPage
    from chub.values.context_info import Address as Address
    from chub.values.context_info import Client as Client
    from chub.values.context_info import Contacts as Contacts
    from chub.values.context_info import ContextInfo as ContextInfo
    from chub.values.context_info import Device as Device
    from chub.values.context_info import Geo as Geo
    from chub.values.context_info import Localization as Localization
    from chub.values.context_info import SalesAssistant as SalesAssistant
    from chub.values.context_info import Store as Store
    from chub.values.context_info import StoreType as StoreType
    from chub.values.context_info import Tracking as Tracking
    from chub.values.context_info import User as User
    from chub.values.currencies import CURRENCIES as CURRENCIES
    from chub.values.customers import Customer as Customer
    from chub.values.customers import RecordedCustomer as RecordedCustomer
    from chub.values.customers import Session as Session
    from chub.values.customers import SessionKey as SessionKey
    from chub.values.customers import SessionLink as SessionLink
    from chub.values.customers import customer as customer
    from chub.values.customers import customer_events as customer_events
    from chub.values.description import Description as Description
    from chub.values.description import describe as describe
    from chub.values.enums import Context as Context
    from chub.values.enums import Mode as Mode
    from chub.values.events import Event as Event
    from chub.values.events import RecordedEvent as RecordedEvent
    from chub.values.events import event as event
    from chub.values.frozen_dict import FrozenDict as FrozenDict
    from chub.values.frozen_dict import frozen_dict as frozen_dict
    from chub.values.identities import CustomerId as CustomerId
    from chub.values.identities import ExternalId as ExternalId
    from chub.values.identities import Owner as Owner
    from chub.values.identities import SessionId as SessionId
    from chub.values.identities import session_id as session_id
    from chub.values.outcomes import Accepted as Accepted
    from chub.values.outcomes import Deleted as Deleted
    from chub.values.pages import Page as Page
    from chub.values.pages import drift as drift
    from chub.values.pages import next_page as next_page
    from chub.values.pages import previous_page as previous_page
    from chub.values.pages import until as until
    from chub.values.queries import EventQuery as EventQuery
    from chub.values.queries import event_query as event_query
    from chub.version import VERSION as VERSION
    from chub.wire import operations as operations
    from chub.wire.encoding import encode as encode
    from chub.wire.events import parse_event as parse_event
    from chub.wire.operation import Operation as Operation
    from chub.wire.operation import curl as curl
    from chub.wire.pages import parse_page as parse_page
    from chub.wire.recorded_events import parse_recorded_event as parse_recorded_event

_NAMES_OF_ROOMS = {
    "chub.api": (
        "add_customer add_event add_session delete_customer delete_event delete_session event_pages events "
        "find_customer find_session get_customer get_event get_session new_session_id sessions update_event "
        "wait_for_event"
    ),
    "chub.bars": "rich_observer tqdm_observer",
    "chub.bulk": "Deliveries add_events",
    "chub.errors": (
        "BadResponse ChubError FieldError InvalidValue NotSent PageFailed Problem Rejected Throttled Unconfirmed"
    ),
    "chub.http": "Deadline Json Request Response Token Transport token token_from_env",
    "chub.lanes": "Delivery",
    "chub.progress": "Observer Progress",
    "chub.reporting": "Report report",
    "chub.retry": "simulate",
    "chub.results": "collect fold partition",
    "chub.settings": "PRODUCTION_URL Config RetryPolicy Timeouts config config_from_env config_from_ini",
    "chub.transport.connections": "disconnect",
    "chub.transport.door": "RetryBudget send",
    "chub.values.catalogue": "event_types",
    "chub.values.catalogue.accounts": "AccountSetting ChangedSetting LoggedIn LoggedOut",
    "chub.values.catalogue.campaigns": (
        "CampaignBlacklisted CampaignBounced CampaignChannel CampaignContent CampaignContentType "
        "CampaignLinkClicked CampaignMarkedSpam CampaignOpened CampaignOptinRequested CampaignProduct CampaignSent "
        "CampaignSubscribed CampaignUnsubscribed OutcomeChannel"
    ),
    "chub.values.catalogue.commerce": (
        "AbandonedCart AbandonedSession AddedProduct CompletedOrder LocalCurrency OrderAmount OrderLineType "
        "OrderProduct OrderShipped OrderType PaymentMethod RemovedProduct"
    ),
    "chub.values.catalogue.event_type": "EventType",
    "chub.values.catalogue.gatherings": (
        "EventConfirmed EventDeclined EventEligible EventHost EventInvited EventLocation "
        "EventLocationType EventNoShow EventNotInvited EventParticipated EventRegistered"
    ),
    "chub.values.catalogue.generic": "GenericActiveEvent GenericPassiveEvent",
    "chub.values.catalogue.loyalty": "AddedReward CouponDelivery GrantedCoupon RemovedReward",
    "chub.values.catalogue.products": (
        "AddedCompare AddedWishlist RemovedCompare RemovedWishlist ReviewedProduct ViewedProduct ViewedProductCategory"
    ),
    "chub.values.catalogue.properties": "Custom EventProperties Properties event_type_of",
    "chub.values.catalogue.services": "ServiceSubscribed ServiceUnsubscribed",
    "chub.values.catalogue.shapes": "Classification Product",
    "chub.values.catalogue.support": "ClosedTicket OpenedTicket RepliedTicket",
    "chub.values.catalogue.web": "ClickedLink FormCompiled Searched ViewedPage",
    "chub.values.context_info": (
        "Address Client Contacts ContextInfo Device Geo Localization SalesAssistant Store StoreType Tracking User"
    ),
    "chub.values.currencies": "CURRENCIES",
    "chub.values.customers": "Customer RecordedCustomer Session SessionKey SessionLink customer customer_events",
    "chub.values.description": "Description describe",
    "chub.values.enums": "Context Mode",
    "chub.values.events": "Event RecordedEvent event",
    "chub.values.frozen_dict": "FrozenDict frozen_dict",
    "chub.values.identities": "CustomerId ExternalId Owner SessionId session_id",
    "chub.values.outcomes": "Accepted Deleted",
    "chub.values.pages": "Page drift next_page previous_page until",
    "chub.values.queries": "EventQuery event_query",
    "chub.version": "VERSION",
    "chub.wire.encoding": "encode",
    "chub.wire.events": "parse_event",
    "chub.wire.operation": "Operation curl",
    "chub.wire.pages": "parse_page",
    "chub.wire.recorded_events": "parse_recorded_event",
    "chub.wire": "operations",
    "chub": "frames sandbox testing",
}
_ROOM_OF_NAME = {name: room for room, names in _NAMES_OF_ROOMS.items() for name in names.split()}
_SUBMODULES = frozenset({"frames", "operations", "sandbox", "testing"})

__all__ = sorted(_ROOM_OF_NAME)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> "Any":
    """Resolve a public name when it is first used (PEP 562)."""
    from importlib import import_module

    if name not in _ROOM_OF_NAME:
        raise AttributeError(f"module 'chub' has no attribute {name!r}")
    room = _ROOM_OF_NAME[name]
    found = import_module(f"{room}.{name}") if name in _SUBMODULES else getattr(import_module(room), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__, "__doc__", "__all__"]
