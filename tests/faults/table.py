"""What is promised of one call, as data: what is observed, what comes of it, and whether it is repeated by default.

`ROWS` holds the faults that a sandbox plays, `WORLDS` those that strike before a request is sent.
"""

from http import HTTPStatus
from typing import Any

import attrs
from attrs import field, frozen

import chub
from chub import sandbox
from chub.sandbox import Fault

Outcome = type[chub.ChubError]
DONE = "done"
"""The call succeeded."""

EVERYWHERE = ("in process", "sockets", "TLS")
NEAR = ("in process", "sockets")

ALWAYS = {"posts": True, "writes": True, "reads": True}
NO_POSTS = ALWAYS | {"posts": False}
NEVER = {"posts": False, "writes": False, "reads": False}

POLICY = chub.RetryPolicy()
CAREFUL = chub.RetryPolicy(throttled_is_not_stored=False)


@frozen(kw_only=True)
class Row:
    """A fault and its consequences; `of_write` is for POST, PUT and DELETE, `of_read` for GET.

    `posts`, `writes` (PUT, DELETE) and `reads` (GET) say what is repeated.  `received` and `committed` count one
    attempt at the server.  `facts` are what an error tells beside its class.
    """

    observed: str
    fault: Fault | None
    of_write: Any
    of_read: Any
    posts: bool
    writes: bool
    reads: bool
    received: int = 1
    committed: int = 0
    facts: dict[str, Any] = field(factory=dict)
    floor: float = 0.0
    throttled: bool = False
    policy: chub.RetryPolicy = POLICY
    stalls: float | None = None
    """Seconds that a read waits before it gives up, where the server falls silent."""
    late: bool = False
    """The time is over as soon as the request has come."""
    ways: tuple[str, ...] = NEAR

    def outcome(self, method: str) -> Any:
        return self.of_read if method == "GET" else self.of_write

    def repeats(self, method: str) -> bool:
        return {"POST": self.posts, "GET": self.reads}.get(method, self.writes)


def unconfirmed(observed: str, fault: Fault, **more: Any) -> Row:
    """Something went out, and no answer tells what became of it."""
    plain = {"of_write": chub.Unconfirmed, "of_read": chub.Unconfirmed, **NO_POSTS}
    return Row(observed=observed, fault=fault, **{**plain, **more})


def accepted(observed: str, fault: Fault | None, of_read: Any = DONE, **more: Any) -> Row:
    """A 2xx: for a write whatever its body; `of_read` is what a read makes of it."""
    plain = NEVER | {"reads": of_read is chub.Unconfirmed, "committed": 1}
    return Row(observed=observed, fault=fault, of_write=DONE, of_read=of_read, **{**plain, **more})


def rejected(status: int, **headers: str) -> Row:
    fault = sandbox.status(status, headers=headers)
    facts = {"status": status, "message": HTTPStatus(status).phrase if status != 499 else "Some Status"}
    return Row(
        observed=f"status {status}", fault=fault, of_write=chub.Rejected, of_read=chub.Rejected, facts=facts, **NEVER,
    )  # fmt: skip


def throttled(observed: str, retry_after: Any, floor: float, **more: Any) -> Row:
    date = () if isinstance(retry_after, float | None) else (("Date", "Sun, 08 Mar 2026 12:00:00 GMT"),)
    fault = sandbox.status(429, headers=date, retry_after=retry_after)
    plain = {"of_write": chub.Throttled, "of_read": chub.Throttled, **ALWAYS}
    facts = {"retry_after": None if retry_after is None else floor}
    return Row(
        observed=observed, fault=fault, floor=floor, throttled=True, facts=facts, **{**plain, **more}
    )  # fmt: skip


def failed(status: int, retry_after: float | None = None, **more: Any) -> Row:
    """A status that doesn't say what became of the request; it may have been handled, or not."""
    committed = more.pop("committed", 0)
    fault = sandbox.status(status, retry_after=retry_after, commit=bool(committed))
    words = [f"status {status}"] + ([f"Retry-After {retry_after:g}"] if retry_after else [])
    observed = ", ".join(words + (["after it was handled"] if committed else []))
    facts = {"status": status, "retry_after": retry_after}
    return unconfirmed(observed, fault, committed=committed, floor=retry_after or 0.0, facts=facts, **more)


def answered(observed: str, body: bytes | str, code: int = 200, **headers: str) -> Row:
    """A 2xx with a body of the server's own, which no read can use."""
    fault = sandbox.status(code, body=body, headers=headers, commit=True)
    return accepted(f"status {code}, {observed}", fault, chub.BadResponse, facts={"status": code})


