"""How an answer goes over the wire in the forms that a fault gives it: a flow of bytes, with pauses between them.

Everything is made at the moment it is sent: a flow without an end takes no more memory than one of its pieces.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from http import HTTPStatus
from itertools import chain, repeat
from typing import Any, Final

from attrs import evolve, frozen

from chub.http import Response
from chub.sandbox import faults
from chub.sandbox.faults import Form, Part
from chub.sandbox.http11 import NO_BODY

Flow = Iterator[bytes | float]
"""What is sent, in order; a float is a pause, in seconds."""

_PIECE: Final = 64 * 1024
_ZEROS: Final = bytes(16 * _PIECE)
_GZIP: Final = 16 + zlib.MAX_WBITS


@frozen(kw_only=True)
class Draft:
    """An answer that is about to be sent, in its parts."""

    status: bytes
    headers: Iterable[bytes]
    length: int | None
    body: Iterable[bytes]
    keeps: bool
    interim: tuple[int, ...] = ()
    drips: tuple[tuple[Part, float], ...] = ()

    def flow(self) -> Flow:
        """Give what goes over the wire."""
        drips = dict(self.drips)
        for status in self.interim:
            yield f"HTTP/1.1 {status} {_phrase(status)}\r\n\r\n".encode()
        yield from _paced([self.status], drips.get("status"))
        yield from _paced(self._head(), drips.get("headers"))
        yield from _paced(self.body, drips.get("body"))

    def _head(self) -> Iterator[bytes]:
        yield from self.headers
        if self.length is not None:
            yield b"content-length: %d\r\n" % self.length
        if not self.keeps:
            yield b"connection: close\r\n"
        yield b"\r\n"


def draft(response: Response, forms: Iterable[Form], *, keeps: bool, with_body: bool = True) -> Draft:
    """Draft an answer, and give it its forms one after another."""
    named = {name.lower(): value.lower() for name, value in response.headers}
    # A script may give a header of its own where otherwise one is made.
    sized = response.status in NO_BODY or not named.keys().isdisjoint(("content-length", "transfer-encoding"))
    plain = Draft(
        status=f"HTTP/1.1 {response.status} {response.reason}\r\n".encode("latin-1"),
        headers=[f"{name}: {value}\r\n".encode("latin-1") for name, value in response.headers if name != "connection"],
        length=None if sized else len(response.body),
        body=[response.body] if with_body else [],
        keeps=keeps and named.get("connection") != "close",
    )
    return reduce(lambda drafted, form: _FORMED[type(form)](form, drafted), forms, plain)


def _phrase(status: int) -> str:
    known = {item.value: item.phrase for item in HTTPStatus}
    return known.get(status, "Some Status")


def _paced(pieces: Iterable[bytes], every: float | None) -> Flow:
    if every is None:
        yield from pieces
        return
    for piece in pieces:
        for place in range(len(piece)):
            yield float(every)
            yield piece[place : place + 1]


def _interim(form: faults.Interim, drafted: Draft) -> Draft:
    return evolve(drafted, interim=(*drafted.interim, *form.statuses))


def _chunked(_: Form, drafted: Draft) -> Draft:
    headers = chain(drafted.headers, [b"transfer-encoding: chunked\r\n"])
    return evolve(drafted, headers=headers, length=None, body=_chunks(drafted.body))


def _chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    # An empty chunk would be the last one.
    yield from (b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces if piece)
    yield b"0\r\n\r\n"


def _closing(_: Form, drafted: Draft) -> Draft:
    return evolve(drafted, keeps=False)


def _garbage(form: faults.Garbage, drafted: Draft) -> Draft:
    return evolve(drafted, status=form.line + b"\r\n", keeps=False)


def _cut(form: faults.Cut, drafted: Draft) -> Draft:
    return evolve(drafted, body=_beginning(drafted.body, form.at), keeps=False)


def _beginning(pieces: Iterable[bytes], left: int) -> Iterator[bytes]:
    for piece in pieces:
        yield piece[:left]
        left -= len(piece)
        if left <= 0:
            return


def _false_length(form: faults.FalseLength, drafted: Draft) -> Draft:
    stated = max(0, (drafted.length or 0) + form.by)
    # Kept after a length too great, the connection would leave the client waiting: that is what a stall is for.
    return evolve(drafted, length=stated, keeps=drafted.keeps and form.by < 0)


def _drip(form: faults.Drip, drafted: Draft) -> Draft:
    return evolve(drafted, drips=(*drafted.drips, (form.part, form.every)))


def _gzip(form: faults.Gzip, drafted: Draft) -> Draft:
    headers = chain(drafted.headers, [b"content-encoding: gzip\r\n"])
    return _chunked(form, evolve(drafted, headers=headers, body=_compressed_zeros(form.size)))


def _compressed_zeros(size: int) -> Iterator[bytes]:
    compressor = zlib.compressobj(wbits=_GZIP)
    for start in range(0, size, len(_ZEROS)):
        yield compressor.compress(_ZEROS[: size - start])
    yield compressor.flush()


def _endless(form: faults.Endless, drafted: Draft) -> Draft:
    return _chunked(form, evolve(drafted, body=repeat(b" " * _PIECE)))


def _flood(form: faults.Flood, drafted: Draft) -> Draft:
    value = b"x" * form.size
    more = (b"x-flood-%d: %b\r\n" % (number, value) for number in range(form.count))
    return evolve(drafted, headers=chain(drafted.headers, more))


_FORMED: Final[Mapping[type[Form], Callable[[Any, Draft], Draft]]] = {
    faults.Interim: _interim,
    faults.Chunked: _chunked,
    faults.Closing: _closing,
    faults.Garbage: _garbage,
    faults.Cut: _cut,
    faults.FalseLength: _false_length,
    faults.Drip: _drip,
    faults.Gzip: _gzip,
    faults.Endless: _endless,
    faults.Flood: _flood,
}
