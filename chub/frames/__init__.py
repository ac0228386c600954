"""Events in files and tables, both ways: NDJSON and CSV with the standard library alone, the rest by extras.

Like `chub` itself it loads nothing until a name is used; what needs a package that isn't there says what to install.
"""

TYPE_CHECKING = False  # type checkers take it for True

if TYPE_CHECKING:
    from typing import Any

    from chub.frames.batches import Batches as Batches
    from chub.frames.batches import to_arrow_batches as to_arrow_batches
    from chub.frames.charts import counts_over_time as counts_over_time
    from chub.frames.charts import journey as journey
    from chub.frames.csv_rows import plain_cell as plain_cell
    from chub.frames.csv_rows import write_csv as write_csv
    from chub.frames.failures import Failures as Failures
    from chub.frames.files import reading as reading
    from chub.frames.files import writing as writing
    from chub.frames.flat import flatten as flatten
    from chub.frames.flat import unflatten as unflatten
    from chub.frames.ndjson import read_ndjson as read_ndjson
    from chub.frames.ndjson import write_ndjson as write_ndjson
    from chub.frames.parquet import read_parquet as read_parquet
    from chub.frames.parquet import write_parquet as write_parquet
    from chub.frames.sending import events_from as events_from
    from chub.frames.tables import to_arrow as to_arrow
    from chub.frames.tables import to_pandas as to_pandas
    from chub.frames.tables import to_polars as to_polars
    from chub.frames.tally import Tally as Tally
    from chub.frames.timelines import Count as Count
    from chub.frames.timelines import Point as Point
    from chub.frames.timelines import Timeline as Timeline
    from chub.frames.timelines import Visit as Visit
    from chub.frames.timelines import counts as counts
    from chub.frames.timelines import timeline as timeline

_NAMES_OF_ROOMS = {
    "chub.frames.batches": "Batches to_arrow_batches",
    "chub.frames.charts": "counts_over_time journey",
    "chub.frames.csv_rows": "plain_cell write_csv",
    "chub.frames.failures": "Failures",
    "chub.frames.files": "reading writing",
    "chub.frames.flat": "flatten unflatten",
    "chub.frames.ndjson": "read_ndjson write_ndjson",
    "chub.frames.parquet": "read_parquet write_parquet",
    "chub.frames.sending": "events_from",
    "chub.frames.tables": "to_arrow to_pandas to_polars",
    "chub.frames.tally": "Tally",
    "chub.frames.timelines": "Count Point Timeline Visit counts timeline",
}
_ROOM_OF_NAME = {name: room for room, names in _NAMES_OF_ROOMS.items() for name in names.split()}

__all__ = sorted(_ROOM_OF_NAME)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> "Any":
    """Resolve a public name when it is first used (PEP 562)."""
    from importlib import import_module

    if name not in _ROOM_OF_NAME:
        raise AttributeError(f"module 'chub.frames' has no attribute {name!r}")
    found = getattr(import_module(_ROOM_OF_NAME[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__, "__doc__", "__all__"]