NOT_YET_SENT = {"of_write": chub.NotSent, "of_read": chub.NotSent, **ALWAYS}
"""What a fault before TLS stands means: no byte of the request has gone."""

BREAKS = (
    unconfirmed("closed before the request is read", sandbox.close_unread(), received=0),
    unconfirmed("reset before the request is read", sandbox.reset_unread(), received=0),
    unconfirmed("noise before the request is read", sandbox.break_tls("connect"), received=0),
    unconfirmed("closed after the request was read", sandbox.read_then_close(), ways=EVERYWHERE),
    unconfirmed("reset after the request was read", sandbox.read_then_reset(), ways=EVERYWHERE),
    unconfirmed("noise after the request was read", sandbox.break_tls("read"), ways=EVERYWHERE),
    unconfirmed("closed after it was handled", sandbox.commit_then_close(), ways=EVERYWHERE, committed=1),
    unconfirmed("reset after it was handled", sandbox.commit_then_reset(), ways=EVERYWHERE, committed=1),
    unconfirmed("noise after it was handled", sandbox.break_tls("commit"), ways=EVERYWHERE, committed=1),
    unconfirmed(
        "TLS: closed before the handshake", sandbox.close_unread(), received=0, ways=("TLS",), **NOT_YET_SENT
    ),
    unconfirmed(
        "TLS: reset before the handshake", sandbox.reset_unread(), received=0, ways=("TLS",), **NOT_YET_SENT
    ),
    unconfirmed(
        "TLS: noise before the handshake", sandbox.break_tls("connect"), received=0, ways=("TLS",), **NOT_YET_SENT
    ),
)  # fmt: skip

TIMES = (
    unconfirmed("silence after the request was read", sandbox.read_then_stall(), stalls=0.01),
    unconfirmed("silence after it was handled", sandbox.commit_then_stall(), stalls=0.01, committed=1),
    unconfirmed("a slow status line", sandbox.drip(every=100, part="status"), stalls=0.01, committed=1),
    unconfirmed("slow headers", sandbox.drip(every=100, part="headers"), stalls=0.01, committed=1),
    accepted(
        "a slow body", sandbox.drip(sandbox.status(200, body=b"{}", commit=True), every=100),
        chub.Unconfirmed, facts={"status": 200}, stalls=0.1,
    ),
    unconfirmed(
        "the deadline within the status line", sandbox.drip(every=0.001, part="status"),
        late=True, committed=1, **NEVER,
    ),
    unconfirmed(
        "the deadline within the headers", sandbox.drip(every=0.001, part="headers"),
        late=True, committed=1, **NEVER,
    ),
)  # fmt: skip

GARBLED = (
    unconfirmed("no status line", sandbox.garbage(), committed=1, ways=EVERYWHERE),
    unconfirmed("no status line, not handled", sandbox.garbage(sandbox.status(202))),
    unconfirmed("an empty status line", sandbox.garbage(line=b""), committed=1),
    unconfirmed("a status line without a status", sandbox.garbage(line=b"HTTP/1.1"), committed=1),
    unconfirmed("a status that is no number", sandbox.garbage(line=b"HTTP/1.1 2x2 OK"), committed=1),
    unconfirmed("a status below 100", sandbox.garbage(line=b"HTTP/1.1 20 OK"), committed=1),
    unconfirmed("a status above 999", sandbox.garbage(line=b"HTTP/1.1 2020 OK"), committed=1),
    unconfirmed("another protocol", sandbox.garbage(line=b"SSH-2.0-demo"), committed=1),
    unconfirmed("HTTP/2", sandbox.garbage(line=b"HTTP/2 202 OK"), committed=1),
    unconfirmed("a flood of headers", sandbox.header_flood(count=200), committed=1),
    unconfirmed("an endless header", sandbox.header_flood(count=1, size=70_000), committed=1),
)

