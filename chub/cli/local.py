"""The commands that need no hub: `demo` and `sandbox`."""

import sys
from pathlib import Path
from typing import Any

from chub.cli.outcomes import LOCAL_TROUBLE

FAULTS = """\
A file of faults says what goes wrong with each request, in order of arrival;
after its end all is well.  It is JSON, an entry a line or one array: null for
nothing, the name of a fault, or an object with the name and its arguments.

  "commit_then_close"
  {"fault": "status", "code": 503, "retry_after": 2}
  {"fault": "drip", "every": 0.05, "reply": {"fault": "status", "code": 200}}

No answer:     refuse (seconds), close_unread, reset_unread, read_then_close,
               read_then_reset, read_then_stall (seconds), commit_then_close,
               commit_then_reset, commit_then_stall (seconds), break_tls
An answer:     ok, status (code, body, headers, retry_after, commit)
A spoilt one:  garbage (line), cut (at), false_length (by), drip (every, part),
               chunked, closing, interim (statuses), gzip_bomb (size),
               endless_body, header_flood (count, size); each takes a reply, by
               default the hub's own

"read" means: the hub never hears of it; "commit": it has handled the request.
`chub.sandbox` tells more of each."""

_SANDBOX_OPTIONS = ("port", "database", "workspace_id", "node_id", "token", "visibility_lag", "latency", "mode")


def demo(options: Any) -> int:  # noqa: ARG001 - every command takes the options
    """Play the main job."""
    from chub import demo

    return demo.run(print)


def sandbox(options: Any) -> int:
    """Serve an embedded hub until a signal."""
    from chub.errors import InvalidValue
    from chub.sandbox.server import run

    given = {name: getattr(options, name) for name in _SANDBOX_OPTIONS}
    try:
        return run(faults=() if options.faults is None else _script(options.faults), **given)
    except (InvalidValue, ValueError, OSError) as error:
        print(f"chub sandbox: {error}", file=sys.stderr)
        return LOCAL_TROUBLE


def _script(file: str) -> Any:
    from chub.sandbox.fault_text import parse_faults

    text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    try:
        return parse_faults(text)
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from None
