"""The main job, played against a fresh sandbox over real HTTP on loopback, each step with the code behind it.

A step is a function: its docstring is the headline, its body is printed, and then it is run.  So what is shown is
what happens.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import attrs
from returns.result import Result

import chub
from chub import sandbox
from chub.errors import ChubError

A = TypeVar("A")

Show = Callable[[str], object]
"""Prints one line, or several."""


def add_a_customer(config: chub.Config) -> Result[chub.Accepted, ChubError]:
    """Add a customer, with the company's own key for her."""
    ada = chub.customer("CRM-17", base={"firstName": "Ada", "contacts": {"email": "ada@example.com"}})
    return chub.add_customer(config, ada)


def order_of_a_customer(config: chub.Config, customer_id: str) -> Result[chub.Accepted, ChubError]:
    """Send a typed event of that customer: values are checked when they are built, before anything is sent."""
    order = chub.CompletedOrder(
        order_id="o-1",
        payment_method="creditcard",
        amount=chub.OrderAmount(total=59.9, local=chub.LocalCurrency(currency="EUR", exchange_rate=1.0)),
        products=[chub.OrderProduct(sku="sku-7", name="Shoes", price=59.9, quantity=1)],
    )
    date = datetime.now(UTC) - timedelta(hours=1)
    event = chub.event(order, owner=chub.CustomerId(customer_id), context=chub.Context.ECOMMERCE, date=date)
    return chub.add_event(config, event)


def page_of_an_anonymous(config: chub.Config, visit: chub.SessionId) -> Result[chub.Accepted, ChubError]:
    """Somebody looks at a page: nobody knows who, so the event bears the session of the visit."""
    page = chub.ViewedPage(title="Shoes", url="https://shop.example.com/shoes")
    tracking = chub.Tracking(utm_source="newsletter", utm_campaign="spring")
    return chub.add_event(config, chub.event(page, owner=visit, context=chub.Context.WEB, tracking=tracking))


def service_of_an_external_id(config: chub.Config) -> Result[chub.Accepted, ChubError]:
    """Another one is known to the company only by its own key; the hub makes a customer for it."""
    service = chub.ServiceSubscribed(service_id="news", service_name="Newsletter", start_date=datetime.now(UTC))
    return chub.add_event(config, chub.event(service, owner=chub.ExternalId("CRM-18"), context=chub.Context.WEB))


def attach_the_session(config: chub.Config, customer_id: str, visit: chub.SessionId) -> Result[chub.Session, ChubError]:
    """The visitor logs in, and it is Ada: her session is attached to her, and its events become hers."""
    return chub.add_session(config, chub.SessionLink(customer_id, visit))


def walk_her_events(config: chub.Config, customer_id: str) -> Iterator[Result[chub.RecordedEvent, ChubError]]:
    """Walk over all her events: a lazy iterator of Results, one page in memory at a time."""
    return chub.events(config, chub.customer_events(customer_id))


def walk_with_filters(config: chub.Config) -> Iterator[Result[chub.RecordedEvent, ChubError]]:
    """The same for everybody, with filters: two types, one context, the last two hours."""
    query = chub.event_query(
        types=[chub.ViewedPage, "serviceSubscribed"],
        contexts=[chub.Context.WEB],
        date_from=datetime.now(UTC) - timedelta(hours=2),
        size=1,
    )
    return chub.events(config, query)


def read_one(config: chub.Config, event_id: str) -> Result[chub.RecordedEvent, ChubError]:
    """Read the anonymous event again: it bears both the customer and the session that led to her."""
    return chub.wait_for_event(config, event_id, within=5)


def send_a_bad_row(config: chub.Config) -> Result[chub.Accepted, ChubError]:
    """Rows of data go through `parse_event`; one that is wrong comes back with every problem, and is not sent."""
    row = {"type": "completedOrder", "context": "SHOP", "date": "2026-01-31", "properties": {"orderId": 7}}
    return chub.parse_event(row).bind(lambda event: chub.add_event(config, event))


