"""Options, what a file remembers, and that the same requests get the same answers."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import attrs
import pytest

import chub.sandbox
from chub.errors import InvalidValue
from chub.http import Request, deadline_in
from chub.sandbox import hub, store, workspace
from chub.sandbox.options import BadOptions, Options


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"workspace_id": ""}, "workspace_id"),
        ({"workspace_id": ".."}, "workspace_id"),
        ({"workspace_id": "a/b"}, "workspace_id"),
        ({"workspace_id": "\ud800"}, "workspace_id"),
        ({"node_id": 1}, "node_id"),
        ({"token": ""}, "token"),
        ({"token": "a b"}, "token"),
        ({"token": "é"}, "token"),
        ({"nodes": "n2"}, "nodes"),
        ({"nodes": 1}, "nodes"),
        ({"nodes": ["a", ""]}, "nodes"),
        ({"matching": "externalId"}, "matching"),
        ({"clock": datetime.now(UTC)}, "clock"),
        ({"ids": "id"}, "ids"),
        ({"visibility_lag": -1}, "visibility_lag"),
        ({"visibility_lag": float("nan")}, "visibility_lag"),
        ({"visibility_lag": float("inf")}, "visibility_lag"),
        ({"visibility_lag": timedelta(seconds=-1)}, "visibility_lag"),
        ({"visibility_lag": True}, "visibility_lag"),
        ({"visibility_lag": "30"}, "visibility_lag"),
        ({"mode": "strict"}, "mode"),
        ({"types": ["ours"]}, "types"),
        ({"types": {"": None}}, "types"),
        ({"types": {"ours": {"type": "text"}}}, "types"),
    ],
)
def test_a_wrong_option_is_told(options, path, tmp_path):
    file = tmp_path / "hub.db"
    with pytest.raises(InvalidValue) as caught:
        chub.sandbox.open(file, **options)
    assert [path] == [problem.path for problem in caught.value.problems]
    assert not file.exists()


def test_wrong_options_are_told_together():
    with pytest.raises(InvalidValue) as caught:
        chub.sandbox.serve(mode="x", token="\n", nodes=None)
    assert ["token", "nodes", "mode"] == [problem.path for problem in caught.value.problems]
    with pytest.raises(BadOptions, match=r"mode: .*"):
        Options(mode="x")


def test_an_option_that_does_not_exist_is_a_mistake():
    with pytest.raises(TypeError):
        chub.sandbox.open(visibilty_lag=1)


def test_a_hub_without_options_has_what_it_needs():
    with chub.sandbox.open() as hub:
        assert ("sandbox-workspace", "sandbox-node", "sandbox-token") == (hub.workspace_id, hub.node_id, hub.token)
        assert (hub.workspace_id, hub.node_id) == (hub.config.workspace_id, hub.config.node_id)
        assert hub.token == hub.config.token.reveal()
        assert hub.base_url == hub.config.base_url


def test_the_wall_clock_and_random_ids_serve_by_default(open_desk):
    desk = open_desk(clock=None, ids=None)
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    event = desk.event(desk.add("/events", desk.of_session("s")))
    assert 36 == len(event["id"])
    assert before <= datetime.strptime(event["date"], "%Y-%m-%dT%H:%M:%S.%f%z") <= datetime.now(UTC)


def test_a_file_remembers_everything(open_desk, tmp_path):
    file = tmp_path / "hub.db"
    desk = open_desk(file, workspace_id="w", node_id="n", token="t", nodes=["n2"])
    customer_id = desk.add("/customers", {"nodeId": "n2", "externalId": "x"}, sessionId="s")
    event_id = desk.add("/events", desk.body(customerId=customer_id))
    before = [desk.get(path) for path in ("/events", f"/customers/{customer_id}", f"/customers/{customer_id}/sessions")]
    desk.hub.close()
    desk.hub.close()
    again = open_desk(str(file))
    assert ("w", "n", "t") == (again.hub.workspace_id, again.hub.node_id, again.hub.token)
    after = [again.get(path) for path in ("/events", f"/customers/{customer_id}", f"/customers/{customer_id}/sessions")]
    assert before == after
    assert "id-3" == event_id
    added = [again.add("/events", again.body(customerId=customer_id)) for _ in range(3)]
    assert ["id-1", "id-2", "id-4"] == added, "the ids begin anew, and one that is taken is passed over"
    assert 409 == again.post("/customers", {"nodeId": "n2", "externalId": "x"})[0]


def test_what_is_given_wins_over_what_a_file_remembers(open_desk, tmp_path):
    file = tmp_path / "hub.db"
    open_desk(file, workspace_id="w", node_id="n", token="t").hub.close()
    open_desk(file, token="other").hub.close()
    opened = open_desk(file).hub
    assert ("w", "n", "other") == (opened.workspace_id, opened.node_id, opened.token)


def test_another_matching_policy_counts_for_old_customers_too(open_desk, tmp_path):
    file = tmp_path / "hub.db"
    desk = open_desk(file)
    sent = {"nodeId": "sandbox-node", "externalId": "x", "extra": "e"}
    desk.add("/customers", sent)
    desk.hub.close()
    desk = open_desk(file, matching=["extra"])
    assert [409, 201] == [desk.post("/customers", sent | change)[0] for change in ({"externalId": "y"}, {"extra": "f"})]


def test_a_database_of_something_else_is_left_alone(tmp_path):
    file = tmp_path / "other.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE mine (id)")
    connection.close()
    with pytest.raises(ValueError, match="not one of this sandbox"):
        chub.sandbox.open(file)
    (tmp_path / "text.db").write_text("no database " * 100)
    for unusable in (tmp_path / "text.db", tmp_path, tmp_path / "missing" / "hub.db"):
        with pytest.raises(chub.InvalidValue, match=f"database: {unusable}: "):
            chub.sandbox.open(unusable)


@pytest.mark.parametrize("port", [-1, 65_536, "80", True])
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(chub.InvalidValue, match=r"^port: .* is no number from 0 to 65535$"):
        chub.sandbox.serve(port=port)


def test_a_closed_hub_answers_no_more_as_one_that_is_not_there():
    with chub.sandbox.open() as hub:
        config = attrs.evolve(hub.config, retry=chub.RetryPolicy(attempts=1))
    error = chub.get_event(config, "e").failure()
    assert isinstance(error, chub.NotSent)
    assert error.reason == "connection refused"


def test_a_fault_while_opening_closes_the_file(tmp_path, monkeypatch):
    closed = []

    close = store.Store.close
    monkeypatch.setattr(store.Store, "close", lambda self: (closed.append(self), close(self)))
    monkeypatch.setattr(workspace.Workspace, "remember", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        chub.sandbox.open(tmp_path / "hub.db")
    assert 1 == len(closed)


def test_a_handler_that_breaks_leaves_nothing_behind(open_desk):
    ids = iter(["event", "customer"])
    desk = open_desk(ids=lambda: next(ids))
    desk.add("/events", desk.of_external_id("x"))
    with pytest.raises(StopIteration):
        desk.post("/customers", {"nodeId": "sandbox-node"})
    with pytest.raises(StopIteration):
        desk.post("/events", desk.of_external_id("y"))
    assert (1, 1) == (len(desk.listed()), desk.get("/customers", nodeId="sandbox-node")[1]["page"]["totalElements"])


def test_ids_that_never_change_are_told(open_desk, monkeypatch):
    monkeypatch.setattr(workspace, "_DRAWS", 10)
    desk = open_desk(ids=lambda: "same")
    desk.add("/events", desk.of_session("s"))
    with pytest.raises(ValueError, match="a new text each time"):
        desk.post("/events", desk.of_session("s"))


def test_a_closed_hub_answers_no_more(open_desk):
    desk = open_desk()
    desk.hub.close()
    with pytest.raises(sqlite3.ProgrammingError):
        desk.get("/events")


def test_two_hubs_may_share_a_file(open_desk, tmp_path):
    one, two = (open_desk(tmp_path / "hub.db", ids=None) for _ in range(2))
    ids = [desk.add("/events", desk.of_session("s")) for desk in (one, two)]
    assert sorted(ids) == sorted(one.listed()) == sorted(two.listed())


@pytest.mark.parametrize("database", [":memory:", "file"])
def test_threads_do_not_disturb_one_another(open_desk, tmp_path, database):
    desk = open_desk(tmp_path / "hub.db" if database == "file" else database)
    statuses = []

    def work(number):
        for step in range(10):
            statuses.append(desk.post("/events", desk.of_external_id(f"x{step}"))[0])
            statuses.append(desk.get("/events", size="1")[0])
            statuses.append(desk.post("/events", {})[0])

    threads = [Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [200] * 80 + [202] * 80 + [400] * 80 == sorted(statuses)
    assert 80 == desk.get("/events")[1]["page"]["totalElements"]
    assert 10 == desk.get("/customers", nodeId=desk.hub.node_id)[1]["page"]["totalElements"]


def test_the_transport_is_called_from_several_threads(open_desk):
    config = open_desk().hub.config
    request = Request(method="GET", path="/workspaces/sandbox-workspace/events", template="", token=config.token)
    found = []
    threads = [Thread(target=lambda: found.append(config.transport(request, deadline_in(5)))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [200] * 8 == [result.unwrap().status for result in found]


def test_a_path_object_is_a_file(open_desk, tmp_path):
    open_desk(Path(tmp_path) / "hub.db")
    assert (tmp_path / "hub.db").exists()


def test_a_fault_in_the_matching_closes_the_file(tmp_path, monkeypatch):
    closed = []
    close = hub.Hub.close
    monkeypatch.setattr(hub.Hub, "close", lambda self: (closed.append(self), close(self)))
    monkeypatch.setattr(hub.customer_rows, "rebuild_matches", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        chub.sandbox.open(tmp_path / "hub.db")
    assert 1 == len(closed)


def test_a_full_disk_loses_the_request_and_not_the_hub(open_desk, monkeypatch):
    desk = open_desk()
    desk.add("/events", desk.of_session("s"))
    connection = Unwilling(desk.hub._hub.workspace.store._connection)
    monkeypatch.setattr(desk.hub._hub.workspace.store, "_connection", connection)
    with pytest.raises(sqlite3.OperationalError, match="full"):
        desk.post("/events", desk.of_session("s"))
    connection.commits = True
    assert 1 == len(desk.listed())
    assert desk.add("/events", desk.of_session("s"))


class Unwilling:
    """A connection that can't commit."""

    def __init__(self, connection):
        self.connection = connection
        self.commits = False

    def execute(self, statement, *values):
        if statement == "COMMIT" and not self.commits:
            raise sqlite3.OperationalError("database or disk is full")
        return self.connection.execute(statement, *values)

    def close(self):
        self.connection.close()
