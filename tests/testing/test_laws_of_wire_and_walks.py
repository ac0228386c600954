"""The laws that users call, of the wire and of walks: each holds of chub, and each finds what is planted against it."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest
from chub_calls import sent_events, visit
from chub_cases import FULL_RECORDED_JSON
from returns.result import Failure, Result, Success

import chub
from chub import sandbox
from chub.testing import laws
from chub.testing.laws import wire

OWNER = chub.SessionId("a visit")
PAGE = visit(OWNER, date=datetime(2026, 1, 1, tzinfo=UTC))
RECORDED = chub.parse_recorded_event(FULL_RECORDED_JSON).unwrap()
Broken = Callable[[], object]


def broken(law: str, *, expected: str = "", found: str = "") -> Any:
    """Expect a law to say that it is broken, which one, and how."""
    return pytest.raises(AssertionError, match=f"(?s)^{law}: expected .*{expected}.*, found .*{found}")


ROUND_TRIPS: dict[str, Any] = {
    "an event": PAGE,
    "a recorded event": RECORDED,
    "a session": chub.Session(value="a visit", id="s1"),
    "a bring-back": chub.ExternalId("CRM-17", node_id="shop"),
    "a part": chub.Geo(lat=45.46, lon=9.19),
    "properties": chub.CompletedOrder(order_id="o-1", amount=chub.OrderAmount(total=59.9)),
    "a customer to add": chub.customer("CRM-17", base={"firstName": "Ada"}),
    "a recorded customer": chub.RecordedCustomer(id="c", external_id="CRM-17", unlisted={"news": [1]}),
    "another type": visit(OWNER, properties=chub.Custom("sawUnicorn", {"colour": "white"})),
    "a known type, free, that fits": visit(OWNER, properties=chub.Custom("viewedPage", {"title": "Home"})),
    "a known type, free, that doesn't fit": visit(OWNER, properties=chub.Custom("viewedPage", {"title": 7})),
    "a recorded one that fits": attrs.evolve(RECORDED, properties=chub.Custom("viewedPage", {"title": "Home"})),
    "a recorded one that doesn't": attrs.evolve(RECORDED, properties=chub.Custom("viewedPage", {"title": 7})),
}


@pytest.mark.parametrize("value", ROUND_TRIPS.values(), ids=ROUND_TRIPS)
def test_a_value_makes_the_round_trip(value: Any) -> None:
    laws.round_trip(value)


def test_functions_of_ones_own_make_it_too() -> None:
    laws.round_trip(PAGE, encode=lambda value: json.dumps(chub.encode(value)), parse=chub.parse_event)
    laws.round_trip(7, encode=str, parse=lambda text: Success(int(text)))


def without(key: str) -> Callable[[Any], dict[str, Any]]:
    """An encoder that forgets a key."""
    return lambda value: {name: item for name, item in chub.encode(value).items() if name != key}


ROUND_TRIPS_BROKEN: dict[str, tuple[Broken, str, str]] = {
    "a key is forgotten": (lambda: laws.round_trip(PAGE, encode=without("date")), "2026-01-01", "Success"),
    "a key that is needed": (lambda: laws.round_trip(PAGE, encode=without("context")), "Success", "context: required"),
    "a key that a part needs": (
        lambda: laws.round_trip(chub.Geo(lat=45.46, lon=9.19), encode=without("lon")),
        "9.19",
        "Failure: lon: required",
    ),
    "a parser that changes what it reads": (
        lambda: laws.round_trip("A", encode=str, parse=lambda text: Success(text.lower())),
        "'?A",
        "a>",
    ),
}


@pytest.mark.parametrize(("check", "expected", "found"), ROUND_TRIPS_BROKEN.values(), ids=ROUND_TRIPS_BROKEN)
def test_a_round_trip_that_changes_a_value_is_found(check: Broken, expected: str, found: str) -> None:
    with broken("round trip", expected=expected, found=found):
        check()


def test_a_parser_that_reads_a_text_otherwise_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    read = iter([Success(PAGE), Success(attrs.evolve(PAGE, mode="ACTIVE"))])
    monkeypatch.setitem(wire._PARSERS, chub.Event, lambda row: next(read))
    with broken("round trip", expected="the same JSON again", found="ACTIVE"):
        laws.round_trip(PAGE)


def test_a_parser_that_takes_what_does_not_fit_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    misfit = ROUND_TRIPS["a known type, free, that doesn't fit"]
    monkeypatch.setitem(wire._PARSERS, chub.Event, lambda row: Success(misfit))
    with broken("round trip", expected="an InvalidValue", found="Success"):
        laws.round_trip(misfit)


def test_what_has_no_form_on_the_wire_is_refused() -> None:
    with pytest.raises(chub.InvalidValue, match=r"^value: .* is needed, not CustomerId$"):
        laws.round_trip(chub.CustomerId("c"), encode=repr)


def test_all_that_the_hub_returns_is_kept() -> None:
    laws.keeps_everything(FULL_RECORDED_JSON)
    laws.keeps_everything(
        {"date": "2017-03-08T10:18:17.000+0000", "bringBackProperties": {"type": "externalId", "value": "1"}}
    )
    laws.keeps_everything({"customerId": None, "mode": "ASLEEP", "news": {"a": None, "b": [None, True]}})


LOST: dict[str, tuple[Any, Any, str]] = {
    "a key": ({"a": 1}, {}, r"\$\.a"),
    "a key within": ({"a": {"b": [0, {"c": 1}]}}, {"a": {"b": [0, {}]}}, r"\$\.a\.b\[1\]\.c"),
    "an element": ({"a": [1, 2]}, {"a": [1]}, r"\$\.a"),
    "a value": ({"a": 1}, {"a": 2}, r"\$\.a"),
    "a flag": ({"a": True}, {"a": 1}, r"\$\.a"),
    "an instant": ({"a": "2026-01-01T00:00:00Z"}, {"a": "2026-01-02T00:00:00Z"}, r"\$\.a"),
    "a shape": ({"a": {}}, {"a": []}, r"\$\.a"),
}


@pytest.mark.parametrize(("given", "got", "path"), LOST.values(), ids=LOST)
def test_what_is_lost_is_found(given: Any, got: Any, path: str) -> None:
    with broken("nothing that the hub says is lost", expected=f"{path} of"):
        laws.keeps_everything(given, parse=Success, encode=lambda _: got)


def test_a_refusal_of_what_the_hub_returned_is_found() -> None:
    with broken("nothing that the hub says is lost", expected="a Success", found="Failure"):
        laws.keeps_everything({"id": "e"}, parse=chub.parse_event)


def test_a_parser_may_refuse() -> None:
    assert isinstance(laws.parses_anything(chub.parse_event, b"\xff"), Failure)
    assert Failure("no") == laws.parses_anything(lambda _: Failure("no"), "x")


def raising(_: Any) -> Any:
    raise KeyError("no such key")


PARSERS_BROKEN: dict[str, tuple[Any, str]] = {
    "it raises": (raising, "KeyError: 'no such key'"),
    "it returns no Result": (lambda _: None, "None"),
    "its error has two lines": (lambda _: Failure(TwoLines()), "two\nlines"),
}


@attrs.frozen(auto_exc=False)
class TwoLines(chub.InvalidValue):
    problems: Any = ()

    def __str__(self) -> str:
        return "two\nlines"


@pytest.mark.parametrize(("parse", "found"), PARSERS_BROKEN.values(), ids=PARSERS_BROKEN)
def test_a_parser_that_does_anything_else_is_found(parse: Any, found: str) -> None:
    with broken("a parser gives a Result, whatever it is given", found=found):
        laws.parses_anything(parse, '{"a": 1}')


@pytest.fixture(scope="module")
def config() -> Iterator[chub.Config]:
    """A hub with five events."""
    with sandbox.open() as hub:
        sent_events(hub.config, OWNER, 5)
        yield hub.config


QUERIES: dict[str, chub.EventQuery] = {
    "several pages": chub.event_query(size=2),
    "full pages": chub.event_query(size=5),
    "one page": chub.event_query(),
    "none": chub.event_query(types="loggedIn"),
    "from a later page on": chub.event_query(size=2, page=1),
    "from beyond the end": chub.event_query(size=2, page=9),
}
ALL_QUERIES = pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)


def without_totals(config: chub.Config) -> chub.Config:
    """The same hub, but one that tells no totals."""

    def forget(response: chub.Response) -> chub.Response:
        body = json.loads(response.body)
        body["page"] = {name: body["page"][name] for name in ("size", "number")}
        return attrs.evolve(response, body=json.dumps(body).encode())

    carry = config.transport
    assert carry is not None
    return attrs.evolve(config, transport=lambda request, deadline: carry(request, deadline).map(forget))


@ALL_QUERIES
def test_a_walk_is_exact(query: chub.EventQuery, config: chub.Config) -> None:
    laws.walk_is_exact(config, query)
    laws.walk_is_exact(without_totals(config), query)


def test_a_request_that_was_refused_and_tried_again_is_none_too_many() -> None:
    with sandbox.open() as hub:
        sent_events(hub.config, OWNER, 3)
        hub.script([*[None] * 3, sandbox.refuse()])
        laws.walk_is_exact(hub.config, chub.event_query(size=2))
        assert [10] == [entry.number + 2 for entry in hub.ledger if entry.fault is not None]


@ALL_QUERIES
@pytest.mark.parametrize("page", [0, 1, 2, 3])
def test_a_walk_ends_at_its_first_failure(query: chub.EventQuery, page: int, config: chub.Config) -> None:
    laws.walk_ends_at_failure(config, query, page)


def short(config: chub.Config, query: chub.EventQuery) -> Any:
    return list(chub.events(config, query))[:-1]


def turned(config: chub.Config, query: chub.EventQuery) -> Any:
    return reversed(list(chub.events(config, query)))


def eager(config: chub.Config, query: chub.EventQuery) -> Any:
    list(chub.events(config, attrs.evolve(query, page=3)))
    return chub.events(config, query)


def anxious(config: chub.Config, query: chub.EventQuery) -> Any:
    """Leave out the last page, and what it would have told."""
    for page in chub.event_pages(config, query):
        yield from map(Success, page.unwrap().elements)
        if page.unwrap().number == 1:
            return


WALKS_BROKEN = {"short": (short, "5 elements"), "turned": (turned, "5 elements"), "eager": (eager, "3 requests")}


@pytest.mark.parametrize(("walk", "expected"), WALKS_BROKEN.values(), ids=WALKS_BROKEN)
def test_a_walk_that_is_not_exact_is_found(walk: Any, expected: str, config: chub.Config) -> None:
    with broken("a walk yields each element once, .*", expected=expected):
        laws.walk_is_exact(config, chub.event_query(size=2), walk)
    with broken("a walk yields each element once, .*"):
        laws.walk_is_exact(config, chub.event_query(size=2), anxious)


def answering(config: chub.Config, change: Callable[[chub.Request], chub.Request]) -> chub.Config:
    """The same hub, asked something else."""
    carry = config.transport
    assert carry is not None
    return attrs.evolve(config, transport=lambda request, deadline: carry(change(request), deadline))


def test_a_hub_that_gives_an_element_twice_is_found(config: chub.Config) -> None:
    first = answering(config, lambda request: attrs.evolve(request, query=(("size", "2"),)))
    with broken("a walk yields each element once, .*", expected="no element twice", found="once more on page 1"):
        laws.walk_is_exact(first, chub.event_query(size=2))


def test_a_page_that_can_not_be_had_is_found(config: chub.Config) -> None:
    with broken("a walk yields each element once, .*", expected="page 0", found="403"):
        laws.walk_is_exact(attrs.evolve(config, workspace_id="another"), chub.event_query(size=2))


def going_on(config: chub.Config, query: chub.EventQuery) -> Iterator[Result[Any, chub.ChubError]]:
    """Leave out a page that fails."""
    for number in range(3):
        yield from list(chub.events(config, attrs.evolve(query, page=number)))[:2]


def silent(config: chub.Config, query: chub.EventQuery) -> Iterator[Result[Any, chub.ChubError]]:
    """Take a page that fails for the end."""
    return (result for result in chub.events(config, query) if isinstance(result, Success))


def asking_again(config: chub.Config, query: chub.EventQuery) -> Iterator[Result[Any, chub.ChubError]]:
    """Ask for all pages once more after a failure, and tell nobody."""
    yield from chub.events(config, query)
    list(chub.events(config, query))


@pytest.mark.parametrize("walk", [going_on, silent, asking_again])
def test_a_walk_that_goes_on_after_a_failure_is_found(walk: Any, config: chub.Config) -> None:
    with broken("after its first Failure a walk yields nothing, and asks nothing"):
        laws.walk_ends_at_failure(config, chub.event_query(size=2), 1, walk)


SAME_BROKEN: dict[str, tuple[dict[str, list[int]], str, str]] = {
    "another Result": ({"one": [1, 2], "other": [1, 3]}, "2 as Result 1 of both", "3"),
    "one is missing": ({"one": [1, 2], "other": [1]}, "2 as Result 1 of both", "nothing more"),
    "one is too many": ({"one": [], "other": [1]}, "nothing more as Result 0 of both", "1"),
}


@pytest.mark.parametrize(("results", "expected", "found"), SAME_BROKEN.values(), ids=SAME_BROKEN)
def test_results_that_differ_are_found(results: dict[str, list[int]], expected: str, found: str) -> None:
    one, other = (chub.config(workspace_id=name, token="demo") for name in ("one", "other"))
    laws.same_results(lambda config: results["one"], one, other)
    with broken("the same calls give equal Results over every transport", expected=expected, found=found):
        laws.same_results(lambda config: results[config.workspace_id], one, other)


class Unspeakable:
    def __repr__(self) -> str:
        raise RuntimeError


def test_the_message_of_a_law_is_short_and_there_for_every_value() -> None:
    assert "<Unspeakable, whose repr raised RuntimeError>" == laws.verdict.written(Unspeakable())
    assert f"{'a' * 600}…" == laws.verdict.written("a" * 601)
