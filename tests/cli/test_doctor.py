"""`doctor`: each way in which the hub can't be reached, or not be used, has its line and what mends it."""

import ssl
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from re import escape, fullmatch
from typing import Any

import pytest
import trustme

import chub
from chub import sandbox
from chub.cli import checks, doctor

Facts = list[tuple[str, str]]


def facts(ran: Any) -> Facts:
    """The name and the verdict of each check."""
    return [(found["name"], found["verdict"]) for found in ran.objects]


def failed(ran: Any) -> Any:
    """The one check that failed, the last one made."""
    assert 1 == ran.code
    assert [found for found in ran.objects if found["verdict"] == "fail"] == [ran.objects[-1]]
    return ran.objects[-1]


ALL_WELL = [(name, "ok") for name in ("config", "name", "connection", "TLS", "clock", "token", "token")]


def test_all_is_well_and_nothing_was_written(run: Any, hub: Any) -> None:
    ran = run("doctor", "--json")
    assert (0, ALL_WELL, "") == (ran.code, facts(ran), ran.err)
    assert {"GET"} == {entry.method for entry in hub.ledger}


def test_a_sandbox_of_its_own(run: Any) -> None:
    ran = run("doctor", "--sandbox", "--json")
    assert (0, ALL_WELL) == (ran.code, facts(ran))


def test_for_people_it_is_a_line_for_each_check_within_80_columns(run: Any, hub: Any) -> None:
    ran = run("doctor")
    assert [line for line in ran.out.splitlines() if len(line) > 80] == []
    assert "ok    token       it may read events\n" in ran.out
    told = run("doctor", "--base-url", "https://127.0.0.1:9/hub").out
    assert "fail  connection  127.0.0.1 port 9: connection refused\n                  -> does a firewall let" in told


def test_a_terminal_has_colours_unless_somebody_wants_none(run: Any, hub: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TERM", raising=False)
    assert "\x1b[32mok  \x1b[0m  name" in run("doctor", terminal="stdout").out
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in run("doctor", terminal="stdout").out
    monkeypatch.delenv("TERM")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run("doctor", terminal="stdout").out


def test_settings_that_are_missing(run: Any) -> None:
    ran = run("doctor", "--json")
    assert (1, [("config", "fail"), ("config", "fail")]) == (ran.code, facts(ran))
    assert ["CHUB_WORKSPACE_ID: not set", "CHUB_TOKEN: not set"] == [found["told"] for found in ran.objects]
    assert all("export CHUB_" in found["mend"] for found in ran.objects)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--base-url", "ftp://x"], "base_url: https:// is needed"),
        (["--config", "no-such-file"], "no-such-file: No such file or directory"),
        (["--workspace-id", "a/b"], "workspace_id: 'a/b' holds '/'"),
    ],
)
def test_settings_that_are_wrong(run: Any, hub: Any, arguments: list[str], told: str) -> None:
    found = failed(run("doctor", "--json", *arguments))
    assert told in found["told"]
    assert found["mend"]


