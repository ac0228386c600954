"""What a walk must not pass over in silence, how long a wait may take, and whose record is found."""

import json
from typing import Any

import attrs
import pytest
from returns.result import Failure, Result, Success

import chub


def answering(*bodies: Any) -> tuple[chub.Config, list[chub.Request]]:
    """Make a config whose transport answers with these, one after the other."""
    asked: list[chub.Request] = []

    def transport(request: chub.Request, deadline: chub.Deadline) -> Result[chub.Response, chub.ChubError]:
        asked.append(request)
        body = bodies[len(asked) - 1]
        status = 200 if not isinstance(body, int) else body
        return Success(chub.Response(status=status, body=json.dumps(body).encode()))

    return chub.config(workspace_id="w", node_id="n", token="demo", transport=transport), asked


def page_of(*ids: str) -> dict[str, Any]:
    return {"elements": [{"id": name} for name in ids], "page": {"size": 1, "totalPages": 3}}


def test_an_empty_page_in_the_middle_ends_no_walk() -> None:
    config, asked = answering(page_of("a"), page_of(), page_of("c"))
    found = chub.collect(chub.events(config, chub.event_query(size=1))).unwrap()
    assert (["a", "c"], 3) == ([event.id for event in found], len(asked))


def test_a_walk_of_no_query_says_so() -> None:
    config, asked = answering()
    (result,) = chub.events(config, None)  # type: ignore[arg-type]
    assert isinstance(result.failure().cause, chub.InvalidValue)
    assert [] == asked


@pytest.mark.parametrize("within", [None, "5", True])
def test_a_wait_of_no_number_sends_nothing(within: Any) -> None:
    config, asked = answering()
    error = chub.wait_for_event(config, "e", within=within).failure()
    assert "within" == error.problems[0].path
    assert [] == asked


def test_no_call_outlasts_the_wait() -> None:
    left: list[float] = []

    def transport(request: chub.Request, deadline: chub.Deadline) -> Result[chub.Response, chub.ChubError]:
        left.append(deadline.left())
        return Failure(chub.Unconfirmed(reason="timed out"))

    config = chub.config(workspace_id="w", token="demo", transport=transport, retry=chub.RetryPolicy(attempts=1))
    chub.wait_for_event(config, "e", within=2)
    chub.wait_for_event(config, "e", within=1_000)
    assert left[0] <= 2 < left[1] <= 60


def test_somebody_elses_record_is_not_taken_for_the_one_asked_for() -> None:
    other = {"elements": [{"id": "c", "externalId": "OTHER"}], "page": {"size": 10, "number": 0}}
    config, _ = answering(other)
    error = chub.find_customer(config, "CRM-17").failure()
    assert isinstance(error, chub.BadResponse)
    assert "elements: a customer of another external id came back" == error.reason


def test_attaching_a_session_and_looking_it_up_bear_one_tracing_id() -> None:
    config, asked = answering(400, {"elements": [{"id": "1", "value": "s"}]})
    session = chub.add_session(config, chub.SessionLink("c", "s")).unwrap()
    assert chub.Session(value="s", id="1") == session
    assert [session.tracing_id] * 2 == [dict(request.headers)["X-Tracing-ID"] for request in asked]


def test_a_session_tells_what_attaching_it_took() -> None:
    config, asked = answering(429, {"id": "1", "value": "s"})
    patient = attrs.evolve(config, retry=chub.RetryPolicy(throttled_base=0))
    session = chub.add_session(patient, chub.SessionLink("c", "s")).unwrap()
    assert (2, dict(asked[0].headers)["X-Tracing-ID"]) == (session.attempts, session.tracing_id)
    assert "Session(value='s', id='1')" == repr(session)


@pytest.mark.parametrize(("method", "deed"), [("POST", "stored"), ("PUT", "changed"), ("DELETE", "deleted")])
def test_errors_name_what_the_call_would_have_done(method: str, deed: str) -> None:
    called = {"method": method, "template": "/x"}
    doubt = chub.Unconfirmed(reason="cut", **called)
    assert f"may be {deed} or not" in str(doubt)
    assert f"nothing was {deed}" in str(chub.Rejected(status=400, message="no", **called))
    assert f"nothing was {deed}" in str(attrs.evolve(chub.NotSent(reason="no", transient=True), **called))
