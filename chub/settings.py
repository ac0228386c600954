"""Where the hub is and how to reach it, as one frozen value; from arguments, an environment or an INI text.

Nothing is read behind the caller's back: no environment variable, no file, no proxy and no netrc unless given.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from attrs import field, frozen
from returns.result import Failure, Result, Success

from chub.errors import ChubError, InvalidValue, Plain, Problem, shown
from chub.http import Json, Token, Transport, token
from chub.late import Late
from chub.values.identities import path_id_fault, text_fault
from chub.values.schema import Flag, Number, Range

if TYPE_CHECKING:
    import configparser
    import ipaddress
    import ssl
    from urllib import parse
else:
    configparser, ipaddress, ssl, parse = map(Late, ("configparser", "ipaddress", "ssl", "urllib.parse"))

PRODUCTION_URL = "https://api.contactlab.it/hub/v1"
"""The base URL of the real hub, of API description 1.51."""


@frozen(kw_only=True, eq=False, repr=False)
class Timeouts(Plain):
    """How long a call may take, in seconds; all finite.

    `connect` for a connection, `read` without a byte from the server, `total` for a whole call.

    >>> Timeouts(total=5)
    Timeouts(connect=5.0, read=30.0, total=5.0)
    """

    connect: float = field(default=5.0)
    read: float = field(default=30.0)
    total: float = field(default=60.0)

    def __attrs_post_init__(self) -> None:
        problems = []
        for name in ("connect", "read", "total"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 86_400:
                problems.append(
                    Problem(path=name, message=f"{shown(value)} is no number of seconds above 0, and 86,400 at most")
                )
            else:
                object.__setattr__(self, name, float(value))
        InvalidValue.check(problems)


@frozen(kw_only=True, eq=False, repr=False)
class RetryPolicy(Plain):
    """How often and when a call is tried again; `chub.retry` says which failures are.

    `attempts` counts the first one too.  The longest wait after attempt n is `base` * 2 ** (n - 1) seconds, from
    `throttled_base` after a 429, never above `cap`; a random part of it is waited, and the server's Retry-After at
    least.  `budget` is how many retries a whole walk may make, or a single call.

    `repeat_unconfirmed` lets a POST be sent again though it may be stored already.  That a 429 means "not stored" is
    an assumption, for the hub documents no 429; with `throttled_is_not_stored=False` it counts as `Unconfirmed`.

    >>> RetryPolicy(attempts=1).attempts
    1
    """

    attempts: int = 3
    base: float = 0.05
    throttled_base: float = 1.0
    cap: float = 20.0
    budget: int = 10
    repeat_unconfirmed: bool = False
    throttled_is_not_stored: bool = True

    def __attrs_post_init__(self) -> None:
        problems: list[Problem] = []
        for name, kind in _POLICY.items():
            object.__setattr__(self, name, kind.check(getattr(self, name), name, problems))
        InvalidValue.check(problems)


_SECONDS = Number(bounds=Range(0, 86_400))
_POLICY: Mapping[str, Number | Flag] = {
    "attempts": Number(whole=True, bounds=Range(1, 1_000)),
    "base": _SECONDS,
    "throttled_base": _SECONDS,
    "cap": _SECONDS,
    "budget": Number(whole=True, bounds=Range(0, 1_000_000)),
    "repeat_unconfirmed": Flag(),
    "throttled_is_not_stored": Flag(),
}


def _as_token(value: Token | str) -> Token:
    return value if isinstance(value, Token) else token(value)


@frozen(kw_only=True, eq=False, repr=False)
class Config(Plain):
    """Which workspace of which hub, with which token; made by `config`, `config_from_env`, `config_from_ini`."""

    workspace_id: str
    token: Token = field(converter=_as_token)
    node_id: str | None = None
    base_url: str = PRODUCTION_URL
    timeouts: Timeouts = field(factory=Timeouts)
    retry: RetryPolicy = field(factory=RetryPolicy)
    proxy: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    ssl_context: "ssl.SSLContext | None" = field(default=None, repr=False)
    transport: Transport | None = None
    json: Json | None = None

    def __attrs_post_init__(self) -> None:
        if isinstance(self.base_url, str):
            # The old SDK's base_url ends in /workspaces, which is a part of every path here.
            object.__setattr__(self, "base_url", self.base_url.rstrip("/").removesuffix("/workspaces"))
        InvalidValue.check(_config_problems(self))

    def __getstate__(self) -> dict[str, Any]:
        for name, instead in _UNPICKLABLE.items():
            if getattr(self, name) is not None:
                raise InvalidValue.of(name, f"a config with this is not pickled; {instead}")
        return {name: getattr(self, name) for name in _CONFIG_FIELDS}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            object.__setattr__(self, name, value)

    def __copy__(self) -> "Config":
        return self

    def __deepcopy__(self, memo: object) -> "Config":
        return self


_CONFIG_FIELDS = (
    "workspace_id",
    "token",
    "node_id",
    "base_url",
    "timeouts",
    "retry",
    "proxy",
    "ca_file",
    "ssl_context",
    "transport",
    "json",
)
_UNPICKLABLE = {
    "ssl_context": "use ca_file= instead",
    "transport": "make the transport where it is used, e.g. chub.sandbox.serve() instead of open()",
}


def _config_problems(config: Config) -> list[Problem]:
    faults = {
        "workspace_id": path_id_fault(config.workspace_id),
        "node_id": None if config.node_id is None else text_fault(config.node_id),
        "base_url": _base_url_fault(config.base_url),
        "timeouts": None if isinstance(config.timeouts, Timeouts) else "chub.Timeouts(...) is needed",
        "retry": None if isinstance(config.retry, RetryPolicy) else "chub.RetryPolicy(...) is needed",
        "proxy": None if config.proxy is None else _proxy_fault(config.proxy, config.base_url),
        "ca_file": None if config.ca_file is None else text_fault(config.ca_file),
        "ssl_context": None if config.ssl_context is None else _ssl_context_fault(config.ssl_context, config.ca_file),
        "transport": None if config.transport is None or callable(config.transport) else "a callable is needed",
        "json": None if config.json is None or isinstance(config.json, Json) else "chub.Json(...) is needed",
    }
    return [Problem(path=name, message=fault) for name, fault in faults.items() if fault]


def _base_url_fault(url: object) -> str | None:
    if url == PRODUCTION_URL:
        return None
    if not isinstance(url, str):
        return f"a str is needed, not {type(url).__name__}"
    parts = _url_parts(url)
    if parts is None:
        return "no URL of a host, such as https://api.example.com/hub/v1"
    host = parts.hostname or ""
    if "@" in parts.netloc:
        return "user info doesn't belong in the base URL; the token goes into token="
    if "?" in url or "#" in url:
        return "a query or a fragment doesn't belong in the base URL"
    if parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host)):
        return None
    return f"https:// is needed (http:// only to loopback, for the token would go out in clear), not {parts.scheme!r}"


def _url_parts(url: str) -> "parse.SplitResult | None":
    """Split a URL that has a host; None where there is none, or a port or a character that no URL bears."""
    if not re.fullmatch(r"[\x21-\x5b\x5d-\x7e]+", url):
        return None
    try:
        parts = parse.urlsplit(url)
        return parts if parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _proxy_fault(url: object, base_url: object) -> str | None:
    parts = _url_parts(url) if isinstance(url, str) else None
    if parts is None or parts.scheme not in ("http", "https"):
        return "the URL of an HTTP proxy is needed, such as http://proxy.example.com:3128"
    if parts.scheme == "https" and not str(base_url).lower().startswith("https:"):
        return "an https:// proxy is of use for an https:// base URL only"
    return None


def _ssl_context_fault(context: object, ca_file: object) -> str | None:
    if not isinstance(context, ssl.SSLContext):
        return f"an ssl.SSLContext is needed, not {type(context).__name__}"
    if context.verify_mode != ssl.CERT_REQUIRED or not context.check_hostname:
        return "verification is switched off in this context; for a private authority use its load_verify_locations"
    return None if ca_file is None else "give this or ca_file=, not both"


def config(
    *,
    workspace_id: str,
    token: Token | str,
    node_id: str | None = None,
    base_url: str = PRODUCTION_URL,
    timeouts: Timeouts | None = None,
    retry: RetryPolicy | None = None,
    proxy: str | None = None,
    ca_file: str | None = None,
    ssl_context: "ssl.SSLContext | None" = None,
    transport: Transport | None = None,
    json: Json | None = None,
) -> Config:
    """Make a config; raises `InvalidValue` with every problem of its arguments, never showing the token.

    `base_url` is https, or http to loopback.  `proxy` is used only if given here.  A config with a literal token, an
    `ssl_context` or a `transport` does not pickle: use `token_from_env` and `ca_file` where it must.  `json` is what
    reads and writes JSON in the place of the standard library: `chub.Json(loads=orjson.loads)`.

    >>> config(workspace_id="w", node_id="n", token="demo").base_url
    'https://api.contactlab.it/hub/v1'
    """
    hidden, problems = _hidden(token)
    del token  # a traceback that shows locals must not show it
    rest = {
        "workspace_id": workspace_id,
        "node_id": node_id,
        "base_url": base_url,
        "timeouts": Timeouts() if timeouts is None else timeouts,
        "retry": RetryPolicy() if retry is None else retry,
        "proxy": proxy,
        "ca_file": ca_file,
        "ssl_context": ssl_context,
        "transport": transport,
        "json": json,
    }
    made, found = _tried(partial(Config, token=hidden, **rest))  # type: ignore[arg-type]
    if made is None or problems:
        raise InvalidValue((*found, *problems))
    return made


def _tried(make: Callable[[], Config]) -> tuple[Config | None, tuple[Problem, ...]]:
    try:
        return make(), ()
    except InvalidValue as error:
        return None, error.problems


def _hidden(secret: Token | str) -> tuple[Token, tuple[Problem, ...]]:
    """Hide a literal token; a stand-in takes its place where it is wrong, so that the other problems are told too."""
    if isinstance(secret, Token):
        return secret, ()
    try:
        return token(secret), ()
    except InvalidValue as error:
        return token("-"), error.problems


class ConfigOptions(TypedDict, total=False):
    """The arguments of `config`, each of which may be left out here."""

    workspace_id: str
    token: Token | str
    node_id: str | None
    base_url: str
    timeouts: Timeouts | None
    retry: RetryPolicy | None
    proxy: str | None
    ca_file: str | None
    ssl_context: "ssl.SSLContext | None"
    transport: Transport | None
    json: Json | None


_VARIABLES = {
    "CHUB_WORKSPACE_ID": "workspace_id",
    "CHUB_NODE_ID": "node_id",
    "CHUB_TOKEN": "token",
    "CHUB_BASE_URL": "base_url",
}
_KEYS = {name: name for name in _VARIABLES.values()}


def config_from_env(environ: Mapping[str, str], **more: Unpack[ConfigOptions]) -> Result[Config, ChubError]:
    """Read CHUB_WORKSPACE_ID, CHUB_NODE_ID, CHUB_TOKEN and CHUB_BASE_URL from a mapping such as `os.environ`.

    Further arguments are those of `config` and win.  Problems bear the names of the variables.

    >>> config_from_env({"CHUB_TOKEN": "demo"})
    <Failure: CHUB_WORKSPACE_ID: not set>
    """
    if not isinstance(environ, Mapping):
        return Failure(InvalidValue.of("environ", f"a mapping is needed, not {type(environ).__name__}"))
    given = _given(environ, _VARIABLES, more)
    del environ, more  # a traceback that shows locals must not show the token
    return _made(*given)


def config_from_ini(
    text: str, *, section: str | None = None, **more: Unpack[ConfigOptions]
) -> Result[Config, ChubError]:
    r"""Read `workspace_id`, `node_id`, `token` and `base_url` from an INI text, with or without a section.

    Where there are several sections and none is named, the first is read.  `%` is a character like any other.
    Further arguments are those of `config` and win.

    >>> config_from_ini("workspace_id = w\ntoken = a%b").unwrap().workspace_id
    'w'
    """
    try:
        given = _given(_ini_keys(text, section), _KEYS, more)
    except InvalidValue as error:
        return Failure(InvalidValue(error.problems))  # a new one: the caught one's traceback holds the text
    del text, more  # a traceback that shows locals must not show the token
    return _made(*given)


_Given = tuple[dict[str, Any], tuple[Problem, ...], dict[str, str]]
"""Arguments of `config` with the token hidden; what is wrong already; under which key of the texts each was found."""


def _given(texts: Mapping[str, str], names: Mapping[str, str], more: Mapping[str, Any]) -> _Given:
    given: dict[str, Any] = {name: texts[key] for key, name in names.items() if texts.get(key)} | {**more}
    missing = tuple(Problem(path=name, message="not set") for name in ("workspace_id", "token") if name not in given)
    arguments: dict[str, Any] = {"workspace_id": "-", "token": "-"} | given
    arguments["token"], faults = _hidden(arguments["token"])
    return arguments, missing + faults, {name: key for key, name in names.items() if name not in more}


def _made(arguments: dict[str, Any], faults: tuple[Problem, ...], key_of: dict[str, str]) -> Result[Config, ChubError]:
    made, found = _tried(partial(config, **arguments))
    if made is not None and not faults:
        return Success(made)
    problems = (Problem(path=key_of.get(item.path, item.path), message=item.message) for item in (*faults, *found))
    return Failure(InvalidValue(problems))


def _ini_keys(text: object, section: str | None) -> Mapping[str, str]:
    """Read the keys of one section; the messages of `configparser` would show lines, so the token, and are not used."""
    if not isinstance(text, str):
        raise InvalidValue.of("text", f"the INI text is needed, not {type(text).__name__}; open the file and read it")
    parser = _parsed_ini(text.removeprefix("\ufeff"))
    names = parser.sections()
    if section is not None and section not in names:
        raise InvalidValue.of("section", f"{section!r} is not in the text; there are: {', '.join(names) or 'none'}")
    chosen = section or next(iter(names), parser.default_section)
    return dict(parser[chosen])


def _parsed_ini(text: str, added: str = "") -> "configparser.RawConfigParser":
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(added + text)
    except configparser.MissingSectionHeaderError:
        return _parsed_ini(text, "[(no name)]\n")
    except configparser.Error as error:
        line = getattr(error, "lineno", None) or next(number for number, _ in getattr(error, "errors", ()))
        at = line - added.count("\n")
        one_line = "=" not in text and len(text.splitlines()) == 1
        hint = " (if this is a path: open the file, and pass its text)" if one_line else ""
        raise InvalidValue.of("text", f"no INI: {type(error).__name__} near line {at}{hint}") from None
    return parser
