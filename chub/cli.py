"""The command line: `python -m chub demo` and `python -m chub sandbox`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chub.version import VERSION

_DESCRIPTION = """\
chub, a client for ContactHub: events from frozen values to the hub and back.

Start with `python -m chub demo`: it plays the main job against an embedded ContactHub on this machine, and shows
the code behind each step.  No account is needed, and nothing leaves the machine."""


_FAULTS = """\
A file of faults says what goes wrong with each request, in order of arrival; after its end all is well.  It is JSON,
an entry a line or one array: null for nothing, the name of a fault, or an object with the name and its arguments.

  "commit_then_close"
  {"fault": "status", "code": 503, "retry_after": 2}
  {"fault": "drip", "every": 0.05, "reply": {"fault": "status", "code": 200, "body": "{}"}}

No answer:     refuse (seconds), close_unread, reset_unread, read_then_close, read_then_reset,
               read_then_stall (seconds), commit_then_close, commit_then_reset, commit_then_stall (seconds), break_tls
An answer:     ok, status (code, body, headers, retry_after, commit)
A spoilt one:  garbage (line), cut (at), false_length (by), drip (every, part), chunked, closing, interim (statuses),
               gzip_bomb (size), endless_body, header_flood (count, size); each takes a reply, by default the hub's own

"read" means: the hub never hears of it; "commit": it has handled the request.  `chub.sandbox` tells more of each."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, by default that of `sys.argv`, and give its exit code.

    0 it went well; 1 it did not; 2 the command line is wrong.
    """
    options = vars(parser().parse_args(arguments))
    command = options.pop("command")
    return _demo() if command == "demo" else _sandbox(**options)


def parser() -> argparse.ArgumentParser:
    """Give the parser of the command line."""
    made = argparse.ArgumentParser(
        prog="python -m chub", description=_DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--version", action="version", version=f"chub {VERSION}")
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("demo", help="play the main job on an embedded hub and show the code of each step")
    _add_sandbox_options(
        commands.add_parser(
            "sandbox",
            help="serve an embedded ContactHub on 127.0.0.1 until Ctrl-C",
            description="Serve an embedded ContactHub over HTTP on 127.0.0.1.  The first line printed is JSON with "
            "base_url, workspace_id, node_id and token; Ctrl-C or SIGTERM stops it.",
            epilog=_FAULTS,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    )
    return made


def _add_sandbox_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--port", type=int, default=0, help="the port; 0, the default, takes a free one")
    add("--database", default=":memory:", metavar="FILE", help="an SQLite file that keeps everything; default: memory")
    add("--workspace-id", metavar="ID", help="default: made at random, or what the file has")
    add("--node-id", metavar="ID", help="default: made at random, or what the file has")
    add("--token", help="the sandbox's own token, no real one; default: made at random, or what the file has")
    lag_help = "for so long a new event is not to be seen, as with the real hub"
    add("--visibility-lag", type=float, default=0.0, metavar="SECONDS", help=lag_help)
    add("--faults", metavar="FILE", help="what goes wrong with each request, as told below; - reads the standard input")
    add("--latency", type=float, default=0.0, metavar="SECONDS", help="so long every answer takes; default: 0")
    mode_help = "whether an event may bear its mode; the real hub's schema of 2019 refuses it"
    add("--mode", choices=("accept", "refuse"), default="accept", help=mode_help)


def _demo() -> int:
    from chub import demo

    return demo.run(print)


def _sandbox(faults: str | None, **options: object) -> int:
    from chub.errors import InvalidValue
    from chub.sandbox.server import run

    try:
        return run(faults=() if faults is None else _script(faults), **options)  # type: ignore[arg-type]
    except (InvalidValue, ValueError, OSError) as error:
        print(f"chub sandbox: {error}", file=sys.stderr)
        return 1


def _script(file: str) -> Any:
    from chub.sandbox.fault_text import parse_faults

    text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    try:
        return parse_faults(text)
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from None
