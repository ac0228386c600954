"""Events as lines of JSON: written and read as a stream; what is read is what was written."""

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import attrs
import pytest
from chub_cases import FULL_EVENT, FULL_RECORDED
from chub_memory import MEBIBYTE, peak_of
from chub_strategies import law, odd_events
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Success

import chub
from chub.frames import read_ndjson, streams, write_ndjson
from chub.testing.strategies import odd_recorded_events

EVENT = chub.event(chub.ViewedPage(title="Home"), owner=chub.CustomerId("c"), context="WEB")
LINE = b'{"type":"viewedPage","context":"WEB","customerId":"c","properties":{"title":"Home"}}\n'
LATE = chub.NotSent(reason="late", transient=True)

recorded = odd_recorded_events()


def written(found: Iterable[Any], **more: Any) -> bytes:
    file = io.BytesIO()
    write_ndjson(file, found, **more)
    return file.getvalue()


def read(lines: bytes, *parse: Any) -> list[Any]:
    return list(read_ndjson(io.BytesIO(lines), *parse))


@law
@given(st.lists(odd_events() | recorded, max_size=3))
def test_what_is_written_is_read(found: list[chub.Event | chub.RecordedEvent]) -> None:
    lines = written(found)
    assert len(found) == lines.count(b"\n")
    # What fits a known class comes back as that class, as it does off the wire.
    assert [expected(event) for event in found] == read(lines)


def expected(event: chub.Event | chub.RecordedEvent) -> Any:
    parse: Any = chub.parse_event if isinstance(event, chub.Event) else chub.parse_recorded_event
    return parse(chub.encode(event))


@pytest.mark.parametrize("event", [FULL_EVENT, FULL_RECORDED, attrs.evolve(FULL_RECORDED, id="")])
def test_each_comes_back_as_what_it_was(event: Any) -> None:
    assert [Success(event)] == read(written([event]))


@law
@given(st.lists(st.binary(max_size=60) | st.just(LINE.strip()), max_size=5))
def test_whatever_is_in_a_file_each_line_is_a_result(lines: list[bytes]) -> None:
    found = read(b"\n".join(lines))
    each = [line for whole in lines for line in whole.split(b"\n")]
    assert len([line for line in each if line and not line.isspace()]) == len(found)
    assert lines.count(LINE.strip()) == found.count(Success(EVENT))
    assert {Success, Failure} >= {type(result) for result in found}


def test_the_line_of_an_event() -> None:
    assert LINE == written([EVENT])
    assert b"" == written([])


@pytest.mark.parametrize("name", ["a.ndjson", "a.ndjson.gz", "a.ndjson.zst"])
def test_files(name: str, tmp_path: Path) -> None:
    assert 3 == write_ndjson(tmp_path / name, [EVENT, Success(EVENT), FULL_RECORDED])
    assert [Success(EVENT), Success(EVENT), Success(FULL_RECORDED)] == list(read_ndjson(str(tmp_path / name)))


def test_one_bad_line_names_file_and_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "mixed.ndjson"
    wrong = b'{"type":"viewedPage","context":"web","customerId":"c","properties":{"title":7}}\n'
    path.write_bytes(b"\xef\xbb\xbf" + LINE + b"\r\n  \n" + wrong + b"no\n[]\n\xff\n" + LINE.strip())
    found = list(read_ndjson(path))
    assert [True, False, False, False, False, True] == [isinstance(result, Success) for result in found]
    assert [
        "2 problems: mixed.ndjson:4 $.properties.title: a str is needed, not int; mixed.ndjson:4 $.context: 'web' is",
        "mixed.ndjson:5: not JSON: Expecting value at character 0",
        "mixed.ndjson:6: an object is needed, not list",
        "mixed.ndjson:7: not UTF-8 at byte 0",
    ] == [str(result.failure()).partition(" none of ")[0] for result in found if isinstance(result, Failure)]


@pytest.mark.parametrize(
    ("parse", "line", "error"),
    [
        (chub.parse_event, b"no", "line:1 $: not JSON: Expecting value at character 0"),
        (chub.parse_recorded_event, b"no", "line:1: not JSON: Expecting value at character 0"),
        (chub.parse_event, b'{"id": 7}', "line:1 $.id: no key of an event"),
        (lambda line: Failure(LATE), b"{}", str(LATE)),
    ],
)
def test_the_caller_may_say_what_the_lines_are(parse: Any, line: bytes, error: str) -> None:
    (result,) = read(line, parse)
    assert error in str(result.failure())


