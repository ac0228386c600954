"""`python -m chub`."""

import os
import sys
from typing import Any, cast

if __name__ == "__main__":
    # A stream that was closed before the start is None: nothing is read of it, and `print` would take another for it.
    sys.stdin = sys.stdin or open(os.devnull)  # noqa: PTH123, SIM115 - for as long as the process lives
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: PTH123, SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: PTH123, SIM115
    # What the terminal's encoding lacks is escaped, as Python does on the standard error.
    cast(Any, sys.stdout).reconfigure(errors="backslashreplace")
    try:
        from chub.cli import main

        code = main()
    except KeyboardInterrupt:  # while modules are still being loaded
        code = 130
    sys.exit(code)
