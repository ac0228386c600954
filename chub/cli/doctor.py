"""The command `doctor`: what keeps chub from the hub, a line for each check and what mends it."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from textwrap import wrap
from typing import Any

import attrs

from chub.cli.checks import Check, checks, settings_checks
from chub.cli.connection import config_of, token_source
from chub.cli.outcomes import LOCAL_TROUBLE, OK
from chub.cli.output import can_be_drawn_on, width, write
from chub.errors import InvalidValue, one_line
from chub.wire.jsontext import dumps


def doctor(options: Any) -> int:
    """Make all checks and write them; 1 where one failed."""
    failed = False
    for check in _all(options):
        failed |= check.verdict == "fail"
        if options.json:
            write(dumps(attrs.asdict(check)) + b"\n")
        else:
            print("\n".join(_lines(check, width())), flush=True)
    return LOCAL_TROUBLE if failed else OK


def _all(options: Any) -> Iterator[Check]:
    with ExitStack() as stack:
        if options.sandbox:
            from chub import sandbox

            config, files, where = stack.enter_context(sandbox.serve()).config, [], "the sandbox"
        else:
            try:
                config = config_of(options)
            except (InvalidValue, OSError) as error:
                yield from _unusable(error)
                return
            files, where = [file for file in (options.token_file, options.config) if file], token_source(options)
        yield from settings_checks(config, files, where)
        yield from checks(config, may_write=options.write)


_MENDS = {
    "CHUB_WORKSPACE_ID": "export CHUB_WORKSPACE_ID=..., or give --workspace-id or --config",
    "CHUB_TOKEN": "export CHUB_TOKEN=..., or give --token-file or --config",
    "workspace_id": "add workspace_id = ... to the file, or give --workspace-id",
    "token": "add token = ... to the file, or export CHUB_TOKEN=..., or give --token-file",
}


def _unusable(error: InvalidValue | OSError) -> Iterator[Check]:
    if isinstance(error, OSError):
        yield Check("config", "fail", f"{error.filename}: {error.strerror}", "name a file that is there, and readable")
        return
    for problem in error.problems:
        yield Check("config", "fail", str(problem), _MENDS.get(problem.path, "mend this setting"))


_COLOURS = {"ok": "32", "warn": "33", "fail": "31"}


def _lines(check: Check, columns: int) -> Iterator[str]:
    """Give the lines of a check: what it is, and below it what mends it."""
    room = max(30, min(columns, 100) - 18)
    first, *rest = wrap(one_line(check.told), room)
    yield f"{_marked(check.verdict)}  {check.name:12}{first}"
    for line in rest:
        yield f"{'':18}{line}"
    for number, line in enumerate(wrap(one_line(check.mend), room - 3)):
        yield f"{'':18}{'   ' if number else '-> '}{line}"


def _marked(verdict: str) -> str:
    text = f"{verdict:4}"
    return f"\x1b[{_COLOURS[verdict]}m{text}\x1b[0m" if _is_colourful() else text


def _is_colourful() -> bool:
    return can_be_drawn_on(sys.stdout) and not os.environ.get("NO_COLOR")
