"""The words of the command line: its commands, their options, and what they are for."""

import argparse
import re
from collections.abc import Sequence
from functools import partial
from typing import Any, NoReturn

from chub.cli.local import FAULTS
from chub.cli.outcomes import TABLE
from chub.version import VERSION

_DESCRIPTION = """\
chub, a client for ContactHub: events from frozen values to the hub and back.

Start with `python -m chub demo`: it plays the main job against an embedded
ContactHub on this machine, and shows the code behind each step.  No account is
needed, and nothing leaves the machine.

Which hub: CHUB_WORKSPACE_ID, CHUB_NODE_ID, CHUB_TOKEN and CHUB_BASE_URL in the
environment, or an INI file with workspace_id, node_id, token and base_url
(--config).  The token never goes on the command line."""

FORMATS = ("ndjson", "csv", "parquet")


class Parser(argparse.ArgumentParser):
    """A parser that shows no value that it doesn't understand, which might be a token."""

    def __init__(self, **options: Any) -> None:
        formatter = partial(argparse.RawDescriptionHelpFormatter, max_help_position=28)
        super().__init__(**{"allow_abbrev": False, "formatter_class": formatter, **options})

    def parse_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]
        """Parse, or end with exit code 2."""
        found, left = self.parse_known_args(args, namespace)
        if left:
            self.error(f"unknown or too many arguments: {', '.join(map(_without_value, left))}")
        return found

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, or what there is to choose from, but not what was given."""
        super().error(_GIVEN.sub(r"\1", message))


# argparse ends a message with what it can't use, or has it before what there is to choose from.
_GIVEN = re.compile(r"(invalid (?:\w+ value|choice)): .*?(?= \(choose from |\Z)", re.DOTALL)


def _without_value(word: str) -> str:
    if word.startswith("--"):
        return word.partition("=")[0]
    return word[:2] if word.startswith("-") else "(a value)"


class _Refused(argparse.Action):
    """Refuses a token, without showing it."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        parser.error("--token: everybody on this machine could see it there; use CHUB_TOKEN or --token-file FILE")


def parser() -> Parser:
    """Give the parser of the command line."""
    made = Parser(prog="python -m chub", description=_DESCRIPTION, epilog=TABLE)
    made.add_argument("--version", action="version", version=f"chub {VERSION}")
    _refuse_token(made)
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_events(commands.add_parser("events", help="list, get, add, delete, export, import events"))
    _add_sessions(commands.add_parser("sessions", help="make session ids, attach sessions to customers"))
    _add_customers(commands.add_parser("customers", help="find customers"))
    _add_doctor(commands.add_parser("doctor", help="look for what keeps chub from the hub", description=_DOCTOR))
    demo = commands.add_parser("demo", help="play the main job on an embedded hub and show the code of each step")
    demo.set_defaults(run="local.demo")
    _add_sandbox(
        commands.add_parser(
            "sandbox",
            help="serve an embedded ContactHub on 127.0.0.1 until Ctrl-C",
            description=_SANDBOX,
            epilog=FAULTS,
        )
    )
    return made


