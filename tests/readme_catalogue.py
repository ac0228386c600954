"""The README's table of the event types, made from their classes; `python tests/readme_catalogue.py` prints it.

With `--write` it goes into the README, between its markers.
"""

import inspect
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from chub.values.catalogue import ROOMS

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- catalogue -->", "<!-- /catalogue -->"


def first_sentence(text: str | None) -> str:
    """Give what a docstring begins with: up to its first full stop, in one line."""
    return " ".join(inspect.cleandoc(text or "").partition("\n\n")[0].split()).partition(". ")[0].rstrip(".")


def rows() -> Iterator[str]:
    """Give a line for each event type, by room."""
    for room, names in ROOMS.items():
        module = import_module(f"chub.values.catalogue.{room}")
        for number, name in enumerate(names):
            cls = getattr(module, name)
            yield f"| {room if number == 0 else ''} | `{name}` | `{cls.TYPE}` | {first_sentence(cls.__doc__)} |"


def table() -> str:
    """Give the table, between its markers."""
    head = ["| domain | class | type | when |", "|---|---|---|---|"]
    return "\n".join([BEGIN, *head, *rows(), END])


def write() -> None:
    """Put the table into the README, in the place of the one that is there."""
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    README.write_text(before + table() + after, encoding="utf-8")


if __name__ == "__main__":
    write() if "--write" in sys.argv else print(table())