def test_with_the_callers_parser_lines_are_what_it_reads() -> None:
    assert [Success(5), Success(7)] == read(b"12345\n1234567", lambda line: Success(len(line.strip())))


def test_it_is_lazy(tmp_path: Path) -> None:
    lines = io.BytesIO(LINE * 3)
    found = read_ndjson(lines)
    assert 0 == lines.tell()
    next(found)
    assert len(LINE) == lines.tell()


def test_a_line_without_an_end_is_told_and_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MAX_LINE", 100)
    long, longer = b"x" * 100, b"x" * 1_000
    for odd in (long + b"\n", longer + b"\n"):
        first, second = read(odd + LINE)
        assert ("line:1: longer than 100 bytes", Success(EVENT)) == (str(first.failure()), second)
    assert ["line:1: longer than 100 bytes"] == [str(result.failure()) for result in read(longer)]


@pytest.mark.parametrize("name", ["cut.ndjson.gz", "cut.ndjson.zst"])
def test_a_cut_file_ends_in_a_failure(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    write_ndjson(path, (numbered(index) for index in range(3_000)))
    path.write_bytes(path.read_bytes()[:-10])
    *found, last = read_ndjson(path)
    assert [Success(numbered(index)) for index in range(len(found))] == found
    assert f"{name}:{len(found) + 1}: can't be read: the compressed file is cut short" == str(last.failure())


def numbered(index: int) -> chub.Event:
    """One of many events, each with something of its own."""
    page = chub.ViewedPage(title=f"Page {index * 7919 % 100_003}", unlisted={"rank": index})
    return attrs.evolve(EVENT, properties=page)


def test_where_there_is_no_file_it_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_ndjson(tmp_path / "none.ndjson")


@pytest.mark.parametrize("file", [io.StringIO(), None, 7, b"a.ndjson", ["a.ndjson"]])
def test_what_is_no_file_is_a_wrong_program(file: Any) -> None:
    with pytest.raises(chub.InvalidValue, match="a path or a binary file is needed"):
        write_ndjson(file, [])
    with pytest.raises(chub.InvalidValue, match="a path or a binary file is needed"):
        read_ndjson(file)


@pytest.mark.parametrize("value", [None, {}, "x", chub.CustomerId("c"), chub.ViewedPage()])
def test_what_is_no_event_is_a_wrong_program_and_leaves_no_file(value: Any, tmp_path: Path) -> None:
    with pytest.raises(chub.InvalidValue, match="an event or a recorded event is needed"):
        write_ndjson(tmp_path / "a.ndjson", [EVENT, value])
    assert [] == list(tmp_path.iterdir())


def test_failures_are_raised_and_leave_no_file_or_end_it_or_are_collected(tmp_path: Path) -> None:
    found = [Success(EVENT), Failure(LATE), Success(EVENT)]
    with pytest.raises(chub.NotSent):
        write_ndjson(tmp_path / "a.ndjson", found)
    assert [] == list(tmp_path.iterdir())
    errors: list[chub.ChubError] = []
    assert (LINE, LINE * 2) == (written(found, failures="stop"), written(found, failures=errors))
    assert [LATE] == errors
    with pytest.raises(chub.InvalidValue, match="failures"):
        write_ndjson(tmp_path / "a.ndjson", found, failures="ignore")  # type: ignore[arg-type]


def test_a_walk_goes_to_a_file_and_back(tmp_path: Path) -> None:
    event = attrs.evolve(EVENT, owner=chub.ExternalId("CRM-17"))
    with chub.sandbox.open() as hub:
        for _ in range(3):
            chub.add_event(hub.config, event).unwrap()
        walk = list(chub.events(hub.config, chub.event_query()))
    write_ndjson(tmp_path / "a.ndjson.gz", walk)
    assert walk == list(read_ndjson(tmp_path / "a.ndjson.gz"))


def test_twenty_thousand_events_take_the_memory_of_a_few(tmp_path: Path) -> None:
    def there_and_back(size: int) -> None:
        assert size == write_ndjson(tmp_path / "a.ndjson.gz", map(numbered, range(size)))
        assert size == sum(isinstance(result, Success) for result in read_ndjson(tmp_path / "a.ndjson.gz"))

    assert peak_of(there_and_back, 20_000) < 2 * MEBIBYTE
