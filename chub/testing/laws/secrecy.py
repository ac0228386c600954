"""The law of secrecy: nothing that could be shown to somebody shows the secret."""

import copy
import pickle
import pprint
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from logging import LogRecord
from traceback import TracebackException, walk_tb
from typing import Any, Final

import attrs
from returns.result import Result, Success

from chub.errors import InvalidValue
from chub.testing.laws.verdict import Law

_SECRECY: Final = Law("no secret is shown")


def keeps_secret(secret: str, *things: Any, apart_from: Collection[str] = ()) -> None:
    """Require that a secret is not in anything that these things show, nor in what they hold.

    Of a value: `repr`, `str`, `format`, `pprint`, `attrs.asdict`, its `__dict__`, a pickle, and what copies show.  Of a
    Result also what it holds, and what a careless `unwrap` raises.  Of an exception all that a reporter of errors may
    tell: its chain, with the locals of every frame, but those of the caller's module, who knows the secret, and of the
    modules `apart_from`.  Of a record of `logging`: its message and its arguments.

    >>> from chub.settings import config
    >>> keeps_secret("demo-token", config(workspace_id="w", token="demo-token"))
    """
    caller = str(sys._getframe(1).f_globals.get("__name__"))
    if not isinstance(secret, str) or not secret:
        raise InvalidValue.of("secret", "a text that isn't empty is needed: an empty one is in everything")
    for thing in things:
        for way, text in _shown(thing, {caller, *apart_from}):
            if any(form in text for form in _forms(secret)):
                hidden = f"{type(thing).__name__}, {way}: {_cut(text, secret)}"
                _SECRECY.require(False, "it nowhere", hidden)


def _forms(secret: str) -> tuple[str, ...]:
    """The secret itself, as `repr` escapes it, and in hexadecimal digits."""
    return secret, repr(secret)[1:-1], secret.encode("utf-8", "surrogatepass").hex()


def _cut(text: str, secret: str) -> str:
    """Give the surroundings of the secret, without it: the message of a test goes into many logs."""
    form = next(form for form in _forms(secret) if form in text)
    before, _, after = text.partition(form)
    return f"{before[-60:]}(the secret){after.replace(form, '(the secret)')[:60]}"


def _shown(thing: Any, apart_from: Collection[str]) -> Iterator[tuple[str, str]]:
    for way, show in _WAYS.items():
        yield way, _tried(show, thing)
    if isinstance(thing, BaseException):
        yield from _told(thing, apart_from, set())
    elif isinstance(thing, Result):
        yield from _held(thing, apart_from)
    elif isinstance(thing, LogRecord):
        yield "a log's line", f"{thing.getMessage()} {thing.args!r} {thing.exc_text}"
        if thing.exc_info and thing.exc_info[1]:
            yield from _told(thing.exc_info[1], apart_from, set())


def _held(result: Result[Any, Any], apart_from: Collection[str]) -> Iterator[tuple[str, str]]:
    if isinstance(result, Success):
        yield from _shown(result.unwrap(), apart_from)
        return
    yield from _shown(result.failure(), apart_from)
    try:
        result.unwrap()
    except Exception as raised:  # UnwrapFailedError, with the error as its cause
        yield from _told(raised, apart_from, set())


def _tried(show: Callable[[Any], str], thing: Any) -> str:
    try:
        return show(thing)
    except Exception as error:  # a refusal to pickle, say, whose text is shown in its place
        return f"{error!r} {error}"


_WAYS: Final[Mapping[str, Callable[[Any], str]]] = {
    "its repr": repr,
    "its str": str,
    "format": lambda thing: f"{thing} {thing!r} {thing!a}",
    "pprint": pprint.pformat,
    "attrs.asdict": lambda thing: repr(attrs.asdict(thing)) if attrs.has(type(thing)) else "",
    "its __dict__": lambda thing: repr(getattr(thing, "__dict__", "")),
    "a pickle": lambda thing: pickle.dumps(thing).decode("latin-1"),
    "a copy": lambda thing: repr(copy.copy(thing)),
    "a deep copy": lambda thing: repr(copy.deepcopy(thing)),
}


def _told(error: BaseException, apart_from: Collection[str], seen: set[int]) -> Iterator[tuple[str, str]]:
    """Give what a reporter of errors may tell, with the locals of each frame."""
    seen.add(id(error))
    yield "its text", "".join(TracebackException.from_exception(error).format_exception_only())
    for frame, _ in walk_tb(error.__traceback__):
        module = str(frame.f_globals.get("__name__"))
        if module not in apart_from:
            for name, value in frame.f_locals.items():
                yield f"local {name} of {module}.{frame.f_code.co_name}", _tried(repr, value)
    for further in (error.__cause__, error.__context__):
        if further is not None and id(further) not in seen:
            yield from _told(further, apart_from, seen)
