"""HTTP as values: what is asked, what was answered, and the type of whatever carries one to the other.

Nothing here does I/O.  A `Transport` is the one place where the network, a sandbox, a recorder or a fake plugs in.
"""

import os
import re
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, final

from attrs import field, frozen
from returns.result import Result

from chub.errors import ChubError, InvalidValue, Plain
from chub.late import Late

if TYPE_CHECKING:
    import hmac
    from urllib import parse
else:
    hmac, parse = Late("hmac"), Late("urllib.parse")

# RFC 9110 lets a header carry visible ASCII; a bearer token (RFC 6750) is a subset of it, without spaces.
_HEADER_SAFE = re.compile(r"[\x21-\x7e]+", re.ASCII)


@final
class Token:
    """A bearer token that can be sent but not seen: not by `repr`, a pickle, a log, nor a traceback with locals.

    Made by `token` (a literal) or `token_from_env` (a reference, read when a request is sent).

    >>> Token(lambda: "not-shown", shown="Token(hidden)")
    Token(hidden)
    """

    __slots__ = ("_environment_name", "_read", "_shown")

    def __init__(self, read: Callable[[], str | None], *, shown: str, environment_name: str | None = None) -> None:
        self._read = read
        self._shown = shown
        self._environment_name = environment_name

    def reveal(self) -> str:
        """Give the secret itself, for the header of a request; raises `InvalidValue` where no header can bear it."""
        secret = self._read()
        fault = _secret_fault(secret)
        if fault:
            del secret  # a traceback that shows locals must not show it
            name = self._environment_name
            raise InvalidValue.of("token" if name is None else f"environment variable {name}", fault)
        return str(secret)

    def __repr__(self) -> str:
        return self._shown

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Token):
            return NotImplemented
        if self._environment_name is not None or other._environment_name is not None:
            return self._environment_name == other._environment_name
        return hmac.compare_digest(self.reveal(), other.reveal())

    def __hash__(self) -> int:
        return hash((Token, self._environment_name or self.reveal()))

    def __copy__(self) -> "Token":
        return self

    def __deepcopy__(self, memo: object) -> "Token":
        return self

    def __reduce__(self) -> tuple[Callable[[str], "Token"], tuple[str]]:
        if self._environment_name is None:
            raise InvalidValue.of("token", "a literal token is not pickled; use chub.token_from_env(NAME) instead")
        return token_from_env, (self._environment_name,)


def token(secret: str) -> Token:
    """Hide a literal token.

    Raises `InvalidValue`, without showing the text, where it is empty or holds what no header can bear.

    >>> token("demo")
    Token(hidden)
    """
    fault = _secret_fault(secret)
    if fault:
        del secret  # a traceback that shows locals must not show it
        raise InvalidValue.of("token", fault)
    return Token(lambda: secret, shown="Token(hidden)")


def token_from_env(name: str) -> Token:
    """Refer to an environment variable that holds the token; it is read at each send and pickles as its name.

    >>> token_from_env("CHUB_TOKEN")
    token_from_env('CHUB_TOKEN')
    """
    if not isinstance(name, str) or not name:
        raise InvalidValue.of("name", "the name of an environment variable is needed, e.g. 'CHUB_TOKEN'")
    return Token(partial(os.getenv, name), shown=f"token_from_env({name!r})", environment_name=name)


def _secret_fault(secret: object) -> str | None:
    if secret is None:
        return "not set"
    fault = header_text_fault(secret)
    if fault and isinstance(secret, str) and secret:
        return f"{fault} (give the token alone, without 'Bearer'; it is not shown here)"
    return fault


@frozen(kw_only=True, eq=False, repr=False)
class Json(Plain):
    """What reads and writes JSON text in the place of the standard library: the functions of orjson, say, or msgspec.

    What they refuse goes to the standard library, which has the last word; numbers are as `loads` gives them.  What it
    gives is taken apart while it is read.

    >>> import json
    >>> Json(loads=json.loads).dumps is None
    True
    """

    loads: Callable[[bytes | str], Any] | None = None
    dumps: Callable[[Any], bytes | str] | None = None

    def __attrs_post_init__(self) -> None:
        for name, given in (("loads", self.loads), ("dumps", self.dumps)):
            if given is not None and not callable(given):
                raise InvalidValue.of(name, f"a function is needed, not {type(given).__name__}")


@frozen(kw_only=True, eq=False, repr=False)
class Request(Plain):
    """One HTTP request.  `path` is percent-encoded and stands below `base_url`; `query` is not encoded yet.

    `template` is the path with its ids left out, for logs and errors.  Wire operations leave `base_url` and `token`
    empty: the door fills them in when it sends.  `json` is what reads the answer, None being the standard library.
    """

    method: str
    path: str
    template: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    base_url: str = ""
    token: Token | None = None
    json: Json | None = field(default=None, repr=False)

    @property
    def target(self) -> str:
        """The path with its query, below the base URL, as the request line bears it."""
        if not self.query:
            return self.path
        query = parse.urlencode(self.query, quote_via=parse.quote, safe="", errors="surrogatepass")
        return f"{self.path}?{query}"


@frozen(kw_only=True, eq=False, repr=False)
class Response(Plain):
    """One HTTP response, its body read whole.  Header names are in lower case."""

    status: int
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Give the first header of this name, whatever its case.

        >>> Response(status=503, headers=(("retry-after", "3"),)).header("Retry-After")
        '3'
        """
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@frozen(kw_only=True, eq=False, repr=False)
class Deadline(Plain):
    """The instant, on a monotonic clock, after which a call is over; in seconds of that clock.

    >>> Deadline(at=12.0, clock=lambda: 10.0).left()
    2.0
    """

    at: float
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)

    def left(self) -> float:
        """Seconds that remain; zero or less once the time is over."""
        return self.at - self.clock()


def deadline_in(seconds: float, clock: Callable[[], float] = time.monotonic) -> Deadline:
    """Set a deadline that many seconds from now."""
    return Deadline(at=clock() + seconds, clock=clock)


Transport = Callable[[Request, Deadline], Result[Response, ChubError]]
"""Whatever carries a request: urllib3, the in-process sandbox, a recorder, a fake.  It returns, it does not raise."""


def wire_headers(request: Request) -> tuple[tuple[str, str], ...]:
    """Give the headers as they go out, the token revealed; raises `InvalidValue` where the token can't be read.

    The token comes first: whoever writes the headers one by one keeps the last one, not the token, in his locals.
    """
    if request.token is None:
        return request.headers
    return (("Authorization", f"Bearer {request.token.reveal()}"), *request.headers)


def header_text_fault(value: object) -> str | None:
    r"""Say why this value can't be a header's; None where it can.

    >>> header_text_fault("a-1"), header_text_fault("a\n1")
    (None, 'holds a space, a line break or another character that no header can bear')
    """
    if not isinstance(value, str):
        return f"a str is needed, not {type(value).__name__}"
    if not value:
        return "empty"
    if not _HEADER_SAFE.fullmatch(value):
        return "holds a space, a line break or another character that no header can bear"
    return None
