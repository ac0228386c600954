"""The command `events export`: a walk into a file, or to the standard output."""

import sys
from pathlib import Path
from typing import Any

from chub import frames
from chub.cli.arguments import FORMATS
from chub.cli.connection import config_of
from chub.cli.outcomes import code_of, gravest
from chub.cli.output import Teller, told_of
from chub.cli.queries import Walk, query_of, walk_of
from chub.errors import ChubError, InvalidValue
from chub.frames.failures import Failures
from chub.frames.streams import File
from chub.values.queries import EventQuery


def export_events(options: Any) -> int:
    """Write all events of a query, in the format that is asked for, or that the file's name has."""
    config, query = config_of(options), query_of(options)
    form = options.format or format_of(options.file)
    to_file = options.file != "-"
    if form == "parquet" and not to_file:
        raise InvalidValue.of("FILE", "Parquet goes into a file; name one")
    teller = Teller("events export")
    shows = to_file or not sys.stdout.isatty()
    walk = walk_of(options, config, query, ahead=options.ahead, observe=teller if shows else None)
    errors: list[ChubError] = []
    # What went to the standard output is there; a file is left out as a whole, unless a part will do.
    failures: Failures = errors if options.partial or not to_file else "raise"
    target: File = options.file if to_file else sys.stdout.buffer
    count = _written(form, target, walk, query, failures)
    for error in errors:
        teller.say(told_of(error))
    teller.say(f"{count:,} event{'' if count == 1 else 's'}{f' in {options.file}' if to_file else ''}")
    return gravest({code_of(error) for error in errors})


def _written(form: str, target: File, walk: Walk, query: EventQuery, failures: Failures) -> int:
    """Write, with columns for the types that are asked for alone."""
    if form == "ndjson":
        return frames.write_ndjson(target, walk, failures=failures)
    if form == "csv":
        return frames.write_csv(target, walk, types=query.types, failures=failures)
    tally = frames.write_parquet(target, walk, types=query.types, failures=failures)
    return tally.rows


def format_of(file: str) -> str:
    """Give the format that a file's name has; lines of JSON where it has none.

    >>> format_of("events.csv.gz"), format_of("events.PARQUET"), format_of("-")
    ('csv', 'parquet', 'ndjson')
    """
    suffixes = [suffix.lower().lstrip(".") for suffix in Path(file).suffixes]
    return next((suffix for suffix in reversed(suffixes) if suffix in FORMATS), "ndjson")
