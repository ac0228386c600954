"""The words that scripts are written in: each gives a fault.

Those that spoil an answer take the reply that they spoil, by default the hub's own, and so can be put together:
`drip(chunked(status(200, body="{}")))`.
"""

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from math import inf
from typing import Any, Final

from attrs import evolve

from chub.http import Response
from chub.sandbox import faults
from chub.sandbox.bad_options import BadOptions
from chub.sandbox.faults import Drop, Fault, Form, Part, Refuse, Reply, Stage
from chub.sandbox.text import write_json

_OWN: Final = Reply()


def ok() -> Reply:
    """Behave as always, as None in a script does.

    >>> ok().forms
    ()
    """
    return _OWN


def refuse(seconds: float = 0.05) -> Refuse:
    """Refuse connections; over a socket for so many seconds (`Refuse` says why), in process one request.

    >>> refuse()
    Refuse(seconds=0.05)
    """
    return Refuse(seconds=seconds)


def close_unread() -> Drop:
    """Close the connection before the request is read; whoever is still sending gets a reset.

    >>> close_unread().after
    'connect'
    """
    return Drop(after="connect")


def reset_unread() -> Drop:
    """Reset the connection before the request is read.

    >>> reset_unread().by
    'reset'
    """
    return Drop(after="connect", by="reset")


def read_then_close() -> Drop:
    """Read the whole request, hand it to nobody, and close the connection.

    >>> read_then_close().after
    'read'
    """
    return Drop(after="read")


def read_then_reset() -> Drop:
    """Read the whole request, hand it to nobody, and reset the connection.

    >>> read_then_reset().by
    'reset'
    """
    return Drop(after="read", by="reset")


def read_then_stall(seconds: float = inf) -> Drop:
    """Read the whole request, hand it to nobody, and say nothing for so many seconds.

    >>> read_then_stall(2).seconds
    2
    """
    return Drop(after="read", by="stall", seconds=seconds)


def commit_then_close() -> Drop:
    """Let the hub handle the request, then close the connection without an answer.

    >>> commit_then_close()
    Drop(after='commit', by='close', seconds=inf)
    """
    return Drop(after="commit")


def commit_then_reset() -> Drop:
    """Let the hub handle the request, then reset the connection without an answer.

    >>> commit_then_reset().by
    'reset'
    """
    return Drop(after="commit", by="reset")


def commit_then_stall(seconds: float = inf) -> Drop:
    """Let the hub handle the request, then say nothing for so many seconds, and close the connection.

    >>> commit_then_stall(2).seconds
    2
    """
    return Drop(after="commit", by="stall", seconds=seconds)


def break_tls(after: Stage = "commit") -> Drop:
    """Send what is no TLS record: instead of the handshake ("connect"), or after the request.

    Without TLS the same bytes come where an answer should begin.

    >>> break_tls("connect")
    Drop(after='connect', by='noise', seconds=inf)
    """
    return Drop(after=after, by="noise")


def status(
    code: int,
    *,
    body: bytes | str | Mapping[str, Any] = b"",
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    retry_after: float | str | None = None,
    commit: bool = False,
) -> Reply:
    """Answer with this status; the hub hears of the request only where `commit` says so.

    A mapping as the body becomes JSON.  `retry_after` is in seconds, or an HTTP date.  Over a socket a Content-Length
    is added, unless `headers` have one or a Transfer-Encoding; `Connection: close` among them closes it.

    >>> status(503, retry_after=2).answer.headers
    (('retry-after', '2'),)
    """
    if not isinstance(body, bytes | str | Mapping):
        raise BadOptions([("body", "bytes, a text or a mapping is needed")])
    named = _pairs(headers)
    if retry_after is not None:
        named.append(("retry-after", retry_after if isinstance(retry_after, str) else f"{retry_after:g}"))
    if isinstance(body, Mapping):
        named.append(("content-type", "application/json;charset=UTF-8"))
    lowered = tuple((name.lower(), value) for name, value in named)
    answer = Response(status=code, reason=_phrase(code), headers=lowered, body=_bytes(body))
    return Reply(answer=answer, commit=commit)


