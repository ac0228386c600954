"""Values and JSON, in one process: reading a page, writing an event, gathering Results."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from returns.iterables import Fold
from returns.result import Result, Success

import chub
from benchmarks import decoders
from benchmarks.machine import installed
from benchmarks.payloads import one_event, page_text
from benchmarks.rows import Row, missing_row
from benchmarks.targets import COLLECTED, ENCODED, PAGE, PAGE_FAST
from benchmarks.timing import compare
from chub.wire.events import encode_event
from chub.wire.jsontext import dumps

Decode = Callable[[str], Any]

_SECTION = "values and JSON"


def codec_rows(rounds: int) -> Iterator[Row]:
    """Yield all rows of this module."""
    yield from _page_rows(rounds)
    yield from _encode_rows(rounds)
    yield _collect_row(rounds)


def _page_rows(rounds: int) -> Iterator[Row]:
    """A page of 50 mixed events decoded, beside what others make of the same text."""
    peers: dict[str, Callable[[], Decode]] = {
        "json.loads": lambda: json.loads,
        "stock cattrs": decoders.cattrs_decoder,
        "pydantic": decoders.pydantic_decoder,
    }
    for beside, make in peers.items():
        yield _page_row(PAGE, beside, installed(make), None, rounds)
    fast = installed(_orjson)
    yield _page_row(PAGE_FAST, "msgspec", installed(decoders.msgspec_decoder), fast, rounds)
    yield _page_row(PAGE_FAST, "orjson.loads", None if fast is None else fast.loads, fast, rounds)


def _orjson() -> chub.Json:
    import orjson

    return chub.Json(loads=orjson.loads)


def _page_row(name: str, beside: str, decode: Decode | None, by: chub.Json | None, rounds: int) -> Row:
    if decode is None or (name == PAGE_FAST and by is None):
        return missing_row(_SECTION, name, beside)
    text = page_text()
    assert _ids(decode(text)) == [event.id for event in chub.parse_page(text, json=by).unwrap().elements]
    ours = partial(chub.parse_page, text, json=by)
    return compare(_SECTION, name, beside, partial(decode, text), ours, rounds=rounds)


def _ids(page: Any) -> list[str]:
    """The ids of the events, whatever a peer made of the page."""
    elements = page["elements"] if isinstance(page, dict) else getattr(page, "elements", page)
    events = [each[0] if isinstance(each, tuple) else each for each in elements]
    return [each["id"] if isinstance(each, dict) else each.id for each in events]


def _encode_rows(rounds: int) -> Iterator[Row]:
    """One event encoded to bytes, beside the dict that it becomes, and beside a model of pydantic that is dumped."""
    event = one_event()
    ready = encode_event(event)
    peers: dict[str, Callable[[], Callable[[], Any]]] = {
        "json.dumps of the ready dict": lambda: partial(json.dumps, ready),
        "pydantic": lambda: decoders.pydantic_encoder(ready),
    }
    for beside, make in peers.items():
        write = installed(make)
        if write is None:
            yield missing_row(_SECTION, ENCODED, beside)
            continue
        assert json.loads(write()) == json.loads(dumps(encode_event(event)))
        yield compare(_SECTION, ENCODED, beside, write, lambda: dumps(encode_event(event)), rounds=rounds)


def _collect_row(rounds: int) -> Row:
    """10,000 Results gathered; few rounds, for one by returns takes most of a second."""
    results = [Success(number) for number in range(10_000)]
    nothing: Result[tuple[int, ...], Any] = Success(())
    assert Fold.collect(results, nothing) == chub.collect(results)
    return compare(
        _SECTION,
        COLLECTED,
        "Fold.collect",
        partial(Fold.collect, results, nothing),
        partial(chub.collect, results),
        rounds=max(1, rounds // 8),
    )
