"""`events import`: what is sent, what is told of each line that failed, and how an end before its time is told."""

import gzip
import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import chub
from chub import sandbox
from chub.cli import importing, signals

LINE: dict[str, Any] = {
    "type": "viewedPage",
    "context": "WEB",
    "bringBackProperties": {"type": "EXTERNAL_ID", "value": "CRM-17"},
    "properties": {"title": "Home"},
}
NOBODYS = {"type": "viewedPage", "context": "WEB", "customerId": "nobody", "properties": {}}
ODD = {"type": "viewedPage", "context": "web", "customerId": "c", "properties": {}}


def summary(ran: Any) -> str:
    """The last line, without what a clock said."""
    text: str = ran.err.splitlines()[-1]
    return text.partition(";")[0]


@pytest.mark.parametrize("way", ["standard input", "file", "gzip"])
def test_all_lines_are_sent(run: Any, hub: Any, lines: Any, way: str, tmp_path: Path) -> None:
    path = lines(LINE, "", LINE, LINE)
    (tmp_path / "events.ndjson.gz").write_bytes(gzip.compress(path.read_bytes()))
    given = {"file": [path], "gzip": [tmp_path / "events.ndjson.gz"], "standard input": []}[way]
    ran = run("events", "import", *given, stdin=path.read_bytes())
    assert (0, "", "chub events import: 3 outcomes: 3 accepted") == (ran.code, ran.out, summary(ran))
    assert 3 == hub.ledger.committed


def test_each_line_that_failed_is_told_twice_for_people_and_for_programs(run: Any, hub: Any, lines: Any) -> None:
    ran = run("events", "import", lines(LINE, ODD, NOBODYS, "no", LINE))
    assert 6 == ran.code
    told = sorted(ran.objects, key=lambda found: int(found["line"]))
    assert [
        {"line": 2, "outcome": "InvalidValue", "code": 3, "stored": False},
        {"line": 3, "outcome": "Rejected", "code": 6, "stored": False, "status": 404, "event": NOBODYS},
        {"line": 4, "outcome": "InvalidValue", "code": 3, "stored": False},
    ] == [{key: value for key, value in found.items() if key != "message"} for found in told]
    assert told[0]["message"].startswith("events.ndjson:2 $.context: 'web' is none of ")
    *each, last = ran.err.splitlines()
    assert 3 == len(each)
    assert any(line.startswith("chub events import: events.ndjson:3: POST ") for line in each)
    assert last.startswith("chub events import: 5 outcomes: 2 accepted, 1 rejected (404: 1), 2 invalid; 3 attempts, ")
    assert 2 == hub.ledger.committed


def test_what_failed_can_be_sent_again(run: Any, hub: Any, lines: Any) -> None:
    hub.script([None, sandbox.status(400), sandbox.commit_then_close(), sandbox.status(400)])
    failed = run("events", "import", "--window", 1, "--accepted", lines(LINE, LINE, LINE, LINE, "no"))
    again = run("events", "import", stdin=failed.out)
    assert (5, 5, 4) == (failed.code, again.code, hub.ledger.committed)
    *_, passed, last = again.err.splitlines()
    assert "chub events import: 1 passed over, for an import before had them stored" == passed
    assert last.startswith("chub events import: 4 outcomes: 2 accepted, 1 unconfirmed, 1 invalid; 2 attempts, ")
    told = {found["line"]: (found["outcome"], found["stored"], "event" in found) for found in again.objects}
    assert {3: ("Unconfirmed", None, True), 5: ("InvalidValue", False, False)} == told


def test_what_nobody_knows_stays_unknown_however_often_it_is_given(run: Any, hub: Any, lines: Any) -> None:
    hub.script([sandbox.commit_then_close()])
    first = run("events", "import", "--window", 1, "--accepted", lines(LINE, LINE))
    second = run("events", "import", "--accepted", stdin=first.out)
    third = run("events", "import", "--accepted", stdin=second.out)
    unknown, accepted = third.objects
    assert ("Unconfirmed", 5, None) == (unknown["outcome"], unknown["code"], unknown["stored"])
    assert first.objects[0]["event"] == unknown["event"]
    assert first.objects[1] == accepted
    assert (5, 5, 2) == (second.code, third.code, hub.ledger.committed)


