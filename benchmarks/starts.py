"""What it takes to start: fresh interpreters in turn, A B A, the CPU time of the statements alone."""

import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec

from benchmarks.rows import Row, missing_row, row_of
from benchmarks.targets import FIRST, IMPORT

_REFERENCE = "import requests"
_FIRST_EVENT = """
import chub
from returns.result import Success
config = chub.config(workspace_id="w", node_id="n", token="demo")
event = chub.event(chub.ViewedPage(title="Home"), owner=chub.CustomerId("c"), context=chub.Context.WEB)
result = Success(event)
"""


def start_rows(rounds: int) -> Iterator[Row]:
    """Yield the rows of the import alone, and as far as a config, an event and a Result."""
    for name, code in {IMPORT: "import chub", FIRST: _FIRST_EVENT}.items():
        if find_spec("requests") is None:
            yield missing_row("starting", name, _REFERENCE)
            continue
        _seconds(code), _seconds(_REFERENCE)  # bytecode is compiled once
        taken = [(_seconds(_REFERENCE), _seconds(code), _seconds(_REFERENCE)) for _ in range(rounds)]
        beside = [(before + after) / 2 for before, _, after in taken]
        ours = [each for _, each, _ in taken]
        costs = [mine / its for mine, its in zip(ours, beside, strict=True)]
        middles = [statistics.median(side) * 1e6 for side in (ours, beside)]
        yield row_of("starting", name, _REFERENCE, costs, ours=middles[0], theirs=middles[1])


def _seconds(code: str) -> float:
    """CPU seconds that a fresh interpreter takes for the code, its own start left out."""
    timed = f"import time\nbegun = time.process_time()\n{code}\nprint(time.process_time() - begun)"
    # A module of which no bytecode may be kept would be compiled at each start; what pip installs never is.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", timed]
    return float(subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout)
