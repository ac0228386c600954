"""An endpoint's call as a value: what is asked, and how the answer is read.

An `Operation` is data: comparable, hashable, picklable, and `curl` prints it.  It bears no token and no base URL;
the door adds both when it sends.
"""

import shlex
from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar
from urllib.parse import quote

from attrs import frozen
from returns.result import Failure, Result, Success

from chub.errors import ChubError, InvalidValue
from chub.http import Request, Response
from chub.settings import PRODUCTION_URL, Config
from chub.values.identities import PathId
from chub.values.schema import Problems
from chub.wire.failures import failure_of, unreadable
from chub.wire.jsontext import dumps, read_object

A = TypeVar("A")
P = ParamSpec("P")

Parse = Callable[[Request, Response], Result[A, ChubError]]


@frozen
class Operation(Generic[A]):
    """A request and how its answer is read; what `send` takes."""

    request: Request
    parse: Parse[A]

    def read(self, response: Response) -> Result[A, ChubError]:
        """Read the answer to the request."""
        return self.parse(self.request, response)


def builder(
    build: Callable[Concatenate[Config, P], Operation[A]],
) -> Callable[Concatenate[Config, P], Result[Operation[A], ChubError]]:
    """Let a builder that raises `InvalidValue` for a wrong value return it; a wrong config is a wrong program."""

    @wraps(build)
    def built(config: Config, /, *args: P.args, **kwargs: P.kwargs) -> Result[Operation[A], ChubError]:
        if not isinstance(config, Config):
            raise InvalidValue.of("config", f"made by chub.config(...) is needed, not {type(config).__name__}")
        try:
            return Success(build(config, *args, **kwargs))
        except InvalidValue as error:
            return Failure(InvalidValue(error.problems))  # a new one, without the traceback

    return built


READING = (("Accept", "application/json"),)
WRITING = (*READING, ("Content-Type", "application/json"))


def needs(value: object, wanted: type[Any] | tuple[type[Any], ...], path: str, how: str) -> None:
    """Raise `InvalidValue` where a value is of another class."""
    if not isinstance(value, wanted):
        raise InvalidValue.of(path, f"{how} is needed, not {type(value).__name__}")


def request(
    method: str,
    template: str,
    config: Config,
    ids: Mapping[str, object] | None = None,
    *,
    query: tuple[tuple[str, str], ...] = (),
    body: object = None,
) -> Request:
    """Make the request of an endpoint below `/workspaces/{workspaceId}`; each id fills one segment of the path.

    Raises `InvalidValue` for an id that would leave its segment.
    """
    path = template
    for name, value in (ids or {}).items():
        problems: Problems = []
        plain = PathId().check(value, name, problems)
        InvalidValue.check(problems)
        path = path.replace(f"{{{name}}}", quote(plain, safe=""))
    return Request(
        method=method,
        path=f"/workspaces/{_segment(config.workspace_id)}{path}",
        template=f"/workspaces/{{workspaceId}}{template}",
        query=query,
        headers=READING if body is None else WRITING,
        body=None if body is None else dumps(body, config.json),
        json=config.json,
    )


@lru_cache(maxsize=64)
def _segment(text: str) -> str:
    return quote(text, safe="")


def succeeded(response: Response) -> bool:
    """Whether the status is one of 2xx."""
    return 200 <= response.status < 300


def parse_object(
    asked: Request, response: Response, read: Callable[[Mapping[str, Any]], A], hint: str = ""
) -> Result[A, ChubError]:
    """Read the JSON object that a read was answered with; a `BadResponse` where it is none."""
    if not succeeded(response):
        return Failure(failure_of(asked, response, hint))
    try:
        return Success(read(read_object(response.body, asked.json)))
    except InvalidValue as error:
        return Failure(unreadable(asked, response, str(error)))
    except RecursionError:
        return Failure(unreadable(asked, response, "nested too deep"))


def curl(operation: Operation[Any], base_url: str = PRODUCTION_URL) -> str:
    r"""Write an operation as a curl command; the token is left to the shell variable CHUB_TOKEN.

    >>> from chub.wire.operations import get_event
    >>> from chub.settings import config
    >>> print(curl(get_event(config(workspace_id="w", token="demo"), "e1").unwrap()))
    curl -X GET https://api.contactlab.it/hub/v1/workspaces/w/events/e1 \
      -H 'Accept: application/json' \
      -H "Authorization: Bearer $CHUB_TOKEN"
    """
    asked = operation.request
    lines = [f"curl -X {asked.method} {shlex.quote(base_url + asked.target)}"]
    lines += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in asked.headers]
    lines.append('-H "Authorization: Bearer $CHUB_TOKEN"')
    if asked.body is not None:
        lines.append(f"--data-raw {shlex.quote(asked.body.decode())}")
    return " \\\n  ".join(lines)
