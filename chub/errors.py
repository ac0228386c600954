"""What can go wrong, as values: frozen, equal by value, hashable, picklable, and exceptions where one is raised.

    InvalidValue   the value is wrong; nothing was sent
    NotSent        no byte of the request left this machine
    Unconfirmed    nobody knows whether it was processed
    Rejected       the server said no
    Throttled      the server said: later
    BadResponse    the server's answer to a read can't be read
    PageFailed     one page of a walk failed, with one of the above as its cause

They hold plain facts: never a token, a payload or a traceback.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

import attrs
from attrs import field, frozen

# What breaks a line, rules a terminal or has no UTF-8: controls, separators, marks of direction, lone surrogates.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_MAX_SHOWN = 80


def one_line(text: str) -> str:
    r"""Write a text as one line that can be printed anywhere.

    >>> one_line("a\nb")
    'a\\nb'
    """
    return _UNPRINTABLE.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


def shown(value: object) -> str:
    """Give a `repr` for a message: short, and there for every value.

    >>> shown("web"), shown(10**5000)
    ("'web'", '<int>')
    """
    try:
        text = repr(value)
    except Exception:  # Python writes no giant integers, and a caller's own __repr__ may do anything
        return f"<{type(value).__name__}>"
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"


class Plain:
    """A value that is shown and compared by its fields, as attrs would; one function in place of one for each class.

    attrs compiles each of its methods, which for many classes is what an import takes longest for.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        cls: type[Any] = type(self)
        fields = (f"{item.name}={getattr(self, item.name)!r}" for item in attrs.fields(cls) if item.repr)
        return f"{cls.__name__}({', '.join(fields)})"

    def __eq__(self, other: object) -> bool:
        return _compared(self) == _compared(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self) -> int:
        return hash(_compared(self))


def _compared(value: Any) -> tuple[Any, ...]:
    return tuple(getattr(value, item.name) for item in attrs.fields(type(value)) if item.eq)


def _rebuild(cls: type[Any], fields: dict[str, Any]) -> Any:
    return cls(**fields)


class ErrorValue(Plain, Exception):
    """The shared base: pickles and copies by its fields, for `BaseException` would use positional `args`."""

    if TYPE_CHECKING:

        def _told(self) -> str:
            """What `str` gives, before it is made one line."""
            raise NotImplementedError

        def _facts(self) -> Iterable[tuple[str, str]]:
            """What a notebook shows below the line."""
            raise NotImplementedError

    def __reduce__(self) -> tuple[Any, ...]:
        cls: type[Any] = type(self)
        return _rebuild, (cls, {item.name: getattr(self, item.name) for item in attrs.fields(cls)})

    def __str__(self) -> str:
        return one_line(self._told())

    def _repr_html_(self) -> str:
        from chub.html import BAD, card, fields, marked

        return card(type(self).__name__, " ", marked(self._head(), 1000), fields(self._facts()), edge=BAD)

    def _head(self) -> str:
        """What a notebook shows beside the name."""
        return str(self)