def test_the_accepted_are_told_with_their_ids_if_asked(run: Any, hub: Any, lines: Any) -> None:
    found = run("events", "import", "--accepted", lines(LINE, LINE)).objects
    assert [(1, "Accepted"), (2, "Accepted")] == [(each["line"], each["outcome"]) for each in found]
    assert all(chub.get_event(hub.config, each["id"]).unwrap().type == "viewedPage" for each in found)


def test_on_a_terminal_failures_are_told_once(run: Any, hub: Any, lines: Any) -> None:
    ran = run("events", "import", lines(ODD), terminal="stdout")
    assert (3, "", 2) == (ran.code, ran.out, ran.err.count("\n"))


def test_a_dry_run_sends_nothing(run: Any, hub: Any, lines: Any) -> None:
    ran = run("events", "import", "--dry-run", lines(LINE, ODD, NOBODYS))
    assert (3, 1) == (ran.code, len(ran.objects))
    assert "chub events import: dry run, nothing was sent: 2 good, 1 not" == summary(ran)
    assert 0 == run("events", "import", "--dry-run", lines(LINE)).code
    assert 0 == hub.ledger.received


def test_of_several_outcomes_the_gravest_is_the_code(run: Any, serve: Any, lines: Any) -> None:
    hub = serve()
    hub.script([sandbox.status(400), sandbox.commit_then_close(), sandbox.status(429, retry_after=3600)])
    ran = run("events", "import", "--window", 1, "--timeout", 5, lines(LINE, LINE, LINE, ODD, LINE))
    assert 5 == ran.code
    assert "5 outcomes: 1 accepted, 1 rejected (400: 1), 1 throttled, 1 unconfirmed, 1 invalid" in ran.err
    (unconfirmed,) = [found for found in ran.objects if found["outcome"] == "Unconfirmed"]
    assert (2, None, 5) == (unconfirmed["line"], unconfirmed["stored"], unconfirmed["code"])


def test_after_so_many_failures_no_further_line_is_sent(run: Any, hub: Any, lines: Any) -> None:
    path = lines(LINE, NOBODYS, NOBODYS, LINE, LINE, LINE)
    ran = run("events", "import", "--window", 1, "--max-failures", 2, path)
    assert (6, 1) == (ran.code, hub.ledger.committed)
    *_, why, end, last = ran.err.splitlines()
    assert "chub events import: ending: what is under way is waited for; another Ctrl-C ends at once" == why
    assert "chub events import: ended at line 3 of events.ndjson; what follows it was not sent" == end
    assert "3 outcomes: 1 accepted, 2 rejected (404: 2)" in last


def test_more_lines_than_are_counted_at_once(run: Any, hub: Any, lines: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "_BATCH", 2)
    assert "chub events import: 5 outcomes: 5 accepted" == summary(run("events", "import", lines(*[LINE] * 5)))


def test_a_file_that_is_not_there(run: Any, hub: Any) -> None:
    ran = run("events", "import", "no-such-file")
    assert (1, "chub events import: no-such-file: No such file or directory\n") == (ran.code, ran.err)


def test_a_file_that_is_cut_is_told_and_what_came_before_is_sent(
    run: Any, hub: Any, lines: Any, tmp_path: Path
) -> None:
    path = tmp_path / "cut.ndjson.gz"
    path.write_bytes(gzip.compress(lines(LINE, LINE).read_bytes())[:-4])
    ran = run("events", "import", path)
    assert (3, 2) == (ran.code, hub.ledger.committed)
    assert "cut.ndjson.gz:3: can't be read: the compressed file is cut short" in ran.err


