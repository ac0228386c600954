"""The transport that keeps what passes through it, a line for each exchange."""

import os
from pathlib import Path

from returns.result import Failure, Result

from chub.errors import ChubError, InvalidValue, Unconfirmed
from chub.http import Deadline, Request, Response, Token, Transport
from chub.settings import Config
from chub.testing.recording.masking import mask_of
from chub.testing.recording.pseudonyms import Names, answer_without_ids, request_without_ids
from chub.testing.recording.reading import path_of, reason_of
from chub.testing.recording.rows import Row, answer_row, line_of, request_row
from chub.transport.door import transport_of


def record(config: Config, path: str | os.PathLike[str], *, ids: bool = True) -> Transport:
    """Make a transport that does what this config's own does, and adds each exchange to a file as a line of JSON.

    Answers are kept, and failures to get one; of the headers those that chub reads.  The token is cut
    out of paths, bodies, and whatever a server echoes, as JSON, URLs and HTML spell it; not where it is spelt in two of
    these at once, or as base64 or UTF-16.  All else is kept as it is, names and e-mail addresses too;
    `ids=False` puts pseudonyms in the place of the ids of customers (external ones too), events, sessions, nodes and
    workspaces, the same for the same id in every file (so who guesses an id, an e-mail address say, can check his
    guess).  Ids that stand in an event's properties stay.

    What is there already is kept; delete the file to record anew.  A line is one write to the end of the file, so on
    a local file system those of several threads and processes stand whole, in the order in which the answers came; on
    a network's give each process a file of its own.  An exchange that can't be written down fails, as `Unconfirmed`.

    >>> import tempfile
    >>> import attrs, chub
    >>> from chub.testing import playback
    >>> with tempfile.TemporaryDirectory() as folder, chub.sandbox.open() as hub:
    ...     recorded = attrs.evolve(hub.config, transport=record(hub.config, f"{folder}/shop.ndjson"))
    ...     live = list(chub.events(recorded, chub.event_query()))
    ...     played = attrs.evolve(hub.config, transport=playback(f"{folder}/shop.ndjson"))
    ...     live == list(chub.events(played, chub.event_query()))
    True
    """
    if not isinstance(config, Config):
        raise InvalidValue.of("config", f"made by chub.config(...) is needed, not {type(config).__name__}")
    if not isinstance(ids, bool):  # "no" would keep the ids
        raise InvalidValue.of("ids", f"a bool is needed, not {type(ids).__name__}")
    recorder = _Recorder(transport_of(config), config.token, path_of(path), ids)
    recorder.open()
    return recorder


class _Recorder:
    """Adds lines to a file, which it opens for each: nothing has to be closed, and forks and threads change nothing."""

    __slots__ = ("_carry", "_ids", "_path", "_token")

    def __init__(self, carry: Transport, token: Token, path: Path, ids: bool) -> None:
        self._carry = carry
        self._token = token
        self._path = path
        self._ids = ids

    def __repr__(self) -> str:
        return f"record(..., {str(self._path)!r}, ids={self._ids})"

    def __call__(self, request: Request, deadline: Deadline) -> Result[Response, ChubError]:
        result = self._carry(request, deadline)
        line = line_of(self._row(request, result))
        try:
            self._write(line)
        except OSError as error:
            reason = f"it could not be recorded in {self._path}: {reason_of(error)}"
            return Failure(Unconfirmed(method=request.method, template=request.template, reason=reason))
        return result

    def _row(self, request: Request, result: Result[Response, ChubError]) -> Row:
        mask = mask_of([request.token, self._token])
        asked, (name, answer) = request_row(request, mask), *answer_row(request, result, mask).items()
        if self._ids:
            return {"request": asked, name: answer}
        names = Names()
        return {"request": request_without_ids(asked, names), name: answer_without_ids(answer, names)}

    def open(self) -> None:
        """Make the file, and end a line that was cut short; raises `InvalidValue` where it can't be written."""
        try:
            with self._path.open("ab+") as file:
                if file.tell():
                    file.seek(-1, os.SEEK_END)
                    file.write(b"" if file.read(1) == b"\n" else b"\n")
        except (OSError, ValueError) as error:
            raise InvalidValue.of("path", f"{self._path}: {reason_of(error)}") from None

    def _write(self, line: bytes) -> None:
        with self._path.open("ab", buffering=0) as file:
            while line:
                line = line[file.write(line) :]