@frozen(kw_only=True, eq=False, repr=False)
class Problem(Plain):
    """One thing that is wrong with a value: where (`owner`, `products[0].price`, `$.customerId`) and what."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


def _as_tuple(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(problems)


@frozen(auto_exc=False, eq=False, repr=False)
class InvalidValue(ErrorValue, ValueError):
    """The value is wrong and nothing was sent; every problem is listed with its path.

    >>> print(InvalidValue.of("size", "51 is not between 1 and 50"))
    size: 51 is not between 1 and 50
    """

    problems: tuple[Problem, ...] = field(converter=_as_tuple)

    @classmethod
    def of(cls, path: str, message: str) -> Self:
        """Make the error of a single problem."""
        return cls((Problem(path=path, message=message),))

    @classmethod
    def check(cls, problems: Iterable[Problem]) -> None:
        """Raise the error of these problems, if there are any."""
        found = tuple(problems)
        if found:
            raise cls(found)

    def _told(self) -> str:
        if len(self.problems) == 1:
            return str(self.problems[0])
        return f"{len(self.problems)} problems: " + "; ".join(map(str, self.problems))

    def _head(self) -> str:
        return super()._head() if len(self.problems) == 1 else f"{len(self.problems)} problems"

    def _facts(self) -> Iterable[tuple[str, str]]:
        few = self.problems[:20] if len(self.problems) > 1 else ()
        more = len(self.problems) - len(few) if few else 0
        return [*((problem.path, problem.message) for problem in few), *([("", f"and {more:,} more")] if more else [])]


@frozen(kw_only=True, eq=False, repr=False)
class FieldError(Plain):
    """What the server says of one field; `path` is a JSON pointer (`/properties/amount/total`)."""

    path: str
    message: str
    code: str | None = None

    def __str__(self) -> str:
        return f"{self.path} {self.message}".strip()


@frozen(kw_only=True, auto_exc=False, eq=False, repr=False)
class _Called(ErrorValue):
    """Which call it was, and what it took (not part of equality)."""

    method: str = ""
    template: str = ""
    attempts: int = field(default=1, eq=False)
    elapsed: float = field(default=0.0, eq=False)
    tracing_id: str | None = field(default=None, eq=False)

    def _facts(self) -> Iterable[tuple[str, str]]:
        from chub.html import call_facts

        return call_facts(self.attempts, self.elapsed, self.tracing_id)

    @property
    def call(self) -> str:
        """The method and the path template: `POST /workspaces/{workspaceId}/events`."""
        return f"{self.method} {self.template}".strip() or "the answer"

    @property
    def deed(self) -> str:
        """What a write would have done: stored, changed, deleted."""
        return {"PUT": "changed", "DELETE": "deleted"}.get(self.method, "stored")

    @property
    def is_read(self) -> bool:
        """Whether the call only reads, so that nothing can have been stored by it."""
        return self.method in ("GET", "HEAD")


@frozen(kw_only=True, auto_exc=False, eq=False, repr=False)
class NotSent(_Called):
    """No byte of the request left: the name, the connection, the proxy or the certificate failed before it.

    `transient` says whether trying again can help.

    >>> print(NotSent(method="POST", template="/events", reason="connection refused", transient=True))
    POST /events: not sent, nothing was stored: connection refused (may be tried again)
    """

    reason: str
    transient: bool

    def _told(self) -> str:
        advice = "may be tried again" if self.transient else "trying again won't help"
        return f"{self.call}: not sent, nothing was {self.deed}: {self.reason} ({advice})"


@frozen(kw_only=True, auto_exc=False, eq=False, repr=False)
class Unconfirmed(_Called):
    """The request, or a part of it, went out, and no answer says what became of it.

    >>> print(Unconfirmed(method="POST", template="/events", reason="the connection was cut"))
    POST /events: unconfirmed, it may be stored or not: the connection was cut (look before sending again)
    >>> print(Unconfirmed(method="GET", template="/events", reason="the connection was cut"))
    GET /events: no answer: the connection was cut
    """

    reason: str
    status: int | None = None
    logref: str | None = None
    retry_after: float | None = None

    def _told(self) -> str:
        if self.is_read:
            return f"{self.call}: no answer: {self.reason}"
        return f"{self.call}: unconfirmed, it may be {self.deed} or not: {self.reason} (look before sending again)"


@frozen(kw_only=True, auto_exc=False, eq=False, repr=False)
class Rejected(_Called):
    """The server refused; nothing was stored.

    `message` is the server's own, or the status phrase.  `conflicting_id` is the customer that a 409 names.

    >>> print(Rejected(method="GET", template="/events/{id}", status=404, message="Not Found"))
    GET /events/{id}: 404 Not Found
    """

    status: int
    message: str
    logref: str | None = None
    errors: tuple[FieldError, ...] = ()
    conflicting_id: str | None = None
    hint: str = field(default="", eq=False)

    def _told(self) -> str:
        details = "; ".join(map(str, self.errors))
        said = f"{self.status} {self.message}"
        parts = [
            f"{self.call}: {said}" if self.is_read else f"{self.call}: refused, nothing was {self.deed}: {said}",
            f" [{details}]" if details else "",
            f" (customer {self.conflicting_id})" if self.conflicting_id else "",
            f" (logref {self.logref})" if self.logref else "",
            f"; {self.hint}" if self.hint else "",
        ]
        return "".join(parts)


@frozen(kw_only=True, auto_exc=False, eq=False, repr=False)
class Throttled(_Called):
    """The server asks to come back later (429); `retry_after` is in seconds, where it says when.

    >>> print(Throttled(method="POST", template="/events", retry_after=3.0))
    POST /events: throttled, nothing was stored: try again in 3 s
    """

    retry_after: float | None = None
    message: str = ""
    logref: str | None = None

    def _told(self) -> str:
        when = "later" if self.retry_after is None else f"in {self.retry_after:g} s"
        return f"{self.call}: throttled, nothing was {self.deed}: try again {when}"


@frozen(kw_only=True, auto_exc=False, eq=False, repr=False)
class BadResponse(_Called):
    """The server answered a read with something that can't be read.

    >>> print(BadResponse(method="GET", template="/events", status=200, reason="not JSON"))
    GET /events: 200, but the answer can't be read: not JSON
    """

    reason: str
    status: int | None = None

    def _told(self) -> str:
        status = "" if self.status is None else f"{self.status}, but "
        return f"{self.call}: {status}the answer can't be read: {self.reason}"


@frozen(kw_only=True, auto_exc=False, eq=False, repr=False)
class PageFailed(ErrorValue):
    """A walk stopped at this page (from 0); go on with `attrs.evolve(query, page=failed.page)`.

    >>> print(PageFailed(page=3, cause=Rejected(method="GET", template="/events", status=403, message="Forbidden")))
    page 3 failed: GET /events: 403 Forbidden
    """

    page: int
    cause: "InvalidValue | NotSent | Unconfirmed | Rejected | Throttled | BadResponse"

    def _told(self) -> str:
        return f"page {self.page} failed: {self.cause}"

    def _facts(self) -> Iterable[tuple[str, str]]:
        return [("to go on", f"attrs.evolve(query, page={self.page})")]


ChubError = InvalidValue | NotSent | Unconfirmed | Rejected | Throttled | BadResponse | PageFailed
"""Every error that a public function of chub returns: the one error type of all its Results."""
