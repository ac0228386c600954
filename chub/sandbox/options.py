"""What a sandbox is opened with, checked: every problem at once, before any file is touched."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, TypedDict
from uuid import uuid4

from attrs import field, frozen

from chub.sandbox.bad_options import BadOptions
from chub.sandbox.faults import Fault
from chub.sandbox.notation import Schema
from chub.sandbox.schema_check import schema_problems
from chub.sandbox.script import Faults

# What can stand as a step of a path.
_PATH_SAFE: Final = re.compile(r"(?!\.{1,2}\Z)[^\x00-\x20/?#%\\\x7f-\x9f\ud800-\udfff]+")
_HEADER_SAFE: Final = re.compile(r"[\x21-\x7e]+")
_A_CENTURY: Final = timedelta(days=36_525)


class HubOptions(TypedDict, total=False):
    """What a sandbox can be opened with; each one may be left out.

    `workspace_id`, `node_id`, `token`, and in `nodes` further nodes: what isn't given is read from the database, if it
    is one that was there before.
    `clock` gives aware datetimes, `ids` a new text each time: with equal ones, equal requests get equal answers.
    `visibility_lag`, in seconds: for so long after its registration an event is not to be seen.
    `types`: event types to add or to replace, each a JSON schema for the properties, or None to take any object.
    `mode`: "accept" takes an event's own mode, "refuse" refuses it, as the hub's schema of 2019 does.
    `matching`: the properties by which a new customer conflicts with one that is there, such as "base.contacts.email".
    `faults`: a script of what goes wrong, an entry for each request, None for nothing; or a function of the request.
    `latency`, in seconds: so long every answer takes.
    """

    workspace_id: str | None
    node_id: str | None
    token: str | None
    nodes: Iterable[str]
    clock: Callable[[], datetime] | None
    ids: Callable[[], str] | None
    visibility_lag: float | timedelta
    types: Mapping[str, Mapping[str, Any] | None] | None
    mode: Literal["accept", "refuse"]
    matching: Iterable[str]
    faults: Faults
    latency: float | timedelta


def _wall_clock() -> datetime:
    return datetime.now(UTC)


def _random_id() -> str:
    return str(uuid4())


def _clock(given: Callable[[], datetime] | None) -> Callable[[], datetime]:
    return _wall_clock if given is None else given


def _ids(given: Callable[[], str] | None) -> Callable[[], str]:
    return _random_id if given is None else given


def _types(given: Mapping[str, Schema | None] | None) -> Mapping[str, Schema | None]:
    copied: Mapping[str, Schema | None] = {} if given is None else _copied(given)
    return copied


def _copied(value: Any) -> Any:
    # What the caller changes later must not change the contract.
    if isinstance(value, Mapping):
        return {key: _copied(inner) for key, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list | tuple) else value


def _listed(given: Any) -> Any:
    # A text is iterable too, and nobody means its letters: `_problems` refuses it.
    return given if isinstance(given, str) or not isinstance(given, Iterable) else tuple(given)


def _as_script(given: Any) -> Any:
    return tuple(given) if isinstance(given, list) else given


def _as_seconds(given: Any) -> Any:
    return given.total_seconds() if isinstance(given, timedelta) else given


@frozen(kw_only=True)
class Options:
    """`HubOptions` with their defaults; raises `BadOptions`."""

    workspace_id: str | None = None
    node_id: str | None = None
    token: str | None = field(default=None, repr=False)
    nodes: tuple[str, ...] = field(default=(), converter=_listed)
    clock: Callable[[], datetime] = field(default=None, converter=_clock)
    ids: Callable[[], str] = field(default=None, converter=_ids)
    visibility_lag: float | timedelta = 0.0
    types: Mapping[str, Schema | None] = field(default=None, converter=_types)
    mode: str = "accept"
    matching: tuple[str, ...] = field(default=("externalId",), converter=_listed)
    faults: Faults = field(default=(), converter=_as_script)
    latency: float = field(default=0.0, converter=_as_seconds)

    def __attrs_post_init__(self) -> None:
        problems = tuple(_problems(self))
        if problems:
            raise BadOptions(problems)

    @property
    def lag(self) -> int:
        """The visibility lag in milliseconds."""
        return round(_seconds(self.visibility_lag) * 1000)


def _seconds(lag: float | timedelta) -> float:
    return lag.total_seconds() if isinstance(lag, timedelta) else float(lag)


def _problems(options: Options) -> Iterator[tuple[str, str]]:
    for name in ("workspace_id", "node_id", "token"):
        if not (getattr(options, name) is None or _is_text(getattr(options, name))):
            yield name, "a text that isn't empty is needed"
    if _is_text(options.token) and not _HEADER_SAFE.fullmatch(str(options.token)):
        yield "token", "holds a character that no header can bear"
    if _is_text(options.workspace_id) and not _PATH_SAFE.fullmatch(str(options.workspace_id)):
        yield "workspace_id", "holds what no path can bear"
    for name in ("nodes", "matching"):
        if not (isinstance(getattr(options, name), tuple) and all(map(_is_text, getattr(options, name)))):
            yield name, "texts that aren't empty are needed, such as a tuple of them"
    for name in ("clock", "ids"):
        if not callable(getattr(options, name)):
            yield name, "a function without arguments is needed"
    for name in ("visibility_lag", "latency"):
        if not _is_lag(getattr(options, name)):
            yield name, "a number of seconds from 0 on is needed, or a timedelta"
    if options.mode not in ("accept", "refuse"):
        yield "mode", "'accept' or 'refuse' is needed"
    yield from fault_problems(options.faults)
    yield from _type_problems(options.types)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_lag(lag: object) -> bool:
    if isinstance(lag, bool) or not isinstance(lag, int | float | timedelta):
        return False
    return 0 <= _seconds(lag) <= _A_CENTURY.total_seconds()


def fault_problems(faults: Any) -> Iterator[tuple[str, str]]:
    """Tell what is wrong with a script, as far as it can be known before it is played."""
    if callable(faults):
        return
    if isinstance(faults, str | bytes | Mapping) or not isinstance(faults, Iterable):
        yield "faults", "an iterable of faults and None is needed, or a function of a request"
    elif isinstance(faults, list | tuple):
        for place, entry in enumerate(faults):
            if not (entry is None or isinstance(entry, Fault)):
                yield f"faults[{place}]", f"a fault or None is needed, not {type(entry).__name__}"


def _type_problems(types: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(types, Mapping):
        yield "types", "a mapping from names to JSON schemas is needed"
        return
    for name, schema in types.items():
        if not _is_text(name):
            yield "types", f"{name!r} is no name of a type"
        if schema is not None:
            yield from (("types", f"{name}{problem}") for problem in schema_problems(schema))
