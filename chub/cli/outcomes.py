"""The exit codes of the command line: one for each kind of outcome, the same from version to version."""

from typing import Any, TypeVar

from returns.result import Failure, Result

from chub.errors import (
    BadResponse,
    ChubError,
    ErrorValue,
    InvalidValue,
    NotSent,
    PageFailed,
    Rejected,
    Throttled,
    Unconfirmed,
)

A = TypeVar("A")

OK = 0
LOCAL_TROUBLE = 1
NOT_FOUND = 10
INTERRUPTED = 130
TERMINATED = 143
PIPE_CLOSED = 141

CODES: dict[type[Any], int] = {
    InvalidValue: 3,
    NotSent: 4,
    Unconfirmed: 5,
    Rejected: 6,
    Throttled: 7,
    BadResponse: 8,
    PageFailed: 9,
}

TABLE = """\
Exit codes:
   0  all went well
   1  trouble on this machine: a file, a missing package, a check of doctor
   2  the command line is wrong
   3  InvalidValue: a value or a setting is wrong; nothing of it was sent
   4  NotSent: the hub can't be reached; nothing was stored
   5  Unconfirmed: nobody knows whether it was stored; look before sending again
   6  Rejected: the hub refused; nothing was stored
   7  Throttled: the hub says, later
   8  BadResponse: the hub's answer can't be read
   9  PageFailed: a page of a walk failed; go on with --page
  10  nothing was found
 130  Ctrl-C; 141 whoever read the output has gone; 143 terminated

Where an import had several outcomes it is the first of 5, 4, 7, 6, 3 that
occurred."""

_GRAVEST = (5, 4, 7, 6, 3, 8, 9)


def code_of(error: ErrorValue) -> int:
    """Give the exit code of an error.

    >>> code_of(Rejected(status=404, message="Not Found"))
    6
    """
    return next(code for kind, code in CODES.items() if isinstance(error, kind))


def gravest(codes: set[int]) -> int:
    """Give the exit code of many outcomes: what has to be looked at first.

    >>> gravest({3, 5, 6}), gravest(set())
    (5, 0)
    """
    return next((code for code in _GRAVEST if code in codes), OK)


def needed(result: Result[A, ChubError]) -> A:
    """Give the value of a Result, or raise its error, for `main` to tell."""
    if isinstance(result, Failure):
        raise result.failure()
    return result.unwrap()
