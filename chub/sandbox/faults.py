"""What can go wrong with one request, as values: a script of a sandbox is made of them.

A fault says three things that don't depend on one another: how far the server comes (`Drop.after`, `Reply.commit`),
what it answers (`Reply.answer`), and in which form that goes over the wire (`Reply.forms`, applied one after another).
"""

from collections.abc import Callable, Iterable
from math import inf, isnan
from typing import Any, Final, Literal, get_args

from attrs import field, frozen

from chub.http import Response
from chub.sandbox.bad_options import BadOptions

Stage = Literal["connect", "read", "commit"]
"""How far the server has come: it has a connection; it has read the request; the hub has handled it."""

End = Literal["close", "reset", "stall", "noise"]
"""How a connection ends without an answer."""

Part = Literal["status", "headers", "body"]
"""A part of an answer."""

Validator = Callable[[Any, Any, Any], None]

_HARMLESS: Final = frozenset(map(chr, {*range(0x20, 0x7F), *range(0xA0, 0x100)}))


def _refuse_unless(fits: bool, name: str, message: str) -> None:
    if not fits:
        raise BadOptions([(name, message)])


def _number(least: float, *, whole: bool = False) -> Validator:
    wanted = f"a {'whole ' if whole else ''}number from {least:g} on is needed"

    def check(_: Any, attribute: Any, value: Any) -> None:
        fits = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        _refuse_unless(fits and not isnan(value) and value >= least, attribute.name, wanted)

    return check


def _statuses(_: Any, attribute: Any, value: tuple[Any, ...]) -> None:
    fits = all(type(status) is int and 100 <= status < 200 for status in value)
    _refuse_unless(fits, attribute.name, "numbers from 100 to 199 are needed")


def _line(_: Any, attribute: Any, value: Any) -> None:
    fits = isinstance(value, bytes) and b"\n" not in value
    _refuse_unless(fits, attribute.name, "bytes without a line break are needed")


def _not_zero(_: Any, attribute: Any, value: Any) -> None:
    _refuse_unless(type(value) is int and value != 0, attribute.name, "a whole number that isn't 0 is needed")


def _as_tuple(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(values)


def _check_word(name: str, value: object, literal: Any) -> None:
    words = get_args(literal)
    _refuse_unless(value in words, name, f"one of {', '.join(words)} is needed")


@frozen(kw_only=True)
class Interim:
    """Interim answers come first; 101 is for clients that asked for another protocol."""

    statuses: tuple[int, ...] = field(default=(100,), converter=_as_tuple, validator=_statuses)


@frozen(kw_only=True)
class Chunked:
    """The body comes in chunks."""


@frozen(kw_only=True)
class Closing:
    """The connection is closed after the answer, which says so."""


@frozen(kw_only=True)
class Garbage:
    """These bytes stand where the status line belongs."""

    line: bytes = field(default=b"\x00\xff this is no status line", validator=_line)


@frozen(kw_only=True)
class Cut:
    """After so many bytes of the body, as it goes over the wire, the connection is closed."""

    at: int = field(default=1, validator=_number(0, whole=True))


@frozen(kw_only=True)
class FalseLength:
    """Content-Length is too great by so much, or too small where it is negative; never less than 0."""

    by: int = field(validator=_not_zero)


@frozen(kw_only=True)
class Drip:
    """A part of the answer comes byte by byte, with so many seconds before each one."""

    every: float = field(default=0.01, validator=_number(0))
    part: Part = "body"

    def __attrs_post_init__(self) -> None:
        _check_word("part", self.part, Part)


@frozen(kw_only=True)
class Gzip:
    """A body of zeros takes the place of the answer's: compressed with gzip, it inflates to so many bytes."""

    size: int = field(default=2**30, validator=_number(0, whole=True))


@frozen(kw_only=True)
class Endless:
    """A body that never ends takes the place of the answer's."""


@frozen(kw_only=True)
class Flood:
    """So many more headers come, each value so long."""

    count: int = field(default=100_000, validator=_number(1, whole=True))
    size: int = field(default=100, validator=_number(1, whole=True))


Form = Interim | Chunked | Closing | Garbage | Cut | FalseLength | Drip | Gzip | Endless | Flood
"""How an answer goes over the wire, other than it should."""


@frozen(kw_only=True)
class Refuse:
    """Nobody listens: connections are refused, and no byte of a request is sent.

    Only the kernel sees who was refused, so over a socket this can't be counted in requests.  From the moment that it
    is next in the script, the port is closed for so many `seconds`, and kept connections are closed; a request that is
    on its way already is reset.  For an outage that a test begins and ends itself there is `hub.down()`.  In process it
    is one request that is refused, and a function that was asked with the request in hand resets it.
    """

    seconds: float = field(default=0.05, validator=_number(0))


@frozen(kw_only=True)
class Drop:
    """The client gets no answer.

    After "connect" nothing of the request is read (with TLS: the handshake doesn't take place), after "read" the hub
    never hears of it, after "commit" it has handled it.  "close" is the end of a stream, "reset" a TCP reset; "stall"
    is silence for so many `seconds`, or until the client goes, and then the end; "noise" is bytes that are neither TLS
    nor HTTP, sent beneath any encryption.
    """

    after: Stage
    by: End = "close"
    seconds: float = field(default=inf, validator=_number(0))

    def __attrs_post_init__(self) -> None:
        _check_word("after", self.after, Stage)
        _check_word("by", self.by, End)


@frozen(kw_only=True)
class Reply:
    """The client gets an answer: this one, or without one the hub's own.

    `commit` says whether the hub handles the request, as it must for an answer of its own.
    """

    answer: Response | None = None
    commit: bool = True
    forms: tuple[Form, ...] = field(default=(), converter=_as_tuple)

    def __attrs_post_init__(self) -> None:
        problems = tuple(_reply_problems(self))
        if problems:
            raise BadOptions(problems)


Fault = Refuse | Drop | Reply
"""What happens to one request."""


def _reply_problems(reply: Reply) -> Iterable[tuple[str, str]]:
    if not isinstance(reply.commit, bool):
        yield "commit", "True or False is needed"
    elif reply.answer is None and not reply.commit:
        yield "commit", "the hub's own answer is there only when it has handled the request"
    if not all(isinstance(form, Form) for form in reply.forms):
        yield "forms", "forms of an answer are needed, such as chub.sandbox.faults.Chunked()"
    if isinstance(reply.answer, Response):
        yield from _answer_problems(reply.answer)
    elif reply.answer is not None:
        yield "answer", "a chub.Response is needed"


def _answer_problems(answer: Response) -> Iterable[tuple[str, str]]:
    if type(answer.status) is not int or not 200 <= answer.status <= 999:
        yield "status", "a number from 200 to 999 is needed; interim() is for those below"
    if not _is_line(answer.reason):
        yield "reason", "holds what no status line bears"
    for name, value in answer.headers:
        if not (name and _is_line(name) and _is_line(value)):
            yield "headers", f"{name!r}: {value!r} is no header"
    if not isinstance(answer.body, bytes):
        yield "body", "bytes are needed"


def _is_line(text: object) -> bool:
    """Whether a text can stand in the head of an answer: nothing that breaks the line, nothing beyond Latin-1."""
    return isinstance(text, str) and _HARMLESS.issuperset(text)