def test_a_config_without_a_node_is_a_warning(run: Any, hub: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHUB_NODE_ID")
    ran = run("doctor", "--json")
    assert (0, ("config", "warn"), 1) == (ran.code, facts(ran)[1], facts(ran).count(("token", "ok")))


def test_files_that_others_can_read_are_a_warning(run: Any, hub: Any, tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(hub.token)
    path.chmod(0o640)
    ran = run("doctor", "--json", "--token-file", path)
    assert [f"chmod 600 {path}"] == [found["mend"] for found in ran.objects if found["verdict"] == "warn"]
    path.chmod(0o600)
    ran = run("doctor", "--json", "--token-file", path)
    assert ALL_WELL == facts(ran)
    assert f"token from {path}" in ran.objects[0]["told"]


def test_a_name_that_leads_nowhere(run: Any, hub: Any) -> None:
    found = failed(run("doctor", "--json", "--base-url", "https://no-such-host.invalid/hub"))
    assert "name" == found["name"]
    assert "no-such-host.invalid: the host's name can't be resolved" in found["told"]
    assert "name" == failed(run("doctor", "--json", "--base-url", f"https://{'x' * 64}.com"))["name"]


def test_a_host_with_several_addresses(run: Any, hub: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    known = [(None, None, None, "", (address, 443)) for address in ("192.0.2.1", "192.0.2.2", "192.0.2.3")]
    monkeypatch.setattr(checks.socket, "getaddrinfo", lambda *_, **__: known)
    found = checks._name(chub.config(workspace_id="w", token="demo"))
    assert "api.contactlab.it is 192.0.2.1 and 2 more" == found.told


def test_a_host_that_is_dead(run: Any, hub: Any, closed_port: int) -> None:
    found = failed(run("doctor", "--json", "--base-url", f"http://127.0.0.1:{closed_port}"))
    assert ("connection", f"127.0.0.1 port {closed_port}: connection refused") == (found["name"], found["told"])


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(401, ["fail"]), (403, ["fail", "ok"]), (404, ["fail", "ok"]), (400, ["fail", "ok"]), (302, ["fail", "ok"])],
)
def test_what_the_hub_refuses(run: Any, serve: Any, status: int, verdict: list[str]) -> None:
    serve(faults=[sandbox.status(status)])
    ran = run("doctor", "--json")
    tokens = [found for found in ran.objects if found["name"] == "token"]
    assert (1, verdict) == (ran.code, [found["verdict"] for found in tokens])
    assert tokens[0]["told"].startswith(f"read events: GET /workspaces/{{workspaceId}}/events: {status} ")
    assert tokens[0]["mend"]


def test_a_wrong_token(run: Any, hub: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHUB_TOKEN", "wrong")
    found = failed(run("doctor", "--json"))
    assert "the token is unknown or has ended" in found["mend"]


@pytest.mark.parametrize(
    ("fault", "mend"),
    [
        (sandbox.status(429, retry_after=3600), "others are using up what the hub grants"),
        (sandbox.status(503), "the hub or what is before it has trouble"),
        (sandbox.status(200, body="<html>"), "what answers there is no hub"),
    ],
)
def test_trouble_of_the_hub(run: Any, serve: Any, fault: Any, mend: str) -> None:
    serve(faults=[fault] * 5)
    found = failed(run("doctor", "--json", "--timeout", "1"))
    assert ("token", True) == (found["name"], mend in found["mend"])


def test_what_the_token_may_write_is_looked_at_if_asked(run: Any, hub: Any) -> None:
    ran = run("doctor", "--json", "--write")
    assert (0, [*ALL_WELL, ("token", "ok"), ("token", "ok")]) == (ran.code, facts(ran))
    assert [] == list(chub.events(hub.config, chub.event_query()))


def test_it_may_not_write(run: Any, serve: Any) -> None:
    serve(faults=[None, None, sandbox.status(403)])
    found = failed(run("doctor", "--json", "--write"))
    assert "send events: POST " in found["told"]


def test_an_event_that_is_not_to_be_seen_yet_can_be_deleted_later(run: Any, serve: Any) -> None:
    serve(faults=[None, None, None, sandbox.status(404)])
    last = run("doctor", "--json", "--write").objects[-1]
    assert ("token", "warn") == (last["name"], last["verdict"])
    assert "later, `events delete " in last["mend"]


def test_a_hub_that_tells_no_id_of_the_event(run: Any, serve: Any) -> None:
    serve(faults=[None, None, sandbox.status(202, body="", commit=True)])
    assert "it may send events" == run("doctor", "--json", "--write").objects[-1]["told"]


@pytest.mark.parametrize(
    ("ahead", "verdict", "told"),
    [
        (0, "ok", "this machine's and the hub's agree within 5 s"),
        (-90_050, "warn", "this machine is 90,0~~ s behind the hub"),
        (90_100, "warn", "this machine is 90,1~~ s ahead of the hub"),
    ],
)
def test_clocks(run: Any, serve: Any, ahead: int, verdict: str, told: str) -> None:
    date = format_datetime(datetime.now(UTC) - timedelta(seconds=ahead), usegmt=True)
    page = '{"elements": [], "page": {"size": 1, "number": 0}}'
    serve(faults=[sandbox.status(200, body=page, headers={"Date": date})])
    (found,) = [found for found in run("doctor", "--json").objects if found["name"] == "clock"]
    assert verdict == found["verdict"]
    assert fullmatch(escape(told).replace("\\~", "~").replace("~", r"\d"), found["told"])


@pytest.mark.parametrize("date", ["yesterday", "", None, "Mon, 23 Nov 2026 10:00:00"])
def test_a_date_that_cannot_be_read_is_not_compared(date: str | None) -> None:
    assert "not compared, for the hub doesn't tell its time" == checks._clock(date).told


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secured(serve: Any, authority: trustme.CA, tmp_path: Path) -> Callable[..., Path]:
    """Serve a hub over TLS, with a certificate that ends then; gives the file of its authority."""

    def secured(ends: datetime, host: str = "localhost") -> Path:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        begins = min(datetime.now(UTC), ends) - timedelta(days=1)
        authority.issue_cert(host, not_before=begins, not_after=ends).configure_cert(context)
        serve(tls=context)
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        return tmp_path / "ca.pem"

    return secured


def in_days(days: int) -> datetime:
    return datetime.now(UTC) + timedelta(days=days, hours=1)


def test_a_certificate_that_is_good(run: Any, secured: Any) -> None:
    ran = run("doctor", "--json", "--ca-file", secured(in_days(100)))
    assert (0, ALL_WELL) == (ran.code, facts(ran))
    ends = f"{in_days(100):%Y-%m-%d}"
    assert f"TLSv1.3, certificate valid until {ends}, 100 more days" == ran.objects[3]["told"]


def test_a_certificate_that_ends_soon_is_a_warning(run: Any, secured: Any) -> None:
    ran = run("doctor", "--json", "--ca-file", secured(in_days(13)))
    assert (0, ("TLS", "warn")) == (ran.code, facts(ran)[3])


def test_a_certificate_that_has_expired(run: Any, secured: Any) -> None:
    found = failed(run("doctor", "--json", "--ca-file", secured(in_days(-3))))
    assert "the server's certificate is refused: certificate has expired" == found["told"]
    assert "renewed" in found["mend"]


def test_a_certificate_of_nobody_known_or_of_another_host(run: Any, secured: Any) -> None:
    path = secured(in_days(100), "other.example.com")
    for arguments, mend in (([], "--ca-file"), (["--ca-file", path], "the certificate is another host's")):
        found = failed(run("doctor", "--json", *arguments))
        assert ("TLS", True) == (found["name"], mend in found["mend"])


def test_a_port_that_speaks_no_tls(run: Any, hub: Any) -> None:
    url = hub.base_url.replace("http://127.0.0.1", "https://localhost")
    found = failed(run("doctor", "--json", "--base-url", url))
    assert ("TLS", True) == (found["name"], "speaks TLS" in found["mend"])


def test_a_file_that_is_no_authority(run: Any, hub: Any, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    url = hub.base_url.replace("http://127.0.0.1", "https://localhost")
    found = failed(run("doctor", "--json", "--base-url", url, "--ca-file", tmp_path / "ca.pem"))
    assert ("TLS", f"ca_file: {tmp_path / 'ca.pem'}: no certificate in it") == (found["name"], found["told"])


@pytest.fixture
def proxy(scripted: Any) -> Callable[..., Any]:
    """Serve a proxy that answers a CONNECT, and carries what follows."""

    def carry(talk: Any, port: int) -> None:
        import socket

        talk.read()
        talk.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with socket.create_connection(("127.0.0.1", port)) as hub:
            back = threading.Thread(target=pump, args=(hub, talk.connection))
            back.start()
            pump(talk.connection, hub)
            back.join()

    return lambda port: scripted(lambda talk: carry(talk, port))


def pump(source: Any, sink: Any) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(1)
    except OSError:
        return


def test_through_a_proxy(run: Any, secured: Any, proxy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = secured(in_days(100))
    port = int(__import__("os").environ["CHUB_BASE_URL"].split(":")[2].split("/")[0])
    server = proxy(port)
    ran = run("doctor", "--json", "--ca-file", path, "--proxy", f"http://user:hush-hush@127.0.0.1:{server.port}")
    assert (0, ALL_WELL) == (ran.code, facts(ran))
    assert "the proxy 127.0.0.1 is 127.0.0.1" == ran.objects[1]["told"]
    assert "hush-hush" not in ran.out


def test_a_proxy_that_refuses(run: Any, secured: Any, scripted: Any) -> None:
    path = secured(in_days(100))
    server = scripted(lambda talk: (talk.read(), talk.answer("403 Forbidden")))
    found = failed(run("doctor", "--json", "--ca-file", path, "--proxy", server.url))
    assert ("TLS", True) == (found["name"], "403" in found["told"])


def test_a_proxy_that_is_dead(run: Any, hub: Any, closed_port: int) -> None:
    found = failed(run("doctor", "--json", "--proxy", f"http://127.0.0.1:{closed_port}"))
    assert "connection" == found["name"]


def test_lines_are_cut_between_words() -> None:
    check = checks.Check("name", "warn", "word " * 30, "mend " * 30)
    lines = list(doctor._lines(check, 60))
    assert {True} == {len(line) <= 60 for line in lines}
    assert "warn  name        word word" == lines[0][:27]
