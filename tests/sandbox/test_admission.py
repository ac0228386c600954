"""Who is let in, and what is no route at all."""

import json

import pytest

from chub.errors import InvalidValue
from chub.http import Request, deadline_in, token, token_from_env

SHAPE_A = {"message", "logref", "data", "errors"}
SHAPE_B = {"timestamp", "status", "error", "message", "path"}


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (("Authorization", "Bearer wrong"),),
        (("Authorization", "Bearer"),),
        (("Authorization", "Basic t"),),
        (("Authorization", "t"),),
        (("Authorization", "Bearer t\ud800é"),),
    ],
)
def test_without_the_token_nothing_is_told(desk, headers):
    desk.headers = headers
    status, answer = desk.get("/events")
    assert (401, SHAPE_A) == (status, answer.keys())


@pytest.mark.parametrize("header", [("authorization", "bearer t"), ("AUTHORIZATION", "BEARER t")])
def test_case_does_not_matter_but_in_the_token(desk, header):
    desk.headers = (header,)
    assert 200 == desk.get("/events")[0]


def test_another_workspace_is_forbidden(desk):
    answer = desk.send("GET", "/workspaces/other/events", (), None)
    assert (403, "Forbidden") == (answer.status, json.loads(answer.body)["message"])


def test_the_workspace_of_the_path_may_be_encoded(desk):
    assert 200 == desk.send("GET", "/workspaces/%77/events", (), None).status


@pytest.mark.parametrize(
    "path",
    ["", "/", "/nothing", "/workspaces", "/workspaces/w", "/workspaces/w/events/", "/workspaces//events",
     "/workspaces/w/events/a/b", "/workspaces/w/events/%ff", "/workspaces/%ff/events", "workspaces/w/events",
     "/workspaces/w/customers/c/sessions/", "/workspaces/w/segments"],
)  # fmt: skip
def test_an_unknown_path_gets_the_other_shape(desk, path):
    answer = desk.send("GET", path, (), None)
    body = json.loads(answer.body)
    assert (404, SHAPE_B) == (answer.status, body.keys())
    assert (404, "Not Found", f"/hub/v1{path}") == (body["status"], body["error"], body["path"])
    assert "2026-03-08T12:00:00.000+0000" == body["timestamp"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PATCH", "/events", "GET, POST"),
        ("POST", "/events/e", "GET, PUT, DELETE"),
        ("HEAD", "/customers", "GET, POST"),
        ("PUT", "/customers/c", "GET, DELETE"),
        ("DELETE", "/customers/c/sessions", "GET, POST"),
        ("POST", "/customers/c/sessions/s", "GET, DELETE"),
        ("get", "/events", "GET, POST"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(desk, method, path, allowed):
    answer = desk.raw(method, path)
    assert (405, SHAPE_B, allowed) == (answer.status, json.loads(answer.body).keys(), answer.header("Allow"))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/events/none"),
        ("PUT", "/events/none"),
        ("DELETE", "/events/none"),
        ("GET", "/customers/none"),
        ("DELETE", "/customers/none"),
        ("GET", "/customers/none/sessions"),
        ("POST", "/customers/none/sessions"),
        ("GET", "/customers/none/sessions/s"),
        ("DELETE", "/customers/none/sessions/s"),
        ("GET", "/events/%ed%9f%bf%F0%9F%98%80"),
    ],
)
def test_what_is_not_there_is_not_found(desk, method, path):
    status, answer = desk.ask(method, path)
    assert (404, SHAPE_A, []) == (status, answer.keys(), answer["errors"])


def test_a_response_bears_json_and_its_phrase(desk):
    answer = desk.raw("GET", "/events")
    assert ("OK", "application/json;charset=UTF-8") == (answer.reason, answer.header("Content-Type"))


def test_the_transport_reveals_the_token_at_the_door(desk):
    config = desk.hub.config
    request = Request(method="GET", path="/workspaces/w/events", template="", token=config.token)
    assert 200 == config.transport(request, deadline_in(1)).unwrap().status
    wrong = Request(method="GET", path="/workspaces/w/events", template="", token=token("wrong"))
    assert 401 == config.transport(wrong, deadline_in(1)).unwrap().status


def test_a_token_that_cannot_be_read_is_a_failure(desk, monkeypatch):
    monkeypatch.delenv("CHUB_TEST_TOKEN", raising=False)
    request = Request(method="GET", path="/", template="", token=token_from_env("CHUB_TEST_TOKEN"))
    failed = desk.hub.config.transport(request, deadline_in(1)).failure()
    assert isinstance(failed, InvalidValue)


def test_representations_show_no_token(open_desk):
    hub = open_desk(token="very-secret").hub
    assert "very-secret" not in repr(hub) + repr(hub.config) + repr(hub.config.transport)
    assert "Sandbox(base_url='https://sandbox.invalid/hub/v1', workspace_id='sandbox-workspace')" == repr(hub)
    assert "<in-process sandbox of workspace 'sandbox-workspace'>" == repr(hub.config.transport)
