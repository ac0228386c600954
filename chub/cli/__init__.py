"""The command line, `python -m chub`: its words are in `arguments`, its exit codes in `outcomes`.

Every command is a function of the options that gives an exit code, and raises what `main` tells.
"""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from chub.cli.arguments import parser
from chub.cli.outcomes import INTERRUPTED, LOCAL_TROUBLE, PIPE_CLOSED, TERMINATED, code_of
from chub.cli.output import tell, told_of
from chub.cli.signals import Terminated, terminable
from chub.errors import ErrorValue

__all__ = ["main", "parser"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, by default that of `sys.argv`, and give its exit code, one of `outcomes.TABLE`."""
    options = parser().parse_args(arguments)
    name = f"chub {options.command} {getattr(options, 'verb', '')}".strip()
    module, _, function = options.run.rpartition(".")
    try:
        with terminable():
            run: Callable[[Any], int] = getattr(import_module(f"{__name__}.{module}"), function)
            code = run(options)
            sys.stdout.flush()
            return code
    except BrokenPipeError:
        _leave_the_pipe()
        return PIPE_CLOSED
    except KeyboardInterrupt as interrupt:
        tell(f"{name}: {str(interrupt) or 'interrupted'}")
        return TERMINATED if isinstance(interrupt, Terminated) else INTERRUPTED
    except (ErrorValue, ModuleNotFoundError, OSError) as error:
        tell(f"{name}: {told_of(error)}")
        return code_of(error) if isinstance(error, ErrorValue) else LOCAL_TROUBLE


def _leave_the_pipe() -> None:
    """Let what is still to be written at the interpreter's end go nowhere, for nobody reads it."""
    with suppress(OSError), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