@pytest.mark.parametrize(("error", "code"), [(BrokenPipeError(), 141), (OSError(28, "No space left on device"), 1)])
def test_where_nobody_takes_the_lines_no_further_one_is_sent(
    run: Any, hub: Any, lines: Any, monkeypatch: pytest.MonkeyPatch, error: OSError, code: int
) -> None:
    def write(line: bytes) -> None:
        raise error

    monkeypatch.setattr(importing, "write", write)
    monkeypatch.setattr(os, "dup2", lambda *_: None)
    ran = run("events", "import", "--accepted", "--window", 1, lines(LINE, NOBODYS, LINE, LINE))
    assert (code, "", 1) == (ran.code, ran.out, hub.ledger.committed)
    assert "ended at line 1 of events.ndjson; what follows it was not sent" in ran.err
    assert "1 outcome: 1 accepted" in ran.err


def test_of_what_was_under_way_then_all_is_told(
    run: Any, hub: Any, lines: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(line: bytes) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(importing, "write", write)
    monkeypatch.setattr(os, "dup2", lambda *_: None)
    ran = run("events", "import", "--window", 3, lines(NOBODYS, NOBODYS, NOBODYS, LINE, LINE, LINE, LINE))
    assert (141, 0) == (ran.code, hub.ledger.committed)
    assert "3 outcomes: 3 rejected (404: 3)" in ran.err


class Asking:
    """A standard input during which signals come: None in the place of a line stands for one."""

    def __init__(self, number: signal.Signals, *lines: Any) -> None:
        self.buffer = self
        self.name = "input"
        self._number = number
        self._lines = iter(lines)

    def write(self) -> None:
        """Is a file."""

    def readline(self, size: int) -> bytes:
        line = next(self._lines, b"")
        while line is None:
            signal.raise_signal(self._number)
            line = next(self._lines, b"")
        return line if line == b"" else json.dumps(line).encode() + b"\n"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_first_signal_has_what_is_under_way_waited_for(
    run: Any, hub: Any, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, code: int
) -> None:
    before = signal.getsignal(number)
    monkeypatch.setattr(importing, "sys", Fake(Asking(number, LINE, LINE, None, LINE, LINE)))
    ran = run("events", "import")
    assert (code, 2, "") == (ran.code, hub.ledger.committed, ran.out)
    assert "ended at line 2 of input; what follows it was not sent" in ran.err
    assert "2 outcomes: 2 accepted" in ran.err
    assert ran.err.endswith(f"chub events import: {'interrupted' if code == 130 else 'terminated'}\n")
    assert before == signal.getsignal(number)


class Fake:
    """The module `sys` with another standard input."""

    def __init__(self, stdin: Any) -> None:
        self.stdin = stdin
        self.stdout = sys.stdout


def test_the_second_one_ends_at_once_and_tells_of_what_nobody_knows(
    run: Any, serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = serve(faults=[None, sandbox.read_then_stall(5), sandbox.read_then_stall(5)])
    stdin = Asking(signal.SIGINT, LINE, LINE, LINE, None, None, LINE)
    monkeypatch.setattr(importing, "sys", Fake(stdin))
    ran = run("events", "import")
    assert 130 == ran.code
    told = {found["line"]: (found["outcome"], found["stored"], found["event"]) for found in ran.objects}
    assert set(told) <= {1, 2, 3}
    assert {("Unconfirmed", None), ("NotSent", False)} >= {outcome[:2] for outcome in told.values()}
    assert [LINE] * len(told) == [event for _, _, event in told.values()]
    assert hub.ledger.committed <= 1


def test_what_was_not_sent_yet_is_told_as_not_sent(run: Any, hub: Any) -> None:
    book = importing._Book(file="f", teller=importing.Teller("events import"), shows_accepted=False, max_failures=None)
    book.under_way[0] = 7, chub.parse_event(LINE).unwrap()
    importing._settle_the_rest(book, chub.add_events(hub.config, []))
    assert (1, {4}) == (book.add_up().not_sent, book.codes)


def test_beside_the_main_thread_signals_are_left_alone(run: Any, hub: Any, lines: Any) -> None:
    codes: list[int] = []
    path = lines(LINE)
    thread = threading.Thread(target=lambda: codes.append(run("events", "import", path).code))
    thread.start()
    thread.join()
    assert [0] == codes


def test_handlers_are_put_back() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    asked: list[BaseException] = []
    with signals.asked_first(asked.append):
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert [signals.Terminated] == [type(error) for error in asked]
    assert before == [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