def _pairs(headers: Any) -> list[tuple[str, str]]:
    return [*(headers.items() if isinstance(headers, Mapping) else headers)]


def _phrase(code: int) -> str:
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return "Some Status"


def _bytes(body: bytes | str | Mapping[str, Any]) -> bytes:
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, bytes) else write_json(body)


def _formed(reply: Reply, form: Form) -> Reply:
    if not isinstance(reply, Reply):
        raise BadOptions([("reply", "a reply is needed, such as status(500); a request without an answer has no form")])
    return evolve(reply, forms=(*reply.forms, form))


def garbage(reply: Reply = _OWN, *, line: bytes = faults.Garbage().line) -> Reply:
    """Answer with something that has no status line, and close the connection.

    >>> garbage().commit
    True
    """
    return _formed(reply, faults.Garbage(line=line))


def cut(reply: Reply = _OWN, *, at: int = 1) -> Reply:
    """Close the connection after so many bytes of the body.

    >>> cut(at=3).forms
    (Cut(at=3),)
    """
    return _formed(reply, faults.Cut(at=at))


def false_length(reply: Reply = _OWN, *, by: int = 10) -> Reply:
    """Lie in Content-Length: too great by so much, after which the connection is closed, or too small (negative).

    >>> false_length(by=-1).forms
    (FalseLength(by=-1),)
    """
    return _formed(reply, faults.FalseLength(by=by))


def drip(reply: Reply = _OWN, *, every: float = 0.01, part: Part = "body") -> Reply:
    """Send a part of the answer ("status", "headers", "body") byte by byte, one each so many seconds.

    >>> drip(every=1, part="status").forms
    (Drip(every=1, part='status'),)
    """
    return _formed(reply, faults.Drip(every=every, part=part))


def gzip_bomb(reply: Reply = _OWN, *, size: int = 2**30) -> Reply:
    """Send a small body that nobody asked to be compressed, and that inflates to so many bytes.

    >>> gzip_bomb(size=5).forms
    (Gzip(size=5),)
    """
    return _formed(reply, faults.Gzip(size=size))


def endless_body(reply: Reply = _OWN) -> Reply:
    """Send a body in chunks, and never a last one.

    >>> endless_body().forms
    (Endless(),)
    """
    return _formed(reply, faults.Endless())


def header_flood(reply: Reply = _OWN, *, count: int = 100_000, size: int = 100) -> Reply:
    """Send so many more headers, each with a value of so many bytes.

    >>> header_flood(count=200).forms
    (Flood(count=200, size=100),)
    """
    return _formed(reply, faults.Flood(count=count, size=size))


def interim(reply: Reply = _OWN, *, statuses: Iterable[int] = (100,)) -> Reply:
    """Send interim answers (1xx) before the answer.

    >>> interim(statuses=[100, 103]).forms
    (Interim(statuses=(100, 103)),)
    """
    return _formed(reply, faults.Interim(statuses=statuses))


def chunked(reply: Reply = _OWN) -> Reply:
    """Send the body in chunks, as HTTP/1.1 allows.

    >>> chunked().forms
    (Chunked(),)
    """
    return _formed(reply, faults.Chunked())


def closing(reply: Reply = _OWN) -> Reply:
    """Say `Connection: close`, and do it.

    >>> closing().forms
    (Closing(),)
    """
    return _formed(reply, faults.Closing())


WORDS: Final[Mapping[str, Callable[..., Fault]]] = {
    word.__name__: word
    for word in (
        ok,
        refuse,
        close_unread,
        reset_unread,
        read_then_close,
        read_then_reset,
        read_then_stall,
        commit_then_close,
        commit_then_reset,
        commit_then_stall,
        break_tls,
        status,
        garbage,
        cut,
        false_length,
        drip,
        gzip_bomb,
        endless_body,
        header_flood,
        interim,
        chunked,
        closing,
    )
}
"""Every word by its name."""
