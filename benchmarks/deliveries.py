"""What clients do with the same faults: how often the hub stored the one event, and what the caller was told.

Each client sends one event to a sandbox that follows a script; what was stored is counted there.  It is no matter of
speed, and a command of its own: `python -m benchmarks.deliveries`.
"""

import ssl
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import requests
import trustme
import urllib3
from attrs import frozen

import chub
from benchmarks.payloads import one_event
from chub import sandbox
from chub.wire.events import encode_event
from chub.wire.jsontext import dumps

_SILENCE = 0.3  # seconds that every client waits for an answer

FAULTS: dict[str, tuple[Any, bool]] = {
    "refused once": (sandbox.refuse(), False),
    "429 once, Retry-After: 0": (sandbox.status(429, retry_after=0), False),
    "stored, then closed": (sandbox.commit_then_close(), False),
    "stored, then reset": (sandbox.commit_then_reset(), False),
    "stored, then silence": (sandbox.commit_then_stall(), False),
    "stored, then garbage": (sandbox.garbage(), False),
    "stored, then 503": (sandbox.status(503, commit=True), False),
    "stored, then TLS breaks": (sandbox.break_tls(), True),
    "redirect to another host": (sandbox.status(307, headers={"Location": "http://127.0.0.1:9/"}), False),
}
"""By what they are called: the fault, of the first request alone, and whether the sandbox is served over TLS."""


@frozen(kw_only=True)
class Delivery:
    """What became of one event: how often it was stored, and what the caller was told."""

    fault: str
    client: str
    stored: int
    told: str


def deliveries() -> Iterator[Delivery]:
    """Send one event with each client into each fault."""
    authority = trustme.CA()
    with authority.cert_pem.tempfile() as ca_file:
        for fault, (script, over_tls) in FAULTS.items():
            for client, send in CLIENTS.items():
                with _served(script, authority if over_tls else None, ca_file) as hub:
                    told = send(hub.config)
                    chub.disconnect(hub.config)
                    yield Delivery(fault=fault, client=client, stored=hub.ledger.committed, told=told)


def _served(script: Any, authority: trustme.CA | None, ca_file: str) -> sandbox.ServedSandbox:
    if authority is None:
        return sandbox.serve(faults=[script])
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return sandbox.serve(faults=[script], tls=context, ca_file=ca_file)


def _chub(config: chub.Config) -> str:
    patient = chub.Timeouts(read=_SILENCE)
    result = chub.add_event(chub.config(**_parts(config), timeouts=patient), one_event())
    return chub.fold(result, lambda accepted: type(accepted).__name__, lambda error: type(error).__name__)


def _parts(config: chub.Config) -> dict[str, Any]:
    names = ("workspace_id", "node_id", "token", "base_url", "ca_file")
    return {name: getattr(config, name) for name in names}


def _request(config: chub.Config) -> dict[str, Any]:
    """Give the URL, body and headers that chub would send."""
    event = one_event()
    body = encode_event(event)
    body["bringBackProperties"]["nodeId"] = config.node_id
    headers = {"Authorization": f"Bearer {config.token.reveal()}", "Content-Type": "application/json"}
    url = f"{config.base_url}/workspaces/{config.workspace_id}/events"
    return {"url": url, "body": dumps(body), "headers": headers}


def _urllib3(retry: Callable[[], urllib3.Retry], config: chub.Config) -> str:
    with urllib3.PoolManager(ca_certs=config.ca_file) as pool:
        try:
            return str(pool.urlopen("POST", **_request(config), retries=retry(), timeout=_SILENCE).status)
        except urllib3.exceptions.HTTPError as error:
            return type(error).__name__


def _requests(config: chub.Config) -> str:
    asked = _request(config)
    asked["data"] = asked.pop("body")
    try:
        return str(requests.post(**asked, timeout=_SILENCE, verify=config.ca_file or True).status_code)
    except requests.RequestException as error:
        return type(error).__name__


CLIENTS: dict[str, Callable[[chub.Config], str]] = {
    "chub": _chub,
    "urllib3, Retry(total=3)": partial(_urllib3, partial(urllib3.Retry, total=3)),
    "urllib3, Retry(3) for POST": partial(
        _urllib3, partial(urllib3.Retry, total=3, allowed_methods=None, status_forcelist=[429, 503])
    ),
    "requests": _requests,
}


def print_deliveries() -> None:
    """Print a line for each fault: how often each client's event was stored, and what the client told."""
    print(f"\nOne event, one fault: how often it was stored, and what the caller was told (silence is {_SILENCE} s)")
    print(f"{'':26}" + "".join(f"{client:>29}" for client in CLIENTS))
    lines: dict[str, str] = {}
    for delivery in deliveries():
        cell = f"{delivery.stored} x, {delivery.told}"
        lines[delivery.fault] = lines.get(delivery.fault, f"{delivery.fault:26}") + f"{cell:>29}"
        if delivery.client == list(CLIENTS)[-1]:
            print(lines[delivery.fault], flush=True)


if __name__ == "__main__":
    print_deliveries()
