"""Hostile strategies for a sandbox: what goes wrong with one request, and scripts of it.

No fault lies: the hub neither says that it stored what it didn't, nor that it refused what it stored.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chub.errors import shown
from chub.sandbox import fault_words
from chub.sandbox.fault_words import WORDS
from chub.sandbox.faults import Fault, Reply
from chub.testing.strategies import arguments
from chub.testing.strategies.called import as_called
from chub.testing.strategies.plain import records
from chub.testing.strategies.server_values import error_bodies
from chub.values.schema import Problems, note
from chub.wire.jsontext import dumps

Words = Iterable[str | Callable[..., Fault]] | str | Callable[..., Fault]


@as_called
def faults(words: Words | None = None, *, seconds: float = 0.05) -> SearchStrategy[Fault]:
    """Draw faults that these words of `chub.sandbox` give, by default all of them; the words are names or functions.

    `seconds` is how long the longest pause of a fault is: a stall, a refusal, the pause before a byte that drips.

    >>> from hypothesis import find
    >>> find(faults("cut"), lambda fault: True)
    Reply(answer=None, commit=True, forms=(Cut(at=0),))
    """
    problems: Problems = []
    found = _faults(words, seconds, problems)
    arguments.checked(problems)
    return found


@as_called
def fault_scripts(
    words: Words | None = None, *, seconds: float = 0.05, min_size: int = 0, max_size: int = 5
) -> SearchStrategy[list[Fault | None]]:
    """Draw scripts, as `chub.sandbox.open(faults=...)` takes them: an entry for each request, None for nothing.

    `words` and `seconds` are those of `faults`.

    >>> from hypothesis import find
    >>> find(fault_scripts(), lambda script: len(script) == 2)
    [None, None]
    """
    problems: Problems = []
    found = _faults(words, seconds, problems)
    arguments.bounds(min_size, max_size, ("min_size", "max_size"), problems)
    arguments.checked(problems)
    return st.lists(arguments.maybe(found), min_size=min_size, max_size=max_size)


def _faults(words: Any, seconds: Any, problems: Problems) -> SearchStrategy[Fault]:
    if not isinstance(seconds, int | float) or isinstance(seconds, bool) or not 0 <= seconds < float("inf"):
        note(problems, "seconds", f"a number of seconds from 0 on is needed, not {shown(seconds)}")
        seconds = 0
    named = arguments.choices(tuple(WORDS) if words is None else words, "words", problems, _word)
    drawn = _drawn(seconds)
    return st.one_of([drawn[name] for name in named if name is not None])


def _word(value: Any, path: str, problems: Problems) -> str | None:
    name: Any = value if isinstance(value, str) else getattr(value, "__name__", None)
    if isinstance(name, str) and name in WORDS and (isinstance(value, str) or WORDS[name] is value):
        return name
    note(problems, path, f"{shown(value)} is no fault's word; there are: {', '.join(WORDS)}")
    return None


def _drawn(seconds: float) -> Mapping[str, SearchStrategy[Fault]]:
    """Give a strategy for each word; those without arguments are all alike."""
    pauses = st.sampled_from(sorted({0.0, seconds / 10, float(seconds)}))
    replies = st.just(fault_words.ok()) | _statuses()
    formed: dict[str, dict[str, SearchStrategy[Any]]] = {
        "garbage": {"line": st.binary(max_size=20).map(lambda line: line.replace(b"\n", b"\r"))},
        "cut": {"at": st.integers(0, 40)},
        "false_length": {"by": st.sampled_from([1, -1, 10, -10, 1000])},
        "drip": {"every": pauses, "part": st.sampled_from(["body", "status", "headers"])},
        "gzip_bomb": {"size": st.sampled_from([0, 1000, 2**20])},
        "header_flood": {"count": st.sampled_from([1, 200]), "size": st.sampled_from([1, 1000])},
        "interim": {"statuses": st.lists(st.sampled_from([100, 102, 103]), min_size=1, max_size=3)},
    }
    paused = {name: st.builds(WORDS[name], seconds=pauses) for name in _PAUSING}
    spoiled = {name: st.builds(WORDS[name], replies, **formed.get(name, {})) for name in _SPOILING}
    special: dict[str, Any] = {"status": _statuses(), "break_tls": st.sampled_from(_STAGES).map(fault_words.break_tls)}
    return {name: st.builds(word) for name, word in WORDS.items()} | paused | spoiled | special


_PAUSING: Final = ("refuse", "read_then_stall", "commit_then_stall")
_SPOILING: Final = (
    *("garbage", "cut", "false_length", "drip", "gzip_bomb", "endless_body"),
    *("header_flood", "interim", "chunked", "closing"),
)
_STAGES: Final[tuple[Any, ...]] = ("commit", "read", "connect")

# Of what was answered with another status nobody knows whether it was stored.
_UNTOLD: Final = (408, *range(500, 505))
_REFUSALS: Final = (400, 401, 403, 404, 409, 423, 429)


def _statuses() -> SearchStrategy[Reply]:
    bodies = st.just(b"") | error_bodies().map(dumps) | st.just(b"<html>Bad Gateway</html>")
    optional: dict[str, SearchStrategy[Any]] = {"body": bodies, "retry_after": st.sampled_from([0, 1, 30])}
    refusals = records({"code": st.sampled_from(_REFUSALS)}, optional)
    untold = {"code": st.sampled_from(_UNTOLD), "commit": st.booleans()}
    return (refusals | records(untold, optional)).map(_status)


def _status(given: dict[str, Any]) -> Reply:
    return fault_words.status(**given)
