"""`events export`: every format, whole files or none, and what a failing page leaves."""

import csv
import io
import signal
from pathlib import Path
from typing import Any

import pytest
from returns.result import Failure, Success

import chub
from chub import frames, sandbox
from chub.cli import exporting, queries


def test_to_the_standard_output(run: Any, stocked: list[str]) -> None:
    ran = run("events", "export")
    assert sorted(stocked) == sorted(found["id"] for found in ran.objects)
    assert (0, "chub events export: 12 events\n") == (ran.code, ran.err)


@pytest.mark.parametrize("name", ["a.ndjson", "a.ndjson.gz", "a", "a.ndjson.zst"])
def test_to_a_file_of_lines(run: Any, stocked: list[str], tmp_path: Path, name: str) -> None:
    ran = run("events", "export", tmp_path / name, "--ahead", 2, "--size", 5)
    assert (0, "", f"chub events export: 12 events in {tmp_path / name}\n") == (ran.code, ran.out, ran.err)
    found = [result.unwrap() for result in frames.read_ndjson(tmp_path / name)]
    assert sorted(stocked) == sorted(event.id for event in found if isinstance(event, chub.RecordedEvent))


def test_to_csv_with_columns_for_the_types_that_are_asked_for(run: Any, stocked: list[str], tmp_path: Path) -> None:
    assert 0 == run("events", "export", tmp_path / "all.csv").code
    assert 0 == run("events", "export", tmp_path / "some.csv", "--type", "viewedPage").code
    heads = [next(csv.reader(io.StringIO((tmp_path / name).read_text()))) for name in ("all.csv", "some.csv")]
    assert ["properties__keyword" in head for head in heads] == [True, False]
    ran = run("events", "export", "--format", "csv", "--limit", 1)
    assert (2, "chub events export: 1 event\n") == (ran.out.count("\n"), ran.err)


def test_to_parquet(run: Any, stocked: list[str], tmp_path: Path) -> None:
    ran = run("events", "export", tmp_path / "a.parquet", "--type", "viewedPage")
    assert (0, f"chub events export: 12 events in {tmp_path / 'a.parquet'}\n") == (ran.code, ran.err)
    found = [result.unwrap() for result in frames.read_parquet(tmp_path / "a.parquet")]
    assert sorted(stocked) == sorted(event.id for event in found)


def test_parquet_needs_a_file(run: Any, hub: Any) -> None:
    ran = run("events", "export", "--format", "parquet")
    assert (3, "chub events export: FILE: Parquet goes into a file; name one\n") == (ran.code, ran.err)


def test_a_page_that_fails_leaves_the_old_file(run: Any, stocked: list[str], hub: Any, tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_text("old")
    hub.script([None, None, sandbox.status(403)])
    ran = run("events", "export", "--size", 5, tmp_path / "a.ndjson")
    assert (9, "old", ["a.ndjson"]) == (
        ran.code,
        (tmp_path / "a.ndjson").read_text(),
        [p.name for p in tmp_path.iterdir()],
    )
    assert ran.err.startswith("chub events export: page 2 failed: ")
    assert ran.err.endswith("; go on with --page 2\n")


@pytest.mark.parametrize("to_file", [True, False])
def test_or_a_part_if_that_will_do(run: Any, stocked: list[str], hub: Any, tmp_path: Path, to_file: bool) -> None:
    hub.script([None, None, sandbox.status(403)])
    target = [tmp_path / "a.ndjson", "--partial"] if to_file else []
    ran = run("events", "export", "--size", 5, *target)
    text = (tmp_path / "a.ndjson").read_text() if to_file else ran.out
    assert (9, 10, 2) == (ran.code, text.count("\n"), ran.err.count("\n"))


@pytest.mark.parametrize("to_file", [True, False])
def test_a_first_page_that_fails_is_the_failure_itself(run: Any, serve: Any, tmp_path: Path, to_file: bool) -> None:
    serve(faults=[sandbox.status(401)])
    ran = run("events", "export", *([tmp_path / "a.ndjson"] if to_file else []))
    assert (6, []) == (ran.code, list(tmp_path.iterdir()))


def test_a_folder_that_is_not_there(run: Any, hub: Any, tmp_path: Path) -> None:
    path = tmp_path / "none" / "a.csv"
    ran = run("events", "export", path)
    assert (1, f"chub events export: {path}: No such file or directory\n") == (ran.code, ran.err)


def test_a_package_that_is_missing(run: Any, hub: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "zstandard", None)
    monkeypatch.setitem(__import__("sys").modules, "compression.zstd", None)
    ran = run("events", "export", tmp_path / "a.ndjson.zst")
    assert (1, []) == (ran.code, list(tmp_path.iterdir()))
    assert ran.err.endswith("pip install 'contacthub-chub[zstd]'\n")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_no_file(
    run: Any, stocked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, code: int
) -> None:
    def walk(*_: object, **__: object) -> Any:
        yield Success(chub.RecordedEvent(id="e", properties=chub.ViewedPage(), context="WEB"))
        signal.raise_signal(number)

    monkeypatch.setattr(queries, "events", walk)
    ran = run("events", "export", tmp_path / "a.ndjson")
    assert (code, []) == (ran.code, list(tmp_path.iterdir()))


def test_progress_is_a_bar_on_a_terminal(run: Any, stocked: list[str], tmp_path: Path) -> None:
    told = run("events", "export", tmp_path / "a.ndjson", terminal="stderr").err
    assert told.startswith("\r")
    assert told.endswith(f"\r\x1b[Kchub events export: 12 events in {tmp_path / 'a.ndjson'}\n")
    # Where the events themselves go to the terminal, nothing is drawn among them.
    assert "\r\x1b[Kchub events export: 12 events\n" == run("events", "export", terminal="stdout stderr").err


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.csv", "csv"), ("a.CSV.gz", "csv"), ("a.parquet", "parquet"), ("a.csv.ndjson", "ndjson"), ("-", "ndjson")],
)
def test_the_format_of_a_name(name: str, form: str) -> None:
    assert form == exporting.format_of(name)


def test_a_failure_that_is_no_page_stays(run: Any, hub: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    late = chub.NotSent(reason="late", transient=True)
    monkeypatch.setattr(queries, "events", lambda *_, **__: iter([Failure(late)]))
    assert 4 == run("events", "export").code