def _refuse_token(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--token", nargs="?", action=_Refused, help=argparse.SUPPRESS)


def _command(commands: Any, name: str, run: str, told: str, *, more: str = "", hub: bool = True) -> Any:
    """Add a command; gives what adds an option to it."""
    made = commands.add_parser(name, help=told, description=f"{told[0].upper()}{told[1:]}.{more}")
    made.set_defaults(run=run)
    if hub:
        _add_hub(made)
    return made.add_argument


def _add_hub(parser: argparse.ArgumentParser) -> None:
    _refuse_token(parser)
    add = parser.add_argument_group("which hub").add_argument
    add("--config", metavar="FILE", help="an INI file; nothing but a token it lacks is read from the environment then")
    add("--section", metavar="NAME", help="the file's section; default: its first")
    add("--token-file", metavar="FILE", help="a file that holds the token and nothing else")
    add("--workspace-id", metavar="ID")
    add("--node-id", metavar="ID")
    add("--base-url", metavar="URL")
    add("--ca-file", metavar="FILE", help="certificates of an authority of your own")
    add("--proxy", metavar="URL", help="an HTTP proxy; none is used unless it is named here")
    add("--timeout", type=float, metavar="SECONDS", help="for a whole call with its retries; default: 60")


def _add_query(add: Any) -> None:
    add("--customer-id", metavar="ID", help="of this customer alone")
    add("--type", action="append", metavar="TYPE", help="of this type; several times, or with commas, for several")
    add("--context", action="append", metavar="CONTEXT", help="of this context; the same way")
    add("--mode", metavar="MODE", help="ACTIVE or PASSIVE")
    add("--from", dest="date_from", metavar="INSTANT", help="not before: ISO 8601 with a zone, as 2026-01-31T00:00Z")
    add("--to", dest="date_to", metavar="INSTANT", help="not after")
    add("--page", type=int, metavar="N", help="begin with this page, from 0")
    add("--size", type=int, metavar="N", help="events for each request, 1 to 50; default: 50")
    add("--limit", type=count, metavar="N", help="so many events at most")


def count(text: str) -> int:
    """Read a number of things; argparse tells of a ValueError by this function's name."""
    number = int(text)
    if number < 0:
        raise ValueError
    return number


_IMPORT = """

Each line that failed is told on the standard error, and written to the standard
output as JSON: its number, the outcome, whether it is stored, the event.  Keep
that in a file, and import this file next: it sends again what is known not to
be stored, and nothing else.  A file is for one import; the next has its own."""


def _add_events(parser: argparse.ArgumentParser) -> None:
    _refuse_token(parser)
    commands = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    add = _command(commands, "list", "events.list_events", "write events: lines of JSON, a table on a terminal")
    add("--json", action="store_true", help="lines of JSON on a terminal too")
    _add_query(add)
    add = _command(commands, "get", "events.get_event", "write one event")
    add("id", metavar="ID")
    add("--wait", type=float, metavar="SECONDS", help="ask again for so long while it isn't there: the hub takes time")
    _add_adding(_command(commands, "add", "events.add_event", "send one event and write its id"))
    _command(commands, "delete", "events.delete_events", "delete events")("id", nargs="+", metavar="ID")
    add = _command(commands, "export", "exporting.export_events", "write all events of a query into a file")
    add("file", nargs="?", default="-", metavar="FILE", help="default: -, the standard output; .gz and .zst compress")
    add("--format", choices=FORMATS, help="default: what the file's name says, else ndjson")
    add("--ahead", type=int, default=0, metavar="N", help="ask for so many pages before they are reached; default: 0")
    add("--partial", action="store_true", help="keep a file of what came before a page that failed")
    _add_query(add)
    told = "send the events of a file of JSON lines"
    add = _command(commands, "import", "importing.import_events", told, more=_IMPORT)
    add("file", nargs="?", default="-", metavar="FILE", help="default: -, the standard input; .gz and .zst are read")
    add("--window", type=int, default=8, metavar="N", help="so many events under way at once; default: 8")
    add("--dry-run", action="store_true", help="check all lines, send nothing")
    add("--accepted", action="store_true", help="write a line with the id for each event that was accepted, too")
    add("--max-failures", type=count, metavar="N", help="end after so many; default: never")


def _add_adding(add: Any) -> None:
    add("file", nargs="?", default="-", metavar="FILE", help="JSON of the event; default: -, the standard input")
    add("--type", metavar="TYPE", help="make the event of options instead, of this type")
    add("--context", metavar="CONTEXT", default="OTHER", help="default: OTHER")
    add("--properties", metavar="JSON", default="{}", help="default: {}")
    add("--date", metavar="INSTANT", help="when it happened; default: when the hub gets it")
    add("--customer-id", metavar="ID")
    add("--session-id", metavar="ID")
    add("--external-id", metavar="ID")


def _add_sessions(parser: argparse.ArgumentParser) -> None:
    _refuse_token(parser)
    commands = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    _command(commands, "new", "people.new_session", "write a new session id; no hub is asked", hub=False)
    add = _command(commands, "attach", "people.attach_session", "attach a session to a customer")
    add("customer_id", metavar="CUSTOMER_ID")
    add("session_id", metavar="SESSION_ID")


def _add_customers(parser: argparse.ArgumentParser) -> None:
    _refuse_token(parser)
    commands = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    add = _command(commands, "find", "people.find_customer", "write the customer who has an external id")
    add("--external-id", required=True, metavar="ID")


_SANDBOX = """\
Serve an embedded ContactHub over HTTP on 127.0.0.1.  The first line printed is
JSON with base_url, workspace_id, node_id and token; Ctrl-C or SIGTERM stops it."""

_DOCTOR = """\
Look, step by step, for what keeps chub from the hub: the settings, the host's
name, the connection, TLS and the certificate, the clocks, and what the token
may do.  It only reads, unless --write is given."""


def _add_doctor(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run="doctor.doctor")
    add = parser.add_argument
    add("--json", action="store_true", help="a line of JSON for each check")
    add("--write", action="store_true", help="also send an event of a session that nobody has, and delete it")
    add("--sandbox", action="store_true", help="look at an embedded hub, to see what it is like when all is well")
    _add_hub(parser)


def _add_sandbox(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run="local.sandbox")
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
