"""What is owed (`must`) and what is aimed at, by the name of the row and what it is beside.

Where more is better the ratio says how many times chub is better than the other; else what it takes of the other's.
"""

from attrs import frozen

WINDOW = 64
"""Connections, tasks or threads' requests that are under way in the rows of bulk."""

TASKS = f"aiohttp, {WINDOW} tasks"
THREADS = "urllib3, 32 threads"
OLD = "the old SDK"
LIMIT = f"{WINDOW} / latency"


@frozen(kw_only=True)
class Target:
    """The bounds of a ratio: above each of them, or below."""

    more_is_better: bool = False
    must: float | None = None
    aim: float | None = None

    def holds(self, limit: float | None, value: float) -> bool | None:
        """Say whether a value keeps a bound; None where there is no such bound."""
        if limit is None:
            return None
        return value >= limit if self.more_is_better else value <= limit

    def text(self, limit: float | None) -> str:
        """Show a bound."""
        return "" if limit is None else f"{'>=' if self.more_is_better else '<='} {limit:.3g}"


def at_most(must: float | None = None, aim: float | None = None) -> Target:
    """Bound what chub takes of the other's."""
    return Target(must=must, aim=aim)


def at_least(must: float | None = None, aim: float | None = None) -> Target:
    """Bound how many times chub is better."""
    return Target(more_is_better=True, must=must, aim=aim)


PAGE, PAGE_FAST = "page of 50 events decoded", "the same, both by fast JSON"
ENCODED, COLLECTED, WEIGHT = "one event encoded", "10,000 Results collected", "bytes of an event in memory"
CALL_CPU, CALL_TLS_CPU, CALL_WALL = "one call, CPU", "one call over TLS, CPU", "one call, wall"
GROWTH = "200,000 events streamed: growth of peak memory"
IMPORT, FIRST = "import chub", "config, one event built, a Result"
TABLE, PARQUET = "to_arrow, {:,} events", "1,000,000 events to Parquet: growth of peak memory"
FROM_PYLIST, NORMALIZED = "pyarrow from_pylist", "pandas json_normalize"
WALK = "200 pages at 20 ms, ahead = 8"


def bulk(latency: int) -> str:
    """Name the rows of bulk at so many milliseconds of latency."""
    return f"bulk at {latency} ms, k = {WINDOW}"


TARGETS: dict[tuple[str, str], Target] = {
    (PAGE, "stock cattrs"): at_least(2),
    (PAGE, "pydantic"): at_most(aim=0.95),
    (PAGE, "json.loads"): at_most(aim=2.0),
    (PAGE_FAST, "msgspec"): at_most(aim=4.5),
    (ENCODED, "json.dumps of the ready dict"): at_most(1.2, 1.0),
    (COLLECTED, "Fold.collect"): at_least(100),
    (WEIGHT, "dict"): at_most(0.8),
    (WEIGHT, "msgspec"): at_most(aim=1.15),
    (WEIGHT, "pydantic"): at_most(aim=0.4),
    (CALL_CPU, "urllib3 urlopen"): at_most(1.05, 0.5),
    (CALL_CPU, OLD): at_most(1 / 4),
    (CALL_TLS_CPU, OLD): at_most(1 / 60),
    (bulk(50), LIMIT): at_least(0.90, 0.93),
    (bulk(50), OLD): at_least(50),
    (bulk(0), THREADS): at_least(2),
    (bulk(5), THREADS): at_least(2),
    (bulk(0), TASKS): at_least(aim=2),
    (bulk(5), TASKS): at_least(aim=2),
    (WALK, OLD): at_least(6, 8),
    (WALK, "aiohttp, 16 tasks, pydantic"): at_most(aim=1.0),
    (GROWTH, "2,000 of them"): at_most(5, 2),
    (TABLE.format(8192), FROM_PYLIST): at_most(aim=1.0),
    (TABLE.format(8192), NORMALIZED): at_most(aim=1.0),
    (PARQUET, "10,000 of them"): at_most(aim=100),
    (IMPORT, "import requests"): at_most(0.1, 0.05),
    (FIRST, "import requests"): at_most(0.8, 0.55),
}