ACCEPTED = (
    accepted("nothing odd", None, ways=EVERYWHERE),
    accepted("in chunks", sandbox.chunked(), ways=EVERYWHERE),
    accepted("interim answers first", sandbox.interim(statuses=[100, 102, 103]), ways=EVERYWHERE),
    accepted("closed afterwards, as announced", sandbox.closing(), ways=EVERYWHERE),
    accepted("slow, but not too slow", sandbox.drip(every=0)),
    accepted("a body without end", sandbox.endless_body(sandbox.status(200, commit=True)), chub.BadResponse),
    accepted("a compressed body", sandbox.gzip_bomb(sandbox.status(200, commit=True), size=10**6), chub.BadResponse),
    accepted(
        "a length too great", sandbox.false_length(sandbox.status(200, body="{}", commit=True)), chub.Unconfirmed
    ),
    accepted(
        "a length too small", sandbox.false_length(sandbox.status(200, body="{}", commit=True), by=-1),
        chub.BadResponse,
    ),
    accepted("a cut body", sandbox.cut(sandbox.status(200, body="{}", commit=True)), chub.Unconfirmed),
    accepted(
        "a cut chunk", sandbox.cut(sandbox.chunked(sandbox.status(200, body="{}", commit=True)), at=4),
        chub.Unconfirmed,
    ),
    answered("empty", b""),
    answered("empty", b"", 201),
    answered("empty", b"", 202),
    answered("empty", b"", 204),
    answered("empty", b"", 205),
    answered("empty", b"", 299),
    answered("HTML", "<html>Welcome</html>", **{"Content-Type": "text/html"}),
    answered("no UTF-8", b"\xff\xfe"),
    answered("null", "null"),
    answered("a list", '[{"id": "x"}]'),
    answered("half an object", '{"id": "x"'),
    answered("nested too deep", "[" * 100_000),
    answered("an integer of 5,000 digits", "9" * 5_000),
    answered("NaN", '{"id": NaN}'),
    answered("a number beyond a float", '{"id": 1e999}'),
    attrs.evolve(answered("an unknown coding", "{}", **{"Content-Encoding": "br"}), ways=("sockets",)),
)  # fmt: skip

REJECTED = (
    *map(rejected, (300, 304, 400, 401, 402, 403, 404, 405, 406, 409, 410, 411, 413, 414, 415, 417, 421, 422, 423)),
    *map(rejected, (425, 426, 428, 431, 451, 499)),
    *(rejected(status, Location="https://example.com/elsewhere") for status in (301, 302, 303, 307, 308)),
)

LATER = (
    throttled("status 429", None, 0.0, ways=EVERYWHERE),
    throttled("status 429, Retry-After 3", 3.0, 3.0),
    throttled("status 429, Retry-After 0", 0.0, 0.0),
    throttled("status 429, Retry-After with a date", "Sun, 08 Mar 2026 12:00:05 GMT", 5.0),
    throttled("status 429, Retry-After beyond the deadline", 100.0, 100.0, **NEVER),
    throttled("status 429, not trusted", 3.0, 3.0, policy=CAREFUL, of_write=chub.Unconfirmed, **NO_POSTS),
    throttled("status 429, no time, not trusted", None, 0.0, policy=CAREFUL, of_write=chub.Unconfirmed, **NO_POSTS),
)

FAILED = (
    *map(failed, (408, 500, 501, 502, 503, 504, 505, 507, 511, 599, 600, 999)),
    *(failed(status, committed=1) for status in (408, 500, 502, 503, 504)),
    failed(503, 2.0),
    failed(503, 2.0, committed=1),
    failed(503, 100.0, **NEVER),
    failed(500, 2.0),
)

ROWS: tuple[Row, ...] = (*BREAKS, *TIMES, *GARBLED, *ACCEPTED, *REJECTED, *LATER, *FAILED)


@frozen(kw_only=True)
class World:
    """What is wrong before a request is sent, by the name of the fixture that makes it so; and whether it may pass."""

    observed: str
    made_by: str
    transient: bool
    reason: str


WORLDS = (
    World(
        observed="name resolution", made_by="unresolved", transient=True,
        reason="the host's name can't be resolved: Temporary failure in name resolution",
    ),
    World(observed="connection refused", made_by="refused", transient=True, reason="connection refused"),
    World(observed="refused in process", made_by="refused_near", transient=True, reason="connection refused"),
    World(observed="connect timeout", made_by="unreachable", transient=True, reason="timed out"),
    World(
        observed="proxy CONNECT refused", made_by="refusing_proxy", transient=True,
        reason="tunnel connection failed: 503 service unavailable",
    ),
    World(
        observed="certificate refused", made_by="unknown_authority", transient=False,
        reason="the server's certificate is refused: unable to get local issuer certificate",
    ),
    World(
        observed="another host's certificate", made_by="other_host", transient=False,
        reason="the server's certificate is refused: Hostname mismatch, certificate is not valid for 'localhost'.",
    ),
    World(
        observed="a name that no host can have", made_by="impossible_name", transient=False,
        reason="no host can have this name",
    ),
)  # fmt: skip
