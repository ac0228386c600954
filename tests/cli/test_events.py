"""`events list`, `get`, `add` and `delete`: what they write, and how they end."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

import chub
from chub import sandbox


def test_list_writes_a_line_for_each_event(run: Any, stocked: list[str]) -> None:
    ran = run("events", "list", "--size", 5)
    assert (0, "") == (ran.code, ran.err)
    assert sorted(stocked) == sorted(found["id"] for found in ran.objects)


def test_list_ends_after_so_many_and_asks_no_further(run: Any, stocked: list[str], hub: Any) -> None:
    before = hub.ledger.received
    assert 7 == len(run("events", "list", "--size", 5, "--limit", 7).objects)
    assert 2 == hub.ledger.received - before


def test_list_takes_all_options_of_a_query(run: Any, stocked: list[str]) -> None:
    wide = ["--type", "viewedPage,loggedIn", "--type", "searched", "--context", "WEB", "--context", "MOBILE"]
    dates = ["--from", "2020-01-01T00:00Z", "--to", "2999-01-01T00:00+01:00"]
    customer = run("customers", "find", "--external-id", "CRM-17").objects[0]["id"]
    found = run("events", "list", *wide, *dates, "--customer-id", customer, "--page", 1, "--size", 8)
    assert 4 == len(found.objects)
    for narrow in (
        ["--type", "searched"],
        ["--context", "MOBILE"],
        ["--mode", "PASSIVE"],
        ["--to", "2020-01-01T00:00Z"],
    ):
        assert (0, []) == ((ran := run("events", "list", *narrow)).code, ran.objects)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--from", "yesterday"], "--from: 'yesterday' is no instant; a zone is needed, as in 2026-01-31T00:00Z"),
        (["--from", "2026-01-31"], "--from: '2026-01-31' is no instant; a zone is needed, as in 2026-01-31T00:00Z"),
        (["--size", "51"], "size: 51 is above 50"),
        (["--context", "web"], "contexts[0]: 'web' is none of "),
        (["--type", ""], "types[0]: an event type is needed"),
        (["--timeout", "0"], "total: 0.0 is no number of seconds above 0"),
    ],
)
def test_wrong_options_are_code_3_and_one_line(run: Any, hub: Any, arguments: list[str], told: str) -> None:
    ran = run("events", "list", *arguments)
    assert (3, "", 1) == (ran.code, ran.out, ran.err.count("\n"))
    assert f"chub events list: {told}" in ran.err


@pytest.mark.parametrize("limit", ["-1", "x", "1.5"])
def test_a_limit_that_is_no_count_is_a_wrong_command_line(run: Any, hub: Any, limit: str) -> None:
    ran = run("events", "list", f"--limit={limit}")
    assert (2, True) == (ran.code, ran.err.endswith("argument --limit: invalid count value\n"))


def test_list_is_a_table_on_a_terminal(run: Any, stocked: list[str]) -> None:
    ran = run("events", "list", "--limit", 1, terminal="stdout")
    head, row = ran.out.splitlines()
    assert "ID                                    DATE (UTC)        TYPE             CONTEXT" == head
    assert [36, 38, 56] == [row.index("  "), row.index("20"), row.index("viewedPage")]
    assert row.endswith("viewedPage       WEB")
    assert 1 == len(run("events", "list", "--limit", 1, "--json", terminal="stdout").objects)


def test_on_a_wide_terminal_it_tells_more(run: Any, hub: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "170")
    visit = chub.event(chub.ViewedPage(title="a\x1b[31m\u202eb"), owner=chub.SessionId("a visit"), context="WEB")
    chub.add_event(hub.config, visit).unwrap()
    (_, row) = run("events", "list", terminal="stdout").out.splitlines()
    assert row.endswith(r"session a visit  ViewedPage(title='a\x1b[31m\u202eb')")


ROW = {"id": "e", "type": "viewedPage", "context": "WEB", "properties": {}}


@pytest.mark.parametrize(
    ("row", "owner"),
    [
        ({"customerId": "c", "bringBackProperties": {"type": "SESSION_ID", "value": "v"}}, "customer c"),
        ({"bringBackProperties": {"type": "EXTERNAL_ID", "value": "CRM-17"}}, "external id CRM-17"),
        ({}, "WEB    "),
    ],
)
def test_whose_an_event_is(
    run: Any, serve: Any, monkeypatch: pytest.MonkeyPatch, row: dict[str, Any], owner: str
) -> None:
    monkeypatch.setenv("COLUMNS", "150")
    page = {"elements": [ROW | row], "page": {"size": 10, "number": 0, "totalPages": 1}}
    serve(faults=[sandbox.status(200, body=json.dumps(page))])
    assert owner in run("events", "list", terminal="stdout").out.splitlines()[1]


def test_a_walk_that_fails_at_first_is_the_failure_itself(run: Any, serve: Any) -> None:
    serve(faults=[sandbox.status(403)])
    ran = run("events", "list")
    assert (6, "") == (ran.code, ran.out)
    assert ran.err.startswith("chub events list: GET /workspaces/{workspaceId}/events: 403 Forbidden")


def test_a_walk_that_fails_later_says_how_to_go_on(run: Any, stocked: list[str], hub: Any) -> None:
    hub.script([None, None, sandbox.status(403)])
    ran = run("events", "list", "--size", 4, "--page", 0)
    assert (9, 8) == (ran.code, len(ran.objects))
    assert ran.err.startswith("chub events list: page 2 failed: ")
    assert ran.err.endswith("; go on with --page 2\n")


def test_get(run: Any, stocked: list[str]) -> None:
    ran = run("events", "get", stocked[0])
    assert (0, 1, stocked[0]) == (ran.code, ran.out.count("\n"), ran.objects[0]["id"])
    shown = run("events", "get", stocked[0], terminal="stdout").out
    assert shown.startswith('{\n  "id": "')
    assert ran.objects[0] == json.loads(shown)


def test_what_the_hub_returns_does_not_rule_a_terminal(run: Any, hub: Any) -> None:
    odd = chub.event(chub.ViewedPage(title="\x1b[2J\x9b\u202eè\ud800"), owner=chub.SessionId("v"), context="WEB")
    event_id = chub.add_event(hub.config, odd).unwrap().id
    ran = run("events", "get", event_id, terminal="stdout")
    assert r'"title": "\u001b[2J\u009b\u202eè\ud800"' in ran.out
    assert odd.properties.title == json.loads(ran.out)["properties"]["title"]  # type: ignore[union-attr]


def test_get_of_none_is_rejected(run: Any, hub: Any) -> None:
    ran = run("events", "get", "nobody's")
    assert (6, "", 1) == (ran.code, ran.out, ran.err.count("\n"))
    assert "404 Event not found" in ran.err


def test_get_waits_if_asked(run: Any, serve: Any) -> None:
    hub = serve(visibility_lag=0.2)
    event = chub.event(chub.ViewedPage(), owner=chub.SessionId("v"), context="WEB")
    event_id = chub.add_event(hub.config, event).unwrap().id
    assert (6, 0) == (run("events", "get", event_id).code, run("events", "get", event_id, "--wait", 10).code)


def test_add_of_options(run: Any, hub: Any) -> None:
    arguments = ["--type", "viewedPage", "--context", "WEB", "--properties", '{"title": "Home"}']
    ids = [
        run("events", "add", *arguments, *owner).objects[0]["id"]
        for owner in (["--session-id", "v"], ["--external-id", "CRM-17", "--date", "2026-01-31T08:00Z"])
    ]
    customer = run("customers", "find", "--external-id", "CRM-17").objects[0]["id"]
    ids += [run("events", "add", *arguments, "--customer-id", customer).objects[0]["id"]]
    found = [chub.get_event(hub.config, event_id).unwrap() for event_id in ids]
    assert ["Home"] * 3 == [event.properties.title for event in found]  # type: ignore[union-attr]
    assert [None, customer, customer] == [event.customer_id for event in found]
    assert "2026-01-31T08:00:00+00:00" == (found[1].date.isoformat() if found[1].date else None)


def test_add_of_text(run: Any, hub: Any, tmp_path: Path) -> None:
    row = {"type": "viewedPage", "context": "WEB", "bringBackProperties": {"type": "SESSION_ID", "value": "v"}}
    text = json.dumps(row | {"properties": {}}, indent=2)
    (tmp_path / "event.json").write_text(text)
    assert 0 == run("events", "add", stdin=text).code
    assert 0 == run("events", "add", tmp_path / "event.json").code
    assert 2 == hub.ledger.committed


@pytest.mark.parametrize(
    ("arguments", "stdin", "told"),
    [
        (["--type", "viewedPage"], "", "$.customerId: exactly one of customerId and bringBackProperties is needed"),
        (["--type", "x", "--properties", "{"], "", "--properties: not JSON"),
        (["--type", "x", "--properties", "[]", "--session-id", "v"], "", "$.properties: an object is needed, not list"),
        ([], "", "$: not JSON"),
        ([], "\udcff", "$: not UTF-8 at byte 0"),
    ],
)
def test_what_is_no_event_is_code_3(run: Any, hub: Any, arguments: list[str], stdin: str, told: str) -> None:
    ran = run("events", "add", *arguments, stdin=os.fsencode(stdin))
    assert (3, "", 1) == (ran.code, ran.out, ran.err.count("\n"))
    assert told in ran.err
    assert 0 == hub.ledger.received


def test_a_file_that_is_not_there_is_code_1(run: Any, hub: Any) -> None:
    ran = run("events", "add", "no-such-file")
    assert (1, "chub events add: no-such-file: No such file or directory\n") == (ran.code, ran.err)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (sandbox.refuse(5), 4),
        (sandbox.commit_then_close(), 5),
        (sandbox.status(400), 6),
        (sandbox.status(429, retry_after=3600), 7),
    ],
)
def test_each_outcome_has_its_code(run: Any, serve: Any, fault: Any, code: int) -> None:
    serve(faults=[fault])
    ran = run("events", "add", "--type", "x", "--session-id", "v", "--timeout", 1)
    assert (code, "", 1) == (ran.code, ran.out, ran.err.count("\n"))


def test_an_answer_that_cannot_be_read_is_code_8(run: Any, serve: Any) -> None:
    serve(faults=[sandbox.status(200, body="<html>")])
    assert 8 == run("events", "get", "e").code


def test_delete(run: Any, stocked: list[str], hub: Any) -> None:
    ran = run("events", "delete", *stocked[:2], "nobody's")
    assert [{"id": event_id, "deleted": True, "confirmed": True} for event_id in stocked[:2]] == ran.objects
    assert (6, 1) == (ran.code, ran.err.count("\n"))
    assert ran.err.startswith("chub events delete: nobody's: DELETE ")
    assert 0 == run("events", "delete", stocked[2]).code
