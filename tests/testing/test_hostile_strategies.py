"""What servers and faults are drawn: hostile, yet such that what chub promises can be held against it."""

import json
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from chub_strategies import law, minimal, occurring
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Success

import chub
from chub.sandbox.fault_words import WORDS
from chub.sandbox.faults import Drop, Reply
from chub.testing import strategies as s
from chub.wire import operations
from chub.wire.jsontext import dumps, loads

CONFIG = chub.config(workspace_id="w", node_id="n", token="demo")


@law
@given(s.broken_json())
def test_broken_json_is_none(body: bytes) -> None:
    with pytest.raises(ValueError):
        loads(body)


@law
@given(s.event_bodies(), s.page_bodies(), s.customer_bodies(), s.session_bodies(), s.error_bodies())
def test_bodies_are_json_objects(event: Any, page: Any, customer: Any, session: Any, error: Any) -> None:
    for body in (event, page, customer, session, error):
        assert body == loads(dumps(body))


@law
@given(s.event_bodies(), s.page_bodies(), s.customer_bodies(), s.session_bodies())
def test_bodies_are_read(event: Any, page: Any, customer: Any, session: Any) -> None:
    assert isinstance(chub.parse_recorded_event(event), Success)
    assert isinstance(chub.parse_page(page), Success)
    key = chub.SessionKey("c", "17")
    for operation, body in (
        (operations.get_customer(CONFIG, "c"), customer),
        (operations.get_session(CONFIG, key), session),
    ):
        answer = chub.Response(status=200, body=dumps(body))
        assert isinstance(operation.unwrap().read(answer), Success)


SEEN: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "an unknown context": (s.odd_recorded_events("loggedIn"), lambda it: it.context == "MOON"),
    "an unknown mode": (s.odd_recorded_events("loggedIn"), lambda it: it.mode == "ASLEEP"),
    "a misfit": (s.odd_recorded_events("loggedOut"), lambda it: getattr(it.properties, "misfit", None)),
    "an unreadable date": (s.odd_recorded_events("loggedIn"), lambda it: it.unlisted.get("date") == "yesterday"),
    "keys that nobody knows": (s.event_bodies(), lambda it: "unlisted" in it),
    "elements that are none": (s.page_bodies(), lambda it: any(not isinstance(item, dict) for item in it["elements"])),
    "an error's list": (s.error_bodies(), lambda it: isinstance(it.get("errors"), list)),
    "a lone surrogate": (s.odd_texts(), lambda it: any("\ud800" <= sign <= "\udfff" for sign in it)),
    "a step in a path": (s.odd_texts(), lambda it: it == ".."),
    "a giant integer": (s.odd_json(), lambda it: isinstance(it, int) and it > 10**4000),
    "a date that is none": (s.odd_dates(), lambda it: it == "yesterday"),
    "an answer with no body": (s.responses(), lambda it: it.body == b""),
    "an answer that is no JSON": (s.responses(), lambda it: it.body.startswith(b"<!doctype")),
    "a damaged array": (
        s.damaged([{"a": 1}, 2]),
        lambda it: isinstance(it, list) and it[1:] == [2] and it[0] != {"a": 1},
    ),
    "a damaged scalar": (s.damaged(5), lambda it: it != 5),
    "a key more": (s.damaged({"id": "e"}), lambda it: isinstance(it, dict) and len(it) == 2 and it["id"] == "e"),
}


@pytest.mark.parametrize("name", SEEN)
def test_it_occurs(name: str) -> None:
    strategy, condition = SEEN[name]
    assert condition(occurring(strategy, condition))


def word_of(fault: Any) -> set[str]:
    """What a fault is made of, as far as its class tells."""
    if isinstance(fault, Drop):
        return {f"{fault.after} {fault.by}"}
    if isinstance(fault, Reply):
        return {"answer" if fault.answer else "own", *(type(form).__name__ for form in fault.forms)}
    return {"refuse"}


@pytest.mark.parametrize("word", WORDS)
@law
@given(data=st.data())
def test_each_word_is_drawn_and_can_be_played(word: str, data: st.DataObject) -> None:
    fault = data.draw(s.faults(word, seconds=0.001))
    with chub.sandbox.open(faults=[fault]) as hub:
        config = attrs.evolve(hub.config, retry=chub.RetryPolicy(attempts=1))
        chub.find_customer(config, "nobody")
        assert [fault] == [entry.fault for entry in hub.ledger]


def test_every_kind_of_fault_is_among_them() -> None:
    kinds = {
        *("refuse", "connect close", "connect reset", "read close", "read reset", "read stall", "connect noise"),
        *("commit close", "commit reset", "commit stall", "commit noise", "read noise", "answer", "own"),
        *("Interim", "Chunked", "Closing", "Garbage", "Cut", "FalseLength", "Drip", "Gzip", "Endless", "Flood"),
    }
    for kind in kinds:
        assert kind in word_of(occurring(s.faults(), lambda fault, kind=kind: kind in word_of(fault)))


QUICK = [word for word in WORDS if word != "endless_body"]


@law
@given(s.fault_scripts(QUICK, seconds=0.001), st.integers(1, 3))
def test_no_fault_lies(script: list[Any], attempts: int) -> None:
    event = chub.event(chub.LoggedIn(), owner=chub.SessionId("s"), context="WEB")
    with chub.sandbox.open(faults=script) as hub:
        config = attrs.evolve(hub.config, retry=chub.RetryPolicy(attempts=attempts, base=0, throttled_base=0, cap=0))
        result = chub.add_event(config, event)
        committed = sum(entry.committed for entry in hub.ledger)
    if isinstance(result, Success):
        assert 1 == committed
    elif isinstance(result.failure(), chub.Unconfirmed):
        assert committed <= 1
    else:
        assert 0 == committed


def test_a_script_is_what_a_file_may_hold() -> None:
    found = minimal(s.fault_scripts(["commit_then_close", "ok"]), lambda script: len(script) == 2 and all(script))
    text = json.dumps(["commit_then_close"] * 2)
    assert [*chub.sandbox.parse_faults(text)] == found
