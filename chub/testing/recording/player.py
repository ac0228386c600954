"""The transport that answers from a file, and says of a request that isn't there which one is the nearest."""

import json
import os
from collections import defaultdict, deque
from pathlib import Path
from threading import Lock

from returns.result import Failure, Result

from chub.errors import ChubError, InvalidValue, Problem
from chub.http import Deadline, Request, Response
from chub.testing.recording.masking import mask_of
from chub.testing.recording.nearest import differences, nearest
from chub.testing.recording.pseudonyms import Names, request_without_ids
from chub.testing.recording.reading import Line, lines_of, path_of, result_of
from chub.testing.recording.rows import Row, request_row

_MOST_DIFFERENCES = 5


def playback(path: str | os.PathLike[str]) -> "Playback":
    """Make a transport that answers from a file of `record`; no byte leaves the process.

    A request gets the answer of the equal one that was recorded: by method, path, query in any order, and body, as
    JSON where it is.  Equal requests get their answers in the order of the file, each once.  Ids match their
    pseudonyms, and an answer tells a caller the ids that he gave himself.

    A request that was not recorded, or not so often, is a wrong program, and fails with `InvalidValue`, which names the
    nearest one and what differs.  It is returned, for a transport doesn't raise, and a walk or a stream goes on to its
    end; it is no `NotSent`, which the file may hold as well, and which code under test may rightly wait out.
    `Playback.unmatched` keeps it for code that swallows errors, `left` counts what was never asked for.

    Raises `InvalidValue` with each line that can't be read, a last one that was cut short among them.

    >>> import tempfile
    >>> import chub
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     lines = Path(folder, "shop.ndjson")
    ...     kept = '{"request": {"method": "DELETE", "path": "/workspaces/w/events/e1"}, "response": {"status": 204}}'
    ...     _ = lines.write_text(kept, encoding="utf-8")
    ...     config = chub.config(workspace_id="w", token="demo", transport=playback(lines))
    >>> chub.delete_event(config, "e1")
    <Success: Deleted(confirmed=True)>
    >>> [problem.path for problem in chub.delete_event(config, "e2").failure().problems]
    ['request', 'request.path']
    """
    return Playback(path_of(path))


class Playback:
    """A transport over the exchanges of a file; several threads may call it."""

    __slots__ = ("_answers", "_lines", "_lock", "_names", "_path", "_unmatched")

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines = lines_of(path)
        self._lock = Lock()
        self._names = Names()
        self._answers: defaultdict[str, deque[Line]] = defaultdict(deque)
        self._unmatched: list[InvalidValue] = []
        for line in self._lines:
            self._answers[_key(request_without_ids(line.request, Names()))].append(line)

    def __repr__(self) -> str:
        return f"playback({str(self._path)!r})"

    @property
    def left(self) -> int:
        """How many exchanges of the file were not asked for."""
        with self._lock:
            return sum(map(len, self._answers.values()))

    @property
    def unmatched(self) -> tuple[InvalidValue, ...]:
        """The errors of the requests that have no answer in the file, in their order."""
        with self._lock:
            return tuple(self._unmatched)

    def __call__(self, request: Request, deadline: Deadline) -> Result[Response, ChubError]:  # noqa: ARG002
        asked = request_row(request, mask_of([request.token]))
        with self._lock:
            answers = self._answers.get(_key(request_without_ids(asked, self._names)))
            if answers:
                return result_of(self._told(answers.popleft()))
            error = InvalidValue(_problems(asked, self._lines, self._path.name))
            self._unmatched.append(error)
        return Failure(error)

    def _told(self, line: Line) -> Row:
        return {name: value if name == "request" else self._names.told_in(value) for name, value in line.row.items()}


def _key(row: Row) -> str:
    """Give what equal requests have in common."""
    compared = {name: value for name, value in row.items() if name != "template"}
    return json.dumps(compared | {"query": sorted(row.get("query", []))}, sort_keys=True)


def _problems(asked: Row, lines: tuple[Line, ...], name: str) -> list[Problem]:
    call = f"{asked['method']} {asked['path']}"
    found = nearest(asked, lines)
    if found is None:
        return [Problem(path="request", message=f"{call} has no answer in {name}, which is empty")]
    line, differing = found
    if not differing:
        times = sum(not differences(asked, one.request) for one in lines)
        return [Problem(path="request", message=f"{call} stands {times} times in {name}, and was asked for once more")]
    places = "one place" if len(differing) == 1 else f"{len(differing)} places"
    message = f"{call} has no answer in {name}; the nearest, in line {line.number}, differs in {places}"
    told = [Problem(path=f"request.{one.place}", message=str(one)) for one in differing[:_MOST_DIFFERENCES]]
    return [Problem(path="request", message=message), *told]
