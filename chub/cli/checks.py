"""The checks of `doctor`: each is a fact with a verdict, and what mends it; none of them shows the token."""

import os
import socket
import ssl
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import attrs
from attrs import define, frozen
from returns.result import Result, Success

from chub import api
from chub.errors import ChubError, InvalidValue, NotSent, PageFailed, Rejected, Throttled, Unconfirmed
from chub.http import Deadline, Request, Response, deadline_in
from chub.settings import Config
from chub.transport.connections import connections_of
from chub.transport.door import transport_of
from chub.transport.exchange import dial, reason_of
from chub.values.catalogue.generic import GenericActiveEvent
from chub.values.events import event
from chub.values.queries import event_query

Verdict = Literal["ok", "warn", "fail"]


@frozen
class Check:
    """One thing that was looked at."""

    name: str
    verdict: Verdict
    told: str
    mend: str = ""


Checks = Iterator[Check]


def checks(config: Config, *, may_write: bool) -> Checks:
    """Look at the way to the hub, step by step; where a step fails, those that need it are left out."""
    for step in (_name, _connection, _tls):
        found = step(config)
        yield found
        if found.verdict == "fail":
            return
    yield from _answers(config, may_write)


def settings_checks(config: Config, files: list[str], where: str) -> Checks:
    """Look at the settings and at who may read the files that they come from."""
    node = f"node {config.node_id}" if config.node_id else "no node"
    yield Check("config", "ok", f"workspace {config.workspace_id}, {node}, {config.base_url}, token from {where}")
    if config.node_id is None:
        lack = "without a node no customer can be found, and no event sent by session or external id"
        yield Check("config", "warn", lack, "set CHUB_NODE_ID, or node_id in the file")
    for file in files:
        if os.name == "posix" and Path(file).stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            yield Check("config", "warn", f"{file} can be read by others on this machine", f"chmod 600 {file}")


def _place(config: Config) -> tuple[str, int]:
    """Give the host and port that the first connection goes to: the proxy's, where there is one."""
    url = urlsplit(config.proxy or config.base_url)
    return url.hostname or "", url.port or {"http": 80, "https": 443}[url.scheme]


def _name(config: Config) -> Check:
    host, port = _place(config)
    whose = "the proxy " if config.proxy else ""
    try:
        found = sorted({str(item[4][0]) for item in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})
    except (OSError, UnicodeError) as error:
        mend = "look for a typing error in the name; else ask who runs your network (DNS, VPN, a proxy to be named)"
        return Check("name", "fail", f"{whose}{host}: {reason_of(error)}", mend)
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return Check("name", "ok", f"{whose}{host} is {found[0]}{more}")


def _connection(config: Config) -> Check:
    place = _place(config)
    started = time.monotonic()
    try:
        with socket.create_connection(place, timeout=config.timeouts.connect) as made:
            peer = made.getpeername()
    except OSError as error:
        mend = "does a firewall let it through, and is the port right?  Where only a proxy gets out, give --proxy"
        return Check("connection", "fail", f"{place[0]} port {place[1]}: {reason_of(error)}", mend)
    took = 1000 * (time.monotonic() - started)
    return Check("connection", "ok", f"{peer[0]} port {peer[1]}, {took:.0f} ms")


def _tls(config: Config) -> Check:
    """Go through the proxy, if there is one, and shake hands as calls do."""
    try:
        connection = dial(connections_of(config), config, deadline_in(config.timeouts.total))
    except InvalidValue as error:
        return Check("TLS", "fail", str(error), "name a file of certificates in PEM form with --ca-file")
    except Exception as error:  # of urllib3 as well, which only the transport knows
        return Check("TLS", "fail", reason_of(error), _tls_mend(error))
    with closing(connection):
        made: Any = connection.sock
        if isinstance(made, ssl.SSLSocket):
            return _certificate(made)
    return Check("TLS", "ok", "none, which is allowed to this machine itself alone")


def _tls_mend(error: BaseException) -> str:
    told = reason_of(error)
    if "expired" in told:
        return "the certificate has to be renewed by whoever runs the hub, unless this machine's clock is wrong"
    if "not valid for" in told:
        return "the certificate is another host's: is the name in the base URL right, and who answers there?"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "an authority of your own (or of a proxy that opens TLS) is named with --ca-file"
    return "is this the port of a hub that speaks TLS, and does the proxy let it through?"