def use_a_wrong_token(config: chub.Config) -> Result[chub.Accepted, ChubError]:
    """With a wrong token the hub refuses; the error is a value as well, and says what it means for the event."""
    stranger = attrs.evolve(config, token=chub.token("wrong"))
    event = chub.event(chub.ViewedPage(title="Home"), owner=chub.ExternalId("CRM-17"), context="WEB")
    return chub.add_event(stranger, event)


def run(show: Show) -> int:
    """Play all steps, handing each line to `show`; gives 0 if everything went as it should, else 1."""
    with sandbox.serve() as hub:
        show(f"An embedded ContactHub listens on {hub.base_url}; nothing leaves this machine.")
        show("\n    import attrs, chub")
        show("    from datetime import UTC, datetime, timedelta")
        show(f'    config = chub.config(base_url="{hub.base_url}", workspace_id=..., node_id=..., token=...)')
        went_well = _play(show, hub.config)
    show("\nThat was all: the sandbox is gone.  To keep one running: python -m chub sandbox")
    return 0 if went_well else 1


def _play(show: Show, config: chub.Config) -> bool:
    customer_id = _step(show, add_a_customer, config).unwrap().id or ""
    _step(show, order_of_a_customer, config, customer_id)
    visit = chub.new_session_id()
    show("\n# A visit to the site: the session id is drawn once, and kept in a cookie.")
    show("    visit = chub.new_session_id()")
    event_id = _step(show, page_of_an_anonymous, config, visit).unwrap().id or ""
    _step(show, service_of_an_external_id, config)
    _step(show, attach_the_session, config, customer_id, visit)
    hers = _walk(show, walk_her_events, config, customer_id)
    filtered = _walk(show, walk_with_filters, config)
    read = _step(show, read_one, config, event_id).unwrap()
    bad = _step(show, send_a_bad_row, config).failure()
    refused = _step(show, use_a_wrong_token, config).failure()
    return (
        [event.type for event in hers] == ["viewedPage", "completedOrder"]
        and {event.type for event in filtered} == {"viewedPage", "serviceSubscribed"}
        and read.customer_id == customer_id
        and isinstance(bad, chub.InvalidValue)
        and isinstance(refused, chub.Rejected)
    )


def _step(show: Show, step: Callable[..., Result[A, ChubError]], *arguments: Any) -> Result[A, ChubError]:
    """Show a step's code, run it, show its Result."""
    show(_headline_and_code(step))
    result = step(*arguments)
    show(_wrapped(f"-> {result}"))
    return result


def _walk(
    show: Show, step: Callable[..., Iterator[Result[chub.RecordedEvent, ChubError]]], *arguments: Any
) -> tuple[chub.RecordedEvent, ...]:
    """Show a walk's code, run it, show each event in short."""
    show(_headline_and_code(step))
    found = chub.collect(step(*arguments)).unwrap()
    for event in found:
        date = f"{event.date:%H:%M:%S}" if event.date else ""
        show(_wrapped(f"-> {event.type} at {date}, {event.context}: {event.properties}"))
    return found


def _headline_and_code(step: Callable[..., Any]) -> str:
    """Give a step's docstring, and its body as the user would write it (without `def` and `return`)."""
    source = textwrap.dedent(inspect.getsource(step))
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    body = textwrap.dedent("\n".join(source.splitlines()[function.body[1].lineno - 1 :]))
    return f"\n# {inspect.getdoc(step)}\n" + textwrap.indent(body.replace("return ", ""), "    ")


_WHOLE_WORDS: Any = {"break_long_words": False, "break_on_hyphens": False}


def _wrapped(line: str) -> str:
    return textwrap.fill(line, 116, initial_indent="    ", subsequent_indent="       ", **_WHOLE_WORDS)