def _certificate(made: ssl.SSLSocket) -> Check:
    found: Any = made.getpeercert() or {}
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(found["notAfter"]), UTC)
    left = (ends - datetime.now(UTC)).days
    told = f"{made.version()}, certificate valid until {ends:%Y-%m-%d}, {left} more days"
    if left < 14:
        return Check("TLS", "warn", told, "have it renewed by whoever runs the hub")
    return Check("TLS", "ok", told)


@define
class _Listening:
    """A transport that keeps what the last answer said of the time."""

    carry: Callable[[Request, Deadline], Result[Response, ChubError]]
    date: str | None = None

    def __call__(self, request: Request, deadline: Deadline) -> Result[Response, ChubError]:
        result = self.carry(request, deadline)
        if isinstance(result, Success):
            self.date = result.unwrap().header("Date")
        return result


def _answers(config: Config, may_write: bool) -> Checks:
    listening = _Listening(transport_of(config))
    asking = attrs.evolve(config, transport=listening)
    first = next(api.event_pages(asking, event_query(size=1)))
    yield _clock(listening.date)
    yield _right("read events", first)
    if not isinstance(first, Success) and not _is_about_events(first.failure()):
        return
    if config.node_id is not None:
        yield _right("find customers", api.find_customer(asking, "chub-doctor"))
    if may_write:
        yield from _writing(asking)


def _is_about_events(error: ChubError) -> bool:
    """Say whether the hub refused just this; otherwise it would say the same to whatever else is asked."""
    return isinstance(error, PageFailed) and isinstance(error.cause, Rejected) and error.cause.status != 401


def _clock(date: str | None) -> Check:
    try:
        theirs = parsedate_to_datetime(date or "")
        ahead = (datetime.now(UTC) - theirs).total_seconds()
    except (TypeError, ValueError):
        return Check("clock", "ok", "not compared, for the hub doesn't tell its time")
    if abs(ahead) < 5:
        return Check("clock", "ok", "this machine's and the hub's agree within 5 s")
    told = f"this machine is {abs(ahead):,.0f} s {'ahead of' if ahead > 0 else 'behind'} the hub"
    return Check("clock", "warn", told, "set the clock (NTP): events get their dates by it")


def _right(what: str, result: Result[Any, ChubError]) -> Check:
    if isinstance(result, Success):
        return Check("token", "ok", f"it may {what}")
    error = result.failure()
    cause = error.cause if isinstance(error, PageFailed) else error
    return Check("token", "fail", f"{what}: {cause}", _meaning(cause))


_MEANINGS = {
    401: "the token is unknown or has ended: make a new one in ContactHub's settings (sources), and put it in place",
    403: "the token may not do this, or it belongs to another workspace: compare the workspace's id, then its rights",
    404: "there is no such workspace, node or path: compare CHUB_WORKSPACE_ID, CHUB_NODE_ID and the base URL",
}


def _meaning(error: ChubError) -> str:
    match error:
        case Rejected(status=status):
            return _MEANINGS.get(status, "what the hub says is all that is known; its logref helps its support")
        case Throttled():
            return "others are using up what the hub grants; come back later"
        case Unconfirmed() | NotSent():
            return "the hub or what is before it has trouble; try again"
        case _:
            return "what answers there is no hub: look at the base URL"


def _writing(config: Config) -> Checks:
    """Send an event of a session that nobody has, and delete it."""
    made = event(GenericActiveEvent(name="chub doctor"), owner=api.new_session_id(), context="OTHER")
    sent = api.add_event(config, made)
    yield _right("send events", sent)
    event_id = sent.map(lambda accepted: accepted.id).value_or(None)
    if event_id is None:
        return
    gone = api.delete_event(config, event_id)
    if isinstance(gone, Success):
        yield Check("token", "ok", "it may delete events, and the one that was sent is gone")
    else:
        mend = f"the hub takes some time: later, `events delete {event_id}`"
        yield Check("token", "warn", f"the event that was sent is still there: {gone.failure()}", mend)
